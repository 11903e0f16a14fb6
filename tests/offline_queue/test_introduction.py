"""The drain tells the centre of renewed keys before it sends anything, and again where the centre refuses it."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from kiosk.wire import encode_canonical
from offline_queue.centre import Silence
from offline_queue.drain import Drain
from offline_queue.entries import EntryKind
from offline_queue.key_chain import make_change
from offline_queue.ledger import SqlLedger
from tests.offline_queue.parts import TERMINAL, ScriptedCentre, SetClock, sell


@pytest.fixture
def drain(ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock) -> Drain:
    return Drain(ledger, centre, TERMINAL, clock, monotonic=clock.monotonic, draw=lambda _low, high: high)


def change_a_key(ledger: SqlLedger) -> None:
    """The receipts', so that the ledger of this test goes on under its own."""
    change = make_change(TERMINAL, ec.generate_private_key(ec.SECP256R1()), 2, ("huda", "hani"))
    ledger.note(EntryKind.KEY_CHANGED, "supervisor", "renewal", encode_canonical(change))


def test_who_never_renewed_a_key_tells_nothing(ledger: SqlLedger, centre: ScriptedCentre, drain: Drain) -> None:
    sell(ledger)
    drain.step(hurry=True)
    assert (len(centre.batches), centre.introduced) == (1, [])


def test_a_renewed_key_is_told_once_and_first(ledger: SqlLedger, centre: ScriptedCentre, drain: Drain) -> None:
    change_a_key(ledger)
    for _ in range(2):
        drain.step(hurry=True)
        assert centre.introduced == [ledger.key_changes()], "told although nothing waits: enquiries need it too"
        sell(ledger)
    assert len(centre.batches) == 1


def test_while_it_cannot_be_told_nothing_is_sent(
    ledger: SqlLedger, centre: ScriptedCentre, drain: Drain, clock: SetClock
) -> None:
    change_a_key(ledger)
    ids = sell(ledger)
    for trouble in Silence:
        centre.trouble = trouble
        clock.move(4000)
        drain.step(hurry=True)
        assert drain.trouble is trouble or drain.trouble is None  # its health may be asked in the same step
    assert (centre.batches, ledger.outbox.attempts([ids.transaction])) == ([], {ids.transaction: 0})
    centre.trouble = None
    clock.move(4000)
    drain.step(hurry=True)
    assert ledger.waiting() == 0


def test_after_a_refusal_it_is_told_again(
    ledger: SqlLedger, centre: ScriptedCentre, drain: Drain, clock: SetClock
) -> None:
    """A centre that was set back to a copy of yesterday."""
    change_a_key(ledger)
    drain.step(hurry=True)
    sell(ledger)
    centre.trouble = Silence.TERMINAL_REFUSED
    drain.step(hurry=True)
    assert len(centre.batches) == 1
    centre.trouble = None
    clock.move(4000)
    drain.step(hurry=True)
    assert (len(centre.introduced), ledger.waiting()) == (2, 0)

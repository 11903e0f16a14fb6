"""A correction of what the centre does not hold: that goes first, in the same batch and as it was."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from kiosk.clock import SystemClock
from kiosk.corrections import NOT_HELD, Objection
from kiosk.settings import Gateway
from kiosk.transaction import TransactionState
from kiosk.wire import Item, ItemAnswer
from offline_queue.drain import Drain, Pace
from offline_queue.gateway import HttpsGateway
from offline_queue.intake.inspect import stored
from offline_queue.keys import TerminalKeys, Trust
from offline_queue.outbox import Postponed
from tests.faults.proxy import Proxy
from tests.offline_queue.correcting import HUDA, CorrectingOffice
from tests.offline_queue.intake.parts import running
from tests.offline_queue.parts import TERMINAL, ScriptedCentre, SetClock
from tests.offline_queue.test_corrections import office

__all__ = ["office"]


@pytest.fixture
def drain(office: CorrectingOffice, clock: SetClock) -> Drain:
    return Drain(office.ledger, office.centre, TERMINAL, clock, pace=Pace(items=1), monotonic=clock.monotonic)


def forgetful(centre: ScriptedCentre, correction: UUID, sold: UUID) -> None:
    """Does not hold what was sold; refuses it again, and takes its correction once it came."""

    def decide(item: Item, _known: bool) -> ItemAnswer:
        if item.transaction == sold:
            return ItemAnswer(transaction=sold, result="rejected", code="BODY_CHANGED")
        came = sold in [one.transaction for one in centre.batches[-1].items]
        if item.transaction != correction or came:
            return ItemAnswer(transaction=item.transaction, result="accepted")
        return ItemAnswer(transaction=correction, result="retry_later", code=NOT_HELD, retry_after_seconds=5)

    centre.decide = decide


def test_a_reversal_brings_what_it_takes_back_and_both_are_the_same_bytes(
    office: CorrectingOffice, drain: Drain, clock: SetClock
) -> None:
    agreed = office.refused()
    before = office.centre.held_items[agreed.ids.transaction]
    done = office.refund(agreed)
    sold, correction = agreed.ids.transaction, done.reversal.ids.transaction
    forgetful(office.centre, correction, sold)
    drain.step(hurry=True)
    clock.move(6)
    drain.step(hurry=True)
    first, second = office.centre.batches
    assert [item.transaction for item in first.items] == [correction]
    assert second.items == (before, *first.items)
    assert office.ledger.outcome_of(correction).state is TransactionState.ACCEPTED
    assert office.ledger.outcome_of(sold).state is TransactionState.REVERSED
    assert office.ledger.corrections.attention() == ()
    assert office.verify().problems == ()


def test_a_centre_that_was_restored_from_an_old_copy_gets_both(
    office: CorrectingOffice, key_folder: Path, tmp_path: Path, terminal_keys: TerminalKeys, trust: Trust
) -> None:
    """The real one, over the real line; its agency's records are in the copy too."""
    clock = SystemClock()
    with (
        running(key_folder, tmp_path / "first.db") as first,
        running(key_folder, tmp_path / "copy.db") as restored,
        Proxy(first.port) as line,
    ):
        settings = Gateway(
            url=f"https://127.0.0.1:{line.port}",
            authority=key_folder / "tls" / "authority.pem",
            timeout_seconds=10.0,
        )
        gateway = HttpsGateway(settings, terminal=TERMINAL, key=terminal_keys.ledger, trust=trust, clock=clock)
        drain = Drain(office.ledger, gateway, TERMINAL, clock, pace=Pace(base=0.01, cap=0.02))
        agreed = office.sell()  # on a quote that is none
        drain.step(hurry=True)
        assert office.ledger.outcome_of(agreed.ids.transaction).state is TransactionState.NEEDS_ATTENTION
        done = office.refund(agreed)
        line.lead_to(restored.port)
        line.cut()
        line.mend()
        for _ in range(100):
            drain.step(hurry=True)
            office.ledger.outbox.postpone([Postponed(done.reversal.ids.transaction, 0, _why(office))])  # no waiting
            if office.ledger.waiting() == 0:
                break
        gateway.close()
    states = {one.transaction: one.state for one in stored(tmp_path / "copy.db")}
    assert states == {agreed.ids.transaction: "reversed", done.reversal.ids.transaction: "accepted"}
    assert office.ledger.corrections.attention() == ()


def _why(office: CorrectingOffice) -> str:
    """What the last attempt was put off for."""
    return str(office.ask("SELECT problem FROM outbox ORDER BY message DESC LIMIT 1")[0][0])


def test_so_does_a_dispute(office: CorrectingOffice, drain: Drain, clock: SetClock) -> None:
    agreed = office.refused()
    sold, dispute = agreed.ids.transaction, UUID(int=9)
    office.ledger.corrections.dispute(sold, dispute, Objection.NOT_REFUSABLE, office.prove(HUDA))
    forgetful(office.centre, dispute, sold)
    drain.step(hurry=True)
    clock.move(6)
    drain.step(hurry=True)
    assert [item.transaction for item in office.centre.batches[-1].items] == [sold, dispute]
    assert office.ledger.outcome_of(dispute).state is TransactionState.ACCEPTED
    assert office.ledger.outcome_of(sold).state is TransactionState.NEEDS_ATTENTION


def test_a_sale_that_a_centre_answers_so_brings_nothing(
    office: CorrectingOffice, drain: Drain, clock: SetClock
) -> None:
    sold = office.sell().ids.transaction
    office.centre.decide = lambda item, _known: ItemAnswer(
        transaction=item.transaction, result="retry_later", code=NOT_HELD, retry_after_seconds=5
    )
    for _ in range(2):
        drain.step(hurry=True)
        clock.move(6)
    assert [[item.transaction for item in batch.items] for batch in office.centre.batches] == [[sold], [sold]]

"""What waits is delivered by a command, without the program: all that the centre takes, and not for ever."""

from __future__ import annotations

from offline_queue.centre import Silence
from offline_queue.deliver_now import Delivered, deliver_now
from offline_queue.drain import Drain, Pace
from offline_queue.ledger import SqlLedger
from tests.offline_queue.parts import TERMINAL, ScriptedCentre, SetClock, answer_for, sell


def drain_of(ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock) -> Drain:
    return Drain(ledger, centre, TERMINAL, clock, pace=Pace(items=2), monotonic=clock.monotonic)


def test_everything_goes_in_as_many_batches_as_it_takes(
    ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock
) -> None:
    for _ in range(5):
        sell(ledger)
    done = deliver_now(ledger, drain_of(ledger, centre, clock))
    assert done == Delivered(answered=5, waiting=0, line_is_up=True, trouble="")
    assert len(centre.held_items) == 5


def test_without_a_line_it_ends_and_says_why(ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock) -> None:
    sell(ledger)
    centre.trouble = Silence.NO_LINE
    done = deliver_now(ledger, drain_of(ledger, centre, clock))
    assert done == Delivered(answered=0, waiting=1, line_is_up=False, trouble="no_line")


def test_what_the_centre_wants_later_is_left(ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock) -> None:
    late, other = sell(ledger), sell(ledger)
    centre.decide = lambda item, _known: answer_for(
        item.transaction, "retry_later" if item.transaction == late.transaction else "accepted"
    )
    done = deliver_now(ledger, drain_of(ledger, centre, clock))
    assert (done.answered, done.waiting, done.line_is_up) == (1, 1, True)
    assert ledger.outcome_of(other.transaction).state == "accepted"

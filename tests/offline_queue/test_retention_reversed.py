"""What was taken back leaves too: its own time after the centre has accepted the reversal, and never before."""

from __future__ import annotations

from uuid import UUID

import msgspec
import pytest

from kiosk.receipt import ContentLeft, ReceiptOutcome
from kiosk.transaction import PaymentMethod
from offline_queue.keys import Trust
from offline_queue.ledger import SqlLedger
from offline_queue.night_check import Chain, read_part
from offline_queue.removal import OF_REVERSED, BodyKind, Removal, RemovedBody
from offline_queue.retention import Retention
from offline_queue.retention_due import _QUESTIONS
from offline_queue.upkeep import NightCheck
from tests.offline_queue.correcting import CorrectingOffice
from tests.offline_queue.parts import FACTS, TERMINAL, SetClock
from tests.offline_queue.test_corrections import office
from tests.offline_queue.test_retention import DAY, SCHEDULE, note, outcome, run

__all__ = ["office"]

DAYS = SCHEDULE.days(BodyKind.REVERSED_AGREEMENT)


@pytest.fixture
def retention(ledger: SqlLedger, trust: Trust, clock: SetClock) -> Retention:
    return Retention(ledger, SCHEDULE, trust.centre, clock)


def removals(office: CorrectingOffice) -> list[tuple[BodyKind, UUID]]:
    rows = office.ask(
        "SELECT content FROM entries JOIN bodies ON bodies.hash = body_hash WHERE kind = 'bodies_removed'"
    )
    found = [msgspec.json.decode(bytes(row[0]), type=Removal) for row in rows]  # type: ignore[call-overload]
    return [(removal.kind, body.transaction) for removal in found for body in removal.bodies]


def test_it_leaves_its_own_time_after_the_centre_accepted_the_reversal(
    office: CorrectingOffice, retention: Retention, clock: SetClock
) -> None:
    agreed = office.refused(method=PaymentMethod.CASH)
    office.ledger.issue_receipt(agreed.ids.transaction, ReceiptOutcome.NEEDS_ATTENTION, FACTS)
    office.refund(agreed)
    clock.move(400 * DAY)  # the line was down: nothing begins to count
    run(retention)
    assert removals(office) == []
    office.deliver()
    clock.move(DAYS * DAY - 1)
    run(retention)
    assert removals(office) == []
    assert outcome(office.ledger).oldest_at is not None
    clock.move(2)
    run(retention)
    sold = agreed.ids.transaction
    assert removals(office) == [(BodyKind.REVERSED_AGREEMENT, sold), (BodyKind.REVERSED_RECEIPT, sold)]
    assert outcome(office.ledger).oldest_at is None
    assert office.verify().problems == ()
    with pytest.raises(ContentLeft):
        office.ledger.agreement_of("KRK3-000001")


def test_what_the_correction_says_stays_and_can_be_printed_again(
    office: CorrectingOffice, retention: Retention, clock: SetClock
) -> None:
    agreed = office.refused()
    done = office.refund(agreed)
    office.deliver()
    clock.move(10 * DAYS * DAY)
    run(retention)
    assert removals(office) != []
    assert office.ledger.corrections.corrected(agreed.ids.transaction) == done


def test_what_was_sent_corrected_leaves_by_its_own_rule_and_the_refused_one_by_this(
    office: CorrectingOffice, retention: Retention, clock: SetClock
) -> None:
    old = office.refused()
    new = office.corrected_version(old)
    office.resubmit(new)
    office.deliver()
    clock.move(10 * DAYS * DAY)
    run(retention)
    assert removals(office) == [
        (BodyKind.ACCEPTED_AGREEMENT, new.ids.transaction),
        (BodyKind.REVERSED_AGREEMENT, old.ids.transaction),
    ]
    assert office.verify().problems == ()


@pytest.mark.parametrize("result", ["rejected", None])
def test_while_the_reversal_is_not_accepted_nothing_leaves(
    office: CorrectingOffice, retention: Retention, clock: SetClock, result: str | None
) -> None:
    office.refund(office.refused())
    if result is not None:
        office.deliver(result)
    clock.move(10 * DAYS * DAY)
    run(retention)
    assert removals(office) == []


def test_a_forged_acceptance_of_the_reversal_keeps_the_content_here(
    office: CorrectingOffice, retention: Retention, clock: SetClock
) -> None:
    office.refund(office.refused())
    office.centre.key = office.keys.ledger
    office.deliver()
    clock.move(10 * DAYS * DAY)
    run(retention)
    assert removals(office) == []
    assert outcome(office.ledger).kept_back == 1


def test_a_body_that_left_before_the_reversal_was_accepted_is_named(office: CorrectingOffice, clock: SetClock) -> None:
    agreed = office.refused()
    office.refund(agreed)
    (body_hash,) = office.ask("SELECT body_hash FROM transactions WHERE state = 'reversed'")[0]
    clock.move(10 * DAYS * DAY)
    body = RemovedBody(hash=str(body_hash), transaction=agreed.ids.transaction)
    note(
        office.ledger,
        Removal(kind=BodyKind.REVERSED_AGREEMENT, days=DAYS, count=1, up_to=1, bodies=(body,)),
    )
    office.deliver()
    assert ["its time was not over" in one.what for one in office.verify().problems] == [True]


def test_the_reading_at_night_takes_it_for_right(
    office: CorrectingOffice, retention: Retention, clock: SetClock
) -> None:
    office.refund(office.refused())
    office.deliver()
    clock.move(10 * DAYS * DAY)
    run(retention)
    chain = Chain(office.file, office.keys.database, TERMINAL, office.trust.ledgers[TERMINAL])
    begun = NightCheck(began_at=clock.now(), reached=0, problems=0, first="", ended_at=None)
    read = office.read(lambda reader: read_part(reader, chain, begun, clock.now()))
    assert (read.problems, read.first) == (0, "")


@pytest.mark.parametrize("kind", OF_REVERSED)
def test_what_is_due_is_found_by_an_index_however_large_the_ledger_is(office: CorrectingOffice, kind: BodyKind) -> None:
    question = f"EXPLAIN QUERY PLAN {_QUESTIONS[kind]}"
    rows = office.read(lambda reader: reader.execute(question, ("z", "", "", 100)).fetchall())
    plan = [str(row[3]) for row in rows]
    assert "transactions_corrections_accepted" in plan[0]
    assert [step for step in plan if "SCAN" in step or "TEMP" in step] == []

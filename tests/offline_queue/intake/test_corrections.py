"""A correction is taken only of a transaction that is held as refused, once, by two people; the agency is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
import sqlcipher3.dbapi2
from uuid6 import uuid7

from kiosk.corrections import Dispute, Objection, Person, Reason, Reversal
from kiosk.staff import Role
from kiosk.transaction import Agreement, Ids, PaymentMethod
from kiosk.unresolved import slip_reference
from kiosk.wire import Entry, Item, ItemAnswer, Words
from offline_queue.intake.agencies.traffic import Behaviour
from tests.offline_queue.intake.parts import BELT, PARKING, PLATE, SPEED, Line, Terminal, running

RANA = Person(id="rana", name=Words(ar="رنا", en="Rana"), role=Role.CLERK)
HUDA = Person(id="huda", name=Words(ar="هدى", en="Huda"), role=Role.SUPERVISOR)


def agreed_in(item: Item) -> Agreement:
    return msgspec.json.decode(item.body, type=Agreement)


def refused(terminal: Terminal, line: str = SPEED) -> Item:
    """The second payment of the same fine, held and refused."""
    item = terminal.paying(line)
    terminal.submit(terminal.paying(line), item)
    return item


def new_ids(basket: UUID | None = None) -> Ids:
    return Ids(basket=basket or uuid7(), transaction=uuid7(), payment=uuid7())


def reversal_of(item: Item, **changed: Any) -> Reversal:
    entry, agreed = msgspec.json.decode(item.entry.payload, type=Entry), agreed_in(item)
    whole = Reversal(
        ids=new_ids(agreed.ids.basket),
        of=agreed.ids,
        receipt_number=entry.receipt_number or "",
        service=agreed.service,
        agency=agreed.agency,
        method=agreed.method,
        amount_fils=agreed.total_fils,
        reason=Reason.REFUSED,
        requested_by=RANA,
        approved_by=HUDA,
    )
    return msgspec.structs.replace(whole, **changed)


def answered(terminal: Terminal, item: Item) -> ItemAnswer:
    (answer,) = terminal.submit(item)
    return answer


def told(database: Path) -> list[tuple[str, str]]:
    """What the agency knows of reversals."""
    connection = sqlcipher3.dbapi2.connect(str(database))
    try:
        return list(connection.execute("SELECT transaction_id, correction_id FROM traffic_reversals"))
    finally:
        connection.close()


def test_a_reversal_is_taken_once_and_the_agency_is_told(terminal: Terminal, database: Path) -> None:
    reversal = reversal_of(refused(terminal))
    item = terminal.correction(reversal)
    first, again = answered(terminal, item), answered(terminal, item)
    assert (first.result, again.result) == ("accepted", "duplicate")
    assert first.reference == again.reference == "TRF-R-000001"
    assert told(database) == [(str(reversal.of.transaction), str(reversal.ids.transaction))]
    assert [transaction for _, transaction in terminal.held(3, 3).held] == [item.transaction]


def test_other_bytes_under_the_same_id_are_a_conflict(terminal: Terminal) -> None:
    reversal = reversal_of(refused(terminal))
    terminal.submit(terminal.correction(reversal))
    other = terminal.correction(msgspec.structs.replace(reversal, reason=Reason.WITHDRAWN))
    assert answered(terminal, other).result == "conflict"


def test_the_same_transaction_is_not_taken_back_twice(terminal: Terminal, database: Path) -> None:
    item = refused(terminal)
    terminal.submit(terminal.correction(reversal_of(item)))
    assert answered(terminal, terminal.correction(reversal_of(item))).code == "CORRECTED_BEFORE"
    assert len(told(database)) == 1


@pytest.mark.parametrize(
    ("changed", "entry", "code"),
    [
        ({"approved_by": RANA}, {}, "ONE_PERSON"),
        ({"approved_by": msgspec.structs.replace(HUDA, role=Role.CLERK)}, {}, "ONE_PERSON"),
        ({"requested_by": HUDA}, {}, "ONE_PERSON"),
        ({}, {"amount_fils": -1}, "ENTRY_AMOUNT_DIFFERS"),
        ({}, {"ids_payment": uuid7()}, "IDS_DIFFER"),
        ({"ids": new_ids()}, {}, "IDS_DIFFER"),
        ({"amount_fils": 1}, {}, "CORRECTS_ANOTHER"),
        ({"receipt_number": "KRK3-999"}, {}, "CORRECTS_ANOTHER"),
        ({"schema": 2}, {}, "SCHEMA_UNKNOWN"),
    ],
)
def test_what_does_not_hold_is_refused(
    terminal: Terminal, database: Path, changed: dict[str, Any], entry: dict[str, Any], code: str
) -> None:
    item = terminal.correction(reversal_of(refused(terminal), **changed), **entry)
    assert answered(terminal, item).code == code
    assert told(database) == []


def test_what_was_accepted_or_never_came_is_not_taken_back(terminal: Terminal, other_terminal: Terminal) -> None:
    accepted, never = terminal.paying(BELT), terminal.paying(PARKING)
    terminal.submit(accepted)
    assert answered(terminal, terminal.correction(reversal_of(accepted))).code == "CORRECTS_ACCEPTED"
    unknown = answered(terminal, terminal.correction(reversal_of(never)))
    assert (unknown.result, unknown.code) == ("retry_later", "CORRECTS_UNKNOWN")
    foreign = other_terminal.correction(reversal_of(refused(terminal)))
    assert answered(other_terminal, foreign).code == "CORRECTS_UNKNOWN"


@pytest.mark.parametrize("sold_first", [True, False])
def test_what_is_not_held_comes_beside_its_reversal(terminal: Terminal, database: Path, sold_first: bool) -> None:
    """As after the centre was restored from a copy: the agency's first decision stands, and the reversal with it."""
    sold = terminal.paying(SPEED)
    terminal.submit(terminal.paying(SPEED))
    correction = terminal.correction(reversal_of(sold))
    assert answered(terminal, correction).result == "retry_later"
    batch = [sold, correction] if sold_first else [correction, sold]
    answers = {answer.transaction: answer for answer in terminal.submit(*batch)}
    assert answers[sold.transaction].code == "ALREADY_PAID"
    assert (answers[correction.transaction].result, answers[correction.transaction].code) == ("retry_later", "")
    assert answered(terminal, correction).result == "accepted", "once the refusal is on the disk"
    assert [transaction for transaction, _ in told(database)] == [str(sold.transaction)]


def test_a_reversal_of_what_never_proves_itself_stands_as_the_offices_word(terminal: Terminal, database: Path) -> None:
    sold = terminal.paying(SPEED)
    correction = terminal.correction(reversal_of(sold))
    spoilt = msgspec.structs.replace(sold, body=sold.body + b" ")
    refused_again, taken = terminal.submit(spoilt, correction)
    assert (refused_again.result, refused_again.code) == ("rejected", "BODY_CHANGED")
    assert (taken.result, taken.reference) == ("accepted", slip_reference(ids_of_correction(correction)))
    assert answered(terminal, correction).result == "duplicate"
    assert told(database) == [], "its agency never heard of it"


def test_what_the_centre_does_not_know_yet_is_not_refused_for_good(terminal: Terminal) -> None:
    sold = terminal.paying(SPEED)
    unproven = msgspec.structs.replace(sold, entry=msgspec.structs.replace(sold.entry, key_id="another"))
    answers = terminal.submit(unproven, terminal.correction(reversal_of(sold)))
    assert [answer.result for answer in answers] == ["retry_later", "retry_later"]


def ids_of_correction(item: Item) -> Ids:
    return msgspec.json.decode(item.body, type=Reversal).ids


def test_a_silent_agency_is_told_later(keys: Path, database: Path) -> None:
    with running(keys, database) as server:
        terminal = Terminal(keys, Line(keys, server.port))
        item = terminal.correction(reversal_of(refused(terminal)))
    with running(keys, database, Behaviour(silent=True)) as server:
        terminal.line = Line(keys, server.port)
        assert answered(terminal, item).result == "retry_later"
    with running(keys, database) as server:
        terminal.line = Line(keys, server.port)
        assert answered(terminal, item).result == "accepted"


OTHER_PLATE, SAME_AMOUNT = "20-11111", "S-2026-1110-01"
"""Another vehicle, whose fine is as much as PARKING on the first one."""


def corrected(terminal: Terminal, old: Item, line: str, plate: str = OTHER_PLATE) -> tuple[Item, Item]:
    """A new transaction with the old one's money, and the reversal that goes with it."""
    _, signed = terminal.quote(plate=plate)
    agreed = terminal.agreement(signed, line, corrects=old.transaction)
    reversal = reversal_of(old, corrected_by=agreed.ids.transaction)
    return terminal.item(agreed), terminal.correction(reversal)


@pytest.mark.parametrize("reversal_first", [False, True])
def test_a_corrected_transaction_is_settled_whichever_message_comes_first(
    terminal: Terminal, database: Path, reversal_first: bool
) -> None:
    """The plate was typed wrongly: the fine of the other vehicle is paid, with the money that is there."""
    pair = corrected(terminal, refused(terminal, PARKING), SAME_AMOUNT)
    answers = terminal.submit(*(pair[::-1] if reversal_first else pair))
    assert [answer.result for answer in answers] == ["accepted", "accepted"]
    assert len(told(database)) == 1
    (paid,) = terminal.submit(terminal.item(paid_again(pair[0])))
    assert paid.code == "ALREADY_PAID"


def paid_again(item: Item) -> Agreement:
    """The same fine once more, for new money."""
    return msgspec.structs.replace(agreed_in(item), ids=new_ids(), corrects=None)


def test_money_is_not_carried_over_twice_nor_after_it_went_back_nor_with_another_amount(terminal: Terminal) -> None:
    item = refused(terminal, PARKING)
    dearer, _ = corrected(terminal, item, SPEED, PLATE)
    assert answered(terminal, dearer).code == "CORRECTS_ANOTHER"
    first, reversal = corrected(terminal, item, SAME_AMOUNT)
    second, _ = corrected(terminal, item, SAME_AMOUNT)
    terminal.submit(first, reversal)
    assert answered(terminal, second).code == "CORRECTED_BEFORE"
    gone_back = terminal.item(paid_again(item))
    terminal.submit(gone_back)
    terminal.submit(terminal.correction(reversal_of(gone_back)))
    third = msgspec.structs.replace(agreed_in(first), ids=new_ids(), corrects=gone_back.transaction)
    assert answered(terminal, terminal.item(third)).code == "CORRECTED_BEFORE"


def test_a_dispute_is_kept_and_moves_nothing(terminal: Terminal, database: Path) -> None:
    agreed = agreed_in(refused(terminal))
    dispute = Dispute(
        ids=new_ids(agreed.ids.basket),
        of=agreed.ids,
        receipt_number="KRK3-2",
        service=agreed.service,
        agency=agreed.agency,
        method=PaymentMethod.CASH,
        entry=5,
        entry_hash="0" * 64,
        objection=Objection.NOT_REFUSABLE,
        by=HUDA,
    )
    assert answered(terminal, terminal.correction(dispute)).result == "accepted"
    assert told(database) == []
    never = msgspec.structs.replace(dispute, ids=new_ids(), of=new_ids())
    assert answered(terminal, terminal.correction(never)).result == "retry_later"

"""The sandbox traffic agency: what it quotes, what it refuses, and that a fine is paid once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kiosk.counter import Capacity
from kiosk.wire import QUOTE_CONTEXT, Quote, Signed
from offline_queue.intake.agencies.traffic import Behaviour, TrafficAgency
from offline_queue.intake.agencies.traffic_rules import REFUSALS, register
from offline_queue.intake.checks import REFUSALS as CENTRE_REFUSALS
from offline_queue.intake.database import open_database
from offline_queue.intake.inspect import stored
from tests.offline_queue.intake.parts import (
    AT_COURT,
    BELT,
    PARKING,
    PERSON,
    PLATE,
    SPEED,
    Line,
    Terminal,
    opened,
    private_key,
    running,
)

OTHERS_PLATE, OTHERS_FINE = "18-27001", "S-2026-1108-01"


def test_a_quote_names_every_fine_and_says_which_is_not_paid_here(terminal: Terminal) -> None:
    quote, _ = terminal.quote(plate=PLATE, national_number=PERSON)
    assert (quote.agency, quote.service, quote.provisional) == ("traffic", "traffic.fines", True)
    assert quote.fields == {"plate": PLATE, "national_number": PERSON}
    assert quote.expires_at - quote.issued_at == timedelta(minutes=15)
    assert [(line.id, line.amount_fils, line.payable) for line in quote.lines] == [
        (SPEED, 20_000, True),
        (PARKING, 12_500, True),
        (BELT, 10_000, True),
        (AT_COURT, 0, False),
    ]
    speed, *_, red = quote.lines
    assert (speed.title.ar, speed.occurred_on, speed.reason) == ("تجاوز السرعة المقررة", date(2026, 11, 3), None)
    assert speed.place is not None
    assert speed.place.ar == "شارع الجامعة، الكرك"
    assert red.reason is not None
    assert (red.reason.ar, red.reason.en) == ("لدى المحكمة، لا تُدفع هنا", "At court, not paid here")


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        ({"national_number": PERSON}, 2),
        ({"national_number": "2000000000"}, 0),
        ({"plate": "20-11111"}, 1),
        ({"plate": "10-1", "national_number": PERSON}, 0),
    ],
)
def test_a_person_or_a_plate_owes_what_is_on_file_and_nothing_is_no_refusal(
    terminal: Terminal, fields: dict[str, str], lines: int
) -> None:
    assert len(terminal.quote(**fields)[0].lines) == lines


@pytest.mark.parametrize(
    ("service", "fields", "code"),
    [
        ("traffic.fines", {"plate": "99-99999"}, "PLATE_UNKNOWN"),
        ("traffic.fines", {"plate": "77-"}, "PLATE_UNKNOWN"),
        ("traffic.fines", {}, "FIELDS_MISSING"),
        ("traffic.licences", {"plate": PLATE}, "SERVICE_UNKNOWN"),
        ("forests.permit", {"plate": PLATE}, "AGENCY_UNKNOWN"),
    ],
)
def test_a_refusal_comes_in_both_languages(terminal: Terminal, service: str, fields: dict[str, str], code: str) -> None:
    answer = terminal.enquire(service, **fields)
    assert (answer.quote, answer.refusal_code) == (None, code)
    assert answer.refusal is not None
    assert "" != answer.refusal.ar != answer.refusal.en != ""


@pytest.mark.parametrize(
    ("owner", "lines"), [("9990006157", 2), ("9990004821", None), ("", 2)], ids=["owner", "another", "unnamed"]
)
def test_whoever_asks_for_another_persons_vehicle_names_its_owner(
    terminal: Terminal, owner: str, lines: int | None
) -> None:
    fields = {"plate": OTHERS_PLATE, **({"owner": owner} if owner else {})}
    answer = terminal.enquire("traffic.fines", **fields)
    if lines is None:
        assert (answer.quote, answer.refusal_code) == (None, "OWNER_DIFFERS")
    else:
        assert len(terminal.quote(**fields)[0].lines) == lines


@pytest.mark.parametrize(("behalf", "code"), [("9990006157", ""), ("", "QUOTE_OF_ANOTHER")])
def test_another_persons_fine_is_settled_only_by_who_says_for_whom(terminal: Terminal, behalf: str, code: str) -> None:
    _, signed = terminal.quote(plate=OTHERS_PLATE, owner="9990006157")
    agreement = terminal.agreement(signed, OTHERS_FINE, on_behalf_of=behalf, capacity=Capacity.PAYER)
    (answer,) = terminal.submit(terminal.item(agreement))
    assert answer.code == code


def test_what_is_paid_is_not_quoted_again(terminal: Terminal) -> None:
    terminal.submit(terminal.paying(SPEED, BELT))
    assert [line.id for line in terminal.quote(plate=PLATE)[0].lines] == [PARKING, AT_COURT]


def test_of_two_terminals_that_pay_one_fine_the_second_is_told_so(
    terminal: Terminal, other_terminal: Terminal, database: Path
) -> None:
    first, second = terminal.paying(SPEED), other_terminal.paying(PARKING, SPEED)
    assert terminal.submit(first)[0].result == "accepted"
    (late,) = other_terminal.submit(second)
    assert (late.result, late.code, late.reference) == ("rejected", "ALREADY_PAID", "")
    assert late.words == REFUSALS["ALREADY_PAID"]
    assert [one.state for one in stored(database)] == ["accepted", "rejected"]
    assert other_terminal.submit(other_terminal.paying(PARKING))[0].result == "accepted"  # it was not taken halfway


def test_two_terminals_at_once_cannot_both_pay_one_fine(terminal: Terminal, other_terminal: Terminal) -> None:
    batches = [(terminal, terminal.paying(SPEED)), (other_terminal, other_terminal.paying(SPEED))]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda one: one[0].submit(one[1])[0].result, batches))
    assert sorted(answers) == ["accepted", "rejected"]


def test_an_agency_asked_again_about_a_transaction_gives_its_first_decision(
    terminal: Terminal, keys: Path, database: Path
) -> None:
    """As after a crash between its decision and the intake's note of it."""
    engine = open_database(database)
    agency = TrafficAgency(engine, private_key(keys / "agency" / "traffic.key"), Behaviour())
    _, signed = terminal.quote(plate=PLATE)
    for agreement in (terminal.agreement(signed, SPEED), terminal.agreement(signed, AT_COURT)):
        first = agency.settle(agreement, datetime.now(UTC))
        assert agency.settle(agreement, datetime.now(UTC)) == first
    engine.dispose()


def test_references_are_never_given_twice(terminal: Terminal) -> None:
    answers = terminal.submit(terminal.paying(SPEED), terminal.paying(SPEED), terminal.paying(PARKING))
    assert [answer.result for answer in answers] == ["accepted", "rejected", "accepted"]
    assert answers[0].reference != answers[2].reference


def test_what_was_agreed_in_time_is_accepted_however_late_it_comes(keys: Path, database: Path) -> None:
    with running(keys, database, Behaviour(quote_seconds=-3600)) as server:  # it had run out before it was delivered
        terminal = Terminal(keys, Line(keys, server.port))
        quote, signed = terminal.quote(plate=PLATE)
        in_time = terminal.item(terminal.agreement(signed, SPEED, agreed_at=quote.expires_at))
        too_late = terminal.item(
            terminal.agreement(signed, PARKING, agreed_at=quote.expires_at + timedelta(milliseconds=1))
        )
        answers = terminal.submit(in_time, too_late)
    assert [(answer.result, answer.code) for answer in answers] == [("accepted", ""), ("rejected", "QUOTE_EXPIRED")]


def _rejection(terminal: Terminal, signed: Signed, *lines: str, **changed: Any) -> str:
    (answer,) = terminal.submit(terminal.item(terminal.agreement(signed, *lines, **changed)))
    assert answer.words == {**REFUSALS, **CENTRE_REFUSALS}[answer.code]
    return answer.code if answer.result == "rejected" else answer.result


def _with_line(terminal: Terminal, signed: Signed, **changed: Any) -> dict[str, Any]:
    (line,) = terminal.agreement(signed, SPEED).lines
    line = msgspec.structs.replace(line, **changed)
    return {"lines": (line,), "total_fils": line.amount_fils}


def test_only_what_was_quoted_can_be_paid(terminal: Terminal) -> None:
    _, signed = terminal.quote(plate=PLATE)
    assert _rejection(terminal, signed, AT_COURT) == "NOT_PAYABLE"
    assert _rejection(terminal, signed) == "NOTHING_CHOSEN"
    assert _rejection(terminal, signed, **_with_line(terminal, signed, id="S-0")) == "LINE_UNKNOWN"
    assert _rejection(terminal, signed, **_with_line(terminal, signed, amount_fils=1)) == "AMOUNT_DIFFERS"
    assert _rejection(terminal, signed, SPEED, total_fils=1) == "AMOUNT_DIFFERS"
    assert _rejection(terminal, signed, SPEED, SPEED) == "AMOUNT_DIFFERS"
    assert _rejection(terminal, signed, SPEED, service="traffic.licences") == "SERVICE_UNKNOWN"
    assert [line.id for line in terminal.quote(plate=PLATE)[0].lines] == [SPEED, PARKING, BELT, AT_COURT]


def test_a_transaction_for_an_agency_that_is_not_connected_is_kept_and_asked_about_again(
    terminal: Terminal, database: Path
) -> None:
    _, signed = terminal.quote(plate=PLATE)
    item = terminal.item(terminal.agreement(signed, SPEED, agency="forests"))
    for _ in range(2):
        (answer,) = terminal.submit(item)
        assert (answer.result, answer.code, answer.words) == (
            "retry_later",
            "AGENCY_UNKNOWN",
            CENTRE_REFUSALS["AGENCY_UNKNOWN"],
        )
    assert [one.state for one in stored(database)] == ["received"]


def test_each_number_of_the_series_owes_one_fine_of_its_own_once(terminal: Terminal) -> None:
    for number in ("1", "99999"):
        _, signed = terminal.quote(plate=f"77-{number}")
        (line,) = terminal.quote(plate=f"77-{number}")[0].lines
        assert (line.id, line.amount_fils, line.payable) == (f"S-2026-77-{number}", 12_500, True)
        assert terminal.submit(terminal.item(terminal.agreement(signed, line.id)))[0].result == "accepted"
        assert terminal.quote(plate=f"77-{number}")[0].lines == ()


def test_a_quote_is_for_the_person_that_it_names(terminal: Terminal) -> None:
    _, signed = terminal.quote(plate=PLATE, national_number="2000000000")
    assert _rejection(terminal, signed, SPEED) == "QUOTE_OF_ANOTHER"


def test_a_quote_that_the_agency_did_not_sign_is_worth_nothing(terminal: Terminal, keys: Path) -> None:
    quote, signed = terminal.quote(plate=PLATE)
    cheaper = msgspec.structs.replace(quote, lines=(msgspec.structs.replace(quote.lines[0], amount_fils=1),))
    forged = msgspec.structs.replace(signed, payload=msgspec.json.encode(cheaper))
    centre = private_key(keys / "centre" / "centre.key")
    by_another = msgspec.structs.replace(signed, signature=centre.sign(QUOTE_CONTEXT + b"\0" + signed.payload))
    agency = private_key(keys / "agency" / "traffic.key")
    other_context = msgspec.structs.replace(signed, signature=agency.sign(b"kiosk/centre-answer\0" + signed.payload))
    for wrong in (forged, by_another, other_context):
        item = terminal.agreement(signed, SPEED, quote=msgspec.json.encode(wrong))
        assert terminal.submit(terminal.item(item))[0].code == "QUOTE_UNPROVEN"
    nonsense = terminal.agreement(signed, SPEED, quote=b"\xff{")
    assert terminal.submit(terminal.item(nonsense))[0].code == "QUOTE_UNPROVEN"


def test_a_silent_agency_is_trouble_of_its_own_and_a_slow_one_answers(keys: Path, database: Path) -> None:
    with running(keys, database, Behaviour(silent=True)) as server:
        terminal = Terminal(keys, Line(keys, server.port))
        body = msgspec.json.encode(
            {"schema": 1, "terminal": "KRK3", "service": "traffic.fines", "fields": {"plate": PLATE}}
        )
        reply = terminal.post("/v1/enquiries", body)
        assert (reply.status, reply.error) == (503, "AGENCY_SILENT")
        assert int(reply.headers["retry-after"]) > 0
    with running(keys, database, Behaviour(slow_seconds=0.01)) as server:
        terminal.line = Line(keys, server.port)
        assert terminal.quote(plate=PLATE)


def test_the_agencys_key_is_its_own(terminal: Terminal, keys: Path) -> None:
    _, signed = terminal.quote(plate=PLATE)
    assert opened(signed, QUOTE_CONTEXT, private_key(keys / "agency" / "traffic.key").public_key(), Quote).lines


def test_every_fine_on_file_has_an_id_of_its_own_and_its_texts() -> None:
    on_file = register()
    fines = [fine for vehicle in on_file.vehicles for fine in vehicle.fines]
    fines += [fine for person in on_file.persons for fine in person.fines]
    assert len({fine.id for fine in fines}) == len(fines)
    assert all(fine.amount_fils > 0 or fine.reason for fine in fines)
    assert all(fine.reason in ("", *on_file.reasons) for fine in fines)
    assert all(words.ar and words.en for fine in fines for words in (fine.title, fine.place))

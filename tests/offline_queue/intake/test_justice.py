"""The sandbox Ministry of Justice: what a certificate costs, who may request one, and that it is only requested."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, select

from kiosk.catalogue import files as catalogue_files
from kiosk.transaction import Agreement
from kiosk.wire import QUOTE_CONTEXT, Enquiry, Quote, Signed
from offline_queue.intake.agencies import Refusal
from offline_queue.intake.agencies.justice import Behaviour, JusticeAgency, requests
from offline_queue.intake.agencies.justice_rules import REFUSALS, SERVICE, on_file, years_on
from offline_queue.intake.database import open_database
from offline_queue.keys import load_receipt_key
from tests.offline_queue.intake.parts import Line, Terminal, opened, private_key

NOW = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
APPLICANT, WITH_OPEN_REQUEST, CHILD = "9912004821", "9841036157", "2000002015"
ADDRESS = "الكرك، شارع الملك حسين، بناية 4"
PRICED_BY = {"purpose": "work", "delivery": "post"}
ANSWERS = {**PRICED_BY, "address": ADDRESS}
PDF = b"%PDF-1.7 \x00\xff signed"
SERVICES = Path(__file__).parents[3] / "assets" / "services"


@pytest.fixture
def engine(database: Path) -> Iterator[Engine]:
    engine = open_database(database)
    yield engine
    engine.dispose()


@pytest.fixture
def key(keys: Path) -> Ed25519PrivateKey:
    return private_key(keys / "agency" / "justice.key")


@pytest.fixture
def agency(engine: Engine, keys: Path, key: Ed25519PrivateKey) -> JusticeAgency:
    document_key, _ = load_receipt_key(keys / "agency" / "justice-document.key")
    return JusticeAgency(engine, key, document_key, Behaviour(open_seconds=60))


@pytest.fixture
def writer(keys: Path) -> Terminal:
    """Writes agreements; nothing is sent."""
    return Terminal(keys, Line(keys, 0))


def asked(agency: JusticeAgency, number: str = APPLICANT, now: datetime = NOW, **changed: str) -> Signed | Refusal:
    fields = {"national_number": number, **PRICED_BY, **changed}
    return agency.enquire(Enquiry(terminal="KRK3", service=SERVICE, fields=fields), now)


def quoted(agency: JusticeAgency, number: str = APPLICANT, now: datetime = NOW, **changed: str) -> Signed:
    answer = asked(agency, number, now, **changed)
    assert isinstance(answer, Signed)
    return answer


def agreed(writer: Terminal, signed: Signed, *lines: str, **changed: Any) -> Agreement:
    known: dict[str, Any] = {
        "service": SERVICE,
        "agency": "justice",
        "national_number": APPLICANT,
        "answers": ANSWERS,
        "agreed_at": NOW,
        "signed_application": PDF,
    }
    return writer.agreement(signed, *(lines or ("certificate", "post")), **{**known, **changed})


def code_of(answer: Signed | Refusal) -> str:
    return answer.code if isinstance(answer, Refusal) else ""


@pytest.mark.parametrize(
    ("delivery", "lines"), [("court", ["certificate"]), ("post", ["certificate", "post"])], ids=["court", "post"]
)
def test_the_certificate_has_a_fee_and_so_has_its_delivery(
    agency: JusticeAgency, key: Ed25519PrivateKey, delivery: str, lines: list[str]
) -> None:
    signed = quoted(agency, delivery=delivery)
    quote = opened(signed, QUOTE_CONTEXT, key.public_key(), Quote)
    assert signed.key_id == "agency-justice"
    assert (quote.agency, quote.service, quote.provisional) == ("justice", SERVICE, True)
    assert [line.id for line in quote.lines] == lines
    assert all(line.payable and line.amount_fils > 0 and line.title.ar and line.title.en for line in quote.lines)
    assert quote.fields == {"national_number": APPLICANT, "purpose": "work", "delivery": delivery}


@pytest.mark.parametrize(
    ("number", "changed", "code"),
    [
        (CHILD, {}, "TOO_YOUNG"),
        (WITH_OPEN_REQUEST, {}, "REQUEST_OPEN"),
        ("", {}, "FIELDS_MISSING"),
        (APPLICANT, {"purpose": "fun"}, "FIELDS_MISSING"),
        (APPLICANT, {"delivery": ""}, "FIELDS_MISSING"),
    ],
)
def test_who_may_not_request_is_told_before_anything_is_paid(
    agency: JusticeAgency, number: str, changed: dict[str, str], code: str
) -> None:
    answer = asked(agency, number, NOW, **changed)
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.words) == (code, REFUSALS[code])
    assert "" != answer.words.ar != answer.words.en != ""


def test_another_service_is_not_the_ministrys(agency: JusticeAgency) -> None:
    enquiry = Enquiry(terminal="KRK3", service="justice.other", fields={"national_number": APPLICANT, **ANSWERS})
    assert code_of(agency.enquire(enquiry, NOW)) == "SERVICE_UNKNOWN"


@pytest.mark.parametrize(
    ("day", "years"),
    [(date(2033, 5, 24), 17), (date(2033, 5, 25), 18), (date(2033, 12, 31), 18), (date(2034, 1, 1), 18)],
)
def test_a_year_of_age_is_complete_on_the_birthday(day: date, years: int) -> None:
    assert years_on(date(2015, 5, 25), day) == years


def test_a_child_may_request_from_the_birthday_in_jordan_on(agency: JusticeAgency) -> None:
    midnight = datetime(2033, 5, 24, 21, 0, tzinfo=UTC)  # 25 May, 00:00 in Amman
    assert code_of(asked(agency, CHILD, midnight - timedelta(seconds=1))) == "TOO_YOUNG"
    assert code_of(asked(agency, CHILD, midnight)) == ""


def test_what_is_accepted_is_requested_with_a_number_and_the_hash_of_what_was_signed(
    agency: JusticeAgency, writer: Terminal, engine: Engine
) -> None:
    agreement = agreed(writer, quoted(agency))
    decision = agency.settle(agreement, NOW)
    assert (decision.refusal, decision.reference) == (None, "NCC-2026-000001")
    with engine.connect() as connection:
        (row,) = connection.execute(select(requests)).all()
    assert (row.state, row.purpose, row.delivery) == ("requested", "work", "post")
    assert row.application_hash == hashlib.sha256(PDF).hexdigest()
    assert agency.settle(agreement, NOW + timedelta(days=1)) == decision, "the first decision stands"


@pytest.mark.parametrize(
    ("lines", "changed", "code"),
    [
        ((), {"signed_application": b""}, "NOT_SIGNED"),
        (("certificate",), {}, "AMOUNT_DIFFERS"),
        (("certificate", "certificate"), {}, "AMOUNT_DIFFERS"),
        ((), {"total_fils": 1}, "AMOUNT_DIFFERS"),
        ((), {"answers": {**ANSWERS, "purpose": "travel"}}, "ANSWERS_DIFFER"),
        ((), {"answers": {"purpose": "work", "delivery": "post"}}, "ADDRESS_MISSING"),
        ((), {"answers": {**ANSWERS, "address": " "}}, "ADDRESS_MISSING"),
        ((), {"answers": {}}, "ANSWERS_DIFFER"),
        ((), {"national_number": "9990001112"}, "QUOTE_OF_ANOTHER"),
        ((), {"on_behalf_of": APPLICANT}, "QUOTE_OF_ANOTHER"),
        ((), {"agreed_at": NOW + timedelta(seconds=901)}, "QUOTE_EXPIRED"),
        ((), {"service": "justice.other"}, "SERVICE_UNKNOWN"),
        ((), {"quote": b"\xff{"}, "QUOTE_UNPROVEN"),
    ],
)
def test_what_does_not_fit_the_quote_is_no_request(
    agency: JusticeAgency, writer: Terminal, lines: tuple[str, ...], changed: dict[str, Any], code: str
) -> None:
    decision = agency.settle(agreed(writer, quoted(agency), *lines, **changed), NOW)
    assert (decision.reference, decision.refusal) == ("", Refusal(code=code, words=REFUSALS[code]))
    assert code_of(asked(agency)) == "", "what was refused is taken for an open request"


def test_a_quote_by_another_key_is_worth_nothing(agency: JusticeAgency, writer: Terminal, keys: Path) -> None:
    signed = quoted(agency)
    traffic = private_key(keys / "agency" / "traffic.key")
    forged = msgspec.structs.replace(signed, signature=traffic.sign(QUOTE_CONTEXT + b"\0" + signed.payload))
    decision = agency.settle(agreed(writer, signed, quote=msgspec.json.encode(forged)), NOW)
    assert decision.refusal == Refusal(code="QUOTE_UNPROVEN", words=REFUSALS["QUOTE_UNPROVEN"])


def test_one_request_of_a_person_is_open_at_a_time(agency: JusticeAgency, writer: Terminal) -> None:
    """Also where both were quoted before either was delivered; another person is not held up."""
    first, second = agreed(writer, quoted(agency)), agreed(writer, quoted(agency))
    assert agency.settle(first, NOW).refusal is None
    late = agency.settle(second, NOW)
    assert (late.refusal, late.reference) == (Refusal(code="REQUEST_OPEN", words=REFUSALS["REQUEST_OPEN"]), "")
    assert code_of(asked(agency)) == "REQUEST_OPEN"
    assert code_of(asked(agency, "9990001112")) == ""
    over = NOW + timedelta(seconds=60)
    assert code_of(asked(agency, now=over)) == ""
    again = agreed(writer, quoted(agency, now=over), agreed_at=over)
    assert agency.settle(again, over).reference == "NCC-2026-000003", "numbers are never given twice"


def test_the_intake_hands_requests_on_and_gives_the_ministrys_number(terminal: Terminal) -> None:
    answer = terminal.enquire(SERVICE, national_number=APPLICANT, **ANSWERS)
    assert answer.quote is not None
    unsigned = agreed(terminal, answer.quote, agreed_at=datetime.now(UTC), signed_application=b"")
    signed = agreed(terminal, answer.quote, agreed_at=datetime.now(UTC))
    refused, accepted = terminal.submit(terminal.item(unsigned), terminal.item(signed))
    assert (refused.result, refused.code) == ("rejected", "NOT_SIGNED")
    assert accepted.result == "accepted"
    assert accepted.reference.startswith("NCC-")


def test_the_answers_on_file_are_those_that_the_service_offers() -> None:
    service = catalogue_files.load(SERVICES).service(SERVICE)
    offered = {step.id: tuple(option.id for option in step.options) for step in service.steps if step.options}
    assert on_file().answers == offered

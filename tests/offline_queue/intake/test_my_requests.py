"""What became of a request, asked over real HTTPS: states, papers, who is shown what, and who is told by SMS."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from kiosk.my_requests import (
    Asker,
    DocumentAnswer,
    DocumentQuestion,
    IssuedDocument,
    Request,
    RequestsAnswer,
    RequestsQuestion,
    RequestState,
)
from kiosk.transaction import Agreement
from kiosk.wire import EnquiryAnswer, Item, Signed
from offline_queue.document_code import verify_document
from offline_queue.intake import server
from offline_queue.intake.agencies import justice, traffic
from offline_queue.intake.database import open_database
from offline_queue.intake.inspect import messages
from offline_queue.intake.messages import Message, NotSent, Teller
from offline_queue.intake.my_requests import MOST_MISSES, WINDOW
from offline_queue.intake.server import IntakeServer
from tests.offline_queue.intake.parts import AT_COURT, PARKING, PERSON, PLATE, Line, Terminal, private_key, serving

SALMA, NADIA = "9912004821", "9902071846"
PHONE = "+962791234567"
OPEN = timedelta(seconds=60)
PDF = b"%PDF-1.7 signed"


class Clock:
    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def intake(keys: Path, database: Path, clock: Clock) -> Iterator[IntakeServer]:
    """Nobody asks the agencies by the clock here: each test says when (`intake.following.step`)."""
    settings = server.Settings(
        keys=keys,
        database=database,
        port=0,
        traffic=traffic.Behaviour(),
        justice=justice.Behaviour(open_seconds=OPEN.total_seconds()),
        follow_seconds=3600.0,
    )
    with serving(IntakeServer(settings, clock.now)) as running:
        yield running


@pytest.fixture
def kiosk(keys: Path, intake: IntakeServer) -> Terminal:
    return Terminal(keys, Line(keys, intake.port))


@pytest.fixture
def elsewhere(keys: Path, intake: IntakeServer) -> Terminal:
    """A terminal of another office."""
    key = private_key(keys.parent / "other" / "terminal" / "ledger.key")
    return Terminal(keys, Line(keys, intake.port), "KRK4", key)


def certificate(terminal: Terminal, number: str = SALMA, **changed: object) -> Item:
    fields = {"national_number": number, "purpose": "travel", "delivery": "post"}
    answer: EnquiryAnswer = terminal.enquire("justice.non_conviction", **fields)
    assert answer.quote is not None
    return terminal.item(agreed(terminal, answer.quote, number, **changed))


def agreed(terminal: Terminal, signed: Signed, number: str, **changed: object) -> Agreement:
    known: dict[str, object] = {
        "service": "justice.non_conviction",
        "agency": "justice",
        "national_number": number,
        "answers": {"purpose": "travel", "delivery": "post", "address": "Karak, P.O. box 12"},
        "signed_application": PDF,
    }
    return terminal.agreement(signed, "certificate", "post", **known | changed)


def requests_of(terminal: Terminal, number: str, paper: str = "") -> tuple[Request, ...]:
    by = Asker(national_number=number, paper=paper)
    answer = terminal.asked("/v1/requests", RequestsQuestion(terminal=terminal.name, by=by), RequestsAnswer)
    assert answer.terminal == terminal.name
    return answer.requests


def document_of(terminal: Terminal, number: str, transaction: UUID, paper: str = "") -> IssuedDocument | None:
    by = Asker(national_number=number, paper=paper)
    question = DocumentQuestion(terminal=terminal.name, by=by, transaction=transaction)
    return terminal.asked("/v1/requests/document", question, DocumentAnswer).document


def test_a_request_is_followed_from_another_office_to_its_paper(
    keys: Path, kiosk: Terminal, elsewhere: Terminal, clock: Clock
) -> None:
    item = certificate(kiosk)
    (accepted,) = kiosk.submit(item)
    seen = []
    for _ in range(3):
        (request,) = requests_of(elsewhere, SALMA)
        seen.append(request.state)
        clock.at += OPEN / 2
    assert seen == [RequestState.REQUESTED, RequestState.IN_PROGRESS, RequestState.ISSUED]
    assert (request.transaction, request.reference) == (item.transaction, accepted.reference)
    assert (request.receipt_number, request.amount_fils, request.document) == ("KRK3-1", 6500, True)
    document = document_of(elsewhere, SALMA, item.transaction)
    assert document is not None
    assert document.pdf.startswith(b"%PDF-")
    found = verify_document(document.code, keys / "trust")
    assert found.claims is not None
    assert (found.claims.agency, found.claims.number, found.claims.specimen) == ("justice", accepted.reference, True)
    assert SALMA not in document.code
    assert document_of(kiosk, SALMA, item.transaction) == document  # the same bytes, whoever asks


def test_another_person_is_shown_nothing(kiosk: Terminal, clock: Clock) -> None:
    item = certificate(kiosk)
    kiosk.submit(item)
    clock.at += OPEN
    assert requests_of(kiosk, NADIA) == ()
    assert document_of(kiosk, NADIA, item.transaction) is None
    assert document_of(kiosk, SALMA, item.transaction) is None  # nobody has asked the agency yet
    assert requests_of(kiosk, SALMA)[0].document
    assert document_of(kiosk, NADIA, item.transaction) is None


@pytest.mark.parametrize("paper", ["receipt", "reference"])
def test_a_paper_with_the_number_of_its_person_shows_that_request_alone(kiosk: Terminal, paper: str) -> None:
    (accepted,) = kiosk.submit(certificate(kiosk))
    said = "KRK3-1" if paper == "receipt" else accepted.reference
    assert [one.reference for one in requests_of(kiosk, SALMA, said)] == [accepted.reference]
    assert requests_of(kiosk, NADIA, said) == ()
    assert requests_of(kiosk, SALMA, "KRK3-2") == ()


def test_guesses_are_stopped_and_the_window_opens_again(kiosk: Terminal, elsewhere: Terminal, clock: Clock) -> None:
    kiosk.submit(certificate(kiosk))
    for guess in range(MOST_MISSES):
        assert requests_of(kiosk, SALMA, f"NCC-2026-{guess + 100:06d}") == ()
    body = msgspec.json.encode(RequestsQuestion(terminal="KRK3", by=Asker(national_number=SALMA, paper="KRK3-1")))
    reply = kiosk.post("/v1/requests", body)
    assert (reply.status, reply.error) == (429, "TOO_OFTEN")
    assert 0 < int(reply.headers["retry-after"]) <= WINDOW.total_seconds()
    assert len(requests_of(elsewhere, SALMA, "KRK3-1")) == 1  # of that terminal only
    assert len(requests_of(kiosk, SALMA)) == 1  # and a card is no guess
    clock.at += WINDOW
    assert len(requests_of(kiosk, SALMA, "KRK3-1")) == 1


@pytest.mark.parametrize("by", [Asker(national_number=""), Asker(national_number="9" * 65)], ids=["nobody", "too long"])
def test_nobody_asks_without_a_number(kiosk: Terminal, by: Asker) -> None:
    reply = kiosk.post("/v1/requests", msgspec.json.encode(RequestsQuestion(terminal="KRK3", by=by)))
    assert (reply.status, reply.error) == (400, "ASKER")


def test_a_rejected_request_says_why_and_who_gives_the_money_back(kiosk: Terminal, clock: Clock) -> None:
    kiosk.submit(certificate(kiosk, NADIA))
    clock.at += OPEN
    assert requests_of(kiosk, NADIA)[0].state is RequestState.REJECTED
    clock.at += timedelta(seconds=1)
    (request,) = requests_of(kiosk, NADIA)
    assert (request.state, request.refund, request.document) == (RequestState.REFUND_DUE, "agency", False)
    assert request.words is not None
    assert request.words.ar != request.words.en


def test_what_was_refused_at_once_is_the_offices_to_give_back(kiosk: Terminal) -> None:
    paid, refused = kiosk.submit(kiosk.paying(PARKING), fine_of_the_court(kiosk))
    assert (paid.result, refused.result) == ("accepted", "rejected")
    (request,) = requests_of(kiosk, PERSON)  # what was paid and accepted is no request
    assert (request.state, request.refund, request.reference) == (RequestState.REFUND_DUE, "office", "")
    assert request.words == refused.words


def fine_of_the_court(terminal: Terminal, **changed: object) -> Item:
    """A fine that is the court's, agreed to all the same: the agency refuses it."""
    _, signed = terminal.quote(plate=PLATE, national_number=PERSON)
    return terminal.item(terminal.agreement(signed, AT_COURT, **changed))


# ---------------------------------------------------------------- told by SMS


def test_what_was_taken_offline_and_is_refused_is_told_once(
    intake: IntakeServer, kiosk: Terminal, database: Path
) -> None:
    item = fine_of_the_court(kiosk, notify_phone=PHONE)
    (answer,) = kiosk.submit(item)
    assert answer.result == "rejected"
    for _ in range(2):
        intake.following.step()
        kiosk.submit(item)  # and delivered once more
    ((phone, words),) = messages(database)
    assert phone == PHONE
    assert answer.words is not None
    for said, reason in ((words.ar, answer.words.ar), (words.en, answer.words.en)):
        assert reason in said
        assert "KRK3-1" in said
    assert "counter" in words.en
    assert "الشباك" in words.ar


def test_nobody_is_told_who_did_not_ask_for_it(intake: IntakeServer, kiosk: Terminal, database: Path) -> None:
    kiosk.submit(fine_of_the_court(kiosk))
    intake.following.step()
    assert messages(database) == []


def test_an_issued_document_is_told_of_once(
    intake: IntakeServer, kiosk: Terminal, database: Path, clock: Clock
) -> None:
    kiosk.submit(certificate(kiosk, notify_phone=PHONE))
    intake.following.step()
    assert messages(database) == []
    clock.at += OPEN
    for _ in range(2):
        intake.following.step()
    ((_, words),) = messages(database)
    assert "issued" in words.en


def test_a_carrier_that_is_silent_is_asked_again_with_the_same_message(
    kiosk: Terminal, database: Path, clock: Clock
) -> None:
    """A crash between carrier and COMMIT: the second offer carries the same id, so that the person gets one SMS."""
    kiosk.submit(fine_of_the_court(kiosk, notify_phone=PHONE))
    offered: list[Message] = []

    class Mute:
        def send(self, message: Message) -> None:
            offered.append(message)
            if len(offered) < 3:
                raise NotSent

    engine = open_database(database)
    try:
        teller = Teller(engine, Mute(), clock.now)
        for _ in range(4):
            teller.tell()
    finally:
        engine.dispose()
    assert len(offered) == 3
    assert len({message.id for message in offered}) == 1
    assert PHONE not in repr(offered)

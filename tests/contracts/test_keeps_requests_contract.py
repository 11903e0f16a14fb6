"""What the intake relies on in every agency that keeps requests, and in every carrier of SMS."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
import uuid6
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, func, select

from kiosk.my_requests import RequestState
from kiosk.transaction import AgreedLine, Agreement
from kiosk.wire import Enquiry, Quote, Signed, Words, encode_canonical
from offline_queue.intake.agencies import KeepsRequests
from offline_queue.intake.agencies.justice import Behaviour, JusticeAgency
from offline_queue.intake.database import open_database
from offline_queue.intake.messages import Message, SandboxMessages, carried
from tests.offline_queue.parts import agreement

NOW = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
OPEN = timedelta(seconds=60)
PERSON, ON_RECORD = "9912004821", "9902071846"
ORDER = tuple(RequestState)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(tmp_path / "intake.db")
    yield engine
    engine.dispose()


@pytest.fixture
def agency(engine: Engine) -> JusticeAgency:
    key, documents = Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256R1())
    return JusticeAgency(engine, key, documents, Behaviour(open_seconds=OPEN.total_seconds()))


def requested(agency: JusticeAgency, number: str = PERSON) -> UUID:
    answers = {"purpose": "work", "delivery": "court"}
    fields = {"national_number": number, **answers}
    signed = agency.enquire(Enquiry(terminal="KRK3", service="justice.non_conviction", fields=fields), NOW)
    assert isinstance(signed, Signed)
    lines = tuple(
        AgreedLine(id=line.id, title_ar=line.title.ar, title_en=line.title.en, amount_fils=line.amount_fils)
        for line in msgspec.json.decode(signed.payload, type=Quote).lines
    )
    agreed: Agreement = msgspec.structs.replace(
        agreement(),
        service="justice.non_conviction",
        agency="justice",
        national_number=number,
        answers=answers,
        lines=lines,
        total_fils=sum(line.amount_fils for line in lines),
        quote=encode_canonical(signed),
        agreed_at=NOW,
        signed_application=b"%PDF-1.7 signed",
    )
    decision = agency.settle(agreed, NOW)
    assert decision.refusal is None
    return agreed.ids.transaction


@pytest.mark.parametrize("number", [PERSON, ON_RECORD], ids=["issued", "rejected"])
def test_states_only_grow_and_each_has_its_time(agency: JusticeAgency, number: str) -> None:
    assert isinstance(agency, KeepsRequests)
    one, before = requested(agency, number), 0
    for part in range(6):
        now = NOW + part * OPEN / 2
        steps = agency.requests_of([one], now)[one]
        assert len(steps) >= before
        assert [ORDER.index(step.state) for step in steps] == sorted({ORDER.index(step.state) for step in steps})
        assert all(NOW <= step.since <= now for step in steps)
        before = len(steps)
    assert steps[0].state is RequestState.REQUESTED
    assert steps[-1].state is (RequestState.ISSUED if number == PERSON else RequestState.REFUND_DUE)


def test_what_is_not_its_own_is_left_out(agency: JusticeAgency) -> None:
    one = requested(agency)
    assert set(agency.requests_of([one, UUID(int=9)], NOW)) == {one}
    assert agency.document(UUID(int=9), NOW) is None


def test_a_document_comes_with_its_state_and_is_always_the_same(agency: JusticeAgency) -> None:
    one = requested(agency)
    assert agency.document(one, NOW) is None
    first = agency.document(one, NOW + OPEN)
    assert first is not None
    assert first.pdf.startswith(b"%PDF-")
    assert agency.document(one, NOW + 2 * OPEN) == first


def test_no_document_comes_of_what_was_rejected(agency: JusticeAgency) -> None:
    assert agency.document(requested(agency, ON_RECORD), NOW + 3 * OPEN) is None


def test_a_carrier_takes_a_message_once_however_often_it_is_offered(engine: Engine) -> None:
    carrier = SandboxMessages(engine, lambda: NOW)
    message = Message(id=uuid6.uuid7(), phone="+962790123456", words=Words(ar="رسالة", en="message"))
    for _ in range(3):
        carrier.send(message)
    carrier.send(msgspec.structs.replace(message, id=uuid6.uuid7()))
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(carried)).scalar_one() == 2

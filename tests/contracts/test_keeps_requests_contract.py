"""What the intake relies on in every agency that keeps requests, and in every carrier of SMS."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol
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
from offline_queue.intake.agencies import KeepsRequests, Progress, sandbox, social_security, tax
from offline_queue.intake.agencies.justice import Behaviour, JusticeAgency
from offline_queue.intake.database import open_database
from offline_queue.intake.issue_keys import issue
from offline_queue.intake.messages import Message, SandboxMessages, carried
from tests.offline_queue.intake.agencies import Desk
from tests.offline_queue.parts import agreement

NOW = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
OPEN = timedelta(seconds=60)
PERSON, ON_RECORD, CLEARED = "9912004821", "9902071846", "9761028493"
ORDER = tuple(RequestState)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(tmp_path / "intake.db")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    issue(folder)
    return folder


class Requests(Protocol):
    """An agency that issues documents, and how somebody asks it for one."""

    @property
    def agency(self) -> KeepsRequests: ...

    def requested(self) -> UUID: ...


class AtJustice:
    def __init__(self, engine: Engine) -> None:
        key, documents = Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256R1())
        self.agency = JusticeAgency(engine, key, documents, Behaviour(open_seconds=OPEN.total_seconds()))

    def requested(self, number: str = PERSON) -> UUID:
        answers = {"purpose": "work", "delivery": "court"}
        fields = {"national_number": number, **answers}
        signed = self.agency.enquire(Enquiry(terminal="KRK3", service="justice.non_conviction", fields=fields), NOW)
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
        decision = self.agency.settle(agreed, NOW)
        assert decision.refusal is None
        return agreed.ids.transaction


class AtDesk:
    """A sandbox agency whose service has a published tariff."""

    def __init__(self, desk: Desk, service: str, answers: dict[str, str], number: str) -> None:
        self._desk, self._service, self._answers, self._number = desk, service, answers, number
        self.agency = desk.issuing

    def requested(self) -> UUID:
        agreed = self._desk.priced(self._service, self._answers, national_number=self._number)
        assert self._desk.agency.settle(agreed, NOW).refusal is None
        return agreed.ids.transaction


@pytest.fixture(params=["justice", "tax", "social_security"])
def requests(request: pytest.FixtureRequest, engine: Engine, keys: Path) -> Requests:
    fast = sandbox.Behaviour(request_seconds=OPEN.total_seconds())
    if request.param == "tax":
        answers = {"whose": "mine", "purpose": "bank"}
        return AtDesk(Desk(engine, keys, tax.RULES, fast), "tax.clearance", answers, CLEARED)
    if request.param == "social_security":
        desk = Desk(engine, keys, social_security.RULES, fast)
        return AtDesk(desk, "social_security.statement", {"period": "all"}, PERSON)
    return AtJustice(engine)


def test_states_only_grow_and_each_has_its_time(requests: Requests) -> None:
    assert isinstance(requests.agency, KeepsRequests)
    assert grown(requests.agency, requests.requested())[-1].state is RequestState.ISSUED


def test_states_of_what_is_rejected_grow_too(engine: Engine) -> None:
    ministry = AtJustice(engine)
    assert grown(ministry.agency, ministry.requested(ON_RECORD))[-1].state is RequestState.REFUND_DUE


def grown(agency: KeepsRequests, one: UUID) -> Sequence[Progress]:
    """The states as they stand long after; each look on the way saw no fewer than the one before."""
    before = 0
    for part in range(6):
        now = NOW + part * OPEN / 2
        steps = agency.requests_of([one], now)[one]
        assert len(steps) >= before
        assert [ORDER.index(step.state) for step in steps] == sorted({ORDER.index(step.state) for step in steps})
        assert all(NOW <= step.since <= now for step in steps)
        before = len(steps)
    assert steps[0].state is RequestState.REQUESTED
    return steps


def test_what_is_not_its_own_is_left_out(requests: Requests) -> None:
    one = requests.requested()
    assert set(requests.agency.requests_of([one, UUID(int=9)], NOW)) == {one}
    assert requests.agency.document(UUID(int=9), NOW) is None
    assert not requests.agency.keeps("post.box")


def test_a_document_comes_with_its_state_and_is_always_the_same(requests: Requests) -> None:
    one = requests.requested()
    assert requests.agency.document(one, NOW) is None
    first = requests.agency.document(one, NOW + OPEN)
    assert first is not None
    assert first.pdf.startswith(b"%PDF-")
    assert requests.agency.document(one, NOW + 2 * OPEN) == first


def test_no_document_comes_of_what_was_rejected(engine: Engine) -> None:
    ministry = AtJustice(engine)
    assert ministry.agency.document(ministry.requested(ON_RECORD), NOW + 3 * OPEN) is None


def test_a_carrier_takes_a_message_once_however_often_it_is_offered(engine: Engine) -> None:
    carrier = SandboxMessages(engine, lambda: NOW)
    message = Message(id=uuid6.uuid7(), phone="+962790123456", words=Words(ar="رسالة", en="message"))
    for _ in range(3):
        carrier.send(message)
    carrier.send(msgspec.structs.replace(message, id=uuid6.uuid7()))
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(carried)).scalar_one() == 2

"""The terminal's own ledger and gateway against the real intake: both halves of the contract in one line."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from uuid6 import uuid7

from kiosk.failures import Failure, ServiceFailure
from kiosk.settings import Gateway
from kiosk.transaction import AgreedLine, Agreement, Ids, PaymentMethod, PaymentState
from kiosk.wire import Batch, Enquiry
from offline_queue.centre import NoAnswer, Silence
from offline_queue.gateway import HttpsGateway
from offline_queue.intake.agencies.traffic import Behaviour
from offline_queue.intake.inspect import stored
from offline_queue.keys import load_terminal, load_trust
from offline_queue.ledger import SqlLedger
from tests.offline_queue.intake.parts import PERSON, PLATE, running


class WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@contextlib.contextmanager
def _gateway(keys: Path, port: int, terminal: str = "KRK3") -> Iterator[HttpsGateway]:
    settings = Gateway(url=f"https://127.0.0.1:{port}", authority=keys / "tls" / "authority.pem", timeout_seconds=30)
    key = load_terminal(keys / "terminal").ledger
    gateway = HttpsGateway(settings, terminal=terminal, key=key, trust=load_trust(keys / "trust"), clock=WallClock())
    try:
        yield gateway
    finally:
        gateway.close()


@pytest.fixture
def gateway(keys: Path, database: Path) -> Iterator[HttpsGateway]:
    with running(keys, database) as server, _gateway(keys, server.port) as gateway:
        yield gateway


@pytest.fixture
def ledger(keys: Path, tmp_path: Path) -> Iterator[SqlLedger]:
    terminal = load_terminal(keys / "terminal")
    ledger = SqlLedger(
        tmp_path / "state" / "ledger.db",
        terminal="KRK3",
        keys=terminal,
        clock=WallClock(),
        verify_url="https://v.test/r",
    )
    yield ledger
    ledger.close()


def _enquiry(**fields: str) -> Enquiry:
    return Enquiry(terminal="KRK3", service="traffic.fines", fields=fields)


def _sell(ledger: SqlLedger, gateway: HttpsGateway) -> UUID:
    """One visit's worth: enquired, agreed to, paid, committed."""
    quote, signed = gateway.enquire(_enquiry(plate=PLATE, national_number=PERSON), "traffic")
    line = quote.lines[0]
    agreed = AgreedLine(id=line.id, title_ar=line.title.ar, title_en=line.title.en, amount_fils=line.amount_fils)
    ids = Ids(basket=uuid7(), transaction=uuid7(), payment=uuid7())
    ledger.prepare(
        Agreement(
            ids=ids,
            service="traffic.fines",
            agency="traffic",
            national_number=PERSON,
            person_name="سلمى",
            answers={"search_by": "vehicle", "plate": PLATE},
            lines=(agreed,),
            total_fils=agreed.amount_fils,
            method=PaymentMethod.BANK_CARD,
            quote=msgspec.json.encode(signed),
            agreed_at=datetime.now(UTC),
        )
    )
    for state in (PaymentState.AUTHORISED, PaymentState.CAPTURED):
        ledger.record_payment(ids.payment, ids.transaction, state, "visit")
    ledger.commit(ids.transaction, "visit")
    return ids.transaction


def test_what_the_ledger_committed_is_accepted_and_held(
    gateway: HttpsGateway, ledger: SqlLedger, database: Path
) -> None:
    sold = [_sell(ledger, gateway), _sell(ledger, gateway)]  # the second pays the same fine again
    items = ledger.outbox.lease(2**53, limit=10, limit_bytes=2**20)
    answer, proof = gateway.submit(Batch(terminal="KRK3", items=items))
    assert [(one.transaction, one.result, one.code) for one in answer.answers] == [
        (sold[0], "accepted", ""),
        (sold[1], "rejected", "ALREADY_PAID"),
    ]
    assert proof.key_id == "centre"
    assert gateway.held(1, 5).held == tuple(enumerate(sold, start=1))
    assert [(one.transaction, one.state) for one in stored(database)] == [(sold[0], "accepted"), (sold[1], "rejected")]


def test_health_says_how_far_the_clocks_differ(gateway: HttpsGateway) -> None:
    assert abs(gateway.health().clock_difference_ms) < 60_000


def test_a_refusal_reaches_the_person_in_the_agencys_words(gateway: HttpsGateway) -> None:
    with pytest.raises(ServiceFailure) as refused:
        gateway.enquire(_enquiry(plate="99-1"), "traffic")
    assert refused.value.failure is Failure.AGENCY_REFUSED
    assert refused.value.words_ar
    assert refused.value.words_en


def test_a_silent_agency_and_an_unknown_terminal_are_told_apart(keys: Path, database: Path) -> None:
    with (
        running(keys, database, Behaviour(silent=True)) as server,
        _gateway(keys, server.port) as gateway,
        _gateway(keys, server.port, "ZZZ9") as stranger,
    ):
        with pytest.raises(ServiceFailure) as silent:
            gateway.enquire(_enquiry(plate=PLATE), "traffic")
        assert silent.value.failure is Failure.AGENCY_SILENT
        with pytest.raises(NoAnswer) as refused:
            stranger.held(1, 1)
        assert refused.value.silence is Silence.TERMINAL_REFUSED

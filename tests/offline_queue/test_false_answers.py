"""What comes back instead of the centre's answer, over real HTTPS: it decides nothing, is named, and ends by itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.settings import Gateway
from kiosk.transaction import TransactionState
from kiosk.wire import ANSWER_CONTEXT, CENTRE_KEY, Batch, BatchAnswer, Health, encode_canonical
from offline_queue.centre import NoAnswer, Silence
from offline_queue.drain import Drain, Pace
from offline_queue.gateway import HttpsGateway
from offline_queue.keys import TerminalKeys, Trust
from offline_queue.ledger import SqlLedger
from offline_queue.signing import sign
from tests.offline_queue.https_server import Asked, Reply, TestServer
from tests.offline_queue.parts import TERMINAL, SetClock, answer_for, read_key, sell

PORTAL = b"<html><title>Welcome to the hotel</title>Accept the terms to go on</html>"


class WallClock(SetClock):
    """Time as the signatures need it; pauses as the test moves them."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@pytest.fixture
def clock() -> WallClock:
    return WallClock()


@pytest.fixture
def server(key_folder: Path, terminal_keys: TerminalKeys) -> Iterator[TestServer]:
    with closing(TestServer(key_folder / "tls", terminal_keys.ledger.public_key())) as server:
        yield server
    assert server.wrong == []


def connect(server: TestServer, folder: Path, keys: TerminalKeys, trust: Trust, seconds: float) -> HttpsGateway:
    settings = Gateway(url=server.url, authority=folder / "tls" / "authority.pem", timeout_seconds=seconds)
    return HttpsGateway(settings, terminal=TERMINAL, key=keys.ledger, trust=trust, clock=WallClock())


@pytest.fixture
def drain(
    server: TestServer, key_folder: Path, terminal_keys: TerminalKeys, trust: Trust, ledger: SqlLedger, clock: WallClock
) -> Iterator[Drain]:
    with closing(connect(server, key_folder, terminal_keys, trust, 60.0)) as gateway:
        pace = Pace(probe_up=1e6, probe_down=1e6)
        yield Drain(
            ledger, gateway, TERMINAL, clock, pace=pace, draw=lambda _low, high: high, monotonic=clock.monotonic
        )


@pytest.fixture
def centre_key(key_folder: Path) -> Ed25519PrivateKey:
    return read_key(key_folder / "centre" / "centre.key")


def answering(key: Ed25519PrivateKey, asked: Asked, *, of_others: bool = False) -> Reply:
    """A health or a batch, answered by this key."""
    now = datetime.now(UTC)
    answer: msgspec.Struct = Health(now=now, version="test")
    if asked.method == "POST":
        items = msgspec.json.decode(asked.body, type=Batch).items
        named = [uuid4() if of_others else item.transaction for item in items]
        decided = tuple(answer_for(transaction, "accepted") for transaction in named)
        answer = BatchAnswer(terminal=TERMINAL, answered_at=now, answers=decided)
    return Reply(msgspec.json.encode(sign(encode_canonical(answer), ANSWER_CONTEXT, key, CENTRE_KEY)))


FALSE: dict[str, tuple[Reply, Silence]] = {
    "a portal's page": (Reply(PORTAL, content_type="text/html"), Silence.UNPROVEN),
    "a portal that says JSON": (Reply(PORTAL), Silence.UNPROVEN),
    "a portal's redirect": (
        Reply(PORTAL, status=302, headers={"Location": "https://portal.test/"}, content_type="text/html"),
        Silence.UNPROVEN,
    ),
    "network login wanted": (Reply(PORTAL, status=511, content_type="text/html"), Silence.UNPROVEN),
    "trouble": (Reply(b"{}", status=500), Silence.CENTRE_TROUBLE),
    "a gateway's trouble": (Reply(b"<html>", status=502, content_type="text/html"), Silence.CENTRE_TROUBLE),
    "too large a batch": (Reply(b"{}", status=413), Silence.UNPROVEN),
    "ten megabytes": (Reply(b'{"payload":"' + b"A" * 10_000_000 + b'"}'), Silence.UNPROVEN),
}
HOLDS: dict[str, tuple[Reply, Silence, float]] = {
    "too much": (Reply(b"{}", status=429, headers={"Retry-After": "120"}), Silence.TOO_MUCH, 122.0),
    "busy for a while": (Reply(b"{}", status=503, headers={"Retry-After": "30"}), Silence.CENTRE_TROUBLE, 32.0),
    "not known": (Reply(b"{}", status=401), Silence.TERMINAL_REFUSED, 300.0),
    "forbidden": (Reply(b"{}", status=403), Silence.TERMINAL_REFUSED, 300.0),
}


def problems(ledger: SqlLedger) -> list[str]:
    return [
        str(row[0]) for row in ledger._database.read(lambda one: one.execute("SELECT problem FROM outbox").fetchall())
    ]


def wait_out(drain: Drain, clock: WallClock) -> None:
    clock.move(drain.next_step_in())
    drain.step(hurry=False)


@pytest.mark.parametrize("what", FALSE)
def test_a_false_answer_decides_nothing_and_the_same_bytes_go_again(
    server: TestServer,
    drain: Drain,
    ledger: SqlLedger,
    clock: WallClock,
    centre_key: Ed25519PrivateKey,
    what: str,
) -> None:
    reply, silence = FALSE[what]
    sold = [sell(ledger).transaction for _ in range(2)]
    server.answer = lambda _asked: reply
    drain.step(hurry=False)
    assert (drain.trouble, problems(ledger)) == (silence, [silence] * 2)
    assert not drain.on_hold
    server.answer = lambda asked: answering(centre_key, asked)
    for _ in range(4):  # what may have been too much goes by halves
        wait_out(drain, clock)
    assert {ledger.outcome_of(one).state for one in sold} == {TransactionState.ACCEPTED}
    first, *again = (msgspec.json.decode(asked.body, type=Batch).items for asked in server.asked if asked.body)
    assert sum(again, ()) == first


@pytest.mark.parametrize("of_others", [False, True], ids=["another key", "the ids of others"])
def test_an_answer_by_another_key_or_of_others_decides_nothing(
    server: TestServer,
    drain: Drain,
    ledger: SqlLedger,
    clock: WallClock,
    centre_key: Ed25519PrivateKey,
    of_others: bool,
) -> None:
    sold = sell(ledger).transaction
    key = centre_key if of_others else Ed25519PrivateKey.generate()
    server.answer = lambda asked: answering(key, asked, of_others=of_others)
    drain.step(hurry=False)
    assert problems(ledger) == [Silence.UNPROVEN]
    server.answer = lambda asked: answering(centre_key, asked)
    wait_out(drain, clock)
    assert ledger.outcome_of(sold).state is TransactionState.ACCEPTED


@pytest.mark.parametrize("what", HOLDS)
def test_a_pause_that_is_asked_for_is_kept_whatever_hurries(
    server: TestServer,
    drain: Drain,
    ledger: SqlLedger,
    clock: WallClock,
    centre_key: Ed25519PrivateKey,
    caplog: pytest.LogCaptureFixture,
    what: str,
) -> None:
    reply, silence, seconds = HOLDS[what]
    sold = sell(ledger).transaction
    server.answer = lambda asked: reply if asked.method == "POST" else answering(centre_key, asked)
    drain.step(hurry=False)
    assert (drain.trouble, problems(ledger), drain.on_hold) == (silence, [silence], True)
    assert ("ERROR" in {record.levelname for record in caplog.records}) == (silence is Silence.TERMINAL_REFUSED)
    sent = len(server.asked)
    clock.move(seconds - 1)
    drain.step(hurry=True, first=[sold])
    assert len(server.asked) == sent
    server.answer = lambda asked: answering(centre_key, asked)
    clock.move(1)
    drain.step(hurry=False)
    assert ledger.outcome_of(sold).state is TransactionState.ACCEPTED
    assert not drain.on_hold


@pytest.mark.parametrize("trickle", ["head", "body"])
def test_an_answer_that_trickles_ends_with_its_exchange(
    server: TestServer, key_folder: Path, terminal_keys: TerminalKeys, trust: Trust, trickle: str
) -> None:
    """No single read is ever late: the whole would be under way for minutes, and with a larger one for days."""
    server.answer = lambda _asked: Reply(b"x" * 400, trickle=trickle, trickle_seconds=0.3)  # type: ignore[arg-type]
    began = time.monotonic()
    gateway = connect(server, key_folder, terminal_keys, trust, 1.0)
    with closing(gateway), pytest.raises(NoAnswer) as caught:
        gateway.health()
    assert caught.value.silence is Silence.TIMED_OUT
    assert time.monotonic() - began < 15

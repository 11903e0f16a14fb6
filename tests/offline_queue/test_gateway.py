"""The gateway against real HTTPS: what counts as an answer, and what each way of not answering is called."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.failures import Failure, ServiceFailure
from kiosk.settings import Gateway
from kiosk.wire import (
    ANSWER_CONTEXT,
    CENTRE_KEY,
    QUOTE_CONTEXT,
    Batch,
    BatchAnswer,
    Enquiry,
    EnquiryAnswer,
    Health,
    HeldAnswer,
    Quote,
    QuoteLine,
    Signed,
    Words,
    agency_key_id,
    encode_canonical,
)
from offline_queue import gateway as gateway_module
from offline_queue.centre import NoAnswer, Silence
from offline_queue.gateway import HttpsGateway
from offline_queue.intake.issue_keys import issue
from offline_queue.keys import TerminalKeys, Trust
from offline_queue.ledger import SqlLedger
from offline_queue.signing import sign
from tests.offline_queue.https_server import Asked, Reply, TestServer
from tests.offline_queue.parts import TERMINAL, agreement, answer_for, pay, read_key, sell
from tests.offline_queue.slow_line import SlowLine

ENQUIRY = Enquiry(terminal=TERMINAL, service="traffic.fines", fields={"plate": "12-34567"})
Connect = Callable[..., HttpsGateway]


class RealClock:
    def __init__(self) -> None:
        self.wrong_by = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.wrong_by


@pytest.fixture
def real_clock() -> RealClock:
    return RealClock()


@pytest.fixture
def server(key_folder: Path, terminal_keys: TerminalKeys) -> Iterator[TestServer]:
    server = TestServer(key_folder / "tls", terminal_keys.ledger.public_key())
    yield server
    server.close()
    assert server.wrong == []


@pytest.fixture
def connect(
    server: TestServer, key_folder: Path, terminal_keys: TerminalKeys, trust: Trust, real_clock: RealClock
) -> Iterator[Connect]:
    opened: list[HttpsGateway] = []

    def make(url: str = "", authority: Path | None = None, seconds: float = 10.0) -> HttpsGateway:
        settings = Gateway(
            url=url or server.url,
            authority=authority or key_folder / "tls" / "authority.pem",
            timeout_seconds=seconds,
        )
        opened.append(
            HttpsGateway(settings, terminal=TERMINAL, key=terminal_keys.ledger, trust=trust, clock=real_clock)
        )
        return opened[-1]

    yield make
    for gateway in opened:
        gateway.close()


@pytest.fixture
def centre_key(key_folder: Path) -> Ed25519PrivateKey:
    return read_key(key_folder / "centre" / "centre.key")


@pytest.fixture
def agency_key(key_folder: Path) -> Ed25519PrivateKey:
    return read_key(key_folder / "agency" / "traffic.key")


def signed(answer: msgspec.Struct, key: Ed25519PrivateKey, key_id: str = CENTRE_KEY) -> Reply:
    return Reply(msgspec.json.encode(sign(encode_canonical(answer), ANSWER_CONTEXT, key, key_id)))


def health_at(moment: datetime) -> Health:
    return Health(now=moment, version="0.1.0")


def make_quote(**changes: object) -> Quote:
    now = datetime.now(UTC)
    quote = Quote(
        quote=uuid4(),
        agency="traffic",
        service=ENQUIRY.service,
        fields=dict(ENQUIRY.fields),
        issued_at=now,
        expires_at=now + timedelta(minutes=10),
        lines=(
            QuoteLine(id="F-1", title=Words(ar="س", en="S"), place=None, occurred_on=None, amount_fils=5, payable=True),
        ),
    )
    return msgspec.structs.replace(quote, **changes)


def quoted(quote: Quote, agency_key: Ed25519PrivateKey, key_id: str = "agency-traffic") -> EnquiryAnswer:
    return EnquiryAnswer(
        terminal=TERMINAL,
        answered_at=datetime.now(UTC),
        quote=sign(encode_canonical(quote), QUOTE_CONTEXT, agency_key, key_id),
    )


def silence_of(call: Callable[[], object]) -> Silence:
    with pytest.raises(NoAnswer) as caught:
        call()
    return caught.value.silence


# -- requests


def test_every_request_is_signed_anew(connect: Connect, server: TestServer, centre_key: Ed25519PrivateKey) -> None:
    server.answer = lambda _asked: signed(health_at(datetime.now(UTC)), centre_key)
    gateway = connect()
    gateway.health()
    gateway.health()
    first, second = server.asked
    assert (first.method, first.path, first.body) == ("GET", "/v1/health", b"")
    assert first.nonce != second.nonce
    covered = {'"@method"', '"@authority"', '"@path"', '"content-digest"', '"@signature-params"'}
    assert set(first.components) == covered


def test_a_wrong_clock_is_measured_and_then_allowed_for(
    key_folder: Path,
    terminal_keys: TerminalKeys,
    connect: Connect,
    real_clock: RealClock,
    centre_key: Ed25519PrivateKey,
) -> None:
    real_clock.wrong_by = timedelta(days=-2)
    with closing(TestServer(key_folder / "tls", terminal_keys.ledger.public_key(), timedelta(minutes=15))) as strict:
        strict.answer = lambda asked: (
            signed(health_at(datetime.now(UTC)), centre_key) if asked.method == "GET" else Reply(b"{}")
        )
        gateway = connect(strict.url)
        assert silence_of(gateway.health) is Silence.TERMINAL_REFUSED
        strict.wrong.clear()
        strict.max_age = None  # as the real intake, which answers for its health whatever the clock
        difference = gateway.health().clock_difference_ms
        strict.max_age = timedelta(minutes=15)
        assert abs(difference - 2 * 24 * 3600 * 1000) < 60_000
        assert abs(gateway.now() - datetime.now(UTC)) < timedelta(minutes=1)
        assert silence_of(lambda: gateway.enquire(ENQUIRY, "traffic")) is Silence.UNPROVEN
        assert strict.wrong == []


def test_the_environment_sets_no_proxy_and_no_authority(
    connect: Connect, server: TestServer, centre_key: Ed25519PrivateKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", os.devnull)
    server.answer = lambda _asked: signed(health_at(datetime.now(UTC)), centre_key)
    assert connect().health().version == "0.1.0"


# -- answers to a batch


@pytest.fixture
def batch(ledger: SqlLedger) -> Batch:
    sell(ledger)
    sell(ledger)
    return Batch(terminal=TERMINAL, items=ledger.outbox.lease(0, limit=10, limit_bytes=10**6))


def batch_answer(batch: Batch, terminal: str = TERMINAL) -> BatchAnswer:
    answers = tuple(answer_for(item.transaction, "accepted") for item in batch.items)
    return BatchAnswer(terminal=terminal, answered_at=datetime.now(UTC), answers=answers)


def test_what_cannot_be_sent_in_smaller_parts_is_given_the_time_that_a_slow_line_needs(
    connect: Connect, server: TestServer, centre_key: Ed25519PrivateKey, ledger: SqlLedger
) -> None:
    """A request with scanned pages, over a line that carries it in twice as long as an exchange may take."""
    server.answer = lambda asked: signed(batch_answer(msgspec.json.decode(asked.body, type=Batch)), centre_key)
    ledger.commit(pay(ledger, agreement(documents=(b"\xff" * 60_000,))).transaction, "visit")
    (one,) = ledger.outbox.lease(0, limit=1, limit_bytes=10**6)
    seconds, rate = 0.25, len(msgspec.json.encode(one))
    with SlowLine(int(server.url.rpartition(":")[2]), rate) as line:
        answer, _ = connect(f"https://localhost:{line.port}", seconds=seconds).submit(
            Batch(terminal=TERMINAL, items=(one,))
        )
        assert [named.transaction for named in answer.answers] == [one.transaction]


def test_a_batch_goes_as_it_was_signed(
    connect: Connect, server: TestServer, centre_key: Ed25519PrivateKey, batch: Batch
) -> None:
    server.answer = lambda asked: signed(batch_answer(msgspec.json.decode(asked.body, type=Batch)), centre_key)
    answer, proof = connect().submit(batch)
    assert msgspec.json.decode(server.asked[0].body, type=Batch) == batch
    assert [item.transaction for item in answer.answers] == [item.transaction for item in batch.items]
    assert msgspec.json.decode(proof.payload, type=BatchAnswer) == answer


def test_only_the_centres_word_about_these_items_counts(
    connect: Connect,
    server: TestServer,
    centre_key: Ed25519PrivateKey,
    agency_key: Ed25519PrivateKey,
    batch: Batch,
) -> None:
    true = batch_answer(batch)
    other = BatchAnswer(terminal=TERMINAL, answered_at=true.answered_at, answers=(answer_for(uuid4(), "accepted"),))
    twice = msgspec.structs.replace(true, answers=true.answers[:1] * 2)
    payload = encode_canonical(true)
    good = sign(payload, ANSWER_CONTEXT, centre_key, CENTRE_KEY)
    false_ones = {
        "another key": signed(true, agency_key),
        "another key's name": signed(true, centre_key, "agency-traffic"),
        "another context": Reply(msgspec.json.encode(sign(payload, QUOTE_CONTEXT, centre_key, CENTRE_KEY))),
        "changed bytes": Reply(msgspec.json.encode(msgspec.structs.replace(good, payload=payload + b" "))),
        "short signature": Reply(msgspec.json.encode(msgspec.structs.replace(good, signature=b"x"))),
        "another terminal": signed(batch_answer(batch, "IRB1"), centre_key),
        "another item": signed(other, centre_key),
        "an item twice": signed(twice, centre_key),
        "another message": signed(health_at(true.answered_at), centre_key),
        "unsigned": Reply(payload),
        "a portal's page": Reply(b"<html>Welcome</html>", content_type="text/html"),
        "a page that says JSON": Reply(b"<html>Welcome</html>"),
        "JSON that says HTML": Reply(msgspec.json.encode(good), content_type="text/html"),
        "bytes that are no text": Reply(b'{"payload":"\xff\xfe'),
        "a redirect": Reply(b"", status=302, headers={"Location": "https://localhost:1/"}),
        "not found": Reply(b"{}", status=404),
    }
    gateway = connect()
    for name, reply in false_ones.items():
        server.answer = lambda _asked, reply=reply: reply  # type: ignore[misc]
        assert silence_of(lambda: gateway.submit(batch)) is Silence.UNPROVEN, name
    server.answer = lambda _asked: Reply(msgspec.json.encode(good))
    assert gateway.submit(batch)[0] == true


@pytest.mark.parametrize(
    ("status", "headers", "silence", "after"),
    [
        (401, {}, Silence.TERMINAL_REFUSED, None),
        (403, {}, Silence.TERMINAL_REFUSED, None),
        (429, {"Retry-After": "17"}, Silence.TOO_MUCH, 17.0),
        (429, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, Silence.TOO_MUCH, None),
        (429, {"Retry-After": "-5"}, Silence.TOO_MUCH, None),
        (503, {"Retry-After": "5"}, Silence.CENTRE_TROUBLE, 5.0),
        (500, {}, Silence.CENTRE_TROUBLE, None),
    ],
)
def test_a_status_is_named(
    connect: Connect, server: TestServer, status: int, headers: dict[str, str], silence: Silence, after: float | None
) -> None:
    server.answer = lambda _asked: Reply(b"{}", status=status, headers=headers)
    with pytest.raises(NoAnswer) as caught:
        connect().health()
    assert (caught.value.silence, caught.value.retry_after) == (silence, after)


def test_no_server_is_no_line(connect: Connect) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: nobody else gets this port meanwhile
        gateway = connect(f"https://127.0.0.1:{taken.getsockname()[1]}")
        assert silence_of(gateway.health) is Silence.NO_LINE


def test_another_authority_is_no_line(connect: Connect, server: TestServer, tmp_path: Path) -> None:
    issue(tmp_path / "other", TERMINAL)
    assert silence_of(connect(authority=tmp_path / "other" / "tls" / "authority.pem").health) is Silence.NO_LINE
    assert silence_of(connect(authority=tmp_path / "missing.pem").health) is Silence.NO_LINE
    assert server.asked == []


def test_a_line_that_breaks_before_the_answer_is_cut_off(connect: Connect, server: TestServer) -> None:
    server.answer = lambda _asked: Reply(hang_up=True)
    assert silence_of(connect().health) is Silence.CUT_OFF


@pytest.mark.parametrize("stall_after", [0, 5])
def test_a_stalled_answer_has_timed_out(connect: Connect, server: TestServer, stall_after: int) -> None:
    server.answer = lambda _asked: Reply(b"x" * 10, stall_after=stall_after)
    assert silence_of(connect(seconds=0.2).health) is Silence.TIMED_OUT


def test_an_endless_answer_is_cut(connect: Connect, server: TestServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway_module, "_LARGEST_ANSWER", 50_000)
    server.answer = lambda _asked: Reply(b"x" * 200_000)
    with pytest.raises(NoAnswer) as caught:
        connect().health()
    assert caught.value.detail == "too large"


# -- the other questions


def test_held_must_answer_what_was_asked(connect: Connect, server: TestServer, centre_key: Ed25519PrivateKey) -> None:
    answer = HeldAnswer(terminal=TERMINAL, answered_at=datetime.now(UTC), first=1, last=9, held=((3, uuid4()),))
    server.answer = lambda _asked: signed(answer, centre_key)
    gateway = connect()
    assert gateway.held(1, 9) == answer
    assert silence_of(lambda: gateway.held(1, 8)) is Silence.UNPROVEN
    answer = msgspec.structs.replace(answer, held=((10, uuid4()),))
    assert silence_of(lambda: gateway.held(1, 9)) is Silence.UNPROVEN


def test_a_time_without_a_zone_is_no_health(
    connect: Connect, server: TestServer, centre_key: Ed25519PrivateKey
) -> None:
    server.answer = lambda _asked: signed(health_at(datetime(2026, 11, 24)), centre_key)  # noqa: DTZ001 -- the point
    assert silence_of(connect().health) is Silence.UNPROVEN


def test_a_quote_is_proven_and_kept_as_signed(
    connect: Connect, server: TestServer, centre_key: Ed25519PrivateKey, agency_key: Ed25519PrivateKey
) -> None:
    answer = quoted(make_quote(), agency_key)
    server.answer = lambda _asked: signed(answer, centre_key)
    quote, as_signed = connect().enquire(ENQUIRY, "traffic")
    assert as_signed == answer.quote
    assert msgspec.json.decode(as_signed.payload, type=Quote) == quote
    assert msgspec.json.decode(server.asked[0].body, type=Enquiry) == ENQUIRY


def test_only_the_agencys_quote_for_this_enquiry_counts(
    connect: Connect, server: TestServer, centre_key: Ed25519PrivateKey, agency_key: Ed25519PrivateKey
) -> None:
    line = make_quote().lines[0]
    gateway = connect()
    naive = datetime(2036, 1, 1)  # noqa: DTZ001 -- the point
    false_ones = {
        "the centre's key": quoted(make_quote(), centre_key),
        "another name": quoted(make_quote(), agency_key, agency_key_id("other")),
        "another service": quoted(make_quote(service="traffic.licence"), agency_key),
        "other fields": quoted(make_quote(fields={"plate": "99-1"}), agency_key),
        "another agency": quoted(make_quote(agency="other"), agency_key),
        "no zone": quoted(make_quote(expires_at=naive), agency_key),
        "a negative amount": quoted(make_quote(lines=(msgspec.structs.replace(line, amount_fils=-1),)), agency_key),
        "a line twice": quoted(make_quote(lines=(line, line)), agency_key),
        "another terminal": msgspec.structs.replace(quoted(make_quote(), agency_key), terminal="IRB1"),
    }
    for name, answer in false_ones.items():
        server.answer = lambda _asked, answer=answer: signed(answer, centre_key)  # type: ignore[misc]
        with pytest.raises(ServiceFailure) as caught:
            gateway.enquire(ENQUIRY, "traffic")
        assert caught.value.failure is Failure.ANSWER_UNPROVEN, name
    server.answer = lambda _asked: signed(quoted(make_quote(), agency_key), centre_key)
    with pytest.raises(ServiceFailure) as caught:
        gateway.enquire(ENQUIRY, "unheard_of")
    assert caught.value.failure is Failure.ANSWER_UNPROVEN


def test_an_expired_quote_is_said_to_be_expired(
    connect: Connect, server: TestServer, centre_key: Ed25519PrivateKey, agency_key: Ed25519PrivateKey
) -> None:
    over = make_quote(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    server.answer = lambda _asked: signed(quoted(over, agency_key), centre_key)
    with pytest.raises(ServiceFailure) as caught:
        connect().enquire(ENQUIRY, "traffic")
    assert caught.value.failure is Failure.QUOTE_EXPIRED


def test_a_refusal_comes_in_the_agencys_words(
    connect: Connect, server: TestServer, centre_key: Ed25519PrivateKey
) -> None:
    refusal = EnquiryAnswer(
        terminal=TERMINAL,
        answered_at=datetime.now(UTC),
        quote=None,
        refusal_code="PLATE_UNKNOWN",
        refusal=Words(ar="اللوحة غير مسجلة", en="This plate is not registered"),
    )
    server.answer = lambda _asked: signed(refusal, centre_key)
    with pytest.raises(ServiceFailure) as caught:
        connect().enquire(ENQUIRY, "traffic")
    assert caught.value.failure is Failure.AGENCY_REFUSED
    assert (caught.value.words_ar, caught.value.words_en) == ("اللوحة غير مسجلة", "This plate is not registered")


@pytest.mark.parametrize(
    ("reply", "failure"),
    [
        (Reply(b"{}", status=503, headers={"Retry-After": "5"}), Failure.AGENCY_SILENT),
        (Reply(b"{}", status=429), Failure.AGENCY_SILENT),
        (Reply(b"{}", status=401), Failure.AGENCY_UNREACHABLE),
        (Reply(b"<html>", content_type="text/html"), Failure.ANSWER_UNPROVEN),
        (Reply(hang_up=True), Failure.AGENCY_UNREACHABLE),
    ],
)
def test_a_person_is_told_what_is_wrong(connect: Connect, server: TestServer, reply: Reply, failure: Failure) -> None:
    server.answer = lambda _asked: reply
    with pytest.raises(ServiceFailure) as caught:
        connect().enquire(ENQUIRY, "traffic")
    assert caught.value.failure is failure


def test_signed_bytes_are_shown_in_no_repr(agency_key: Ed25519PrivateKey) -> None:
    shown = repr((ENQUIRY, make_quote(), Signed(payload=b"12-34567", key_id="x", signature=b"")))
    assert "34567" not in shown


def test_what_was_asked_is_recorded_once(connect: Connect, server: TestServer) -> None:
    """A request whose answer is lost is not sent again behind the sync's back."""
    server.answer = lambda _asked: Reply(hang_up=True)
    assert silence_of(connect().health) is Silence.CUT_OFF
    assert isinstance(server.asked[0], Asked)
    assert len(server.asked) == 1

"""Who may speak: real HTTPS requests, signed by the RFC's text, and each way in which one does not prove itself."""

from __future__ import annotations

import base64
import hashlib
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.wire import ANSWER_CONTEXT, LARGEST_REQUEST_BYTES, Health, Signed
from offline_queue.intake.centre import Centre
from tests.offline_queue.intake.parts import Line, Terminal, opened, public_key, running

HELD = "/v1/held"
BODY = b'{"schema":1,"terminal":"KRK3","first":1,"last":9}'


@pytest.fixture(scope="module")
def line(keys: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """One intake for all of these tests: none of them leaves anything in it."""
    with running(keys, tmp_path_factory.mktemp("intake") / "intake.db") as server:
        yield Line(keys, server.port)


def test_a_signed_request_is_heard_and_the_answer_is_the_centres(terminal: Terminal) -> None:
    reply = terminal.post(HELD, BODY)
    assert reply.status == 200
    assert reply.headers["content-type"] == "application/json"
    assert terminal.held(1, 9).held == ()


def test_a_query_is_no_way_around_the_signed_path(terminal: Terminal) -> None:
    headers = terminal.headers(HELD, BODY)
    assert terminal.line.send("POST", "/v1/batches", BODY, headers).status == 401
    assert terminal.line.send("POST", HELD, BODY, headers).status == 200


HELP = tuple(f"/v1/help/{act}" for act in ("call", "state", "open", "answer", "close"))


@pytest.mark.parametrize("path", ["/v1/batches", "/v1/held", "/v1/enquiries", *HELP])
def test_who_does_not_sign_is_not_heard(line: Line, path: str) -> None:
    reply = line.send("POST", path, BODY, {"Content-Type": "application/json"})
    assert (reply.status, reply.error) == (401, "SIGNATURE")


MINUTES = 60

WRONG: dict[str, dict[str, Any]] = {
    "too old": {"late": -16 * MINUTES},
    "too far ahead": {"late": 16 * MINUTES},
    "no time": {"created": None},
    "unknown terminal": {"keyid": "ledger-ZZZ9"},
    "the centre's own name": {"keyid": "centre"},
    "another terminal's name": {"keyid": "ledger-KRK4"},
    "no name": {"keyid": None},
    "no nonce": {"nonce": None},
    "empty nonce": {"nonce": ""},
    "endless nonce": {"nonce": "n" * 200},
    "another tag": {"tag": "something-else"},
    "another algorithm": {"alg": "hmac-sha256"},
    "method not covered": {"covered": ("@authority", "@path", "content-digest")},
    "authority not covered": {"covered": ("@method", "@path", "content-digest")},
    "path not covered": {"covered": ("@method", "@authority", "content-digest")},
    "digest not covered": {"covered": ("@method", "@authority", "@path")},
}


@pytest.mark.parametrize("how", WRONG)
def test_a_signature_that_does_not_hold_is_not_heard(terminal: Terminal, how: str) -> None:
    said = dict(WRONG[how])
    if "late" in said:
        said["created"] = int(time.time()) + said.pop("late")  # of the moment of the test, not of its collection
    reply = terminal.post(HELD, BODY, **said)
    assert (reply.status, reply.error) == (401, "SIGNATURE")


@pytest.mark.parametrize("minutes", [-14, 14])
def test_a_clock_that_is_a_little_wrong_is_forgiven(terminal: Terminal, minutes: int) -> None:
    assert terminal.post(HELD, BODY, created=int(time.time()) + minutes * MINUTES).status == 200


def test_an_altered_body_is_not_heard_even_with_its_digest_put_right(terminal: Terminal) -> None:
    headers = terminal.headers(HELD, BODY)
    other = BODY.replace(b"9", b"8")
    assert terminal.line.send("POST", HELD, other, headers).status == 401
    digest = base64.b64encode(hashlib.sha256(other).digest()).decode()
    assert terminal.line.send("POST", HELD, other, headers | {"Content-Digest": f"sha-256=:{digest}:"}).status == 401


def test_another_key_cannot_speak_in_the_terminals_name(keys: Path, line: Line) -> None:
    stranger = Terminal(keys, line, "KRK3", Ed25519PrivateKey.generate())
    assert stranger.post(HELD, BODY).status == 401


def test_a_request_is_heard_once(terminal: Terminal) -> None:
    headers = terminal.headers(HELD, BODY)
    assert [terminal.line.send("POST", HELD, BODY, headers).status for _ in range(2)] == [200, 401]


def test_a_nonce_belongs_to_one_terminal(terminal: Terminal, other_terminal: Terminal) -> None:
    assert terminal.post(HELD, BODY, nonce="same").status == 200
    assert other_terminal.post(HELD, BODY.replace(b"KRK3", b"KRK4"), nonce="same").status == 200


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (HELD, BODY),
        ("/v1/batches", b'{"schema":1,"terminal":"KRK3","items":[]}'),
        ("/v1/enquiries", b'{"schema":1,"terminal":"KRK3","service":"traffic.fines","fields":{"plate":"10-1"}}'),
    ],
)
def test_a_terminal_speaks_for_itself_only(other_terminal: Terminal, path: str, body: bytes) -> None:
    reply = other_terminal.post(path, body)
    assert (reply.status, reply.error) == (403, "OTHER_TERMINAL")


@pytest.mark.parametrize(
    ("path", "body", "error"),
    [
        (HELD, b"", "UNREADABLE"),
        (HELD, b"\xff\xfe", "UNREADABLE"),
        (HELD, b'{"schema":1,"terminal":"KRK3","first":"one","last":2}', "UNREADABLE"),
        (HELD, b'{"schema":2,"terminal":"KRK3","first":1,"last":2}', "SCHEMA_UNKNOWN"),
        (HELD, b'{"schema":1,"terminal":"KRK3","first":0,"last":2}', "RANGE"),
        (HELD, b'{"schema":1,"terminal":"KRK3","first":3,"last":2}', "RANGE"),
        (HELD, b'{"schema":1,"terminal":"KRK3","first":1,"last":10001}', "RANGE"),
        (HELD, b'{"schema":1,"terminal":"KRK3","first":1180591620717411303424,"last":1180591620717411303424}', "RANGE"),
        ("/v1/batches", b'{"schema":1,"terminal":"KRK3","items":{}}', "UNREADABLE"),
        (
            "/v1/enquiries",
            b'{"schema":1,"terminal":"KRK3","service":"s","fields":{"plate":"' + b"1" * 65 + b'"}}',
            "FIELDS",
        ),
        ("/v1/batches", b"[" * 100_000, "UNREADABLE"),
    ],
)
def test_a_body_that_says_nothing_usable_is_refused_in_one_word(
    terminal: Terminal, path: str, body: bytes, error: str
) -> None:
    reply = terminal.post(path, body)
    assert (reply.status, reply.error) == (400, error)


def test_a_body_over_two_mebibytes_is_refused(terminal: Terminal) -> None:
    body = b" " * (LARGEST_REQUEST_BYTES + 1)
    reply = terminal.post(HELD, body)
    assert (reply.status, reply.error) == (413, "REQUEST_ENTITY_TOO_LARGE")
    assert terminal.post(HELD, BODY + b" " * (LARGEST_REQUEST_BYTES - len(BODY))).status == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/transactions", 404), ("GET", "/schema", 404), ("GET", "/", 404), ("GET", HELD, 405)],
)
def test_nothing_else_is_there(line: Line, method: str, path: str, status: int) -> None:
    reply = line.send(method, path, b"", {})
    assert (reply.status, len(reply.error.split())) == (status, 1)


def test_what_nobody_foresaw_is_answered_and_logged_by_its_kind_only(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("Salma 9892004821")

    monkeypatch.setattr(Centre, "held", fail)
    reply = terminal.post(HELD, BODY)
    assert (reply.status, reply.error) == (500, "INTERNAL")
    assert "ZeroDivisionError" in caplog.text
    assert "Salma" not in caplog.text


def test_health_is_told_to_anybody_and_proven(keys: Path, line: Line) -> None:
    reply = line.send("GET", "/v1/health", b"", {})
    signed = msgspec.json.decode(reply.body, type=Signed)
    health = opened(signed, ANSWER_CONTEXT, public_key(keys / "trust" / "centre.pem"), Health)
    assert health.version
    assert abs(health.now.timestamp() - time.time()) < 60


def _tls(line: Line, context: ssl.SSLContext) -> str | None:
    host, port = line.authority.split(":")
    with (
        socket.create_connection((host, int(port)), timeout=30) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as secured,
    ):
        return secured.version()


def test_the_connection_is_of_today_and_by_the_test_authority_only(keys: Path, line: Line) -> None:
    believing = ssl.create_default_context(cafile=keys / "tls" / "authority.pem")
    believing.verify_flags |= ssl.VERIFY_X509_STRICT
    assert _tls(line, believing) == "TLSv1.3"
    believing.maximum_version = ssl.TLSVersion.TLSv1_2
    assert _tls(line, believing) == "TLSv1.2"
    with pytest.raises(ssl.SSLCertVerificationError):
        _tls(line, ssl.create_default_context())


def test_an_older_tls_is_not_spoken(keys: Path, line: Line) -> None:
    old = ssl.create_default_context(cafile=keys / "tls" / "authority.pem")
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, ConnectionError)):
        _tls(line, old)

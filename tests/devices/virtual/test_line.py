"""The line that can be cut: plain bytes and TLS through it, and every way in which it fails."""

from __future__ import annotations

import socket
import socketserver
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import trustme

from devices.virtual.line import RecordWatch
from devices.virtual.part import Part

PATIENT = 20.0
"""Seconds that a busy machine may take. What must not arrive is waited for much shorter, once it is known as sent."""


class Centre(socketserver.ThreadingTCPServer):
    """Takes one line, keeps it, and answers `taken`; over TLS if it was given a context."""

    daemon_threads = True

    def __init__(self, context: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.context = context
        self.port: int = self.server_address[1]
        self.taken: list[bytes] = []
        self.took = threading.Semaphore(0)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()


class Conversation(socketserver.BaseRequestHandler):
    server: Centre

    def handle(self) -> None:
        connection = self.request
        try:
            if self.server.context is not None:
                connection = self.server.context.wrap_socket(connection, server_side=True)
            while piece := connection.recv(1000):
                self.server.taken.append(piece)
                connection.sendall(b"taken")
                self.server.took.release()
        except OSError:
            pass  # a line that is cut looks so from here
        finally:
            connection.close()


@contextmanager
def relayed(folder: Path, context: ssl.SSLContext | None = None) -> Iterator[tuple[Centre, Part]]:
    with ExitStack() as opened:
        centre = Centre(context)
        opened.callback(centre.close)
        command = (sys.executable, "-m", "devices.virtual.line", "--to", f"127.0.0.1:{centre.port}")
        line = Part("line", command, folder / "line.log")
        line.start()
        opened.callback(line.stop)
        line.ready()
        yield centre, line


def connect(line: Part) -> socket.socket:
    return socket.create_connection(("127.0.0.1", line.port), timeout=PATIENT)


def is_lost(connection: socket.socket) -> bool:
    """Whether the other side has reset it. Python's TLS reports a reset as an end of file (3.10 and later)."""
    try:
        return connection.recv(100) == b"" and isinstance(connection, ssl.SSLSocket)
    except ConnectionResetError:
        return True


def is_refused(line: Part) -> bool:
    """Whether a new connection is reset: while it is made, or as soon as it is."""
    try:
        with connect(line) as connection:
            return is_lost(connection)
    except ConnectionResetError:
        return True


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def server_side(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    return context


def client_side(authority: trustme.CA, version: ssl.TLSVersion) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority.configure_trust(context)
    context.minimum_version = context.maximum_version = version
    return context


def test_bytes_pass_both_ways_and_the_end_passes_too(tmp_path: Path) -> None:
    with relayed(tmp_path) as (centre, line), connect(line) as connection:
        connection.sendall(b"one")
        assert connection.recv(100) == b"taken"
        connection.sendall(b"two")
        assert connection.recv(100) == b"taken"
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(100) == b""
        assert centre.taken == [b"one", b"two"]


def test_cut_resets_what_is_open_and_what_is_new_until_it_is_restored(tmp_path: Path) -> None:
    with relayed(tmp_path) as (centre, line), connect(line) as connection:
        connection.sendall(b"one")
        assert connection.recv(100) == b"taken"
        assert line.tell("cut") == "ok"
        assert is_lost(connection)
        assert is_refused(line)
        assert line.tell("restore") == "ok"
        with connect(line) as again:
            again.sendall(b"three")
            assert again.recv(100) == b"taken"
        assert centre.taken == [b"one", b"three"]


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["1.2", "1.3"])
@pytest.mark.parametrize("when", ["before the connection", "on a live connection"])
def test_cut_answers_lets_the_question_arrive_over_tls(
    tmp_path: Path, authority: trustme.CA, server_side: ssl.SSLContext, version: ssl.TLSVersion, when: str
) -> None:
    context = client_side(authority, version)
    with ExitStack() as opened:
        centre, line = opened.enter_context(relayed(tmp_path, server_side))
        if when == "before the connection":
            line.tell("cut-answers")
        secure = opened.enter_context(context.wrap_socket(connect(line), server_hostname="localhost"))
        if when == "on a live connection":
            secure.sendall(b"first")
            assert secure.recv(100) == b"taken"
            assert centre.took.acquire(timeout=PATIENT)
            line.tell("cut-answers")
        secure.sendall(b"commit this")
        assert centre.took.acquire(timeout=PATIENT), "the centre never heard the question"
        assert centre.taken[-1] == b"commit this"
        secure.settimeout(0.05)
        with pytest.raises(TimeoutError):
            secure.recv(100)
        line.tell("restore")
        secure.settimeout(PATIENT)
        assert is_lost(secure)
        again = opened.enter_context(context.wrap_socket(connect(line), server_hostname="localhost"))
        again.sendall(b"commit this")
        assert again.recv(100) == b"taken"


def test_hang_carries_nothing_and_restore_carries_it_all(tmp_path: Path) -> None:
    with relayed(tmp_path) as (centre, line):
        line.tell("hang")
        with connect(line) as connection:
            connection.sendall(b"one")
            connection.settimeout(0.05)
            with pytest.raises(TimeoutError):
                connection.recv(100)
            assert centre.taken == []
            line.tell("restore")
            connection.settimeout(PATIENT)
            assert connection.recv(100) == b"taken"


def test_a_centre_that_is_down_is_a_reset_and_the_line_lives_on(tmp_path: Path) -> None:
    with relayed(tmp_path) as (centre, line):
        centre.close()
        for _ in range(2):
            assert is_refused(line)
        assert line.tell("latency 1") == "ok"
        assert line.tell("faster") == "unknown"


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_records_are_followed_whatever_pieces_they_come_in(size: int) -> None:
    handshake = b"\x16\x03\x01\x01\x2c" + b"\x17" * 300 + b"\x14\x03\x03\x00\x01\x01"
    watch = RecordWatch()
    for at in range(0, len(handshake), size):
        watch.see(handshake[at : at + size])
    assert not watch.speaking
    watch.see(b"\x17")
    watch.see(b"\x03\x03\x00\x05")
    assert watch.speaking

"""A small real HTTPS server whose next answers a test writes; it checks each request's signature as the intake must."""

from __future__ import annotations

import dataclasses
import ssl
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from pathlib import Path
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import HTTPMessageVerifier, MappingKeyResolver, algorithms
from requests import Request

from kiosk.wire import REQUEST_TAG, ledger_key_id
from tests.offline_queue.parts import TERMINAL


@dataclasses.dataclass
class Reply:
    """`stall_after` cuts the body there and goes silent until the server closes. `trickle` sends the head or the body a
    byte at a time, with so many seconds between."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = dataclasses.field(default_factory=dict)
    content_type: str = "application/json"
    stall_after: int | None = None
    hang_up: bool = False
    trickle: Literal["", "head", "body"] = ""
    trickle_seconds: float = 0.2


@dataclasses.dataclass
class Asked:
    method: str
    path: str
    body: bytes
    nonce: str
    components: tuple[str, ...]


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is what some tests are about, not a fault to be printed."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class TestServer:
    """`answer` is called with each request, once its signature is proven."""

    __test__ = False  # not a test, for pytest

    def __init__(self, tls: Path, ledger_key: Ed25519PublicKey, max_age: timedelta | None = None) -> None:
        self.answer: Callable[[Asked], Reply] = lambda _asked: Reply(b"{}")
        self.asked: list[Asked] = []
        self.wrong: list[str] = []
        self.closing = threading.Event()
        self._verifier = HTTPMessageVerifier(
            signature_algorithm=algorithms.ED25519,
            key_resolver=MappingKeyResolver(public_keys={ledger_key_id(TERMINAL): ledger_key}, private_keys={}),
        )
        self.max_age = max_age
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls / "server.pem", tls / "server.key")
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.url = f"https://localhost:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self._respond(self.rfile.read(int(self.headers.get("Content-Length", 0))))

            def do_GET(self) -> None:
                self._respond(b"")

            def _respond(self, body: bytes) -> None:
                try:
                    asked = server.check(self.command, self.path, self.headers.items(), self.headers["Host"], body)
                except Exception as error:  # shown by the test; this thread has no other way
                    server.wrong.append(str(error))
                    self.send_error(401)
                    return
                server.asked.append(asked)
                reply = server.answer(asked)
                if reply.hang_up:
                    self.close_connection = True
                    return
                self._send(reply)

            def _send(self, reply: Reply) -> None:
                if reply.trickle:
                    self.close_connection = True
                    _trickle(self.wfile, reply, server.closing)
                    return
                self.send_response(reply.status)
                self.send_header("Content-Type", reply.content_type)
                self.send_header("Content-Length", str(len(reply.body)))
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                if reply.stall_after is None:
                    self.wfile.write(reply.body)
                    return
                self.wfile.write(reply.body[: reply.stall_after])
                self.wfile.flush()
                server.closing.wait(60)
                self.close_connection = True

            def log_message(self, *_arguments: object) -> None:
                """Says nothing."""

        return Handler

    def check(self, method: str, path: str, headers: list[tuple[str, str]], host: str, body: bytes) -> Asked:
        request = Request(method, f"https://{host}{path}", headers=dict(headers))
        (result,) = self._verifier.verify(
            request,
            max_age=self.max_age,
            expect_tag=REQUEST_TAG,
            require_components=("@method", "@authority", "@path", "content-digest"),
            body=body,
        )
        assert {"created", "keyid", "nonce", "alg", "tag"} == set(result.parameters)
        return Asked(method, path, body, str(result.nonce), tuple(result.covered_components))


def _trickle(sink: BufferedIOBase, reply: Reply, closing: threading.Event) -> None:
    fields = {"Content-Type": reply.content_type, "Content-Length": len(reply.body)}
    head = "HTTP/1.1 200 OK\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields.items()) + "\r\n"
    whole = head.encode() + reply.body
    at_once = 0 if reply.trickle == "head" else len(head)
    sink.write(whole[:at_once])
    for byte in whole[at_once:]:
        sink.write(bytes([byte]))
        if closing.wait(reply.trickle_seconds):
            return

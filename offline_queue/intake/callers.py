"""Who is calling: a terminal proves each request by an HTTP Message Signature (RFC 9421) under its ledger key.

The signature must cover method, authority, path and the content's digest (RFC 9530), be made within fifteen minutes
of now, and carry a nonce that was not used before. Nonces are remembered by this process only: behind several
processes a replay would be answered again, which changes nothing, because every message is idempotent.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from datetime import timedelta

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageVerifier,
    MappingKeyResolver,
    VerifyResult,
    algorithms,
)

from kiosk.wire import REQUEST_TAG, ledger_key_id

COVERED = ("@method", "@authority", "@path", "content-digest")
TOLERANCE = timedelta(minutes=15)
LONGEST_NONCE = 128


class CallerRefused(Exception):
    """The request proves no known terminal. Carries no text: what was sent is hostile."""


class Fields(msgspec.Struct, frozen=True):
    """Header fields as they came, each line apart."""

    lines: tuple[tuple[str, str], ...]

    def items(self) -> Iterable[tuple[str, str]]:
        return self.lines


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What of a request the signature is checked against; `url` is absolute."""

    method: str
    url: str
    headers: Fields
    body: bytes


class _Verifier(HTTPMessageVerifier):
    """Both clocks may be wrong: `created` may lie as far ahead as behind."""

    max_clock_skew = TOLERANCE


class Callers:
    """The terminals that may call. Safe to call from several threads."""

    def __init__(self, terminals: Mapping[str, Ed25519PublicKey]) -> None:
        self._terminals = {ledger_key_id(terminal): terminal for terminal in terminals}
        keys = MappingKeyResolver(
            public_keys={ledger_key_id(terminal): key for terminal, key in terminals.items()}, private_keys={}
        )
        self._verifier = _Verifier(signature_algorithm=algorithms.ED25519, key_resolver=keys)
        self._used: dict[tuple[str, str], float] = {}
        self._lock = threading.Lock()

    def terminal_of(self, message: Message) -> str:
        """The terminal that signed this request. Raises CallerRefused."""
        try:
            results = self._verifier.verify(
                message, max_age=timedelta(0), expect_tag=REQUEST_TAG, require_components=COVERED, body=message.body
            )
        except (HTTPMessageSignaturesException, ValueError):
            raise CallerRefused from None
        if len(results) != 1:
            raise CallerRefused
        return self._first_use(results[0])

    def _first_use(self, result: VerifyResult) -> str:
        key_id, nonce = str(result.parameters["keyid"]), result.nonce
        if not nonce or len(nonce) > LONGEST_NONCE:
            raise CallerRefused
        now = time.monotonic()
        with self._lock:
            for used, until in list(self._used.items()):
                if until > now:
                    break  # they lie in the order of their end
                del self._used[used]
            if (key_id, nonce) in self._used:
                raise CallerRefused
            self._used[(key_id, nonce)] = now + 2 * TOLERANCE.total_seconds()
        return self._terminals[key_id]

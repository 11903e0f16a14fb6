"""Who is calling: a terminal proves each request by an HTTP Message Signature (RFC 9421) under its ledger key.

The signature must cover method, authority, path and the content's digest (RFC 9530), be made within fifteen minutes
of now, and carry a nonce that was not used before. Nonces are remembered by this process only: behind several
processes a replay would be answered again, which changes nothing, because every message is idempotent.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    VerifyResult,
    algorithms,
)

from kiosk.wire import REQUEST_TAG
from offline_queue.intake.terminal_keys import TerminalKeys

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


class _InForce(HTTPSignatureKeyResolver):
    """The library asks by key id; only a key in force answers."""

    def __init__(self, keys: TerminalKeys) -> None:
        self._keys = keys

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        caller = self._keys.caller(key_id)
        if caller is None:
            raise CallerRefused
        return caller[1]

    def resolve_private_key(self, key_id: str) -> Any:  # noqa: ARG002 -- the library's own shape
        raise CallerRefused


class Callers:
    """The terminals that may call. Safe to call from several threads."""

    def __init__(self, keys: TerminalKeys) -> None:
        self._keys = keys
        self._verifier = _Verifier(signature_algorithm=algorithms.ED25519, key_resolver=_InForce(keys))
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
        caller = self._keys.caller(key_id)
        if caller is None:
            raise CallerRefused
        return caller[0]

"""The code on a receipt: what was paid and decided, as signed facts that anybody can check (`signed_code`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import cbor2
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from kiosk.receipt import ReceiptOutcome
from kiosk.training import TRAINING_ID
from offline_queue.signed_code import NotGenuine, Reason, open_payload, seal_payload, trusted_keys

VERSION: Final = 1

_HASH_BYTES: Final = 8
_OUTCOMES: Final = (ReceiptOutcome.ACCEPTED, ReceiptOutcome.AWAITING_DELIVERY, ReceiptOutcome.NEEDS_ATTENTION)


class Claims(msgspec.Struct, frozen=True):
    """What a code says. `number` counts up for each terminal, without a gap; `issued_at` is kept to the second.

    `previous` is the start of the previous receipt's hash, so that a receipt that was taken away is missed; `holder` a
    keyed hash of the person's number, which nobody without that key can turn back. Eight bytes each.
    """

    terminal: str
    number: int
    issued_at: datetime
    service: str
    amount_fils: int
    transaction: UUID
    outcome: ReceiptOutcome
    previous: bytes
    holder: bytes


class Verification(msgspec.Struct, frozen=True):
    """The answer to "is this receipt genuine?": what was signed, or why not."""

    claims: Claims | None
    reason: Reason | None

    @property
    def genuine(self) -> bool:
        return self.claims is not None


def seal(claims: Claims, key: ec.EllipticCurvePrivateKey, verify_url: str) -> str:
    """Signs the claims with a P-256 key. Raises ValueError where the code would outgrow its place on paper."""
    return seal_payload(_payload(claims), key, verify_url)


def open_code(text: str, keys: Sequence[ec.EllipticCurvePublicKey]) -> Claims:
    """What was signed by one of `keys`. Raises NotGenuine; any changed character anywhere in `text` does that."""
    payload = open_payload(text, keys, _who_else)
    claims = _claims(payload)
    if _payload(claims) != payload:
        raise NotGenuine(Reason.UNKNOWN_CONTENT)
    if claims.terminal == TRAINING_ID:
        raise NotGenuine(Reason.TRAINING)
    return claims


def verify(text: str, trust_folder: Path) -> Verification:
    """Checks a code by the public keys `receipt-*.pem` of `trust_folder`; a file that holds none is a ValueError."""
    keys = trusted_keys(trust_folder, "receipt-*.pem")
    try:
        return Verification(open_code(text.strip(), keys), None)
    except NotGenuine as refusal:
        return Verification(None, refusal.reason)


def _payload(claims: Claims) -> bytes:
    if len(claims.previous) != _HASH_BYTES or len(claims.holder) != _HASH_BYTES:
        raise ValueError(f"previous and holder take {_HASH_BYTES} bytes each")
    fields = {
        0: VERSION,
        1: claims.terminal,
        2: claims.number,
        3: int(claims.issued_at.timestamp()),
        4: claims.service,
        5: claims.amount_fils,
        6: claims.transaction.bytes,
        7: _OUTCOMES.index(claims.outcome),
        8: claims.previous,
        9: claims.holder,
    }
    return cbor2.dumps(fields, canonical=True)


def _who_else(payload: bytes) -> Reason:
    """By its own word, which nobody has signed: it only makes the refusal clearer."""
    try:
        return Reason.TRAINING if _claims(payload).terminal == TRAINING_ID else Reason.UNKNOWN_KEY
    except (NotGenuine, RecursionError):
        return Reason.UNKNOWN_KEY


class _Fields(msgspec.Struct, frozen=True, array_like=True):
    version: int
    terminal: str
    number: int
    issued_at: int
    service: str
    amount_fils: int
    transaction: bytes
    outcome: int
    previous: bytes
    holder: bytes


def _claims(payload: bytes) -> Claims:
    """Reads what a trusted key has signed; another version of it may still be unknown here."""
    try:
        raw = cbor2.loads(payload)
        fields = msgspec.convert([raw[place] for place in range(10)], _Fields)
        return Claims(
            terminal=fields.terminal,
            number=fields.number,
            issued_at=datetime.fromtimestamp(fields.issued_at, UTC),
            service=fields.service,
            amount_fils=fields.amount_fils,
            transaction=UUID(bytes=fields.transaction),
            outcome=_OUTCOMES[fields.outcome],
            previous=fields.previous,
            holder=fields.holder,
        )
    except (ValueError, LookupError, TypeError, OverflowError, OSError) as error:
        raise NotGenuine(Reason.UNKNOWN_CONTENT) from error

"""The code on a document that an agency issued: signed by the agency's own key, checked as a receipt's (`signed_code`).

It says which document this is and who issued it when, and nothing of the person but a keyed hash: whoever needs to know
whose it is asks the agency by the document's number.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import cbor2
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from offline_queue.signed_code import NotGenuine, Reason, open_payload, seal_payload, trusted_keys

VERSION: Final = 1
_KIND: Final = "document"
_HASH_BYTES: Final = 8


class DocumentClaims(msgspec.Struct, frozen=True, kw_only=True):
    """What a document's code says. `issued_at` is kept to the second; a `specimen` was issued by a sandbox and is worth
    nothing; `holder` is the issuer's keyed hash of the person's number, of eight bytes."""

    agency: str
    service: str
    number: str
    issued_at: datetime
    specimen: bool
    holder: bytes


class DocumentVerification(msgspec.Struct, frozen=True):
    """The answer to "did this agency issue it?": what was signed, or why not."""

    claims: DocumentClaims | None
    reason: Reason | None

    @property
    def genuine(self) -> bool:
        return self.claims is not None


def document_key_id(agency: str) -> str:
    """The P-256 key that signs an agency's documents; its public half is this with `.pem` in the trust folder."""
    return f"document-{agency}"


def holder_hash(national_number: str, secret: bytes) -> bytes:
    """Nobody without the issuer's secret can turn it back."""
    return hmac.digest(secret, national_number.encode(), hashlib.sha256)[:_HASH_BYTES]


def seal_document(claims: DocumentClaims, key: ec.EllipticCurvePrivateKey, verify_url: str) -> str:
    """Raises ValueError where the code would outgrow its place on paper."""
    return seal_payload(_payload(claims), key, verify_url)


def open_document_code(text: str, keys: Sequence[ec.EllipticCurvePublicKey]) -> DocumentClaims:
    """What was signed by one of `keys`. Raises NotGenuine; any changed character anywhere in `text` does that."""
    payload = open_payload(text, keys)
    claims = _claims(payload)
    if _payload(claims) != payload:
        raise NotGenuine(Reason.UNKNOWN_CONTENT)
    return claims


def verify_document(text: str, trust_folder: Path) -> DocumentVerification:
    """Checks a code by the public keys `document-*.pem` of `trust_folder`; each speaks for its own agency alone. A file
    that holds none is a ValueError."""
    for file in sorted(trust_folder.glob(f"{document_key_id('*')}.pem")):
        try:
            claims = open_document_code(text.strip(), trusted_keys(trust_folder, file.name))
        except NotGenuine as refusal:
            if refusal.reason is not Reason.UNKNOWN_KEY:
                return DocumentVerification(None, refusal.reason)
            continue
        if document_key_id(claims.agency) == file.stem:
            return DocumentVerification(claims, None)
        return DocumentVerification(None, Reason.UNKNOWN_CONTENT)
    return DocumentVerification(None, Reason.UNKNOWN_KEY)


def _payload(claims: DocumentClaims) -> bytes:
    if len(claims.holder) != _HASH_BYTES:
        raise ValueError(f"holder takes {_HASH_BYTES} bytes")
    fields = {
        0: VERSION,
        1: _KIND,
        2: claims.agency,
        3: claims.service,
        4: claims.number,
        5: int(claims.issued_at.timestamp()),
        6: claims.specimen,
        7: claims.holder,
    }
    return cbor2.dumps(fields, canonical=True)


class _Fields(msgspec.Struct, frozen=True, array_like=True):
    version: int
    kind: str
    agency: str
    service: str
    number: str
    issued_at: int
    specimen: bool
    holder: bytes


def _claims(payload: bytes) -> DocumentClaims:
    """Reads what a trusted key has signed; another version of it may still be unknown here."""
    try:
        raw = cbor2.loads(payload)
        fields = msgspec.convert([raw[place] for place in range(8)], _Fields)
        return DocumentClaims(
            agency=fields.agency,
            service=fields.service,
            number=fields.number,
            issued_at=datetime.fromtimestamp(fields.issued_at, UTC),
            specimen=fields.specimen,
            holder=fields.holder,
        )
    except (ValueError, LookupError, TypeError, OverflowError, OSError) as error:
        raise NotGenuine(Reason.UNKNOWN_CONTENT) from error

"""A signed code on paper: a payload as a web address that anybody can check, with or without a line.

The code is `verify_url#BASE32`: a phone's camera opens the address, and what follows `#` is never sent to a server.
The base32 text is one COSE_Sign1 (RFC 9052) by ES256 over a canonical CBOR payload. One payload has exactly one text
for each signature: whoever opens a code builds it anew from what was signed and compares, because a plain COSE
verifier also accepts trailing bytes, another CBOR form, the last unused bits of base32, and the mirrored s of an ECDSA
signature.
"""

from __future__ import annotations

import base64
import binascii
import enum
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import cbor2
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

MAX_BINARY_BYTES: Final = 180
"""With an address of at most 50 characters this keeps the QR code at version 11, level M, or below."""
MAX_URL_CHARACTERS: Final = 50

_MAX_TEXT: Final = MAX_URL_CHARACTERS + 1 + 8 * -(-MAX_BINARY_BYTES // 5)
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256 (NIST SP 800-186)
_KEY_ID: Final = slice(8, 12)  # where these stand in the one canonical frame: see _frame
_PAYLOAD: Final = slice(15, -66)
_SIGNATURE: Final = slice(-64, None)


class Reason(enum.StrEnum):
    """Why a code is not taken as genuine."""

    NOT_A_CODE = "not_a_code"
    UNKNOWN_KEY = "unknown_key"
    WRONG_SIGNATURE = "wrong_signature"
    UNKNOWN_CONTENT = "unknown_content"
    TRAINING = "training: it never had any value"


class NotGenuine(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def seal_payload(payload: bytes, key: ec.EllipticCurvePrivateKey, verify_url: str) -> str:
    """Signs a canonical payload of 24 to 255 bytes with a P-256 key. Raises ValueError where the code would outgrow its
    place on paper."""
    if "#" in verify_url or not verify_url.isascii() or len(verify_url) > MAX_URL_CHARACTERS:
        raise ValueError(f"the receipts' address takes at most {MAX_URL_CHARACTERS} ASCII characters, and no #")
    identifier = key_identifier(key.public_key())
    r, s = decode_dss_signature(key.sign(_signed(identifier, payload, verify_url), ec.ECDSA(hashes.SHA256())))
    signature = r.to_bytes(32, "big") + min(s, _ORDER - s).to_bytes(32, "big")
    binary = _frame(identifier, payload, signature)
    if len(binary) > MAX_BINARY_BYTES:
        raise ValueError(f"the code takes {len(binary)} bytes, and at most {MAX_BINARY_BYTES} can be printed")
    return f"{verify_url}#{_base32(binary)}"


def open_payload(
    text: str,
    keys: Sequence[ec.EllipticCurvePublicKey],
    unknown: Callable[[bytes], Reason] = lambda _payload: Reason.UNKNOWN_KEY,
) -> bytes:
    """What was signed by one of `keys`. Raises NotGenuine; any changed character anywhere in `text` does that.
    `unknown` may say more of a payload whose key is none of them; nobody has vouched for it."""
    url, binary = _split(text)
    identifier, payload, signature = binary[_KEY_ID], binary[_PAYLOAD], binary[_SIGNATURE]
    if _frame(identifier, payload, signature) != binary:
        raise NotGenuine(Reason.NOT_A_CODE)
    candidates = [key for key in keys if key_identifier(key) == identifier]
    if not candidates:
        raise NotGenuine(unknown(payload))
    message = _signed(identifier, payload, url)
    if not any(_verifies(key, signature, message) for key in candidates):
        raise NotGenuine(Reason.WRONG_SIGNATURE)
    return payload


def trusted_keys(folder: Path, pattern: str) -> list[ec.EllipticCurvePublicKey]:
    """The P-256 public keys of the files that match, e.g. `receipt-*.pem`; a file that holds none is a ValueError."""
    return [_read_key(file) for file in sorted(folder.glob(pattern))]


def key_identifier(key: ec.EllipticCurvePublicKey) -> bytes:
    """The first four bytes of SHA-256 over the SubjectPublicKeyInfo; several keys may share one."""
    info = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(info).digest()[:4]


def _read_key(file: Path) -> ec.EllipticCurvePublicKey:
    try:
        key = serialization.load_pem_public_key(file.read_bytes())
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError(f"{file.name} holds no P-256 public key")
    return key


def _verifies(key: ec.EllipticCurvePublicKey, signature: bytes, message: bytes) -> bool:
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if s > _ORDER // 2:
        return False  # (r, order - s) verifies as well; only the lower one is ever printed
    try:
        key.verify(encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def _split(text: str) -> tuple[str, bytes]:
    url, mark, code = text.partition("#")
    if not mark or not text.isascii() or len(text) > _MAX_TEXT:
        raise NotGenuine(Reason.NOT_A_CODE)
    try:
        binary = base64.b32decode(code + "=" * (-len(code) % 8))
    except binascii.Error:
        raise NotGenuine(Reason.NOT_A_CODE) from None
    if f"{url}#{_base32(binary)}" != text:
        raise NotGenuine(Reason.NOT_A_CODE)
    return url, binary


def _base32(binary: bytes) -> str:
    return base64.b32encode(binary).decode("ascii").rstrip("=")


def _protected(identifier: bytes) -> bytes:
    return cbor2.dumps({1: -7, 4: identifier}, canonical=True)  # alg ES256, kid (RFC 9052, 3.1; RFC 9053, 2.1)


def _signed(identifier: bytes, payload: bytes, url: str) -> bytes:
    """The Sig_structure of RFC 9052, 4.4. The address is its external data: signed too, though not carried twice."""
    return cbor2.dumps(["Signature1", _protected(identifier), url.encode("ascii"), payload], canonical=True)


def _frame(identifier: bytes, payload: bytes, signature: bytes) -> bytes:
    """COSE_Sign1 with its tag. Every part but the payload has a fixed length, and the payload's length takes one byte
    (24 to 255 bytes), so the parts stand at fixed places, and no unsigned CBOR needs a parser."""
    return cbor2.dumps(cbor2.CBORTag(18, [_protected(identifier), {}, payload, signature]), canonical=True)

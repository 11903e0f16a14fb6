"""What the signing application of one card holds, read from the sub-folder `pkcs15` as the issuer wrote it."""

from __future__ import annotations

import dataclasses
import secrets
import tomllib
from collections.abc import Mapping
from pathlib import Path

from Crypto.PublicKey import RSA

from devices.virtual.card.pkcs15_pin import Pin

FOLDER = "pkcs15"
MASTER_FILE, SIGNING_FOLDER = 0x3F00, 0x5015
# EF.ODF and EF.TokenInfo where ISO/IEC 7816-15 puts them (PKCS #15 v1.1, 5.5); the others where EF.ODF says.
IDENTIFIERS = {
    "EF.ODF": 0x5031,
    "EF.TokenInfo": 0x5032,
    "EF.PrKDF": 0x4401,
    "EF.CDF": 0x4402,
    "EF.AODF": 0x4403,
    "EF.Certificate": 0x4404,
}
LARGEST_FILE = 32_767  # READ BINARY takes an offset of 15 bits
MOST_TRIES = 15  # what one digit of 63Cx can tell
FEWEST_PADDING_BYTES = 11  # RFC 8017, 7.2.1 and 9.2


class SigningKey:
    """An RSA key, by its own arithmetic: what the terminal verifies by another library."""

    def __init__(self, pem: bytes) -> None:
        """Raises ValueError."""
        key = RSA.import_key(pem)
        if not key.has_private():
            raise ValueError("no private key")
        self._n, self._e, self._d = int(key.n), int(key.e), int(key.d)
        self._size = (self._n.bit_length() + 7) // 8

    def sign(self, digest_info: bytes) -> bytes | None:
        """RSASSA-PKCS1-v1_5 over a DigestInfo that the terminal made (RFC 8017, 8.2.1); None where it is too long."""
        if len(digest_info) > self._size - FEWEST_PADDING_BYTES:
            return None
        filler = b"\xff" * (self._size - len(digest_info) - 3)
        message = int.from_bytes(b"\x00\x01" + filler + b"\x00" + digest_info, "big")
        # Blinded, as a chip does, so that its time says nothing of the key (RFC 8017, 8.2.1 names no way of it).
        blind = secrets.randbelow(self._n - 2) + 1
        blinded = pow(message * pow(blind, self._e, self._n) % self._n, self._d, self._n)
        return (blinded * pow(blind, -1, self._n) % self._n).to_bytes(self._size, "big")


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class SigningContent:
    """The files by identifier, the key, and the PIN that opens it."""

    files: Mapping[int, bytes]
    key: SigningKey
    pin: Pin


def load(card: Path) -> SigningContent | None:
    """None for a card without a signing application. `signing.toml` states the PIN (empty: never set), how many wrong
    tries it has, and how many of them are left. Raises OSError and ValueError where it is not whole."""
    folder = card / FOLDER
    if not folder.is_dir():
        return None
    files = {identifier: (folder / name).read_bytes() for name, identifier in IDENTIFIERS.items()}
    stated = tomllib.loads((folder / "signing.toml").read_text(encoding="ascii"))
    pin, tries = stated.get("pin", ""), stated.get("tries", 3)
    left = stated.get("tries_left", tries)
    if not (isinstance(pin, str) and isinstance(tries, int) and isinstance(left, int)):
        raise ValueError("signing.toml")
    if not 0 <= left <= tries <= MOST_TRIES or any(len(content) > LARGEST_FILE for content in files.values()):
        raise ValueError("signing.toml")
    key = SigningKey((folder / "key.pem").read_bytes())
    return SigningContent(files, key, Pin(pin.encode("ascii"), tries, left))

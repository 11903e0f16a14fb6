"""The chip's side of Basic Access Control (ICAO Doc 9303-11, 4.3)."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import secrets

from devices.virtual.card.ciphers import AUTHENTICATION, ENCRYPTION, decrypt, derive, encrypt, mac, pad
from devices.virtual.card.secure_messaging import Channel

CHALLENGE, KEY_SEED, CRYPTOGRAM = 8, 16, 32


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class AccessKeys:
    """What the printed zone opens."""

    encryption: bytes
    authentication: bytes

    @classmethod
    def of_zone(cls, lines: tuple[str, ...]) -> AccessKeys:
        """Of a whole TD1, TD2 or TD3 zone."""
        seed = hashlib.sha1(access_information(lines), usedforsecurity=False).digest()[:KEY_SEED]
        return cls(derive(seed, ENCRYPTION), derive(seed, AUTHENTICATION))


def access_information(lines: tuple[str, ...]) -> bytes:
    """Document number, birth date and expiry date, each with its check digit (9303-11, 4.3.2): of three lines as TD1
    has them, of two as TD2 and TD3."""
    if len(lines) == 3:
        number = lines[0][5:15]
        if (
            lines[0][14] == "<"
        ):  # a longer number goes on in the optional data, its check digit after it (9303-5, 4.2.2)
            number = lines[0][5:14] + lines[0][15:30].split("<")[0]
        information = number + lines[1][0:7] + lines[1][8:15]
    else:
        information = lines[1][0:10] + lines[1][13:20] + lines[1][21:28]
    return information.encode("ascii")


def challenge() -> bytes:
    return secrets.token_bytes(CHALLENGE)


def authenticate(keys: AccessKeys, chip_challenge: bytes, data: bytes) -> tuple[bytes, Channel] | None:
    """The answer to EXTERNAL AUTHENTICATE with the channel that it opens; None if the terminal knows not the keys."""
    cryptogram, checksum = data[:CRYPTOGRAM], data[CRYPTOGRAM:]
    if not hmac.compare_digest(mac(keys.authentication, pad(cryptogram)), checksum):
        return None
    opened = decrypt(keys.encryption, cryptogram)
    terminal_challenge, echoed, terminal_seed = opened[:8], opened[8:16], opened[16:]
    if not hmac.compare_digest(echoed, chip_challenge):
        return None
    chip_seed = secrets.token_bytes(KEY_SEED)
    answer = encrypt(keys.encryption, chip_challenge + terminal_challenge + chip_seed)
    session_seed = bytes(ours ^ theirs for ours, theirs in zip(chip_seed, terminal_seed, strict=True))
    channel = Channel(
        derive(session_seed, ENCRYPTION),
        derive(session_seed, AUTHENTICATION),
        int.from_bytes(chip_challenge[4:] + terminal_challenge[4:], "big"),
    )
    return answer + mac(keys.authentication, pad(answer)), channel

"""PINs as they are kept: Argon2id (RFC 9106), as a PHC string that carries its own parameters and salt.

64 MiB and 3 passes are RFC 9106's second recommended option (section 4), in one lane instead of four: the same work,
about 150 ms on one core of a small machine, its memory given back at once. With more lanes OpenSSL takes threads of a
pool that all calls share, and two comparisons at the same time wait for each other for ever (cryptography 50.0.2).
The strength of a PIN is the lock-out: six digits could be tried through in two days by whoever has both the file and
the key that decrypts it.
"""

from __future__ import annotations

import os
from typing import Final

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

_PASSES: Final = 3
_LANES: Final = 1
_MEMORY_KIB: Final = 64 * 1024
_SALT_BYTES: Final = 16
_HASH_BYTES: Final = 32

NOBODYS: Final = f"$argon2id$v=19$m={_MEMORY_KIB},t={_PASSES},p={_LANES}${'A' * 22}${'A' * 43}"
"""Compared with where no such member exists, so that an unknown name takes as long; no PIN is known to fit it."""


def keep(pin: bytearray) -> str:
    argon2 = Argon2id(
        salt=os.urandom(_SALT_BYTES), length=_HASH_BYTES, iterations=_PASSES, lanes=_LANES, memory_cost=_MEMORY_KIB
    )
    return argon2.derive_phc_encoded(pin)  # type: ignore[arg-type]  # takes any buffer; its stub says bytes


def fits(pin: bytearray, kept: str) -> bool:
    """Whether it is the PIN that was kept; other threads run on meanwhile."""
    try:
        Argon2id.verify_phc_encoded(pin, kept)  # type: ignore[arg-type]  # as above
    except InvalidKey:
        return False
    return True

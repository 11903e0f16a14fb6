"""What a chip says of its protocols, in EF.CardAccess, DG14 and EF.CardSecurity (ICAO Doc 9303-11, 9.2)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from devices.virtual.issuer.der import integer, object_identifier, sequence, set_of

PACE, CHIP_AUTHENTICATION, CHIP_PUBLIC_KEY = "0.4.0.127.0.7.2.2.4", "0.4.0.127.0.7.2.2.3", "0.4.0.127.0.7.2.2.1"
ACTIVE_AUTHENTICATION = "2.23.136.1.1.5"
ECDSA_PLAIN_SHA256 = "0.4.0.127.0.7.1.1.4.1.3"

TRIPLE_DES, AES_128, AES_192, AES_256 = 1, 2, 3, 4
RESIDUES, CURVES = 1, 2
"""The kind of group, in object identifiers of PACE with generic mapping and of chip authentication."""
CHIP_MAPPING = 6
"""In the place of the kind of group: PACE over a curve, with chip authentication mapping."""


@dataclasses.dataclass(frozen=True, slots=True)
class PaceInfo:
    """9.2.1: `cipher` is 1 for triple DES, 2, 3 and 4 for AES of 128, 192 and 256 bits; `parameters` is the id of
    standardised domain parameters; `mapping` RESIDUES, CURVES or CHIP_MAPPING."""

    cipher: int
    parameters: int
    mapping: int = CURVES

    def encode(self) -> bytes:
        protocol = object_identifier(f"{PACE}.{self.mapping}.{self.cipher}")
        return sequence(protocol, integer(2), integer(self.parameters))


@dataclasses.dataclass(frozen=True, slots=True)
class ChipAuthenticationInfo:
    """9.2.5. `kind` is RESIDUES or CURVES; `identifier` is the keyId, where there is one."""

    cipher: int
    kind: int
    identifier: int | None = None

    @property
    def protocol(self) -> str:
        return f"{CHIP_AUTHENTICATION}.{self.kind}.{self.cipher}"

    def encode(self) -> bytes:
        return sequence(object_identifier(self.protocol), integer(1), *_optional(self.identifier))


@dataclasses.dataclass(frozen=True, slots=True)
class ChipPublicKeyInfo:
    """9.2.6. `public_key` is the whole SubjectPublicKeyInfo."""

    kind: int
    public_key: bytes
    identifier: int | None = None

    def encode(self) -> bytes:
        protocol = object_identifier(f"{CHIP_PUBLIC_KEY}.{self.kind}")
        return sequence(protocol, self.public_key, *_optional(self.identifier))


@dataclasses.dataclass(frozen=True, slots=True)
class ActiveAuthenticationInfo:
    """9.2.4: needed where the key is one of a curve. The only algorithm here is ECDSA, plain, with SHA-256."""

    def encode(self) -> bytes:
        return sequence(object_identifier(ACTIVE_AUTHENTICATION), integer(1), object_identifier(ECDSA_PLAIN_SHA256))


SecurityInfo = PaceInfo | ChipAuthenticationInfo | ChipPublicKeyInfo | ActiveAuthenticationInfo


def security_infos(infos: Iterable[SecurityInfo]) -> bytes:
    return set_of(*(info.encode() for info in infos))


def _optional(identifier: int | None) -> tuple[bytes, ...]:
    return () if identifier is None else (integer(identifier),)

"""The chip's private keys, read from `keys.toml` of its folder. A chip without the file has none.

[active_authentication]
hash = "sha256"             # or sha1, sha224, sha384, sha512
modulus = "hex"             # RSA with ISO/IEC 9796-2 ...
exponent = "hex"            # ... the private one
parameters = 12             # or ECDSA: the id of standardised domain parameters ...
private = "hex"             # ... and the number

[[chip_authentication]]
parameters = 13
private = "hex"
protocols = ["hex"]         # object identifiers of chip authentication, without tag; none for a key of PACE-CAM only
identifier = 13             # keyId, where there is one; PACE-CAM uses the key whose keyId is its domain parameters'
"""

from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path
from typing import Any

from devices.virtual.card.groups import GROUPS, Group
from devices.virtual.card.standard_curves import CURVES

HASHES = frozenset({"sha1", "sha224", "sha256", "sha384", "sha512"})


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class ResidueSigningKey:
    """For active authentication by RSA."""

    hash: str
    modulus: int
    exponent: int


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class CurveSigningKey:
    """For active authentication by ECDSA, on the curve with this id."""

    hash: str
    parameters: int
    private: int


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class AgreementKey:
    """The static key of chip authentication, for these protocols; `identifier` is its keyId."""

    parameters: int
    private: int
    protocols: tuple[bytes, ...] = ()
    identifier: int | None = None

    @property
    def group(self) -> Group:
        return GROUPS[self.parameters]


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class ChipKeys:
    signing: ResidueSigningKey | CurveSigningKey | None = None
    agreement: tuple[AgreementKey, ...] = ()

    @property
    def for_mapping(self) -> dict[int, int]:
        """The private keys for PACE-CAM by their domain parameters, which their keyId names too (9303-11, 9.2.1)."""
        return {key.parameters: key.private for key in self.agreement if key.identifier == key.parameters}


def load_keys(folder: Path) -> ChipKeys:
    """Raises ValueError for a file that says anything else; OSError."""
    try:
        stated = tomllib.loads((folder / "keys.toml").read_text(encoding="ascii"))
    except FileNotFoundError:
        return ChipKeys()
    try:
        signing = stated.pop("active_authentication", None)
        agreement = stated.pop("chip_authentication", [])
        if stated:
            raise ValueError("keys.toml")
        return ChipKeys(signing and _signing_key(**signing), tuple(_agreement_key(**row) for row in agreement))
    except (TypeError, KeyError) as error:
        raise ValueError("keys.toml") from error


def _signing_key(hash: str, **numbers: Any) -> ResidueSigningKey | CurveSigningKey:  # noqa: A002  # the file's own word
    if hash not in HASHES:
        raise ValueError("keys.toml")
    if "modulus" in numbers:
        modulus, exponent = numbers.pop("modulus"), numbers.pop("exponent")
        return ResidueSigningKey(hash, int(modulus, 16), int(exponent, 16), **numbers)
    private = int(numbers.pop("private"), 16)
    key = CurveSigningKey(hash, private=private, **numbers)
    if key.parameters not in CURVES:
        raise ValueError("keys.toml")
    return key


def _agreement_key(
    parameters: int, private: str, protocols: list[str] | None = None, identifier: int | None = None
) -> AgreementKey:
    if parameters not in GROUPS:
        raise ValueError("keys.toml")
    known = tuple(bytes.fromhex(protocol) for protocol in protocols or [])
    return AgreementKey(parameters, int(private, 16), known, identifier)

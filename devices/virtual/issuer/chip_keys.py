"""The key pairs of chips: what the chip keeps (`keys.toml`) and what its signed files say of it."""

from __future__ import annotations

import dataclasses

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from devices.virtual.card.groups import GROUPS, private_key
from devices.virtual.issuer import public_keys
from devices.virtual.issuer.der import identifier_value
from devices.virtual.issuer.security_infos import (
    CURVES,
    RESIDUES,
    ActiveAuthenticationInfo,
    ChipAuthenticationInfo,
    ChipPublicKeyInfo,
    SecurityInfo,
)

P_256, LAST_OF_RESIDUES = 12, 2
EXPONENT, MODULUS_BITS = 65537, 2048


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class ChipKey:
    """One key pair: the lines that it adds to `keys.toml`, and what it adds to DG14 and EF.CardSecurity.

    `public` is the SubjectPublicKeyInfo, which is DG15's content for a key of active authentication.
    """

    secret: str
    public: bytes
    infos: tuple[SecurityInfo, ...] = ()


def signing_by_residues(hash_name: str) -> ChipKey:
    """Active authentication by RSA of 2048 bits."""
    key = rsa.generate_private_key(EXPONENT, MODULUS_BITS)
    numbers = key.private_numbers()
    secret = f'[active_authentication]\nhash = "{hash_name}"\nmodulus = "{numbers.public_numbers.n:x}"\n'
    secret += f'exponent = "{numbers.d:x}"\n'
    return ChipKey(secret, key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def signing_by_curve(parameters: int = P_256) -> ChipKey:
    """Active authentication by ECDSA with SHA-256, the curve spelt out in DG15."""
    private = private_key(GROUPS[parameters])
    secret = f'[active_authentication]\nhash = "sha256"\nparameters = {parameters}\nprivate = "{private:x}"\n'
    public = public_keys.explicit_curve(parameters, public_keys.point(parameters, private))
    return ChipKey(secret, public, (ActiveAuthenticationInfo(),))


def agreement(
    parameters: int, *ciphers: int, identifier: int | None = None, spelt_out: bool = True, x942: bool = False
) -> ChipKey:
    """Chip authentication with these ciphers; with none the key is for PACE-CAM alone, which needs the id of its
    parameters as `identifier`. The curve is `spelt_out`, or named by its id; for `x942` see `residues_x942`."""
    private = private_key(GROUPS[parameters])
    kind = RESIDUES if parameters <= LAST_OF_RESIDUES else CURVES
    offers = tuple(ChipAuthenticationInfo(cipher, kind, identifier) for cipher in ciphers)
    if kind == RESIDUES:
        spell = public_keys.residues_x942 if x942 else public_keys.residues_pkcs3
    else:
        spell = public_keys.explicit_curve if spelt_out else public_keys.standardised
    public = spell(parameters, public_keys.point(parameters, private))
    secret = f'[[chip_authentication]]\nparameters = {parameters}\nprivate = "{private:x}"\n'
    if identifier is not None:
        secret += f"identifier = {identifier}\n"
    protocols = ", ".join(f'"{identifier_value(offer.protocol).hex()}"' for offer in offers)
    secret += f"protocols = [{protocols}]\n"
    return ChipKey(secret, public, (*offers, ChipPublicKeyInfo(kind, public, identifier)))

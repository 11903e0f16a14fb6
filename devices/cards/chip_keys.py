"""The public keys that belong to one chip alone, by which it proves that it is no copy (ICAO Doc 9303-11, 6)."""

from __future__ import annotations

import dataclasses

from asn1crypto import keys

from devices.cards import curves, tlv
from devices.cards.curves import DomainParameters
from devices.cards.explicit_curves import read_explicit
from devices.cards.groups import STANDARDIZED, CurveGroup, Group, ResidueGroup
from devices.cards.signatures import CannotCheck
from devices.cards.tlv import MalformedData

EC_PUBLIC_KEY = bytes.fromhex("2A8648CE3D0201")
RSA_ENCRYPTION = bytes.fromhex("2A864886F70D010101")
_STANDARDIZED_PARAMETERS = bytes.fromhex("04007F00070102")
_DH_PUBLIC_NUMBER = bytes.fromhex("2A8648CE3E0201")
_DH_KEY_AGREEMENT = bytes.fromhex("2A864886F70D010301")
_BIT_STRING, _INTEGER, _OID, _SEQUENCE = 0x03, 0x02, 0x06, 0x30
_LARGEST_INTEGER = 2_048


class ChipNotProven(Exception):
    """The chip did not show that it holds the private key of the public one that its issuer signed: a copy."""


class ProofWithheld(Exception):
    """The chip did something that says neither that it holds its key nor that it does not. A copy would do the same, so
    it is no reason to let the card pass."""


class LengthRefused(ProofWithheld):
    """It says that so long a key, or signature, does not suit it, or it cuts the signature off."""


@dataclasses.dataclass(frozen=True, slots=True)
class ChipKey:
    """A static public key for key agreement. `key_id` tells several of one chip apart."""

    group: Group
    public_key: bytes
    key_id: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class SubjectPublicKey:
    """A SubjectPublicKeyInfo (RFC 5280, 4.1.2.7) taken apart: the algorithm's object identifier and parameters, as
    stored, and the bits of the key."""

    algorithm: bytes
    parameters: tlv.Tlv | None
    bits: bytes

    @classmethod
    def read(cls, data: bytes) -> SubjectPublicKey:
        """Raises MalformedData."""
        parts = tlv.parse(tlv.parse_one(data, _SEQUENCE).value)
        if [part.tag for part in parts] != [_SEQUENCE, _BIT_STRING] or parts[1].value[:1] != b"\x00":
            raise MalformedData("not a public key")
        algorithm = tlv.parse(parts[0].value)
        if len(algorithm) not in {1, 2} or algorithm[0].tag != _OID:
            raise MalformedData("not a public key")
        return cls(algorithm[0].value, algorithm[1] if len(algorithm) == 2 else None, parts[1].value[1:])


def read_agreement_key(data: bytes) -> tuple[Group, bytes]:
    """Group and public key of a SubjectPublicKeyInfo for key agreement. Raises MalformedData; CannotCheck for a group
    that is not listed here, which is never computed on."""
    key = SubjectPublicKey.read(data)
    group = _group_of(key)
    if isinstance(group, ResidueGroup):
        return group, group.accept(group.encode(read_integer(tlv.parse_one(key.bits, _INTEGER))))
    return group, group.accept(key.bits)


def read_curve(parameters: tlv.Tlv | None) -> DomainParameters:
    """The listed curve that a key names or spells out. Raises MalformedData, CannotCheck."""
    if parameters is None:
        raise MalformedData("key without its curve")
    stated = curves.NAMED.get(parameters.value) if parameters.tag == _OID else _read_explicit(parameters)
    if stated is None or stated not in curves.NAMED.values():
        raise CannotCheck("curve")
    return stated


def read_integer(entry: tlv.Tlv) -> int:
    """A positive INTEGER of at most 16,384 bits. Raises MalformedData."""
    if entry.tag != _INTEGER or not 0 < len(entry.value) <= _LARGEST_INTEGER or entry.value[0] & 0x80:
        raise MalformedData("not a positive integer")
    return int.from_bytes(entry.value, "big")


def _group_of(key: SubjectPublicKey) -> Group:
    if key.algorithm == EC_PUBLIC_KEY:
        return CurveGroup(read_curve(key.parameters))
    if key.parameters is None:
        raise MalformedData("key without its group")
    if key.algorithm == _STANDARDIZED_PARAMETERS:
        group = STANDARDIZED.get(read_integer(key.parameters))
    elif key.algorithm in {_DH_PUBLIC_NUMBER, _DH_KEY_AGREEMENT}:
        group = _read_residues(key)
    else:
        raise CannotCheck("key agreement of another kind")
    if group is None:
        raise CannotCheck("group")
    return group


def _read_residues(key: SubjectPublicKey) -> Group | None:
    """PKCS #3 states prime and generator, in this order; RFC 3279, 2.3.3, adds the order of what it generates."""
    assert key.parameters is not None
    stated = [read_integer(entry) for entry in tlv.parse(key.parameters.value)[:3] if entry.tag == _INTEGER]
    for group in STANDARDIZED.values():
        if isinstance(group, ResidueGroup):
            listed = [group.parameters.prime, group.parameters.generator, group.parameters.order]
            compared = 3 if key.algorithm == _DH_PUBLIC_NUMBER else 2
            if stated[:compared] == listed[:compared]:
                return group
    return None


def _read_explicit(parameters: tlv.Tlv) -> DomainParameters | None:
    try:
        return read_explicit(keys.SpecifiedECDomain.load(parameters.raw, strict=True))
    except Exception as error:  # asn1crypto raises many kinds on hostile input; none of them may pass
        raise MalformedData("domain parameters") from error

"""Public keys as the files of a chip spell them out (ICAO Doc 9303-11, 9.1, 9.5 and 9.6; RFC 5480; X9.62; PKCS #3)."""

from __future__ import annotations

from devices.virtual.card.groups import GROUPS
from devices.virtual.card.residues import RESIDUES
from devices.virtual.card.standard_curves import CURVES
from devices.virtual.issuer.der import bit_string, integer, object_identifier, octet_string, sequence

EC_PUBLIC_KEY, PRIME_FIELD = "1.2.840.10045.2.1", "1.2.840.10045.1.1"
STANDARDISED_PARAMETERS = "0.4.0.127.0.7.1.2"
DH_KEY_AGREEMENT, DH_PUBLIC_NUMBER = "1.2.840.113549.1.3.1", "1.2.840.10046.2.1"


def point(parameters: int, private: int) -> bytes:
    """The encoded public point or residue that belongs to a private key."""
    group = GROUPS[parameters]
    return group.encode(group.multiply(private, group.generator))


def explicit_curve(parameters: int, public: bytes) -> bytes:
    """With every parameter of the curve spelt out, as Doc 9303 asks of issuers."""
    curve = CURVES[parameters]
    spelt_out = sequence(
        integer(1),
        sequence(object_identifier(PRIME_FIELD), integer(curve.prime)),
        sequence(octet_string(curve.a.to_bytes(curve.size, "big")), octet_string(curve.b.to_bytes(curve.size, "big"))),
        octet_string(curve.encode(curve.generator)),
        integer(curve.order),
        integer(1),
    )
    return sequence(sequence(object_identifier(EC_PUBLIC_KEY), spelt_out), bit_string(public))


def standardised(parameters: int, public: bytes) -> bytes:
    """With the parameters named by their id (9.5.1)."""
    return sequence(sequence(object_identifier(STANDARDISED_PARAMETERS), integer(parameters)), bit_string(public))


def residues_pkcs3(parameters: int, public: bytes) -> bytes:
    """As Doc 9303-11, 9.6, asks for."""
    group = RESIDUES[parameters]
    domain = sequence(integer(group.prime), integer(group.generator))
    return _residues(DH_KEY_AGREEMENT, domain, public)


def residues_x942(parameters: int, public: bytes) -> bytes:
    """As some issuers have it instead (8.5, note 2)."""
    group = RESIDUES[parameters]
    domain = sequence(integer(group.prime), integer(group.generator), integer(group.order))
    return _residues(DH_PUBLIC_NUMBER, domain, public)


def _residues(algorithm: str, domain: bytes, public: bytes) -> bytes:
    value = integer(int.from_bytes(public, "big"))
    return sequence(sequence(object_identifier(algorithm), domain), bit_string(value))

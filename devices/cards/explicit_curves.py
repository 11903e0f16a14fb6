"""Domain parameters that a key spells out, to recognise a listed curve by them.

ICAO prescribes explicit parameters (Doc 9303-12, 7.1), OpenSSL's chain check refuses them
(https://github.com/pyca/cryptography/issues/5659), so they are read here.
"""

from __future__ import annotations

from asn1crypto import keys

from devices.cards.curves import DomainParameters


def read_explicit(spelt_out: keys.SpecifiedECDomain) -> DomainParameters | None:
    """What is stated, not to be computed on; None for forms that no issuer should use: a binary field, a compressed
    generator, a cofactor. Raises whatever asn1crypto raises on malformed input."""
    base = bytes(spelt_out["base"])
    half = len(base) // 2
    if (
        spelt_out["field_id"]["field_type"].native != "prime_field"
        or spelt_out["cofactor"].native not in {None, 1}
        or base[:1] != b"\x04"
        or len(base) % 2 == 0
    ):
        return None
    return DomainParameters(
        prime=spelt_out["field_id"]["parameters"].native,
        a=int.from_bytes(bytes(spelt_out["curve"]["a"]), "big"),
        b=int.from_bytes(bytes(spelt_out["curve"]["b"]), "big"),
        generator=(int.from_bytes(base[1 : half + 1], "big"), int.from_bytes(base[half + 1 :], "big")),
        order=spelt_out["order"].native,
    )

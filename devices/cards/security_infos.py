"""SecurityInfos: which protocols a chip offers, in EF.CardAccess and, signed, in DG14 (ICAO Doc 9303-11, 9.2)."""

from __future__ import annotations

import dataclasses

from devices.cards import ciphers, tlv
from devices.cards.ciphers import CipherSuite
from devices.cards.curves import CURVES, DomainParameters
from devices.cards.tlv import MalformedData

_PACE = bytes.fromhex("04007F0007020204")
"""id-PACE, 0.4.0.127.0.7.2.2.4; the mapping and the cipher follow in one byte each."""

_GENERIC_MAPPING_ON_CURVES = 2
_SUITES: dict[int, CipherSuite] = {
    1: ciphers.TRIPLE_DES,
    2: ciphers.AES_128,
    3: ciphers.AES_192,
    4: ciphers.AES_256,
}
_CURVE_NAMES = {
    12: "secp256r1",
    13: "brainpoolP256r1",
    15: "secp384r1",
    16: "brainpoolP384r1",
    17: "brainpoolP512r1",
    18: "secp521r1",
}
"""Standardised domain parameters (Doc 9303-11, table of 9.5.1), as far as they are known here."""

_VERSION = b"\x02"
_OID, _INTEGER, _SEQUENCE, _SET = 0x06, 0x02, 0x30, 0x31


@dataclasses.dataclass(frozen=True, slots=True)
class PaceOffer:
    """One way of PACE that both the chip and this reader know. `protocol` is the value of its object identifier."""

    protocol: bytes
    suite: CipherSuite
    curve: DomainParameters
    parameter_id: int


@dataclasses.dataclass(frozen=True, slots=True)
class SecurityInfos:
    """`entries` are the SecurityInfos as stored; `pace_infos` is how many of them offer PACE in any way, `offers`
    those of them that can be used here, the strongest cipher first."""

    entries: frozenset[bytes]
    pace_infos: int
    offers: tuple[PaceOffer, ...]


def parse_security_infos(file: bytes) -> SecurityInfos:
    """EF.CardAccess, or what DG14 holds. Raises MalformedData."""
    entries = tlv.parse(tlv.parse_one(file, _SET).value)
    if any(entry.tag != _SEQUENCE for entry in entries):
        raise MalformedData("not a SecurityInfo")
    infos = [tlv.parse(entry.value) for entry in entries]
    pace = [info for info in infos if info and info[0].tag == _OID and _is_pace_info(info[0].value)]
    offers = [offer for info in pace if (offer := _offer(info))]
    return SecurityInfos(
        entries=frozenset(entry.raw for entry in entries),
        pace_infos=len(pace),
        offers=tuple(sorted(offers, key=lambda offer: offer.protocol, reverse=True)),
    )


def _is_pace_info(protocol: bytes) -> bool:
    """Mapping and cipher are named; without the cipher it is a PACEDomainParameterInfo."""
    return len(protocol) == len(_PACE) + 2 and protocol.startswith(_PACE)


def _offer(info: tuple[tlv.Tlv, ...]) -> PaceOffer | None:
    """PACEInfo: protocol, version, parameter id. None where this reader does not know its ways."""
    if [entry.tag for entry in info] != [_OID, _INTEGER, _INTEGER] or info[1].value != _VERSION:
        return None
    protocol, parameter_id = info[0].value, int.from_bytes(info[2].value, "big")
    suite, name = _SUITES.get(protocol[-1]), _CURVE_NAMES.get(parameter_id)
    if protocol[-2] != _GENERIC_MAPPING_ON_CURVES or suite is None or name is None:
        return None
    curve = next(parameters for parameters, named in CURVES if named.name == name)
    return PaceOffer(protocol, suite, curve, parameter_id)

"""SecurityInfos: which protocols a chip offers, in EF.CardAccess and, signed, in DG14 and EF.CardSecurity (ICAO Doc
9303-11, 9.2)."""

from __future__ import annotations

import dataclasses
import enum

from devices.cards import ciphers, tlv
from devices.cards.chip_keys import ChipKey, read_agreement_key, read_integer
from devices.cards.ciphers import CipherSuite
from devices.cards.groups import STANDARDIZED, CurveGroup, Group, ResidueGroup
from devices.cards.signatures import CannotCheck
from devices.cards.tlv import MalformedData

_PROTOCOLS = bytes.fromhex("04007F00070202")
"""bsi-de protocols smartcard, 0.4.0.127.0.7.2.2; what follows is one byte each."""

_PUBLIC_KEY, _CHIP_AUTHENTICATION, _PACE = (_PROTOCOLS + bytes([number]) for number in (1, 3, 4))
_ACTIVE_AUTHENTICATION = bytes.fromhex("678108010105")
_BY_RESIDUES, _BY_CURVES = 1, 2

_SUITES: dict[int, CipherSuite] = {
    1: ciphers.TRIPLE_DES,
    2: ciphers.AES_128,
    3: ciphers.AES_192,
    4: ciphers.AES_256,
}
_PLAIN_SIGNATURES = bytes.fromhex("04007F000701010401")
"""ecdsa-plain-signatures, 0.4.0.127.0.7.1.1.4.1 (TR-03111); the hash follows in one byte. Some chips name it as
X9.62 does."""
_SIGNATURE_HASHES = {
    _PLAIN_SIGNATURES + b"\x02": "sha224",
    _PLAIN_SIGNATURES + b"\x03": "sha256",
    _PLAIN_SIGNATURES + b"\x04": "sha384",
    _PLAIN_SIGNATURES + b"\x05": "sha512",
    bytes.fromhex("2A8648CE3D040301"): "sha224",
    bytes.fromhex("2A8648CE3D040302"): "sha256",
    bytes.fromhex("2A8648CE3D040303"): "sha384",
    bytes.fromhex("2A8648CE3D040304"): "sha512",
}
_OID, _INTEGER, _SEQUENCE, _SET = 0x06, 0x02, 0x30, 0x31


class Mapping(enum.IntEnum):
    """How PACE maps the nonce onto a generator: the byte of its object identifier (9.2.3)."""

    GENERIC_ON_RESIDUES = 1
    GENERIC_ON_CURVES = 2
    CHIP_AUTHENTICATION = 6


@dataclasses.dataclass(frozen=True, slots=True)
class PaceOffer:
    """One way of PACE that both the chip and this reader know. `protocol` is the value of its object identifier."""

    protocol: bytes
    mapping: Mapping
    suite: CipherSuite
    group: Group
    parameter_id: int

    @property
    def preference(self) -> tuple[int, bool, int]:
        """What is best comes last: the weaker of group and cipher, then whether the chip proves itself in passing."""
        weaker = min(self.suite.strength, self.group.strength)
        return weaker, self.mapping is Mapping.CHIP_AUTHENTICATION, self.suite.strength


@dataclasses.dataclass(frozen=True, slots=True)
class ChipAuthenticationOffer:
    """Chip authentication, version 1, with one key. `key_id` is what the chip wants to be told, if anything."""

    protocol: bytes
    suite: CipherSuite
    key: ChipKey
    key_id: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class SecurityInfos:
    """`entries` are the SecurityInfos as stored; `pace_infos` is how many of them offer PACE in any way, `offers`
    those of them that can be used here, the best first. `refusals` says what cannot be used and why, for the
    technician.

    `signature_hash` is the hash of active authentication by ECDSA, None where it is not stated or not known.
    """

    entries: frozenset[bytes]
    pace_infos: int
    offers: tuple[PaceOffer, ...]
    chip_keys: tuple[ChipKey, ...] = ()
    chip_authentication: tuple[ChipAuthenticationOffer, ...] = ()
    signature_hash: str | None = None
    refusals: tuple[str, ...] = ()

    @property
    def chip_authentication_refusals(self) -> tuple[str, ...]:
        return tuple(refusal for refusal in self.refusals if refusal.startswith("chip authentication: "))


@dataclasses.dataclass(frozen=True, slots=True)
class _Info:
    """One SecurityInfo: the value of its object identifier, and the data objects that follow."""

    protocol: bytes
    data: tuple[tlv.Tlv, ...]

    def is_kind_of(self, protocol: bytes, more: int) -> bool:
        """Whether it is `protocol` with so many bytes more."""
        return self.protocol.startswith(protocol) and len(self.protocol) == len(protocol) + more

    def integers(self) -> list[int]:
        return [read_integer(entry) for entry in self.data]


def parse_security_infos(file: bytes) -> SecurityInfos:
    """EF.CardAccess, or what DG14 and EF.CardSecurity hold. Raises MalformedData."""
    entries = tlv.parse(tlv.parse_one(file, _SET).value)
    infos = [_read_info(entry) for entry in entries]
    refusals: list[str] = []
    pace = [info for info in infos if info.is_kind_of(_PACE, 2)]
    offers = [offer for info in pace if (offer := _pace_offer(info, refusals))]
    if any(info.is_kind_of(_PACE, 1) for info in infos):
        # Parameters that stand in the open must never be computed on: they may be made to reveal the password.
        refusals.append("PACE: explicit domain parameters")
    chip_keys = [key for info in infos if info.is_kind_of(_PUBLIC_KEY, 1) and (key := _chip_key(info, refusals))]
    return SecurityInfos(
        entries=frozenset(entry.raw for entry in entries),
        pace_infos=len(pace),
        offers=tuple(sorted(offers, key=lambda offer: offer.preference, reverse=True)),
        chip_keys=tuple(chip_keys),
        chip_authentication=_chip_authentication(infos, chip_keys, refusals),
        signature_hash=_signature_hash(infos),
        refusals=tuple(refusals),
    )


def _read_info(entry: tlv.Tlv) -> _Info:
    if entry.tag != _SEQUENCE:
        raise MalformedData("not a SecurityInfo")
    parts = tlv.parse(entry.value)
    if not parts or parts[0].tag != _OID:
        raise MalformedData("not a SecurityInfo")
    return _Info(parts[0].value, parts[1:])


def _pace_offer(info: _Info, refusals: list[str]) -> PaceOffer | None:
    """PACEInfo: version, parameter id (9.2.1). None where this reader does not know its ways."""
    mapping, cipher = info.protocol[-2:]
    if [entry.tag for entry in info.data] != [_INTEGER, _INTEGER] or info.integers()[0] != 2:
        refusals.append("PACE: not of version 2 with standardized parameters")
        return None
    parameter_id = info.integers()[1]
    suite, group = _SUITES.get(cipher), STANDARDIZED.get(parameter_id)
    if mapping not in set(Mapping) or suite is None or (mapping == Mapping.CHIP_AUTHENTICATION and cipher == 1):
        refusals.append(f"PACE: mapping {mapping} with cipher {cipher}")
        return None
    if group is None or isinstance(group, ResidueGroup) != (mapping == Mapping.GENERIC_ON_RESIDUES):
        refusals.append(f"PACE: domain parameters {parameter_id} for mapping {mapping}")
        return None
    return PaceOffer(info.protocol, Mapping(mapping), suite, group, parameter_id)


def _chip_key(info: _Info, refusals: list[str]) -> ChipKey | None:
    """ChipAuthenticationPublicKeyInfo: public key, key id (9.2.6)."""
    try:
        if not 1 <= len(info.data) <= 2:
            raise MalformedData("not a key and its id")
        group, public_key = read_agreement_key(info.data[0].raw)
        if info.protocol[-1] != _kind_of(group):
            raise MalformedData("key of another kind than stated")
        return ChipKey(group, public_key, read_integer(info.data[1]) if len(info.data) == 2 else None)
    except (MalformedData, CannotCheck) as error:
        refusals.append(f"chip authentication: {error}")
        return None


def _kind_of(group: Group) -> int:
    return _BY_CURVES if isinstance(group, CurveGroup) else _BY_RESIDUES


def _chip_authentication(
    infos: list[_Info], chip_keys: list[ChipKey], refusals: list[str]
) -> tuple[ChipAuthenticationOffer, ...]:
    """The strongest first."""
    stated = [info for info in infos if info.is_kind_of(_CHIP_AUTHENTICATION, 2)]
    offers = [offer for info in stated if (offer := _chip_authentication_offer(info, chip_keys, refusals))]
    if not stated:
        # A key without a word on how to use it is of the first extended access control, which knew Triple DES alone
        # (https://github.com/RfidResearchGroup/proxmark3/issues/1117).
        for key in chip_keys:
            protocol = _CHIP_AUTHENTICATION + bytes([_kind_of(key.group), 1])
            offers.append(ChipAuthenticationOffer(protocol, ciphers.TRIPLE_DES, key, key.key_id))
    return tuple(sorted(offers, key=lambda offer: offer.suite.strength, reverse=True))


def _chip_authentication_offer(
    info: _Info, chip_keys: list[ChipKey], refusals: list[str]
) -> ChipAuthenticationOffer | None:
    """ChipAuthenticationInfo: version, key id (9.2.5)."""
    kind, cipher = info.protocol[-2:]
    suite = _SUITES.get(cipher)
    if not 1 <= len(info.data) <= 2 or info.integers()[0] != 1 or suite is None:
        refusals.append("chip authentication: not of version 1, or of an unknown cipher")
        return None
    key_id = info.integers()[1] if len(info.data) == 2 else None
    fitting = [key for key in chip_keys if _kind_of(key.group) == kind]
    # With one key the id says nothing, and issuers leave it out in one of the two places.
    meant = fitting if len(fitting) == 1 else [key for key in fitting if key.key_id == key_id]
    if len(meant) != 1:
        refusals.append("chip authentication: no one key for it")
        return None
    return ChipAuthenticationOffer(info.protocol, suite, meant[0], key_id)


def _signature_hash(infos: list[_Info]) -> str | None:
    """ActiveAuthenticationInfo: version, signature algorithm (9.2.4)."""
    for info in infos:
        if info.protocol == _ACTIVE_AUTHENTICATION and len(info.data) == 2:
            return _SIGNATURE_HASHES.get(info.data[1].value)
    return None

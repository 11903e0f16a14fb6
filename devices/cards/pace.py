"""Password Authenticated Connection Establishment: a short password opens the chip (ICAO Doc 9303-11, 4.4)."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
from collections.abc import Callable

from devices.cards import ciphers, tlv
from devices.cards.apdu import SHORT_LARGEST, Command, Status
from devices.cards.chip_mapping import ChipMapping
from devices.cards.ciphers import SessionKeys
from devices.cards.exchange import Exchange
from devices.cards.groups import Group, draw_key, draw_key_pair, needs_extended_length
from devices.cards.mrz import Mrz
from devices.cards.secure_messaging import SecureChannel
from devices.cards.security_infos import Mapping, PaceOffer
from devices.cards.tlv import MalformedData
from kiosk.failures import Failure, ServiceFailure

_CHAINED, _LAST = 0x10, 0x00
_LARGEST_NONCE = 64


class PasswordUnknown(Exception):
    """The chip says that it knows no password of this kind."""


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Password:
    """What is printed on the card: `reference` is 1 for the MRZ, 2 for the CAN (Doc 9303-11, 4.4.4.1)."""

    reference: int
    secret: bytes
    access: str

    @classmethod
    def of_zone(cls, zone: Mrz) -> Password:
        information = zone.access_information().encode("ascii")
        # SHA-1 is what the standard prescribes here; it only spreads a secret and proves nothing.
        return cls(1, hashlib.sha1(information, usedforsecurity=False).digest(), "PACE-MRZ")

    @classmethod
    def of_access_number(cls, number: str) -> Password:
        return cls(2, number.encode("ascii"), "PACE-CAN")


@dataclasses.dataclass(frozen=True, slots=True)
class Opened:
    """The channel, and what a chip that ran the chip authentication mapping gave to be proven by later."""

    channel: SecureChannel
    mapping: ChipMapping | None


@dataclasses.dataclass(frozen=True, slots=True)
class _Proof:
    """The answer to the last command: the chip's token, and its chip authentication data where there are any."""

    token: bytes
    cryptogram: bytes | None


def open_channel(
    exchange: Exchange,
    offer: PaceOffer,
    password: Password,
    *,
    names_parameters: bool,
    ephemeral_key: Callable[[int], int] = draw_key,
) -> Opened:
    """Opens the secure channel of the whole chip, in five commands. `names_parameters` says which group is meant.

    Raises PasswordUnknown; MalformedData for answers outside the protocol; ServiceFailure: ACCESS_REFUSED where the
    card does not hold this password, CARD_UNKNOWN and CARD_MUTE where it does not go on, LENGTH_NOT_SUPPORTED where the
    reader takes no key of that length.
    """
    group = offer.group
    if needs_extended_length(group) and exchange.reader_limit <= SHORT_LARGEST:
        raise ServiceFailure(Failure.LENGTH_NOT_SUPPORTED)
    _choose(exchange, offer, password, names_parameters=names_parameters)
    nonce = _nonce(exchange, offer, password)
    first = draw_key_pair(group, group.generator, ephemeral_key)
    mapped_with = _agree(exchange, group, 0x81, first.public)
    # G^ = s * G + H, with the shared element H of this first, anonymous key agreement (4.4.3.3.1).
    generator = group.add(group.multiply(nonce, group.generator), group.multiply(first.private, mapped_with))
    own = draw_key_pair(group, generator, ephemeral_key)
    card = _agree(exchange, group, 0x83, own.public)
    if card == own.public:
        raise MalformedData("the card returned this reader's key")
    keys = SessionKeys.derive(group.shared_secret(group.multiply(own.private, card)), offer.suite)
    try:
        proof = _authenticate(exchange, offer, keys, own.public, card)
        mapping = _chip_mapping(offer, mapped_with, keys, proof)
    except BaseException:
        keys.wipe()
        raise
    return Opened(SecureChannel(exchange, keys, 0), mapping)


def _choose(exchange: Exchange, offer: PaceOffer, password: Password, *, names_parameters: bool) -> None:
    """MSE:SET AT. No Le: German documents refuse it otherwise (https://github.com/AndyQ/NFCPassportReader/pull/153)."""
    data = tlv.encode(0x80, offer.protocol) + tlv.encode(0x83, bytes([password.reference]))
    with_parameters = data + tlv.encode(0x84, bytes([offer.parameter_id]))
    answer = exchange.send(Command(0x00, 0x22, 0xC1, 0xA4, data=with_parameters if names_parameters else data))
    if answer.status == Status.WRONG_DATA_OBJECTS and not names_parameters:
        # Some chips want the group named though there is only one (https://github.com/gmrtd/gmrtd/issues/108).
        answer = exchange.send(Command(0x00, 0x22, 0xC1, 0xA4, data=with_parameters))
    if answer.status == Status.DATA_NOT_FOUND:
        raise PasswordUnknown
    if not answer.is_good:
        raise ServiceFailure(Failure.CARD_UNKNOWN)


def _nonce(exchange: Exchange, offer: PaceOffer, password: Password) -> int:
    encrypted = _step(exchange, b"", 0x80)
    if not encrypted or len(encrypted) % offer.suite.block or len(encrypted) > _LARGEST_NONCE:
        raise MalformedData("nonce")
    key = ciphers.password_key(password.secret, offer.suite)
    try:
        return int.from_bytes(offer.suite.decrypt_nonce(key, encrypted), "big")
    finally:
        key[:] = bytes(len(key))


def _agree(exchange: Exchange, group: Group, tag: int, own: bytes) -> bytes:
    """Sends a public key under `tag` and takes the card's, which comes under the next one."""
    return group.accept(_step(exchange, tlv.encode(tag, own), tag + 1))


def _authenticate(exchange: Exchange, offer: PaceOffer, keys: SessionKeys, own: bytes, card: bytes) -> _Proof:
    """Each side proves by a token over the other's public key that it came to the same keys (4.4.3.4)."""
    token = _token(offer, keys, card)
    answer = exchange.send(_general_authenticate(_LAST, tlv.encode(0x85, token)))
    # Chips say 6300, 63Cx or others of a wrong password; a card that was pulled out is told by the wire instead.
    if not answer.is_good:
        raise ServiceFailure(Failure.ACCESS_REFUSED)
    given = tlv.parse(tlv.parse_one(answer.data, 0x7C).value)
    proof = _Proof(tlv.find(given, 0x86) or b"", tlv.find(given, 0x8A))
    if not hmac.compare_digest(proof.token, _token(offer, keys, own)):
        raise ServiceFailure(Failure.ACCESS_REFUSED)
    return proof


def _chip_mapping(offer: PaceOffer, mapped_with: bytes, keys: SessionKeys, proof: _Proof) -> ChipMapping | None:
    if offer.mapping is not Mapping.CHIP_AUTHENTICATION:
        return None
    if proof.cryptogram is None:
        raise MalformedData("chip authentication data missing")
    return ChipMapping.decrypt(offer.group, mapped_with, keys, proof.cryptogram)


def _token(offer: PaceOffer, keys: SessionKeys, public: bytes) -> bytes:
    key = tlv.encode(0x06, offer.protocol) + tlv.encode(offer.group.key_tag, public)
    return offer.suite.token(keys.mac, tlv.encode(0x7F49, key))


def _step(exchange: Exchange, data: bytes, tag: int) -> bytes:
    """One GENERAL AUTHENTICATE with others to follow; the value of the data object that is due in its answer."""
    answer = exchange.send(_general_authenticate(_CHAINED, data))
    if not answer.is_good:
        raise ServiceFailure(Failure.CARD_MUTE)
    return tlv.parse_one(tlv.parse_one(answer.data, 0x7C).value, tag).value


def _general_authenticate(cla: int, data: bytes) -> Command:
    return Command(cla, 0x86, 0x00, 0x00, data=tlv.encode(0x7C, data), expected=SHORT_LARGEST)

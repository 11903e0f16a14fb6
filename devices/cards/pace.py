"""Password Authenticated Connection Establishment by generic mapping over elliptic curves (ICAO Doc 9303-11, 4.4)."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import secrets
from collections.abc import Callable

from devices.cards import ciphers, points, tlv
from devices.cards.apdu import SHORT_LARGEST, Command, Status
from devices.cards.ciphers import SessionKeys
from devices.cards.exchange import Exchange
from devices.cards.mrz import Mrz
from devices.cards.points import Point
from devices.cards.secure_messaging import SecureChannel
from devices.cards.security_infos import PaceOffer
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


def _ephemeral_key(order: int) -> int:
    return secrets.randbelow(order - 1) + 1


def open_channel(
    exchange: Exchange,
    offer: PaceOffer,
    password: Password,
    *,
    names_parameters: bool,
    ephemeral_key: Callable[[int], int] = _ephemeral_key,
) -> SecureChannel:
    """The secure channel of the whole chip, in five commands. `names_parameters` says which curve is meant.

    Raises PasswordUnknown; MalformedData for answers outside the protocol; ServiceFailure: ACCESS_REFUSED where the
    card does not hold this password, CARD_UNKNOWN and CARD_MUTE where it does not go on.
    """
    _choose(exchange, offer, password, names_parameters=names_parameters)
    mapped = _map_generator(exchange, offer, password, ephemeral_key(offer.curve.order))
    own_key = ephemeral_key(offer.curve.order)
    own = points.multiply(offer.curve, own_key, mapped)
    card = _agree(exchange, offer, 0x83, own)
    if card == own:
        raise MalformedData("the card returned this reader's key")
    shared, _ = points.multiply(offer.curve, own_key, card)
    keys = SessionKeys.derive(shared.to_bytes(points.size_of(offer.curve), "big"), offer.suite)
    try:
        _authenticate(exchange, offer, keys, own, card)
    except BaseException:
        keys.wipe()
        raise
    return SecureChannel(exchange, keys, 0)


def _choose(exchange: Exchange, offer: PaceOffer, password: Password, *, names_parameters: bool) -> None:
    """MSE:SET AT. No Le: German documents refuse it otherwise (https://github.com/AndyQ/NFCPassportReader/pull/153)."""
    data = tlv.encode(0x80, offer.protocol) + tlv.encode(0x83, bytes([password.reference]))
    with_parameters = data + tlv.encode(0x84, bytes([offer.parameter_id]))
    answer = exchange.send(Command(0x00, 0x22, 0xC1, 0xA4, data=with_parameters if names_parameters else data))
    if answer.status == Status.WRONG_DATA_OBJECTS and not names_parameters:
        # Some chips want the curve named though there is only one (https://github.com/gmrtd/gmrtd/issues/108).
        answer = exchange.send(Command(0x00, 0x22, 0xC1, 0xA4, data=with_parameters))
    if answer.status == Status.DATA_NOT_FOUND:
        raise PasswordUnknown
    if not answer.is_good:
        raise ServiceFailure(Failure.CARD_UNKNOWN)


def _map_generator(exchange: Exchange, offer: PaceOffer, password: Password, own_key: int) -> Point:
    """G^ = s * G + H, with the shared point H of a first, anonymous key agreement (4.4.3.3.1)."""
    curve = offer.curve
    encrypted = _step(exchange, b"", 0x80)
    if not encrypted or len(encrypted) % offer.suite.block or len(encrypted) > _LARGEST_NONCE:
        raise MalformedData("nonce")
    key = ciphers.password_key(password.secret, offer.suite)
    try:
        nonce = int.from_bytes(offer.suite.decrypt_nonce(key, encrypted), "big")
    finally:
        key[:] = bytes(len(key))
    card = _agree(exchange, offer, 0x81, points.multiply(curve, own_key, curve.generator))
    shared = points.multiply(curve, own_key, card)
    return points.add(curve, points.multiply(curve, nonce, curve.generator), shared)


def _agree(exchange: Exchange, offer: PaceOffer, tag: int, own: Point) -> Point:
    """Sends a public key under `tag` and takes the card's, which comes under the next one."""
    answer = _step(exchange, tlv.encode(tag, points.encode(offer.curve, own)), tag + 1)
    return points.decode(offer.curve, answer)


def _authenticate(exchange: Exchange, offer: PaceOffer, keys: SessionKeys, own: Point, card: Point) -> None:
    """Each side proves by a token over the other's public key that it came to the same keys (4.4.3.4)."""
    token = _token(offer, keys, card)
    answer = exchange.send(_general_authenticate(_LAST, tlv.encode(0x85, token)))
    # Chips say 6300, 63Cx or others of a wrong password; a card that was pulled out is told by the wire instead.
    if not answer.is_good:
        raise ServiceFailure(Failure.ACCESS_REFUSED)
    given = tlv.find(tlv.parse(tlv.parse_one(answer.data, 0x7C).value), 0x86)
    if given is None or not hmac.compare_digest(given, _token(offer, keys, own)):
        raise ServiceFailure(Failure.ACCESS_REFUSED)


def _token(offer: PaceOffer, keys: SessionKeys, public: Point) -> bytes:
    key = tlv.encode(0x06, offer.protocol) + tlv.encode(0x86, points.encode(offer.curve, public))
    return offer.suite.token(keys.mac, tlv.encode(0x7F49, key))


def _step(exchange: Exchange, data: bytes, tag: int) -> bytes:
    """One GENERAL AUTHENTICATE with others to follow; the value of the data object that is due in its answer."""
    answer = exchange.send(_general_authenticate(_CHAINED, data))
    if not answer.is_good:
        raise ServiceFailure(Failure.CARD_MUTE)
    return tlv.parse_one(tlv.parse_one(answer.data, 0x7C).value, tag).value


def _general_authenticate(cla: int, data: bytes) -> Command:
    return Command(cla, 0x86, 0x00, 0x00, data=tlv.encode(0x7C, data), expected=SHORT_LARGEST)

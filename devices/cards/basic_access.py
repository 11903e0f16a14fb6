"""Basic Access Control: opens the chip with keys made from the printed MRZ (ICAO Doc 9303-11, 4.3 and appendix D)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable

from devices.cards import ciphers
from devices.cards.apdu import Command
from devices.cards.ciphers import SessionKeys
from devices.cards.exchange import Exchange
from devices.cards.mrz import Mrz
from devices.cards.secure_messaging import SecureChannel
from kiosk.failures import Failure, ServiceFailure

_NONCE = 8
_KEY = 16
_ANSWER = 40


def document_keys(mrz: Mrz) -> SessionKeys:
    """K_Enc and K_MAC from document number, birth and expiry, each with its check digit (Doc 9303-11, 4.3.2)."""
    return SessionKeys.derive(
        hashlib.sha1(mrz.access_information().encode("ascii"), usedforsecurity=False).digest()[:_KEY]
    )


class NoBasicAccess(Exception):
    """The chip does not know the command that begins it."""


def open_channel(exchange: Exchange, mrz: Mrz, random: Callable[[int], bytes] = secrets.token_bytes) -> SecureChannel:
    """The secure channel of the selected eMRTD application.

    Raises NoBasicAccess; ServiceFailure: ACCESS_REFUSED where the card's keys are others.
    """
    challenge = exchange.send(Command(0x00, 0x84, 0x00, 0x00, expected=_NONCE))
    if not challenge.is_good or len(challenge.data) != _NONCE:
        raise NoBasicAccess
    keys = document_keys(mrz)
    try:
        return _authenticate(exchange, keys, challenge.data, random(_NONCE), random(_KEY))
    finally:
        keys.wipe()


def _authenticate(
    exchange: Exchange, keys: SessionKeys, card_nonce: bytes, own_nonce: bytes, own_key: bytes
) -> SecureChannel:
    cryptogram = ciphers.encrypt(keys.encryption, own_nonce + card_nonce + own_key)
    token = cryptogram + ciphers.retail_mac(keys.mac, cryptogram)
    answer = exchange.send(Command(0x00, 0x82, 0x00, 0x00, data=token, expected=_ANSWER))
    if not answer.is_good or len(answer.data) != _ANSWER:
        raise ServiceFailure(Failure.ACCESS_REFUSED)
    card_cryptogram, card_mac = answer.data[:-8], answer.data[-8:]
    if not hmac.compare_digest(ciphers.retail_mac(keys.mac, card_cryptogram), card_mac):
        raise ServiceFailure(Failure.ACCESS_REFUSED)
    plain = ciphers.decrypt(keys.encryption, card_cryptogram)
    # Both nonces must come back, or an old answer could be replayed.
    if not hmac.compare_digest(plain[: 2 * _NONCE], card_nonce + own_nonce):
        raise ServiceFailure(Failure.ACCESS_REFUSED)
    seed = bytes(mine ^ theirs for mine, theirs in zip(own_key, plain[2 * _NONCE :], strict=True))
    counter = int.from_bytes(card_nonce[4:] + own_nonce[4:], "big")
    return SecureChannel(exchange, SessionKeys.derive(seed), counter)

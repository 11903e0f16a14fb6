"""Chip authentication, version 1: the chip proves by new session keys that it is no copy (ICAO Doc 9303-11, 6.2)."""

from __future__ import annotations

from collections.abc import Callable

from devices.cards import tlv
from devices.cards.apdu import SHORT_LARGEST, Command, is_about_length
from devices.cards.chip_keys import ChipNotProven, LengthRefused
from devices.cards.chip_reasons import KEY_TOO_LONG
from devices.cards.ciphers import TRIPLE_DES, SessionKeys
from devices.cards.exchange import Exchange, WireBroken
from devices.cards.files import Channel
from devices.cards.groups import draw_key, draw_key_pair, needs_extended_length
from devices.cards.secure_messaging import ChannelBroken, SecureChannel
from devices.cards.security_infos import ChipAuthenticationOffer
from devices.cards.signatures import CannotCheck
from kiosk.failures import Failure, ServiceFailure

_SELECT_DG14 = Command(0x00, 0xA4, 0x02, 0x0C, data=bytes.fromhex("010E"))


def authenticate(
    exchange: Exchange,
    channel: Channel,
    offer: ChipAuthenticationOffer,
    *,
    ephemeral_key: Callable[[int], int] = draw_key,
) -> SecureChannel:
    """The channel to go on with; `channel`, an open one that carries the agreement, is over as soon as the reader's key
    was sent, whatever comes out.

    `offer` must be from a DG14 that passive authentication believes, or the proof is worth nothing. The chip has proven
    itself once an answer under the new keys holds: that is a SELECT of DG14, which has to exist here.
    Raises ChipNotProven; CannotCheck where the reader carries no key of that length; LengthRefused where the card says
    so of itself, and the key does not fit a short command; ServiceFailure: CARD_REMOVED, CARD_MUTE and others of the
    wire.
    """
    group = offer.key.group
    if not fits(exchange, offer):
        raise CannotCheck(KEY_TOO_LONG)
    own = draw_key_pair(group, group.generator, ephemeral_key)
    keys = SessionKeys.derive(group.shared_secret(group.multiply(own.private, offer.key.public_key)), offer.suite)
    try:
        _send_key(channel, offer, own.public)
        channel.close()
        proven = SecureChannel(exchange, keys, 0)
        proven.send(_SELECT_DG14)
    except BaseException as error:
        channel.close()
        keys.wipe()
        if isinstance(error, WireBroken | ChannelBroken | _Refused):
            raise _meaning_of(error, offer) from error
        raise
    return proven


def _meaning_of(error: WireBroken | ChannelBroken | _Refused, offer: ChipAuthenticationOffer) -> Exception:
    """What is said of a chip that does so."""
    if isinstance(error, WireBroken):
        return ServiceFailure(Failure.CARD_MUTE)
    if needs_extended_length(offer.key.group) and error.status is not None and is_about_length(error.status):
        return LengthRefused("chip authentication by a key too long for this card")
    return ChipNotProven(
        "the chip refuses to prove itself" if isinstance(error, _Refused) else "the new keys do not hold"
    )


def fits(exchange: Exchange, offer: ChipAuthenticationOffer) -> bool:
    """Whether the reader carries a key of that length."""
    return exchange.reader_limit > SHORT_LARGEST or not needs_extended_length(offer.key.group)


class _Refused(Exception):
    """The chip does not take a command, and says so under the protection of the channel."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status:04X}")
        self.status = status


def _send_key(channel: Channel, offer: ChipAuthenticationOffer, public_key: bytes) -> None:
    """Triple DES needs one command (6.2.4.1), AES two (6.2.4.2). No Le with MSE, as in PACE."""
    reference = b"" if offer.key_id is None else tlv.encode(0x84, _unsigned(offer.key_id))
    if offer.suite is TRIPLE_DES:
        _demand(channel, Command(0x00, 0x22, 0x41, 0xA6, data=tlv.encode(0x91, public_key) + reference))
        return
    _demand(channel, Command(0x00, 0x22, 0x41, 0xA4, data=tlv.encode(0x80, offer.protocol) + reference))
    data = tlv.encode(0x7C, tlv.encode(0x80, public_key))
    _demand(channel, Command(0x00, 0x86, 0x00, 0x00, data=data, expected=SHORT_LARGEST))


def _demand(channel: Channel, command: Command) -> None:
    answer = channel.send(command)
    if not answer.is_good:
        raise _Refused(answer.status)


def _unsigned(number: int) -> bytes:
    """Without leading zeros (9.4.1)."""
    return number.to_bytes(max(1, (number.bit_length() + 7) // 8), "big")

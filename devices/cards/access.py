"""Which access a card offers and which one is used: PACE wherever it is offered, BAC only where it is not.

PACE that fails is never followed by BAC: who can disturb it could otherwise choose the weaker protocol
(ICAO Doc 9303-11, 4.2; https://github.com/gmrtd/gmrtd/pull/446).
"""

from __future__ import annotations

import dataclasses
import enum
import re

from devices.cards import basic_access, card_access, mrz, pace
from devices.cards.apdu import Command
from devices.cards.exchange import Exchange, WireBroken
from devices.cards.mrz import Mrz
from devices.cards.pace import Password, PasswordUnknown
from devices.cards.secure_messaging import ChannelBroken, SecureChannel
from devices.cards.security_infos import SecurityInfos
from devices.cards.tlv import MalformedData
from kiosk.failures import Failure, ServiceFailure
from kiosk.identity import AccessNumberWanted

EMRTD = bytes.fromhex("A0000002471001")
BASIC = "BAC"
_ACCESS_NUMBER = re.compile(r"[0-9]{6}")
# No Le: some chips refuse SELECT with one (https://github.com/AndyQ/NFCPassportReader/pull/153).
_SELECT = Command(0x00, 0xA4, 0x04, 0x0C, data=EMRTD)


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Printed:
    """What is known of the card's print: its zone, if it was seen whole, and the number that a person typed, if any."""

    zone: Mrz | None = None
    access_number: str = ""

    @classmethod
    def seen(cls, lines: str | None, access_number: str = "") -> Printed:
        """`lines` as the scanner gave them; a zone whose check digits are wrong was not seen."""
        try:
            return cls(mrz.parse(lines or ""), access_number)
        except MalformedData:
            return cls(None, access_number)


def is_access_number(number: str) -> bool:
    """Six digits (Doc 9303-11, 4.4.2; the digits of the standard's alphabet only)."""
    return _ACCESS_NUMBER.fullmatch(number) is not None


class _Look(enum.Enum):
    """How far EF.CardAccess was looked for."""

    NONE = 0
    QUICK = 1
    THOROUGH = 2


class Access:
    """Opens one card. `seems_without_pace` spares the look for PACE where the zone was seen, because cards with the
    same ATR had none. What the issuer signed about it is compared by `Document`, so that the guess cannot mislead."""

    def __init__(self, exchange: Exchange, printed: Printed, *, seems_without_pace: bool = False) -> None:
        self._exchange = exchange
        self._printed = printed
        self._zone_serves = printed.zone is not None and not printed.access_number
        self._spares_the_look = seems_without_pace and self._zone_serves
        self._look = _Look.NONE
        self._is_fresh = True
        self.offered: SecurityInfos | None = None
        """What EF.CardAccess states, once it was found."""
        self.used = ""
        """The access that opened the card: "BAC", "PACE-MRZ", "PACE-CAN"; empty before."""

    @property
    def offers_pace(self) -> bool:
        return self.offered is not None and self.offered.pace_infos > 0

    def open(self) -> SecureChannel:
        """The channel of the selected eMRTD application; a new one each time.

        Raises AccessNumberWanted; MalformedData; ServiceFailure: ACCESS_REFUSED, CARD_UNKNOWN, CARD_MUTE and others.
        """
        try:
            if self._look is _Look.NONE and not self._spares_the_look:
                self._find(_Look.QUICK if self._zone_serves else _Look.THOROUGH)
            if self.offered is not None and self.offers_pace:
                return self._open_by_pace(self.offered)
            return self._open_by_basic_access()
        except (WireBroken, ChannelBroken) as error:
            raise ServiceFailure(Failure.CARD_MUTE) from error

    def find_pace(self) -> bool:
        """Looks for PACE in every way on a card that is powered anew; whether it is offered. Raises ServiceFailure,
        MalformedData."""
        if self._look is not _Look.THOROUGH:
            self._find(_Look.THOROUGH)
        return self.offers_pace

    def _find(self, look: _Look) -> None:
        self._power_anew()
        self._look = look
        self._is_fresh, self.used = False, ""
        self.offered = card_access.find(self._exchange, thorough=look is _Look.THOROUGH)

    def _open_by_basic_access(self) -> SecureChannel:
        self._is_fresh = False
        try:
            if not self._exchange.send(_SELECT).is_good:
                raise ServiceFailure(Failure.CARD_UNKNOWN)
            if self._printed.zone is None:
                raise ServiceFailure(Failure.ACCESS_REFUSED)
            channel = basic_access.open_channel(self._exchange, self._printed.zone)
        except ServiceFailure as refused:
            # A card that knows no BAC may have PACE where a quick look, or none, did not see it.
            if refused.failure is Failure.CARD_UNKNOWN and self._look is not _Look.THOROUGH and self.find_pace():
                return self.open()
            raise
        self.used = BASIC
        return channel

    def _open_by_pace(self, offered: SecurityInfos) -> SecureChannel:
        if not offered.offers:
            raise ServiceFailure(Failure.CARD_UNKNOWN)  # a mapping or a curve that this reader does not know
        password = self._password()
        if self.used:
            self._power_anew()  # PACE is run outside every application and channel
        self._is_fresh = False
        try:
            opened = pace.open_channel(
                self._exchange, offered.offers[0], password, names_parameters=offered.pace_infos > 1
            )
        except PasswordUnknown as error:
            if self._printed.access_number:
                raise ServiceFailure(Failure.ACCESS_REFUSED) from error
            raise AccessNumberWanted from error
        self.used = password.access
        if not opened.channel.send(_SELECT).is_good:
            raise ServiceFailure(Failure.CARD_UNKNOWN)
        return opened.channel

    def _password(self) -> Password:
        if self._printed.access_number:
            return Password.of_access_number(self._printed.access_number)
        if self._printed.zone is None:
            raise AccessNumberWanted
        return Password.of_zone(self._printed.zone)

    def _power_anew(self) -> None:
        if not self._is_fresh:
            self._exchange.reconnect()
            self._is_fresh = True

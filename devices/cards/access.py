"""Which access a card offers and which one is used: PACE wherever it is offered, BAC only where it is not.

PACE that fails is never followed by BAC, unless a card's profile says so: who can disturb it could otherwise choose the
weaker protocol (ICAO Doc 9303-11, 4.2; https://github.com/gmrtd/gmrtd/pull/446).
"""

from __future__ import annotations

import enum

from devices.cards import basic_access, card_access, pace
from devices.cards.apdu import Command
from devices.cards.basic_access import NoBasicAccess
from devices.cards.chip_mapping import ChipMapping
from devices.cards.exchange import Exchange, WireBroken
from devices.cards.files import Channel, InTheOpen
from devices.cards.pace import Password, PasswordUnknown
from devices.cards.printed import Printed
from devices.cards.profiles import Profile
from devices.cards.secure_messaging import ChannelBroken, SecureChannel
from devices.cards.security_infos import Mapping, SecurityInfos
from devices.cards.tlv import MalformedData
from kiosk.failures import Failure, ServiceFailure
from kiosk.identity import AccessNumberWanted

BASIC, PLAIN = "BAC", "plain"


_FIRST_BYTES = Command(0x00, 0xB0, 0x9D, 0x00, expected=4)
"""Of EF.SOD, which every document has."""

_NOT_BY_BASIC_ACCESS = frozenset({Failure.ACCESS_REFUSED, Failure.CARD_UNKNOWN})
_FAILED_PACE = frozenset({Failure.ACCESS_REFUSED, Failure.CARD_UNKNOWN, Failure.CARD_MUTE})


class _Look(enum.Enum):
    """How far EF.CardAccess was looked for."""

    NONE = 0
    QUICK = 1
    THOROUGH = 2


class Access:
    """Opens one card as its profile says. `seems_without_pace` spares the look for PACE where the zone was seen,
    because cards with the same ATR had none. What the issuer signed about it is compared by `Document`, so that the
    guess cannot mislead."""

    def __init__(
        self, exchange: Exchange, printed: Printed, profile: Profile, *, seems_without_pace: bool = False
    ) -> None:
        self._exchange = exchange
        self._printed = printed
        self._rule = profile.access
        self._applications = [bytes.fromhex(each.aid) for each in profile.applications if each.kind == "emrtd"]
        self._zone_serves = printed.zone is not None and not printed.access_number
        self._spares_the_look = seems_without_pace and self._zone_serves and "bac" in self._rule.order
        self._look = _Look.NONE
        self._is_fresh = True
        self.offered: SecurityInfos | None = None
        """What EF.CardAccess states, once it was found."""
        self.used = ""
        """The access that opened the card: "PACE-CAN", "PACE-MRZ", either with "-CAM", "BAC", "plain"; empty before."""
        self.mapping: ChipMapping | None = None
        """What a chip that ran the chip authentication mapping gave to be proven by."""
        self.fell_back = False
        """Whether PACE failed and BAC followed, as the profile allows."""

    @property
    def _may_use_pace(self) -> bool:
        """Whether the profile knows of PACE."""
        return any(mode.startswith("pace") for mode in self._rule.order)

    @property
    def offers_pace(self) -> bool:
        return self.offered is not None and self.offered.pace_infos > 0

    def open(self) -> Channel:
        """The channel of the selected eMRTD application; a new one each time.

        Raises AccessNumberWanted; MalformedData; ServiceFailure: ACCESS_REFUSED, CARD_UNKNOWN, CARD_MUTE and others.
        """
        try:
            if self._look is _Look.NONE and not self._spares_the_look and self._may_use_pace:
                self._find(_Look.QUICK if self._zone_serves and "bac" in self._rule.order else _Look.THOROUGH)
            if self.offered is not None and self.offers_pace and not self.fell_back:
                return self._open_by_pace_or_as_allowed(self.offered)
            return self._open_without_pace()
        except (WireBroken, ChannelBroken) as error:
            raise ServiceFailure(Failure.CARD_MUTE) from error

    def find_pace(self) -> bool:
        """Looks for PACE in every way on a card that is powered anew; whether it is offered. Raises ServiceFailure,
        MalformedData."""
        if self._look is not _Look.THOROUGH:
            self._find(_Look.THOROUGH)
        return self.offers_pace

    def went_without_pace(self, signed: SecurityInfos) -> bool:
        """Whether the chip was opened without, though its issuer signed that it has PACE and its profile wants it."""
        return self.used in {BASIC, PLAIN} and bool(signed.pace_infos) and self._may_use_pace and not self.fell_back

    def was_offered_as(self, signed: SecurityInfos) -> bool:
        """Whether EF.CardAccess holds nothing else than what was signed, and the best of it. A chip without has none of
        PACE."""
        offered = self.offered
        return offered is None or (offered.entries <= signed.entries and offered.offers[:1] == signed.offers[:1])

    def doubts(self, signed: SecurityInfos | None) -> tuple[str, ...]:
        """What may have been weakened on the way to the chip. It is no reason to refuse a card, whose files are
        signed; the technician is told."""
        doubts = ["PACE failed, BAC followed as the profile allows"] if self.fell_back else []
        if signed is None and self.offers_pace:
            doubts.append("the offered protocols are not signed")  # Doc 9303-10, 4.7.14, wants DG14 with PACE
        return tuple(doubts)

    def select_application(self, channel: Channel) -> None:
        """The first eMRTD application that the chip has of those in the profile. Raises ServiceFailure(CARD_UNKNOWN),
        and what the channel raises."""
        for name in self._applications:
            # No Le: some chips refuse SELECT with one (https://github.com/AndyQ/NFCPassportReader/pull/153).
            if channel.send(Command(0x00, 0xA4, 0x04, 0x0C, data=name)).is_good:
                return
        raise ServiceFailure(Failure.CARD_UNKNOWN)

    def _find(self, look: _Look) -> None:
        self._power_anew()
        self._look = look
        self._is_fresh, self.used = False, ""
        self.offered = card_access.find(self._exchange, thorough=look is _Look.THOROUGH)

    def _open_without_pace(self) -> Channel:
        self._is_fresh, self.mapping = False, None  # what PACE proved was of a channel that is gone
        in_the_open = InTheOpen(self._exchange)
        try:
            self.select_application(in_the_open)
            if "bac" in self._rule.order:
                return self._open_by_basic_access()
            refused = ServiceFailure(Failure.CARD_UNKNOWN)
        except ServiceFailure as error:
            # A card that gives its application to nobody yet may have PACE where a quick look, or none, did not see it.
            unseen = error.failure is Failure.CARD_UNKNOWN and self._look is not _Look.THOROUGH
            if unseen and self._may_use_pace and self.find_pace():
                return self.open()
            refused = error
        # One that is open to all may not know the commands of BAC, or play them with keys of its own.
        may_be_open = "plain" in self._rule.order and refused.failure in _NOT_BY_BASIC_ACCESS
        if may_be_open and self._open_plainly(in_the_open):
            return in_the_open
        raise refused

    def _open_by_basic_access(self) -> SecureChannel:
        if self._printed.zone is None:
            raise ServiceFailure(Failure.ACCESS_REFUSED)
        try:
            channel = basic_access.open_channel(self._exchange, self._printed.zone)
        except NoBasicAccess as error:
            raise ServiceFailure(Failure.CARD_UNKNOWN) from error
        self.used = BASIC
        return channel

    def _open_plainly(self, in_the_open: Channel) -> bool:
        """Whether the chip gives its files to everybody."""
        is_open = in_the_open.send(_FIRST_BYTES).is_good
        self.used = PLAIN if is_open else self.used
        return is_open

    def _open_by_pace_or_as_allowed(self, offered: SecurityInfos) -> Channel:
        try:
            return self._open_by_pace(offered)
        except (ServiceFailure, MalformedData, WireBroken, ChannelBroken) as error:
            denied = isinstance(error, ServiceFailure) and error.failure not in _FAILED_PACE
            if denied or not self._rule.bac_after_pace_failure or self._printed.zone is None:
                raise
        self.fell_back = True
        self._power_anew()
        return self._open_without_pace()

    def _open_by_pace(self, offered: SecurityInfos) -> SecureChannel:
        if not offered.offers:
            raise ServiceFailure(Failure.CARD_UNKNOWN)  # a mapping or a group that this reader does not know
        password, offer = self._password(), offered.offers[0]
        if self.used:
            self._power_anew()  # PACE is run outside every application and channel
        self._is_fresh = False
        try:
            opened = pace.open_channel(self._exchange, offer, password, names_parameters=offered.pace_infos > 1)
        except PasswordUnknown as error:
            if self._printed.access_number:
                raise ServiceFailure(Failure.ACCESS_REFUSED) from error
            raise AccessNumberWanted from error
        by_mapping = offer.mapping is Mapping.CHIP_AUTHENTICATION
        self.used, self.mapping = password.access + ("-CAM" if by_mapping else ""), opened.mapping
        self.select_application(opened.channel)
        return opened.channel

    def _password(self) -> Password:
        """The number where one was typed, else the zone, as far as the profile knows of cards that take it."""
        if self._printed.access_number and "pace-can" in self._rule.order:
            return Password.of_access_number(self._printed.access_number)
        if self._printed.zone is not None and "pace-mrz" in self._rule.order:
            return Password.of_zone(self._printed.zone)
        raise AccessNumberWanted if "pace-can" in self._rule.order else ServiceFailure(Failure.ACCESS_REFUSED)

    def _power_anew(self) -> None:
        if not self._is_fresh:
            self._exchange.reconnect()
            self._is_fresh = True

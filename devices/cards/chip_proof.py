"""Is the chip the one that was issued, or a copy of its files? (ICAO Doc 9303-11, 6)

Chip authentication comes before active authentication, as its answer proves nothing to third parties about where the
card was; a chip that ran PACE with the chip authentication mapping has proven itself in passing. One way that succeeds
is enough. Where none does, it counts who is to blame: this terminal, which lacks an algorithm or whose reader is too
short, may let the card pass unproven; the card itself never, as a copy could choose to do the same.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from asn1crypto import x509

from devices.cards import active_authentication, chip_authentication
from devices.cards.access import Access
from devices.cards.apdu import Command
from devices.cards.card_security import CardSecurity, open_card_security, read_card_security
from devices.cards.chip_keys import ChipNotProven, LengthRefused, ProofWithheld
from devices.cards.chip_reasons import (
    BY_ACTIVE_AUTHENTICATION,
    BY_CHIP_AUTHENTICATION,
    BY_MAPPING,
    MAPPING_NOT_RUN,
    NO_KEY,
    NOT_PROVEN,
)
from devices.cards.exchange import Exchange, WireBroken
from devices.cards.files import FileMissing, Files, NoData
from devices.cards.secure_messaging import ChannelBroken
from devices.cards.security_infos import Mapping, SecurityInfos
from devices.cards.signatures import CannotCheck, SignatureWrong
from kiosk.failures import Failure, ServiceFailure

# No Le, as with every SELECT here.
_SELECT_MASTER_FILE = Command(0x00, 0xA4, 0x00, 0x0C, data=bytes.fromhex("3F00"))


@dataclasses.dataclass(frozen=True, slots=True)
class ChipProof:
    """Whether the chip is proven, and the reason in words for the technician."""

    is_proven: bool
    reason: str


@dataclasses.dataclass(frozen=True, slots=True)
class Chip:
    """One chip whose files are believed. `protocols` is what DG14 states, None where the issuer signed none; `key_file`
    reads and checks DG15, and is None where the issuer signed none. `believes` says whether a certificate is that of a
    signer of the document's country, `is_same_document` whether the chip at the end of a channel has the files that
    are believed."""

    exchange: Exchange
    access: Access
    files: Files
    protocols: SecurityInfos | None
    key_file: Callable[[], bytes] | None
    believes: Callable[[x509.Certificate], bool]
    is_same_document: Callable[[], bool]

    def prove(self) -> ChipProof:
        """Tries every way that the issuer signed, until one proves the chip.

        Raises ChipNotProven for a copy; ProofWithheld where the card is to blame that nothing is known; MalformedData;
        ServiceFailure where the card does not go on; and what `key_file` raises.
        """
        unknown: list[str] = []
        withheld: list[ProofWithheld] = []
        for prove in (self._by_mapping, self._by_chip_authentication, self._by_active_authentication):
            try:
                if reason := prove():
                    return ChipProof(True, reason)
            except CannotCheck as error:
                unknown.append(f"{NOT_PROVEN}{error}")
            except ProofWithheld as error:
                self.files.close()  # what it did may have put the channel out of step
                withheld.append(error)
        for one in withheld:
            if isinstance(one, LengthRefused) and self.files.takes_extended_length:
                raise ChipNotProven(str(one))  # it has just given whole files at such lengths
            raise one
        return ChipProof(False, unknown[0] if unknown else NO_KEY)

    def _by_mapping(self) -> str:
        mapping = self.access.mapping
        if mapping is None:
            return self._without_mapping()
        try:
            # Mostly it is the key of chip authentication too, which spares EF.CardSecurity.
            mapping.prove(self.protocols.chip_keys if self.protocols else ())
        except ChipNotProven:
            mapping.prove(self._card_security().infos.chip_keys)
            # EF.CardSecurity does not say which document it belongs to: it is that of the chip in this channel, and so
            # must the security object be, or a genuine chip could answer for the files of another.
            if not self.is_same_document():
                raise ChipNotProven("the chip has another document") from None
        return BY_MAPPING

    def _without_mapping(self) -> str:
        """The empty word of a way that the issuer did not sign."""
        offers = self.protocols.offers if self.protocols else ()
        if not any(offer.mapping is Mapping.CHIP_AUTHENTICATION for offer in offers):
            return ""
        if self.access.fell_back:
            raise ProofWithheld("PACE-CAM failed")
        raise CannotCheck(MAPPING_NOT_RUN)

    def _card_security(self) -> CardSecurity:
        """It stands outside the application, which is selected again afterwards."""
        channel = self.files.channel()
        try:
            if not channel.send(_SELECT_MASTER_FILE).is_good:
                raise ChipNotProven("EF.CardSecurity cannot be reached")
            security = open_card_security(read_card_security(channel, self.files.most(channel)))
            self.access.select_application(channel)
        except (FileMissing, NoData, ChannelBroken, SignatureWrong) as error:
            raise ChipNotProven("EF.CardSecurity is missing or wrong") from error
        except CannotCheck as error:  # nobody else has signed which algorithm it is
            raise ProofWithheld(f"EF.CardSecurity: {error}") from error
        except WireBroken as error:
            raise ServiceFailure(Failure.CARD_MUTE) from error
        if not self.believes(security.signer):
            raise ChipNotProven("EF.CardSecurity is not signed by the document's country")
        if self.access.offered is not None and not self.access.offered.entries <= security.infos.entries:
            raise ChipNotProven("the offered protocols are not as EF.CardSecurity signs them")
        return security

    def _by_chip_authentication(self) -> str:
        if self.protocols is None:
            return ""
        offers = self.protocols.chip_authentication
        if not offers:
            if self.protocols.chip_authentication_refusals:
                raise CannotCheck(self.protocols.chip_authentication_refusals[0])
            return ""
        offer = next((one for one in offers if chip_authentication.fits(self.exchange, one)), offers[0])
        self.files.move_to(chip_authentication.authenticate(self.exchange, self.files.channel(), offer))
        return BY_CHIP_AUTHENTICATION

    def _by_active_authentication(self) -> str:
        if self.key_file is None:
            return ""
        key_file = self.key_file()
        stated = self.protocols.signature_hash if self.protocols else None
        active_authentication.prove(self.files.channel(), key_file, stated, reader_limit=self.exchange.reader_limit)
        return BY_ACTIVE_AUTHENTICATION

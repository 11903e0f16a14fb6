"""Reads one national card from power-up to proof: access, files, passive authentication, and who it names."""

from __future__ import annotations

import dataclasses
import datetime

from devices.cards import basic_access, data_groups, mrz
from devices.cards.anchors import Anchor
from devices.cards.apdu import Command
from devices.cards.authenticity import Proof, prove_files, prove_signer
from devices.cards.data_groups import DG1, DG2, DG11, SECURITY_OBJECT_FILE, PersonalDetails
from devices.cards.exchange import Exchange, WireBroken
from devices.cards.files import FileMissing, Files
from devices.cards.mrz import Mrz
from devices.cards.secure_messaging import SecureChannel
from devices.cards.security_object import SecurityObject, open_security_object
from devices.cards.signatures import CannotCheck, SignatureWrong
from devices.cards.tlv import MalformedData
from kiosk.failures import Failure, ServiceFailure
from kiosk.identity import CardReading, Identity, Verdict

EMRTD = bytes.fromhex("A0000002471001")
PROFILE = "icao-emrtd-td1"
ACCESS = "BAC"


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class _Contents:
    """What was read and agrees with the security object."""

    signed: SecurityObject
    zone: Mrz
    details: PersonalDetails
    picture: bytes


class NotProven(Exception):
    """The card's data may not be used; the proof says why."""

    def __init__(self, proof: Proof) -> None:
        super().__init__(proof.verdict.name)
        self.proof = proof


class Document:
    """One card on one exchange. `printed` is the MRZ that was seen on it, `step` where to start in `files.LENGTHS`."""

    def __init__(self, exchange: Exchange, printed: str | None, step: int) -> None:
        self._exchange = exchange
        self._printed = printed
        self._files = Files(self._open_channel, exchange.reconnect, step)

    @property
    def step(self) -> int:
        """The place in `files.LENGTHS` that this card takes."""
        return self._files.step

    def read(self, believed: tuple[Anchor, ...], now: datetime.datetime) -> CardReading:
        """Raises NotProven unless the card is genuine and valid; ServiceFailure where it cannot be read."""
        contents, proof = self._read_and_prove(believed, now, picture=False)
        return CardReading(
            identity=_identity_of(contents, now),
            verdict=proof.verdict,
            reasons=proof.reasons,
            profile=PROFILE,
            access=ACCESS,
            cost=self._exchange.cost(),
        )

    def read_picture(self, believed: tuple[Anchor, ...], now: datetime.datetime) -> bytes:
        """The face as stored (JPEG or JPEG 2000), undecoded, of a card that is proven. Raises as `read`."""
        contents, _ = self._read_and_prove(believed, now, picture=True)
        return contents.picture

    def _read_and_prove(
        self, believed: tuple[Anchor, ...], now: datetime.datetime, *, picture: bool
    ) -> tuple[_Contents, Proof]:
        try:
            contents = self._read_contents(picture=picture)
            proof = prove_signer(
                contents.signed, believed, contents.zone.issuing_state, contents.zone.expiry_date(), now
            )
        except MalformedData as error:
            raise NotProven(Proof(Verdict.FORGED, (f"malformed: {error}",))) from error
        finally:
            self._files.close()
        if proof.verdict is not Verdict.GENUINE:
            raise NotProven(proof)
        return contents, proof

    def _read_contents(self, *, picture: bool) -> _Contents:
        try:
            signed = open_security_object(self._files.read(SECURITY_OBJECT_FILE))
            # The signed list says which files there are; EF.COM is not signed and is not read.
            wanted = [DG1] + [number for number in (DG11,) if number in signed.hashes] + ([DG2] if picture else [])
            read = {number: self._files.read(number) for number in wanted}
        except FileMissing as error:
            raise NotProven(Proof(Verdict.FORGED, ("a signed file is missing",))) from error
        except SignatureWrong as error:
            raise NotProven(Proof(Verdict.FORGED, ("security object's signature is wrong",))) from error
        except CannotCheck as error:
            raise NotProven(Proof(Verdict.NOT_CHECKABLE, (f"not supported: {error}",))) from error
        if fault := prove_files(signed, read):
            raise NotProven(fault)
        zone = data_groups.parse_zone(read[DG1])
        if zone.checked != mrz.parse(self._printed or "").checked:
            raise NotProven(Proof(Verdict.FORGED, ("chip and print differ",)))
        return _Contents(
            signed=signed,
            zone=zone,
            details=data_groups.parse_details(read[DG11]) if DG11 in read else PersonalDetails(),
            picture=data_groups.face_picture(read[DG2]) if DG2 in read else b"",
        )

    def _open_channel(self) -> SecureChannel:
        try:
            # No Le: some chips refuse SELECT with one (https://github.com/AndyQ/NFCPassportReader/pull/153).
            selected = self._exchange.send(Command(0x00, 0xA4, 0x04, 0x0C, data=EMRTD))
            if not selected.is_good:
                raise ServiceFailure(Failure.CARD_UNKNOWN)
            return basic_access.open_channel(self._exchange, self._access_key())
        except WireBroken as error:
            raise ServiceFailure(Failure.CARD_MUTE) from error

    def _access_key(self) -> Mrz:
        try:
            return mrz.parse(self._printed or "")
        except MalformedData as error:
            raise ServiceFailure(Failure.ACCESS_REFUSED) from error


def _identity_of(contents: _Contents, now: datetime.datetime) -> Identity:
    zone = contents.zone
    number = data_groups.national_number(contents.details, zone)
    if number is None:
        raise ServiceFailure(Failure.CARD_UNKNOWN)
    return Identity(
        national_number=number,
        document_number=zone.document_number,
        name_arabic=data_groups.arabic_name(contents.details),
        name_latin=zone.latin_name(),
        birth_date=zone.birth_date(now.date()),
        expiry_date=zone.expiry_date(),
        issuing_state=zone.issuing_state,
    )

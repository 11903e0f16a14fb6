"""Reads one national card from power-up to proof: access, files, passive authentication, and who it names."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
from collections.abc import Iterator

from devices.cards import data_groups
from devices.cards.access import BASIC, Access, Printed
from devices.cards.authenticity import Proof, prove_files, prove_signer
from devices.cards.data_groups import DG1, DG2, DG11, DG14, SECURITY_OBJECT_FILE, PersonalDetails
from devices.cards.exchange import Exchange
from devices.cards.files import FileMissing, Files
from devices.cards.mrz import Mrz
from devices.cards.portrait import PortraitUnreadable
from devices.cards.security_infos import SecurityInfos
from devices.cards.security_object import SecurityObject, open_security_object
from devices.cards.signatures import CannotCheck, SignatureWrong
from devices.cards.tlv import MalformedData
from devices.cards.trust.store import Trust
from kiosk.failures import Failure, ServiceFailure
from kiosk.identity import CardReading, Identity, Verdict

PROFILE = "icao-emrtd-td1"


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class _Contents:
    """What was read and agrees with the security object."""

    signed: SecurityObject
    zone: Mrz
    details: PersonalDetails


class NotProven(Exception):
    """The card's data may not be used; the proof says why."""

    def __init__(self, proof: Proof) -> None:
        super().__init__(proof.verdict.name)
        self.proof = proof


class Document:
    """One card on one exchange. `step` is where to start in `files.LENGTHS`; for `seems_without_pace` see `Access`."""

    def __init__(self, exchange: Exchange, printed: Printed, step: int, *, seems_without_pace: bool = False) -> None:
        self._exchange = exchange
        self._printed = printed
        self._access = Access(exchange, printed, seems_without_pace=seems_without_pace)
        self._files = Files(self._access.open, exchange.reconnect, step)

    @property
    def has_pace(self) -> bool:
        """Whether it was opened by PACE, or would have to be."""
        return self._access.offers_pace

    @property
    def step(self) -> int:
        """The place in `files.LENGTHS` that this card takes."""
        return self._files.step

    def read(self, believed: Trust, now: datetime.datetime) -> tuple[CardReading, SecurityObject]:
        """The reading, and what the issuer signed of this card. Raises NotProven unless the card is genuine and valid;
        AccessNumberWanted; ServiceFailure where it cannot be read."""
        with self._closing():
            contents = self._read_contents(accept_sha1=believed.policy.accept_sha1)
            proof = prove_signer(
                contents.signed, believed, contents.zone.issuing_state, contents.zone.expiry_date(), now
            )
        if proof.verdict is not Verdict.GENUINE:
            raise NotProven(proof)
        reading = CardReading(
            identity=_identity_of(contents, now),
            verdict=proof.verdict,
            reasons=proof.reasons,
            profile=PROFILE,
            access=self._access.used,
            cost=self._exchange.cost(),
        )
        return reading, contents.signed

    def read_picture(self, proven: SecurityObject) -> bytes:
        """The face as stored (JPEG or JPEG 2000), undecoded, if it is the one that was signed with what `read` proved;
        so a card that was changed in between gives none. Raises PortraitUnreadable, and as `read`."""
        if DG2 not in proven.hashes:
            raise PortraitUnreadable("not on the card")
        with self._closing():
            file = self._read_files(proven, (DG2,))[DG2]
        try:
            return data_groups.face_picture(file)
        except MalformedData as error:
            raise PortraitUnreadable("not of a known kind") from error

    @contextlib.contextmanager
    def _closing(self) -> Iterator[None]:
        try:
            yield
        except MalformedData as error:
            raise NotProven(Proof(Verdict.FORGED, (f"malformed: {error}",))) from error
        finally:
            self._files.close()

    def _read_contents(self, *, accept_sha1: bool) -> _Contents:
        signed = self._read_security_object(accept_sha1=accept_sha1)
        # The signed list says which files there are; EF.COM is not signed and is not read.
        wanted = (*(number for number in (DG14, DG11) if number in signed.hashes), DG1)
        read = self._read_files(signed, wanted)
        if DG14 in read and not self._has_used_what_was_signed(data_groups.parse_protocols(read[DG14])):
            self._files.close()
            return self._read_contents(accept_sha1=accept_sha1)  # once only: by PACE now
        zone = data_groups.parse_zone(read[DG1])
        if self._printed.zone is not None and zone.checked != self._printed.zone.checked:
            raise NotProven(Proof(Verdict.FORGED, ("chip and print differ",)))
        return _Contents(
            signed=signed,
            zone=zone,
            details=data_groups.parse_details(read[DG11]) if DG11 in read else PersonalDetails(),
        )

    def _read_security_object(self, *, accept_sha1: bool) -> SecurityObject:
        try:
            return open_security_object(self._files.read(SECURITY_OBJECT_FILE), accept_sha1=accept_sha1)
        except FileMissing as error:
            raise NotProven(Proof(Verdict.FORGED, ("the security object is missing",))) from error
        except SignatureWrong as error:
            raise NotProven(Proof(Verdict.FORGED, ("security object's signature is wrong",))) from error
        except CannotCheck as error:
            raise NotProven(Proof(Verdict.NOT_CHECKABLE, (f"not supported: {error}",))) from error

    def _read_files(self, signed: SecurityObject, numbers: tuple[int, ...]) -> dict[int, bytes]:
        try:
            read = {number: self._files.read(number) for number in numbers}
        except FileMissing as error:
            raise NotProven(Proof(Verdict.FORGED, ("a signed file is missing",))) from error
        if fault := prove_files(signed, read):
            raise NotProven(fault)
        return read

    def _has_used_what_was_signed(self, signed: SecurityInfos) -> bool:
        """Compares EF.CardAccess, which is not signed, with DG14: a changed one could have led to a weaker protocol
        (ICAO Doc 9303-11, 4.4). False where PACE was overlooked and is now found. Raises NotProven, ServiceFailure."""
        if self._access.used == BASIC and signed.pace_infos:
            if self._access.find_pace():
                return False
            raise NotProven(Proof(Verdict.FORGED, ("PACE is signed and not offered",)))
        if self._access.offered is not None and not self._access.offered.entries <= signed.entries:
            raise NotProven(Proof(Verdict.FORGED, ("the offered protocols are not as signed",)))
        return True


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

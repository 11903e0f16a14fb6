"""Reads one card from power-up to proof: access, files, passive authentication, who it names; then chip and face."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
from collections.abc import Iterator

from devices.cards import data_groups
from devices.cards.access import Access
from devices.cards.authenticity import NotProven, Proof, believes, prove_files, prove_signer
from devices.cards.chip_keys import ChipNotProven, ProofWithheld
from devices.cards.chip_proof import Chip, ChipProof
from devices.cards.chip_reasons import NOT_PROVEN
from devices.cards.data_groups import DG1, DG2, DG11, DG14, DG15, SECURITY_OBJECT_FILE, PersonalDetails
from devices.cards.exchange import Exchange
from devices.cards.files import Channel, FileMissing, Files, first_step
from devices.cards.identity import identity_of
from devices.cards.mrz import Mrz
from devices.cards.printed import Printed
from devices.cards.profiles import DocumentRule, Profile, ProfileChoice
from devices.cards.security_infos import SecurityInfos
from devices.cards.security_object import SecurityObject, open_security_object
from devices.cards.signatures import CannotCheck, SignatureWrong
from devices.cards.tlv import MalformedData
from devices.cards.trust.store import Trust
from kiosk.failures import Failure, ServiceFailure
from kiosk.identity import CardReading, ReadingCost, Verdict


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class _Contents:
    """What was read up to the name and agrees with the security object. `protocols` is what DG14 states, if there is
    one; `reasons` are those of passive authentication."""

    signed: SecurityObject
    zone: Mrz
    details: PersonalDetails
    protocols: SecurityInfos | None
    profile: Profile
    rule: DocumentRule
    reasons: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Rest:
    """What is read after the name: how far the chip is proven, and the face as stored (JPEG or JPEG 2000, undecoded),
    empty where there is none. `cost` is of the whole reading."""

    verdict: Verdict
    reasons: tuple[str, ...]
    picture: bytes
    cost: ReadingCost


def _refused(verdict: Verdict, *reasons: str) -> NotProven:
    return NotProven(Proof(verdict, reasons))


class Document:
    """One card on one exchange: `read`, then `complete`, then `close`.

    `step` is a place in `files.LENGTHS` that such cards took; for `seems_without_pace` see `Access`. Raises
    ServiceFailure(CARD_UNKNOWN) where no profile is for a card like this, or its profile is for no document.
    """

    def __init__(
        self,
        exchange: Exchange,
        printed: Printed,
        choice: ProfileChoice,
        believed: Trust,
        *,
        step: int = 0,
        seems_without_pace: bool = False,
    ) -> None:
        guessed = choice.before_reading(printed.zone.kind if printed.zone else None)
        if guessed is None or guessed.document is None:
            raise ServiceFailure(Failure.CARD_UNKNOWN)
        self._exchange = exchange
        self._printed = printed
        self._choice = choice
        self._guessed = guessed
        self._believed = believed
        self._access = Access(exchange, printed, guessed, seems_without_pace=seems_without_pace)
        start = max(step, first_step(min(exchange.reader_limit, guessed.largest_read)))
        self._files = Files(self._open, exchange.reconnect, start)
        self._contents: _Contents | None = None

    @property
    def has_pace(self) -> bool:
        """Whether it was opened by PACE, or would have to be."""
        return self._access.offers_pace

    @property
    def signed(self) -> bytes:
        """The digest of the security object that `read` has proven: two cards never share one."""
        assert self._contents is not None
        return self._contents.signed.digest

    @property
    def step(self) -> int:
        """The place in `files.LENGTHS` that this card takes."""
        return self._files.step

    def read(self, now: datetime.datetime) -> CardReading:
        """Up to the name. Raises NotProven unless the card is genuine, as far as that can be known by now, and valid;
        AccessNumberWanted; ServiceFailure where it cannot be read."""
        self._exchange.enter("access")
        with self._wrong_is_forged():
            contents = self._read_contents()
            zone = contents.zone
            proof = prove_signer(contents.signed, self._believed, zone.issuing_state, zone.expiry_date(), now)
            if proof.verdict is not Verdict.GENUINE:
                raise NotProven(proof)
            identity = identity_of(contents.profile, zone, contents.details, now)
        self._contents = dataclasses.replace(contents, reasons=proof.reasons + self._access.doubts(contents.protocols))
        return CardReading(
            identity=identity,
            verdict=proof.verdict,
            reasons=self._contents.reasons,
            profile=contents.profile.id,
            access=self._access.used,
            cost=self._exchange.cost(),
        )

    def complete(self, now: datetime.datetime) -> Rest:
        """The rest of the card that `read` has read, on the same channel. Raises as `read`."""
        contents = self._contents
        assert contents is not None
        with self._wrong_is_forged():
            self._exchange.enter("chip")
            chip = self._prove_chip(contents, now)
            if not chip.is_proven and contents.rule.chip_proof == "required":
                raise _refused(Verdict.NOT_CHECKABLE, chip.reason)
            picture = self._read_picture(contents)
        return Rest(Verdict.GENUINE, (*contents.reasons, chip.reason), picture, self._exchange.cost())

    def close(self) -> None:
        """Wipes the keys of the channel."""
        self._files.close()

    def _open(self) -> Channel:
        before = self._exchange.enter("access")
        try:
            return self._access.open()
        finally:
            self._exchange.enter(before)

    @contextlib.contextmanager
    def _wrong_is_forged(self) -> Iterator[None]:
        try:
            yield
        except MalformedData as error:
            raise _refused(Verdict.FORGED, f"malformed: {error}") from error

    # -- up to the name

    def _read_contents(self) -> _Contents:
        self._exchange.enter("security object")
        signed = self._read_security_object()
        self._exchange.enter("identity")
        assert self._guessed.document is not None
        # The signed list says which files there are; EF.COM is not signed and is not read.
        wanted = {DG1, *self._guessed.document.before_name, DG14}
        read = {number: self._read_file(signed, number) for number in sorted(wanted) if number in signed.hashes}
        if DG1 not in read:
            raise _refused(Verdict.FORGED, "data group 1 is not signed")
        protocols = data_groups.parse_protocols(read[DG14]) if DG14 in read else None
        if not self._has_used_what_was_signed(protocols):
            self._files.close()
            return self._read_contents()  # once only: by PACE now
        zone = data_groups.parse_zone(read[DG1])
        if self._printed.zone is not None and zone.checked != self._printed.zone.checked:
            raise _refused(Verdict.FORGED, "chip and print differ")
        profile = self._choice.after_reading(self._guessed, zone.kind)
        if profile is None or profile.document is None:
            raise ServiceFailure(Failure.CARD_UNKNOWN)
        details = data_groups.parse_details(read[DG11]) if DG11 in read else PersonalDetails()
        return _Contents(signed, zone, details, protocols, profile, profile.document)

    def _read_security_object(self) -> SecurityObject:
        try:
            file = self._files.read(SECURITY_OBJECT_FILE)
            return open_security_object(file, accept_sha1=self._believed.policy.accept_sha1)
        except FileMissing as error:
            raise _refused(Verdict.FORGED, "the security object is missing") from error
        except SignatureWrong as error:
            raise _refused(Verdict.FORGED, "security object's signature is wrong") from error
        except CannotCheck as error:
            raise _refused(Verdict.NOT_CHECKABLE, f"not supported: {error}") from error

    def _read_file(self, signed: SecurityObject, number: int) -> bytes:
        """A data group, whole, as it was signed. A chip without its signed keys is a copy made by somebody who could
        not copy them (Doc 9303-11, 6); without another file it is forged."""
        try:
            file = self._files.read(number)
        except FileMissing as error:
            verdict = Verdict.CLONED if number in {DG14, DG15} else Verdict.FORGED
            raise _refused(verdict, f"data group {number} is signed and missing") from error
        if fault := prove_files(signed, {number: file}):
            raise NotProven(fault)
        return file

    def _has_used_what_was_signed(self, signed: SecurityInfos | None) -> bool:
        """Compares EF.CardAccess, which is not signed, with DG14: a changed one, or one without the best entries, could
        have led to a weaker protocol (ICAO Doc 9303-11, 4.4). False where PACE was overlooked and is now found. Raises
        NotProven, ServiceFailure."""
        access = self._access
        if signed is None:
            return True  # nothing to compare with: the reasons say so
        if access.went_without_pace(signed):
            if access.find_pace():
                return False
            raise _refused(Verdict.FORGED, "PACE is signed and not offered")
        if not access.was_offered_as(signed):
            raise _refused(Verdict.FORGED, "the offered protocols are not as signed")
        return True

    # -- after the name

    def _prove_chip(self, contents: _Contents, now: datetime.datetime) -> ChipProof:
        signed, state = contents.signed, contents.zone.issuing_state
        chip = Chip(
            exchange=self._exchange,
            access=self._access,
            files=self._files,
            protocols=contents.protocols,
            key_file=(lambda: self._read_file(signed, DG15)) if DG15 in signed.hashes else None,
            believes=lambda certificate: believes(certificate, self._believed, state, now),
            is_same_document=lambda: self._read_security_object().digest == signed.digest,
        )
        try:
            return chip.prove()
        except ChipNotProven as error:
            raise _refused(Verdict.CLONED, f"{NOT_PROVEN}{error}") from error
        except ProofWithheld as error:
            raise _refused(Verdict.NOT_CHECKABLE, f"{NOT_PROVEN}{error}") from error

    def _read_picture(self, contents: _Contents) -> bytes:
        """A genuine card may have none, or one of a kind that is not known here: its person is served without."""
        if DG2 not in contents.signed.hashes or DG2 not in contents.rule.after_name:
            return b""
        self._exchange.enter("portrait")
        file = self._read_file(contents.signed, DG2)
        try:
            return data_groups.face_picture(file)
        except MalformedData:
            return b""

"""What a copy may try instead of proving its chip: another channel, a weaker access, a file that cannot be checked."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from devices.cards.authenticity import NotProven
from devices.cards.document import Document, Rest
from devices.cards.exchange import Exchange
from devices.cards.profiles import ProfileChoice
from devices.cards.trust.store import Trust
from devices.virtual.card.basic_access import AccessKeys
from devices.virtual.card.chip import Chip, Limits
from devices.virtual.card.files import CARD_SECURITY, SECURITY_OBJECT, CardContent, load
from kiosk.identity import Verdict
from tests.devices.cards.opening import PROFILES
from tests.devices.cards.sample_cards import Sample, believed

_SHA_256 = bytes.fromhex("608648016503040201")
_SHA3_256 = bytes.fromhex("608648016503040208")


@pytest.fixture(scope="session")
def trust(issued: Path, tmp_path_factory: pytest.TempPathFactory) -> Trust:
    return believed(issued, tmp_path_factory.mktemp("trust"))


@pytest.fixture
def apart(issued: Path) -> Sample:
    """The key of its chip authentication mapping stands in EF.CardSecurity alone."""
    return Sample(issued / "laboratory" / "cam_apart")


class Between:
    """`Wire` to a chip, with somebody in between who may answer in its place."""

    reader_limit = 65_536

    def __init__(self, content: CardContent) -> None:
        self.answer: Callable[[bytes], bytes | None] = lambda _command: None
        self.put(content)

    def put(self, content: CardContent) -> None:
        self.chip = Chip(content, Limits())

    def transmit(self, command: bytes) -> bytes:
        return self.answer(command) or self.chip.answer(command)

    def reconnect(self) -> None:
        self.chip.reset()


def complete(wire: Between, card: Sample, trust: Trust, *, bac_after_pace_failure: bool = False) -> Rest:
    atr, now = load(card.folder).atr, datetime.datetime.now(datetime.UTC)
    profiles = tuple(
        msgspec.structs.replace(
            each, access=msgspec.structs.replace(each.access, bac_after_pace_failure=bac_after_pace_failure)
        )
        for each in PROFILES
    )
    document = Document(Exchange(wire), card.printed(), ProfileChoice(profiles, atr), trust)
    document.read(now)
    return document.complete(now)


def refused(wire: Between, card: Sample, trust: Trust, *, bac_after_pace_failure: bool = False) -> tuple[Verdict, str]:
    with pytest.raises(NotProven) as raised:
        complete(wire, card, trust, bac_after_pace_failure=bac_after_pace_failure)
    return raised.value.proof.verdict, raised.value.proof.reasons[-1]


def refuse_once(wire: Between, instruction: int, p1: int, then: Callable[[], None]) -> None:
    """In a channel."""

    def answer(command: bytes) -> bytes | None:
        if not command[0] & 0x0C or command[1:3] != bytes([instruction, p1]):
            return None
        wire.answer = lambda _command: None
        then()
        return b"\x67\x00"

    wire.answer = answer


def test_a_card_that_steps_down_is_proven_in_its_new_channel(apart: Sample, trust: Trust) -> None:
    wire = Between(load(apart.folder))
    refuse_once(wire, 0xB0, 0x8E, wire.reconnect)
    assert complete(wire, apart, trust).reasons[-1] == "chip proven by PACE-CAM"


def test_another_genuine_chip_does_not_answer_for_files_that_were_read_before(apart: Sample, trust: Trust) -> None:
    """EF.CardSecurity tells a genuine chip, not whose: a copy could hand over to one between two channels."""
    copied = load(apart.folder)
    other = (apart.folder.parent / "aa_rsa" / "EF.SOD").read_bytes()
    wire = Between(copied)
    refuse_once(
        wire,
        0xB0,
        0x8E,
        lambda: wire.put(dataclasses.replace(copied, files={**copied.files, SECURITY_OBJECT: other})),
    )
    assert refused(wire, apart, trust) == (Verdict.CLONED, "chip not proven: the chip has another document")


def test_what_pace_proved_does_not_outlive_its_channel(apart: Sample, trust: Trust) -> None:
    """A copy lets a genuine chip run PACE, refuses its application, and goes on by BAC, as a profile may allow."""
    content = load(apart.folder)
    lines = (apart.folder / "mrz.txt").read_text(encoding="ascii").split()
    wire = Between(dataclasses.replace(content, access=AccessKeys.of_zone(tuple(lines))))

    refuse_once(wire, 0xA4, 0x04, wire.reconnect)
    verdict, reason = refused(wire, apart, trust, bac_after_pace_failure=True)
    assert (verdict, reason) == (Verdict.NOT_CHECKABLE, "chip not proven: PACE-CAM failed")


def test_a_file_that_cannot_be_checked_is_no_pass(apart: Sample, trust: Trust) -> None:
    content = load(apart.folder)
    security = content.master_files[CARD_SECURITY].replace(_SHA_256, _SHA3_256)
    assert security != content.master_files[CARD_SECURITY]
    wire = Between(dataclasses.replace(content, master_files={**content.master_files, CARD_SECURITY: security}))
    verdict, reason = refused(wire, apart, trust)
    assert verdict is Verdict.NOT_CHECKABLE
    assert reason.startswith("chip not proven: EF.CardSecurity: hash")

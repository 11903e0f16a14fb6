"""What the chip answers, rightly and wrongly asked."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.virtual.card.basic_access import AccessKeys
from devices.virtual.card.chip import Chip, Limits
from devices.virtual.card.files import CardContent, NotACard, load
from tests.devices.virtual.card.conftest import zone
from tests.devices.virtual.card.terminal import SELECT_EMRTD, Session, external_authenticate, open_session

ZONE = ("IDJORSPX70418209912004821<<<<<", "9104174F3203145JOR<<<<<<<<<<<2", "ALYASMEEN<<SALMA<KHALED<<<<<<<")
CONTENT = bytes(index * 7 % 251 for index in range(900))
FILES = {0x011E: b"\x60\x00", 0x0101: CONTENT}
CHANNEL_LOST = bytes.fromhex("6982")


def make_chip(limits: Limits | None = None) -> Chip:
    return Chip(CardContent(b"\x3b\x00", FILES, AccessKeys.of_zone(ZONE)), limits or Limits())


def make_session(limits: Limits | None = None) -> Session:
    return open_session(make_chip(limits).answer, ZONE)


def still_open(session: Session) -> bool:
    answer = session.transmit(session.protect(bytes.fromhex("00B09E00"), expected=2))
    return answer != CHANNEL_LOST


@pytest.mark.parametrize("command", ["00B09E0000", "00B0810000", "00A4020C02011E", "00A4020C020103", "00B0000004"])
def test_nothing_is_told_before_access_control(command: str) -> None:
    chip = make_chip()
    chip.answer(SELECT_EMRTD)
    assert chip.answer(bytes.fromhex(command)).hex() == "6982"


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("00A4040C07A0000002471002", "6a82"),  # another application
        ("00B09C0000", "6a82"),  # EF.CardAccess: this chip has no PACE
        ("00A4000C023F00", "9000"),
        ("00A4000C", "9000"),
        ("00A4020C02011C", "6a82"),
        ("0084000008", "6985"),  # the application comes first
        ("00A4050C00", "6a86"),
        ("00CA9F7F00", "6d00"),
        ("80CA9F7F00", "6e00"),
        ("00A4", "6700"),
        ("00A4040C07A000000247", "6700"),
    ],
)
def test_status_before_the_application(command: str, status: str) -> None:
    assert make_chip().answer(bytes.fromhex(command)).hex() == status


def test_wrong_keys() -> None:
    other = (ZONE[0].replace("704182", "704183"), ZONE[1], ZONE[2])
    with pytest.raises(AssertionError, match="6300"):
        open_session(make_chip().answer, other)


def test_an_authentication_of_another_challenge() -> None:
    chip = make_chip()
    chip.answer(SELECT_EMRTD)
    challenge = chip.answer(bytes.fromhex("0084000008"))[:8]
    replayed = external_authenticate(ZONE, bytes(8) + bytes(byte ^ 1 for byte in challenge) + bytes(16))
    assert chip.answer(replayed).hex() == "6300"


def test_an_authentication_with_a_wrong_checksum() -> None:
    chip = make_chip()
    chip.answer(SELECT_EMRTD)
    challenge = chip.answer(bytes.fromhex("0084000008"))[:8]
    command = bytearray(external_authenticate(ZONE, bytes(8) + challenge + bytes(16)))
    command[-2] ^= 1
    assert chip.answer(bytes(command)).hex() == "6300"


def test_a_challenge_is_good_for_the_next_command_only() -> None:
    chip = make_chip()
    chip.answer(SELECT_EMRTD)
    chip.answer(bytes.fromhex("0084000008"))
    chip.answer(bytes.fromhex("00B09E0000"))
    assert chip.answer(bytes.fromhex("0082000028") + bytes(40) + b"\x28").hex() == "6985"


def test_an_authentication_of_the_wrong_size() -> None:
    chip = make_chip()
    chip.answer(SELECT_EMRTD)
    chip.answer(bytes.fromhex("0084000008"))
    assert chip.answer(bytes.fromhex("0082000008") + bytes(8) + b"\x28").hex() == "6700"


def test_a_whole_file_in_one_extended_read() -> None:
    assert make_session().ask("00B08100", expected=0, extended=True) == (CONTENT, 0x9000)


def test_by_short_identifier_then_by_offset() -> None:
    session = make_session()
    first, _ = session.ask("00B08100", expected=231)
    second, _ = session.ask("00B000E7", expected=231)
    assert first + second == CONTENT[:462]


def test_by_selecting() -> None:
    session = make_session()
    assert session.ask("00A4020C", b"\x01\x01") == (b"", 0x9000)
    assert session.ask("00B00000", expected=16) == (CONTENT[:16], 0x9000)


@pytest.mark.parametrize(
    ("header", "expected", "answer"),
    [
        ("00B00384", 4, (b"", 0x6B00)),  # at the end
        ("00B00382", 4, (CONTENT[-2:], 0x6282)),  # over the end
        ("00B08F00", 4, (b"", 0x6A82)),
        ("00B0A100", 4, (b"", 0x6A86)),
        ("00D60000", 4, (b"", 0x6D00)),
        ("00B00000", None, (b"", 0x6700)),
    ],
)
def test_status_inside_the_channel(header: str, expected: int | None, answer: tuple[bytes, int]) -> None:
    session = make_session()
    session.ask("00A4020C", b"\x01\x01")
    assert session.ask(header, expected=expected) == answer
    assert still_open(session)


@settings(deadline=None)  # the machine may be busy with other tests
@given(offset=st.integers(0, len(CONTENT) - 1), size=st.integers(1, 65535))
def test_any_part_of_a_file(offset: int, size: int) -> None:
    session = make_session()
    session.ask("00A4020C", b"\x01\x01")
    data, status = session.ask(f"00B0{offset:04X}", expected=size, extended=True)
    assert data == CONTENT[offset : offset + size]
    assert status == (0x9000 if offset + size <= len(CONTENT) else 0x6282)


@settings(deadline=None)
@given(place=st.integers(4, 40), change=st.integers(1, 255))
def test_any_changed_byte_ends_the_channel(place: int, change: int) -> None:
    session = make_session()
    command = bytearray(session.protect(bytes.fromhex("00A4020C"), b"\x01\x01"))
    command[place % (len(command) - 5) + 4] ^= change
    assert session.transmit(bytes(command)).hex() in {"6700", "6987", "6988"}
    session = Session(session.transmit, session.encryption, session.authentication, session.counter - 1)
    assert session.transmit(session.protect(bytes.fromhex("00A4020C"), b"\x01\x01")) == CHANNEL_LOST


def test_a_changed_header_ends_the_channel() -> None:
    session = make_session()
    command = session.protect(bytes.fromhex("00B08100"), expected=4)
    assert session.transmit(command[:3] + b"\x01" + command[4:]).hex() == "6988"
    assert not still_open(session)


def test_a_repeated_command_ends_the_channel() -> None:
    session = make_session()
    command = session.protect(bytes.fromhex("00B08100"), expected=4)
    session.open(session.transmit(command))
    assert session.transmit(command).hex() == "6988"
    assert not still_open(session)


def test_without_a_checksum() -> None:
    session = make_session()
    assert session.transmit(bytes.fromhex("0CB081000397010400")).hex() == "6987"
    assert not still_open(session)


def test_a_plain_command_ends_the_channel() -> None:
    session = make_session()
    assert session.transmit(bytes.fromhex("00B0810004")) == CHANNEL_LOST
    assert not still_open(session)


def test_a_reset_forgets_everything() -> None:
    chip = make_chip()
    session = open_session(chip.answer, ZONE)
    chip.reset()
    assert not still_open(session)
    assert chip.answer(bytes.fromhex("00B0810004")).hex() == "6a82"


@pytest.mark.parametrize("limits", [Limits(short_only=True), Limits(largest_read=500)])
def test_a_length_that_the_chip_cannot_do_costs_the_channel(limits: Limits) -> None:
    session = make_session(limits)
    assert session.transmit(session.protect(bytes.fromhex("00B08100"), expected=0, extended=True)).hex() == "6700"
    assert not still_open(session)


def test_within_its_limits() -> None:
    assert make_session(Limits(short_only=True)).ask("00B08100", expected=231) == (CONTENT[:231], 0x9000)
    assert make_session(Limits(largest_read=500)).ask("00B08100", expected=500, extended=True) == (
        CONTENT[:500],
        0x9000,
    )


@pytest.mark.parametrize("step", [112, 160])
def test_a_whole_portrait_in_the_steps_of_an_old_chip(laboratory: Path, step: int) -> None:
    card = laboratory / "bench"
    session = open_session(Chip(load(card), Limits(short_only=True, largest_read=step)).answer, zone(card))
    assert session.ask("00A4020C", b"\x01\x02") == (b"", 0x9000)
    portrait = (card / "EF.DG2").read_bytes()
    read = b""
    while len(read) < len(portrait):
        part, status = session.ask(f"00B0{len(read):04X}", expected=min(step, len(portrait) - len(read)))
        assert (status, bool(part)) == (0x9000, True)
        read += part
    assert read == portrait
    assert session.transmit(session.protect(bytes.fromhex("00B00000"), expected=step + 1)).hex() == "6700"


def test_the_limit_is_one_of_reading_an_application(laboratory: Path) -> None:
    """A signature may be longer, and so may what is for all to read."""
    card = laboratory / "bench"
    chip = Chip(load(card), Limits(largest_read=112))
    assert chip.answer(bytes.fromhex("00B09C0000")) == (card / "EF.CardAccess").read_bytes() + b"\x90\x00"
    signed, status = open_session(chip.answer, zone(card)).ask("00880000", bytes(8), 256, extended=True)
    assert (len(signed), status) == (256, 0x9000)


def far(offset: int, expected: int) -> tuple[bytes, int]:
    """A part of a file of 50,000 bytes, by the odd instruction."""
    content = CardContent(b"\x3b\x00", FILES | {0x0102: LONG}, AccessKeys.of_zone(ZONE))
    session = open_session(Chip(content, Limits()).answer, ZONE)
    session.ask("00A4020C", b"\x01\x02")
    command = bytes([0x54, 2]) + offset.to_bytes(2, "big")
    return session.ask("00B10000", command, expected, extended=True)


LONG = bytes(index * 11 % 253 for index in range(50_000))


@pytest.mark.parametrize(
    ("offset", "expected", "part"),
    [
        (40_000, 100, bytes([0x53, 98]) + LONG[40_000:40_098]),
        (40_000, 203, bytes([0x53, 0x81, 200]) + LONG[40_000:40_200]),
        (49_000, 1_004, bytes([0x53, 0x82, 0x03, 0xE8]) + LONG[49_000:]),
    ],
)
def test_past_what_two_bytes_of_a_header_can_say(offset: int, expected: int, part: bytes) -> None:
    """ISO/IEC 7816-4, 11.3.3: tag and length are part of what was asked for."""
    assert far(offset, expected) == (part, 0x9000)


def test_past_the_end_by_the_odd_instruction() -> None:
    assert far(50_000, 100) == (b"", 0x6B00)
    assert far(49_990, 100) == (bytes([0x53, 10]) + LONG[-10:], 0x6282)
    assert make_session().ask("00B10000", bytes.fromhex("54020000"), 100) == (b"", 0x6986)


def test_an_answer_that_does_not_fit_a_short_form() -> None:
    session = make_session()
    assert session.transmit(session.protect(bytes.fromhex("00B08100"), expected=256)).hex() == "6700"


@settings(deadline=None)
@given(frames=st.lists(st.binary(max_size=300), max_size=8), protected=st.booleans())
def test_whatever_is_sent_is_answered(frames: list[bytes], protected: bool) -> None:
    chip = make_chip()
    open_session(chip.answer, ZONE)
    for frame in frames:
        answer = chip.answer((b"\x0c\xb0" if protected else b"") + frame)
        assert len(answer) >= 2
        assert not any(part in answer for part in (CONTENT[:16], CONTENT[16:32]))


@pytest.mark.parametrize("name", ["salma", "omar", "tampered", "foreign", "expired"])
def test_issued_cards_open_by_what_is_printed_on_them(cards: Path, name: str) -> None:
    session = open_session(Chip(load(cards / name), Limits()).answer, zone(cards / name))
    data, status = session.ask("00B08100", expected=0, extended=True)
    assert (data, status) == ((cards / name / "EF.DG1").read_bytes(), 0x9000)


def test_the_card_with_another_zone_in_print(cards: Path) -> None:
    chip = Chip(load(cards / "wrong_mrz"), Limits())
    with pytest.raises(AssertionError, match="6300"):
        open_session(chip.answer, zone(cards / "wrong_mrz"))


def test_the_unknown_card_has_no_such_application(cards: Path) -> None:
    assert Chip(load(cards / "unknown"), Limits()).answer(SELECT_EMRTD).hex() == "6a82"


@pytest.mark.parametrize(
    "keys",
    [
        "[signing]",
        "[active_authentication]\nhash = 'md5'\nmodulus = 'ff'\nexponent = '3'",
        "[active_authentication]\nhash = 'sha1'",
        "[active_authentication]\nhash = 'sha256'\nparameters = 2\nprivate = '1'",
        "[[chip_authentication]]\nparameters = 99\nprivate = '1'",
        "[[chip_authentication]]\nparameters = 13\nprivate = 'x'",
    ],
)
def test_keys_that_are_none(cards: Path, tmp_path: Path, keys: str) -> None:
    shutil.copytree(cards / "salma", tmp_path / "card")
    (tmp_path / "card" / "keys.toml").write_text(keys)
    with pytest.raises(NotACard):
        load(tmp_path / "card")


@pytest.mark.parametrize("modes", ["basic = 1 = 2", "contactless = true"])
def test_access_modes_that_are_none(cards: Path, tmp_path: Path, modes: str) -> None:
    shutil.copytree(cards / "karim", tmp_path / "card")
    (tmp_path / "card" / "access.toml").write_text(modes)
    with pytest.raises(NotACard):
        load(tmp_path / "card")


def test_a_folder_that_holds_no_card(tmp_path: Path) -> None:
    with pytest.raises(NotACard):
        load(tmp_path)
    (tmp_path / "atr.txt").write_text("3B00")
    for content in ("61055F1F", "61055F1F023C3C", "6103"):
        (tmp_path / "EF.DG1").write_bytes(bytes.fromhex(content))
        with pytest.raises(NotACard):
            load(tmp_path)

"""Whole readings of a chip in memory: how many commands, which lengths, and what happens where the chip refuses."""

from __future__ import annotations

import contextlib
import functools
import logging
from collections.abc import Callable

import pytest

from devices.cards import basic_access, mrz
from devices.cards.apdu import Command
from devices.cards.authenticity import NotProven, Proof
from devices.cards.document import Rest
from devices.cards.exchange import TRAFFIC, Exchange, WireBroken
from devices.cards.files import LENGTHS, FileMissing, Files, first_step
from devices.cards.secure_messaging import ChannelBroken, SecureChannel
from devices.cards.tlv import MalformedData
from kiosk.failures import Failure, ServiceFailure
from kiosk.identity import CardReading, Verdict
from tests.devices.cards import issuing
from tests.devices.cards.chip import Chip, Faults
from tests.devices.cards.conftest import Country
from tests.devices.cards.opening import open_document

PRINTED = issuing.make_zone()


@pytest.fixture(scope="session")
def files(jordan: Country) -> dict[int, bytes]:
    return issuing.make_files(jordan.signer, PRINTED)


def read(
    chip: Chip, jordan: Country, printed: str | None = PRINTED, *, seems_without_pace: bool = False
) -> CardReading:
    document = open_document(chip, printed, jordan.anchors, seems_without_pace=seems_without_pace)
    return document.read(issuing.NOW)


def failure_of(call: Callable[[], object]) -> Failure:
    with pytest.raises(ServiceFailure) as raised:
        call()
    return raised.value.failure


def verdict_of(chip: Chip, jordan: Country, printed: str = PRINTED) -> Verdict:
    with pytest.raises(NotProven) as raised:
        read(chip, jordan, printed)
    return raised.value.proof.verdict


def test_name_in_six_commands(zone: mrz.Mrz, jordan: Country) -> None:
    chip = Chip(zone, issuing.make_files(jordan.signer, PRINTED, without=(14,)))
    reading = read(chip, jordan, seems_without_pace=True)
    assert reading.verdict is Verdict.GENUINE
    assert reading.identity.name_arabic == "سلمى أحمد القاضي"
    assert reading.identity.name_latin == "Salma Ahmad Alqadi"
    assert reading.identity.national_number == issuing.NATIONAL_NUMBER
    assert reading.cost.commands == len(chip.commands) == 6
    assert reading.cost.bytes_sent == sum(map(len, chip.commands))


def test_the_look_for_pace_costs_one_command_and_signed_protocols_another(
    zone: mrz.Mrz, files: dict[int, bytes], jordan: Country
) -> None:
    without = issuing.make_files(jordan.signer, PRINTED, without=(14,))
    assert read(Chip(zone, without), jordan).cost.commands == 7
    assert read(Chip(zone, files), jordan).cost.commands == 8


def whole_lds(chip: Chip, zone: mrz.Mrz, expected: dict[int, bytes]) -> None:
    exchange = Exchange(chip)

    def open_channel() -> SecureChannel:
        chip.transmit(bytes.fromhex("00A4040C07A0000002471001"))
        return basic_access.open_channel(exchange, zone)

    reader = Files(open_channel, exchange.reconnect, first_step(chip.reader_limit))
    assert {number: reader.read(number) for number in expected} == expected


def test_whole_lds_in_eleven_extended_commands(zone: mrz.Mrz, files: dict[int, bytes]) -> None:
    chip = Chip(zone, files)
    whole_lds(chip, zone, files)
    assert len(chip.commands) == 11


def test_whole_lds_in_short_commands_has_no_command_to_spare(zone: mrz.Mrz, files: dict[int, bytes]) -> None:
    chip = Chip(zone, files, reader_limit=256)
    whole_lds(chip, zone, files)
    assert len(chip.commands) == 3 + sum(-(-len(file) // 231) for file in files.values())
    assert all(len(command) <= 261 for command in chip.commands)
    # Nothing beyond the end of a file is asked for, except where its length is not yet known.
    longest = max(files.values(), key=len)
    assert chip.asked.count(len(longest) % 231) == 1


@pytest.mark.parametrize("refusal", ["plain", "protected", "empty", "wire"])
@pytest.mark.parametrize("most", [1_000, 231, 160, 112])
def test_steps_down_on_a_new_channel_each(
    zone: mrz.Mrz, files: dict[int, bytes], jordan: Country, most: int, refusal: str
) -> None:
    chip = Chip(zone, files, Faults(most=most, refusal=refusal))
    assert read(chip, jordan).verdict is Verdict.GENUINE
    assert chip.channels == LENGTHS.index(most) + 1
    assert chip.reconnects == (LENGTHS.index(most) if refusal == "wire" else 0)


def test_gives_up_below_the_shortest_length(zone: mrz.Mrz, files: dict[int, bytes], jordan: Country) -> None:
    chip = Chip(zone, files, Faults(most=50))
    assert failure_of(lambda: read(chip, jordan)) is Failure.CARD_MUTE


@pytest.mark.parametrize(
    "faults",
    [
        Faults(end_of_file_status=True),
        Faults(clip=100),
        Faults(clip=3),
        Faults(clip=100, end_of_file_status=True),
        Faults(states_exact_length=True),
    ],
)
def test_short_answers_and_end_of_file_are_no_errors(
    zone: mrz.Mrz, files: dict[int, bytes], jordan: Country, faults: Faults
) -> None:
    assert read(Chip(zone, files, faults), jordan).verdict is Verdict.GENUINE


def test_a_card_that_dribbles_is_given_up(zone: mrz.Mrz, files: dict[int, bytes], jordan: Country) -> None:
    assert failure_of(lambda: read(Chip(zone, files, Faults(clip=1)), jordan)) is Failure.CARD_TIMEOUT


def test_readers_without_extended_length_get_short_commands() -> None:
    assert [LENGTHS[first_step(limit)] for limit in (0, 256, 999, 1_000, 65_535, 65_536)] == [
        231, 231, 231, 1_000, 1_000, 65_536,
    ]  # fmt: skip


def test_wrong_access_key(zone: mrz.Mrz, files: dict[int, bytes], jordan: Country) -> None:
    other = issuing.make_zone(expiry="300817")
    assert failure_of(lambda: read(Chip(zone, files), jordan, other)) is Failure.ACCESS_REFUSED
    assert failure_of(lambda: read(Chip(zone, files), jordan, None)) is Failure.ACCESS_REFUSED
    assert failure_of(lambda: read(Chip(zone, files), jordan, "nonsense")) is Failure.ACCESS_REFUSED


def test_unknown_cards(zone: mrz.Mrz, files: dict[int, bytes], jordan: Country) -> None:
    for faults in (Faults(has_application=False), Faults(has_access=False)):
        chip = Chip(zone, files, faults)
        assert failure_of(functools.partial(read, chip, jordan)) is Failure.CARD_UNKNOWN


def test_missing_files_are_named_missing(zone: mrz.Mrz, files: dict[int, bytes], jordan: Country) -> None:
    for number in (0x1D, 1, 11):
        fewer = {key: file for key, file in files.items() if key != number}
        for in_the_open in (False, True):
            chip = Chip(zone, fewer, Faults(missing_in_the_open=in_the_open))
            assert verdict_of(chip, jordan) is Verdict.FORGED
            assert chip.channels == 1


def test_forged_contents(zone: mrz.Mrz, files: dict[int, bytes], jordan: Country) -> None:
    other = issuing.make_files(jordan.signer, PRINTED, personal_number="9099999999")
    for number in (1, 11):
        spoilt = files[number][:-1] + bytes([files[number][-1] ^ 1])
        assert verdict_of(Chip(zone, files | {number: spoilt}), jordan) is Verdict.FORGED
    assert verdict_of(Chip(zone, files | {11: other[11]}), jordan) is Verdict.FORGED


def test_chip_of_another_print(zone: mrz.Mrz, files: dict[int, bytes], jordan: Country) -> None:
    """The access keys leave out the optional fields, so a chip could be moved to another body."""
    assert verdict_of(Chip(zone, files), jordan, issuing.make_zone(optional="9099999999")) is Verdict.FORGED


def test_cards_that_are_read_but_not_accepted(jordan: Country) -> None:
    expired = issuing.make_zone(expiry="260101")
    chip = Chip(mrz.parse(expired), issuing.make_files(jordan.signer, expired))
    assert verdict_of(chip, jordan, expired) is Verdict.EXPIRED
    utopia = issuing.make_zone(state="UTO")
    signer = issuing.make_signer(issuing.make_authority("UT"), "UT")
    chip = Chip(mrz.parse(utopia), issuing.make_files(signer, utopia))
    assert verdict_of(chip, jordan, utopia) is Verdict.NOT_CHECKABLE


@pytest.fixture(scope="session")
def without_chip_key(jordan: Country) -> dict[int, bytes]:
    """The files of a card whose chip has nothing to prove itself with."""
    return issuing.make_files(jordan.signer, PRINTED, without=(15,))


def rest(chip: Chip, jordan: Country) -> Rest:
    document = open_document(chip, PRINTED, jordan.anchors)
    document.read(issuing.NOW)
    return document.complete(issuing.NOW)


def test_picture_only_when_it_is_as_signed(zone: mrz.Mrz, without_chip_key: dict[int, bytes], jordan: Country) -> None:
    files = without_chip_key
    assert rest(Chip(zone, files), jordan).picture.startswith(b"\xff\xd8\xff")
    for spoilt in (files[2][:-1] + b"\x01", issuing.make_face(b"\xff\xd8\xff another person's")):
        with pytest.raises(NotProven):
            rest(Chip(zone, files | {2: spoilt}), jordan)


def test_the_rest_is_read_on_the_same_channel(
    zone: mrz.Mrz, without_chip_key: dict[int, bytes], jordan: Country
) -> None:
    chip = Chip(zone, without_chip_key)
    found = rest(chip, jordan)
    assert (chip.channels, chip.reconnects) == (1, 0)
    assert [phase.name for phase in found.cost.phases] == ["access", "security object", "identity", "chip", "portrait"]
    assert sum(phase.commands for phase in found.cost.phases) == found.cost.commands == len(chip.commands)
    assert found.reasons[-1] == "chip not proven: chip authentication: no one key for it"


@pytest.mark.parametrize("picture", [b"GIF89a", b""])
def test_a_genuine_card_without_a_picture_is_a_card_without_a_picture(
    zone: mrz.Mrz, jordan: Country, picture: bytes
) -> None:
    files = issuing.make_files(jordan.signer, PRINTED, picture=picture, without=(15,) if picture else (2, 15))
    assert rest(Chip(zone, files), jordan).picture == b""


@pytest.mark.parametrize("missing", [14, 15])
def test_a_chip_without_its_signed_keys_is_a_copy(
    zone: mrz.Mrz, files: dict[int, bytes], jordan: Country, missing: int
) -> None:
    """Who copies a card's files but not its keys leaves out what asks for them; the signed list still names it."""
    with pytest.raises(NotProven) as raised:
        rest(Chip(zone, {number: file for number, file in files.items() if number != missing}), jordan)
    assert raised.value.proof == Proof(Verdict.CLONED, (f"data group {missing} is signed and missing",))


def test_a_document_without_a_national_number_is_read(jordan: Country) -> None:
    printed = issuing.make_zone(optional="")
    chip = Chip(mrz.parse(printed), issuing.make_files(jordan.signer, printed, personal_number="12"))
    assert read(chip, jordan, printed).identity.national_number == ""


def test_every_changed_byte_of_a_protected_answer_breaks_the_channel(zone: mrz.Mrz, files: dict[int, bytes]) -> None:
    def try_position(position: int) -> None:
        def spoil(answer: bytes) -> bytes:
            return answer[:position] + bytes([answer[position] ^ 1]) + answer[position + 1 :]

        exchange = Exchange(Chip(zone, {1: files[1]}, Faults(spoil=spoil)))
        exchange.send(Command(0x00, 0xA4, 0x04, 0x0C, data=bytes.fromhex("A0000002471001")))
        channel = basic_access.open_channel(exchange, zone)
        command = Command(0x00, 0xB0, 0x81, 0, expected=8)
        with pytest.raises(ChannelBroken):
            channel.send(command)
        with pytest.raises(ChannelBroken, match="closed"):
            channel.send(command)

    size = 3 + 16 + 4 + 10 + 2
    for position in range(size):
        try_position(position)


def test_unprotected_answer_inside_the_channel_is_refused(
    zone: mrz.Mrz, files: dict[int, bytes], jordan: Country
) -> None:
    chip = Chip(zone, files, Faults(spoil=lambda _: b"\x90\x00"))
    assert failure_of(lambda: read(chip, jordan)) is Failure.CARD_MUTE


def test_time_is_up(zone: mrz.Mrz, files: dict[int, bytes]) -> None:
    ticks = iter(range(0, 1_000, 4))
    exchange = Exchange(Chip(zone, files), monotonic=lambda: float(next(ticks)))
    document = open_document(Chip(zone, files), PRINTED, exchange=exchange)
    assert failure_of(lambda: document.read(issuing.NOW)) is Failure.CARD_TIMEOUT


def test_abandoned_readings_send_nothing_more(zone: mrz.Mrz, files: dict[int, bytes]) -> None:
    chip = Chip(zone, files)
    exchange = Exchange(chip, cancelled=lambda: len(chip.commands) == 2)
    document = open_document(chip, PRINTED, exchange=exchange)
    assert failure_of(lambda: document.read(issuing.NOW)) is Failure.CARD_TIMEOUT
    assert len(chip.commands) == 2


def test_response_in_parts_is_joined_and_endless_ones_are_ended() -> None:
    class Parts:
        reader_limit = 256
        answers = [b"ab\x61\x02", b"cd\x90\x00"]  # noqa: RUF012  # one wire, one test

        def transmit(self, command: bytes) -> bytes:
            return self.answers.pop(0) if self.answers else b"\x61\x01"

        def reconnect(self) -> None: ...

    exchange = Exchange(Parts())
    command = Command(0x00, 0x84, 0, 0, expected=8)
    assert exchange.send(command).data == b"abcd"
    with pytest.raises(WireBroken):
        exchange.send(command)


def test_hostile_lengths_end_the_reading(zone: mrz.Mrz) -> None:
    for file in (b"\x61\x83\xff\xff\xff" + bytes(40), b"\x61\x80" + bytes(40), b"\x61\x82\xff\xfb" + bytes(65_531)):
        for limit in (256, 65_536):
            with contextlib.suppress(MalformedData, ServiceFailure):
                whole_lds(Chip(zone, {1: file}, reader_limit=limit), zone, {1: file})
    with pytest.raises(FileMissing):
        whole_lds(Chip(zone, {}), zone, {1: b""})


def test_traffic_log_holds_no_bodies(
    zone: mrz.Mrz, files: dict[int, bytes], jordan: Country, caplog: pytest.LogCaptureFixture
) -> None:
    chip = Chip(zone, files)
    with caplog.at_level(TRAFFIC):
        read(chip, jordan)
    assert len(caplog.records) == 8
    assert "0c b0 9d 00" in caplog.text
    assert logging.DEBUG > TRAFFIC
    bodies = [command[5:-1].hex() for command in chip.commands if len(command) > 5] + [
        "salma",
        issuing.NATIONAL_NUMBER,
        "jt4711c08",
    ]
    assert not [body for body in bodies if body in caplog.text.lower().replace(" ", "")]

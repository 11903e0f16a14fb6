"""Whole readings by PACE: the reader against the virtual chip, which shares no code with it, over a wire in memory."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterator

import pytest

from devices.cards import mrz, tlv
from devices.cards.authenticity import NotProven
from devices.cards.files import Files
from devices.cards.printed import Printed
from devices.virtual.card import pace as chip_pace
from devices.virtual.card.basic_access import AccessKeys
from devices.virtual.card.chip import Chip, Limits
from devices.virtual.card.files import CARD_ACCESS, CardContent
from kiosk.failures import Failure, ServiceFailure
from kiosk.identity import AccessNumberWanted, CardReading, Verdict
from tests.devices.cards import issuing
from tests.devices.cards.conftest import Country
from tests.devices.cards.opening import open_document

PRINTED = issuing.make_zone()
NUMBER = "417093"
SHORT, EXTENDED = 256, 65_536


def pace_info(cipher: int = 2, curve: int = 13, mapping: int = 2) -> bytes:
    protocol = bytes.fromhex("04007F0007020204") + bytes([mapping, cipher])
    return tlv.encode(0x30, tlv.encode(0x06, protocol) + bytes.fromhex("020102") + bytes([2, 1, curve]))


class PaceCard:
    """`Wire` with a virtual chip behind it. `spoil` may change any answer, told its number from 1; it may raise too."""

    def __init__(
        self, jordan: Country, *infos: bytes, reader_limit: int = EXTENDED, signed: tuple[bytes, ...] | None = None
    ) -> None:
        infos = infos or (pace_info(),)
        self.reader_limit = reader_limit
        protocols = b"".join((*(infos if signed is None else signed), issuing.CHIP_AUTHENTICATION))
        by_short_id = issuing.make_files(jordan.signer, PRINTED, protocols=protocols)
        self.lds = by_short_id
        lines = PRINTED.split("\n")
        zone = lines[0], lines[1], lines[2]
        card_access = tlv.encode(0x31, b"".join((*infos, issuing.CHIP_AUTHENTICATION)))
        files = {0x0100 | number: file for number, file in by_short_id.items()}
        self.content = CardContent(
            b"\x3b\x00",
            files | {CARD_ACCESS: card_access},
            None,
            chip_pace.ways_of(card_access),
            {chip_pace.NUMBER: NUMBER.encode(), chip_pace.ZONE: chip_pace.zone_password(zone)},
        )
        self.basic_keys = AccessKeys.of_zone(zone)
        self.limits = Limits()
        self.spoil: Callable[[int, bytes], bytes] = lambda _number, answer: answer
        self.commands: list[bytes] = []
        self.reconnects = 0
        self._chip: Chip | None = None

    def change(self, **fields: object) -> None:
        self.content = dataclasses.replace(self.content, **fields)  # type: ignore[arg-type]  # a test's own fields

    def allow_basic_access(self) -> None:
        self.change(access=self.basic_keys)

    def put_card_access(self, *infos: bytes) -> None:
        """What stands in the open, apart from what the chip really does and what is signed."""
        self.change(files=dict(self.content.files) | {CARD_ACCESS: tlv.encode(0x31, b"".join(infos))})

    def transmit(self, command: bytes) -> bytes:
        self._chip = self._chip or Chip(self.content, self.limits)
        self.commands.append(command)
        return self.spoil(len(self.commands), self._chip.answer(command))

    def reconnect(self) -> None:
        self.reconnects += 1
        if self._chip is not None:
            self._chip.reset()


def read(
    card: PaceCard, jordan: Country, number: str = "", lines: str | None = None, *, seems_without_pace: bool = False
) -> CardReading:
    document = open_document(card, lines, jordan.anchors, number=number, seems_without_pace=seems_without_pace)
    return document.read(issuing.NOW)


def failure_of(call: Callable[[], object]) -> Failure:
    with pytest.raises(ServiceFailure) as raised:
        call()
    return raised.value.failure


def reasons_of(call: Callable[[], object]) -> tuple[str, ...]:
    with pytest.raises(NotProven) as raised:
        call()
    assert raised.value.proof.verdict is Verdict.FORGED
    return raised.value.proof.reasons


@pytest.mark.parametrize("curve", [12, 13, 15])
@pytest.mark.parametrize("cipher", [1, 2, 3, 4])
@pytest.mark.parametrize("reader_limit", [SHORT, EXTENDED])
def test_every_cipher_and_curve(jordan: Country, cipher: int, curve: int, reader_limit: int) -> None:
    card = PaceCard(jordan, pace_info(cipher, curve), reader_limit=reader_limit)
    reading = read(card, jordan, NUMBER)
    assert reading.access == "PACE-CAN"
    assert reading.identity.national_number == issuing.NATIONAL_NUMBER
    assert card.reconnects == 0


def test_the_name_in_eleven_commands(jordan: Country) -> None:
    """EF.CardAccess, five of PACE, SELECT, the security object, DG14, DG11, DG1."""
    assert read(PaceCard(jordan), jordan, NUMBER).cost.commands == 11


@pytest.mark.parametrize("cipher", [1, 2])
def test_the_whole_lds_in_fifteen_extended_commands(jordan: Country, cipher: int) -> None:
    card = PaceCard(jordan, pace_info(cipher))
    document = open_document(card, None, number=NUMBER)
    assert {number: document._files.read(number) for number in card.lds} == card.lds
    assert len(card.commands) == 15


def test_short_reads_fill_their_answers(jordan: Country) -> None:
    card = PaceCard(jordan, reader_limit=SHORT)
    document = open_document(card, None, number=NUMBER)
    assert document._files.read(2) == card.lds[2]
    assert len(card.commands) == 7 + -(-len(card.lds[2]) // 223)


def test_the_zone_serves_without_asking_the_person(jordan: Country) -> None:
    card = PaceCard(jordan)
    card.allow_basic_access()
    assert read(card, jordan, lines=PRINTED).access == "PACE-MRZ"
    assert not [command for command in card.commands if command[1] == 0x84]


def test_a_number_is_wanted_only_where_it_opens_the_card(jordan: Country) -> None:
    card = PaceCard(jordan)
    for lines in (None, "nonsense"):
        with pytest.raises(AccessNumberWanted):
            read(card, jordan, lines=lines)
    assert not [command for command in card.commands if command[1] in {0x22, 0x86}]
    card.change(files={name: file for name, file in card.content.files.items() if name != CARD_ACCESS})
    card.allow_basic_access()
    fresh = PaceCard(jordan)
    fresh.content = card.content
    assert failure_of(lambda: read(fresh, jordan)) is Failure.ACCESS_REFUSED


def test_a_number_is_wanted_where_the_card_takes_no_zone(jordan: Country) -> None:
    card = PaceCard(jordan)
    card.change(passwords={chip_pace.NUMBER: NUMBER.encode()})
    card.allow_basic_access()
    with pytest.raises(AccessNumberWanted):
        read(card, jordan, lines=PRINTED)
    assert read(card, jordan, NUMBER, PRINTED).access == "PACE-CAN"


def test_a_card_without_an_access_number_refuses_one(jordan: Country) -> None:
    card = PaceCard(jordan)
    card.change(passwords={})
    card.change(passwords={chip_pace.ZONE: b"zone"})
    assert failure_of(lambda: read(card, jordan, NUMBER)) is Failure.ACCESS_REFUSED


@pytest.mark.parametrize("number", ["417094", "000000"])
def test_a_wrong_number(jordan: Country, number: str) -> None:
    card = PaceCard(jordan)
    card.allow_basic_access()
    assert failure_of(lambda: read(card, jordan, number)) is Failure.ACCESS_REFUSED
    assert len(card.commands) == 6


def refused(_answer: bytes) -> bytes:
    return b"\x69\x82"


def cut_off(answer: bytes) -> bytes:
    return answer[: len(answer) // 2] + b"\x90\x00" if len(answer) > 2 else b""


def changed(answer: bytes) -> bytes:
    """In its last byte before the status, or in its status where it has no other."""
    return answer[:-3] + bytes([answer[-3] ^ 1]) + answer[-2:] if len(answer) > 2 else b"\x6a\x80"


@pytest.mark.parametrize("spoil", [refused, cut_off, changed])
@pytest.mark.parametrize("step", range(2, 7))
def test_pace_that_fails_is_never_followed_by_basic_access(
    jordan: Country, step: int, spoil: Callable[[bytes], bytes]
) -> None:
    """Each of its five answers in turn, though BAC would open the card."""
    card = PaceCard(jordan)
    card.allow_basic_access()
    card.spoil = lambda number, answer: spoil(answer) if number == step else answer
    with pytest.raises((ServiceFailure, NotProven)):
        read(card, jordan, lines=PRINTED)
    assert not [command for command in card.commands if command[1] in {0x82, 0x84}]


def test_a_card_pulled_out_at_any_command_is_told_as_that(jordan: Country) -> None:
    whole = read(PaceCard(jordan), jordan, NUMBER).cost.commands

    def pull(at: int, number: int, answer: bytes) -> bytes:
        if number >= at:
            raise ServiceFailure(Failure.CARD_REMOVED)
        return answer

    for at in range(1, whole + 1):
        card = PaceCard(jordan)
        card.spoil = functools.partial(pull, at)
        assert failure_of(functools.partial(read, card, jordan, NUMBER)) is Failure.CARD_REMOVED, at
        assert len(card.commands) == at


def test_the_strongest_of_several_is_used_and_its_curve_named(jordan: Country) -> None:
    card = PaceCard(jordan, pace_info(2, 13), pace_info(4, 12), pace_info(1, 13))
    read(card, jordan, NUMBER)
    (choice,) = [command for command in card.commands if command[1] == 0x22]
    assert choice.hex().upper() == "0022C1A412800A04007F0007020204020483010284010C"


@pytest.mark.parametrize("info", [pace_info(mapping=4), pace_info(mapping=1), pace_info(curve=9)])
def test_pace_that_this_reader_does_not_know_does_not_make_basic_access_good(jordan: Country, info: bytes) -> None:
    card = PaceCard(jordan, info)
    card.allow_basic_access()
    assert failure_of(lambda: read(card, jordan, lines=PRINTED)) is Failure.CARD_UNKNOWN


def test_what_stands_in_the_open_must_be_signed(jordan: Country) -> None:
    """The card really offers both; whoever changes EF.CardAccess to the weaker alone is found out."""
    strong, weak = pace_info(4, 15), pace_info(1, 13)
    card = PaceCard(jordan, weak, signed=(strong,))
    assert reasons_of(lambda: read(card, jordan, NUMBER)) == ("the offered protocols are not as signed",)


def test_a_better_way_that_is_signed_must_stand_in_the_open(jordan: Country) -> None:
    """Each entry that is left is signed; whoever takes the best of them away is found out."""
    strong, weak = pace_info(4, 15), pace_info(1, 13)
    assert read(PaceCard(jordan, weak, strong), jordan, NUMBER).reasons[-1] == "revocation not known: no list"
    card = PaceCard(jordan, weak, signed=(weak, strong))
    assert reasons_of(lambda: read(card, jordan, NUMBER)) == ("the offered protocols are not as signed",)


def test_pace_without_a_signed_word_on_it_is_told(jordan: Country) -> None:
    card = PaceCard(jordan)
    files = issuing.make_files(jordan.signer, PRINTED, without=(14,))
    lds = {0x0100 | number: file for number, file in files.items()}
    card.change(files=lds | {CARD_ACCESS: card.content.files[CARD_ACCESS]})
    assert read(card, jordan, NUMBER).reasons[-1] == "the offered protocols are not signed"


def test_pace_that_is_signed_and_hidden_is_found_out(jordan: Country) -> None:
    card = PaceCard(jordan)
    card.allow_basic_access()
    card.put_card_access(issuing.CHIP_AUTHENTICATION)
    assert reasons_of(lambda: read(card, jordan, lines=PRINTED)) == ("PACE is signed and not offered",)


def test_cards_of_one_kind_may_differ_in_having_pace(jordan: Country) -> None:
    """Its like had none, so it is opened by BAC; what its issuer signed then sends the reader back to PACE."""
    card = PaceCard(jordan)
    card.allow_basic_access()
    document = open_document(card, PRINTED, jordan.anchors, seems_without_pace=True)
    reading = document.read(issuing.NOW)
    assert reading.access == "PACE-MRZ"
    assert document.has_pace
    assert card.reconnects == 1


def test_a_card_with_pace_only_is_opened_whatever_its_like_had(jordan: Country) -> None:
    card = PaceCard(jordan)
    assert read(card, jordan, lines=PRINTED, seems_without_pace=True).access == "PACE-MRZ"


def test_a_typed_number_is_not_spared_the_look(jordan: Country) -> None:
    card = PaceCard(jordan)
    card.allow_basic_access()
    assert read(card, jordan, NUMBER, PRINTED, seems_without_pace=True).access == "PACE-CAN"


def test_lengths_step_down_on_a_new_run_of_pace_each(jordan: Country) -> None:
    card = PaceCard(jordan)
    card.limits = Limits(largest_read=223)
    assert read(card, jordan, NUMBER).verdict is Verdict.GENUINE
    assert len([command for command in card.commands if command[1] == 0x22]) == 3
    assert card.reconnects == 2


class Odd:
    """A chip that gives EF.CardAccess in one way only: after which SELECTs, and what it says otherwise."""

    reader_limit = SHORT

    def __init__(self, otherwise: str, *selects: str) -> None:
        self._otherwise = bytes.fromhex(otherwise)
        self._due = [bytes.fromhex(select) for select in selects]
        self.commands = 0

    def transmit(self, command: bytes) -> bytes:
        self.commands += 1
        if not self._due and command == bytes.fromhex("00B0000000"):
            return tlv.encode(0x31, pace_info()) + b"\x90\x00"
        if self._due and command == self._due[0]:
            self._due.pop(0)
            return b"\x90\x00"
        return self._otherwise

    def reconnect(self) -> None:
        raise AssertionError("not asked for")


@pytest.mark.parametrize("otherwise", ["6700", "6985", "6D00", "6A82", "9000"])
@pytest.mark.parametrize("select", ["00A4000C", "00A4000C023F00"])
def test_card_access_is_found_wherever_a_card_gives_it(otherwise: str, select: str) -> None:
    odd = Odd(otherwise, select, "00A4020C02011C")
    with pytest.raises(AccessNumberWanted):
        open_document(odd, None).read(issuing.NOW)
    assert odd.commands <= 7


def test_a_long_card_access_is_read_whole(jordan: Country) -> None:
    infos = (pace_info(), *(pace_info(2, curve) for curve in range(20, 40)))
    card = PaceCard(jordan, *infos)
    assert len(card.content.files[CARD_ACCESS]) > SHORT
    assert read(card, jordan, NUMBER).access == "PACE-CAN"


@pytest.fixture
def opened(jordan: Country) -> Iterator[tuple[PaceCard, Files]]:
    card = PaceCard(jordan)
    files = open_document(card, None, number=NUMBER)._files
    files.read(1)
    yield card, files
    files.close()


def test_every_changed_byte_of_a_protected_answer_is_noticed(opened: tuple[PaceCard, Files]) -> None:
    """A changed answer costs the channel; what is read in the end is the file, never something else."""
    card, files = opened
    for position in range(40):
        changed = [True]

        def spoil(_number: int, answer: bytes, position: int = position, changed: list[bool] = changed) -> bytes:
            if changed and len(answer) > 40 and answer[0] == 0x87:
                changed.clear()
                return answer[:position] + bytes([answer[position] ^ 1]) + answer[position + 1 :]
            return answer

        before = card.reconnects
        card.spoil = spoil
        files.step = 0
        assert files.read(1) == card.lds[1]
        assert card.reconnects == before + 1


def test_nothing_printed_shows(jordan: Country) -> None:
    printed = Printed(mrz.parse(PRINTED), NUMBER)
    document = open_document(PaceCard(jordan), NUMBER)
    for shown in (repr(printed), repr(document), repr(Printed.seen(PRINTED, NUMBER))):
        assert NUMBER not in shown
        assert "JT4711C08" not in shown

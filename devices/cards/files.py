"""Reads whole files by short EF identifier in as few commands as reader and card allow (ISO/IEC 7816-4, 11.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from devices.cards import tlv
from devices.cards.apdu import SHORT_LARGEST, Answer, Command, Status
from devices.cards.exchange import WireBroken
from devices.cards.secure_messaging import ChannelBroken
from devices.cards.tlv import MalformedData
from kiosk.failures import Failure, ServiceFailure

LENGTHS = (65_536, 1_000, 231, 160, 112)
"""How much to ask for at once, best first. 231 bytes fill a short answer protected by Triple DES, 223 one by AES; some
older chips stop at 160 or 112 (https://github.com/AndyQ/NFCPassportReader/issues/89)."""

_LARGEST_OFFSET = 0x7FFF
_LARGEST_READS = 1_000
_HEADER_LARGEST = 6
_FAR_HEADER = 4


def first_step(reader_limit: int) -> int:
    """The best place in LENGTHS for a reader that takes `reader_limit` bytes of data in one APDU."""
    return next(step for step, length in enumerate(LENGTHS) if length <= max(reader_limit, SHORT_LARGEST))


class FileMissing(Exception):
    """The card says that it has no such file."""


class NoData(Exception):
    """The card answered a READ without giving data, with that status word; a shorter one may work."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status:04X}")
        self.status = status


class Sender(Protocol):
    """An exchange in the open, or a secure channel."""

    def send(self, command: Command) -> Answer: ...


class Channel(Sender, Protocol):
    """The way to the files of the selected application. `short_read` is the most that a READ BINARY of short length may
    ask for."""

    @property
    def short_read(self) -> int: ...

    def close(self) -> None:
        """Wipes what protects it."""


class InTheOpen:
    """What a chip gives without any access control: a channel that protects nothing."""

    short_read = SHORT_LARGEST

    def __init__(self, exchange: Sender) -> None:
        self._exchange = exchange

    def send(self, command: Command) -> Answer:
        return self._exchange.send(command)

    def close(self) -> None:
        """There are no keys to wipe."""


class Files:
    """The files of one application. After a length that the card does not take, the next is tried on a channel of its
    own, because the counters of the old one are out of step. `step` is the place in LENGTHS that works."""

    def __init__(self, open_channel: Callable[[], Channel], reconnect: Callable[[], None], step: int) -> None:
        self._open_channel = open_channel
        self._reconnect = reconnect
        self._channel: Channel | None = None
        self.step = step

    def read(self, short_id: int) -> bytes:
        """The file's outer data object, whole, as stored. Raises FileMissing, MalformedData, ServiceFailure."""
        ended_early = False
        while True:
            channel = self.channel()
            try:
                return read_whole(channel, 0x80 | short_id, self.most(channel))
            except ChannelBroken as broken:
                self.close()
                if broken.status == Status.FILE_NOT_FOUND:
                    raise FileMissing from broken
            except NoData as refused:
                self.close()
                ended_early = refused.status == Status.BEYOND_END
                if refused.status == Status.NOT_ALLOWED:
                    raise ServiceFailure(Failure.ACCESS_DENIED) from refused
            except WireBroken:
                self.close()
                self._reconnect()
            self.step += 1
            if self.step == len(LENGTHS):
                if ended_early:
                    raise MalformedData("a file ends before its length")
                raise ServiceFailure(Failure.CARD_MUTE)

    @property
    def takes_extended_length(self) -> bool:
        """Whether card and reader have just done so; worth asking once a file was read."""
        return LENGTHS[self.step] > SHORT_LARGEST

    def most(self, channel: Channel) -> int:
        """How much to ask for at once in that channel."""
        most = LENGTHS[self.step]
        return min(most, channel.short_read) if most <= SHORT_LARGEST else most

    def move_to(self, channel: Channel) -> None:
        """Goes on by a channel that took the place of the one before. After a step down the next is opened anew."""
        self._channel = channel

    def channel(self) -> Channel:
        """The one in use, opened where there is none. Raises what opening it raises."""
        self._channel = self._channel or self._open_channel()
        return self._channel

    def close(self) -> None:
        """Wipes the channel's keys."""
        if self._channel is not None:
            self._channel.close()
        self._channel = None


def read_whole(sender: Sender, p1: int, most: int) -> bytes:
    """The outer data object of one file, `most` bytes at once. `p1` is 80 and a short EF identifier, or 0 for the file
    that is selected. Raises FileMissing, NoData, MalformedData, and what the sender raises."""
    data = _read_binary(sender, p1, 0, most)
    while len(data) < _HEADER_LARGEST and not _has_whole_header(data):
        data += _read_binary(sender, 0, len(data), _HEADER_LARGEST)
    _, length, header = tlv.read_header(data)
    whole = header + length
    for _ in range(_LARGEST_READS):
        if len(data) >= whole:
            return data[:whole]
        offset = len(data)
        if offset > _LARGEST_OFFSET:
            data += _read_far(sender, offset, min(most, whole - offset + _FAR_HEADER))
        else:
            data += _read_binary(sender, offset >> 8, offset & 0xFF, min(most, whole - offset))
    raise MalformedData("a file in too many pieces")


def _has_whole_header(data: bytes) -> bool:
    """A card may answer with very little; tag and length must be whole before they count."""
    try:
        tlv.read_header(data)
    except MalformedData:
        return False
    return True


def _read_binary(sender: Sender, p1: int, p2: int, expected: int) -> bytes:
    answer = sender.send(Command(0x00, 0xB0, p1, p2, expected=expected))
    if answer.status >> 8 == Status.WRONG_EXPECTED:
        answer = sender.send(Command(0x00, 0xB0, p1, p2, expected=answer.status & 0xFF or SHORT_LARGEST))
    return _data_of(answer)


def _read_far(sender: Sender, offset: int, expected: int) -> bytes:
    """The odd instruction, for offsets beyond 15 bits: both the offset and the data are data objects, and the header of
    the latter counts in what is expected (ISO/IEC 7816-4, 11.3.3)."""
    start = tlv.encode(0x54, offset.to_bytes(3, "big").lstrip(b"\x00"))
    answer = sender.send(Command(0x00, 0xB1, 0x00, 0x00, data=start, expected=expected))
    return tlv.parse_one(_data_of(answer), 0x53).value


def _data_of(answer: Answer) -> bytes:
    if answer.status == Status.FILE_NOT_FOUND:
        raise FileMissing
    # 6282 means that the file ended before Le: its data are good.
    if answer.status not in {Status.GOOD, Status.END_OF_FILE} or not answer.data:
        raise NoData(answer.status)
    return answer.data

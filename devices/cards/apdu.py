"""Command and answer APDUs, short and extended (ISO/IEC 7816-4, 5.1 and 5.2)."""

from __future__ import annotations

import dataclasses

from devices.cards.tlv import MalformedData

SHORT_LARGEST = 256
EXTENDED_LARGEST = 65_536


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Command:
    """One command before its transport form is chosen. `expected` is Ne: 0 for none, at most 65,536 bytes."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = b""
    expected: int = 0

    @property
    def header(self) -> bytes:
        return bytes([self.cla, self.ins, self.p1, self.p2])

    @property
    def is_extended(self) -> bool:
        return len(self.data) > 255 or self.expected > SHORT_LARGEST

    def encode(self) -> bytes:
        """The bytes on the wire: short wherever both lengths allow it, as every reader takes that form."""
        extended = self.is_extended
        body = b""
        if self.data:
            length = b"\x00" + len(self.data).to_bytes(2, "big") if extended else bytes([len(self.data)])
            body = length + self.data
        return self.header + body + encode_expected(self.expected, extended=extended, after_data=bool(self.data))


def encode_expected(expected: int, *, extended: bool, after_data: bool) -> bytes:
    """The Le field: empty for 0; the largest value is written as zeros."""
    if not expected:
        return b""
    if not extended:
        return bytes([expected % SHORT_LARGEST])
    return (b"" if after_data else b"\x00") + (expected % EXTENDED_LARGEST).to_bytes(2, "big")


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """What the card returned: data and the status word."""

    data: bytes
    status: int

    @property
    def is_good(self) -> bool:
        return self.status == Status.GOOD

    @classmethod
    def decode(cls, raw: bytes) -> Answer:
        """Raises MalformedData for fewer than the two bytes of the status word."""
        if len(raw) < 2:
            raise MalformedData("answer without status word")
        return cls(raw[:-2], int.from_bytes(raw[-2:], "big"))


class Status:
    """Status words that decide something here (ISO/IEC 7816-4, table 5 and 6)."""

    GOOD = 0x9000
    END_OF_FILE = 0x6282
    NOT_ALLOWED = 0x6982
    FILE_NOT_FOUND = 0x6A82
    WRONG_DATA_OBJECTS = 0x6A87
    BEYOND_END = 0x6B00
    DATA_NOT_FOUND = 0x6A88
    WRONG_LENGTH = 0x6700
    MORE_DATA = 0x61
    WRONG_EXPECTED = 0x6C


def is_about_length(status: int) -> bool:
    """Whether a card says that Lc or Le does not suit it."""
    return status == Status.WRONG_LENGTH or status >> 8 == Status.WRONG_EXPECTED

"""Command and response APDUs as a chip takes them, short and extended length (ISO/IEC 7816-3, 12.1)."""

from __future__ import annotations

import dataclasses

SHORT_MAXIMUM, EXTENDED_MAXIMUM = 256, 65536


class WrongLength(Exception):
    """The command is none of the seven forms that the standard knows."""


@dataclasses.dataclass(frozen=True, slots=True)
class Command:
    """`expected` is Ne, the number of bytes asked for: None for none, the maximum of its form for "all there is"."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = b""
    expected: int | None = None
    extended: bool = False

    @property
    def secure(self) -> bool:
        """Secure messaging with an authenticated header (ISO/IEC 7816-4, 5.4.1)."""
        return self.cla & 0x0C == 0x0C

    @property
    def header(self) -> bytes:
        return bytes((self.cla, self.ins, self.p1, self.p2))


@dataclasses.dataclass(frozen=True, slots=True)
class Response:
    status: int
    data: bytes = b""

    def encode(self) -> bytes:
        return self.data + self.status.to_bytes(2, "big")


def parse(frame: bytes) -> Command:
    """Raises WrongLength."""
    if len(frame) < 4:
        raise WrongLength
    cla, ins, p1, p2 = frame[:4]
    data, expected, extended = _body(frame[4:])
    return Command(cla, ins, p1, p2, data, expected, extended)


def _body(body: bytes) -> tuple[bytes, int | None, bool]:
    if not body:
        return b"", None, False
    if len(body) == 1:
        return b"", body[0] or SHORT_MAXIMUM, False
    if body[0]:
        data, rest = body[1 : 1 + body[0]], body[1 + body[0] :]
        if len(data) < body[0] or len(rest) > 1:
            raise WrongLength
        return data, (rest[0] or SHORT_MAXIMUM) if rest else None, False
    return _extended_body(body)


def _extended_body(body: bytes) -> tuple[bytes, int | None, bool]:
    if len(body) < 3:
        raise WrongLength
    size = int.from_bytes(body[1:3], "big")
    if len(body) == 3:
        return b"", size or EXTENDED_MAXIMUM, True
    data, rest = body[3 : 3 + size], body[3 + size :]
    if not size or len(data) < size or len(rest) not in {0, 2}:
        raise WrongLength
    return data, (int.from_bytes(rest, "big") or EXTENDED_MAXIMUM) if rest else None, True

"""Reading the files of one folder of the chip: SELECT by identifier and READ BINARY (ISO/IEC 7816-4, 11.2 and 11.3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from devices.virtual.card import status
from devices.virtual.card.apdu import EXTENDED_MAXIMUM, SHORT_MAXIMUM, Command, Response
from devices.virtual.card.tlv import Malformed, encode, objects

Refusal = Callable[[int | None], int]
"""The status that keeps a file closed (None: no file in particular), 0 where it may be had."""

OFFSET, DISCRETIONARY = 0x54, 0x53
SHORT_IDENTIFIER = 0x1F


class TransparentFiles:
    """The files by identifier, and which of them is the current one.

    The low five bits of an identifier are the short one, but for the files that `short_identifiers` names by theirs.
    """

    def __init__(
        self, files: Mapping[int, bytes], refusal: Refusal, short_identifiers: Mapping[int, int] | None = None
    ) -> None:
        self._files = files
        self._short_identifiers = short_identifiers or {}
        self._refusal = refusal
        self._current: int | None = None

    def leave(self) -> None:
        """No file is current any more."""
        self._current = None

    def select(self, command: Command) -> Response:
        if command.p1 not in {0x00, 0x02} or command.p2 not in {0x00, 0x0C} or len(command.data) != 2:
            return Response(status.WRONG_PARAMETERS)
        identifier = int.from_bytes(command.data, "big")
        if refused := self._refused(identifier):
            return Response(refused)
        self._current = identifier
        return Response(status.DONE)

    def read(self, command: Command) -> Response:
        """READ BINARY with an offset or a short identifier in its parameters."""
        if command.p1 & 0x80:
            if command.p1 & 0x60:
                return Response(status.WRONG_PARAMETERS)
            identifier, offset = self._by_short(command.p1 & SHORT_IDENTIFIER), command.p2
        elif self._current is None:
            return Response(self._refusal(None) or status.NO_CURRENT_FILE)
        else:
            identifier, offset = self._current, command.p1 << 8 | command.p2
        if refused := self._refused(identifier):
            return Response(refused)
        self._current = identifier
        return _part(self._files[identifier], offset, command.expected)

    def read_far(self, command: Command) -> Response:
        """READ BINARY of the odd instruction: the offset travels in DO 54, the answer in DO 53 (11.3.3)."""
        if self._current is None:
            return Response(self._refusal(None) or status.NO_CURRENT_FILE)
        if command.p1 or command.p2:
            return Response(status.WRONG_PARAMETERS)
        if refused := self._refused(self._current):
            return Response(refused)
        try:
            ((tag, offset),) = objects(command.data)
        except (Malformed, ValueError):
            return Response(status.WRONG_DATA)
        if tag != OFFSET or not 0 < len(offset) <= 3:
            return Response(status.WRONG_DATA)
        return _far_part(self._files[self._current], int.from_bytes(offset, "big"), command.expected)

    def _by_short(self, short: int) -> int:
        if short in self._short_identifiers:
            return self._short_identifiers[short]
        return next((known for known in self._files if known & SHORT_IDENTIFIER == short), short)

    def _refused(self, identifier: int) -> int:
        return self._refusal(identifier) or (0 if identifier in self._files else status.NO_SUCH_FILE)


def _part(content: bytes, offset: int, expected: int | None) -> Response:
    if expected is None:
        return Response(status.WRONG_SIZE)
    if offset >= len(content):
        return Response(status.BEYOND_END)
    part = content[offset : offset + expected]
    wanted_all = expected in {SHORT_MAXIMUM, EXTENDED_MAXIMUM}
    return Response(status.DONE if wanted_all or len(part) == expected else status.END_OF_FILE, part)


def _far_part(content: bytes, offset: int, expected: int | None) -> Response:
    """Tag and length of the answer are part of what was asked for."""
    if expected is None:
        return Response(status.WRONG_SIZE)
    if offset >= len(content):
        return Response(status.BEYOND_END)
    longest = content[offset : offset + expected]
    overhead = len(encode(DISCRETIONARY, longest)) - len(longest)
    part = longest[: max(0, expected - overhead)]
    answer = encode(DISCRETIONARY, part)
    ended = offset + len(part) == len(content) and len(answer) < expected
    wanted_all = expected in {SHORT_MAXIMUM, EXTENDED_MAXIMUM}
    return Response(status.END_OF_FILE if ended and not wanted_all else status.DONE, answer)

"""The chip: which command is answered how, before and after access control (ICAO Doc 9303-10, 3; 9303-11, 4)."""

from __future__ import annotations

import dataclasses
import enum

from devices.virtual.card import basic_access, pace
from devices.virtual.card.apdu import EXTENDED_MAXIMUM, SHORT_MAXIMUM, Command, Response, WrongLength, parse
from devices.virtual.card.files import CARD_ACCESS, CardContent
from devices.virtual.card.secure_messaging import Broken, Channel

EMRTD = bytes.fromhex("A0000002471001")
MASTER_FILE = 0x3F00

DONE, END_OF_FILE = 0x9000, 0x6282
WRONG_KEYS, WRONG_SIZE = 0x6300, 0x6700
NOT_ALLOWED, NO_CONDITIONS, NO_CURRENT_FILE = 0x6982, 0x6985, 0x6986
NO_SUCH_FILE, WRONG_PARAMETERS, BEYOND_END = 0x6A82, 0x6A86, 0x6B00
UNKNOWN_INSTRUCTION, UNKNOWN_CLASS = 0x6D00, 0x6E00

CHAINED = 0x10  # others of the same kind follow (ISO/IEC 7816-4, 5.3.3)
SET_FOR_AUTHENTICATION = 0xC1, 0xA4

AUTHENTICATION_BYTES = 40


class Instruction(enum.IntEnum):
    """What this chip can be told (ISO/IEC 7816-4, table 4.2)."""

    MANAGE_SECURITY_ENVIRONMENT = 0x22
    EXTERNAL_AUTHENTICATE = 0x82
    GET_CHALLENGE = 0x84
    GENERAL_AUTHENTICATE = 0x86
    SELECT = 0xA4
    READ_BINARY = 0xB0


@dataclasses.dataclass(frozen=True, slots=True)
class Limits:
    """What this chip's make cannot do. A length beyond them is refused by 6700 without protection, and the channel
    is lost, as on real chips that check lengths first (github.com/gmrtd/gmrtd/issues/457)."""

    short_only: bool = False
    largest_read: int = EXTENDED_MAXIMUM


class Chip:
    """One powered chip. `answer` takes and gives whole APDUs; `reset` is what power-up and reset do."""

    def __init__(self, content: CardContent, limits: Limits) -> None:
        self._content = content
        self._limits = limits
        self.reset()

    def reset(self) -> None:
        self._in_application = False
        self._current: int | None = None
        self._challenge: bytes | None = None
        self._pace: pace.Protocol | None = None
        self._channel: Channel | None = None

    def answer(self, frame: bytes) -> bytes:
        try:
            command = parse(frame)
        except WrongLength:
            return self._refuse(WRONG_SIZE)
        if command.extended and self._limits.short_only:
            return self._refuse(WRONG_SIZE)
        chained = command.cla == CHAINED and command.ins == Instruction.GENERAL_AUTHENTICATE
        if command.cla not in {0x00, 0x0C} and not chained:
            return self._refuse(UNKNOWN_CLASS)
        if not command.secure:
            self._channel = None  # a plain command ends the channel (9303-11, 9.8.1)
            return self._obey(command).encode()
        return self._answer_protected(command)

    def _answer_protected(self, command: Command) -> bytes:
        channel = self._channel
        if channel is None:
            return self._refuse(NOT_ALLOWED)
        try:
            plain = channel.open(command)
        except Broken as broken:
            return self._refuse(broken.status)
        if (plain.expected or 0) > self._limits.largest_read:
            return self._refuse(WRONG_SIZE)
        answer = channel.close(self._obey(plain)).encode()
        if len(answer) > (command.expected or 0) + 2:
            return self._refuse(WRONG_SIZE)  # the protected answer does not fit the form it was asked in
        return answer

    def _refuse(self, status: int) -> bytes:
        self._channel = None
        return Response(status).encode()

    def _obey(self, command: Command) -> Response:
        challenge, self._challenge = self._challenge, None  # it is good for the very next command only
        run, self._pace = self._pace, None  # so is a run of PACE, which each of its steps takes up again
        match command.ins:
            case Instruction.SELECT:
                return self._select(command)
            case Instruction.READ_BINARY:
                return self._read(command)
            case Instruction.GET_CHALLENGE:
                return self._give_challenge(command)
            case Instruction.EXTERNAL_AUTHENTICATE:
                return self._authenticate(command, challenge)
            case Instruction.MANAGE_SECURITY_ENVIRONMENT | Instruction.GENERAL_AUTHENTICATE:
                return self._run_pace(command, run)
            case _:
                return Response(UNKNOWN_INSTRUCTION)

    def _select(self, command: Command) -> Response:
        match command.p1, command.p2:
            case 0x04, 0x00 | 0x0C:
                return self._select_application(command.data)
            case 0x00, 0x00 | 0x0C if command.data in {b"", MASTER_FILE.to_bytes(2, "big")}:
                self.reset()
                return Response(DONE)
            case 0x00 | 0x02, 0x00 | 0x0C if len(command.data) == 2:
                return self._select_file(int.from_bytes(command.data, "big"))
            case _:
                return Response(WRONG_PARAMETERS)

    def _select_application(self, name: bytes) -> Response:
        if name != EMRTD or not self._content.files:
            return Response(NO_SUCH_FILE)
        if self._channel is None and self._content.access is None:
            return Response(NOT_ALLOWED)  # PACE comes first where nothing else opens the chip
        self._in_application, self._current = True, None
        return Response(DONE)

    def _select_file(self, identifier: int) -> Response:
        if refusal := self._closed(identifier):
            return refusal
        self._current = identifier
        return Response(DONE)

    def _read(self, command: Command) -> Response:
        if command.p1 & 0x80:
            identifier, offset = 0x0100 | command.p1 & 0x1F, command.p2
            if command.p1 & 0x60:
                return Response(WRONG_PARAMETERS)
        elif self._current is None:
            return self._closed(None) or Response(NO_CURRENT_FILE)
        else:
            identifier, offset = self._current, command.p1 << 8 | command.p2
        if refusal := self._closed(identifier):
            return refusal
        self._current = identifier
        return _part(self._content.files[identifier], offset, command)

    def _closed(self, identifier: int | None) -> Response | None:
        """Why this file cannot be had. Before access control not even its absence is told; EF.CardAccess, which stands
        outside the application, is for all to read."""
        if identifier == CARD_ACCESS and not self._in_application:
            return None if identifier in self._content.files else Response(NO_SUCH_FILE)
        if not self._in_application:
            return Response(NO_SUCH_FILE)
        if self._channel is None:
            return Response(NOT_ALLOWED)
        if identifier is not None and identifier not in self._content.files:
            return Response(NO_SUCH_FILE)
        return None

    def _give_challenge(self, command: Command) -> Response:
        if not self._in_application:
            return Response(NO_CONDITIONS)
        if command.expected not in {basic_access.CHALLENGE, SHORT_MAXIMUM, EXTENDED_MAXIMUM}:
            return Response(WRONG_SIZE)
        self._challenge = basic_access.challenge()
        return Response(DONE, self._challenge)

    def _authenticate(self, command: Command, challenge: bytes | None) -> Response:
        if challenge is None or self._content.access is None:
            return Response(NO_CONDITIONS)
        if len(command.data) != AUTHENTICATION_BYTES or (command.expected or 0) < AUTHENTICATION_BYTES:
            return Response(WRONG_SIZE)
        opened = basic_access.authenticate(self._content.access, challenge, command.data)
        if opened is None:
            return Response(WRONG_KEYS)
        answer, self._channel = opened
        return Response(DONE, answer)

    def _run_pace(self, command: Command, run: pace.Protocol | None) -> Response:
        try:
            if command.ins == Instruction.MANAGE_SECURITY_ENVIRONMENT:
                return self._choose_pace(command)
            if run is None:
                return Response(NO_CONDITIONS)
            data = run.step(command.data)
        except pace.Refused as refused:
            return Response(refused.status)
        if run.channel is None:
            self._pace = run
        self._channel = run.channel
        return Response(DONE, data)

    def _choose_pace(self, command: Command) -> Response:
        """Raises Refused."""
        if (command.p1, command.p2) != SET_FOR_AUTHENTICATION or not self._content.passwords:
            return Response(WRONG_PARAMETERS)
        self._pace = pace.choose(self._content.ways, self._content.passwords, command.data)
        return Response(DONE)


def _part(content: bytes, offset: int, command: Command) -> Response:
    if command.expected is None:
        return Response(WRONG_SIZE)
    if offset >= len(content):
        return Response(BEYOND_END)
    part = content[offset : offset + command.expected]
    wanted_all = command.expected in {SHORT_MAXIMUM, EXTENDED_MAXIMUM}
    return Response(DONE if wanted_all or len(part) == command.expected else END_OF_FILE, part)

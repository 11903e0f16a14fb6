"""The chip: takes protection off commands, hands them to the selected application, and protects the answers.

ICAO Doc 9303-10, 3; 9303-11, 4 and 9.8; ISO/IEC 7816-4.
"""

from __future__ import annotations

import dataclasses

from devices.virtual.card import pace, status
from devices.virtual.card.apdu import EXTENDED_MAXIMUM, Command, Response, WrongLength, parse
from devices.virtual.card.application import Application, Instruction, Opening
from devices.virtual.card.files import CardContent
from devices.virtual.card.master_file import MasterFile
from devices.virtual.card.pkcs15 import SigningApplication
from devices.virtual.card.secure_messaging import Broken, Channel
from devices.virtual.card.travel_document import TravelDocument

MASTER_FILE = bytes.fromhex("3F00")
CHAINED = 0x10  # others of the same kind follow (ISO/IEC 7816-4, 5.3.3)
SET_FOR_PACE = 0xC1, 0xA4
READS = {Instruction.READ_BINARY, Instruction.READ_BINARY_ODD}


@dataclasses.dataclass(frozen=True, slots=True)
class Limits:
    """What this chip's make cannot do. A length beyond them is refused by 6700 without protection, and the channel
    is lost, as on real chips that check lengths first (github.com/gmrtd/gmrtd/issues/457)."""

    short_only: bool = False
    largest_read: int = EXTENDED_MAXIMUM


def applications_of(content: CardContent) -> tuple[Application, ...]:
    """Every application that this chip knows; one whose files the card does not hold says so when it is selected."""
    signing = (SigningApplication(content.signing),) if content.signing else ()
    return (TravelDocument(content), *signing)


class Chip:
    """One powered chip. `answer` takes and gives whole APDUs; `reset` is what power-up and reset do."""

    def __init__(self, content: CardContent, limits: Limits) -> None:
        self._limits = limits
        self._hold(content)
        self.reset()

    def _hold(self, content: CardContent) -> None:
        self._content = content
        self._master = MasterFile(content)
        self._applications = {application.name: application for application in applications_of(content)}

    def reset(self) -> None:
        self._selected: Application | None = None
        self._master.leave()
        self._pace: pace.Protocol | None = None
        self._channel: Channel | None = None

    def answer(self, frame: bytes) -> bytes:
        try:
            command = parse(frame)
        except WrongLength:
            return self._refuse(status.WRONG_SIZE)
        if command.extended and self._limits.short_only:
            return self._refuse(status.WRONG_SIZE)
        chained = command.cla == CHAINED and command.ins == Instruction.GENERAL_AUTHENTICATE
        if command.cla not in {0x00, 0x0C} and not chained:
            return self._refuse(status.UNKNOWN_CLASS)
        if command.secure:
            return self._answer_protected(command)
        self._channel = None  # a plain command ends the channel (9303-11, 9.8.1)
        if (command.expected or 0) > self._largest(command):
            return self._refuse(status.WRONG_SIZE)
        response = self._obey(command, protected=False)
        self._take_up(response)
        return response.encode()

    def _answer_protected(self, command: Command) -> bytes:
        channel = self._channel
        if channel is None:
            return self._refuse(status.NOT_ALLOWED)
        try:
            plain = channel.open(command)
        except Broken as broken:
            return self._refuse(broken.status)
        if (plain.expected or 0) > self._largest(plain):
            return self._refuse(status.WRONG_SIZE)
        response = self._obey(plain, protected=True)
        answer = channel.close(response).encode()
        if len(answer) > (command.expected or 0) + 2:
            return self._refuse(status.WRONG_SIZE)  # the protected answer does not fit the form it was asked in
        self._take_up(response)
        return answer

    def _largest(self, command: Command) -> int:
        """How much may be asked for. The limit is one of reading an application's files, not of public keys and
        signatures, nor of what stands in the master file for all to read."""
        limited = self._selected is not None and command.ins in READS
        return self._limits.largest_read if limited else EXTENDED_MAXIMUM

    def _take_up(self, response: Response) -> None:
        if isinstance(response, Opening):
            self._channel = response.channel

    def _refuse(self, word: int) -> bytes:
        self._channel = None
        return Response(word).encode()

    def _obey(self, command: Command, *, protected: bool) -> Response:
        run, self._pace = self._pace, None  # a run of PACE is ended by anything but its own next step
        match command.ins, (command.p1, command.p2):
            case Instruction.SELECT, (0x04, 0x00 | 0x0C):
                return self._select_application(command.data, protected=protected)
            case Instruction.SELECT, (0x00, 0x00 | 0x0C) if command.data in {b"", MASTER_FILE}:
                self._selected = None
                self._master.leave()
                return Response(status.DONE)
            case Instruction.MANAGE_SECURITY_ENVIRONMENT, parameters if parameters == SET_FOR_PACE:
                return self._choose_pace(command)
            case Instruction.GENERAL_AUTHENTICATE, _ if run is not None:
                return self._go_on_with_pace(run, command)
            case _:
                return (self._selected or self._master).answer(command, protected=protected)

    def _select_application(self, name: bytes, *, protected: bool) -> Response:
        application = self._applications.get(name)
        if application is None:
            return Response(status.NO_SUCH_FILE)
        response = application.select(protected=protected)
        if response.status == status.DONE:
            self._selected = application
        return response

    def _choose_pace(self, command: Command) -> Response:
        if not self._content.passwords:
            return Response(status.WRONG_PARAMETERS)
        try:
            self._pace = pace.choose(
                self._content.ways, self._content.passwords, command.data, self._content.keys.for_mapping
            )
        except pace.Refused as refused:
            return Response(refused.status)
        return Response(status.DONE)

    def _go_on_with_pace(self, run: pace.Protocol, command: Command) -> Response:
        try:
            data = run.step(command.data)
        except pace.Refused as refused:
            return Response(refused.status)
        if run.channel is not None:
            return Opening(status.DONE, data, channel=run.channel)
        self._pace = run
        return Response(status.DONE, data)

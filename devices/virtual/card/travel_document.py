"""The eMRTD application: its files, and what opens them (ICAO Doc 9303-10, 3; 9303-11, 4.3)."""

from __future__ import annotations

from devices.virtual.card import basic_access, status
from devices.virtual.card.apdu import EXTENDED_MAXIMUM, SHORT_MAXIMUM, Command, Response
from devices.virtual.card.application import Instruction, Opening
from devices.virtual.card.files import CARD_ACCESS, CardContent
from devices.virtual.card.transparent_files import TransparentFiles

NAME = bytes.fromhex("A0000002471001")
AUTHENTICATION_BYTES = 40


class TravelDocument:
    """An `Application`. Before access control not even the absence of a file is told."""

    name = NAME

    def __init__(self, content: CardContent) -> None:
        self._content = content
        own = {identifier: file for identifier, file in content.files.items() if identifier != CARD_ACCESS}
        self._files = TransparentFiles(own, self._refusal)
        self._protected = False
        self._challenge: bytes | None = None

    def select(self, *, protected: bool) -> Response:
        if not self._content.files:
            return Response(status.NO_SUCH_FILE)
        if not protected and self._content.access is None and not self._content.open:
            return Response(status.NOT_ALLOWED)  # PACE comes first where nothing else opens the chip
        self._files.leave()
        self._challenge = None
        return Response(status.DONE)

    def answer(self, command: Command, *, protected: bool) -> Response:
        self._protected = protected
        challenge, self._challenge = self._challenge, None  # it is good for the very next command only
        match command.ins:
            case Instruction.SELECT:
                return self._files.select(command)
            case Instruction.READ_BINARY:
                return self._files.read(command)
            case Instruction.READ_BINARY_ODD:
                return self._files.read_far(command)
            case Instruction.GET_CHALLENGE:
                return self._give_challenge(command)
            case Instruction.EXTERNAL_AUTHENTICATE:
                return self._authenticate(command, challenge)
            case _:
                return Response(status.UNKNOWN_INSTRUCTION)

    def _refusal(self, _identifier: int | None) -> int:
        return 0 if self._protected or self._content.open else status.NOT_ALLOWED

    def _give_challenge(self, command: Command) -> Response:
        if command.expected not in {basic_access.CHALLENGE, SHORT_MAXIMUM, EXTENDED_MAXIMUM}:
            return Response(status.WRONG_SIZE)
        self._challenge = basic_access.challenge()
        return Response(status.DONE, self._challenge)

    def _authenticate(self, command: Command, challenge: bytes | None) -> Response:
        if challenge is None or self._content.access is None:
            return Response(status.NO_CONDITIONS)
        if len(command.data) != AUTHENTICATION_BYTES or (command.expected or 0) < AUTHENTICATION_BYTES:
            return Response(status.WRONG_SIZE)
        opened = basic_access.authenticate(self._content.access, challenge, command.data)
        if opened is None:
            return Response(status.WRONG_KEYS)
        answer, channel = opened
        return Opening(status.DONE, answer, channel=channel)

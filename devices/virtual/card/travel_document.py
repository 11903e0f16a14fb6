"""The eMRTD application: its files, what opens them, and how the chip proves itself (ICAO Doc 9303-10, 3; 9303-11)."""

from __future__ import annotations

from devices.virtual.card import active_authentication, basic_access, status
from devices.virtual.card.apdu import EXTENDED_MAXIMUM, SHORT_MAXIMUM, Command, Response
from devices.virtual.card.application import Instruction, Opening
from devices.virtual.card.chip_authentication import ChipAuthentication
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
        self._chip_authentication = ChipAuthentication(content.keys.agreement)
        self._protected = False
        self._challenge: bytes | None = None

    def select(self, *, protected: bool) -> Response:
        if not self._content.files:
            return Response(status.NO_SUCH_FILE)
        if not protected and self._content.access is None and not self._content.open:
            return Response(status.NOT_ALLOWED)  # PACE comes first where nothing else opens the chip
        self._files.leave()
        self._chip_authentication.forget()
        self._challenge = None
        return Response(status.DONE)

    def answer(self, command: Command, *, protected: bool) -> Response:
        self._protected = protected
        challenge, self._challenge = self._challenge, None  # it is good for the very next command only
        if command.ins != Instruction.GENERAL_AUTHENTICATE:
            self._chip_authentication.forget()
        match command.ins:
            case Instruction.SELECT:
                response = self._files.select(command)
            case Instruction.READ_BINARY:
                response = self._files.read(command)
            case Instruction.READ_BINARY_ODD:
                response = self._files.read_far(command)
            case Instruction.GET_CHALLENGE:
                response = self._give_challenge(command)
            case Instruction.EXTERNAL_AUTHENTICATE:
                response = self._authenticate(command, challenge)
            case Instruction.INTERNAL_AUTHENTICATE:
                response = self._closed() or self._sign(command)
            case Instruction.MANAGE_SECURITY_ENVIRONMENT:
                response = self._closed() or self._chip_authentication.set(command)
            case Instruction.GENERAL_AUTHENTICATE:
                response = self._closed() or self._chip_authentication.agree(command)
            case _:
                response = Response(status.UNKNOWN_INSTRUCTION)
        return response

    def _closed(self) -> Response | None:
        refused = self._refusal(None)
        return Response(refused) if refused else None

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

    def _sign(self, command: Command) -> Response:
        """6.1.3. An answer that is longer than what was asked for is refused whole, not cut."""
        if self._content.keys.signing is None:
            return Response(status.UNKNOWN_INSTRUCTION)
        if len(command.data) != active_authentication.CHALLENGE or command.expected is None:
            return Response(status.WRONG_SIZE)
        signature = active_authentication.sign(self._content.keys.signing, command.data)
        if len(signature) > command.expected:
            return Response(status.WRONG_SIZE)
        return Response(status.DONE, signature)

"""The master file: what stands outside every application (ICAO Doc 9303-10, 3.11)."""

from __future__ import annotations

from devices.virtual.card import status
from devices.virtual.card.apdu import Command, Response
from devices.virtual.card.application import Instruction
from devices.virtual.card.files import CARD_ACCESS, CARD_SECURITY, DIRECTORY, CardContent
from devices.virtual.card.transparent_files import TransparentFiles

# What this chip can do once an application is selected, or once MSE:SET has begun it.
AFTER_SELECT = {
    Instruction.GET_CHALLENGE,
    Instruction.EXTERNAL_AUTHENTICATE,
    Instruction.INTERNAL_AUTHENTICATE,
    Instruction.GENERAL_AUTHENTICATE,
}

SHORT_IDENTIFIERS = {0x1E: DIRECTORY}  # 2F00 has none in its low bits (ISO/IEC 7816-4, 8.2.1.1)


class MasterFile:
    """EF.CardAccess and its like are for all to read; EF.CardSecurity is read through a channel only."""

    def __init__(self, content: CardContent) -> None:
        files = {CARD_ACCESS: content.files[CARD_ACCESS]} if CARD_ACCESS in content.files else {}
        self._files = TransparentFiles(files | dict(content.master_files), self._refusal, SHORT_IDENTIFIERS)
        self._protected = False

    def leave(self) -> None:
        self._files.leave()

    def answer(self, command: Command, *, protected: bool) -> Response:
        self._protected = protected
        match command.ins:
            case Instruction.SELECT:
                return self._files.select(command)
            case Instruction.READ_BINARY:
                return self._files.read(command)
            case Instruction.READ_BINARY_ODD:
                return self._files.read_far(command)
            case Instruction.MANAGE_SECURITY_ENVIRONMENT:
                return Response(status.WRONG_PARAMETERS)
            case _ if command.ins in AFTER_SELECT:
                return Response(status.NO_CONDITIONS)
            case _:
                return Response(status.UNKNOWN_INSTRUCTION)

    def _refusal(self, identifier: int | None) -> int:
        return status.NOT_ALLOWED if identifier == CARD_SECURITY and not self._protected else 0

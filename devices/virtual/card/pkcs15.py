"""The signing application of the chip: files to read, one PIN, one RSA key (ISO/IEC 7816-15; 7816-4; 7816-8).

It answers to the name of the IsoApplet, an open signing applet (github.com/philipWendland/IsoApplet), so that an
unmodified OpenSC finds it by that name. Which applet the national card carries is not public; this one is provisional.
"""

from __future__ import annotations

from devices.virtual.card import status
from devices.virtual.card.apdu import Command, Response
from devices.virtual.card.application import Instruction
from devices.virtual.card.pkcs15_files import MASTER_FILE, SIGNING_FOLDER, SigningContent
from devices.virtual.card.tlv import Malformed, encode, objects
from devices.virtual.card.transparent_files import TransparentFiles

NAME = bytes.fromhex("F276A288BCFBA69D34F31001")
# What the IsoApplet says of itself when it is selected: version 0.6, and none of its optional features.
VERSION = bytes.fromhex("000600")
PIN_REFERENCE, KEY_REFERENCE = 0x01, 0x01

PERFORM_SECURITY_OPERATION = 0x2A
SET_FOR_SIGNATURE = 0x41, 0xB6
COMPUTE_SIGNATURE = 0x9E, 0x9A
ALGORITHM_TAG, KEY_TAG = 0x80, 0x84
RSA_PKCS1 = 0x11  # the chip pads what it is given (the IsoApplet's own number of it)
FOLDER_DESCRIPTOR, FILE_DESCRIPTOR = 0x38, 0x01


class SigningApplication:
    """One `devices.virtual.card.application.Application`; nothing that was opened outlives `select`."""

    name = NAME

    def __init__(self, content: SigningContent) -> None:
        self._content = content
        self._files = TransparentFiles(content.files, lambda _identifier: 0)  # they are all for everybody to read
        self._verified = False
        self._prepared = False

    def select(self, *, protected: bool) -> Response:  # noqa: ARG002  # it opens in the open as through a channel
        self._files.leave()
        self._verified, self._prepared = False, False
        return Response(status.DONE, VERSION)

    def answer(self, command: Command, *, protected: bool) -> Response:  # noqa: ARG002
        match command.ins:
            case Instruction.SELECT:
                return self._select(command)
            case Instruction.READ_BINARY:
                return self._files.read(command)
            case Instruction.VERIFY:
                return self._verify(command)
            case Instruction.MANAGE_SECURITY_ENVIRONMENT:
                return self._prepare(command)
            case _ if command.ins == PERFORM_SECURITY_OPERATION:
                return self._sign(command)
            case _:
                return Response(status.UNKNOWN_INSTRUCTION)

    def _select(self, command: Command) -> Response:
        """By identifier, or by path from the master file (ISO/IEC 7816-4, table 39), answered with its description."""
        by_name_or_path = command.p1 in {0x00, 0x02, 0x08, 0x09} and command.p2 in {0x00, 0x0C}
        if not by_name_or_path or len(command.data) < 2 or len(command.data) % 2:
            return Response(status.WRONG_PARAMETERS)
        last = command.data[-2:]
        identifier = int.from_bytes(last, "big")
        if identifier in {MASTER_FILE, SIGNING_FOLDER}:
            self._files.leave()
            described = encode(0x82, bytes([FOLDER_DESCRIPTOR]))
        else:
            chosen = self._files.select(Command(0x00, Instruction.SELECT, 0x02, 0x0C, last))
            if chosen.status != status.DONE:
                return chosen
            size = len(self._content.files[identifier]).to_bytes(2, "big")
            described = encode(0x80, size) + encode(0x82, bytes([FILE_DESCRIPTOR]))
        return Response(status.DONE, b"" if command.p2 == 0x0C else encode(0x6F, described + encode(0x83, last)))

    def _verify(self, command: Command) -> Response:
        """ISO/IEC 7816-4, 7.5.6; without data only the state is told, and no try is used."""
        if command.p1:
            return Response(status.WRONG_PARAMETERS)
        if command.p2 != PIN_REFERENCE:
            return Response(status.NO_SUCH_KEY)
        if not command.data:
            return Response(status.DONE if self._verified else self._content.pin.status())
        word = self._content.pin.compare(command.data)
        self._verified = word == status.DONE
        return Response(word)

    def _prepare(self, command: Command) -> Response:
        if (command.p1, command.p2) != SET_FOR_SIGNATURE:
            return Response(status.WRONG_PARAMETERS)
        try:
            stated = dict(objects(command.data))
        except Malformed:
            return Response(status.WRONG_DATA)
        if stated.get(KEY_TAG) != bytes([KEY_REFERENCE]):
            return Response(status.NO_SUCH_KEY)
        if stated.get(ALGORITHM_TAG) != bytes([RSA_PKCS1]):
            return Response(status.WRONG_DATA)
        self._prepared = True
        return Response(status.DONE)

    def _sign(self, command: Command) -> Response:
        """The PIN is good for one signature: the key attests its holder's will (ISO/IEC 7816-15, userConsent)."""
        if (command.p1, command.p2) != COMPUTE_SIGNATURE:
            return Response(status.WRONG_PARAMETERS)
        if not self._prepared:
            return Response(status.NO_CONDITIONS)
        if not self._verified:
            return Response(status.NOT_ALLOWED)
        signature = self._content.key.sign(command.data)
        if signature is None or len(signature) > (command.expected or 0):
            return Response(status.WRONG_SIZE)
        self._verified = self._prepared = False
        return Response(status.DONE, signature)

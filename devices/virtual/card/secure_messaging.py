"""The chip's side of secure messaging (ICAO Doc 9303-11, 9.8)."""

from __future__ import annotations

import dataclasses
import hmac

from devices.virtual.card.apdu import EXTENDED_MAXIMUM, SHORT_MAXIMUM, Command, Response
from devices.virtual.card.ciphers import TRIPLE_DES, Suite, pad, unpad
from devices.virtual.card.tlv import Malformed, encode, objects

OBJECTS_MISSING, OBJECTS_WRONG = 0x6987, 0x6988
CRYPTOGRAM, EXPECTED, STATUS, CHECKSUM = 0x87, 0x97, 0x99, 0x8E
BER_CRYPTOGRAM = 0x85  # of an odd instruction, whose data are objects themselves; without a padding indicator
PADDING_INDICATOR = b"\x01"


class Broken(Exception):
    """The command's protection is missing or wrong; `status` is answered unprotected and the keys are forgotten."""

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status


class Channel:
    """Session keys with their send sequence counter."""

    def __init__(self, encryption: bytes, authentication: bytes, counter: int, suite: Suite = TRIPLE_DES) -> None:
        self._suite = suite
        self._ber = False
        self._encryption = encryption
        self._authentication = authentication
        self._counter = counter

    def open(self, command: Command) -> Command:
        """The plain command. Raises Broken."""
        self._count()
        fields, protected = _fields(command.data)
        header = bytes((command.cla | 0x0C, command.ins, command.p1, command.p2))
        expected = self._mac(pad(header, self._suite.block) + protected if protected else header)
        if not hmac.compare_digest(expected, fields[CHECKSUM]):
            raise Broken(OBJECTS_WRONG)
        self._ber = BER_CRYPTOGRAM in fields
        if self._ber and not command.ins & 1:
            raise Broken(OBJECTS_WRONG)
        cryptogram = PADDING_INDICATOR + fields[BER_CRYPTOGRAM] if self._ber else fields.get(CRYPTOGRAM, b"")
        return dataclasses.replace(
            command,
            cla=command.cla & ~0x0C,
            data=self._plain(cryptogram) if cryptogram else b"",
            expected=_expected(fields[EXPECTED]) if EXPECTED in fields else None,
        )

    def close(self, response: Response) -> Response:
        """The protected response."""
        self._count()
        body = b""
        if response.data:
            blocks = pad(response.data, self._suite.block)
            cryptogram = self._suite.encrypt(self._encryption, blocks, self._counter)
            body = (
                encode(BER_CRYPTOGRAM, cryptogram) if self._ber else encode(CRYPTOGRAM, PADDING_INDICATOR + cryptogram)
            )
        body += encode(STATUS, response.status.to_bytes(2, "big"))
        return Response(response.status, body + encode(CHECKSUM, self._mac(body)))

    def _count(self) -> None:
        self._counter = (self._counter + 1) % 2 ** (8 * self._suite.block)

    def _mac(self, data: bytes) -> bytes:
        return self._suite.mac(self._authentication, self._counter.to_bytes(self._suite.block, "big") + data)

    def _plain(self, cryptogram: bytes) -> bytes:
        indicator, blocks = cryptogram[:1], cryptogram[1:]
        if indicator != PADDING_INDICATOR or not blocks or len(blocks) % self._suite.block:
            raise Broken(OBJECTS_WRONG)
        plain = unpad(self._suite.decrypt(self._encryption, blocks, self._counter))
        if plain is None:
            raise Broken(OBJECTS_WRONG)
        return plain


def _fields(data: bytes) -> tuple[dict[int, bytes], bytes]:
    """The objects of a protected command by tag, and the bytes that the checksum covers beside the header."""
    try:
        row = list(objects(data))
    except Malformed:
        raise Broken(OBJECTS_WRONG) from None
    if not row or row[-1][0] != CHECKSUM:
        raise Broken(OBJECTS_MISSING)
    fields = dict(row)
    known = {CRYPTOGRAM, BER_CRYPTOGRAM, EXPECTED, CHECKSUM}
    if len(fields) != len(row) or not fields.keys() <= known or {CRYPTOGRAM, BER_CRYPTOGRAM} <= fields.keys():
        raise Broken(OBJECTS_WRONG)
    return fields, data[: -len(encode(*row[-1]))]


def _expected(value: bytes) -> int:
    match len(value):
        case 1:
            return value[0] or SHORT_MAXIMUM
        case 2:
            return int.from_bytes(value, "big") or EXTENDED_MAXIMUM
        case _:
            raise Broken(OBJECTS_WRONG)

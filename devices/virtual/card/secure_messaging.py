"""The chip's side of secure messaging with triple DES (ICAO Doc 9303-11, 9.8)."""

from __future__ import annotations

import dataclasses
import hmac

from devices.virtual.card.apdu import EXTENDED_MAXIMUM, SHORT_MAXIMUM, Command, Response
from devices.virtual.card.ciphers import BLOCK, decrypt, encrypt, mac, pad, unpad
from devices.virtual.card.tlv import Malformed, encode, objects

OBJECTS_MISSING, OBJECTS_WRONG = 0x6987, 0x6988
CRYPTOGRAM, EXPECTED, STATUS, CHECKSUM = 0x87, 0x97, 0x99, 0x8E
PADDING_INDICATOR = b"\x01"


class Broken(Exception):
    """The command's protection is missing or wrong; `status` is answered unprotected and the keys are forgotten."""

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status


class Channel:
    """Session keys with their send sequence counter."""

    def __init__(self, encryption: bytes, authentication: bytes, counter: int) -> None:
        self._encryption = encryption
        self._authentication = authentication
        self._counter = counter

    def open(self, command: Command) -> Command:
        """The plain command. Raises Broken."""
        fields, protected = _fields(command.data)
        header = bytes((command.cla | 0x0C, command.ins, command.p1, command.p2))
        expected = self._mac(pad(header) + protected if protected else header)
        if not hmac.compare_digest(expected, fields[CHECKSUM]):
            raise Broken(OBJECTS_WRONG)
        return dataclasses.replace(
            command,
            cla=command.cla & ~0x0C,
            data=self._plain(fields[CRYPTOGRAM]) if CRYPTOGRAM in fields else b"",
            expected=_expected(fields[EXPECTED]) if EXPECTED in fields else None,
        )

    def close(self, response: Response) -> Response:
        """The protected response."""
        body = b""
        if response.data:
            body = encode(CRYPTOGRAM, PADDING_INDICATOR + encrypt(self._encryption, pad(response.data)))
        body += encode(STATUS, response.status.to_bytes(2, "big"))
        return Response(response.status, body + encode(CHECKSUM, self._mac(body)))

    def _mac(self, data: bytes) -> bytes:
        self._counter = (self._counter + 1) % 2**64
        return mac(self._authentication, pad(self._counter.to_bytes(BLOCK, "big") + data))

    def _plain(self, cryptogram: bytes) -> bytes:
        indicator, blocks = cryptogram[:1], cryptogram[1:]
        if indicator != PADDING_INDICATOR or not blocks or len(blocks) % BLOCK:
            raise Broken(OBJECTS_WRONG)
        plain = unpad(decrypt(self._encryption, blocks))
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
    if len(fields) != len(row) or not fields.keys() <= {CRYPTOGRAM, EXPECTED, CHECKSUM}:
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

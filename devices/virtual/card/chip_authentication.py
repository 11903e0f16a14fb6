"""The chip's side of chip authentication: a new channel that only the holder of the static key can open (ICAO Doc
9303-11, 6.2)."""

from __future__ import annotations

from devices.virtual.card import status
from devices.virtual.card.apdu import Command, Response
from devices.virtual.card.application import Opening
from devices.virtual.card.ciphers import AUTHENTICATION, ENCRYPTION, SUITES, TRIPLE_DES, Suite
from devices.virtual.card.keys import AgreementKey
from devices.virtual.card.secure_messaging import Channel
from devices.virtual.card.tlv import Malformed, encode, objects

SET_KEY_AGREEMENT, SET_AUTHENTICATION = (0x41, 0xA6), (0x41, 0xA4)
PROTOCOL, KEY_REFERENCE, EPHEMERAL_AT_ONCE = 0x80, 0x84, 0x91
AUTHENTICATION_DATA, EPHEMERAL = 0x7C, 0x80
TRIPLE_DES_PROTOCOL = 1  # the last byte of its object identifiers (9.2.7)


class ChipAuthentication:
    """With the chip's static keys. What MSE:SET AT chose is good for the very next command."""

    def __init__(self, keys: tuple[AgreementKey, ...]) -> None:
        self._keys = keys
        self._chosen: tuple[AgreementKey, Suite] | None = None

    def forget(self) -> None:
        self._chosen = None

    def set(self, command: Command) -> Response:
        """MANAGE SECURITY ENVIRONMENT: in one step for triple DES, or the choice before GENERAL AUTHENTICATE."""
        try:
            row = dict(objects(command.data))
        except Malformed:
            return Response(status.WRONG_DATA)
        match command.p1, command.p2:
            case parameters if parameters == SET_KEY_AGREEMENT:
                return self._agree_at_once(row)
            case parameters if parameters == SET_AUTHENTICATION:
                return self._choose(row)
            case _:
                return Response(status.WRONG_PARAMETERS)

    def agree(self, command: Command) -> Response:
        """GENERAL AUTHENTICATE with the terminal's ephemeral key."""
        chosen, self._chosen = self._chosen, None
        if chosen is None:
            return Response(status.NO_CONDITIONS)
        try:
            ((tag, inner),) = objects(command.data)
            row = dict(objects(inner))
        except (Malformed, ValueError):
            return Response(status.WRONG_DATA)
        if tag != AUTHENTICATION_DATA:
            return Response(status.WRONG_DATA)
        return _opened(*chosen, row.get(EPHEMERAL, b""), encode(AUTHENTICATION_DATA, b""))

    def _choose(self, row: dict[int, bytes]) -> Response:
        protocol = row.get(PROTOCOL, b"")
        named = self._named(row, [key for key in self._keys if protocol in key.protocols])
        if len(named) != 1:
            known = any(protocol in key.protocols for key in self._keys)
            return Response(status.NO_SUCH_KEY if known else status.WRONG_DATA)
        self._chosen = named[0], SUITES[protocol[-1]]
        return Response(status.DONE)

    def _agree_at_once(self, row: dict[int, bytes]) -> Response:
        able = [key for key in self._keys if any(name[-1] == TRIPLE_DES_PROTOCOL for name in key.protocols)]
        named = self._named(row, able)
        if len(named) != 1:
            return Response(status.NO_SUCH_KEY)
        return _opened(named[0], TRIPLE_DES, row.get(EPHEMERAL_AT_ONCE, b""), b"")

    def _named(self, row: dict[int, bytes], keys: list[AgreementKey]) -> list[AgreementKey]:
        """Those of the keys that the reference names; all of them where there is none."""
        if KEY_REFERENCE not in row:
            return keys
        return [key for key in keys if key.identifier == int.from_bytes(row[KEY_REFERENCE], "big")]


def _opened(key: AgreementKey, suite: Suite, ephemeral: bytes, answer: bytes) -> Response:
    public = key.group.decode(ephemeral)
    shared = key.group.multiply(key.private, public) if public is not None else None
    if shared is None:
        return Response(status.WRONG_DATA)
    seed = key.group.secret(shared)
    channel = Channel(suite.derive(seed, ENCRYPTION), suite.derive(seed, AUTHENTICATION), 0, suite)
    return Opening(status.DONE, answer, channel=channel)

"""A card of one application, in memory: for what is asked of it before anybody signs."""

from __future__ import annotations


class PlainCard:
    """A `Wire`. Its application is selected by `aid`, none by ""; VERIFY without data is answered with `status`."""

    reader_limit = 256

    def __init__(self, aid: str, status: str) -> None:
        self.commands: list[str] = []
        self._aid = aid
        self._status = bytes.fromhex(status)

    def transmit(self, command: bytes) -> bytes:
        self.commands.append(command.hex().upper())
        if command[1] == 0xA4:
            return bytes.fromhex("9000" if command[5:].hex().upper() == self._aid else "6A82")
        return self._status

    def reconnect(self) -> None:
        raise AssertionError("nobody asked for it")

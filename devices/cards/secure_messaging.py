"""Secure messaging by Triple DES or AES (ICAO Doc 9303-11, 9.8): a command in, a checked answer out."""

from __future__ import annotations

import dataclasses
import hmac

from devices.cards import ciphers, tlv
from devices.cards.apdu import EXTENDED_LARGEST, SHORT_LARGEST, Answer, Command
from devices.cards.ciphers import SessionKeys
from devices.cards.exchange import Exchange

_DATA, _EXPECTED, _STATUS, _MAC = 0x87, 0x97, 0x99, 0x8E
_BER_DATA = 0x85
"""Of an odd instruction, whose data are data objects themselves: there is no padding indicator (9.8.4)."""

_PADDED = b"\x01"
"""The padding indicator: by method 2 of ISO/IEC 9797-1."""


class ChannelBroken(Exception):
    """The channel cannot go on: an answer was not protected, or its protection is wrong.

    `status` is the status word that came in the open, if that is what broke it.
    """

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status


class SecureChannel:
    """One session. After ChannelBroken its keys are gone, because the counters may be out of step."""

    def __init__(self, exchange: Exchange, keys: SessionKeys, counter: int) -> None:
        self._exchange = exchange
        self._keys = keys
        self._suite = keys.suite
        self._counter = counter
        self._open = True

    @property
    def short_read(self) -> int:
        """The most that a READ BINARY of short length may ask for."""
        return self._suite.short_read

    def send(self, command: Command) -> Answer:
        """Raises ChannelBroken, and what the exchange raises."""
        if not self._open:
            raise ChannelBroken("closed")
        try:
            return self._unprotect(self._exchange.send(self.protect(command)), odd=bool(command.ins & 1))
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._open = False
        self._keys.wipe()

    def protect(self, command: Command) -> Command:
        """The command as it travels: data encrypted, everything under the MAC."""
        self._step()
        header = bytes([command.cla | 0x0C, command.ins, command.p1, command.p2])
        body = b""
        if command.data:
            padded = ciphers.pad(command.data, self._suite.block)
            cryptogram = self._suite.encrypt(self._keys.encryption, self._counter, padded)
            odd = command.ins & 1
            body = tlv.encode(_BER_DATA, cryptogram) if odd else tlv.encode(_DATA, _PADDED + cryptogram)
        if command.expected:
            body += tlv.encode(_EXPECTED, _encode_expected(command.expected))
        mac = self._mac(ciphers.pad(header, self._suite.block) + body if body else header)
        protected = body + tlv.encode(_MAC, mac)
        extended = len(protected) > 255 or command.expected > SHORT_LARGEST
        return dataclasses.replace(
            command,
            cla=header[0],
            data=protected,
            expected=EXTENDED_LARGEST if extended else SHORT_LARGEST,
        )

    def _unprotect(self, answer: Answer, *, odd: bool) -> Answer:
        self._step()
        # A chip reports a failed check in the open and forgets its keys; an attacker would do the same.
        if not answer.data:
            raise ChannelBroken("unprotected status", answer.status)
        try:
            objects = tlv.parse(answer.data)
        except tlv.MalformedData as error:
            raise ChannelBroken("answer malformed") from error
        tags = tuple(entry.tag for entry in objects)
        data_tag = _BER_DATA if odd else _DATA
        if tags not in {(data_tag, _STATUS, _MAC), (_STATUS, _MAC)}:
            raise ChannelBroken("answer without its MAC")
        covered = b"".join(entry.raw for entry in objects[:-1])
        if not hmac.compare_digest(self._mac(covered), objects[-1].value):
            raise ChannelBroken("MAC wrong")
        if objects[-2].value != answer.status.to_bytes(2, "big"):
            raise ChannelBroken("status differs from the protected one")
        if tags[0] == _STATUS:
            return Answer(b"", answer.status)
        value = objects[0].value
        return Answer(self._decrypt(_PADDED + value if odd else value), answer.status)

    def _decrypt(self, value: bytes) -> bytes:
        if value[:1] != _PADDED or len(value) == 1 or len(value) % self._suite.block != 1:
            raise ChannelBroken("cryptogram malformed")
        plain = ciphers.unpad(self._suite.decrypt(self._keys.encryption, self._counter, value[1:]), self._suite.block)
        if plain is None:
            raise ChannelBroken("padding wrong")
        return plain

    def _mac(self, data: bytes) -> bytes:
        return self._suite.mac(self._keys.mac, self._counter.to_bytes(self._suite.block, "big") + data)

    def _step(self) -> None:
        self._counter = (self._counter + 1) % (1 << 8 * self._suite.block)


def _encode_expected(expected: int) -> bytes:
    """Le inside data object 97: one byte up to 256, two beyond; the largest value of each is zeros."""
    if expected <= SHORT_LARGEST:
        return bytes([expected % SHORT_LARGEST])
    return (expected % EXTENDED_LARGEST).to_bytes(2, "big")

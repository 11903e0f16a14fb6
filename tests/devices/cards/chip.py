"""A chip in memory: BAC and secure messaging by another library (pycryptodome), with the faults of real chips."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping

from Crypto.Cipher import DES, DES3

from devices.cards.exchange import WireBroken
from devices.cards.mrz import Mrz


def _key(seed: bytes, counter: int) -> bytes:
    return DES3.adjust_key_parity(hashlib.sha1(seed + bytes([0, 0, 0, counter])).digest()[:16])


def _pad(data: bytes) -> bytes:
    return data + b"\x80" + bytes(7 - len(data) % 8)


def _mac(key: bytes, data: bytes) -> bytes:
    block = DES.new(key[:8], DES.MODE_CBC, bytes(8)).encrypt(_pad(data))[-8:]
    return DES.new(key[:8], DES.MODE_ECB).encrypt(DES.new(key[8:], DES.MODE_ECB).decrypt(block))


def _cbc(key: bytes) -> DES3.CbcMode:  # type: ignore[name-defined]
    return DES3.new(key, DES3.MODE_CBC, bytes(8))


def _object(tag: int, value: bytes) -> bytes:
    if len(value) < 0x80:
        return bytes([tag, len(value)]) + value
    length = len(value).to_bytes((len(value).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + value


@dataclasses.dataclass(frozen=True)
class Faults:
    """`most` is the longest READ the chip takes; `refusal` what it then does."""

    most: int = 65_536
    refusal: str = "plain"
    clip: int | None = None
    end_of_file_status: bool = False
    states_exact_length: bool = False
    missing_in_the_open: bool = False
    has_application: bool = True
    has_access: bool = True
    spoil: Callable[[bytes], bytes] = lambda answer: answer


class Chip:
    """`Wire` with a chip behind it. `commands` are as they came over the wire, `asked` the lengths of its READs."""

    def __init__(
        self, zone: Mrz, files: Mapping[int, bytes], faults: Faults | None = None, reader_limit: int = 65_536
    ) -> None:
        seed = hashlib.sha1(zone.access_information().encode()).digest()[:16]
        self._document_keys = _key(seed, 1), _key(seed, 2)
        self._files = dict(files)
        self._faults = faults or Faults()
        self.reader_limit = reader_limit
        self.commands: list[bytes] = []
        self.asked: list[int] = []
        self.channels = 0
        self.reconnects = 0
        self._nonce = b""
        self._session: tuple[bytes, bytes] | None = None
        self._counter = 0
        self._current = b""
        self._dead = False

    def reconnect(self) -> None:
        self._dead, self._session = False, None
        self.reconnects += 1

    def transmit(self, command: bytes) -> bytes:
        self.commands.append(command)
        if self._dead:
            raise WireBroken("dead until reconnected")
        if command[0] == 0x0C and self._session is not None:
            return self._faults.spoil(self._protected(command))
        self._session = None
        return self._plain(command)

    def _plain(self, command: bytes) -> bytes:
        if command[1] == 0xA4:
            known = command == bytes.fromhex("00A4040C07A0000002471001")
            return bytes.fromhex("9000" if known and self._faults.has_application else "6A82")
        if command[:2] == b"\x00\xb0":
            return b"\x6a\x82"
        if command == bytes.fromhex("0084000008") and self._faults.has_access:
            self._nonce = secrets.token_bytes(8)
            return self._nonce + b"\x90\x00"
        if command[:5] == bytes.fromhex("0082000028") and command[-1] == 0x28:
            return self._authenticate(command[5:-1])
        return b"\x6d\x00"

    def _authenticate(self, token: bytes) -> bytes:
        encryption, mac = self._document_keys
        plain = _cbc(encryption).decrypt(token[:32])
        if not hmac.compare_digest(_mac(mac, token[:32]), token[32:]) or plain[8:16] != self._nonce:
            return b"\x63\x00"
        own = secrets.token_bytes(16)
        cryptogram = _cbc(encryption).encrypt(self._nonce + plain[:8] + own)
        seed = bytes(a ^ b for a, b in zip(own, plain[16:], strict=True))
        self._session = _key(seed, 1), _key(seed, 2)
        self._counter = int.from_bytes(self._nonce[4:] + plain[4:8], "big")
        self.channels += 1
        return bytes(cryptogram + _mac(mac, cryptogram) + b"\x90\x00")

    def _protected(self, command: bytes) -> bytes:
        extended = command[4] == 0
        body = command[7:-2] if extended else command[5:-1]
        stated = int.from_bytes(command[5:7], "big") if extended else command[4]
        assert len(body) == stated
        expected_object, mac = body[:-10], body[-8:]
        assert self._session is not None
        if self._next_mac(_pad(command[:4]) + expected_object) != mac:
            return self._abort(0x6988)
        if command[1] == 0xB1:
            return self._abort(0x6D00)  # this make does not know the odd instruction
        assert expected_object[0] == 0x97
        width = expected_object[1]
        expected = int.from_bytes(expected_object[2:], "big") or 256**width
        if expected > self._faults.most:
            if self._faults.refusal == "wire":
                self._dead = True
                raise WireBroken("too long")
            if self._faults.refusal == "plain":
                return self._abort(0x6700)
            return self._answer(b"", {"protected": 0x6700, "empty": 0x9000}[self._faults.refusal])
        return self._read(command[2], command[3], expected)

    def _read(self, p1: int, p2: int, expected: int) -> bytes:
        if p1 & 0x80:
            if p1 & 0x1F not in self._files:
                if self._faults.missing_in_the_open:
                    return self._abort(0x6A82)
                return self._answer(b"", 0x6A82)
            self._current = self._files[p1 & 0x1F]
            p1 = 0
        start = p1 << 8 | p2
        self.asked.append(expected)
        left = len(self._current) - start
        if self._faults.states_exact_length and left < 256 and expected > left:
            return self._answer(b"", 0x6C00 | left)
        data = self._current[start : start + min(expected, self._faults.clip or expected)]
        short = len(data) < expected and self._faults.end_of_file_status
        return self._answer(data, 0x6282 if short else 0x9000)

    def _answer(self, data: bytes, status: int) -> bytes:
        assert self._session is not None
        word = status.to_bytes(2, "big")
        body = _object(0x87, b"\x01" + _cbc(self._session[0]).encrypt(_pad(data))) if data else b""
        body += _object(0x99, word)
        return body + _object(0x8E, self._next_mac(body)) + word

    def _next_mac(self, data: bytes) -> bytes:
        assert self._session is not None
        self._counter += 1
        return _mac(self._session[1], self._counter.to_bytes(8, "big") + data)

    def _abort(self, status: int) -> bytes:
        self._session = None
        return status.to_bytes(2, "big")

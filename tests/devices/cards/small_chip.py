"""A chip in memory that runs PACE, chip and active authentication as the standard words them: plain arithmetic and
pycryptodome, no code of the reader but TLV."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable

from Crypto.Cipher import AES, DES, DES3
from Crypto.Hash import CMAC

from devices.cards import tlv
from tests.devices.cards.plain_groups import Group

_OK, _REFUSED = b"\x90\x00", b"\x69\x82"


class Keys:
    """Session keys of cipher 1 (Triple DES) to 4 (AES-256), with the counter."""

    def __init__(self, secret: bytes, cipher: int) -> None:
        self.cipher = cipher
        self.encryption, self.mac_key = derive(secret, 1, cipher), derive(secret, 2, cipher)
        self.counter = 0
        self.block = 8 if cipher == 1 else 16

    def cbc(self, vector: int | None = None) -> Callable[[bytes, bool], bytes]:
        if self.cipher == 1:
            mode = DES3.new(self.encryption, DES3.MODE_CBC, bytes(8))
        else:
            number = self.counter if vector is None else vector
            start = AES.new(self.encryption, AES.MODE_ECB).encrypt(number.to_bytes(16, "big"))
            mode = AES.new(self.encryption, AES.MODE_CBC, start)
        return lambda data, encrypts: mode.encrypt(data) if encrypts else mode.decrypt(data)

    def mac(self, data: bytes) -> bytes:
        if self.cipher != 1:
            return CMAC.new(self.mac_key, data, AES).digest()[:8]
        first, second = self.mac_key[:8], self.mac_key[8:]
        last = DES.new(first, DES.MODE_CBC, bytes(8)).encrypt(pad(data, 8))[-8:]
        return DES.new(first, DES.MODE_ECB).encrypt(DES.new(second, DES.MODE_ECB).decrypt(last))

    def counted_mac(self, data: bytes) -> bytes:
        whole = self.counter.to_bytes(self.block, "big") + data
        return self.mac(whole if self.cipher == 1 else pad(whole, 16))


def derive(secret: bytes, counter: int, cipher: int) -> bytes:
    name, size = {1: ("sha1", 16), 2: ("sha1", 16), 3: ("sha256", 24), 4: ("sha256", 32)}[cipher]
    key = hashlib.new(name, secret + counter.to_bytes(4, "big")).digest()[:size]
    return bytes((octet & 0xFE) | ((octet >> 1).bit_count() + 1) % 2 for octet in key) if cipher == 1 else key


def pad(data: bytes, block: int) -> bytes:
    return data + b"\x80" + bytes(-(len(data) + 1) % block)


class SmallChip:
    """`Wire` with one chip behind it. `spoil` may change an answer, told the instruction byte; it may raise too.

    `static_key` with `static_group` is the key of chip authentication, `agreed` its word on it; `sign` answers INTERNAL
    AUTHENTICATE, told the challenge and how many bytes are expected. `commands` are those that arrived, without their
    protection. With `has_short_keys` every residue that it draws begins with a zero. `longest` is the size of the
    longest command.
    """

    reader_limit = 65_536

    def __init__(self, *, static_group: Group | None = None, static_key: int = 0) -> None:
        self.group: Group | None = None
        self.mapping = self.cipher = 0
        self.password = b""
        self.static_group, self.static_key = static_group, static_key
        self.files: dict[int, bytes] = {}
        self.agreed = _OK
        self.sign: Callable[[bytes, int], bytes] = lambda _challenge, _expected: b"\x6d\x00"
        self.spoil: Callable[[int, bytes], bytes] = lambda _instruction, answer: answer
        self.has_short_keys = False
        self.longest = 0
        self.commands: list[bytes] = []
        self.keys: Keys | None = None
        self._next_keys: Keys | None = None
        self._file: bytes | None = None
        self._protocol = b""
        self._pace: list[bytes] = []
        self._nonce = secrets.token_bytes(16)
        self._map_key = self._mapped = 0
        self._generator = b""

    def runs_pace(self, group: Group, mapping: int, cipher: int, password: bytes) -> None:
        self.group, self.mapping, self.cipher, self.password = group, mapping, cipher, password

    def reconnect(self) -> None:
        self.keys = None

    def transmit(self, raw: bytes) -> bytes:
        self.longest = max(self.longest, len(raw))
        header, data, expected = _taken_apart(raw)
        if header[0] & 0x0C != 0x0C:
            self.commands.append(header + data)
            return self.spoil(header[1], self._answer(header, data, expected))
        assert self.keys is not None
        keys = self.keys
        objects = {entry.tag: entry for entry in tlv.parse(data)}
        keys.counter += 1
        covered = b"".join(entry.raw for tag, entry in objects.items() if tag != 0x8E)
        if keys.counted_mac(pad(header, keys.block) + covered if covered else header) != objects[0x8E].value:
            self.keys = None
            return self.spoil(header[1], b"\x69\x88")
        plain = _unpadded(keys.cbc()(objects[0x87].value[1:], False)) if 0x87 in objects else b""
        most = objects[0x97].value if 0x97 in objects else b""
        self.commands.append(bytes([header[0] & 0xF0]) + header[1:] + plain)
        answer = self._answer(header, plain, int.from_bytes(most, "big") or 256 ** len(most))
        protected = self._protected(keys, answer)
        self.keys, self._next_keys = self._next_keys or self.keys, None
        return self.spoil(header[1], protected)

    def _protected(self, keys: Keys, answer: bytes) -> bytes:
        keys.counter += 1
        body = b""
        if answer[:-2]:
            body = tlv.encode(0x87, b"\x01" + keys.cbc()(pad(answer[:-2], keys.block), True))
        body += tlv.encode(0x99, answer[-2:])
        return body + tlv.encode(0x8E, keys.counted_mac(body)) + answer[-2:]

    def _answer(self, header: bytes, data: bytes, expected: int) -> bytes:
        match header[1]:
            case 0x22 if header[2] == 0xC1:
                self._protocol, self._pace, self.keys = tlv.parse(data)[0].value, [], None
                return _OK
            case 0x22 if header[3] == 0xA6:
                return self._agree(tlv.parse(data)[0].value, 1)
            case 0x22:
                self._protocol = tlv.parse(data)[0].value
                return _OK
            case 0x86:
                inner = tlv.parse(tlv.parse_one(data, 0x7C).value)
                if self.keys is None:
                    return tlv.encode(0x7C, self._pace_step(inner)) + _OK
                return tlv.encode(0x7C, b"") + self._agree(inner[0].value, self._protocol[-1])
            case 0x88:
                return self.sign(data, expected)
            case 0xB0:
                return self._read(header[2], header[3], expected)
            case _:
                return _OK

    def _read(self, p1: int, p2: int, expected: int) -> bytes:
        if p1 & 0x80:
            self._file = self.files.get(p1 & 0x1F)
        start = p2 if p1 & 0x80 else p1 << 8 | p2
        return b"\x6a\x82" if self._file is None else self._file[start : start + expected] + _OK

    def _agree(self, public: bytes, cipher: int) -> bytes:
        if self.static_group is None:
            return _REFUSED
        secret = self.static_group.secret(self.static_group.multiply(self.static_key, public))
        if self.agreed == _OK:
            self._next_keys = Keys(secret, cipher)
        return self.agreed

    def _pace_step(self, inner: tuple[tlv.Tlv, ...]) -> bytes:
        assert self.group is not None
        group = self.group
        self._pace.append(inner[0].value if inner else b"")
        match len(self._pace):
            case 1:
                key = derive(self.password, 3, self.cipher)
                cbc = (
                    DES3.new(key, DES3.MODE_CBC, bytes(8))
                    if self.cipher == 1
                    else AES.new(key, AES.MODE_CBC, bytes(16))
                )
                return tlv.encode(0x80, cbc.encrypt(self._nonce))
            case 2:
                self._map_key = self._draw(group, group.generator)
                shared = group.multiply(self._map_key, self._pace[1])
                nonce = int.from_bytes(self._nonce, "big") % group.order
                self._generator = group.add(group.multiply(nonce, group.generator), shared)
                return tlv.encode(0x82, group.multiply(self._map_key, group.generator))
            case 3:
                own = self._draw(group, self._generator)
                self._own = group.multiply(own, self._generator)
                self._next_keys = Keys(group.secret(group.multiply(own, self._pace[2])), self.cipher)
                return tlv.encode(0x84, self._own)
        return self._pace_proof(group)

    def _draw(self, group: Group, generator: bytes) -> int:
        while True:
            key = secrets.randbelow(group.order - 1) + 1
            if not self.has_short_keys or group.multiply(key, generator).lstrip(b"\x00")[127:] == b"":
                return key

    def _pace_proof(self, group: Group) -> bytes:
        keys, self._next_keys = self._next_keys, None
        assert keys is not None
        if self._token(keys, self._own) != self._pace[3]:
            return b""
        self.keys = keys
        proof = tlv.encode(0x86, self._token(keys, self._pace[2]))
        if self.mapping == 6:
            factor = pow(self.static_key, -1, group.order) * self._map_key % group.order
            size = (group.order.bit_length() + 7) // 8
            proof += tlv.encode(0x8A, keys.cbc(2**128 - 1)(pad(factor.to_bytes(size, "big"), 16), True))
        return proof

    def _token(self, keys: Keys, public: bytes) -> bytes:
        assert self.group is not None
        return keys.mac(tlv.encode(0x7F49, tlv.encode(0x06, self._protocol) + tlv.encode(self.group.tag, public)))


def _taken_apart(raw: bytes) -> tuple[bytes, bytes, int]:
    """Header, data and Ne of a command of either length."""
    header, rest = raw[:4], raw[4:]
    if len(rest) > 1 and rest[0] == 0:
        size = int.from_bytes(rest[1:3], "big") if len(rest) > 3 else 0
        most = rest[3 + size :] if size else rest[1:]
        return header, rest[3 : 3 + size] if size else b"", int.from_bytes(most, "big") or (65_536 if most else 0)
    size = rest[0] if len(rest) > 1 else 0
    most = rest[1 + size :] if size else rest
    return header, rest[1 : 1 + size] if size else b"", int.from_bytes(most, "big") or (256 if most else 0)


def _unpadded(data: bytes) -> bytes:
    return data.rstrip(b"\x00")[:-1]

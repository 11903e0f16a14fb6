"""The terminal's side of Basic Access Control and secure messaging, by another library than the card's."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

SELECT_EMRTD = bytes.fromhex("00A4040C07A0000002471001")
Transmit = Callable[[bytes], bytes]


def derive(seed: bytes, purpose: int) -> bytes:
    return hashlib.sha1(seed + bytes([0, 0, 0, purpose])).digest()[:16]


def triple_des(key: bytes, data: bytes, *, backwards: bool = False) -> bytes:
    cipher = Cipher(TripleDES((key + key[:8]) if len(key) == 16 else key * 3), modes.CBC(bytes(8)))
    context = cipher.decryptor() if backwards else cipher.encryptor()
    return context.update(data) + context.finalize()


def padded(data: bytes, block: int = 8) -> bytes:
    return data + b"\x80" + bytes(-(len(data) + 1) % block)


def checksum(key: bytes, data: bytes) -> bytes:
    chained = triple_des(key[:8], padded(data))[-8:]
    return triple_des(key[:8], triple_des(key[8:], chained, backwards=True))


def tlv(tag: int, value: bytes) -> bytes:
    size = len(value)
    length = bytes([size]) if size < 128 else bytes([0x82]) + size.to_bytes(2, "big")
    return bytes([tag]) + length + value


class Session:
    """A channel that was opened with the right keys; `ask` sends one plain command protected. By triple DES."""

    block = 8

    def __init__(self, transmit: Transmit, encryption: bytes, authentication: bytes, counter: int) -> None:
        self.transmit = transmit
        self.encryption = encryption
        self.authentication = authentication
        self.counter = counter

    def protect(
        self, header: bytes, data: bytes = b"", expected: int | None = None, *, extended: bool = False
    ) -> bytes:
        self.counter += 1
        body = b""
        if data:
            body += tlv(0x87, b"\x01" + self.encrypt(padded(data, self.block)))
        if expected is not None:
            body += tlv(0x97, expected.to_bytes(2, "big") if extended else bytes([expected % 256]))
        header = bytes([0x0C]) + header[1:]
        covered = padded(header, self.block) + body if body else header
        body += tlv(0x8E, self.checksum(covered))
        if extended:
            return header + b"\x00" + len(body).to_bytes(2, "big") + body + b"\x00\x00"
        return header + bytes([len(body)]) + body + b"\x00"

    def open(self, answer: bytes) -> tuple[bytes, int]:
        """The plain data and status of a protected answer; an AssertionError where its protection is wrong."""
        self.counter += 1
        assert len(answer) >= 16, f"unprotected: {answer.hex()}"
        body, given = answer[:-12], answer[-10:-2]
        assert answer[-12:-10] == b"\x8e\x08"
        assert self.checksum(body) == given
        cryptogram, status = body[:-4], body[-4:]
        assert status[:2] == b"\x99\x02"
        assert status[2:] == answer[-2:]
        if not cryptogram:
            return b"", int.from_bytes(status[2:], "big")
        head = 2 if cryptogram[1] < 128 else 2 + cryptogram[1] % 128
        assert cryptogram[0] == 0x87
        assert cryptogram[head] == 1
        plain = self.decrypt(cryptogram[head + 1 :]).rstrip(b"\x00")
        assert plain.endswith(b"\x80")
        return plain[:-1], int.from_bytes(status[2:], "big")

    def ask(
        self, header: str, data: bytes = b"", expected: int | None = None, *, extended: bool = False
    ) -> tuple[bytes, int]:
        command = self.protect(bytes.fromhex(header), data, expected, extended=extended)
        return self.open(self.transmit(command))

    def encrypt(self, blocks: bytes) -> bytes:
        return triple_des(self.encryption, blocks)

    def decrypt(self, blocks: bytes) -> bytes:
        return triple_des(self.encryption, blocks, backwards=True)

    def checksum(self, data: bytes) -> bytes:
        return checksum(self.authentication, self.counter.to_bytes(8, "big") + data)


class AesSession(Session):
    """The same by AES (ICAO Doc 9303-11, 9.8.6)."""

    block = 16

    def encrypt(self, blocks: bytes) -> bytes:
        context = self._cipher().encryptor()
        return context.update(blocks) + context.finalize()

    def decrypt(self, blocks: bytes) -> bytes:
        context = self._cipher().decryptor()
        return context.update(blocks) + context.finalize()

    def checksum(self, data: bytes) -> bytes:
        return aes_checksum(self.authentication, padded(self.counter.to_bytes(16, "big") + data, 16))

    def _cipher(self) -> Cipher[modes.CBC]:
        key = algorithms.AES(self.encryption)
        vector = Cipher(key, modes.ECB()).encryptor().update(self.counter.to_bytes(16, "big"))  # 9.8.6.3
        return Cipher(key, modes.CBC(vector))


def aes_checksum(key: bytes, data: bytes) -> bytes:
    context = CMAC(algorithms.AES(key))
    context.update(data)
    return context.finalize()[:8]


def access_keys(zone: tuple[str, ...]) -> tuple[bytes, bytes]:
    seed = hashlib.sha1(access_information(zone)).digest()[:16]
    return derive(seed, 1), derive(seed, 2)


def access_information(zone: tuple[str, ...]) -> bytes:
    """Document number, birth and expiry date with their check digits, where TD1, or TD2 and TD3, have them."""
    if len(zone) == 3:
        return (zone[0][5:15] + zone[1][:7] + zone[1][8:15]).encode()
    return (zone[1][:10] + zone[1][13:20] + zone[1][21:28]).encode()


def external_authenticate(zone: tuple[str, ...], plain: bytes) -> bytes:
    encryption, authentication = access_keys(zone)
    cryptogram = triple_des(encryption, plain)
    return bytes.fromhex("0082000028") + cryptogram + checksum(authentication, cryptogram) + b"\x28"


def open_session(transmit: Transmit, zone: tuple[str, ...]) -> Session:
    """Selects the application and opens it with the printed zone."""
    assert transmit(SELECT_EMRTD) == b"\x90\x00"
    challenge = transmit(bytes.fromhex("0084000008"))[:8]
    encryption, authentication = access_keys(zone)
    ours, our_seed = secrets.token_bytes(8), secrets.token_bytes(16)
    answer = transmit(external_authenticate(zone, ours + challenge + our_seed))
    assert answer[-2:] == b"\x90\x00", answer[-2:].hex()
    assert checksum(authentication, answer[:32]) == answer[32:40]
    opened = triple_des(encryption, answer[:32], backwards=True)
    assert opened[:16] == challenge + ours
    session_seed = bytes(a ^ b for a, b in zip(our_seed, opened[16:], strict=True))
    counter = int.from_bytes(challenge[4:] + ours[4:], "big")
    return Session(transmit, derive(session_seed, 1), derive(session_seed, 2), counter)

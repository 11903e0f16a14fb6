"""The terminal's side of PACE and chip authentication for the tests of the chip.

Ciphers and key derivation are another library's than the chip's. Points and residues are the chip's own, because no
library at hand can map a generator; what they are worth is held by the worked examples and by openssl.
"""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from devices.virtual.card.groups import GROUPS, private_key
from devices.virtual.card.tlv import encode, objects
from tests.devices.virtual.card.terminal import (
    AesSession,
    Session,
    Transmit,
    access_information,
    aes_checksum,
    checksum,
    triple_des,
)

TRIPLE_DES = 1
KEY_BYTES = {1: 16, 2: 16, 3: 24, 4: 32}


def derive(cipher: int, seed: bytes, purpose: int) -> bytes:
    digest = hashlib.sha1 if KEY_BYTES[cipher] == 16 else hashlib.sha256
    return digest(seed + bytes([0, 0, 0, purpose])).digest()[: KEY_BYTES[cipher]]


def session_of(transmit: Transmit, cipher: int, secret: bytes) -> Session:
    kind = Session if cipher == TRIPLE_DES else AesSession
    return kind(transmit, derive(cipher, secret, 1), derive(cipher, secret, 2), 0)


def zone_password(zone: tuple[str, ...]) -> bytes:
    return hashlib.sha1(access_information(zone)).digest()


class Pace:
    """One run with one protocol; after `open` the chip's mapping key and its chip data are here, too."""

    def __init__(self, transmit: Transmit, protocol: bytes, parameters: int) -> None:
        self._transmit = transmit
        self._protocol = protocol
        self._group = GROUPS[parameters]
        self._parameters = parameters
        self.mapped = b""
        self.chip_data = b""

    def open(self, password: bytes, reference: int) -> Session:
        group, cipher = self._group, self._protocol[-1]
        choice = encode(0x80, self._protocol) + encode(0x83, bytes([reference]))
        choice += encode(0x84, bytes([self._parameters]))
        assert self._transmit(b"\x00\x22\xc1\xa4" + bytes([len(choice)]) + choice) == b"\x90\x00"
        key = derive(cipher, password, 3)
        vector_free = triple_des if cipher == TRIPLE_DES else _aes
        nonce = int.from_bytes(vector_free(key, self._step(0x10, b"")[0x80], backwards=True), "big")
        own = private_key(group)
        self.mapped = self._step(0x10, encode(0x81, group.encode(group.multiply(own, group.generator))))[0x82]
        shared = group.multiply(own, group.decode(self.mapped))
        generator = group.add(group.multiply(nonce, group.generator), shared)
        own = private_key(group)
        public = group.encode(group.multiply(own, generator))
        theirs = self._step(0x10, encode(0x83, public))[0x84]
        session = session_of(self._transmit, cipher, group.secret(group.multiply(own, group.decode(theirs))))
        last = self._step(0x00, encode(0x85, self._token(session, theirs)))
        assert last[0x86] == self._token(session, public)
        if 0x8A in last:
            session.counter = 2**128 - 1
            self.chip_data = session.decrypt(last[0x8A]).rstrip(b"\x00")[:-1]
            session.counter = 0
        return session

    def _step(self, chaining: int, data: bytes) -> dict[int, bytes]:
        body = encode(0x7C, data)
        if len(body) < 256:
            command = bytes([chaining, 0x86, 0, 0, len(body)]) + body + b"\x00"
        else:
            command = bytes([chaining, 0x86, 0, 0, 0]) + len(body).to_bytes(2, "big") + body + b"\x00\x00"
        answer = self._transmit(command)
        assert answer[-2:] == b"\x90\x00", answer[-2:].hex()
        ((tag, inner),) = objects(answer[:-2])
        assert tag == 0x7C
        return dict(objects(inner))

    def _token(self, session: Session, public: bytes) -> bytes:
        data = encode(0x7F49, encode(0x06, self._protocol) + encode(0x84 if self._parameters < 3 else 0x86, public))
        return (
            aes_checksum(session.authentication, data)
            if session.block == 16
            else checksum(session.authentication, data)
        )


def _aes(key: bytes, data: bytes, *, backwards: bool) -> bytes:
    assert backwards
    context = Cipher(algorithms.AES(key), modes.CBC(bytes(16))).decryptor()
    return context.update(data) + context.finalize()

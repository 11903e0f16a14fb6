"""Active authentication by ECDSA: on every curve, by every hash, in both forms, and numbers that are no signature."""

from __future__ import annotations

import functools
import hashlib
import secrets

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from devices.cards import curves, tlv
from devices.cards.chip_keys import ChipNotProven
from tests.devices.cards import plain_groups
from tests.devices.cards.test_active_authentication import OK, chip_that, file_of, prove


class Curve:
    """A signing key on any curve: by the library where it has the curve, else in plain arithmetic."""

    def __init__(self, parameters: curves.DomainParameters) -> None:
        self.group = plain_groups.Curve(parameters)
        self.private = secrets.randbelow(parameters.order - 1) + 1
        oid = next(oid for oid, each in curves.NAMED.items() if each == parameters)
        algorithm = tlv.encode(0x06, bytes.fromhex("2A8648CE3D0201")) + tlv.encode(0x06, oid)
        public = self.group.multiply(self.private, self.group.generator)
        key = tlv.encode(0x30, algorithm) + tlv.encode(0x03, b"\x00" + public)
        self.file = tlv.encode(0x6F, tlv.encode(0x30, key))
        self.half = (parameters.order.bit_length() + 7) // 8

    def sign(self, message: bytes, hash_name: str) -> tuple[int, int]:
        order = self.group.order
        digest = hashlib.new(hash_name, message).digest()
        number = int.from_bytes(digest, "big") >> max(0, 8 * len(digest) - order.bit_length())
        nonce = secrets.randbelow(order - 1) + 1
        r = int.from_bytes(self.group.secret(self.group.multiply(nonce, self.group.generator)), "big") % order
        return r, pow(nonce, -1, order) * (number + r * self.private) % order

    def plain(self, message: bytes, hash_name: str) -> bytes:
        return b"".join(part.to_bytes(self.half, "big") for part in self.sign(message, hash_name))

    def der(self, message: bytes, hash_name: str) -> bytes:
        parts = (part.to_bytes(part.bit_length() // 8 + 1, "big") for part in self.sign(message, hash_name))
        return tlv.encode(0x30, b"".join(tlv.encode(0x02, part) for part in parts))


@pytest.mark.parametrize("parameters", list(curves.NAMED.values()))
def test_ecdsa_on_every_curve(parameters: curves.DomainParameters) -> None:
    key = Curve(parameters)
    chip = chip_that(lambda challenge, _: key.plain(challenge, "sha256") + OK)
    prove(chip, key.file, "sha256")
    with pytest.raises(ChipNotProven):
        prove(chip, Curve(parameters).file, "sha256")


@pytest.mark.parametrize("hash_name", ["sha224", "sha256", "sha384", "sha512"])
def test_ecdsa_by_every_hash_and_in_both_forms(hash_name: str) -> None:
    key = Curve(curves.SECP256R1)
    for sign in (key.plain, key.der):
        chip = chip_that(functools.partial(lambda sign, challenge, _: sign(challenge, hash_name) + OK, sign))
        prove(chip, key.file, hash_name)
        prove(chip, key.file)
        with pytest.raises(ChipNotProven):
            prove(chip, key.file, "sha256" if hash_name == "sha512" else "sha512")


@pytest.mark.parametrize("curve", [ec.SECP224R1(), ec.SECP256R1(), ec.SECP521R1(), ec.BrainpoolP384R1()])
def test_ecdsa_as_the_library_signs(curve: ec.EllipticCurve) -> None:
    key = ec.generate_private_key(curve)

    def sign(challenge: bytes, _expected: int) -> bytes:
        r, s = decode_dss_signature(key.sign(challenge, ec.ECDSA(hashes.SHA256())))
        size = (key.curve.key_size + 7) // 8
        return r.to_bytes(size, "big") + s.to_bytes(size, "big") + OK

    prove(chip_that(sign), file_of(key.public_key()), "sha256")


@pytest.mark.parametrize("parts", [(0, 1), (1, 0), (0, 0), (curves.SECP256R1.order, 1), (1, curves.SECP256R1.order)])
def test_ecdsa_numbers_out_of_range(parts: tuple[int, int]) -> None:
    signature = b"".join(part.to_bytes(32, "big") for part in parts)
    with pytest.raises(ChipNotProven):
        prove(chip_that(lambda *_: signature + OK), Curve(curves.SECP256R1).file, "sha256")

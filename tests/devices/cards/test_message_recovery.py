"""RSA signatures with message recovery: the standard's example, and what is no such signature."""

from __future__ import annotations

import hashlib
import secrets

import pytest
from Crypto.PublicKey import RSA

from devices.cards.message_recovery import RsaKey

TRAILERS = {"sha1": "BC", "sha224": "38CC", "sha256": "34CC", "sha384": "36CC", "sha512": "35CC"}


@pytest.fixture(scope="module")
def rsa_key() -> RSA.RsaKey:
    return RSA.generate(1_024)


def sign_rsa(
    key: RSA.RsaKey, message: bytes, hash_name: str = "sha1", *, padding: int = 0, smaller: bool = False
) -> bytes:
    """ISO/IEC 9796-2, scheme 1. `padding` shortens the recovered part by so many bytes; `smaller` is annex B.4."""
    trailer = bytes.fromhex(TRAILERS[hash_name])
    size = key.size_in_bytes()
    room = size - 1 - padding - hashlib.new(hash_name).digest_size - len(trailer)
    recovered = secrets.token_bytes(room)
    digest = hashlib.new(hash_name, recovered + message).digest()
    header = b"\x6a" if not padding else b"\x6b" + b"\xbb" * (padding - 1) + b"\xba"
    number = pow(int.from_bytes(header + recovered + digest + trailer, "big"), int(key.d), int(key.n))
    return (min(number, int(key.n) - number) if smaller else number).to_bytes(size, "big")


def test_appendix_f_recovers_the_message() -> None:
    """The example gives the recovered block and the challenge; its key pair is not public, so that the block is made a
    signature by the exponent 1 here, which `check_strength` would refuse."""
    block = bytes.fromhex(
        "6A9D2784A67F8E7C659973EA1AEA25D95B6C8F91E5002F369F0FBDCE8A3CEC1991B543F1696546C5524CF23A5303CD6C98599F40B79F377B"
        "5F3A1406B3B4D8F96784D23AA88DB7E1032A405E69325FA91A6E86F5C71AEA978264C4A207446DAD4E7292E2DCDA3024B47DA8C063AA1E6D"
        "22FBD976AB0FE73D94D2D9C6D88127BC"
    )
    key = RsaKey((1 << 1024) - 1, 1)
    assert key.has_signed(bytes.fromhex("F173589974BF40C6"), block)
    assert not key.has_signed(bytes.fromhex("F173589974BF40C7"), block)


def test_no_changed_byte_of_an_rsa_signature_is_believed(rsa_key: RSA.RsaKey) -> None:
    key = RsaKey(int(rsa_key.n), int(rsa_key.e))
    signature = sign_rsa(rsa_key, bytes(8))
    assert key.has_signed(bytes(8), signature)
    for place in range(len(signature)):
        spoilt = signature[:place] + bytes([signature[place] ^ 1]) + signature[place + 1 :]
        assert not key.has_signed(bytes(8), spoilt)
    assert not key.has_signed(bytes(7) + b"\x01", signature)


def test_one_signature_has_one_form() -> None:
    """The same number in more bytes, or higher by the modulus, would be another string for the same proof."""
    recovered = bytes(106)
    block = b"\x6a" + recovered + hashlib.sha1(recovered + bytes(8)).digest() + b"\xbc"
    number, modulus = int.from_bytes(block, "big"), (1 << 1023) + 1
    key = RsaKey(modulus, 1)
    assert key.has_signed(bytes(8), block)
    assert not key.has_signed(bytes(8), b"\x00" + block)
    assert not key.has_signed(bytes(8), (number + modulus).to_bytes(128, "big"))


@pytest.mark.parametrize(
    ("header", "trailer"),
    [
        ("4A", "BC"),  # the bits of a message that is recovered whole
        ("EA", "BC"),
        ("6C", "BC"),
        ("6BCA", "BC"),
        ("6BB0BA", "BC"),
        ("6B" + "BB" * 106, "BC"),  # padding without an end
        ("6A", "99CC"),  # a hash that nobody knows
        ("6A", "AC"),
    ],
)
def test_blocks_of_another_form_are_not_signatures(header: str, trailer: str) -> None:
    """All else about them is right."""

    def block(header: str, trailer: str) -> bytes:
        start, end = bytes.fromhex(header), bytes.fromhex(trailer)
        recovered = bytes(128 - len(start) - 20 - len(end))
        return start + recovered + hashlib.sha1(recovered + bytes(8)).digest() + end

    key = RsaKey((1 << 1024) - 1, 1)
    assert key.has_signed(bytes(8), block("6BBA", "33CC"))
    assert not key.has_signed(bytes(8), block(header, trailer))

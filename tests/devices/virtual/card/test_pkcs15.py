"""The chip's signing application: its files, its PIN, and a key that signs once for each PIN."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from devices.virtual.card.chip import Chip, Limits
from devices.virtual.card.files import NotACard, load

SELECT = "00A404000CF276A288BCFBA69D34F31001"
SELECT_EMRTD = "00A4040C07A0000002471001"
VERIFY, RIGHT, WRONG = "00200001", "0020000106343832393135", "0020000106313131313131"
PREPARE = "002241B606800111840101"
DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(b"message").digest()
SIGN = "002A9E9A33" + DIGEST_INFO.hex() + "00"

Tell = Callable[[str], str]


@pytest.fixture
def salma(cards: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(cards / "salma", tmp_path / "salma"))


@pytest.fixture
def tell(salma: Path) -> Tell:
    """A chip in its signing application."""
    chip = Chip(load(salma), Limits())
    assert chip.answer(bytes.fromhex(SELECT)).hex() == "0006009000"
    return lambda command: chip.answer(bytes.fromhex(command)).hex()


def test_files_by_path(tell: Tell, salma: Path) -> None:
    content = (salma / "pkcs15" / "EF.Certificate").read_bytes()
    described = bytes.fromhex(tell("00A4080004501544 0400"))
    assert described[:2].hex() == "6f0b"
    assert described[2:6] == b"\x80\x02" + len(content).to_bytes(2, "big")
    assert bytes.fromhex(tell("00B0000000"))[:-2] == content[:256]
    assert tell("00A408000450154405") == "6a82"
    assert tell("00A40C0002501500") == "6a86"
    assert tell("00B0000000") == content[:256].hex() + "9000"  # what could not be selected changes nothing


def test_no_try_is_used_by_asking(tell: Tell) -> None:
    assert [tell(VERIFY) for _ in range(5)] == ["63c3"] * 5
    assert tell(RIGHT) == "9000"
    assert tell(VERIFY) == "9000"
    assert tell("00200002") == "6a88"


def test_wrong_pins_block(tell: Tell) -> None:
    assert [tell(WRONG) for _ in range(2)] == ["63c2", "63c1"]
    assert tell(RIGHT) == "9000"
    assert [tell(WRONG) for _ in range(3)] == ["63c2", "63c1", "6983"]
    assert tell(RIGHT) == "6983"
    assert tell(VERIFY) == "6983"


def test_signs_once_for_each_pin(tell: Tell, salma: Path) -> None:
    assert tell(SIGN) == "6985"
    assert tell(PREPARE) == "9000"
    assert tell(SIGN) == "6982"
    tell(RIGHT)
    signature = bytes.fromhex(tell(SIGN))
    assert signature[-2:].hex() == "9000"
    certificate = x509.load_der_x509_certificate((salma / "pkcs15" / "EF.Certificate").read_bytes())
    key = certificate.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    key.verify(signature[:-2], b"message", padding.PKCS1v15(), hashes.SHA256())
    tell(PREPARE)
    assert tell(SIGN) == "6982"


@pytest.mark.parametrize("leave", [SELECT, SELECT_EMRTD])
def test_what_the_pin_opened_is_closed_by_leaving(tell: Tell, leave: str) -> None:
    tell(RIGHT)
    tell(leave)
    tell(SELECT)
    assert tell(VERIFY) == "63c3"


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("002241B60680012184 0101".replace(" ", ""), "6a80"),  # an algorithm it does not have
        ("002241B606800111840102", "6a88"),  # a key it does not have
        ("002241B60680011184", "6700"),
        ("002241B603800111", "6a88"),
        ("002241A406800111840101", "6a86"),
        ("002A9E9B0100", "6a86"),
        ("00CA9F7F00", "6d00"),
    ],
)
def test_refusals(tell: Tell, command: str, status: str) -> None:
    assert tell(command) == status


def test_a_pin_that_was_never_set(cards: Path) -> None:
    chip = Chip(load(cards / "karim"), Limits())
    answers = [chip.answer(bytes.fromhex(command)).hex() for command in (SELECT, VERIFY, RIGHT, PREPARE, SIGN)]
    assert answers[1:] == ["6984", "6984", "9000", "6982"]


def test_a_card_without_the_application(cards: Path) -> None:
    chip = Chip(load(cards / "omar"), Limits())
    assert chip.answer(bytes.fromhex(SELECT)).hex() == "6a82"


@pytest.mark.parametrize("spoilt", ['pin = "1234"\ntries = 16', "pin = 1234", "tries = 3\ntries_left = 4", "pin ="])
def test_a_folder_that_is_not_whole_is_no_card(salma: Path, spoilt: str) -> None:
    (salma / "pkcs15" / "signing.toml").write_text(spoilt)
    with pytest.raises(NotACard):
        load(salma)

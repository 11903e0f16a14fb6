"""The receipt's code: what was signed comes back, and nothing else passes."""

from __future__ import annotations

import base64
import hashlib
import string
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import cbor2
import cwt
import msgspec
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from qrcode.main import QRCode
from qrcode.util import MODE_8BIT_BYTE, MODE_ALPHA_NUM, QRData

from kiosk.receipt import ReceiptOutcome
from offline_queue.receipt_code import Claims, open_code, seal, verify
from offline_queue.signed_code import (
    MAX_BINARY_BYTES,
    MAX_URL_CHARACTERS,
    NotGenuine,
    Reason,
    key_identifier,
)

URL = "https://post.example/r"
KEY = ec.generate_private_key(ec.SECP256R1())
OTHER = ec.generate_private_key(ec.SECP256R1())
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
CLAIMS = Claims(
    terminal="KRK3",
    number=482,
    issued_at=datetime(2026, 11, 23, 7, 46, tzinfo=UTC),
    service="traffic.fines",
    amount_fils=42_500,
    transaction=UUID("0190f5fe-0000-7000-8000-000000000001"),
    outcome=ReceiptOutcome.AWAITING_DELIVERY,
    previous=b"previous",
    holder=b"a holder",
)

claims = st.builds(
    Claims,
    terminal=st.text(string.ascii_uppercase + string.digits, min_size=1, max_size=8),
    number=st.integers(0, 2**32 - 1),
    issued_at=st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001  made aware just below
        lambda time: time.replace(microsecond=0, tzinfo=UTC)
    ),
    service=st.text(string.ascii_lowercase + "._", min_size=1, max_size=24),
    amount_fils=st.integers(0, 2**32 - 1),
    transaction=st.uuids(),
    outcome=st.sampled_from(ReceiptOutcome),
    previous=st.binary(min_size=8, max_size=8),
    holder=st.binary(min_size=8, max_size=8),
)


def binary_of(text: str) -> bytes:
    code = text.partition("#")[2]
    return base64.b32decode(code + "=" * (-len(code) % 8))


def text_of(binary: bytes) -> str:
    return f"{URL}#{base64.b32encode(binary).decode().rstrip('=')}"


def refusal(text: str, *keys: ec.EllipticCurvePublicKey) -> Reason:
    with pytest.raises(NotGenuine) as caught:
        open_code(text, keys or (KEY.public_key(),))
    return caught.value.reason


def sign_payload(payload: object) -> str:
    """A code of our key with any content, put together without the code under test."""
    protected = cbor2.dumps({1: -7, 4: key_identifier(KEY.public_key())}, canonical=True)
    cose = cwt.COSE.new()
    pem = KEY.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    binary = cose.encode_and_sign(
        cbor2.dumps(payload, canonical=True),
        cwt.COSEKey.from_pem(pem),
        protected=cbor2.loads(protected),
        external_aad=URL.encode(),
    )
    raw = cbor2.loads(binary)
    r, s = raw.value[3][:32], int.from_bytes(raw.value[3][32:], "big")
    raw.value[3] = r + min(s, ORDER - s).to_bytes(32, "big")
    return text_of(cbor2.dumps(raw, canonical=True))


@given(claims)
def test_what_was_signed_comes_back(wanted: Claims) -> None:
    assert open_code(seal(wanted, KEY, URL), [OTHER.public_key(), KEY.public_key()]) == wanted


@given(claims)
def test_the_code_fits_its_place_on_paper(wanted: Claims) -> None:
    text = seal(wanted, KEY, "https://" + "a" * (MAX_URL_CHARACTERS - 8))
    assert len(binary_of(text)) <= MAX_BINARY_BYTES
    url, code = text.split("#")
    matrix = QRCode(error_correction=0)  # the qrcode library numbers level M as 0
    matrix.add_data(QRData(f"{url}#", MODE_8BIT_BYTE), optimize=0)
    matrix.add_data(QRData(code, MODE_ALPHA_NUM), optimize=0)
    matrix.make(fit=True)
    assert matrix.version <= 11


def test_seconds_are_kept_and_their_parts_are_not() -> None:
    precise = msgspec.structs.replace(CLAIMS, issued_at=CLAIMS.issued_at.replace(microsecond=999_999))
    assert open_code(seal(precise, KEY, URL), [KEY.public_key()]) == CLAIMS


def test_every_changed_character_is_refused() -> None:
    text = seal(CLAIMS, KEY, URL)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    for position, was in enumerate(text):
        following = alphabet[(alphabet.find(was) + 1) % 32]
        for wrong in {following, alphabet[(alphabet.find(was) ^ 1) % 32], was.swapcase(), "0", "=", " ", "\u0661"}:
            if wrong != was:
                changed = text[:position] + wrong + text[position + 1 :]
                assert refusal(changed) in {Reason.NOT_A_CODE, Reason.UNKNOWN_KEY, Reason.WRONG_SIGNATURE}


def test_every_changed_bit_is_refused() -> None:
    binary = binary_of(seal(CLAIMS, KEY, URL))
    for position in range(len(binary)):
        for bit in range(8):
            changed = bytearray(binary)
            changed[position] ^= 1 << bit
            assert refusal(text_of(bytes(changed))) is not Reason.UNKNOWN_CONTENT


@pytest.mark.parametrize("tail", [b"\0", b"\xf6", b"more"])
def test_trailing_bytes_are_refused(tail: bytes) -> None:
    assert refusal(text_of(binary_of(seal(CLAIMS, KEY, URL)) + tail)) is Reason.NOT_A_CODE


def test_shortened_and_lengthened_texts_are_refused() -> None:
    text = seal(CLAIMS, KEY, URL)
    for end in range(len(text)):
        assert refusal(text[:end]) is Reason.NOT_A_CODE
    for wrong in ("", "#", f"{text}=", f"{text}\n", f" {text}", f"{text}#", text * 3, text.lower(), "#" * 100_000):
        assert refusal(wrong) in {Reason.NOT_A_CODE, Reason.WRONG_SIGNATURE}


def test_the_mirrored_signature_is_refused() -> None:
    binary = binary_of(seal(CLAIMS, KEY, URL))
    mirrored = ORDER - int.from_bytes(binary[-32:], "big")
    assert refusal(text_of(binary[:-32] + mirrored.to_bytes(32, "big"))) is Reason.WRONG_SIGNATURE


def test_a_code_moved_to_another_address_is_refused() -> None:
    code = seal(CLAIMS, KEY, URL).partition("#")[2]
    assert refusal(f"https://fraud.example/r#{code}") is Reason.WRONG_SIGNATURE


def test_an_unknown_key_is_named_as_such() -> None:
    assert refusal(seal(CLAIMS, OTHER, URL)) is Reason.UNKNOWN_KEY


@pytest.mark.parametrize(
    "payload",
    [
        "a text of twenty-four characters and more",
        dict.fromkeys(range(12), 0),
        {0: 1, 1: "KRK3", 2: 1, 3: 2**80, 4: "traffic.fines", 5: 1, 6: bytes(16), 7: 0, 8: bytes(8), 9: bytes(8)},
        {0: 2, 1: "KRK3", 2: 1, 3: 1, 4: "traffic.fines", 5: 1, 6: bytes(16), 7: 0, 8: bytes(8), 9: bytes(8)},
        {0: 1, 1: "KRK3", 2: 1, 3: 1, 4: "traffic.fines", 5: 1, 6: bytes(16), 7: -1, 8: bytes(8), 9: bytes(8)},
    ],
)
def test_other_things_signed_by_our_key_are_not_receipts(payload: object) -> None:
    assert refusal(sign_payload(payload)) is Reason.UNKNOWN_CONTENT


def test_an_independent_library_verifies_the_structure() -> None:
    text = seal(CLAIMS, KEY, URL)
    pem = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    der = KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    identifier = hashlib.sha256(der).digest()[:4]
    payload = cwt.COSE.new(verify_kid=True).decode(
        binary_of(text), cwt.COSEKey.from_pem(pem, kid=identifier), external_aad=URL.encode()
    )
    assert cbor2.loads(payload) == {
        0: 1,
        1: "KRK3",
        2: 482,
        3: 1795419960,
        4: "traffic.fines",
        5: 42_500,
        6: CLAIMS.transaction.bytes,
        7: 1,
        8: b"previous",
        9: b"a holder",
    }


@pytest.mark.parametrize("url", ["https://post.example/r#", "https://بريد.example/r", "https://" + "a" * 43])
def test_an_address_that_cannot_be_printed_is_a_mistake_of_the_settings(url: str) -> None:
    with pytest.raises(ValueError, match="at most 50"):
        seal(CLAIMS, KEY, url)


def test_claims_that_outgrow_the_paper_are_refused_before_they_are_signed() -> None:
    with pytest.raises(ValueError, match="at most 180"):
        seal(msgspec.structs.replace(CLAIMS, service="x" * 60), KEY, URL)
    with pytest.raises(ValueError, match="8 bytes"):
        seal(msgspec.structs.replace(CLAIMS, holder=b"short"), KEY, URL)


def write_key(file: Path, key: ec.EllipticCurvePrivateKey) -> None:
    file.write_bytes(
        key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def test_a_receipt_is_verified_by_the_keys_of_the_trust_folder(tmp_path: Path) -> None:
    text = seal(CLAIMS, KEY, URL)
    assert verify(text, tmp_path).reason is Reason.UNKNOWN_KEY
    write_key(tmp_path / "receipt-krk2.pem", OTHER)
    write_key(tmp_path / "receipt-krk3.pem", KEY)
    answer = verify(f"{text}\n", tmp_path)
    assert answer.genuine
    assert answer.claims == CLAIMS
    refused = verify(text.replace(URL, URL + "x"), tmp_path)
    assert not refused.genuine
    assert refused.reason is Reason.WRONG_SIGNATURE


def test_a_broken_key_file_is_named(tmp_path: Path) -> None:
    write_key(tmp_path / "receipt-p384.pem", ec.generate_private_key(ec.SECP384R1()))
    with pytest.raises(ValueError, match=r"receipt-p384\.pem"):
        verify(seal(CLAIMS, KEY, URL), tmp_path)
    (tmp_path / "receipt-a.pem").write_text("nothing")
    with pytest.raises(ValueError, match=r"receipt-a\.pem"):
        verify(seal(CLAIMS, KEY, URL), tmp_path)

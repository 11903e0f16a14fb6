"""The code on an issued document: what its agency signed comes back, and nothing else passes."""

from __future__ import annotations

import string
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from offline_queue.document_code import (
    DocumentClaims,
    document_key_id,
    holder_hash,
    open_document_code,
    seal_document,
    verify_document,
)
from offline_queue.receipt_code import verify as verify_receipt
from offline_queue.signed_code import NotGenuine, Reason

URL = "https://documents.example/v"
KEY = ec.generate_private_key(ec.SECP256R1())
OTHER = ec.generate_private_key(ec.SECP256R1())
CLAIMS = DocumentClaims(
    agency="justice",
    service="justice.non_conviction",
    number="NCC-2026-000001",
    issued_at=datetime(2026, 11, 27, 8, 0, tzinfo=UTC),
    specimen=True,
    holder=holder_hash("9912004821", b"secret"),
)


def trust(folder: Path, **keys: ec.EllipticCurvePrivateKey) -> Path:
    """A trust folder with these public keys, by file name."""
    for name, key in keys.items():
        pem = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        (folder / f"{name.replace('_', '-')}.pem").write_bytes(pem)
    return folder


@given(st.text(string.ascii_uppercase + string.digits + "-", min_size=1, max_size=20), st.booleans())
def test_what_was_signed_comes_back(number: str, specimen: bool) -> None:
    claims = msgspec.structs.replace(CLAIMS, number=number, specimen=specimen)
    assert open_document_code(seal_document(claims, KEY, URL), [KEY.public_key()]) == claims


def test_any_changed_character_is_refused() -> None:
    code = seal_document(CLAIMS, KEY, URL)
    for place in range(len(code)):
        changed = code[:place] + ("A" if code[place] != "A" else "B") + code[place + 1 :]
        with pytest.raises(NotGenuine):
            open_document_code(changed, [KEY.public_key()])


def test_an_agency_speaks_for_itself_alone(tmp_path: Path) -> None:
    """A trusted key that signs in another agency's name is not believed."""
    code = seal_document(CLAIMS, KEY, URL)
    assert verify_document(code, trust(tmp_path, document_justice=KEY)).claims == CLAIMS
    (tmp_path / f"{document_key_id('justice')}.pem").rename(tmp_path / f"{document_key_id('tax')}.pem")
    assert verify_document(code, tmp_path).reason is Reason.UNKNOWN_CONTENT


def test_a_document_is_no_receipt_and_a_receipts_key_issues_no_document(tmp_path: Path) -> None:
    code = seal_document(CLAIMS, KEY, URL)
    assert verify_document(code, trust(tmp_path, receipt_KRK3=KEY)).reason is Reason.UNKNOWN_KEY
    assert verify_receipt(code, tmp_path).reason is Reason.UNKNOWN_CONTENT


def test_nothing_of_the_holder_can_be_read(tmp_path: Path) -> None:
    """Two issuers' hashes of one person differ, and so do two persons' of one issuer."""
    assert "9912004821" not in seal_document(CLAIMS, KEY, URL)
    hashes = {holder_hash(number, secret) for number in ("9912004821", "9912004822") for secret in (b"one", b"two")}
    assert len(hashes) == 4
    assert verify_document(seal_document(CLAIMS, OTHER, URL), trust(tmp_path, document_justice=KEY)).reason is (
        Reason.UNKNOWN_KEY
    )

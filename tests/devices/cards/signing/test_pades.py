"""Signed PDFs, checked by two readers that share nothing with the signer: poppler's pdfsig and pyHanko's validator."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext
from reportlab.pdfgen.canvas import Canvas

from tests.devices.cards.signing.conftest import PIN, WRONG, Desk


@pytest.fixture
def application(tmp_path: Path) -> Path:
    drawn = io.BytesIO()
    canvas = Canvas(drawn)
    canvas.drawString(100, 700, "An application")
    canvas.save()
    file = tmp_path / "application.pdf"
    file.write_bytes(drawn.getvalue())
    return file


def judge(file: Path, issued: Path) -> list[PdfSignatureStatus]:
    """By the test authority alone, without a line."""
    (anchor,) = (issued / "signing-anchors").iterdir()
    _, _, der = pem.unarmor(anchor.read_bytes())
    context = ValidationContext(trust_roots=[x509.Certificate.load(der)], allow_fetching=False)
    reader = PdfFileReader(io.BytesIO(file.read_bytes()))
    return [validate_pdf_signature(signature, context) for signature in reader.embedded_signatures]


def attributes_of(file: Path) -> Any:
    """The signed attributes of its last signature."""
    reader = PdfFileReader(io.BytesIO(file.read_bytes()))
    return reader.embedded_signatures[-1].signer_info["signed_attrs"]


def pdfsig(file: Path) -> str:
    told = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True, timeout=20, check=False)
    return told.stdout


def test_two_readers_find_the_signatures_good(desk: Desk, salma: Path, issued: Path, application: Path) -> None:
    """An invisible signature, and a visible one over it."""
    desk.insert(salma)
    once, twice = application.with_name("once.pdf"), application.with_name("twice.pdf")
    assert desk.signer.ask(f"pdf {application} {once}", PIN) == {"found": True}
    assert desk.signer.ask(f"pdf {once} {twice} visible", PIN) == {"found": True}
    first, second = judge(twice, issued)
    assert (first.intact, first.valid, first.trusted) == (True, True, True)
    assert second.bottom_line
    told = pdfsig(twice)
    assert told.count("Signature is Valid.") == 2
    assert told.count("ETSI.CAdES.detached") == 2
    assert told.count("Signing Hash Algorithm: SHA-256") == 2
    assert told.count("Total document signed") == 1
    # What makes it level B-B: the certificate is named under the signature, and the time is not (EN 319 142-1, 6.3).
    attributes = {attribute["type"].native for attribute in attributes_of(twice)}
    assert attributes == {"content_type", "message_digest", "signing_certificate_v2"}
    assert twice.read_bytes().startswith(application.read_bytes())  # what was there is there unchanged


def test_a_changed_application_is_found_out(desk: Desk, salma: Path, issued: Path, application: Path) -> None:
    desk.insert(salma)
    signed = application.with_name("signed.pdf")
    assert desk.signer.ask(f"pdf {application} {signed}", PIN) == {"found": True}
    signed.write_bytes(signed.read_bytes().replace(b"/MediaBox [ 0 0 595", b"/MediaBox [ 0 0 594", 1))
    (status,) = judge(signed, issued)
    assert not status.intact
    assert "Digest Mismatch" in pdfsig(signed)


def test_what_is_no_pdf_is_never_signed(desk: Desk, salma: Path, tmp_path: Path) -> None:
    desk.insert(salma)
    (tmp_path / "letter.pdf").write_bytes(b"%PDF-1.7 and no more")
    told = desk.signer.ask(f"pdf {tmp_path / 'letter.pdf'} {tmp_path / 'signed.pdf'}", WRONG)
    assert "unsuitable" in told
    assert desk.signer.ask("state") == {"found": ["ready", 3]}

"""The issuer of the sample cards: a test signing authority, a document signer, good cards and bad ones."""

from __future__ import annotations

import datetime
import hashlib
import shutil
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from devices.virtual.issuer.cards import samples
from devices.virtual.issuer.certificates import make_authority, make_document_signer

ANCHORS, CARDS, RECORD = "anchors", "cards", "issued.txt"
REISSUE_AFTER_DAYS = 180  # the cards expire years later; a fresh set keeps "expired" and "good" far from their edges


def issue(folder: Path) -> None:
    """Makes `folder/anchors/*.pem` and `folder/cards/<name>/`; leaves a whole, recent set of this issuer as it is.

    Each card folder holds `atr.txt` (hexadecimal, empty for none), the chip's files under their names (`EF.DG1`), and
    what is printed on it: `mrz.txt` (three TD1 lines) and `can.txt` (the access number), each where it can be read.
    `access.toml` says what opens a chip that has more than BAC. The record is written last, so that a set which was
    cut short is made anew.
    """
    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    if _good(folder, now):
        return
    for part in (RECORD, ANCHORS, CARDS):
        path = folder / part
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
    authority = make_authority("TEST CSCA - not a real authority", now)
    stranger = make_authority("TEST CSCA - a stranger that no terminal trusts", now)
    trusted = make_document_signer(authority, "Test document signer", now)
    foreign = make_document_signer(stranger, "Test document signer of a stranger", now)
    (folder / ANCHORS).mkdir(parents=True)
    (folder / ANCHORS / "test-csca.pem").write_bytes(authority.certificate.public_bytes(Encoding.PEM))
    for name, sample in samples(now.date(), trusted, foreign).items():
        sample.write(folder / CARDS / name)
    (folder / RECORD).write_text(f"{now.isoformat()}\n{_edition()}\n", encoding="ascii")


def _good(folder: Path, now: datetime.datetime) -> bool:
    try:
        issued, edition = (folder / RECORD).read_text(encoding="ascii").split()
        age = now - datetime.datetime.fromisoformat(issued)
    except (OSError, ValueError, TypeError):
        return False
    fresh = datetime.timedelta() <= age < datetime.timedelta(days=REISSUE_AFTER_DAYS)
    return fresh and edition == _edition() and (folder / ANCHORS).is_dir() and (folder / CARDS).is_dir()


def _edition() -> str:
    """Names the issuer's own text, so that cards of an earlier text are not taken for today's."""
    here = Path(__file__).parent
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(here.glob("*.py")))).hexdigest()

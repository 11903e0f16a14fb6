"""The issuer of the sample cards: test signing authorities and their signers, good cards and bad ones."""

from __future__ import annotations

import datetime
import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from devices.virtual.issuer import cards, faults, laboratory, pkcs15
from devices.virtual.issuer.certificates import DAY
from devices.virtual.issuer.documents import Sample
from devices.virtual.issuer.infrastructure import Infrastructure, found
from devices.virtual.issuer.trust_lists import master_list, revocation_list

ANCHORS, CARDS, LABORATORY, LISTS, REVOCATIONS = "anchors", "cards", "laboratory", "lists", "crls"
SIGNING_ANCHORS = "signing-anchors"
FOLDERS = (ANCHORS, CARDS, LABORATORY, LISTS, REVOCATIONS, SIGNING_ANCHORS)
RECORD = "issued.txt"
REISSUE_AFTER_DAYS = 60
"""The lists of revoked certificates are good for ninety days, the cards for years: a fresh set keeps both from their
edges."""


def issue(folder: Path) -> None:
    """Makes the folders below in `folder`; leaves a whole, recent set of this issuer as it is.

    `anchors/*.pem`       the authorities that a terminal trusts: of the cards' country and of a second one
    `lists/*.ml`          two versions of a master list, signed by `lists/signer.pem`
    `crls/*.crl`          what each of the two authorities has revoked
    `signing-anchors/`    the authority that the holders' own certificates are from
    `cards/<name>/`       the cards of the demonstration
    `laboratory/<name>/`  documents of every kind and with every fault, for tests and benchmarks

    Each card folder holds `atr.txt` (hexadecimal, empty for none), the chip's files under their names (`EF.DG1`), and
    what is printed on it: `mrz.txt` (the lines) and `can.txt` (the access number), each where it can be read.
    `access.toml` says what opens a chip that has more than BAC, `keys.toml` what it keeps to itself, and
    `pkcs15/` is its signing application. The record is written last, so that a set which was cut short is made anew.
    """
    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    if _good(folder, now):
        return
    for part in (RECORD, *FOLDERS):
        path = folder / part
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
    signers = found(now)
    _write_trust(folder, signers, now)
    for name, sample in _of_the_demonstration(now, signers).items():
        sample.write(folder / CARDS / name)
    pkcs15.equip(folder / CARDS, folder / SIGNING_ANCHORS, now)
    good = laboratory.samples(now.date(), signers)
    for name, sample in {**good, **faults.samples(now.date(), signers, good)}.items():
        sample.write(folder / LABORATORY / name)
    (folder / RECORD).write_text(f"{now.isoformat()}\n{_edition()}\n", encoding="ascii")


def _of_the_demonstration(now: datetime.datetime, signers: Infrastructure) -> Mapping[str, Sample]:
    return cards.samples(now.date(), signers.trusted, signers.of_stranger, signers.of_utopia)


def _write_trust(folder: Path, signers: Infrastructure, now: datetime.datetime) -> None:
    for part in (ANCHORS, LISTS, REVOCATIONS):
        (folder / part).mkdir(parents=True)
    jordan, utopia = signers.jordan.certificate, signers.utopia.certificate
    (folder / ANCHORS / "test-csca.pem").write_bytes(jordan.public_bytes(Encoding.PEM))
    (folder / ANCHORS / "test-csca-second-country.pem").write_bytes(utopia.public_bytes(Encoding.PEM))
    (folder / LISTS / "signer.pem").write_bytes(signers.master_list.certificate.public_bytes(Encoding.PEM))
    first = (jordan, utopia)
    second = (*first, signers.jordan_next.certificate, signers.jordan_link)
    versions = {"first.ml": (first, now - 30 * DAY), "second.ml": (second, now - DAY)}
    for name, (listed, moment) in versions.items():
        (folder / LISTS / name).write_bytes(master_list(listed, signers.master_list, signers.jordan, moment))
    of_jordan = revocation_list(signers.jordan, [signers.revoked.certificate], number=1, issued=now - DAY)
    of_utopia = revocation_list(signers.utopia, [], number=1, issued=now - DAY)
    (folder / REVOCATIONS / "test-csca.crl").write_bytes(of_jordan)
    (folder / REVOCATIONS / "test-csca-second-country.crl").write_bytes(of_utopia)


def _good(folder: Path, now: datetime.datetime) -> bool:
    try:
        issued, edition = (folder / RECORD).read_text(encoding="ascii").split()
        age = now - datetime.datetime.fromisoformat(issued)
    except (OSError, ValueError, TypeError):
        return False
    fresh = datetime.timedelta() <= age < datetime.timedelta(days=REISSUE_AFTER_DAYS)
    return fresh and edition == _edition() and all((folder / part).is_dir() for part in FOLDERS)


def _edition() -> str:
    """Names the issuer's own text, so that cards of an earlier text are not taken for today's."""
    here = Path(__file__).parent
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(here.glob("*.py")))).hexdigest()

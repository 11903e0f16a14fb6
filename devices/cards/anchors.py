"""The trust anchors: the country signing certificates (CSCA) in one folder, read once (ICAO Doc 9303-12)."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path

from asn1crypto import pem, x509

from kiosk.set_up import SetUpMistake

_LARGEST_FILE = 1 << 16
_SPECIAL_STATES = {"D": "DE", "UTO": "UT"}
"""Issuing states whose MRZ code is no ISO 3166-1 alpha-3 code (Doc 9303-3, section 5)."""


class AnchorUnreadable(SetUpMistake):
    """A file in the folder is no certificate of an authority; the text names the file."""


@dataclasses.dataclass(frozen=True, slots=True)
class Anchor:
    """One believed certificate and the country that it speaks for (ISO 3166-1 alpha-2, capitals)."""

    certificate: x509.Certificate
    country: str

    def signed_for(self, issuer: x509.Name, key_identifier: bytes | None) -> bool:
        """Whether it may have issued a certificate with that issuer name and authority key identifier.

        A country's later keys keep its name, so the identifier decides where both sides have one.
        """
        own: bytes | None = self.certificate.key_identifier
        if own is not None and key_identifier is not None:
            return own == key_identifier
        return bool(self.certificate.subject == issuer)


def read_anchors(folder: Path) -> tuple[Anchor, ...]:
    """Every .pem, .cer, .crt and .der file of the folder; none there is no mistake, as then no card can be checked.

    Raises AnchorUnreadable, because a terminal that silently believes fewer issuers would turn people away.
    """
    files = sorted(file for file in folder.glob("*") if file.suffix.lower() in {".pem", ".cer", ".crt", ".der"})
    return tuple(anchor for file in files for anchor in _read(file))


def _read(file: Path) -> list[Anchor]:
    try:
        data = file.read_bytes()
        if len(data) > _LARGEST_FILE:
            raise AnchorUnreadable(f"{file.name}: too large for a certificate")
        bodies = [body for _, _, body in pem.unarmor(data, multiple=True)] if pem.detect(data) else [data]
        return [_accept(x509.Certificate.load(body, strict=True), file.name) for body in bodies]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise AnchorUnreadable(f"{file.name}: {type(error).__name__}") from error


def _accept(certificate: x509.Certificate, name: str) -> Anchor:
    usage = certificate.key_usage_value
    if not certificate.ca or (usage is not None and "key_cert_sign" not in usage.native):
        raise AnchorUnreadable(f"{name}: not the certificate of an authority")
    country = country_of(certificate.subject)
    if not country:
        raise AnchorUnreadable(f"{name}: no country in its name")
    return Anchor(certificate, country)


def country_of(name: x509.Name) -> str:
    """Issuers write the code in either case."""
    return str(name.native.get("country_name", "")).upper()


def country_of_state(issuing_state: str) -> str:
    """The two-letter code of the MRZ's issuing state, or "" if there is none."""
    if issuing_state in _SPECIAL_STATES:
        return _SPECIAL_STATES[issuing_state]
    # Babel's tables are a second library's weight on the start, and are not asked before a card is read.
    from babel.core import get_global  # noqa: PLC0415  see above

    aliases: list[str] = get_global("territory_aliases").get(issuing_state, [])
    return aliases[0] if len(issuing_state) == 3 and len(aliases) == 1 else ""


def is_valid_at(certificate: x509.Certificate, moment: datetime.datetime) -> bool:
    return bool(certificate.not_valid_before <= moment <= certificate.not_valid_after)

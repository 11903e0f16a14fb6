"""The trust anchors: country signing certificates (CSCA), and those that link an old one to a new (Doc 9303-12)."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from asn1crypto import x509

from devices.cards.signatures import CannotCheck, SignatureWrong
from devices.cards.tlv import MalformedData
from devices.cards.trust import certificates
from kiosk.set_up import SetUpMistake

ENDINGS: Final = frozenset({".pem", ".cer", ".crt", ".der"})
_LARGEST_FILE = 1 << 18
_LONGEST_CHAIN = 8
"""Key changes of one country that may be linked; at one in three to five years, more than a generation."""
_SPECIAL_STATES = {
    "D": "DE",
    "EUE": "EU",
    **dict.fromkeys(("GBD", "GBN", "GBO", "GBP", "GBS"), "GB"),
    **dict.fromkeys(("UNA", "UNO"), "UN"),
    "UTO": "UT",
}
"""Issuing states whose MRZ code is no ISO 3166-1 alpha-3 code (Doc 9303-3, section 5)."""


class AnchorUnreadable(SetUpMistake):
    """A file in the folder is no certificate of an authority; the text names the file."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Anchor:
    """One believed certificate and the country that it speaks for (ISO 3166-1 alpha-2, capitals).

    A link certificate is believed for the older one that `certified_by` is, and no longer than that.
    """

    certificate: x509.Certificate
    country: str
    certified_by: Anchor | None = None

    def path(self) -> Iterator[Anchor]:
        """Itself, and the older ones that it is believed for."""
        one: Anchor | None = self
        while one is not None:
            yield one
            one = one.certified_by

    def signed_for(self, issuer: x509.Name, key_identifier: bytes | None) -> bool:
        """Whether it says to have issued a certificate with that issuer name and authority key identifier.

        A country's later keys keep its name, so the identifier decides where both sides have one.
        """
        own: bytes | None = self.certificate.key_identifier
        if own is not None and key_identifier is not None:
            return own == key_identifier
        return self.is_named(issuer)

    def is_named(self, issuer: x509.Name) -> bool:
        """Names are compared as RFC 5280, 7.1 says: issuers mix string types and case between the two places."""
        return bool(self.certificate.subject == issuer)

    def is_valid_at(self, moment: datetime.datetime) -> bool:
        return all(certificates.is_valid_at(one.certificate, moment) for one in self.path())


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class NotBelieved:
    """A certificate that makes no anchor, and why, in words for the technician."""

    certificate: x509.Certificate
    reason: str


def believe(
    candidates: Iterable[x509.Certificate], *, accept_sha1: bool = False
) -> tuple[tuple[Anchor, ...], tuple[NotBelieved, ...]]:
    """Anchors are what signed themselves, and what one of them, or of the same country's links, signed.

    The candidates come from people or from a signed list, who answer for them; that a certificate signed itself proves
    only that it is whole. So SHA-1 is no fault there, and neither is an algorithm that is not supported: a key that
    cannot be used proves no card. The signature of a link is what it is believed for, and `accept_sha1` counts.
    """
    anchors: list[Anchor] = []
    links: list[x509.Certificate] = []
    refused: list[NotBelieved] = []
    for certificate in candidates:
        country = certificates.country_of(certificate.subject)
        if not certificates.may_certify(certificate):
            refused.append(NotBelieved(certificate, "not the certificate of an authority"))
        elif len(country) != 2:
            refused.append(NotBelieved(certificate, "no country in its name"))
        elif certificate.subject == certificate.issuer and _has_signed_itself(certificate):
            anchors.append(Anchor(certificate, country))
        else:
            links.append(certificate)
    linked, unlinked = _link(anchors, links, accept_sha1=accept_sha1)
    refused += (NotBelieved(one, "signed neither by itself nor by a believed certificate") for one in unlinked)
    return (*anchors, *linked), tuple(refused)


def _has_signed_itself(certificate: x509.Certificate) -> bool:
    try:
        certificates.check_signed_by(certificate.public_key, certificate.dump(), accept_sha1=True)
    except (SignatureWrong, MalformedData):
        return False
    except CannotCheck:
        return True
    return True


def _link(
    roots: Sequence[Anchor], links: list[x509.Certificate], *, accept_sha1: bool
) -> tuple[list[Anchor], list[x509.Certificate]]:
    """The links that lead to a root over other links, and those that do not."""
    linked: list[Anchor] = []
    newest = list(roots)
    for _ in range(_LONGEST_CHAIN):
        fresh: list[Anchor] = []
        rest: list[x509.Certificate] = []
        for link in links:
            older = next((one for one in newest if _has_linked(one, link, accept_sha1=accept_sha1)), None)
            if older is None:
                rest.append(link)
            else:
                fresh.append(Anchor(link, older.country, older))
        linked, links, newest = linked + fresh, rest, fresh
    return linked, links


def _has_linked(older: Anchor, link: x509.Certificate, *, accept_sha1: bool) -> bool:
    if older.country != certificates.country_of(link.subject) or not older.is_named(link.issuer):
        return False
    try:
        certificates.check_signed_by(older.certificate.public_key, link.dump(), accept_sha1=accept_sha1)
    except (SignatureWrong, MalformedData, CannotCheck):
        return False
    return True


def read_certificates(folder: Path) -> list[tuple[Path, x509.Certificate]]:
    """What people put into the folder by hand (.pem, .cer, .crt, .der), with the file that each came from.

    Raises AnchorUnreadable, because a terminal that silently believes fewer issuers would turn people away.
    """
    files = sorted(file for file in folder.glob("*") if file.suffix.lower() in ENDINGS)
    return [(file, certificate) for file in files for certificate in _read(file)]


def _read(file: Path) -> list[x509.Certificate]:
    try:
        data = file.read_bytes()
        if len(data) > _LARGEST_FILE:
            raise AnchorUnreadable(f"{file.name}: too large for a certificate")
        return [certificates.parse(body) for body in certificates.unarmoured(data)]
    except (OSError, MalformedData) as error:
        raise AnchorUnreadable(f"{file.name}: {type(error).__name__}") from error


def country_of_state(issuing_state: str) -> str:
    """The two-letter code of the MRZ's issuing state, or "" if there is none."""
    if issuing_state in _SPECIAL_STATES:
        return _SPECIAL_STATES[issuing_state]
    # Babel's tables are a second library's weight on the start, and are not asked before a card is read.
    from babel.core import get_global  # noqa: PLC0415  see above

    aliases: list[str] = get_global("territory_aliases").get(issuing_state, [])
    return aliases[0] if len(issuing_state) == 3 and len(aliases) == 1 else ""

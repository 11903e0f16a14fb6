"""A country's list of certificates that count no longer (CRL; ICAO Doc 9303-12, 7.1.4 and RFC 5280, 5)."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable
from typing import Final

from asn1crypto import core, crl, x509

from devices.cards.anchors import Anchor
from devices.cards.signatures import CannotCheck, SignatureWrong
from devices.cards.tlv import MalformedData
from devices.cards.trust import certificates

LARGEST_LIST: Final = 2 << 20  # bytes
_MOST_ENTRIES = 20_000
_KNOWN_CRITICAL = frozenset({"crl_number", "authority_key_identifier", "issuer_alt_name"})


@dataclasses.dataclass(frozen=True, slots=True, eq=False, repr=False)
class RevocationList:
    """One whose signature holds. `issuers` are the names that the country's authority had under this key and before:
    a country keeps one list for all its keys. `number` counts an issuer's lists up; -1 where it gives none."""

    country: str
    issuer: x509.Name
    issuers: tuple[x509.Name, ...]
    number: int
    this_update: datetime.datetime
    next_update: datetime.datetime
    serials: frozenset[int]

    def speaks_for(self, issuer: x509.Name) -> bool:
        return any(name == issuer for name in self.issuers)

    def is_current(self, now: datetime.datetime) -> bool:
        return self.this_update <= now <= self.next_update


def open_revocation_list(data: bytes, anchors: Iterable[Anchor], *, accept_sha1: bool = False) -> RevocationList:
    """Parses a list and checks its signature by the anchors. Raises MalformedData; SignatureWrong; CannotCheck, also
    where no anchor has its issuer's name."""
    if len(data) > LARGEST_LIST:
        raise MalformedData("revocation list too large")
    try:
        parsed = crl.CertificateList.load(data, strict=True)
        return _open(data, parsed, anchors, accept_sha1=accept_sha1)
    except (MalformedData, SignatureWrong, CannotCheck):
        raise
    except Exception as error:  # asn1crypto raises many kinds on hostile input; none of them may pass
        raise MalformedData("revocation list") from error


def _open(data: bytes, parsed: crl.CertificateList, anchors: Iterable[Anchor], *, accept_sha1: bool) -> RevocationList:
    body = parsed["tbs_cert_list"]
    if body["signature"].dump() != parsed["signature_algorithm"].dump():
        raise MalformedData("two different algorithms")
    # A delta list, or one for a part of the certificates, is not the whole answer; its extensions are critical.
    if parsed.critical_extensions - _KNOWN_CRITICAL or parsed.delta_crl_indicator_value is not None:
        raise CannotCheck("kind of revocation list")
    named = [anchor for anchor in anchors if anchor.is_named(parsed.issuer)]
    if not named:
        raise CannotCheck("no anchor for its issuer")
    signers = _signers(named, data, accept_sha1=accept_sha1)
    next_update = body["next_update"].native
    if next_update is None:
        raise MalformedData("revocation list without its next update")
    return RevocationList(
        country=signers[0].country,
        issuer=parsed.issuer,
        issuers=tuple(one.certificate.subject for anchor in signers for one in anchor.path()),
        number=_number(parsed),
        this_update=body["this_update"].native,
        next_update=next_update,
        serials=_serials(body["revoked_certificates"]),
    )


def _signers(named: Iterable[Anchor], data: bytes, *, accept_sha1: bool) -> list[Anchor]:
    """Those whose key signed it: an authority's own certificate, and the link to it.

    Raises SignatureWrong, CannotCheck.
    """
    signers: list[Anchor] = []
    unsupported: CannotCheck | None = None
    for anchor in named:
        if not certificates.may_revoke(anchor.certificate):
            continue
        try:
            certificates.check_signed_by(anchor.certificate.public_key, data, accept_sha1=accept_sha1)
            signers.append(anchor)
        except SignatureWrong:
            continue
        except CannotCheck as error:
            unsupported = error
    if not signers:
        raise unsupported or SignatureWrong
    return signers


def _number(parsed: crl.CertificateList) -> int:
    """At most 20 bytes (RFC 5280, 5.2.3)."""
    stated = parsed.crl_number_value
    if stated is None:
        return -1
    if not 0 <= stated.native < 1 << 160:
        raise MalformedData("number of the revocation list")
    return int(stated.native)


def _serials(entries: crl.RevokedCertificates) -> frozenset[int]:
    """Whatever the reason is: a certificate on hold counts no longer either."""
    if isinstance(entries, core.Void):
        return frozenset()
    if len(entries) > _MOST_ENTRIES:
        raise MalformedData("revocation list too long")
    return frozenset(entry["user_certificate"].native for entry in entries)

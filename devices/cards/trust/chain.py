"""From the signer of a document to an anchor of its country (ICAO Doc 9303-11, 5.1 and Doc 9303-12, 5)."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from asn1crypto import x509

from devices.cards.anchors import Anchor
from devices.cards.signatures import CannotCheck, SignatureWrong
from devices.cards.tlv import MalformedData
from devices.cards.trust import certificates
from kiosk.identity import Verdict

_KNOWN_CRITICAL = frozenset(
    {
        "authority_key_identifier",
        "basic_constraints",
        "certificate_policies",
        "extended_key_usage",
        "issuer_alt_name",
        "key_identifier",
        "key_usage",
        "private_key_usage_period",
        "subject_alt_name",
        "2.23.136.1.1.6.2",  # documentTypeList: which kinds of document, by the letters of their printed zone
    }
)
"""Extensions that are looked at, or that limit nothing which is done here."""


class NotChained(Exception):
    """The signer may not be believed; `reason` says why, in words for the technician."""

    def __init__(self, verdict: Verdict, reason: str) -> None:
        super().__init__(reason)
        self.verdict = verdict
        self.reason = reason


def find_issuer(
    signer: x509.Certificate, own: Sequence[Anchor], moment: datetime.datetime | None, *, accept_sha1: bool
) -> Anchor:
    """The anchor, of those of the document's country, that certified `signer`, a certificate from `certificates.parse`.

    Where there is a `moment`, everything on the path must be valid then. Raises NotChained.
    """
    _check_use(signer)
    found = _issuers(signer, own, accept_sha1=accept_sha1)
    if moment is None:
        return found[0]
    valid = next((anchor for anchor in found if anchor.is_valid_at(moment)), None)
    if valid is None:
        raise NotChained(Verdict.NOT_CHECKABLE, "anchor not valid")
    if not certificates.is_valid_at(signer, moment):
        raise NotChained(Verdict.FORGED, "signer's certificate not valid")
    return valid


def _check_use(signer: x509.Certificate) -> None:
    for_lists = {certificates.MASTER_LIST_SIGNER, certificates.DEVIATION_LIST_SIGNER}
    if not certificates.may_sign(signer) or certificates.extended_usage(signer) & for_lists:
        raise NotChained(Verdict.FORGED, "signer may not sign documents")
    if signer.critical_extensions - _KNOWN_CRITICAL:
        raise NotChained(Verdict.NOT_CHECKABLE, "not supported: critical extension")


def _issuers(signer: x509.Certificate, own: Sequence[Anchor], *, accept_sha1: bool) -> list[Anchor]:
    """Every anchor whose key signed it: one key may have a certificate of its own and a link.

    Some countries' identifiers of keys do not agree between signer and authority, so an anchor that is only named is
    tried too; the signature is what decides. It is a forgery only where the anchor that is meant did not sign.
    """
    meant = [one for one in own if one.signed_for(signer.issuer, signer.authority_key_identifier)]
    named = [one for one in own if one not in meant and one.is_named(signer.issuer)]
    unsupported: CannotCheck | None = None
    found: list[Anchor] = []
    for anchor in (*meant, *named):
        try:
            certificates.check_signed_by(anchor.certificate.public_key, signer.dump(), accept_sha1=accept_sha1)
            found.append(anchor)
        except (SignatureWrong, MalformedData):
            continue
        except CannotCheck as error:
            unsupported = error
    if found:
        return found
    if unsupported is not None:
        raise NotChained(Verdict.NOT_CHECKABLE, f"not supported: {unsupported}")
    if meant:
        raise NotChained(Verdict.FORGED, "signer not certified by its country")
    raise NotChained(Verdict.NOT_CHECKABLE, f"no anchor for this signer of {certificates.country_of(signer.issuer)}")

"""Passive authentication: is what the chip says signed by a country that this terminal believes? (Doc 9303-11, 5.1)"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping

from asn1crypto import x509

from devices.cards import anchors, signatures
from devices.cards.anchors import Anchor
from devices.cards.security_object import SecurityObject
from devices.cards.tlv import MalformedData
from devices.cards.trust import certificates
from devices.cards.trust.chain import NotChained, find_issuer
from devices.cards.trust.revocation import RevocationList
from devices.cards.trust.store import Trust
from kiosk.identity import Verdict
from kiosk.texts import LEGAL_TIME

_NOT_REVOKED = "signer not revoked"
CLOCK_BEHIND = "clock is before the trust data"
REVOCATION_UNKNOWN = ("revocation not known: no list", "revocation not known: list out of date")
TRUST_STALE = frozenset({CLOCK_BEHIND, *REVOCATION_UNKNOWN})
"""Reasons that tell of the terminal, not of the card: newer trust data, or the right time, would let it check."""


@dataclasses.dataclass(frozen=True, slots=True)
class Proof:
    """The verdict and its reasons, in words for the technician; never personal data. `expired_on` is for the person."""

    verdict: Verdict
    reasons: tuple[str, ...]
    expired_on: datetime.date | None = dataclasses.field(default=None, repr=False)


class NotProven(Exception):
    """The card's data may not be used; the proof says why."""

    def __init__(self, proof: Proof) -> None:
        super().__init__(proof.verdict.name)
        self.proof = proof


def prove_files(signed: SecurityObject, files: Mapping[int, bytes]) -> Proof | None:
    """FORGED where a data group that was read is not the one that was signed, or was not signed at all; else None."""
    try:
        wrong = [number for number, file in files.items() if not signed.agrees(number, file)]
    except signatures.CannotCheck as error:
        return Proof(Verdict.NOT_CHECKABLE, (f"not supported: {error}",))
    if wrong:
        return Proof(Verdict.FORGED, tuple(f"data group {number} is not as signed" for number in wrong))
    return None


def prove_signer(
    signed: SecurityObject,
    believed: Trust,
    issuing_state: str,
    expiry: datetime.date,
    now: datetime.datetime,
) -> Proof:
    """Chains the document signer to an anchor of the issuing state, and asks whether that state took its word back.

    Certificates of issuers outlive the documents they signed (Doc 9303-12, 7.2: the time of use of the key plus the
    life of the documents), so they must hold now; of an expired document, which is refused anyway, they may be over.
    """
    is_expired = now.astimezone(LEGAL_TIME).date() > expiry
    try:
        if believed.is_ahead_of(now):
            raise NotChained(Verdict.NOT_CHECKABLE, CLOCK_BEHIND)
        own = believed.anchors_of(anchors.country_of_state(issuing_state))
        if not own:
            raise NotChained(Verdict.NOT_CHECKABLE, f"no anchor for {issuing_state}")
        signer = certificates.parse(signed.signer.dump())
        issuer = _issuer_of(signer, own, None if is_expired else now, believed)
    except MalformedData:
        return Proof(Verdict.FORGED, ("signer's certificate malformed",))
    except NotChained as fault:
        return Proof(fault.verdict, (fault.reason,))
    if is_expired:
        return Proof(Verdict.EXPIRED, ("document expired",), expiry)
    return _prove_chained(signed, signer, issuer, believed, now)


def believes(certificate: x509.Certificate, believed: Trust, issuing_state: str, now: datetime.datetime) -> bool:
    """Whether this is a signer of that country too, beside the one whose word on the document is proven."""
    own = believed.anchors_of(anchors.country_of_state(issuing_state))
    try:
        return bool(own) and bool(_issuer_of(certificates.parse(certificate.dump()), own, now, believed))
    except (MalformedData, NotChained):
        return False


def _issuer_of(
    signer: x509.Certificate, own: tuple[Anchor, ...], moment: datetime.datetime | None, believed: Trust
) -> Anchor:
    """Raises NotChained, also for a signer that was revoked: a list that is over its time still says so."""
    if certificates.country_of(signer.issuer) != own[0].country:
        raise NotChained(Verdict.FORGED, "signer is of another country")
    issuer = find_issuer(signer, own, moment, accept_sha1=believed.policy.accept_sha1)
    lists = _lists_on(signer, issuer, believed)
    revoked = {serial for one in lists for serial in one.serials}
    if signer.serial_number in revoked:
        raise NotChained(Verdict.FORGED, "signer revoked")
    if any(one.certified_by is not None and one.certificate.serial_number in revoked for one in issuer.path()):
        raise NotChained(Verdict.FORGED, "signer's authority revoked")
    return issuer


def _lists_on(signer: x509.Certificate, issuer: Anchor, believed: Trust) -> tuple[RevocationList, ...]:
    """Of its issuer, by the name in the signer's certificate or in its own: some countries' do not agree."""
    names = (signer.issuer, issuer.certificate.subject)
    return tuple(dict.fromkeys(one for name in names for one in believed.revocations_of(issuer.country, name)))


def _prove_chained(
    signed: SecurityObject, signer: x509.Certificate, issuer: Anchor, believed: Trust, now: datetime.datetime
) -> Proof:
    """What is not as it should be, and yet no reason to refuse, is said beside the verdict."""
    revocation = _revocation_known(signer, issuer, believed, now)
    if believed.policy.revocation_required and revocation != _NOT_REVOKED:
        return Proof(Verdict.NOT_CHECKABLE, (revocation,))
    reasons = ["security object signed", "hashes agree", f"signer chained to {issuer.country}", revocation]
    if believed.is_stale(now):
        reasons.append("trust data stale")
    if _uses_sha1(signed, signer, issuer):
        reasons.append("SHA-1 accepted by policy")
    return Proof(Verdict.GENUINE, tuple(reasons))


def _revocation_known(signer: x509.Certificate, issuer: Anchor, believed: Trust, now: datetime.datetime) -> str:
    """What is known of a signer that no list names. Nothing is fetched now: lists are brought by people."""
    lists = _lists_on(signer, issuer, believed)
    if any(one.is_current(now) for one in lists):
        return _NOT_REVOKED
    return REVOCATION_UNKNOWN[1 if lists else 0]


def _uses_sha1(signed: SecurityObject, signer: x509.Certificate, issuer: Anchor) -> bool:
    """An anchor's own signature proves nothing, so its hash does not matter; a link's does."""
    links = (one.certificate for one in issuer.path() if one.certified_by is not None)
    return signed.uses_sha1 or any(certificates.uses_sha1(one) for one in (signer, *links))

"""Passive authentication: is what the chip says signed by a country that this terminal believes? (Doc 9303-11, 5.1)"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping

from devices.cards import anchors, signatures
from devices.cards.anchors import Anchor
from devices.cards.security_object import SecurityObject
from kiosk.identity import Verdict
from kiosk.texts import LEGAL_TIME


@dataclasses.dataclass(frozen=True, slots=True)
class Proof:
    """The verdict and its reasons, in words for the technician; never personal data. `expired_on` is for the person."""

    verdict: Verdict
    reasons: tuple[str, ...]
    expired_on: datetime.date | None = dataclasses.field(default=None, repr=False)


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
    believed: tuple[Anchor, ...],
    issuing_state: str,
    expiry: datetime.date,
    now: datetime.datetime,
) -> Proof:
    """Chains the document signer to an anchor of the issuing state.

    Certificates of issuers outlive the documents they signed (Doc 9303-12, 7.2: the time of use of the key plus the
    life of the documents), so they must hold now; of an expired document, which is refused anyway, they may be over.
    """
    country = anchors.country_of_state(issuing_state)
    own = tuple(anchor for anchor in believed if anchor.country == country)
    if not own:
        return Proof(Verdict.NOT_CHECKABLE, (f"no anchor for {issuing_state}",))
    is_expired = now.astimezone(LEGAL_TIME).date() > expiry
    fault = _fault_of_chain(signed, own, country, None if is_expired else now)
    if fault is not None:
        return fault
    if is_expired:
        return Proof(Verdict.EXPIRED, ("document expired",), expiry)
    return Proof(Verdict.GENUINE, ("security object signed", "hashes agree", f"signer chained to {country}"))


def _fault_of_chain(
    signed: SecurityObject, own: tuple[Anchor, ...], country: str, moment: datetime.datetime | None
) -> Proof | None:
    signer = signed.signer
    try:
        if anchors.country_of(signer.issuer) != country:
            return Proof(Verdict.FORGED, ("signer is of another country",))
        issuers = [one for one in own if one.signed_for(signer.issuer, signer.authority_key_identifier)]
        if not issuers:
            return Proof(Verdict.NOT_CHECKABLE, (f"no anchor for this signer of {country}",))
        return _fault_of_signer(signed, issuers, moment)
    except signatures.CannotCheck as error:
        return Proof(Verdict.NOT_CHECKABLE, (f"not supported: {error}",))
    except Exception:  # asn1crypto raises many kinds on hostile certificates; none of them may pass
        return Proof(Verdict.FORGED, ("signer's certificate malformed",))


def _fault_of_signer(signed: SecurityObject, issuers: list[Anchor], moment: datetime.datetime | None) -> Proof | None:
    signer = signed.signer
    usage = signer.key_usage_value
    if signer.ca or (usage is not None and "digital_signature" not in usage.native):
        return Proof(Verdict.FORGED, ("signer may not sign documents",))
    issuer = next((one for one in issuers if _has_issued(one, signed)), None)
    if issuer is None:
        return Proof(Verdict.FORGED, ("signer not certified by its country",))
    if moment is not None and not anchors.is_valid_at(issuer.certificate, moment):
        return Proof(Verdict.NOT_CHECKABLE, ("anchor not valid",))
    if moment is not None and not anchors.is_valid_at(signer, moment):
        return Proof(Verdict.FORGED, ("signer's certificate not valid",))
    return None


def _has_issued(issuer: Anchor, signed: SecurityObject) -> bool:
    certificate = signed.signer
    try:
        signatures.check(
            issuer.certificate.public_key,
            certificate["signature_algorithm"],
            "",
            certificate["signature_value"].native,
            certificate["tbs_certificate"].dump(),
        )
    except signatures.SignatureWrong:
        return False
    return True

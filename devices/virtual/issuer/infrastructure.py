"""Everybody who signs something here: the test authorities of two countries, a stranger, and their signers."""

from __future__ import annotations

import dataclasses
import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from devices.virtual.issuer.altered_certificates import forged, spelt_out
from devices.virtual.issuer.certificates import (
    DAY,
    Period,
    Signer,
    authority_period,
    link,
    make_authority,
    make_document_signer,
    make_master_list_signer,
    signer_period,
)
from devices.virtual.issuer.signing import curve_key, residue_key

JORDAN, UTOPIA = "JO", "UT"
P_256 = 12


@dataclasses.dataclass(frozen=True, slots=True)
class Infrastructure:
    """Authorities: `jordan` and `utopia` are trusted; `jordan_next` is by the link from `jordan` only; a terminal does
    not know `stranger`. The document signers are of `jordan` where nothing else is said."""

    jordan: Signer
    jordan_next: Signer
    jordan_link: x509.Certificate
    utopia: Signer
    stranger: Signer
    trusted: Signer
    by_residues: Signer
    """Signs by RSA, PKCS #1."""
    by_pss: Signer
    """Signs by RSA, PSS."""
    spelt_out: Signer
    """Its certificate spells the curve out."""
    of_next: Signer
    """Of `jordan_next`."""
    of_utopia: Signer
    of_stranger: Signer
    expired: Signer
    """Its certificate has run out since."""
    revoked: Signer
    forged: Signer
    """Names `jordan` as its issuer, which never signed it."""
    master_list: Signer


def found(now: datetime.datetime) -> Infrastructure:
    """New keys for all of them."""
    long, short = authority_period(now), signer_period(now - DAY)
    jordan = make_authority(JORDAN, "TEST CSCA - not a real authority", long)
    jordan_next = make_authority(JORDAN, "TEST CSCA - not a real authority", long, curve_key(ec.BrainpoolP384R1()))
    utopia = make_authority(UTOPIA, "TEST CSCA of a second country - not a real authority", long, residue_key(pss=True))
    stranger = make_authority(JORDAN, "TEST CSCA - a stranger that no terminal trusts", long)
    promised = make_document_signer(jordan, "Test document signer of an impostor", short)
    explicit = make_document_signer(jordan, "Test document signer with a curve spelt out", short)
    past = Period(now - 500 * DAY, now - 30 * DAY, now - 400 * DAY)
    return Infrastructure(
        jordan=jordan,
        jordan_next=jordan_next,
        jordan_link=link(jordan, jordan_next, long),
        utopia=utopia,
        stranger=stranger,
        trusted=make_document_signer(jordan, "Test document signer", short),
        by_residues=make_document_signer(jordan, "Test document signer, RSA", short, residue_key()),
        by_pss=make_document_signer(jordan, "Test document signer, RSA-PSS", short, residue_key(pss=True)),
        spelt_out=spelt_out(explicit, jordan, P_256),
        of_next=make_document_signer(jordan_next, "Test document signer of the next key", short),
        of_utopia=make_document_signer(utopia, "Test document signer of a second country", short),
        of_stranger=make_document_signer(stranger, "Test document signer of a stranger", short),
        expired=make_document_signer(jordan, "Test document signer that has run out", past),
        revoked=make_document_signer(jordan, "Test document signer that was revoked", short),
        forged=forged(promised, curve_key()),
        master_list=make_master_list_signer(jordan, "Test master list signer", signer_period(now - 60 * DAY)),
    )

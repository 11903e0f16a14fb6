"""Test country signing authorities and their signers (ICAO Doc 9303-12, 7.1), with keys nobody keeps."""

from __future__ import annotations

import dataclasses
import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID, ObjectIdentifier

from devices.virtual.issuer.signing import Key, curve_key

DAY = datetime.timedelta(days=1)
DOCUMENT_DAYS = 10 * 366
SIGNING_DAYS = 90
"""How long a document signer signs; an authority does for ten times that."""
MASTER_LIST_SIGNER = ObjectIdentifier("2.23.136.1.1.3")
Extensions = tuple[tuple[x509.ExtensionType, bool], ...]
"""Each with whether it is critical."""


@dataclasses.dataclass(frozen=True, slots=True)
class Signer:
    """A certificate and its key, which lives in memory only: of an authority, a document or a master list signer."""

    certificate: x509.Certificate
    key: Key


@dataclasses.dataclass(frozen=True, slots=True)
class Period:
    """When a certificate is valid, and until when its key signs."""

    since: datetime.datetime
    until: datetime.datetime
    signs_until: datetime.datetime


def authority_period(now: datetime.datetime) -> Period:
    """Long enough for every document of every signer (Doc 9303-12, 4.1.3), and since some years."""
    signs_until = now + 10 * SIGNING_DAYS * DAY
    return Period(now - 800 * DAY, signs_until + (SIGNING_DAYS + DOCUMENT_DAYS) * DAY, signs_until)


def signer_period(since: datetime.datetime) -> Period:
    """Outlives every document that it may sign."""
    signs_until = since + SIGNING_DAYS * DAY
    return Period(since, signs_until + DOCUMENT_DAYS * DAY, signs_until)


def make_authority(country: str, common_name: str, period: Period, key: Key | None = None) -> Signer:
    """Self-signed: its certificate is a trust anchor."""
    key = key or curve_key()
    name = _name(country, common_name)
    certificate = _certify(subject=name, key=key, issuer=name, issuer_key=key, period=period, extensions=AUTHORITY)
    return Signer(certificate, key)


def link(old: Signer, new: Signer, period: Period) -> x509.Certificate:
    """What the old key says of the new one (Doc 9303-12, 4.1.5): whoever trusts the one may trust the other."""
    return _certify(
        subject=new.certificate.subject,
        key=new.key,
        issuer=old.certificate.subject,
        issuer_key=old.key,
        period=period,
        extensions=AUTHORITY,
    )


def make_document_signer(authority: Signer, common_name: str, period: Period, key: Key | None = None) -> Signer:
    return _make_signer(authority, common_name, period, key or curve_key(), SIGNER)


def make_master_list_signer(authority: Signer, common_name: str, period: Period) -> Signer:
    """Its extended key usage says what it signs (Doc 9303-12, table 7)."""
    return _make_signer(authority, common_name, period, curve_key(), (*SIGNER, (OF_MASTER_LISTS, True)))


def _make_signer(authority: Signer, common_name: str, period: Period, key: Key, extensions: Extensions) -> Signer:
    issuer = authority.certificate.subject
    (country,) = issuer.get_attributes_for_oid(NameOID.COUNTRY_NAME)
    certificate = _certify(
        subject=_name(str(country.value), common_name),
        key=key,
        issuer=issuer,
        issuer_key=authority.key,
        period=period,
        extensions=extensions,
    )
    return Signer(certificate, key)


def _certify(
    *, subject: x509.Name, key: Key, issuer: x509.Name, issuer_key: Key, period: Period, extensions: Extensions
) -> x509.Certificate:
    public_key, issuer_public_key = key.private.public_key(), issuer_key.private.public_key()
    usage_period = x509.PrivateKeyUsagePeriod(not_before=period.since, not_after=period.signs_until)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(period.since)
        .not_valid_after(period.until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_public_key), critical=False)
        .add_extension(usage_period, critical=False)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(issuer_key.private, hashes.SHA256(), rsa_padding=issuer_key.rsa_padding)


def _name(country: str, common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, country),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Test documents, not valid"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


AUTHORITY: Extensions = (
    (x509.BasicConstraints(ca=True, path_length=0), True),
    (_usage(signs_certificates=True), True),
)
SIGNER: Extensions = ((_usage(signs_certificates=False), True),)
OF_MASTER_LISTS = x509.ExtendedKeyUsage([MASTER_LIST_SIGNER])

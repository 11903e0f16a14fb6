"""A test country signing authority and its document signers (ICAO Doc 9303-12, 7.1), with keys nobody keeps."""

from __future__ import annotations

import dataclasses
import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SIGNING_DAYS = 90
DOCUMENT_YEARS = 10
DAY = datetime.timedelta(days=1)


@dataclasses.dataclass(frozen=True, slots=True)
class Authority:
    """A self-signed country signing authority: its certificate is the trust anchor, its key lives in memory only."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


@dataclasses.dataclass(frozen=True, slots=True)
class DocumentSigner:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def make_authority(common_name: str, now: datetime.datetime) -> Authority:
    """An authority for country JO, ECDSA on P-256 with SHA-256."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(common_name)
    until = now + (3 * 365 + DOCUMENT_YEARS * 366) * DAY
    certificate = (
        _builder(subject=name, issuer=name, public_key=key.public_key(), issuer_key=key, since=now - DAY, until=until)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Authority(certificate, key)


def make_document_signer(authority: Authority, common_name: str, now: datetime.datetime) -> DocumentSigner:
    """A signer whose certificate outlives every document that it may sign (Doc 9303-12, 4.1.3)."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(common_name)
    until = now + (SIGNING_DAYS + DOCUMENT_YEARS * 366) * DAY
    certificate = (
        _builder(
            subject=name,
            issuer=authority.certificate.subject,
            public_key=key.public_key(),
            issuer_key=authority.key,
            since=now - DAY,
            until=until,
        )
        .add_extension(_usage(signs_certificates=False), critical=True)
        .sign(authority.key, hashes.SHA256())
    )
    return DocumentSigner(certificate, key)


def _builder(
    *,
    subject: x509.Name,
    issuer: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    issuer_key: ec.EllipticCurvePrivateKey,
    since: datetime.datetime,
    until: datetime.datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .add_extension(
            x509.PrivateKeyUsagePeriod(not_before=since, not_after=since + SIGNING_DAYS * DAY), critical=False
        )
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JO"),
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

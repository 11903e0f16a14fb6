"""Certificates of issuers: parsed once, and checked over the very bytes that came (ICAO Doc 9303-12, 7.1)."""

from __future__ import annotations

import datetime
import hashlib
from typing import Final

from asn1crypto import algos, core, keys, pem, x509

from devices.cards import signatures
from devices.cards.tlv import MalformedData

LARGEST_CERTIFICATE: Final = 16_384
"""Bytes. One with an RSA key of 8,192 bits and long names has about 3,000."""

MASTER_LIST_SIGNER: Final = "2.23.136.1.1.3"
DEVIATION_LIST_SIGNER: Final = "2.23.136.1.1.8"


class _Signed(core.Sequence):  # type: ignore[misc]  # asn1crypto ships no types
    """What a certificate and a revocation list have in common (RFC 5280, 4.1 and 5.1); the body stays unparsed."""

    _fields = [  # noqa: RUF012  # the library's way
        ("body", core.Any),
        ("algorithm", algos.SignedDigestAlgorithm),
        ("signature", core.OctetBitString),
    ]


def parse(der: bytes) -> x509.Certificate:
    """Raises MalformedData, now and not later: whatever is asked of a certificate is asked here once, because
    asn1crypto parses late, and some of the published ones have a part that does not parse."""
    if len(der) > LARGEST_CERTIFICATE:
        raise MalformedData("certificate too large")
    try:
        certificate = x509.Certificate.load(der, strict=True)
        _touch(certificate)
    except Exception as error:  # asn1crypto raises many kinds on hostile input; none of them may pass
        raise MalformedData("certificate") from error
    return certificate


def _touch(certificate: x509.Certificate) -> None:
    body = certificate["tbs_certificate"]
    named = [extension["extn_id"].dotted for extension in body["extensions"]]
    if len(named) != len(set(named)):
        raise ValueError("an extension stands twice")
    if body["signature"].dump() != certificate["signature_algorithm"].dump():
        raise ValueError("two different algorithms")
    _ = (_allows(certificate, "crl_sign"), extended_usage(certificate), certificate.critical_extensions)
    _ = (
        bool(certificate.ca),
        certificate.key_identifier,
        certificate.authority_key_identifier,
        certificate.serial_number,
    )
    _ = (certificate.not_valid_before, certificate.not_valid_after, certificate.public_key.algorithm)
    _ = (country_of(certificate.subject), country_of(certificate.issuer), uses_sha1(certificate))
    _ = (certificate.subject.hashable, certificate.issuer.hashable, certificate["signature_value"].native)


def unarmoured(data: bytes) -> list[bytes]:
    """The certificates of one file, as DER: it holds one as it is, or several in PEM. Raises MalformedData."""
    if not pem.detect(data):
        return [data]
    try:
        return [body for _, _, body in pem.unarmor(data, multiple=True)]
    except (ValueError, TypeError) as error:
        raise MalformedData("PEM") from error


def check_signed_by(key: keys.PublicKeyInfo, whole: bytes, *, accept_sha1: bool = False) -> None:
    """Whether that key signed this certificate or revocation list, over its bytes as they came.

    Raises SignatureWrong, CannotCheck, MalformedData.
    """
    try:
        signed = _Signed.load(whole, strict=True)
        body, algorithm, signature = signed["body"].dump(), signed["algorithm"], signed["signature"]
        if signature.contents[:1] != b"\x00":
            raise ValueError("a signature of whole bytes has no unused bits")
    except (ValueError, TypeError, KeyError) as error:
        raise MalformedData("signed structure") from error
    signatures.check(key, algorithm, "", signature.native, body, accept_sha1=accept_sha1)


def fingerprint(data: bytes) -> str:
    """SHA-256, as it is compared by telephone."""
    return hashlib.sha256(data).hexdigest()


def country_of(name: x509.Name) -> str:
    """ISO 3166-1 alpha-2, capitals; issuers write the code in either case. "" where the name has none."""
    return str(name.native.get("country_name", "")).upper()


def may_certify(certificate: x509.Certificate) -> bool:
    """An authority by its basic constraints and key usage (Doc 9303-12, 7.1.1). The length of its path is not asked:
    a link certificate stands between two authorities that both say zero."""
    return bool(certificate.ca) and _allows(certificate, "key_cert_sign")


def may_revoke(certificate: x509.Certificate) -> bool:
    return bool(certificate.ca) and _allows(certificate, "crl_sign")


def may_sign(certificate: x509.Certificate) -> bool:
    """Whether it is a signer of data and no authority."""
    return not certificate.ca and _allows(certificate, "digital_signature")


def _allows(certificate: x509.Certificate, use: str) -> bool:
    """A certificate that does not say allows all; Doc 9303-12 prescribes that it says, and some do not."""
    stated = certificate.key_usage_value
    return stated is None or use in stated.native


def extended_usage(certificate: x509.Certificate) -> frozenset[str]:
    """Object identifiers in dotted form; empty where the certificate does not say."""
    stated = certificate.extended_key_usage_value
    return frozenset() if stated is None else frozenset(purpose.dotted for purpose in stated)


def uses_sha1(certificate: x509.Certificate) -> bool:
    try:
        return bool(certificate["signature_algorithm"].hash_algo == "sha1")
    except ValueError:  # an algorithm that is known by no name has no hash that is known
        return False


def is_valid_at(certificate: x509.Certificate, moment: datetime.datetime) -> bool:
    return bool(certificate.not_valid_before <= moment <= certificate.not_valid_after)

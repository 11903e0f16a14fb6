"""Chooses the certificate that a person signs with, and proves signatures by it before anybody uses them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from kiosk.failures import Failure, ServiceFailure

_SMALLEST_RSA = 2048
_SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")


def choose(certificates: Iterable[bytes], now: datetime) -> bytes:
    """The first that is for a person's signature (RFC 5280, 4.2.1.3: contentCommitment), else for any, in DER.

    Raises ServiceFailure: NO_SIGNING_KEY, or CARD_EXPIRED where the only ones are out of date.
    """
    usable = [found for value in certificates if (found := _usable(value))]
    if not usable:
        raise ServiceFailure(Failure.NO_SIGNING_KEY)
    current = [entry for entry in usable if entry[1].not_valid_before_utc <= now <= entry[1].not_valid_after_utc]
    if not current:
        latest = max(certificate.not_valid_after_utc for _, certificate in usable)
        raise ServiceFailure(Failure.CARD_EXPIRED, date=f"{latest:%d/%m/%Y}")
    return next((value for value, certificate in current if _commits(certificate)), current[0][0])


def digest_info(digest: bytes) -> bytes:
    """DigestInfo of a SHA-256 digest, which the card pads and signs (RFC 8017, 9.2, note 1)."""
    return _SHA256_INFO + digest


def require_signature(certificate: bytes, signature: bytes, digest: bytes) -> None:
    """A module was seen to give empty signatures after days of work, and to call that success
    (github.com/BMF-RKSV-Technik/at-registrierkassen-mustercode/issues/457). Raises ServiceFailure(SIGNING_FAILED)."""
    key = x509.load_der_x509_certificate(certificate).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    try:
        key.verify(signature, digest, padding.PKCS1v15(), Prehashed(hashes.SHA256()))
    except InvalidSignature as error:
        raise ServiceFailure(Failure.SIGNING_FAILED) from error


def _usable(value: bytes) -> tuple[bytes, x509.Certificate] | None:
    """With a key that is known and strong enough here, and not for issuing only."""
    try:
        certificate = x509.load_der_x509_certificate(value)
        key, usage = certificate.public_key(), _usage(certificate)
    except (ValueError, TypeError, x509.DuplicateExtension):
        return None
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < _SMALLEST_RSA:
        return None
    if usage is not None and not (usage.content_commitment or usage.digital_signature):
        return None
    return value, certificate


def _commits(certificate: x509.Certificate) -> bool:
    usage = _usage(certificate)
    return usage is not None and usage.content_commitment


def _usage(certificate: x509.Certificate) -> x509.KeyUsage | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None

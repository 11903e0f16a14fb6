"""Which certificate a person signs with, and what is no signature by it."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from devices.cards.signing.holder_certificate import choose, digest_info, require_signature
from kiosk.failures import Failure, ServiceFailure

NOW = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
YEAR = datetime.timedelta(days=365)
DIGEST = hashlib.sha256(b"an application").digest()
KEY = rsa.generate_private_key(65_537, 2048)
PUBLIC_KEY = KEY.public_key()
NO_USAGE = dict.fromkeys(
    (
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    ),
    False,
)
Key = rsa.RSAPublicKey | ec.EllipticCurvePublicKey


def make(
    *, commits: bool = True, signs: bool = False, until: datetime.datetime = NOW + YEAR, key: Key = PUBLIC_KEY
) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A HOLDER")])
    usage = x509.KeyUsage(digital_signature=signs, content_commitment=commits, **NO_USAGE)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key)
        .serial_number(1)
        .not_valid_before(NOW - 2 * YEAR)
        .not_valid_after(until)
        .add_extension(usage, critical=True)
        .sign(KEY, hashes.SHA256())
        .public_bytes(Encoding.DER)
    )


def failure_of(act: Callable[[], object]) -> ServiceFailure:
    with pytest.raises(ServiceFailure) as caught:
        act()
    return caught.value


def test_the_one_that_commits_its_holder_goes_before_the_one_that_shows_who_it_is() -> None:
    shows, commits = make(commits=False, signs=True), make()
    assert choose([shows, commits], NOW) == commits
    assert choose([shows], NOW) == shows


@pytest.mark.parametrize(
    "certificates",
    [
        [],
        [b"\x30\x03\x02\x01\x00"],
        [make(commits=False)],
        [make(key=ec.generate_private_key(ec.SECP256R1()).public_key())],
        [make(key=rsa.generate_private_key(65_537, 1024).public_key())],  # what must be refused
    ],
    ids=["none", "malformed", "for nothing of the kind", "unknown kind of key", "weak key"],
)
def test_none_that_a_person_could_sign_with(certificates: list[bytes]) -> None:
    assert failure_of(lambda: choose(certificates, NOW)).failure is Failure.NO_SIGNING_KEY


def test_one_that_is_out_of_date_tells_its_date() -> None:
    failure = failure_of(lambda: choose([make(until=NOW - YEAR)], NOW))
    assert (failure.failure, failure.values) == (Failure.CARD_EXPIRED, {"date": "01/11/2025"})


@pytest.mark.parametrize("spoilt", [b"", bytes(256), None])
def test_what_the_certificate_does_not_prove_is_no_signature(spoilt: bytes | None) -> None:
    signature = KEY.sign(b"an application", padding.PKCS1v15(), hashes.SHA256())
    require_signature(make(), signature, DIGEST)
    wrong = signature[:-1] + bytes([signature[-1] ^ 1]) if spoilt is None else spoilt
    assert failure_of(lambda: require_signature(make(), wrong, DIGEST)).failure is Failure.SIGNING_FAILED


def test_digest_info_is_what_the_signature_holds() -> None:
    """RFC 8017, 9.2: by recovering it from a signature of another library."""
    signature = KEY.sign(b"an application", padding.PKCS1v15(), hashes.SHA256())
    assert PUBLIC_KEY.recover_data_from_signature(signature, padding.PKCS1v15(), None) == digest_info(DIGEST)

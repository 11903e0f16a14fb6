"""The signing application of a sample card: the holder's key and certificate, and the files that name them.

The files are those of ISO/IEC 7816-15 (PKCS #15 v1.1, 6), the certificate is one for a person's signature
(RFC 5280, 4.2.1.3: contentCommitment). What the national card's really look like is not public: provisional.
"""

from __future__ import annotations

import dataclasses
import datetime
import secrets
from collections.abc import Mapping
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from devices.virtual.card.tlv import encode
from devices.virtual.issuer.der import integer, octet_string, sequence
from devices.virtual.issuer.people import KARIM, SALMA, SALMA_PIN, Person

FOLDER = "pkcs15"
KEY_BITS, PUBLIC_EXPONENT = 2048, 65_537
DAY = datetime.timedelta(days=1)
AUTHORITY_DAYS, HOLDER_DAYS = 10 * 365, 5 * 365
TRIES = 3
SERIAL_BYTES = 8
FEWEST_DIGITS, MOST_DIGITS = 4, 8

BITS, NUMBER, TEXT = 0x03, 0x0A, 0x0C
PRIVATE_KEYS, CERTIFICATES, AUTHENTICATION_OBJECTS = 0xA0, 0xA4, 0xA8
OF_ITS_KIND = 0xA1
KEY_DIRECTORY, CERTIFICATE_DIRECTORY, PIN_DIRECTORY, CERTIFICATE = "4401", "4402", "4403", "4404"
SIGNING_FOLDER = "3F005015"
KEY_ID, PIN_ID = b"\x01", b"\x01"
KEY_REFERENCE, PIN_REFERENCE = 1, 1


@dataclasses.dataclass(frozen=True, slots=True)
class SigningAuthority:
    """Issues signing certificates; its key lives in memory only. No document is signed with it."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def equip(cards: Path, anchors: Path, now: datetime.datetime) -> None:
    """Salma's card signs with her PIN, Karim's has a PIN that was never set, and the other cards do not sign."""
    authority = make_authority(now)
    anchors.mkdir()
    (anchors / "test-signing-ca.pem").write_bytes(authority.certificate.public_bytes(Encoding.PEM))
    for name, person, pin in (("salma", SALMA, SALMA_PIN), ("karim", KARIM, "")):
        folder = cards / name / FOLDER
        folder.mkdir()
        for file, content in application(person, authority, now, pin=pin).items():
            (folder / file).write_bytes(content)


def make_authority(now: datetime.datetime) -> SigningAuthority:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("TEST signing CA - not a real authority")
    builder = _builder(name, name, key.public_key(), key.public_key(), (now - DAY, now + AUTHORITY_DAYS * DAY))
    certificate = (
        builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    return SigningAuthority(certificate, key)


def application(
    person: Person, authority: SigningAuthority, now: datetime.datetime, *, pin: str
) -> Mapping[str, bytes]:
    """The content of the card's sub-folder `pkcs15` by file name; an empty `pin` is one that was never set."""
    key = rsa.generate_private_key(PUBLIC_EXPONENT, KEY_BITS)
    certificate = _certificate(person, key.public_key(), authority, now).public_bytes(Encoding.DER)
    return {
        "EF.ODF": _directories(),
        "EF.TokenInfo": _token(),
        "EF.PrKDF": _key_entry(),
        "EF.CDF": _certificate_entry(),
        "EF.AODF": _pin_entry(is_set=bool(pin)),
        "EF.Certificate": certificate,
        "key.pem": key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        "signing.toml": f'pin = "{pin}"\ntries = {TRIES}\ntries_left = {TRIES}\n'.encode("ascii"),
    }


def _certificate(
    person: Person, key: rsa.RSAPublicKey, authority: SigningAuthority, now: datetime.datetime
) -> x509.Certificate:
    issuer = authority.certificate.subject
    subject = _name(f"{person.given_names_latin} {person.surname_latin}")
    return (
        _builder(subject, issuer, key, authority.key.public_key(), (now - DAY, now + HOLDER_DAYS * DAY))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .sign(authority.key, hashes.SHA256())
    )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey,
    issuer_key: ec.EllipticCurvePublicKey,
    valid: tuple[datetime.datetime, datetime.datetime],
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid[0])
        .not_valid_after(valid[1])
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
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
        digital_signature=False,
        content_commitment=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


# ---------------------------------------------------------------- the files, by their ASN.1 of PKCS #15 v1.1


def _path(path: str) -> bytes:
    return sequence(octet_string(bytes.fromhex(path)))


def _flags(*places: int) -> bytes:
    """A BIT STRING with these named bits, without trailing zeros (ITU-T X.690, 11.2.2)."""
    size = max(places) + 1
    value = sum(1 << (size - 1 - place) for place in places) << -size % 8
    return encode(BITS, bytes([-size % 8]) + value.to_bytes((size + 7) // 8, "big"))


def _label(text: str) -> bytes:
    return encode(TEXT, text.encode("utf-8"))


def _directories() -> bytes:
    """EF.ODF (6.2): where the directories of each kind lie."""
    places = {
        PRIVATE_KEYS: KEY_DIRECTORY,
        CERTIFICATES: CERTIFICATE_DIRECTORY,
        AUTHENTICATION_OBJECTS: PIN_DIRECTORY,
    }
    return b"".join(encode(tag, _path(SIGNING_FOLDER + file)) for tag, file in places.items())


def _token() -> bytes:
    """EF.TokenInfo (6.9)."""
    version, serial = integer(0), octet_string(secrets.token_bytes(SERIAL_BYTES))
    maker, label = _label("Test documents, not valid"), encode(0x80, b"Test signature")
    read_only, login_required = 0, 1
    return sequence(version, serial, maker, label, _flags(read_only, login_required))


def _key_entry() -> bytes:
    """EF.PrKDF (6.3, 6.3.2): an RSA key that signs after the PIN was given, once for each time."""
    private, sign, non_repudiation = 0, 2, 9
    sensitive, always_sensitive, never_extractable, local = 0, 2, 3, 4
    of_any_object = sequence(_label("Signature"), _flags(private), octet_string(PIN_ID), integer(1))
    of_any_key = sequence(
        octet_string(KEY_ID),
        _flags(sign, non_repudiation),
        _flags(sensitive, always_sensitive, never_extractable, local),
        integer(KEY_REFERENCE),
    )
    of_rsa = sequence(_path(SIGNING_FOLDER), integer(KEY_BITS))
    return sequence(of_any_object, of_any_key, encode(OF_ITS_KIND, of_rsa))


def _certificate_entry() -> bytes:
    """EF.CDF (6.6, 6.6.1)."""
    of_x509 = sequence(_path(SIGNING_FOLDER + CERTIFICATE))
    return sequence(sequence(_label("Signature")), sequence(octet_string(KEY_ID)), encode(OF_ITS_KIND, of_x509))


def _pin_entry(*, is_set: bool) -> bytes:
    """EF.AODF (6.8, 6.8.1): a PIN of digits that can neither be changed nor unblocked here."""
    local, change_disabled, unblock_disabled, initialized = 1, 2, 3, 4
    flags = _flags(local, change_disabled, unblock_disabled, *((initialized,) if is_set else ()))
    of_pin = sequence(
        flags,
        encode(NUMBER, b"\x01"),  # ascii-numeric
        integer(FEWEST_DIGITS),
        integer(0),  # stored as it is, not padded
        integer(MOST_DIGITS),
        encode(0x80, bytes([PIN_REFERENCE])),
        _path(SIGNING_FOLDER),
    )
    return sequence(sequence(_label("PIN")), sequence(octet_string(PIN_ID)), encode(OF_ITS_KIND, of_pin))

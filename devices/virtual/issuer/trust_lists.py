"""What countries tell one another about trust: lists of revoked certificates, and master lists (ICAO Doc 9303-12, 7.1.4
and 9)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from devices.virtual.issuer import signed_message
from devices.virtual.issuer.certificates import DAY, Signer
from devices.virtual.issuer.der import integer, sequence, set_of

MASTER_LIST = "2.23.136.1.1.2"
REVOCATION_DAYS = 90


def revocation_list(
    authority: Signer, revoked: Iterable[x509.Certificate], *, number: int, issued: datetime.datetime
) -> bytes:
    """A CRL in DER, signed by the authority, to be followed by the next within REVOCATION_DAYS."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(issued)
        .next_update(issued + REVOCATION_DAYS * DAY)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.private.public_key()), critical=False
        )
        .add_extension(x509.CRLNumber(number), critical=False)
    )
    for certificate in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number).revocation_date(issued)
        builder = builder.add_revoked_certificate(entry.build())
    signed = builder.sign(authority.key.private, hashes.SHA256(), rsa_padding=authority.key.rsa_padding)
    return signed.public_bytes(Encoding.DER)


def master_list(
    certificates: Iterable[x509.Certificate], signer: Signer, authority: Signer, moment: datetime.datetime
) -> bytes:
    """A CscaMasterList of these certificates, with its signer's certificate and that of its authority."""
    listed = set_of(*(certificate.public_bytes(Encoding.DER) for certificate in certificates))
    content = sequence(integer(0), listed)
    return signed_message.sign(MASTER_LIST, content, signer, also=(authority,), moment=moment)

"""Certificates that the library which makes the others cannot make: taken apart, changed, and signed again."""

from __future__ import annotations

import dataclasses

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from devices.virtual.issuer import public_keys
from devices.virtual.issuer.certificates import Signer
from devices.virtual.issuer.signing import Key


def spelt_out(signer: Signer, authority: Signer, parameters: int) -> Signer:
    """Its key spells its curve out, as those of most issuers of passports do (ICAO Doc 9303-12, 4.1.6.3).

    `parameters` is the id of the key's standardised domain parameters.
    """
    certificate = _parsed(signer)
    public = signer.key.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    key = asn1_keys.PublicKeyInfo.load(public_keys.explicit_curve(parameters, public))
    certificate["tbs_certificate"]["subject_public_key_info"] = key
    return _signed_again(signer, certificate, authority.key)


def forged(signer: Signer, impostor: Key) -> Signer:
    """Every word of its certificate is right, the key's identifier too; only the signature is another's."""
    return _signed_again(signer, _parsed(signer), impostor)


def _parsed(signer: Signer) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(signer.certificate.public_bytes(Encoding.DER))


def _signed_again(signer: Signer, certificate: asn1_x509.Certificate, key: Key) -> Signer:
    certificate["signature_value"] = key.sign(certificate["tbs_certificate"].dump(force=True))
    return dataclasses.replace(signer, certificate=x509.load_der_x509_certificate(certificate.dump(force=True)))

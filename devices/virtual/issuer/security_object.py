"""EF.SOD: the hashes of the data groups, signed by a document signer (ICAO Doc 9303-10, 4.6.2; RFC 5652)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from asn1crypto import algos, cms, core, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from devices.virtual.card.tlv import encode
from devices.virtual.issuer.certificates import DocumentSigner

LDS_SECURITY_OBJECT = "2.23.136.1.1.1"


class DataGroupHash(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    _fields = [("number", core.Integer), ("hash", core.OctetString)]  # noqa: RUF012  # asn1crypto's own way


class DataGroupHashes(core.SequenceOf):  # type: ignore[misc]  # asn1crypto has no types
    _child_spec = DataGroupHash


class LdsSecurityObject(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    _fields = [  # noqa: RUF012  # asn1crypto's own way
        ("version", core.Integer),
        ("hash_algorithm", algos.DigestAlgorithm),
        ("hashes", DataGroupHashes),
    ]


def sign(data_groups: Mapping[int, bytes], signer: DocumentSigner) -> bytes:
    """EF.SOD over the files of these data groups, by their numbers. SHA-256, ECDSA, the signer's certificate inside."""
    sha256 = {"algorithm": "sha256"}
    content = LdsSecurityObject(
        {
            "version": 0,
            "hash_algorithm": sha256,
            "hashes": [
                {"number": number, "hash": hashlib.sha256(file).digest()}
                for number, file in sorted(data_groups.items())
            ],
        }
    ).dump()
    certificate = x509.Certificate.load(signer.certificate.public_bytes(Encoding.DER))
    attributes = cms.CMSAttributes(
        [
            {"type": "content_type", "values": [LDS_SECURITY_OBJECT]},
            {"type": "message_digest", "values": [hashlib.sha256(content).digest()]},
        ]
    )
    signer_info = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            "issuer_and_serial_number",
            {"issuer": certificate.issuer, "serial_number": certificate.serial_number},
        ),
        "digest_algorithm": sha256,
        "signed_attrs": attributes,
        "signature_algorithm": {"algorithm": "sha256_ecdsa"},
        # RFC 5652, 5.4: what is signed is the attributes as a SET OF in DER, not under their context tag.
        "signature": signer.key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())),
    }
    signed_data = {
        "version": "v3",
        "digest_algorithms": [sha256],
        "encap_content_info": {"content_type": LDS_SECURITY_OBJECT, "content": content},
        "certificates": [certificate],
        "signer_infos": [signer_info],
    }
    message = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed_data)})
    return encode(0x77, message.dump())

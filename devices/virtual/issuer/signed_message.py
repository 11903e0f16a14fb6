"""Signed files of every kind: content in a CMS SignedData with its signer's certificate (RFC 5652)."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable
from typing import Any

from asn1crypto import cms, x509
from cryptography.hazmat.primitives.serialization import Encoding

from devices.virtual.issuer.certificates import Signer


def sign(
    content_type: str,
    content: bytes,
    signer: Signer,
    *,
    also: Iterable[Signer] = (),
    moment: datetime.datetime | None = None,
) -> bytes:
    """A ContentInfo. The certificates of `also` go with the signer's; `moment` is the signing time, if it is told."""
    sha256 = {"algorithm": "sha256"}
    certificates = [_certificate(one) for one in (signer, *also)]
    attributes = cms.CMSAttributes(list(_attributes(content_type, content, moment)))
    signer_info = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            "issuer_and_serial_number",
            {"issuer": certificates[0].issuer, "serial_number": certificates[0].serial_number},
        ),
        "digest_algorithm": sha256,
        "signed_attrs": attributes,
        "signature_algorithm": signer.key.algorithm,
        # RFC 5652, 5.4: what is signed is the attributes as a SET OF in DER, not under their context tag.
        "signature": signer.key.sign(attributes.dump()),
    }
    signed_data = {
        "version": "v3",
        "digest_algorithms": [sha256],
        "encap_content_info": {"content_type": content_type, "content": content},
        "certificates": certificates,
        "signer_infos": [signer_info],
    }
    message: bytes = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed_data)}).dump()
    return message


def _attributes(content_type: str, content: bytes, moment: datetime.datetime | None) -> Iterable[dict[str, Any]]:
    yield {"type": "content_type", "values": [content_type]}
    yield {"type": "message_digest", "values": [hashlib.sha256(content).digest()]}
    if moment is not None:
        yield {"type": "signing_time", "values": [cms.Time("utc_time", moment)]}


def _certificate(signer: Signer) -> x509.Certificate:
    return x509.Certificate.load(signer.certificate.public_bytes(Encoding.DER))

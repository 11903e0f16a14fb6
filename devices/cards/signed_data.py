"""CMS SignedData as issuers use it for documents and lists: one signature over one content, with its certificate (ICAO
Doc 9303-10, 4.6.2 and Doc 9303-12, 8.1)."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import hmac
from typing import Any

from asn1crypto import cms, x509

from devices.cards import signatures
from devices.cards.tlv import MalformedData

_MOST_CERTIFICATES = 20
"""Beside one signature: mostly it is one, in lists a few. Comparing the names of thousands takes long."""


@dataclasses.dataclass(frozen=True, slots=True)
class SignedData:
    """The content, and who signed it: whether to believe that certificate is the caller's question. `signed_at` is what
    the signature states, if anything; `uses_sha1` only where it was opened with leave to."""

    content: bytes
    signer: x509.Certificate
    signed_at: datetime.datetime | None = None
    uses_sha1: bool = False


def open_signed_data(data: bytes, content_type: str, *, accept_sha1: bool = False) -> SignedData:
    """Checks the signature by the certificate inside. Raises MalformedData, SignatureWrong, CannotCheck."""
    try:
        return _open(data, content_type, accept_sha1)
    except (MalformedData, signatures.SignatureWrong, signatures.CannotCheck):
        raise
    except Exception as error:  # asn1crypto raises many kinds on hostile input; none of them may pass
        raise MalformedData("signed data") from error


def _open(data: bytes, content_type: str, accept_sha1: bool) -> SignedData:
    content = cms.ContentInfo.load(data, strict=True)
    if content["content_type"].native != "signed_data":
        raise MalformedData("not signed data")
    signed = content["content"]
    inner = signed["encap_content_info"]
    if inner["content_type"].dotted != content_type or len(signed["signer_infos"]) != 1:
        raise MalformedData("not one signature over the content that is due")
    body = bytes(inner["content"])
    signer_info = signed["signer_infos"][0]
    signer = _signer(signed["certificates"], signer_info["sid"])
    attributes = _attributes(signer_info["signed_attrs"], content_type)
    _check_signature(signer_info, signer, body, attributes["message_digest"].native, accept_sha1)
    signed_at = attributes["signing_time"].native if "signing_time" in attributes else None
    return SignedData(body, signer, signed_at, accept_sha1 and "sha1" in _hashes_of(signer_info))


def _hashes_of(signer_info: cms.SignerInfo) -> set[str]:
    digest = signer_info["digest_algorithm"]["algorithm"].native
    try:
        return {digest, signer_info["signature_algorithm"].hash_algo}
    except ValueError:  # the signature's algorithm names none: it is the digest's
        return {digest}


def _signer(certificates: cms.CertificateSet, wanted: cms.SignerIdentifier) -> x509.Certificate:
    if len(certificates) > _MOST_CERTIFICATES:
        raise MalformedData("too many certificates")
    for choice in certificates:
        # The authority's own, which may lie beside it, need not parse.
        with contextlib.suppress(Exception):
            if choice.name == "certificate" and _is_meant(choice.chosen, wanted):
                return choice.chosen
    raise MalformedData("the signer's certificate is missing")


def _is_meant(certificate: x509.Certificate, wanted: cms.SignerIdentifier) -> bool:
    if wanted.name == "subject_key_identifier":
        return bool(certificate.key_identifier == wanted.chosen.native)
    named = wanted.chosen
    if certificate.serial_number != named["serial_number"].native:
        return False
    if certificate.issuer.dump() == named["issuer"].dump():
        return True  # as nearly always; the comparison below takes longer than checking the signature
    # Names are compared as RFC 5280, 7.1 says: issuers mix string types and case between the two places.
    return bool(certificate.issuer == named["issuer"])


def _attributes(signed: cms.CMSAttributes, content_type: str) -> dict[str, Any]:
    """The signed attributes that have one value, as each of those that count must."""
    values = {attribute["type"].native: attribute["values"] for attribute in signed}
    single: dict[str, Any] = {name: listed[0] for name, listed in values.items() if len(listed) == 1}
    if len(values) != len(signed) or {"content_type", "message_digest"} - single.keys():
        raise MalformedData("signed attributes")
    if single["content_type"].dotted != content_type:
        raise MalformedData("signed attributes")
    return single


def _check_signature(
    signer_info: cms.SignerInfo, signer: x509.Certificate, body: bytes, stated: bytes, accept_sha1: bool
) -> None:
    """`stated` is the signed digest of the content."""
    hash_name = signer_info["digest_algorithm"]["algorithm"].native
    if not hmac.compare_digest(stated, signatures.digest(hash_name, body, accept_sha1=accept_sha1)):
        raise signatures.SignatureWrong
    # Signed is the SET OF (tag 31) made of the bytes as received (RFC 5652, 5.4), never a re-encoding.
    covered = b"\x31" + signer_info["signed_attrs"].dump()[1:]
    signatures.check(
        signer.public_key,
        signer_info["signature_algorithm"],
        hash_name,
        signer_info["signature"].native,
        covered,
        accept_sha1=accept_sha1,
    )

"""The document security object, EF.SOD: a CMS signature over the hashes of all data groups (Doc 9303-10, 4.6.2)."""

from __future__ import annotations

import dataclasses
import hmac
from collections.abc import Mapping

from asn1crypto import algos, cms, core, x509

from devices.cards import signatures, tlv
from devices.cards.data_groups import FILE_TAGS, SECURITY_OBJECT_FILE
from devices.cards.tlv import MalformedData

_LDS_SECURITY_OBJECT = "2.23.136.1.1.1"


class _DataGroupHash(core.Sequence):  # type: ignore[misc]  # asn1crypto ships no types
    _fields = [("number", core.Integer), ("value", core.OctetString)]  # noqa: RUF012  # the library's way


class _DataGroupHashes(core.SequenceOf):  # type: ignore[misc]  # asn1crypto ships no types
    _child_spec = _DataGroupHash


class _LdsSecurityObject(core.Sequence):  # type: ignore[misc]  # asn1crypto ships no types
    _fields = [  # noqa: RUF012  # the library's way
        ("version", core.Integer),
        ("hash_algorithm", algos.DigestAlgorithm),
        ("hashes", _DataGroupHashes),
        ("lds_version", core.Any, {"optional": True}),
    ]


@dataclasses.dataclass(frozen=True, slots=True)
class SecurityObject:
    """What the issuer signed: which data groups the chip has, and their hashes; and who signed."""

    hash_name: str
    hashes: Mapping[int, bytes]
    signer: x509.Certificate

    def agrees(self, data_group: int, file: bytes) -> bool:
        """Whether these raw bytes are what was signed; never for a data group that is not listed."""
        signed = self.hashes.get(data_group)
        return signed is not None and hmac.compare_digest(signed, signatures.digest(self.hash_name, file))


def open_security_object(file: bytes) -> SecurityObject:
    """Parses EF.SOD and checks its signature by the certificate inside it; whether to believe that certificate is
    `authenticity`'s question. Raises MalformedData, SignatureWrong, CannotCheck."""
    try:
        return _open(tlv.parse_one(file, FILE_TAGS[SECURITY_OBJECT_FILE]).value)
    except (MalformedData, signatures.SignatureWrong, signatures.CannotCheck):
        raise
    except Exception as error:  # asn1crypto raises many kinds on hostile input; none of them may pass
        raise MalformedData("security object") from error


def _open(data: bytes) -> SecurityObject:
    content = cms.ContentInfo.load(data, strict=True)
    if content["content_type"].native != "signed_data":
        raise MalformedData("not signed data")
    signed = content["content"]
    inner = signed["encap_content_info"]
    if inner["content_type"].dotted != _LDS_SECURITY_OBJECT or len(signed["signer_infos"]) != 1:
        raise MalformedData("not one signature over an LDS security object")
    body = bytes(inner["content"])
    signer_info = signed["signer_infos"][0]
    signer = _signer(signed["certificates"], signer_info["sid"])
    _check_signature(signer_info, signer, body)
    listed = _LdsSecurityObject.load(body, strict=True)
    hashes = {entry["number"].native: entry["value"].native for entry in listed["hashes"]}
    if len(hashes) != len(listed["hashes"]):
        raise MalformedData("a data group is listed twice")
    return SecurityObject(listed["hash_algorithm"]["algorithm"].native, hashes, signer)


def _signer(certificates: cms.CertificateSet, wanted: cms.SignerIdentifier) -> x509.Certificate:
    for choice in certificates:
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


def _check_signature(signer_info: cms.SignerInfo, signer: x509.Certificate, body: bytes) -> None:
    attributes = signer_info["signed_attrs"]
    values = {attribute["type"].native: attribute["values"] for attribute in attributes}
    if len(values) != len(attributes) or {"content_type", "message_digest"} - values.keys():
        raise MalformedData("signed attributes")
    types, digests = values["content_type"], values["message_digest"]
    if len(types) != 1 or len(digests) != 1 or types[0].dotted != _LDS_SECURITY_OBJECT:
        raise MalformedData("signed attributes")
    hash_name = signer_info["digest_algorithm"]["algorithm"].native
    if not hmac.compare_digest(digests[0].native, signatures.digest(hash_name, body)):
        raise signatures.SignatureWrong
    # Signed is the SET OF (tag 31) made of the bytes as received (RFC 5652, 5.4), never a re-encoding.
    covered = b"\x31" + attributes.dump()[1:]
    signatures.check(
        signer.public_key, signer_info["signature_algorithm"], hash_name, signer_info["signature"].native, covered
    )

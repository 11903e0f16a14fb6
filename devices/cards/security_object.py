"""The document security object, EF.SOD: a CMS signature over the hashes of all data groups (Doc 9303-10, 4.6.2)."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
from collections.abc import Mapping

from asn1crypto import algos, core, x509

from devices.cards import signatures, tlv
from devices.cards.data_groups import FILE_TAGS, SECURITY_OBJECT_FILE
from devices.cards.signed_data import SignedData, open_signed_data
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
    """What the issuer signed: which data groups the chip has, and their hashes; and who signed. `digest` is SHA-256
    over the list, which no other card has. `uses_sha1` only where it was opened with leave to."""

    hash_name: str
    hashes: Mapping[int, bytes]
    signer: x509.Certificate
    digest: bytes
    uses_sha1: bool = False

    def agrees(self, data_group: int, file: bytes) -> bool:
        """Whether these raw bytes are what was signed; never for a data group that is not listed."""
        signed = self.hashes.get(data_group)
        return signed is not None and hmac.compare_digest(signed, self._digest(file))

    def _digest(self, file: bytes) -> bytes:
        return signatures.digest(self.hash_name, file, accept_sha1=self.uses_sha1)


def open_security_object(file: bytes, *, accept_sha1: bool = False) -> SecurityObject:
    """Parses EF.SOD and checks its signature by the certificate inside it; whether to believe that certificate is
    `authenticity`'s question. Raises MalformedData, SignatureWrong, CannotCheck."""
    data = tlv.parse_one(file, FILE_TAGS[SECURITY_OBJECT_FILE]).value
    signed = open_signed_data(data, _LDS_SECURITY_OBJECT, accept_sha1=accept_sha1)
    try:
        return _read(signed, accept_sha1)
    except MalformedData:
        raise
    except Exception as error:  # asn1crypto raises many kinds on hostile input; none of them may pass
        raise MalformedData("security object") from error


def _read(signed: SignedData, accept_sha1: bool) -> SecurityObject:
    listed = _LdsSecurityObject.load(signed.content, strict=True)
    hashes = {entry["number"].native: entry["value"].native for entry in listed["hashes"]}
    if len(hashes) != len(listed["hashes"]):
        raise MalformedData("a data group is listed twice")
    hash_name = listed["hash_algorithm"]["algorithm"].native
    return SecurityObject(
        hash_name,
        hashes,
        signed.signer,
        digest=hashlib.sha256(signed.content).digest(),
        uses_sha1=signed.uses_sha1 or (accept_sha1 and hash_name == "sha1"),
    )

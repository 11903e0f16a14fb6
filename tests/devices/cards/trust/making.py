"""Makes what a trust store is brought: links between authorities, revocation lists, and master lists in CMS."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from asn1crypto import cms, core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from devices.cards import tlv
from devices.cards.trust.certificates import MASTER_LIST_SIGNER, fingerprint
from devices.cards.trust.imports import Offer, offer_list, take_list, take_revocations
from devices.cards.trust.manifest import ListRecord, RevocationRecord
from devices.cards.trust.master_list import open_master_list
from devices.cards.trust.store import Policy, Trust, read_trust
from tests.devices.cards import issuing
from tests.devices.cards.issuing import NOW, Authority

MASTER_LIST = "2.23.136.1.1.2"
SIGNED_AT = NOW - datetime.timedelta(days=10)
PEOPLE = ("huda", "hani")
Alter = Callable[[asn1_x509.TbsCertificate], object]


@dataclasses.dataclass(frozen=True)
class ListMaker:
    """A country that publishes master lists: its authority, and the signer that this certified."""

    authority: Authority
    signer: Authority

    def make(
        self,
        certificates: Iterable[bytes],
        signed_at: datetime.datetime | None = SIGNED_AT,
        *,
        content_type: str = MASTER_LIST,
        hash_name: str = "sha256",
        beside: Iterable[bytes] = (),
        version: int = 0,
    ) -> bytes:
        """`beside` are more certificates in the CMS; without `signed_at` no signing time is stated."""
        listed = tlv_sequence(core.Integer(version).dump() + tlv_any(0x31, b"".join(certificates)))
        attributes = [
            cms.CMSAttribute({"type": "content_type", "values": [content_type]}),
            cms.CMSAttribute({"type": "message_digest", "values": [hashlib.new(hash_name, listed).digest()]}),
        ]
        if signed_at is not None:
            time = cms.Time({"utc_time": core.UTCTime(signed_at)})
            attributes.append(cms.CMSAttribute({"type": "signing_time", "values": [time]}))
        covered = cms.CMSAttributes(attributes)
        assert isinstance(self.signer.key, ec.EllipticCurvePrivateKey)
        signer = asn1_x509.Certificate.load(self.signer.der)
        named = {"issuer": signer.issuer, "serial_number": signer.serial_number}
        signed = cms.SignedData(
            {
                "version": "v3",
                "digest_algorithms": [{"algorithm": hash_name}],
                "encap_content_info": {"content_type": content_type, "content": core.ParsableOctetString(listed)},
                "certificates": [signer, *(asn1_x509.Certificate.load(der) for der in beside)],
                "signer_infos": [
                    {
                        "version": "v1",
                        "sid": {"issuer_and_serial_number": named},
                        "digest_algorithm": {"algorithm": hash_name},
                        "signed_attrs": covered,
                        "signature_algorithm": {"algorithm": f"{hash_name}_ecdsa"},
                        "signature": self.signer.key.sign(covered.dump(), ec.ECDSA(_hash(hash_name))),
                    }
                ],
            }
        )
        return bytes(cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump())


def make_list_maker(country: str = "DE", purpose: str | None = MASTER_LIST_SIGNER) -> ListMaker:
    authority = issuing.make_authority(country, name=f"CSCA {country}")
    return ListMaker(authority, make_special_signer(authority, country, purpose))


def make_special_signer(authority: Authority, country: str, purpose: str | None, *, years: int = 5) -> Authority:
    """A signer by the authority whose certificate says what it is for."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = issuing._builder(issuing._name(country, "List signer"), authority.subject, key.public_key(), years)
    builder = builder.add_extension(issuing._usage(signs_certificates=False), critical=True)
    if purpose is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([x509.ObjectIdentifier(purpose)]), critical=True)
    return _signed(builder, authority, key)


def make_link(old: Authority, new: Authority) -> Authority:
    """The new authority's key and name, certified by the old one (Doc 9303-12, 7.1.1)."""
    builder = (
        issuing._builder(new.subject, old.subject, new.key.public_key(), 10)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(issuing._usage(signs_certificates=True), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(old.key.public_key()), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(new.key.public_key()), critical=False)
    )
    return dataclasses.replace(_signed(builder, old, new.key), subject=new.subject)


def make_revocation_list(
    authority: Authority,
    revoked: Iterable[Authority] = (),
    *,
    number: int | None = 1,
    since: datetime.datetime = SIGNED_AT,
    days: int = 90,
    changes_only: bool = False,
    is_critical: bool = True,
) -> bytes:
    builder = x509.CertificateRevocationListBuilder().issuer_name(authority.subject)
    builder = builder.last_update(since).next_update(since + datetime.timedelta(days=days))
    for one in revoked:
        serial = x509.load_der_x509_certificate(one.der).serial_number
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(since).build()
        builder = builder.add_revoked_certificate(entry)
    if number is not None:
        builder = builder.add_extension(x509.CRLNumber(number), critical=False)
    if changes_only:
        builder = builder.add_extension(x509.DeltaCRLIndicator(1), critical=is_critical)
    return builder.sign(authority.key, hashes.SHA384()).public_bytes(serialization.Encoding.DER)


def altered(
    made: Authority,
    signed_by: Authority,
    alter: Alter,
    hash_name: str = "sha384",
) -> Authority:
    """The same certificate with something changed in its body, signed anew by an elliptic key."""
    assert isinstance(signed_by.key, ec.EllipticCurvePrivateKey)
    certificate = asn1_x509.Certificate.load(made.der)
    algorithm = {"algorithm": f"{hash_name}_ecdsa"}
    body = certificate["tbs_certificate"]
    alter(body)
    body["signature"] = certificate["signature_algorithm"] = algorithm
    certificate["signature_value"] = signed_by.key.sign(body.dump(force=True), ec.ECDSA(_hash(hash_name)))
    return dataclasses.replace(made, der=certificate.dump(force=True))


def offered(
    folder: Path, maker: ListMaker, certificates: Iterable[bytes], signed_at: datetime.datetime = SIGNED_AT
) -> Offer:
    opened = open_master_list(maker.make(certificates, signed_at), maker.authority.der, NOW)
    return offer_list(folder, opened, Policy())


def imported(
    folder: Path, maker: ListMaker, certificates: Iterable[bytes], signed_at: datetime.datetime = SIGNED_AT
) -> ListRecord:
    return take_list(folder, offered(folder, maker, certificates, signed_at), PEOPLE, NOW)


def revocations_imported(folder: Path, data: bytes) -> RevocationRecord:
    return take_revocations(folder, data, Policy(), NOW)


def read(folder: Path) -> Trust:
    return read_trust(folder, Policy())


def fingerprints(*made: Authority) -> tuple[str, ...]:
    return tuple(fingerprint(one.der) for one in made)


def usage(*uses: str) -> asn1_x509.KeyUsage:
    return asn1_x509.KeyUsage(set(uses))


def sign(by: Authority, data: bytes) -> bytes:
    assert isinstance(by.key, ec.EllipticCurvePrivateKey)
    return by.key.sign(data, ec.ECDSA(hashes.SHA384()))


def tlv_any(tag: int, value: bytes) -> bytes:
    """`tlv.encode` ends at 65,535 bytes, which a list may pass."""
    return (
        tlv.encode(tag, value) if len(value) <= 65_535 else bytes([tag, 0x83]) + len(value).to_bytes(3, "big") + value
    )


def tlv_sequence(value: bytes) -> bytes:
    return tlv_any(0x30, value)


def _signed(builder: x509.CertificateBuilder, by: Authority, key: issuing.PrivateKey) -> Authority:
    certificate = builder.sign(by.key, hashes.SHA384())
    return Authority(key, certificate.subject, certificate.public_bytes(serialization.Encoding.DER))


def _hash(name: str) -> hashes.HashAlgorithm:
    known = (hashes.SHA1(), hashes.SHA224(), hashes.SHA256(), hashes.SHA384(), hashes.SHA512())
    return next(one for one in known if one.name == name)

"""A small document issuer for these tests: authorities, document signers, security objects and data groups."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
from collections.abc import Mapping

from asn1crypto import algos, cms, core, keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

from devices.cards import curves, tlv
from devices.cards.mrz import check_digit

NOW = datetime.datetime(2026, 11, 24, 9, 0, tzinfo=datetime.UTC)
LDS_SECURITY_OBJECT = "2.23.136.1.1.1"
NAME_ARABIC = "القاضي<<سلمى<أحمد"
NATIONAL_NUMBER = "9012345678"
# ChipAuthenticationInfo, AES of 128 bits, version 1 (ICAO Doc 9303-11, 9.2.5).
CHIP_AUTHENTICATION = bytes.fromhex("300F060A04007F00070202030202020101")

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclasses.dataclass(frozen=True)
class Authority:
    key: PrivateKey
    subject: x509.Name
    der: bytes


def make_authority(country: str = "JO", key: PrivateKey | None = None, name: str = "Test CSCA") -> Authority:
    key = key or ec.generate_private_key(ec.SECP384R1())
    subject = _name(country, name)
    certificate = (
        _builder(subject, subject, key.public_key(), years=15)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA384())
    )
    return Authority(key, certificate.subject, certificate.public_bytes(serialization.Encoding.DER))


def make_signer(
    authority: Authority,
    country: str = "JO",
    key: PrivateKey | None = None,
    years: int = 12,
    claimed_issuer: PrivateKey | None = None,
) -> Authority:
    """`claimed_issuer` names another key as the issuer's than the one that signs."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    issuer = (claimed_issuer or authority.key).public_key()
    certificate = (
        _builder(_name(country, "Test signer"), authority.subject, key.public_key(), years)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(authority.key, hashes.SHA384())
    )
    return Authority(key, certificate.subject, certificate.public_bytes(serialization.Encoding.DER))


def with_curve_spelt_out(authority: Authority, a: int | None = None) -> Authority:
    """The same self-signed certificate with explicit domain parameters, as ICAO prescribes; `a` falsifies one."""
    assert isinstance(authority.key, ec.EllipticCurvePrivateKey)
    own = authority.key.curve.name
    parameters = next(parameters for parameters, curve in curves.CURVES if curve.name == own)
    size = (authority.key.key_size + 7) // 8
    certificate = asn1_x509.Certificate.load(authority.der)
    spelt_out = keys.SpecifiedECDomain(
        {
            "version": 1,
            "field_id": {"field_type": "prime_field", "parameters": parameters.prime},
            "curve": {
                "a": (parameters.a if a is None else a).to_bytes(size, "big"),
                "b": parameters.b.to_bytes(size, "big"),
            },
            "base": keys.ECPoint(b"\x04" + b"".join(number.to_bytes(size, "big") for number in parameters.generator)),
            "order": parameters.order,
            "cofactor": 1,
        }
    )
    body = certificate["tbs_certificate"]
    body["subject_public_key_info"]["algorithm"]["parameters"] = keys.ECDomainParameters("specified", spelt_out)
    certificate["signature_value"] = authority.key.sign(body.dump(force=True), ec.ECDSA(hashes.SHA384()))
    return dataclasses.replace(authority, der=certificate.dump(force=True))


def make_zone(*, expiry: str = "310817", state: str = "JOR", optional: str = NATIONAL_NUMBER) -> str:
    """Three TD1 lines of an invented person, with right check digits."""
    number = "JT4711C08"
    upper = f"I<{state:<<3}{number}{check_digit(number)}{optional:<<15}"
    dates = f"900312{check_digit('900312')}F{expiry}{check_digit(expiry)}"
    middle = f"{dates}{state:<<3}{'':<<11}"
    composite = check_digit(upper[5:] + middle[:7] + middle[8:15] + middle[18:29])
    return f"{upper}\n{middle}{composite}\n{'ALQADI<<SALMA<AHMAD':<<30}"


def make_files(
    signer: Authority,
    zone: str,
    *,
    name: str = NAME_ARABIC,
    personal_number: str = NATIONAL_NUMBER,
    hash_name: str = "sha256",
    pss: bool = False,
    picture: bytes = b"\xff\xd8\xff\xe0" + bytes(17_000),
    protocols: bytes = CHIP_AUTHENTICATION,
    without: tuple[int, ...] = (),
) -> dict[int, bytes]:
    """Files by short EF identifier: COM, SOD and the data groups 1, 2, 11, 12, 14, 15, but those `without`. `protocols`
    are the SecurityInfos of DG14."""
    details = tlv.encode(0x5F0E, name.encode()) + tlv.encode(0x5F10, personal_number.encode())
    groups = {
        1: tlv.encode(0x61, tlv.encode(0x5F1F, zone.replace("\n", "").encode())),
        2: make_face(picture),
        11: tlv.encode(0x6B, tlv.encode(0x5C, bytes.fromhex("5F0E5F10")) + details),
        12: tlv.encode(0x6C, tlv.encode(0x5C, b"")),
        14: tlv.encode(0x6E, make_security_infos(protocols)),
        15: tlv.encode(0x6F, bytes(290)),
    }
    groups = {number: file for number, file in groups.items() if number not in without}
    sod = make_security_object(signer, groups, hash_name=hash_name, pss=pss)
    return {0x1E: tlv.encode(0x60, bytes(20)), 0x1D: sod, **groups}


def make_security_infos(*infos: bytes) -> bytes:
    return tlv.encode(0x31, b"".join(infos))


def make_face(picture: bytes) -> bytes:
    block = b"FAC\x00010\x00" + bytes(38) + picture
    template = tlv.encode(0x7F60, tlv.encode(0xA1, b"\x81\x01\x02") + tlv.encode(0x5F2E, block))
    return tlv.encode(0x75, tlv.encode(0x7F61, tlv.encode(0x02, b"\x01") + template))


def make_security_object(
    signer: Authority,
    groups: Mapping[int, bytes],
    *,
    hash_name: str = "sha256",
    pss: bool = False,
    content_type: str = LDS_SECURITY_OBJECT,
    signed_type: str = LDS_SECURITY_OBJECT,
    listed_again: Mapping[int, bytes] | None = None,
) -> bytes:
    """EF.SOD. The last three make mistakes: other types of content, and data groups that are listed twice."""
    lds = _sequence(
        core.Integer(0),
        algos.DigestAlgorithm({"algorithm": hash_name}),
        _sequence(
            *(
                _sequence(core.Integer(number), core.OctetString(hashlib.new(hash_name, file).digest()))
                for number, file in (*groups.items(), *(listed_again or {}).items())
            )
        ),
    ).dump()
    signed = make_signed_data(
        signer, lds, content_type=content_type, signed_type=signed_type, hash_name=hash_name, pss=pss
    )
    return tlv.encode(0x77, signed)


def make_signed_data(
    signer: Authority,
    content: bytes,
    *,
    content_type: str,
    signed_type: str = "",
    hash_name: str = "sha256",
    pss: bool = False,
) -> bytes:
    """A CMS signature. `signed_type` may differ from `content_type`, which is a mistake."""
    certificate = asn1_x509.Certificate.load(signer.der)
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": [signed_type or content_type]}),
            cms.CMSAttribute({"type": "message_digest", "values": [hashlib.new(hash_name, content).digest()]}),
        ]
    )
    algorithm, signature = _sign(signer.key, attributes.dump(), hash_name, pss=pss)
    signed = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [{"algorithm": hash_name}],
            "encap_content_info": {"content_type": content_type, "content": core.ParsableOctetString(content)},
            "certificates": [certificate],
            "signer_infos": [
                {
                    "version": "v1",
                    "sid": {
                        "issuer_and_serial_number": {
                            "issuer": certificate.issuer,
                            "serial_number": certificate.serial_number,
                        }
                    },
                    "digest_algorithm": {"algorithm": hash_name},
                    "signed_attrs": attributes,
                    "signature_algorithm": algorithm,
                    "signature": signature,
                }
            ],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump())


def _sequence(*parts: core.Asn1Value) -> core.Any:
    return core.Any.load(tlv.encode(0x30, b"".join(part.dump() for part in parts)))


def _sign(key: PrivateKey, data: bytes, hash_name: str, *, pss: bool) -> tuple[dict[str, object], bytes]:
    digest = {"sha1": hashes.SHA1(), "sha256": hashes.SHA256(), "sha512": hashes.SHA512()}[hash_name]
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return {"algorithm": f"{hash_name}_ecdsa"}, key.sign(data, ec.ECDSA(digest))
    if not pss:
        return {"algorithm": f"{hash_name}_rsa"}, key.sign(data, padding.PKCS1v15(), digest)
    parameters = {
        "hash_algorithm": {"algorithm": hash_name},
        "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": hash_name}},
        "salt_length": digest.digest_size,
    }
    signature = key.sign(data, padding.PSS(padding.MGF1(digest), digest.digest_size), digest)
    return {"algorithm": "rsassa_pss", "parameters": parameters}, signature


def _name(country: str, name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, country), x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey, years: int
) -> x509.CertificateBuilder:
    start = NOW - datetime.timedelta(days=400)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=365 * years))
    )

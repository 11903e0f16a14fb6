"""From the document's signer to an anchor: links, names, identifiers of keys, algorithms, and what a signer may do."""

from __future__ import annotations

import dataclasses
import datetime
import subprocess
from pathlib import Path

import pytest
from asn1crypto import algos
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from devices.cards.anchors import AnchorUnreadable, believe
from devices.cards.authenticity import Proof, prove_signer
from devices.cards.security_object import open_security_object
from devices.cards.signatures import CannotCheck, check, load_key
from devices.cards.tlv import MalformedData
from devices.cards.trust import certificates
from devices.cards.trust.store import Policy, Trust
from kiosk.identity import Verdict
from tests.devices.cards import issuing
from tests.devices.cards.conftest import Country
from tests.devices.cards.issuing import NOW, Authority
from tests.devices.cards.trust import making

UNTIL = datetime.date(2031, 8, 17)
NOT_REVOKED = "revocation not known: no list"


def trusting(*believed: Authority) -> Trust:
    anchors, _ = believe(certificates.parse(one.der) for one in believed)
    return Trust(anchors=anchors)


def prove(signer: Authority, believed: Trust, *, hash_name: str = "sha256", now: datetime.datetime = NOW) -> Proof:
    file = issuing.make_security_object(signer, {1: b"one"}, hash_name=hash_name)
    signed = open_security_object(file, accept_sha1=believed.policy.accept_sha1)
    return prove_signer(signed, believed, "JOR", UNTIL, now)


# ---------------------------------------------------------------- links


@pytest.fixture(scope="module")
def generations() -> tuple[Authority, ...]:
    """Three keys of one country; the last comes with another name."""
    return issuing.make_authority(), issuing.make_authority(), issuing.make_authority(name="New name")


def test_the_old_anchor_and_the_link_are_enough(generations: tuple[Authority, ...]) -> None:
    old, new, renamed = generations
    links = (making.make_link(old, new), making.make_link(new, renamed))
    for newest, brought in ((new, links[:1]), (renamed, links)):
        signer = issuing.make_signer(newest)
        assert prove(signer, trusting(old)).verdict is Verdict.NOT_CHECKABLE
        assert prove(signer, trusting(old, *brought)).verdict is Verdict.GENUINE
        assert prove(signer, trusting(*reversed(brought), old)).verdict is Verdict.GENUINE


def test_openssl_follows_the_links_that_these_tests_make(generations: tuple[Authority, ...], tmp_path: Path) -> None:
    old, new, _ = generations
    for name, one in (("old", old), ("link", making.make_link(old, new))):
        made = x509.load_der_x509_certificate(one.der).public_bytes(serialization.Encoding.PEM)
        (tmp_path / f"{name}.pem").write_bytes(made)
    command = ["openssl", "verify", "-no_check_time", "-CAfile", "old.pem", "link.pem"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_link_by_nobody_is_no_anchor(generations: tuple[Authority, ...], jordan: Country, tmp_path: Path) -> None:
    _, new, _ = generations
    stray = making.make_link(issuing.make_authority(), new)
    anchors, refused = believe([certificates.parse(one.der) for one in (jordan.authority, stray)])
    assert [one.certificate.dump() for one in anchors] == [jordan.authority.der]
    assert [one.reason for one in refused] == ["signed neither by itself nor by a believed certificate"]
    (tmp_path / "link.der").write_bytes(stray.der)
    with pytest.raises(AnchorUnreadable, match=r"link\.der: signed neither"):
        making.read(tmp_path)


def test_a_link_from_another_country_is_no_anchor(generations: tuple[Authority, ...]) -> None:
    utopia = issuing.make_authority("UT")
    link = making.make_link(utopia, generations[1])
    assert len(trusting(utopia, link).anchors) == 1


def test_a_link_is_believed_no_longer_than_the_old_anchor(generations: tuple[Authority, ...]) -> None:
    old, new, _ = generations

    def shorten(body: asn1_x509.TbsCertificate) -> None:
        body["validity"]["not_after"] = asn1_x509.Time({"utc_time": NOW - datetime.timedelta(days=1)})

    over = making.altered(old, old, shorten)
    link = making.make_link(old, new)
    assert prove(issuing.make_signer(new), trusting(over, link)).reasons == ("anchor not valid",)
    # The new one's own certificate does not need the link.
    assert prove(issuing.make_signer(new), trusting(over, link, new)).verdict is Verdict.GENUINE


def test_links_in_a_circle_end() -> None:
    one, other = issuing.make_authority(), issuing.make_authority()
    assert trusting(making.make_link(one, other), making.make_link(other, one)).anchors == ()


# ---------------------------------------------------------------- names and identifiers


def with_printable_name(body: asn1_x509.TbsCertificate) -> None:
    """The issuer's name in another string type and case than in the authority's certificate."""
    name = asn1_x509.Name.build({"country_name": "jo", "common_name": "TEST  csca"}, use_printable=True)
    body["issuer"] = name


def test_names_in_another_string_type_and_case_are_the_same(jordan: Country) -> None:
    signer = making.altered(jordan.signer, jordan.authority, with_printable_name)
    assert prove(signer, jordan.anchors).verdict is Verdict.GENUINE
    without_identifier = making.altered(signer, jordan.authority, without_extension("authority_key_identifier"))
    assert prove(without_identifier, jordan.anchors).verdict is Verdict.GENUINE


def without_extension(name: str) -> making.Alter:
    def alter(body: asn1_x509.TbsCertificate) -> None:
        kept = [one for one in body["extensions"] if one["extn_id"].native != name]
        body["extensions"] = asn1_x509.Extensions(kept)

    return alter


def test_an_identifier_that_does_not_match_is_settled_by_the_signature(jordan: Country) -> None:
    """Some countries' signers name another key identifier than their authority has."""
    stranger = ec.generate_private_key(ec.SECP256R1())
    signer = issuing.make_signer(jordan.authority, claimed_issuer=stranger)
    assert prove(signer, jordan.anchors).verdict is Verdict.GENUINE


def test_an_authority_without_an_identifier_is_found_by_its_name(jordan: Country) -> None:
    plain = making.altered(jordan.authority, jordan.authority, without_extension("key_identifier"))
    assert prove(jordan.signer, trusting(plain)).verdict is Verdict.GENUINE


def test_the_country_code_counts_in_either_case(jordan: Country) -> None:
    lower = issuing.make_authority("jo")
    assert prove(issuing.make_signer(lower, "jo"), trusting(lower)).verdict is Verdict.GENUINE


# ---------------------------------------------------------------- what a signer may do


@pytest.mark.parametrize("purpose", ["2.23.136.1.1.3", "2.23.136.1.1.8"])
def test_a_signer_of_lists_signs_no_documents(jordan: Country, purpose: str) -> None:
    signer = making.make_special_signer(jordan.authority, "JO", purpose)
    assert prove(signer, jordan.anchors) == Proof(Verdict.FORGED, ("signer may not sign documents",))


def test_an_unknown_critical_extension_is_not_passed_over(jordan: Country) -> None:
    def alter(body: asn1_x509.TbsCertificate) -> None:
        body["extensions"].append({"extn_id": "1.2.3.4", "critical": True, "extn_value": b"\x05\x00"})

    signer = making.altered(jordan.signer, jordan.authority, alter)
    assert prove(signer, jordan.anchors) == Proof(Verdict.NOT_CHECKABLE, ("not supported: critical extension",))


def test_what_is_no_authority_is_no_anchor(jordan: Country) -> None:
    may_not = making.altered(
        jordan.authority,
        jordan.authority,
        lambda body: body["extensions"][1].__setitem__("extn_value", asn1_x509.KeyUsage({"crl_sign"})),
    )
    for one in (jordan.signer, may_not):
        _, refused = believe([certificates.parse(one.der)])
        assert [found.reason for found in refused] == ["not the certificate of an authority"]


# ---------------------------------------------------------------- algorithms


def test_sha1_counts_by_policy_only_and_is_said(jordan: Country) -> None:
    old = making.altered(jordan.signer, jordan.authority, lambda body: None, "sha1")
    assert prove(old, jordan.anchors) == Proof(Verdict.NOT_CHECKABLE, ("not supported: hash sha1",))
    lenient = dataclasses.replace(jordan.anchors, policy=Policy(accept_sha1=True))
    assert prove(old, lenient).reasons[-1] == "SHA-1 accepted by policy"
    assert prove(jordan.signer, lenient, hash_name="sha1").reasons[-1] == "SHA-1 accepted by policy"
    assert "SHA-1 accepted by policy" not in prove(jordan.signer, lenient).reasons
    with pytest.raises(CannotCheck, match="sha1"):
        prove(jordan.signer, jordan.anchors, hash_name="sha1")


def test_an_authority_that_signed_itself_with_sha1_is_an_anchor(jordan: Country) -> None:
    """What it signed itself with proves nothing: people, or a list, answer for it."""
    old = making.altered(jordan.authority, jordan.authority, lambda body: None, "sha1")
    assert prove(jordan.signer, trusting(old)).verdict is Verdict.GENUINE


def test_sha224_counts(jordan: Country) -> None:
    signer = making.altered(jordan.signer, jordan.authority, lambda body: None, "sha224")
    assert prove(signer, jordan.anchors).verdict is Verdict.GENUINE


def test_certificates_signed_with_pss(tmp_path: Path) -> None:
    key = rsa.generate_private_key(65_537, 2_048)
    authority = issuing.make_authority(key=key)
    builder = issuing._builder(issuing._name("JO", "Test signer"), authority.subject, key.public_key(), 12)
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    made = builder.sign(key, hashes.SHA256(), rsa_padding=pss)
    signer = Authority(key, made.subject, made.public_bytes(serialization.Encoding.DER))
    assert prove(signer, trusting(authority)).verdict is Verdict.GENUINE


@pytest.mark.parametrize("curve", [ec.BrainpoolP256R1(), ec.BrainpoolP384R1(), ec.SECP256R1()])
def test_a_signer_and_a_link_that_spell_their_curve_out(jordan: Country, curve: ec.EllipticCurve) -> None:
    new = issuing.make_authority(key=ec.generate_private_key(curve))
    spelt_out = asn1_x509.Certificate.load(issuing.with_curve_spelt_out(new).der)["tbs_certificate"]

    def alter(body: asn1_x509.TbsCertificate) -> None:
        body["subject_public_key_info"] = spelt_out["subject_public_key_info"].copy()

    link = making.altered(making.make_link(jordan.authority, new), jordan.authority, alter)
    signer = making.altered(issuing.make_signer(new, key=new.key), new, alter)
    assert prove(signer, trusting(jordan.authority, link)).verdict is Verdict.GENUINE


@pytest.mark.parametrize(
    ("bits", "exponent", "reason"),
    [
        (2_048, 1, "exponent"),
        (2_048, 65_536, "exponent"),
        (2_048, 2**64 + 1, "exponent"),
        (1_024, 65_537, "short"),
        (16_000, 65_537, "long"),
    ],
)
def test_rsa_keys_outside_of_sense_are_not_computed_with(bits: int, exponent: int, reason: str) -> None:
    public = asn1_keys.RSAPublicKey({"modulus": 2**bits - 1, "public_exponent": exponent})
    with pytest.raises(CannotCheck, match=reason):
        load_key(asn1_keys.PublicKeyInfo.wrap(public, "rsa"))


@pytest.mark.parametrize("parameters", [{"salt_length": -1}, {"salt_length": 65}, {"salt_length": 1 << 70}])
def test_pss_parameters_outside_of_sense_are_not_computed_with(parameters: dict[str, int]) -> None:
    sha256 = {"algorithm": "sha256"}
    stated = {"hash_algorithm": sha256, "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": sha256}} | parameters
    algorithm = algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": stated})
    public = asn1_keys.RSAPublicKey({"modulus": 2**2048 - 1, "public_exponent": 65_537})
    with pytest.raises(CannotCheck, match="PSS parameters"):
        check(asn1_keys.PublicKeyInfo.wrap(public, "rsa"), algorithm, "", bytes(256), b"")


def test_a_point_beside_its_curve_is_malformed(jordan: Country) -> None:
    info = asn1_x509.Certificate.load(jordan.authority.der).public_key.copy()
    info["public_key"] = asn1_keys.ECPointBitString(b"\x04" + bytes(95) + b"\x01")
    with pytest.raises(MalformedData, match="public key"):
        load_key(info)


def test_certificates_that_do_not_parse(jordan: Country) -> None:
    twice = making.altered(
        jordan.signer, jordan.authority, lambda body: body["extensions"].append(body["extensions"][0])
    )
    spoilt = jordan.signer.der.replace(bytes.fromhex("0603551D0F"), bytes.fromhex("0603551D13"))
    assert spoilt != jordan.signer.der
    for der in (b"", twice.der, spoilt, jordan.signer.der + b"\x00", jordan.signer.der[:-1], bytes(20_000)):
        with pytest.raises(MalformedData, match="certificate"):
            certificates.parse(der)


def test_a_certificate_larger_than_any_is_not_parsed(jordan: Country) -> None:
    def alter(body: asn1_x509.TbsCertificate) -> None:
        body["extensions"].append({"extn_id": "1.2.3.4", "critical": False, "extn_value": bytes(17_000)})

    with pytest.raises(MalformedData, match="too large"):
        certificates.parse(making.altered(jordan.signer, jordan.authority, alter).der)


def test_a_signature_has_no_unused_bits(jordan: Country) -> None:
    """A last bit that is zero can be said to be unused, and the signature would still hold."""
    der = next(der for der in iter(lambda: issuing.make_signer(jordan.authority).der, b"") if der[-1] % 2 == 0)
    place = len(der) - len(asn1_x509.Certificate.load(der)["signature_value"].native) - 1
    key = asn1_x509.Certificate.load(jordan.authority.der).public_key
    certificates.check_signed_by(key, der)
    with pytest.raises(MalformedData, match="signed structure"):
        certificates.check_signed_by(key, der[:place] + b"\x01" + der[place + 1 :])


def test_two_algorithms_in_one_certificate_are_malformed(jordan: Country) -> None:
    certificate = asn1_x509.Certificate.load(jordan.signer.der)
    certificate["signature_algorithm"] = {"algorithm": "sha256_ecdsa"}
    with pytest.raises(MalformedData, match="certificate"):
        certificates.parse(certificate.dump(force=True))


# ---------------------------------------------------------------- the clock


def test_a_clock_before_the_trust_data_is_not_believed(jordan: Country) -> None:
    signed = dataclasses.replace(jordan.anchors, signed_at=NOW)
    assert prove(jordan.signer, signed).verdict is Verdict.GENUINE
    early = NOW - datetime.timedelta(seconds=1)
    assert prove(jordan.signer, signed, now=early) == Proof(Verdict.NOT_CHECKABLE, ("clock is before the trust data",))


def test_stale_trust_data_are_said_and_the_card_is_read(jordan: Country) -> None:
    imported = dataclasses.replace(jordan.anchors, imported_at=NOW)
    assert "trust data stale" not in prove(jordan.signer, imported, now=NOW + datetime.timedelta(days=90)).reasons
    late = prove(jordan.signer, imported, now=NOW + datetime.timedelta(days=91))
    assert (late.verdict, late.reasons[-1]) == (Verdict.GENUINE, "trust data stale")

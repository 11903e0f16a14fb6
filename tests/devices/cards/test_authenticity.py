"""Passive authentication: which cards are believed, and which are not and why."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms, core
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from devices.cards import mrz, tlv
from devices.cards.anchors import AnchorUnreadable, country_of_state
from devices.cards.authenticity import Proof, prove_files, prove_signer
from devices.cards.security_object import SecurityObject, open_security_object
from devices.cards.signatures import CannotCheck, SignatureWrong
from devices.cards.tlv import MalformedData
from devices.cards.trust.store import Policy, Trust, read_trust
from kiosk.identity import Verdict
from tests.devices.cards import issuing
from tests.devices.cards.conftest import Country, write_anchor
from tests.devices.cards.issuing import Authority

VALID_UNTIL = datetime.date(2031, 8, 17)


def prove(signer: Authority, anchors: Trust, *, state: str = "JOR", expiry: datetime.date = VALID_UNTIL) -> Proof:
    signed = open_security_object(issuing.make_security_object(signer, {1: b"one"}))
    return prove_signer(signed, anchors, state, expiry, issuing.NOW)


def anchors_of(folder: Path, *authorities: Authority) -> Trust:
    for place, authority in enumerate(authorities):
        write_anchor(folder, authority, f"{place}.cer")
    return read_trust(folder, Policy())


@pytest.fixture(scope="module")
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65_537, 2_048)


@pytest.mark.parametrize("pss", [False, True])
@pytest.mark.parametrize("hash_name", ["sha256", "sha512"])
def test_rsa_signatures(jordan: Country, rsa_key: rsa.RSAPrivateKey, hash_name: str, pss: bool) -> None:
    signer = issuing.make_signer(jordan.authority, key=rsa_key)
    signed = open_security_object(issuing.make_security_object(signer, {1: b"one"}, hash_name=hash_name, pss=pss))
    proof = prove_signer(signed, jordan.anchors, "JOR", VALID_UNTIL, issuing.NOW)
    assert proof.verdict is Verdict.GENUINE
    assert signed.agrees(1, b"one")
    assert not signed.agrees(1, b"two")
    assert not signed.agrees(2, b"one")


@pytest.mark.parametrize(
    "curve", [ec.BrainpoolP256R1(), ec.BrainpoolP384R1(), ec.BrainpoolP512R1(), ec.SECP256R1(), ec.SECP521R1()]
)
def test_authorities_that_spell_their_curve_out(tmp_path: Path, curve: ec.EllipticCurve) -> None:
    authority = issuing.make_authority(key=ec.generate_private_key(curve))
    anchors = anchors_of(tmp_path, issuing.with_curve_spelt_out(authority))
    assert prove(issuing.make_signer(authority), anchors).verdict is Verdict.GENUINE


def test_a_curve_with_one_foreign_parameter_is_not_computed_on(tmp_path: Path) -> None:
    authority = issuing.make_authority(key=ec.generate_private_key(ec.BrainpoolP384R1()))
    anchors = anchors_of(tmp_path, issuing.with_curve_spelt_out(authority, a=5))
    assert prove(issuing.make_signer(authority), anchors) == Proof(Verdict.NOT_CHECKABLE, ("not supported: curve",))


def test_sha1_is_not_supported(jordan: Country) -> None:
    with pytest.raises(CannotCheck, match="sha1"):
        open_security_object(issuing.make_security_object(jordan.signer, {1: b"one"}, hash_name="sha1"))


@pytest.mark.parametrize(
    "mistake",
    [{"content_type": "2.23.136.1.1.2"}, {"signed_type": "2.23.136.1.1.2"}, {"listed_again": {1: b"two"}}],
)
def test_security_objects_of_another_kind(jordan: Country, mistake: dict[str, Any]) -> None:
    with pytest.raises(MalformedData):
        open_security_object(issuing.make_security_object(jordan.signer, {1: b"one"}, **mistake))


def test_short_rsa_keys_are_not_supported(jordan: Country) -> None:
    signer = issuing.make_signer(jordan.authority, key=rsa.generate_private_key(65_537, 1_024))
    with pytest.raises(CannotCheck, match="short"):
        open_security_object(issuing.make_security_object(signer, {1: b"one"}))


def test_anchor_that_ran_out_cannot_speak(jordan: Country) -> None:
    signer = issuing.make_signer(jordan.authority, years=40)
    signed = open_security_object(issuing.make_security_object(signer, {1: b"one"}))
    late = issuing.NOW.replace(year=2045)
    proof = prove_signer(signed, jordan.anchors, "JOR", datetime.date(2050, 1, 1), late)
    assert proof == Proof(Verdict.NOT_CHECKABLE, ("anchor not valid",))


def test_no_anchor_for_the_country(jordan: Country) -> None:
    assert prove(jordan.signer, Trust()) == Proof(Verdict.NOT_CHECKABLE, ("no anchor for JOR",))
    assert prove(jordan.signer, jordan.anchors, state="UTO").verdict is Verdict.NOT_CHECKABLE


def test_signer_of_another_country_does_not_speak_for_this_one(jordan: Country, tmp_path: Path) -> None:
    utopia = issuing.make_authority("UT")
    anchors = anchors_of(tmp_path, jordan.authority, utopia)
    assert prove(issuing.make_signer(utopia, "UT"), anchors).verdict is Verdict.FORGED
    assert prove(issuing.make_signer(utopia, "UT"), anchors, state="UTO").verdict is Verdict.GENUINE


def test_signer_that_only_claims_the_authority(jordan: Country) -> None:
    impostor = issuing.make_authority()
    assert prove(issuing.make_signer(impostor), jordan.anchors).verdict is Verdict.NOT_CHECKABLE
    real = Authority(impostor.key, jordan.authority.subject, b"")
    claimed = issuing.make_signer(real, claimed_issuer=jordan.authority.key)
    assert prove(claimed, jordan.anchors) == Proof(Verdict.FORGED, ("signer not certified by its country",))


def test_an_authority_may_not_sign_documents(jordan: Country) -> None:
    assert prove(jordan.authority, jordan.anchors) == Proof(Verdict.FORGED, ("signer may not sign documents",))


def test_validity(jordan: Country) -> None:
    past = datetime.date(2026, 11, 23)
    expired = prove(jordan.signer, jordan.anchors, expiry=past)
    assert (expired.verdict, expired.expired_on) == (Verdict.EXPIRED, past)
    long_past = prove(issuing.make_signer(jordan.authority, years=1), jordan.anchors, expiry=datetime.date(2016, 1, 1))
    assert long_past.verdict is Verdict.EXPIRED
    last_day = prove(jordan.signer, jordan.anchors, expiry=issuing.NOW.date())
    assert last_day.verdict is Verdict.GENUINE
    # 21:30 in UTC is half past midnight in Jordan, where the day counts.
    late = issuing.NOW.replace(hour=21, minute=30)
    signed = open_security_object(issuing.make_security_object(jordan.signer, {1: b"one"}))
    assert prove_signer(signed, jordan.anchors, "JOR", late.date(), late).verdict is Verdict.EXPIRED
    short_lived = issuing.make_signer(jordan.authority, years=1)
    assert prove(short_lived, jordan.anchors).verdict is Verdict.FORGED


def test_data_groups_that_were_not_signed(jordan: Country) -> None:
    signed = open_security_object(issuing.make_security_object(jordan.signer, {1: b"one", 11: b"eleven"}))
    assert prove_files(signed, {1: b"one", 11: b"eleven"}) is None
    for files in ({1: b"0ne"}, {1: b"one", 12: b"twelve"}):
        fault = prove_files(signed, files)
        assert fault is not None
        assert fault.verdict is Verdict.FORGED


def test_no_changed_byte_of_the_security_object_changes_what_is_believed(jordan: Country) -> None:
    """A few bytes are under no signature (versions, lists of algorithms, outer headers): what is signed stays so."""
    whole = issuing.make_security_object(jordan.signer, {1: b"one"})
    original = open_security_object(whole)
    believed = 0
    for position in range(len(whole)):
        spoilt = whole[:position] + bytes([whole[position] ^ 0x01]) + whole[position + 1 :]
        try:
            signed = open_security_object(spoilt)
        except (MalformedData, SignatureWrong, CannotCheck):
            continue
        if prove_signer(signed, jordan.anchors, "JOR", VALID_UNTIL, issuing.NOW).verdict is Verdict.GENUINE:
            believed += 1
            assert (signed.hash_name, signed.hashes) == (original.hash_name, original.hashes)
            assert signed.signer["tbs_certificate"].dump() == original.signer["tbs_certificate"].dump()
    assert believed < 40


def test_signer_by_key_identifier(jordan: Country) -> None:
    content = cms.ContentInfo.load(tlv.parse_one(issuing.make_security_object(jordan.signer, {1: b"one"}), 0x77).value)
    signer_info = content["content"]["signer_infos"][0]
    identifier = content["content"]["certificates"][0].chosen.key_identifier
    signer_info["sid"] = cms.SignerIdentifier("subject_key_identifier", core.OctetString(identifier))
    assert isinstance(open_security_object(tlv.encode(0x77, content.dump(force=True))), SecurityObject)
    signer_info["sid"] = cms.SignerIdentifier("subject_key_identifier", core.OctetString(bytes(20)))
    with pytest.raises(MalformedData, match="missing"):
        open_security_object(tlv.encode(0x77, content.dump(force=True)))


def test_unusable_anchors_stop_the_start(jordan: Country, tmp_path: Path) -> None:
    assert read_trust(tmp_path, Policy()).anchors == ()
    write_anchor(tmp_path, jordan.signer)
    with pytest.raises(AnchorUnreadable, match=r"csca\.der"):
        read_trust(tmp_path, Policy())
    (tmp_path / "csca.der").write_bytes(b"nonsense")
    with pytest.raises(AnchorUnreadable, match=r"csca\.der"):
        read_trust(tmp_path, Policy())


def test_country_codes() -> None:
    assert [country_of_state(state) for state in ("JOR", "D", "UTO", "AAB", "", "JO")] == ["JO", "DE", "UT", "", "", ""]


def test_zone_of_the_tests_is_well_formed() -> None:
    assert mrz.parse(issuing.make_zone()).issuing_state == "JOR"

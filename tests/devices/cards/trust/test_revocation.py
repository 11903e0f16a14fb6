"""Revocation lists: whose they are, when they count, and what a card's verdict says of them (Doc 9303-12, 7.1.4)."""

from __future__ import annotations

import dataclasses
import datetime
import subprocess
from pathlib import Path

import pytest
from asn1crypto import crl
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from devices.cards.authenticity import Proof, prove_signer
from devices.cards.security_object import open_security_object
from devices.cards.signatures import CannotCheck, SignatureWrong
from devices.cards.tlv import MalformedData
from devices.cards.trust.refusal import ImportRefused
from devices.cards.trust.revocation import LARGEST_LIST, RevocationList, open_revocation_list
from devices.cards.trust.store import Policy, Trust
from kiosk.identity import Verdict
from tests.devices.cards import issuing
from tests.devices.cards.conftest import Country, write_anchor
from tests.devices.cards.issuing import NOW, Authority
from tests.devices.cards.trust import making
from tests.devices.cards.trust.making import SIGNED_AT

UNTIL = datetime.date(2031, 8, 17)


@pytest.fixture
def folder(tmp_path: Path, jordan: Country) -> Path:
    write_anchor(tmp_path, jordan.authority)
    return tmp_path


def prove(signer: Authority, believed: Trust, now: datetime.datetime = NOW) -> Proof:
    signed = open_security_object(issuing.make_security_object(signer, {1: b"one"}))
    return prove_signer(signed, believed, "JOR", UNTIL, now)


def required(believed: Trust) -> Trust:
    return dataclasses.replace(believed, policy=Policy(revocation_required=True))


def opened(data: bytes, jordan: Country) -> RevocationList:
    return open_revocation_list(data, jordan.anchors.anchors)


def test_openssl_verifies_the_lists_that_these_tests_make(jordan: Country, tmp_path: Path) -> None:
    (tmp_path / "list.crl").write_bytes(making.make_revocation_list(jordan.authority, [jordan.signer]))
    anchor = x509.load_der_x509_certificate(jordan.authority.der).public_bytes(serialization.Encoding.PEM)
    (tmp_path / "csca.pem").write_bytes(anchor)
    command = ["openssl", "crl", "-inform", "DER", "-in", "list.crl", "-CAfile", "csca.pem", "-noout"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.strip()) == (0, "verify OK")


# ---------------------------------------------------------------- at the card


def test_a_revoked_signer_is_refused(jordan: Country, folder: Path) -> None:
    other = issuing.make_signer(jordan.authority)
    making.revocations_imported(folder, making.make_revocation_list(jordan.authority, [other]))
    believed = making.read(folder)
    assert prove(other, believed) == Proof(Verdict.FORGED, ("signer revoked",))
    assert "signer not revoked" in prove(jordan.signer, believed).reasons
    assert prove(jordan.signer, required(believed)).verdict is Verdict.GENUINE


def test_a_list_that_is_over_its_time_still_says_whom_it_revoked(jordan: Country, folder: Path) -> None:
    other = issuing.make_signer(jordan.authority)
    making.revocations_imported(folder, making.make_revocation_list(jordan.authority, [other], days=20))
    believed, late = making.read(folder), NOW + datetime.timedelta(days=30)
    assert prove(other, believed, late) == Proof(Verdict.FORGED, ("signer revoked",))
    unknown = "revocation not known: list out of date"
    assert unknown in prove(jordan.signer, believed, late).reasons
    assert prove(jordan.signer, required(believed), late) == Proof(Verdict.NOT_CHECKABLE, (unknown,))


def test_a_missing_list_is_said_and_refused_only_where_one_is_required(jordan: Country) -> None:
    unknown = "revocation not known: no list"
    passed = prove(jordan.signer, jordan.anchors)
    assert (passed.verdict, passed.reasons[-1]) == (Verdict.GENUINE, unknown)
    assert prove(jordan.signer, required(jordan.anchors)) == Proof(Verdict.NOT_CHECKABLE, (unknown,))
    # An expired card is refused in any case, and its person is told why.
    late = NOW.replace(year=2032)
    assert prove(jordan.signer, required(jordan.anchors), late).verdict is Verdict.EXPIRED


def test_a_new_keys_list_speaks_for_the_signers_of_the_old(jordan: Country, folder: Path) -> None:
    """A country keeps one list, by its newest key, and a new name changes nothing."""
    new = issuing.make_authority(name="New name")
    write_anchor(folder, making.make_link(jordan.authority, new), "link.der")
    making.revocations_imported(folder, making.make_revocation_list(new, [jordan.signer]))
    assert prove(jordan.signer, making.read(folder)) == Proof(Verdict.FORGED, ("signer revoked",))


def test_a_signer_that_writes_its_issuers_name_in_another_way_is_revoked_all_the_same(
    jordan: Country, folder: Path
) -> None:
    """The chain goes by the identifier of the key then, so the list must be found too."""
    misnamed = dataclasses.replace(jordan.authority, subject=issuing.make_authority(name="Written otherwise").subject)
    signer = issuing.make_signer(misnamed)
    making.revocations_imported(folder, making.make_revocation_list(jordan.authority, [signer]))
    assert prove(signer, making.read(folder)) == Proof(Verdict.FORGED, ("signer revoked",))


def test_a_revoked_link_leads_nowhere(jordan: Country, folder: Path) -> None:
    new = issuing.make_authority(name="New name")
    link = making.make_link(jordan.authority, new)
    write_anchor(folder, link, "link.der")
    making.revocations_imported(folder, making.make_revocation_list(new, [link]))
    signer = issuing.make_signer(new)
    assert prove(signer, making.read(folder)) == Proof(Verdict.FORGED, ("signer's authority revoked",))


# ---------------------------------------------------------------- whose list, and of what kind


def test_a_list_by_another_key_is_refused(jordan: Country, folder: Path) -> None:
    impostor = issuing.make_authority()
    data = making.make_revocation_list(impostor)
    with pytest.raises(SignatureWrong):
        opened(data, jordan)
    with pytest.raises(ImportRefused, match="by no believed authority"):
        making.revocations_imported(folder, data)


def test_an_authority_that_may_not_revoke_revokes_nobody(jordan: Country, tmp_path: Path) -> None:
    no_lists = making.altered(
        jordan.authority,
        jordan.authority,
        lambda body: body["extensions"][1].__setitem__("extn_value", making.usage("key_cert_sign")),
    )
    write_anchor(tmp_path, no_lists)
    with pytest.raises(ImportRefused, match="by no believed authority"):
        making.revocations_imported(tmp_path, making.make_revocation_list(jordan.authority))


def test_a_list_of_an_unknown_issuer_cannot_be_checked(jordan: Country, folder: Path) -> None:
    data = making.make_revocation_list(issuing.make_authority("UT"))
    with pytest.raises(ImportRefused, match="no anchor for its issuer"):
        making.revocations_imported(folder, data)


def test_a_list_of_changes_only_is_not_the_whole_answer(jordan: Country) -> None:
    for is_critical in (True, False):
        data = making.make_revocation_list(jordan.authority, changes_only=True, is_critical=is_critical)
        with pytest.raises(CannotCheck, match="kind"):
            opened(data, jordan)


def test_two_algorithms_in_one_list_are_malformed(jordan: Country) -> None:
    parsed = crl.CertificateList.load(making.make_revocation_list(jordan.authority))
    parsed["tbs_cert_list"]["signature"] = {"algorithm": "sha256_ecdsa"}
    parsed["signature"] = making.sign(jordan.authority, parsed["tbs_cert_list"].dump(force=True))
    with pytest.raises(MalformedData, match="two different algorithms"):
        opened(parsed.dump(force=True), jordan)


def test_lists_that_do_not_parse(jordan: Country) -> None:
    whole = making.make_revocation_list(jordan.authority, [jordan.signer])
    endless = crl.CertificateList.load(whole)
    del endless["tbs_cert_list"]["next_update"]
    endless["signature"] = making.sign(jordan.authority, endless["tbs_cert_list"].dump(force=True))
    huge = making.make_revocation_list(jordan.authority, number=1 << 158)
    assert opened(huge, jordan).number == 1 << 158
    for data in (b"", whole[:-1], whole + b"\x00", bytes(LARGEST_LIST + 1), endless.dump(force=True)):
        with pytest.raises(MalformedData, match="revocation list"):
            opened(data, jordan)


def test_no_changed_byte_of_a_list_passes(jordan: Country) -> None:
    whole = making.make_revocation_list(jordan.authority, [jordan.signer])
    for position in range(len(whole)):
        spoilt = whole[:position] + bytes([whole[position] ^ 0x01]) + whole[position + 1 :]
        with pytest.raises((MalformedData, SignatureWrong, CannotCheck)):
            opened(spoilt, jordan)


# ---------------------------------------------------------------- older and newer


def test_an_older_list_never_follows_a_newer(jordan: Country, folder: Path) -> None:
    def make(number: int | None, days_ago: int) -> bytes:
        since = NOW - datetime.timedelta(days=days_ago)
        return making.make_revocation_list(jordan.authority, number=number, since=since)

    making.revocations_imported(folder, make(7, 10))
    for number, days_ago in ((7, 10), (7, 5), (6, 5), (8, 11), (None, 10)):
        with pytest.raises(ImportRefused, match="not newer"):
            making.revocations_imported(folder, make(number, days_ago))
    assert making.revocations_imported(folder, make(8, 5)).number == "8"
    assert making.revocations_imported(folder, make(None, 4)).number == ""
    assert len(making.read(folder).revocations) == 1


@pytest.mark.parametrize("since", [NOW - datetime.timedelta(days=91), NOW + datetime.timedelta(hours=1)])
def test_a_list_that_does_not_count_now_is_not_taken(jordan: Country, folder: Path, since: datetime.datetime) -> None:
    with pytest.raises(ImportRefused, match="which is not now"):
        making.revocations_imported(folder, making.make_revocation_list(jordan.authority, since=since))


def test_a_list_in_text_form_is_taken(jordan: Country, folder: Path) -> None:
    der = making.make_revocation_list(jordan.authority)
    text = x509.load_der_x509_crl(der).public_bytes(serialization.Encoding.PEM)
    assert making.revocations_imported(folder, text).this_update == SIGNED_AT
    with pytest.raises(ImportRefused, match="not a revocation list"):
        making.revocations_imported(folder, text.splitlines()[0])

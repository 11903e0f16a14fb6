"""The issued cards, read again by other means than those that made them: openssl, and DER walked by hand."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import io
import subprocess
from pathlib import Path

import pytest
from asn1crypto import cms, core
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image

from devices.virtual.card.files import load
from devices.virtual.issuer import issue
from devices.virtual.issuer.mrz import check_digit, lines, middle_lines, passport_lines
from devices.virtual.issuer.people import Card, Person
from tests.devices.virtual.card.conftest import zone

WITH_PACE = ("layla", "karim")
WITH_CHIP_KEY = ("salma", "tampered", "wrong_mrz")
WITH_ZONE = ("salma", "omar", "tampered", "foreign", "expired", "wrong_mrz", "karim")
SIGNED = (*WITH_ZONE, "layla")
PRINTED = (*WITH_ZONE, "unknown", "mute")
ALL = (*SIGNED, "unknown", "mute")
NATIONAL_ATR = "3B8F80018091E1318065B08503010F8301900000"


def signed_data(card: Path) -> cms.SignedData:
    wrapped = core.load((card / "EF.SOD").read_bytes(), strict=True)
    assert (wrapped.class_, wrapped.tag) == (1, 23)
    message = cms.ContentInfo.load(wrapped.contents, strict=True)
    assert message["content_type"].native == "signed_data"
    return message["content"]


def listed_hashes(card: Path) -> dict[int, bytes]:
    """Data group numbers and hashes of the LDS security object (Doc 9303-10, 4.6.2.3)."""
    content = signed_data(card)["encap_content_info"]
    assert content["content_type"].dotted == "2.23.136.1.1.1"
    version, algorithm, rows = core.SequenceOf.load(content["content"].contents, spec=core.Any)
    assert version.native == 0
    assert core.load(algorithm.contents).native == "2.16.840.1.101.3.4.2.1"
    return {row[0].native: row[1].native for row in core.SequenceOf.load(rows.dump(), spec=core.Sequence)}


def hashes_hold(card: Path) -> bool:
    return all(
        hashlib.sha256((card / f"EF.DG{number}").read_bytes()).digest() == digest
        for number, digest in listed_hashes(card).items()
    )


def openssl_trusts(card: Path, anchors: Path, tmp_path: Path) -> bool:
    message = tmp_path / f"{card.name}.der"
    message.write_bytes(core.load((card / "EF.SOD").read_bytes()).contents)
    command = ["openssl", "cms", "-verify", "-inform", "DER", "-purpose", "any"]
    command += ["-CAfile", str(anchors / "test-csca.pem")]
    command += ["-in", str(message), "-out", str(tmp_path / "content")]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_all_cards_are_there(cards: Path) -> None:
    assert {card.name for card in cards.iterdir()} == {*ALL, "elena"}


def test_the_passport_is_of_the_second_country(issued: Path) -> None:
    """Two lines of 44 (Doc 9303-4), no national number, and its own country's signer."""
    passport = issued / "cards" / "elena"
    first, second = zone(passport)
    assert (len(first), len(second)) == (44, 44)
    assert first.startswith("P<UTOMARIN<<ELENA<SOFIA<")
    assert (second[:9], second[28:42]) == ("P4471203<", "<" * 14)
    assert second[43] == check_digit(second[0:10] + second[13:20] + second[21:43])
    assert set(listed_hashes(passport)) == {1, 2, 14, 15}
    assert hashes_hold(passport)
    (embedded,) = signed_data(passport)["certificates"]
    certificate = x509.load_der_x509_certificate(embedded.chosen.dump())
    anchor = x509.load_pem_x509_certificate((issued / "anchors" / "test-csca-second-country.pem").read_bytes())
    certificate.verify_directly_issued_by(anchor)


@pytest.mark.parametrize("name", SIGNED)
def test_hashes(cards: Path, name: str) -> None:
    more = {14} if name in WITH_PACE else {14, 15} if name in WITH_CHIP_KEY else set()
    assert set(listed_hashes(cards / name)) == {1, 2, 11} | more
    assert hashes_hold(cards / name) == (name != "tampered")


@pytest.mark.parametrize("name", SIGNED)
def test_the_signature_and_its_chain(issued: Path, tmp_path: Path, name: str) -> None:
    assert openssl_trusts(issued / "cards" / name, issued / "anchors", tmp_path) == (name != "foreign")


@pytest.mark.parametrize("name", SIGNED)
def test_the_signed_attributes(cards: Path, name: str) -> None:
    data = signed_data(cards / name)
    (signer,) = data["signer_infos"]
    (embedded,) = data["certificates"]
    certificate = x509.load_der_x509_certificate(embedded.chosen.dump())
    assert signer["sid"].chosen["serial_number"].native == certificate.serial_number
    attributes = {row["type"].native: row["values"][0].native for row in signer["signed_attrs"]}
    content = data["encap_content_info"]["content"].contents
    assert attributes == {"content_type": "2.23.136.1.1.1", "message_digest": hashlib.sha256(content).digest()}
    key = certificate.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    signed = b"\x31" + signer["signed_attrs"].dump()[1:]
    key.verify(signer["signature"].native, signed, ec.ECDSA(hashes.SHA256()))


def test_the_anchors_say_that_they_are_tests(issued: Path) -> None:
    countries = set()
    for anchor in (issued / "anchors").iterdir():
        certificate = x509.load_pem_x509_certificate(anchor.read_bytes())
        certificate.verify_directly_issued_by(certificate)
        name = certificate.subject.rfc4514_string()
        assert "CN=TEST CSCA" in name
        countries.add(name.rpartition("C=")[2])
        basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
        assert basic.critical
        assert basic.value.ca
    assert countries == {"JO", "UT"}


@pytest.mark.parametrize("name", PRINTED)
def test_the_printed_zone(cards: Path, name: str) -> None:
    first, second, third = zone(cards / name)
    assert [len(line) for line in (first, second, third)] == [30, 30, 30]
    assert first.startswith("IDJOR")
    assert first[14] == check_digit(first[5:14])
    assert (second[6], second[14]) == (check_digit(second[:6]), check_digit(second[8:14]))
    assert second[29] == check_digit(first[5:30] + second[:7] + second[8:15] + second[18:29])
    assert first[15:25].isdecimal()


@pytest.mark.parametrize(
    ("text", "digit"),
    [("520727", "3"), ("AB2134<<<", "5"), ("L898902C<", "3"), ("ZE184226B<<<<<", "1"), ("D23145890", "7")],
)
def test_check_digits_of_the_standard(text: str, digit: str) -> None:
    """Doc 9303-3, appendix A; 9303-4 and -5, appendix B."""
    assert check_digit(text) == digit


ANNA = Person("", "ERIKSSON", "ANNA MARIA", "", "", datetime.date(1974, 8, 12), "F")
EXPIRY = datetime.date(2012, 4, 15)


def test_the_specimens_of_the_standard() -> None:
    """Doc 9303-4, appendix B (TD3), 9303-5 (TD1) and 9303-6 (TD2)."""
    passport = Card(dataclasses.replace(ANNA, national_number="ZE184226B"), "L898902C3", EXPIRY)
    assert passport_lines(passport, "UTO") == (
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
        "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
    )
    card = Card(ANNA, "D23145890", EXPIRY)
    assert middle_lines(card, "UTO") == (
        "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<",
        "D231458907UTO7408122F1204159<<<<<<<6",
    )
    assert lines(card, "UTO", "I<") == (
        "I<UTOD231458907<<<<<<<<<<<<<<<",
        "7408122F1204159UTO<<<<<<<<<<<6",
        "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
    )


def test_the_zone_of_the_chip_is_the_printed_one_but_where_it_should_not_be(cards: Path) -> None:
    same = {
        name for name in WITH_ZONE if "".join(zone(cards / name)).encode() in (cards / name / "EF.DG1").read_bytes()
    }
    assert same == set(WITH_ZONE) - {"wrong_mrz"}


def test_the_print_of_the_access_number(cards: Path) -> None:
    """Layla's zone is worn off, and only her number opens her card; Karim's has both, and BAC too."""
    numbers = {
        card.name: (card / "can.txt").read_text().strip() for card in cards.iterdir() if (card / "can.txt").exists()
    }
    assert set(numbers) == set(WITH_PACE)
    assert all(len(number) == 6 and number.isdecimal() for number in numbers.values())
    assert not (cards / "layla" / "mrz.txt").exists()
    layla, karim = (load(cards / name) for name in WITH_PACE)
    assert (layla.access, dict(layla.passwords)) == (None, {2: numbers["layla"].encode()})
    assert karim.access is not None
    assert set(karim.passwords) == {1, 2}


@pytest.mark.parametrize("name", WITH_PACE)
def test_what_is_offered_is_signed(cards: Path, name: str) -> None:
    """DG14 wraps the very SecurityInfos of EF.CardAccess (Doc 9303-11, 9.2), a SET OF in DER order."""
    offered = (cards / name / "EF.CardAccess").read_bytes()
    assert (cards / name / "EF.DG14").read_bytes() == bytes([0x6E, len(offered)]) + offered
    infos = [info.dump() for info in core.SetOf.load(offered, spec=core.Sequence)]
    assert infos == sorted(infos)
    protocols = {core.Sequence.load(info)[0].dotted for info in infos}
    assert protocols <= {"0.4.0.127.0.7.2.2.4.2.2", "0.4.0.127.0.7.2.2.4.2.4"}
    assert len(load(cards / name).ways) == len(infos)


def test_the_personal_details(cards: Path) -> None:
    details = (cards / "salma" / "EF.DG11").read_bytes()
    arabic = "الياسمين<<سلمى<خالد".encode()
    assert details[:3] == bytes([0x6B, len(details) - 2, 0x5C])
    assert b"\x5f\x0e" + bytes([len(arabic)]) + arabic in details
    assert b"\x5f\x10\x0a9912004821" in details
    assert b"\x5f\x2b\x0819910417" in details


@pytest.mark.parametrize(
    ("name", "kind"), [("salma", "JPEG"), ("omar", "JPEG"), ("karim", "JPEG"), ("layla", "JPEG2000")]
)
def test_the_portrait(cards: Path, name: str, kind: str) -> None:
    record = (cards / name / "EF.DG2").read_bytes()
    face = record[record.index(b"FAC\x00010\x00") :]
    assert int.from_bytes(face[8:12], "big") == len(face)
    assert int.from_bytes(face[14:18], "big") == len(face) - 14
    assert face[35] == (kind == "JPEG2000")
    with Image.open(io.BytesIO(face[46:])) as image:
        assert image.format == kind
        assert image.size == (int.from_bytes(face[36:38], "big"), int.from_bytes(face[38:40], "big"))


@pytest.mark.parametrize(("name", "atr"), [("salma", NATIONAL_ATR), ("unknown", "3B80800101"), ("mute", "")])
def test_answers_to_reset(cards: Path, name: str, atr: str) -> None:
    assert (cards / name / "atr.txt").read_text().strip() == atr


@pytest.mark.parametrize("name", ["unknown", "mute"])
def test_cards_without_a_chip_file(cards: Path, name: str) -> None:
    assert not list((cards / name).glob("EF.*"))


def test_a_whole_set_is_left_alone_and_a_broken_one_made_anew(tmp_path: Path) -> None:
    issue(tmp_path)
    security_object = tmp_path / "cards" / "salma" / "EF.SOD"
    before = security_object.read_bytes()
    issue(tmp_path)
    assert security_object.read_bytes() == before
    (tmp_path / "issued.txt").unlink()
    issue(tmp_path)
    assert security_object.read_bytes() != before

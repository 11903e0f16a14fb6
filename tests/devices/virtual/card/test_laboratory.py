"""The laboratory's documents and the lists of trust, judged by openssl and by DER walked by hand."""

from __future__ import annotations

import datetime
import hashlib
import subprocess
from pathlib import Path

import pytest
from asn1crypto import cms, core, parser
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from devices.virtual.card.chip import Chip, Limits
from devices.virtual.card.files import load
from tests.devices.virtual.card.conftest import zone
from tests.devices.virtual.card.terminal import SELECT_EMRTD, open_session

BY_KEYS = (
    "aa_rsa", "aa_rsa_sha1", "aa_ecdsa", "ca_ecdh", "ca_ecdh_3des", "ca_dh", "ca_dh_3des", "ca_dh_and_aa",
    "ca_two_keys", "cam", "pace_dh", "passport", "bench",
)  # fmt: skip
GOOD = (
    *BY_KEYS,
    "cam_apart",
    "plain",
    "td2",
    "signed_rsa",
    "signed_pss",
    "signed_explicit",
    "signed_indefinite",
    "next_generation",
)
WRONG_HASH = {"changed_dg2": 2, "changed_dg11": 11}
REMOVED = {"dg14_removed": 14, "dg15_removed": 15}
WRONG_SIGNERS = ("wrong_country", "expired_signer", "revoked_signer", "forged_signer")
CLONES = ("clone_without_key_aa", "clone_without_key_ca", "clone_without_key_cam")
OTHERS = ("changed_sod", "short_sod", "other_sod", "unlisted_dg2", "changed_card_security", "card_access_differs")
# What openssl says of EF.SOD and its chain to the authorities in anchors/.
COMPLAINTS = {
    "signed_explicit": "explicit ECC parameters",  # right, but openssl will not have it (openssl/openssl #20119)
    "next_generation": "unable to get local issuer certificate",
    "expired_signer": "certificate has expired",
    "forged_signer": "signature failure",
    "changed_sod": "verification failure",
}


def openssl(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = ["openssl", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)


@pytest.fixture(scope="session")
def authorities(issued: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trusted certificates in one file, as openssl wants them."""
    file = tmp_path_factory.mktemp("authorities") / "all.pem"
    file.write_bytes(b"".join(anchor.read_bytes() for anchor in (issued / "anchors").iterdir()))
    return file


def verified(message: Path, authorities: Path, *more: str | Path) -> subprocess.CompletedProcess[str]:
    return openssl("cms", "-verify", "-inform", "DER", "-purpose", "any", "-CAfile", authorities, "-in", message, *more)


def inside(file: Path) -> bytes:
    """What the one data object of a file holds."""
    content: bytes = parser.parse(file.read_bytes(), strict=True)[4]
    return content


def security_object(card: Path, tmp_path: Path) -> Path:
    message = tmp_path / f"{card.name}.der"
    message.write_bytes(inside(card / "EF.SOD"))
    return message


def listed(card: Path) -> dict[int, bytes]:
    message = cms.ContentInfo.load(inside(card / "EF.SOD"))  # in DER or in BER
    content = message["content"]["encap_content_info"]["content"].contents
    _, _, rows = core.SequenceOf.load(content, spec=core.Any)
    return {row[0].native: row[1].native for row in core.SequenceOf.load(rows.dump(), spec=core.Sequence)}


def test_all_documents_are_there(laboratory: Path) -> None:
    names = {*GOOD, *WRONG_HASH, *REMOVED, *WRONG_SIGNERS, *CLONES, *OTHERS}
    assert {card.name for card in laboratory.iterdir()} == names


@pytest.mark.parametrize("name", [*GOOD, *WRONG_SIGNERS, "changed_dg2", "changed_sod", "other_sod", *CLONES])
def test_the_signature_and_its_chain(laboratory: Path, authorities: Path, tmp_path: Path, name: str) -> None:
    said = verified(security_object(laboratory / name, tmp_path), authorities)
    complaint = COMPLAINTS.get(name)
    assert (said.returncode == 0) == (complaint is None), said.stderr
    assert (complaint or "") in said.stderr


@pytest.mark.parametrize("name", [*GOOD, *WRONG_HASH, *REMOVED, *WRONG_SIGNERS, *CLONES, "unlisted_dg2"])
def test_the_hashes(laboratory: Path, name: str) -> None:
    """What EF.SOD lists is there and unchanged, but for the one group that the sample is about."""
    card, hashes = laboratory / name, listed(laboratory / name)
    there = {number for number in range(1, 17) if (card / f"EF.DG{number}").exists()}
    wrong = {
        number
        for number in there & hashes.keys()
        if hashlib.sha256((card / f"EF.DG{number}").read_bytes()).digest() != hashes[number]
    }
    assert wrong == ({WRONG_HASH[name]} if name in WRONG_HASH else set())
    assert hashes.keys() - there == ({REMOVED[name]} if name in REMOVED else set())
    assert there - hashes.keys() == ({2} if name == "unlisted_dg2" else set())


def test_a_cut_security_object(laboratory: Path) -> None:
    with pytest.raises(ValueError, match="Insufficient data"):
        inside(laboratory / "short_sod" / "EF.SOD")


@pytest.mark.parametrize(("name", "whole"), [("cam", True), ("cam_apart", True), ("changed_card_security", False)])
def test_card_security(laboratory: Path, authorities: Path, tmp_path: Path, name: str, whole: bool) -> None:
    """Signed as EF.SOD is; it says what DG14 says, or more (Doc 9303-11, 9.2.11)."""
    card, content = laboratory / name, tmp_path / "content"
    said = verified(card / "EF.CardSecurity", authorities, "-out", content)
    assert (said.returncode == 0) == whole
    message = cms.ContentInfo.load((card / "EF.CardSecurity").read_bytes())["content"]
    assert message["encap_content_info"]["content_type"].dotted == "0.4.0.127.0.7.3.2.1"
    infos = message["encap_content_info"]["content"].contents
    assert (inside(card / "EF.DG14") == infos) == (name == "cam")
    held = {info.dump() for info in core.SetOf.load(infos, spec=core.Sequence)}
    assert {info.dump() for info in core.SetOf.load((card / "EF.CardAccess").read_bytes(), spec=core.Sequence)} < held


@pytest.mark.parametrize(("name", "contained"), [("pace_dh", True), ("bench", True), ("card_access_differs", False)])
def test_what_is_offered_is_signed(laboratory: Path, name: str, contained: bool) -> None:
    signed = inside(laboratory / name / "EF.DG14")
    held = {info.dump() for info in core.SetOf.load(signed, spec=core.Sequence)}
    offered = core.SetOf.load((laboratory / name / "EF.CardAccess").read_bytes(), spec=core.Sequence)
    assert ({info.dump() for info in offered} <= held) == contained


@pytest.mark.parametrize(("name", "characters"), [("passport", 88), ("td2", 72), ("bench", 88), ("aa_rsa", 90)])
def test_the_zone_in_the_chip_is_the_printed_one(laboratory: Path, name: str, characters: int) -> None:
    printed = "".join(zone(laboratory / name))
    assert len(printed) == characters
    assert (laboratory / name / "EF.DG1").read_bytes().endswith(bytes([characters]) + printed.encode())


@pytest.mark.parametrize("name", ["passport", "td2", "bench", "aa_rsa", "pace_dh"])
def test_what_is_printed_opens_it(laboratory: Path, name: str) -> None:
    card = laboratory / name
    session = open_session(Chip(load(card), Limits()).answer, zone(card))
    data, status = session.ask("00B08100", expected=0, extended=True)
    assert (data, status) == ((card / "EF.DG1").read_bytes(), 0x9000)


def test_a_chip_without_access_control(laboratory: Path) -> None:
    chip = Chip(load(laboratory / "plain"), Limits())
    assert chip.answer(SELECT_EMRTD).hex() == "9000"
    assert chip.answer(bytes.fromhex("00B08200000000")) == (laboratory / "plain" / "EF.DG2").read_bytes() + b"\x90\x00"
    assert chip.answer(bytes.fromhex("0084000008"))[-2:].hex() == "9000"


def test_what_the_passport_says_of_itself(laboratory: Path) -> None:
    """EF.DIR and EF.ATR/INFO, by short and by whole identifiers (Doc 9303-10, 3.11)."""
    chip = Chip(load(laboratory / "passport"), Limits())
    directory = bytes.fromhex("61094F07A0000002471001")
    information = bytes.fromhex("4703940160" + "7F660A" + 2 * "020300FFFF")
    for short, identifier, file in (("9E", "2F00", directory), ("81", "2F01", information)):
        assert chip.answer(bytes.fromhex(f"00B0{short}0000")) == file + b"\x90\x00"
        assert chip.answer(bytes.fromhex(f"00A4020C02{identifier}")).hex() == "9000"
        assert chip.answer(bytes.fromhex("00B0000002")) == file[:2] + b"\x90\x00"
    assert chip.answer(bytes.fromhex("00B0820000"))[-2:].hex() == "6a82"


def test_the_card_that_benchmarks_read(laboratory: Path) -> None:
    """Eight files, together as large as those of the published comparison (the signatures' lengths vary)."""
    sizes = {file.name: file.stat().st_size for file in (laboratory / "bench").glob("EF.*")}
    groups = {f"EF.DG{number}" for number in (1, 2, 11, 12, 14, 15)}
    assert sizes.keys() == {"EF.COM", "EF.SOD", "EF.CardAccess"} | groups
    assert (sizes["EF.COM"], sizes["EF.DG1"], sizes["EF.DG2"]) == (26, 93, 17_766)
    assert (sizes["EF.DG12"], sizes["EF.DG15"]) == (26, 298)
    assert sum(sizes.values()) - sizes["EF.CardAccess"] == pytest.approx(19_612, abs=5)


@pytest.mark.parametrize(("version", "countries"), [("first", ["JO", "UT"]), ("second", ["JO", "JO", "JO", "UT"])])
def test_the_master_lists(issued: Path, authorities: Path, tmp_path: Path, version: str, countries: list[str]) -> None:
    content, signer = tmp_path / "content", tmp_path / "signer.pem"
    message = issued / "lists" / f"{version}.ml"
    assert verified(message, authorities, "-out", content, "-signer", signer).returncode == 0
    named = x509.load_pem_x509_certificate((issued / "lists" / "signer.pem").read_bytes())
    assert x509.load_pem_x509_certificate(signer.read_bytes()) == named
    usage = named.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert [one.dotted_string for one in usage.value] == ["2.23.136.1.1.3"]
    data = cms.ContentInfo.load(message.read_bytes())["content"]
    assert data["encap_content_info"]["content_type"].dotted == "2.23.136.1.1.2"
    assert sorted(one.subject.rfc4514_string().rpartition("C=")[2] for one in certificates(content)) == countries


def certificates(content: Path) -> list[x509.Certificate]:
    """CscaMasterList ::= SEQUENCE { version 0, SET OF Certificate } (Doc 9303-12, 9)."""
    version, rows = core.SequenceOf.load(content.read_bytes(), spec=core.Any)
    assert core.load(version.dump()).native == 0
    return [x509.load_der_x509_certificate(row.dump()) for row in core.SetOf.load(rows.dump(), spec=core.Any)]


def signing_time(message: Path) -> datetime.datetime:
    (signer,) = cms.ContentInfo.load(message.read_bytes())["content"]["signer_infos"]
    moment: datetime.datetime = next(
        row["values"][0].native for row in signer["signed_attrs"] if row["type"].native == "signing_time"
    )
    return moment


def test_the_second_master_list_is_the_later_one(issued: Path) -> None:
    assert signing_time(issued / "lists" / "first.ml") < signing_time(issued / "lists" / "second.ml")


def test_the_next_generation_hangs_on_its_link(issued: Path, authorities: Path, tmp_path: Path) -> None:
    """The first key vouches for the second, which issued the signer (Doc 9303-12, 4.1.5)."""
    content, link = tmp_path / "content", tmp_path / "link.pem"
    verified(issued / "lists" / "second.ml", authorities, "-out", content)
    identifiers = {
        one: (
            one.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest,
            one.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier,
        )
        for one in certificates(content)
    }
    (linking,) = (one for one, (own, issuer) in identifiers.items() if own != issuer)
    first = x509.load_pem_x509_certificate((issued / "anchors" / "test-csca.pem").read_bytes())
    linking.verify_directly_issued_by(first)
    link.write_bytes(linking.public_bytes(Encoding.PEM))
    message = security_object(issued / "laboratory" / "next_generation", tmp_path)
    signer = tmp_path / "signer.pem"
    verified(message, authorities, "-noverify", "-signer", signer)
    assert openssl("verify", "-CAfile", authorities, signer).returncode != 0
    assert openssl("verify", "-CAfile", authorities, "-untrusted", link, signer).returncode == 0


@pytest.mark.parametrize(("name", "revoked"), [("test-csca", 1), ("test-csca-second-country", 0)])
def test_the_revocation_lists(issued: Path, authorities: Path, name: str, revoked: int) -> None:
    file = issued / "crls" / f"{name}.crl"
    said = openssl("crl", "-inform", "DER", "-in", file, "-CAfile", authorities, "-noout")
    assert "verify OK" in said.stderr
    assert len(list(x509.load_der_x509_crl(file.read_bytes()))) == revoked


def test_the_revoked_signer_is_on_the_list(issued: Path, authorities: Path, tmp_path: Path) -> None:
    """openssl, told to look, refuses its signature and no other's."""
    revoked = tmp_path / "list.pem"
    lists = [openssl("crl", "-inform", "DER", "-in", file).stdout for file in (issued / "crls").iterdir()]
    revoked.write_text("".join((*lists, authorities.read_text())))
    for name, good in (("revoked_signer", False), ("aa_rsa", True)):
        message = security_object(issued / "laboratory" / name, tmp_path)
        said = verified(message, revoked, "-crl_check")
        assert (said.returncode == 0) == good, said.stderr
        assert ("certificate revoked" in said.stderr) != good

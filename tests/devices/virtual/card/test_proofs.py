"""How the chip proves itself: active and chip authentication, and PACE-CAM, on the laboratory's good cards and clones.

What the chip signs or agrees on is checked by another library, with the keys of its signed files.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from asn1crypto import core
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.virtual.card.chip import Chip, Limits
from devices.virtual.card.files import load
from devices.virtual.card.groups import GROUPS, private_key
from devices.virtual.card.tlv import encode, objects
from devices.virtual.issuer.der import identifier_value
from tests.devices.virtual.card.conftest import zone
from tests.devices.virtual.card.key_agreement import Pace, session_of, zone_password
from tests.devices.virtual.card.terminal import SELECT_EMRTD, Session, open_session

CHALLENGE = bytes.fromhex("F173589974BF40C6")
ZONE, NUMBER = 1, 2
TRAILERS = {"sha1": b"\xbc", "sha256": b"\x34\xcc"}
CAM = identifier_value("0.4.0.127.0.7.2.2.4.6.2")
GENERIC = identifier_value("0.4.0.127.0.7.2.2.4.2.2")
CHIP_AUTHENTICATION = "0.4.0.127.0.7.2.2.3"


def opened(card: Path) -> Session:
    return open_session(Chip(load(card), Limits()).answer, zone(card))


def public_key(card: Path, name: str) -> bytes:
    ((_, key),) = objects((card / name).read_bytes())
    return key


def static_key(infos: bytes, identifier: int | None = None) -> core.Sequence:
    """Of a ChipAuthenticationPublicKeyInfo among these SecurityInfos."""
    for info in core.SetOf.load(infos, spec=core.Sequence):
        if info[0].dotted.startswith("0.4.0.127.0.7.2.2.1.") and (identifier is None or info[2].native == identifier):
            return info[1]
    raise AssertionError("no key")


def signature(session: Session, challenge: bytes = CHALLENGE) -> bytes:
    data, status = session.ask("00880000", challenge, 0, extended=True)
    assert status == 0x9000
    return data


def recovered(card: Path, signed: bytes, hash_name: str) -> bool:
    """ISO/IEC 9796-2, scheme 1: header, the chip's nonce, hash, trailer."""
    numbers = load_der_public_key(public_key(card, "EF.DG15")).public_numbers()  # type: ignore[union-attr]
    message = pow(int.from_bytes(signed, "big"), numbers.e, numbers.n).to_bytes(256, "big")  # type: ignore[union-attr]
    trailer, size = TRAILERS[hash_name], hashlib.new(hash_name).digest_size
    if message[:1] != b"\x6a" or not message.endswith(trailer):
        return False
    body = message[1 : -len(trailer)]
    return hashlib.new(hash_name, body[:-size] + CHALLENGE).digest() == body[-size:]


@pytest.mark.parametrize(
    ("name", "hash_name", "genuine"),
    [("aa_rsa", "sha256", True), ("aa_rsa_sha1", "sha1", True), ("clone_without_key_aa", "sha256", False)],
)
def test_active_authentication_by_residues(laboratory: Path, name: str, hash_name: str, genuine: bool) -> None:
    card = laboratory / name
    session = opened(card)
    first, second = signature(session), signature(session)
    assert first != second
    assert recovered(card, first, hash_name) == genuine


def test_active_authentication_by_curve(laboratory: Path) -> None:
    """The curve is spelt out in DG15, which the other library takes for P-256."""
    card = laboratory / "aa_ecdsa"
    signed = signature(opened(card))
    key = load_der_public_key(public_key(card, "EF.DG15"))
    assert isinstance(key, ec.EllipticCurvePublicKey)
    r, s = (int.from_bytes(half, "big") for half in (signed[:32], signed[32:]))
    key.verify(utils.encode_dss_signature(r, s), CHALLENGE, ec.ECDSA(hashes.SHA256()))


def test_a_signature_that_does_not_fit_is_refused_whole(laboratory: Path) -> None:
    session = opened(laboratory / "aa_rsa")
    assert session.ask("00880000", CHALLENGE, 128) == (b"", 0x6700)
    assert session.ask("00880000", CHALLENGE[:7], 0, extended=True) == (b"", 0x6700)


def test_nothing_is_signed_before_access_control_nor_without_a_key(laboratory: Path, cards: Path) -> None:
    chip = Chip(load(laboratory / "aa_rsa"), Limits())
    command = bytes.fromhex("0088000008") + CHALLENGE + b"\x00"
    assert chip.answer(command).hex() == "6985"
    chip.answer(SELECT_EMRTD)
    assert chip.answer(command).hex() == "6982"
    assert opened(cards / "omar").ask("00880000", CHALLENGE, 0) == (b"", 0x6D00)


def agree(session: Session, parameters: int, static: bytes, cipher: int, reference: bytes = b"") -> Session:
    """Chip authentication, by the commands that this cipher has."""
    group = GROUPS[parameters]
    own = private_key(group)
    public = group.encode(group.multiply(own, group.generator))
    if cipher == 1:
        answer = session.ask("002241A6", encode(0x91, public) + reference, extended=True)
        assert answer == (b"", 0x9000)
    else:
        kind = 1 if parameters < 3 else 2
        choice = encode(0x80, identifier_value(f"{CHIP_AUTHENTICATION}.{kind}.{cipher}")) + reference
        assert session.ask("002241A4", choice) == (b"", 0x9000)
        data, status = session.ask("00860000", encode(0x7C, encode(0x80, public)), 0, extended=True)
        assert (data, status) == (b"\x7c\x00", 0x9000)
    shared = group.multiply(own, group.decode(static))
    return session_of(session.transmit, cipher, group.secret(shared))


def static_value(card: Path, identifier: int | None = None) -> bytes:
    """The public point or residue of DG14."""
    key = static_key(public_key(card, "EF.DG14"), identifier)
    content = key[1].contents[1:]
    if key[0][0].dotted == "1.2.840.10045.2.1":
        return bytes(content)
    number: int = core.Integer.load(content).native
    return number.to_bytes(256, "big").lstrip(b"\x00")


AGREEMENTS = [("ca_ecdh", 13, 2), ("ca_ecdh_3des", 12, 1), ("ca_dh", 2, 2), ("ca_dh_3des", 2, 1)]


@pytest.mark.parametrize(("name", "parameters", "cipher"), AGREEMENTS)
def test_chip_authentication(laboratory: Path, name: str, parameters: int, cipher: int) -> None:
    card = laboratory / name
    before = opened(card)
    session = agree(before, parameters, static_value(card), cipher)
    assert session.ask("00B08200", expected=100) == ((card / "EF.DG2").read_bytes()[:100], 0x9000)
    assert before.transmit(before.protect(bytes.fromhex("00B08100"), expected=4)).hex() in {"6987", "6988"}


def test_the_secret_is_another_librarys_too(laboratory: Path) -> None:
    """The static key of DG14, its curve spelt out, in an agreement that the other library makes."""
    card = laboratory / "ca_ecdh_3des"
    session = opened(card)
    own = ec.generate_private_key(ec.SECP256R1())
    public = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    assert session.ask("002241A6", encode(0x91, public)) == (b"", 0x9000)
    static = load_der_public_key(static_key(public_key(card, "EF.DG14")).dump())
    assert isinstance(static, ec.EllipticCurvePublicKey)
    after = session_of(session.transmit, 1, own.exchange(ec.ECDH(), static))
    assert after.ask("00B09E00", expected=2)[1] == 0x9000


def test_a_clone_cannot_follow_into_the_new_channel(laboratory: Path) -> None:
    card = laboratory / "clone_without_key_ca"
    session = agree(opened(card), 13, static_value(card), 2)
    assert session.transmit(session.protect(bytes.fromhex("00B08100"), expected=4)).hex() == "6988"


def test_one_of_two_keys_has_to_be_named(laboratory: Path) -> None:
    card = laboratory / "ca_two_keys"
    session = opened(card)
    assert session.ask("002241A4", encode(0x80, identifier_value(f"{CHIP_AUTHENTICATION}.2.2"))) == (b"", 0x9000)
    assert session.ask("002241A4", encode(0x80, identifier_value(f"{CHIP_AUTHENTICATION}.2.3"))) == (b"", 0x6A80)
    unknown = encode(0x80, identifier_value(f"{CHIP_AUTHENTICATION}.2.4")) + encode(0x84, b"\x01")
    assert session.ask("002241A4", unknown) == (b"", 0x6A88)
    session = agree(session, 13, static_value(card, identifier=2), 4, reference=encode(0x84, b"\x02"))
    assert session.ask("00B09E00", expected=2)[1] == 0x9000


@pytest.mark.parametrize(
    ("header", "data", "status"),
    [
        ("00860000", "7C00", 0x6985),  # nothing was chosen
        ("002241A6", "9104" + "04" * 4, 0x6A88),  # no key for triple DES
        ("002241A4", "80", 0x6A80),
        ("002281B6", "830101", 0x6A86),
    ],
)
def test_chip_authentication_wrongly_asked(laboratory: Path, header: str, data: str, status: int) -> None:
    session = opened(laboratory / "ca_ecdh")
    assert session.ask(header, bytes.fromhex(data), 0) == (b"", status)


def test_a_choice_is_good_for_the_next_command_only(laboratory: Path) -> None:
    session = opened(laboratory / "ca_ecdh")
    choice = encode(0x80, identifier_value(f"{CHIP_AUTHENTICATION}.2.2"))
    assert session.ask("002241A4", choice) == (b"", 0x9000)
    session.ask("00B09E00", expected=2)
    assert session.ask("00860000", bytes.fromhex("7C00"), 0) == (b"", 0x6985)


@pytest.mark.parametrize("data", ["", "7C", "7C00", "7C048002FFFF", "7C43804104" + "00" * 64, "8000"])
def test_a_key_that_is_none_leaves_the_old_channel(laboratory: Path, data: str) -> None:
    session = opened(laboratory / "ca_ecdh")
    choice = encode(0x80, identifier_value(f"{CHIP_AUTHENTICATION}.2.2"))
    assert session.ask("002241A4", choice) == (b"", 0x9000)
    assert session.ask("00860000", bytes.fromhex(data), 0) == (b"", 0x6A80)
    assert session.ask("00B09E00", expected=2)[1] == 0x9000


@pytest.mark.parametrize(("name", "genuine"), [("cam", True), ("clone_without_key_cam", False)])
def test_chip_authentication_mapping(laboratory: Path, name: str, genuine: bool) -> None:
    card = laboratory / name
    run = Pace(Chip(load(card), Limits()).answer, CAM, 13)
    session = run.open((card / "can.txt").read_text().strip().encode(), NUMBER)
    assert session.ask("00B09D00", expected=0, extended=True) == ((card / "EF.CardSecurity").read_bytes(), 0x9000)
    static = static_key(public_key(card, "EF.DG14"), identifier=13)[1].contents[1:]
    group = GROUPS[13]
    assert len(run.chip_data) == 32
    expected = group.multiply(int.from_bytes(run.chip_data, "big"), group.decode(static))
    assert (group.encode(expected) == run.mapped) == genuine
    assert session.ask("00A4040C", SELECT_EMRTD[5:]) == (b"", 0x9000)
    assert session.ask("00B08100", expected=0, extended=True)[0] == (card / "EF.DG1").read_bytes()


def test_the_same_card_by_generic_mapping_says_nothing_of_its_key(laboratory: Path) -> None:
    card = laboratory / "cam"
    run = Pace(Chip(load(card), Limits()).answer, GENERIC, 13)
    run.open(zone_password(zone(card)), ZONE)
    assert run.chip_data == b""


def test_card_security_is_for_nobody_before_pace(laboratory: Path) -> None:
    chip = Chip(load(laboratory / "cam"), Limits())
    assert chip.answer(bytes.fromhex("00B09D0000")).hex() == "6982"
    assert chip.answer(bytes.fromhex("00A4020C02011D")).hex() == "6982"
    assert chip.answer(bytes.fromhex("00B09C0000"))[-2:].hex() == "9000"


@settings(deadline=None)
@given(
    commands=st.lists(
        st.tuples(
            st.sampled_from(["002241A4", "002241A6", "00860000", "00880000", "00B10000", "0022C1A4"]),
            st.binary(max_size=80)
            | st.builds(encode, st.sampled_from([0x7C, 0x80, 0x84, 0x91]), st.binary(max_size=70)),
        ),
        max_size=5,
    )
)
def test_whatever_is_asked_in_the_channel_is_answered_in_it(
    laboratory: Path, commands: list[tuple[str, bytes]]
) -> None:
    """No such data is the public key of a group, so the channel stays."""
    session = opened(laboratory / "ca_two_keys")
    for header, data in commands:
        _, status = session.ask(header, data, 0, extended=True)
        assert status in {0x9000, 0x6700, 0x6985, 0x6986, 0x6A80, 0x6A86, 0x6A87, 0x6A88, 0x6D00}
    assert session.ask("00B09E00", expected=2)[1] == 0x9000

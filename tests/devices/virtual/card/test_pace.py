"""The chip's side of PACE: the worked example of ICAO Doc 9303-11, G.1, and terminals that do it wrong."""

from __future__ import annotations

import secrets

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.virtual.card import pace
from devices.virtual.card.chip import Chip, Limits
from devices.virtual.card.files import CARD_ACCESS, CardContent
from devices.virtual.card.pace import Protocol, ways_of
from devices.virtual.card.standard_curves import CURVES
from devices.virtual.card.tlv import encode
from tests.devices.virtual.card.terminal import SELECT_EMRTD

CARD_ACCESS_FILE = bytes.fromhex("31143012060A04007F0007020204020202010202010D")
CONTENT = CardContent(
    b"\x3b\x00",
    {CARD_ACCESS: CARD_ACCESS_FILE, 0x011E: b"\x60\x00"},
    None,
    ways_of(CARD_ACCESS_FILE),
    {pace.NUMBER: b"417093"},
)
CHOOSE = "0022C1A40F800A04007F00070202040202830102"
GIVE_NONCE = "10860000027C0000"
NAMED = {
    12: ec.SECP256R1(),
    13: ec.BrainpoolP256R1(),
    15: ec.SECP384R1(),
    16: ec.BrainpoolP384R1(),
    17: ec.BrainpoolP512R1(),
    18: ec.SECP521R1(),
}
# The public keys of the example, by the tag that they travel under: the terminal's, then the chip's.
KEYS = {
    0x81: "047ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E"
    "544552DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D",
    0x82: "04824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F57"
    "30D8C879AAA9C9F73991E61B58F4D52EB87A0A0C709A49DC63719363CCD13C54",
    0x83: "042DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C"
    "3556F3B3B186DF10B857B58F6A7EB80F20BA5DC7BE1D43D9BF850149FBB36462",
    0x84: "049E880F842905B8B3181F7AF7CAA9F0EFB743847F44A306D2D28C1D9EC65DF6DB"
    "7764B22277A2EDDC3C265A9F018F9CB852E111B768B326904B59A0193776F094",
}


def chip() -> Chip:
    return Chip(CONTENT, Limits())


def status(chip: Chip, command: str) -> str:
    return chip.answer(bytes.fromhex(command))[-2:].hex()


def test_the_worked_example() -> None:
    """What the chip says, byte for byte: nonce, both public keys, token."""
    given_out = iter(
        (
            0x3F00C4D39D153F2B2A214A078D899B22,
            0x498FF49756F2DC1587840041839A85982BE7761D14715FB091EFA7BCE9058560 - 1,
            0x107CF58696EF6155053340FD633392BA81909DF7B9706F226F32086C7AFF974A - 1,
        )
    )
    (way,) = ways_of(CARD_ACCESS_FILE)
    password = pace.zone_password(("I<UTOT220001293" + "<" * 15, "6408125F1010318UTO" + "<" * 11 + "0", "<" * 30))
    assert password.hex().upper() == "7E2D2A41C74EA0B38CD36F863939BFA8E9032AAD"
    run = Protocol(way, password, lambda _below: next(given_out))
    steps = [
        ("7C00", "7C12801095A3A016522EE98D01E76CB6B98B42C3"),
        (f"7C438141{KEYS[0x81]}", f"7C438241{KEYS[0x82]}"),
        (f"7C438341{KEYS[0x83]}", f"7C438441{KEYS[0x84]}"),
        ("7C0A8508C2B0BD78D94BA866", "7C0A86083ABB9674BCE93C08"),
    ]
    for sent, answered in steps:
        assert run.channel is None
        assert run.step(bytes.fromhex(sent)).hex().upper() == answered
    assert run.channel is not None


@pytest.mark.parametrize("parameters", NAMED)
def test_products_are_those_of_another_library(parameters: int) -> None:
    curve = CURVES[parameters]
    for factor in (1, 2, curve.order - 1, secrets.randbelow(curve.order - 1) + 1):
        public = ec.derive_private_key(factor, NAMED[parameters]).public_key()
        encoded = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        assert curve.encode(curve.multiply(factor, curve.generator)) == encoded
        assert curve.decode(encoded) == curve.multiply(factor, curve.generator)
    assert curve.multiply(curve.order, curve.generator) is None


def test_card_access_is_for_all_to_read_outside_the_application() -> None:
    card = chip()
    assert card.answer(bytes.fromhex("00B09C0000")) == CARD_ACCESS_FILE + b"\x90\x00"
    assert status(card, "00A4020C02011C") == "9000"
    assert card.answer(bytes.fromhex("00B0000004")) == CARD_ACCESS_FILE[:4] + b"\x90\x00"
    assert status(card, "00B09E0000") == "6a82"


def test_nothing_but_pace_opens_it() -> None:
    card = chip()
    assert card.answer(SELECT_EMRTD).hex() == "6982"
    assert status(card, "0084000008") == "6985"


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        (CHOOSE, "9000"),
        ("0022C1A412800A04007F0007020204020283010284010D", "9000"),
        ("0022C1A412800A04007F0007020204020283010284010C", "6a87"),  # another curve
        ("0022C1A40F800A04007F00070202040204830102", "6a87"),  # another cipher
        ("0022C1A40F800A04007F00070202040202830101", "6a88"),  # no password of that kind
        ("0022C1A40C800A04007F00070202040202", "6a87"),
        ("0022C1A4028301", "6a80"),
        ("002281B60F800A04007F00070202040202830102", "6a86"),
        (GIVE_NONCE, "6985"),
    ],
)
def test_the_choice(command: str, answer: str) -> None:
    assert status(chip(), command) == answer


def test_a_run_is_ended_by_anything_else() -> None:
    for between in ("00B09C0000", CHOOSE.replace("830102", "830101"), "0084000008"):
        card = chip()
        assert status(card, CHOOSE) == "9000"
        assert status(card, GIVE_NONCE) == "9000"
        status(card, between)
        assert status(card, GIVE_NONCE) == "6985"


@pytest.mark.parametrize(
    "data", ["", "7C", "8000", "7C00", "7C028100", "7C43814104" + "00" * 64, "7C438341" + "04" * 65, "7C0481020400"]
)
def test_a_key_that_is_none_ends_the_run(data: str) -> None:
    card = chip()
    status(card, CHOOSE)
    status(card, GIVE_NONCE)
    body = bytes.fromhex(data)
    assert status(card, f"10860000{len(body):02X}{data}00" if body else "1086000000") == "6a80"
    assert status(card, GIVE_NONCE) == "6985"


def test_a_wrong_token() -> None:
    (way,) = ways_of(CARD_ACCESS_FILE)
    run = Protocol(way, b"417093")
    run.step(bytes.fromhex("7C00"))
    point = way.group.encode(way.group.multiply(7, way.group.generator))
    run.step(encode(0x7C, encode(0x81, point)))
    run.step(encode(0x7C, encode(0x83, point)))
    with pytest.raises(pace.Refused) as refused:
        run.step(encode(0x7C, encode(0x85, bytes(8))))
    assert refused.value.status == 0x6300
    assert run.channel is None


@settings(deadline=None)
@given(frames=st.lists(st.binary(max_size=200), max_size=6), steps=st.integers(0, 2))
def test_whatever_is_sent_is_answered(frames: list[bytes], steps: int) -> None:
    card = chip()
    for command in (CHOOSE, GIVE_NONCE)[:steps]:
        status(card, command)
    for frame in frames:
        for sent in (frame, b"\x10\x86\x00\x00" + bytes([len(frame)]) + frame, b"\x00\x22\xc1\xa4" + frame):
            assert len(card.answer(sent)) >= 2

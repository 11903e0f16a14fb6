"""The worked example of PACE, ICAO Doc 9303-11, appendix G.1: generic mapping over brainpoolP256r1, AES-128."""

from __future__ import annotations

import pytest

from devices.cards import ciphers, pace
from devices.cards.apdu import Answer, Command
from devices.cards.exchange import Exchange
from devices.cards.pace import Password
from devices.cards.secure_messaging import SecureChannel
from devices.cards.security_infos import parse_security_infos
from devices.cards.tlv import MalformedData
from kiosk.failures import ServiceFailure
from tests.devices.cards.test_worked_examples import Script

CARD_ACCESS = bytes.fromhex("31143012060A04007F0007020204020202010202010D")
PASSWORD = Password(1, bytes.fromhex("7E2D2A41C74EA0B38CD36F863939BFA8E9032AAD"), "PACE-MRZ")
READER_KEYS = (
    0x7F4EF07B9EA82FD78AD689B38D0BC78CF21F249D953BC46F4C6E19259C010F99,
    0xA73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595,
)
CHOICE = ("0022C1A40F800A04007F00070202040202830101", "9000")
NONCE = ("10860000027C0000", "7C12801095A3A016522EE98D01E76CB6B98B42C39000")
_PUBLIC_KEYS = {
    0x81: "047ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E"
    "544552DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D",
    0x82: "04824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F57"
    "30D8C879AAA9C9F73991E61B58F4D52EB87A0A0C709A49DC63719363CCD13C54",
    0x83: "042DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C"
    "3556F3B3B186DF10B857B58F6A7EB80F20BA5DC7BE1D43D9BF850149FBB36462",
    0x84: "049E880F842905B8B3181F7AF7CAA9F0EFB743847F44A306D2D28C1D9EC65DF6DB"
    "7764B22277A2EDDC3C265A9F018F9CB852E111B768B326904B59A0193776F094",
}


def _exchange_of_keys(tag: int) -> tuple[str, str]:
    sent, answered = (f"7C43{each:02X}41{_PUBLIC_KEYS[each]}" for each in (tag, tag + 1))
    return f"1086000045{sent}00", f"{answered}9000"


MAPPING, AGREEMENT = _exchange_of_keys(0x81), _exchange_of_keys(0x83)
TOKENS = ("008600000C7C0A8508C2B0BD78D94BA86600", "7C0A86083ABB9674BCE93C089000")


def open_channel(script: Script, password: Password = PASSWORD, *, names_parameters: bool = False) -> SecureChannel:
    (offer,) = parse_security_infos(CARD_ACCESS).offers
    keys = iter(READER_KEYS)
    return pace.open_channel(
        Exchange(script), offer, password, names_parameters=names_parameters, ephemeral_key=lambda _order: next(keys)
    ).channel


def test_the_terminals_side_byte_for_byte() -> None:
    """The SELECT at the end is of an independent implementation of secure messaging with the keys of the example."""
    script = Script(
        CHOICE,
        NONCE,
        MAPPING,
        AGREEMENT,
        TOKENS,
        (
            "0CA4040C1D871101752F676B09FAC86A87D632749A49C7CC8E08C18BA1FCE707BD9F00",
            "990290008E08BEA7B381C494A0799000",
        ),
    )
    channel = open_channel(script)
    selected = channel.send(Command(0x00, 0xA4, 0x04, 0x0C, data=bytes.fromhex("A0000002471001")))
    assert selected == Answer(b"", 0x9000)
    assert script.is_done()


def test_the_session_keys() -> None:
    shared = bytes.fromhex("28768D20701247DAE81804C9E780EDE582A9996DB4A315020B2733197DB84925")
    keys = ciphers.SessionKeys.derive(shared, ciphers.AES_128)
    assert keys.encryption.hex().upper() == "F5F0E35C0D7161EE6724EE513A0D9A7F"
    assert keys.mac.hex().upper() == "FE251C7858B356B24514B3BD5F4297D1"
    assert ciphers.password_key(PASSWORD.secret, ciphers.AES_128).hex().upper() == "89DED1B26624EC1E634C1989302849DD"


def test_the_curve_is_named_where_several_are_offered_or_the_card_asks_for_it() -> None:
    named = ("0022C1A412800A04007F0007020204020283010184010D", "9000")
    for script, several in (
        (Script(named, NONCE, MAPPING, AGREEMENT, TOKENS), True),
        (Script((CHOICE[0], "6A87"), named, NONCE, MAPPING, AGREEMENT, TOKENS), False),
    ):
        open_channel(script, names_parameters=several)
        assert script.is_done()


@pytest.mark.parametrize(
    "answer", ["6300", "63C2", "6A80", "6982", "7C0A86083ABB9674BCE93C099000", "7C0A87083ABB9674BCE93C089000"]
)
def test_a_token_that_is_refused_or_wrong_is_a_wrong_access_number(answer: str) -> None:
    script = Script(CHOICE, NONCE, MAPPING, AGREEMENT, (TOKENS[0], answer))
    with pytest.raises(ServiceFailure, match="ACCESS_REFUSED"):
        open_channel(script)


@pytest.mark.parametrize(
    ("mapping", "agreement"),
    [
        # a point off the curve; one of the wrong size; this reader's own key; the point at infinity; another object
        (MAPPING[1].replace("3C54", "3C55"), None),
        ("7C038201049000", None),
        (None, "7C438441" + AGREEMENT[0][18:-2] + "9000"),
        (None, "7C038401009000"),
        (None, AGREEMENT[1].replace("7C438441", "7C438641")),
    ],
)
def test_keys_outside_the_protocol_are_refused(mapping: str | None, agreement: str | None) -> None:
    script = Script(CHOICE, NONCE, (MAPPING[0], mapping or MAPPING[1]), (AGREEMENT[0], agreement or AGREEMENT[1]))
    with pytest.raises(MalformedData):
        open_channel(script)


@pytest.mark.parametrize("answer", ["7C009000", "7C0280009000", "7C0A800800000000000000009000", "9000"])
def test_a_nonce_of_no_whole_blocks_is_refused(answer: str) -> None:
    with pytest.raises(MalformedData):
        open_channel(Script(CHOICE, (NONCE[0], answer)))

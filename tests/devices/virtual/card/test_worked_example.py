"""The chip answers the standard's own example byte for byte (ICAO Doc 9303-11, appendix D)."""

from __future__ import annotations

import secrets

import pytest

from devices.virtual.card.basic_access import AccessKeys
from devices.virtual.card.chip import Chip, Limits
from devices.virtual.card.files import COMMON, CardContent

# D.2: document L898902C<, born 690806, expires 940623; here at the places where a TD1 zone has them.
ZONE = ("I<UTO" + "L898902C<3" + "<" * 15, "6908061" + "F" + "9406236" + "UTO" + "<" * 12, "<" * 30)
EF_COM = bytes.fromhex("60145F0104303130365F36063034303030305C026175")
CHIP_RANDOM = {8: bytes.fromhex("4608F91988702212"), 16: bytes.fromhex("0B4F80323EB3191CB04970CB4052790B")}

TRANSCRIPT = [
    ("00A4040C07A0000002471001", "9000"),
    ("0084000008", "4608F919887022129000"),
    (
        "008200002872C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F25F1448EEA8AD90A728",
        "46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D74499000",
    ),
    ("0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800", "990290008E08FA855A5D4C50A8ED9000"),
    ("0CB000000D9701048E08ED6705417E96BA5500", "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000"),
    (
        "0CB000040D9701128E082EA28A70F3C7B53500",
        "871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D749000",
    ),
]


def test_keys_of_the_printed_zone() -> None:
    keys = AccessKeys.of_zone(ZONE)
    assert keys.encryption.hex().upper() == "AB94FDECF2674FDFB9B391F85D7F76F2"
    assert keys.authentication.hex().upper() == "7962D9ECE03D1ACD4C76089DCE131543"


def test_whole_transcript(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "token_bytes", CHIP_RANDOM.__getitem__)
    chip = Chip(CardContent(b"\x3b\x00", {COMMON: EF_COM}, AccessKeys.of_zone(ZONE)), Limits())
    answers = [chip.answer(bytes.fromhex(command)).hex().upper() for command, _ in TRANSCRIPT]
    assert answers == [answer for _, answer in TRANSCRIPT]

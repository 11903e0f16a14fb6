"""The chip's groups are those of the standard, and PACE opens a channel in each of them, by every cipher."""

from __future__ import annotations

import base64
import secrets
import subprocess

import pytest
from asn1crypto import core, keys

from devices.virtual.card import pace
from devices.virtual.card.chip import Chip, Limits
from devices.virtual.card.files import CARD_ACCESS, CardContent
from devices.virtual.card.groups import GROUPS
from devices.virtual.card.residues import RESIDUES
from devices.virtual.card.standard_curves import CURVES
from devices.virtual.issuer.der import identifier_value
from devices.virtual.issuer.security_infos import PACE, PaceInfo, security_infos
from tests.devices.virtual.card.key_agreement import Pace
from tests.devices.virtual.card.terminal import SELECT_EMRTD

OPENSSL_NAMES = {
    8: "prime192v1",
    9: "brainpoolP192r1",
    10: "secp224r1",
    11: "brainpoolP224r1",
    12: "prime256v1",
    13: "brainpoolP256r1",
    14: "brainpoolP320r1",
    15: "secp384r1",
    16: "brainpoolP384r1",
    17: "brainpoolP512r1",
    18: "secp521r1",
}
COMMON = b"\x60\x00"


def openssl(*arguments: str) -> bytes:
    return subprocess.run(["openssl", *arguments], capture_output=True, check=True).stdout


@pytest.mark.parametrize("parameters", CURVES)
def test_a_key_of_openssl_is_ours(parameters: int) -> None:
    curve, name = CURVES[parameters], OPENSSL_NAMES[parameters]
    key = keys.ECPrivateKey.load(openssl("ecparam", "-name", name, "-genkey", "-noout", "-outform", "DER"))
    public = key["public_key"].contents[1:]
    assert curve.encode(curve.multiply(key["private_key"].native, curve.generator)) == public
    assert curve.decode(public) is not None
    assert curve.multiply(curve.order, curve.generator) is None
    assert curve.decode(public[:-1] + bytes([public[-1] ^ 1])) is None


@pytest.mark.parametrize("parameters", RESIDUES)
def test_residues_are_those_of_rfc_5114(parameters: int) -> None:
    text = openssl("genpkey", "-algorithm", "DHX", "-pkeyopt", f"dh_rfc5114:{parameters + 1}", "-genparam").decode()
    encoded = base64.b64decode("".join(line for line in text.splitlines() if not line.startswith("-")))
    prime, generator, order = (number.native for number in core.SequenceOf.load(encoded, spec=core.Integer))
    group = RESIDUES[parameters]
    assert (group.prime, group.generator, group.order) == (prime, generator, order)
    assert group.multiply(order, generator) is None
    assert group.secret(generator >> 16) == bytes(2) + (generator >> 16).to_bytes(group.size - 2, "big")
    assert group.decode(group.encode(group.multiply(secrets.randbelow(order - 2) + 2, generator))) is not None


def opens(info: PaceInfo) -> bool:
    """PACE with the number, then the application and a file of it through the channel."""
    card_access = security_infos([info])
    files = {CARD_ACCESS: card_access, 0x011E: COMMON}
    content = CardContent(b"\x3b\x00", files, None, pace.ways_of(card_access), {pace.NUMBER: b"417093"})
    transmit = Chip(content, Limits()).answer
    protocol = identifier_value(f"{PACE}.{info.mapping}.{info.cipher}")
    session = Pace(transmit, protocol, info.parameters).open(b"417093", pace.NUMBER)
    assert session.ask("00A4040C", SELECT_EMRTD[5:]) == (b"", 0x9000)
    return session.ask("00B09E00", expected=2) == (COMMON, 0x9000)


@pytest.mark.parametrize("parameters", GROUPS)
def test_pace_in_every_group(parameters: int) -> None:
    assert opens(PaceInfo(2, parameters, 1 if parameters in RESIDUES else 2))


@pytest.mark.parametrize("cipher", [1, 2, 3, 4])
@pytest.mark.parametrize(("parameters", "mapping"), [(13, 2), (0, 1)])
def test_pace_with_every_cipher(parameters: int, mapping: int, cipher: int) -> None:
    assert opens(PaceInfo(cipher, parameters, mapping))


@pytest.mark.parametrize("info", [PaceInfo(2, 13, 1), PaceInfo(2, 0, 2), PaceInfo(1, 13, 6), PaceInfo(5, 13, 2)])
def test_what_does_not_go_together_is_not_offered(info: PaceInfo) -> None:
    assert pace.ways_of(security_infos([info])) == ()

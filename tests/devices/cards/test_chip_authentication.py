"""Chip authentication: recorded sessions of real documents, every cipher against a small chip, and copies."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from devices.cards import chip_authentication, tlv
from devices.cards.chip_keys import ChipNotProven, LengthRefused
from devices.cards.ciphers import AES_128, AES_256, CipherSuite, SessionKeys
from devices.cards.exchange import Exchange, WireBroken
from devices.cards.secure_messaging import ChannelBroken, SecureChannel
from devices.cards.security_infos import ChipAuthenticationOffer, parse_security_infos
from devices.cards.signatures import CannotCheck
from kiosk.failures import Failure, ServiceFailure
from tests.devices.cards.small_chip import Keys, SmallChip
from tests.devices.cards.test_pace_mappings import READ, plain
from tests.devices.cards.test_worked_examples import Script

# TR-03110's worked example is of version 2, which takes a nonce and a token more: it could not be used here. No session
# over residues is public; their agreement is checked by appendix G.2 in test_pace_example, and by the small chip here.

_BRAINPOOL_P256R1 = (
    "3081EC06072A8648CE3D02013081E0020101302C06072A8648CE3D0101022100A9FB57DBA1EEA9BC3E660A909D838D726E3BF623D5262028"
    "2013481D1F6E5377304404207D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9042026DC5C6CE94A4B44F330"
    "B5D9BBD77CBF958416295CF7E1CE6BCCDC18FF8C07B60441048BD2AEB9CB7E57CB2C4B482FFC81B7AFB9DE27E1E3BD23C23A4453BD9ACE32"
    "62547EF835C3DAC4FD97F8461A14611DC9C27745132DED8E545C1D54C72F046997022100A9FB57DBA1EEA9BC3E660A909D838D718C397AA3"
    "B561A6F7901E0E82974856A7020101"
)
_SECP256R1 = (
    "3081EC06072A8648CE3D02013081E0020101302C06072A8648CE3D0101022100FFFFFFFF00000001000000000000000000000000FFFFFFFF"
    "FFFFFFFFFFFFFFFF30440420FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFC04205AC635D8AA3A93E7B3EB"
    "BD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B0441046B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C2"
    "964FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5022100FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAAD"
    "A7179E84F3B9CAC2FC632551020101"
)


@dataclasses.dataclass(frozen=True)
class Recorded:
    """One session as gmrtd (chipauth/chip_auth_test.go) recorded it: DG14's SecurityInfos, the channel before and the
    keys after, the reader's key, and the commands with their answers."""

    infos: str
    suite: CipherSuite
    encryption: str
    mac: str
    counter: int
    reader_key: int
    exchanged: tuple[tuple[str, str], ...]


GERMAN = Recorded(
    infos="3013060A04007F00070202030202020101020200C3"
    "30820146060904007F00070202010230820133"
    + _BRAINPOOL_P256R1
    + "034200047036BC5D0BCF31913B59103BB6F2C0C98C99EF4C19B9517340B76BFE4EE2194C76C3F3314E021D4B092DB5A32AB7D6E297F2FB"
    "EAE45AA28DEFC4DA750FEAD54E020200C3",
    suite=AES_128,
    encryption="CC86415F2ED7E8FD663B754265695AE1",
    mac="581E84B8EE06C4D3EEE30461498D7FB3",
    counter=0xBA,
    reader_key=0x84A5145885678EE9307C28C52736896267511203B7B8009C5FE27ABCBAECDCAA,
    exchanged=(
        (
            "0C2241A41D871101980953D37F67558690045D78A853B18A8E08929767A2CEF172E200",
            "990290008E08FC873EBB62219C8A9000",
        ),
        (
            (
                "0C8600006087510161912C367A6322D24AA1D4522DC47A7345369257672DF1D1163D506EB6489395D8083FAD393A394297CE8703"
                "C42F22C864C1F4C8E70EE1CF9B497ACF6579190D90F36CF9E16FE2149FF57247285D9E1E9701008E08A1D7A16EFBFD932C00"
            ),
            "87110123E7159AC9B0EF92CE1F6755B89697E3990290008E088972F1595E1508C29000",
        ),
        (
            "0CA4020C1D871101FAD37EADBCDE7E6A0833035A9FFF5B708E0836560BBCE1FECD5F00",
            "990290008E0829D0E1EBBB61BE7A9000",
        ),
    ),
)
# No ChipAuthenticationInfo; the channel before is of AES-256, the one after of Triple DES.
FRENCH = Recorded(
    infos="30820142060904007F00070202010230820133"
    + _SECP256R1
    + "034200048367FC170D90AD53A28C6526A9C7EC4F5C59C4F7F5D992583F951A1654B4D1D6332163A33D82CBF245154887A8812ED9A55C15"
    "AD9D5C5C463851875BBA9AEABD3012060A04007F0007020204020402010202010C",
    suite=AES_256,
    encryption="17DA5D46E356F5B31C3D65B1369EF531CA811EFFC76967D2B62335E1AD9FE5CB",
    mac="5CB99A25E6081581FAC80C8DA621087939B6BDE273F2F7C65693B3A0EA3051ED",
    counter=0xC6,
    reader_key=0xD9C3B06A4DCB735351429403FCB56DB520DC882512D775971F724D6112F96586,
    exchanged=(
        (
            (
                "0C2241A65D8751013AE386873DF68BD7E9F8D7AB2E696CED29EEB8DA78D502645B5E97D566361341E2EAA56318F6D84BF0BC44F7"
                "808AFAF14798D16048AAB03545F017F557D2CCE9DEE724F099E3D643ABD0FB03E567D9B18E08F2D238DEDE5ABBF100"
            ),
            "990290008E089666AC14D11E8C2C9000",
        ),
        ("0CA4020C15870901DB66E918FE3525F98E08D870008CEA2BA80000", "990290008E08420DEA0A913418AE9000"),
    ),
)


@pytest.mark.parametrize("recorded", [GERMAN, FRENCH])
def test_sessions_of_real_documents_byte_for_byte(recorded: Recorded) -> None:
    infos = parse_security_infos(tlv.encode(0x31, bytes.fromhex(recorded.infos)))
    (offer,) = infos.chip_authentication
    script = Script(*recorded.exchanged)
    keys = SessionKeys(bytearray.fromhex(recorded.encryption), bytearray.fromhex(recorded.mac), recorded.suite)
    before = SecureChannel(Exchange(script), keys, recorded.counter)
    chip_authentication.authenticate(Exchange(script), before, offer, ephemeral_key=lambda _order: recorded.reader_key)
    assert script.is_done()
    assert not any(keys.encryption + keys.mac)


def chip_of(parameter_id: int) -> SmallChip:
    """A chip in a channel of AES-128."""
    chip = SmallChip(static_group=plain(parameter_id, full=True), static_key=0x1234567)
    chip.keys = Keys(b"before", 2)
    chip.files[0x1C] = bytes(8)
    return chip


def offer_of(parameter_id: int, cipher: int = 2, key_id: int | None = None) -> ChipAuthenticationOffer:
    kind = 1 if parameter_id < 3 else 2
    group = plain(parameter_id, full=True)
    public = group.multiply(0x1234567, group.generator)
    bits = b"\x00" + (tlv.encode(0x02, b"\x00" + public) if kind == 1 else public)
    algorithm = bytes.fromhex("060704007F00070102") + bytes([2, 1, parameter_id])
    numbered = b"" if key_id is None else tlv.encode(0x02, bytes([key_id]))
    protocol = bytes.fromhex("04007F00070202")
    key = tlv.encode(0x30, tlv.encode(0x30, algorithm) + tlv.encode(0x03, bits))
    infos = (
        tlv.encode(0x30, tlv.encode(0x06, protocol + bytes([3, kind, cipher])) + b"\x02\x01\x01" + numbered),
        tlv.encode(0x30, tlv.encode(0x06, protocol + bytes([1, kind])) + key + numbered),
    )
    (offer,) = parse_security_infos(tlv.encode(0x31, b"".join(infos))).chip_authentication
    return offer


def authenticate(chip: SmallChip, offer: ChipAuthenticationOffer) -> SecureChannel:
    exchange = Exchange(chip)
    return chip_authentication.authenticate(
        exchange, SecureChannel(exchange, SessionKeys.derive(b"before", AES_128), 0), offer
    )


@pytest.mark.parametrize("cipher", [1, 2, 3, 4])
@pytest.mark.parametrize("parameter_id", [0, 1, 2, 12, 13, 14, 18])
def test_every_cipher_and_kind_of_key(parameter_id: int, cipher: int) -> None:
    chip = chip_of(parameter_id)
    channel = authenticate(chip, offer_of(parameter_id, cipher))
    assert channel.send(READ).data == bytes(8)
    instructions = [command[1] for command in chip.commands]
    assert instructions == ([0x22, 0xA4, 0xB0] if cipher == 1 else [0x22, 0x86, 0xA4, 0xB0])


@pytest.mark.parametrize("cipher", [1, 2])
def test_a_key_id_is_told(cipher: int) -> None:
    chip = chip_of(12)
    authenticate(chip, offer_of(12, cipher, key_id=0x43))
    assert chip.commands[0].endswith(bytes.fromhex("840143"))


@pytest.mark.parametrize("cipher", [1, 2])
def test_a_copy_has_another_key(cipher: int) -> None:
    chip = chip_of(12)
    chip.static_key += 1
    with pytest.raises(ChipNotProven):
        authenticate(chip, offer_of(12, cipher))


@pytest.mark.parametrize(("cipher", "instructions"), [(1, [0x22]), (2, [0x22, 0x86])])
def test_a_copy_that_refuses_is_asked_nothing_more(cipher: int, instructions: list[int]) -> None:
    chip = chip_of(12)
    chip.static_group = None
    with pytest.raises(ChipNotProven):
        authenticate(chip, offer_of(12, cipher))
    assert [command[1] for command in chip.commands] == instructions


def in_the_open(_answer: bytes) -> bytes:
    return b"\x90\x00"


def changed(answer: bytes) -> bytes:
    return answer[:-3] + bytes([answer[-3] ^ 1]) + answer[-2:]


@pytest.mark.parametrize("spoil", [in_the_open, changed])
@pytest.mark.parametrize("instruction", [0x22, 0x86, 0xA4])
def test_a_copy_that_cannot_protect_an_answer(instruction: int, spoil: Callable[[bytes], bytes]) -> None:
    chip = chip_of(12)
    chip.spoil = lambda number, answer: spoil(answer) if number == instruction else answer
    with pytest.raises(ChipNotProven):
        authenticate(chip, offer_of(12))


@pytest.mark.parametrize(
    ("told", "failure"),
    [(ServiceFailure(Failure.CARD_REMOVED), Failure.CARD_REMOVED), (WireBroken(), Failure.CARD_MUTE)],
)
@pytest.mark.parametrize("instruction", [0x22, 0x86, 0xA4])
def test_a_card_that_is_gone_is_not_called_a_copy(instruction: int, told: Exception, failure: Failure) -> None:
    chip = chip_of(12)

    def spoil(number: int, answer: bytes) -> bytes:
        if number == instruction:
            raise told
        return answer

    chip.spoil = spoil
    with pytest.raises(ServiceFailure) as raised:
        authenticate(chip, offer_of(12))
    assert raised.value.failure is failure


@pytest.mark.parametrize(("parameter_id", "takes"), [(0, True), (18, True), (1, False), (2, False)])
def test_a_reader_of_short_commands(parameter_id: int, takes: bool) -> None:
    chip = chip_of(parameter_id)
    chip.reader_limit = 256
    if takes:
        authenticate(chip, offer_of(parameter_id))
        assert chip.longest <= 261
        return
    with pytest.raises(CannotCheck, match="reader"):
        authenticate(chip, offer_of(parameter_id))
    assert chip.commands == []


@pytest.mark.parametrize(("parameter_id", "told"), [(1, LengthRefused), (12, ChipNotProven)])
@pytest.mark.parametrize("status", ["6700", "6C00"])
def test_length_is_an_excuse_for_a_long_key_alone(parameter_id: int, told: type[Exception], status: str) -> None:
    chip = chip_of(parameter_id)
    chip.spoil = lambda instruction, answer: bytes.fromhex(status) if instruction == 0x86 else answer
    with pytest.raises(told):
        authenticate(chip, offer_of(parameter_id))


@pytest.mark.parametrize(("parameter_id", "told"), [(1, LengthRefused), (12, ChipNotProven)])
def test_a_refusal_under_the_protection_of_the_channel(parameter_id: int, told: type[Exception]) -> None:
    chip = chip_of(parameter_id)
    chip.agreed = b"\x67\x00"
    with pytest.raises(told):
        authenticate(chip, offer_of(parameter_id))


def test_the_old_channel_is_over() -> None:
    chip = chip_of(12)
    exchange = Exchange(chip)
    before = SecureChannel(exchange, SessionKeys.derive(b"before", AES_128), 0)
    chip_authentication.authenticate(exchange, before, offer_of(12))
    with pytest.raises(ChannelBroken):
        before.send(READ)

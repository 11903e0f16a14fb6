"""Active authentication: recorded signatures, every trailer of RSA, cut and refused answers, and keys of no use."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from Crypto.PublicKey import RSA
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from devices.cards import active_authentication, tlv
from devices.cards.chip_keys import ChipNotProven, LengthRefused, ProofWithheld
from devices.cards.ciphers import AES_128, SessionKeys
from devices.cards.exchange import Exchange, WireBroken
from devices.cards.files import InTheOpen
from devices.cards.secure_messaging import SecureChannel
from devices.cards.signatures import CannotCheck
from devices.cards.tlv import MalformedData
from kiosk.failures import Failure, ServiceFailure
from tests.devices.cards.small_chip import Keys, SmallChip
from tests.devices.cards.test_message_recovery import TRAILERS, sign_rsa

OK = b"\x90\x00"
Sign = Callable[[bytes, int], bytes]


@pytest.fixture(scope="module")
def rsa_key() -> RSA.RsaKey:
    return RSA.generate(1_024)


@pytest.fixture(scope="module")
def long_rsa_key() -> RSA.RsaKey:
    return RSA.generate(2_048)


def file_of(key: RSA.RsaKey | ec.EllipticCurvePublicKey) -> bytes:
    if isinstance(key, RSA.RsaKey):
        return tlv.encode(0x6F, key.public_key().export_key("DER"))
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return tlv.encode(0x6F, key.public_bytes(serialization.Encoding.DER, form))


EC_FILE = file_of(ec.derive_private_key(7, ec.SECP256R1()).public_key())


def chip_that(sign: Sign) -> SmallChip:
    chip = SmallChip()
    chip.sign = sign
    return chip


def prove(chip: SmallChip, file: bytes, hash_of_info: str | None = None) -> None:
    active_authentication.prove(InTheOpen(Exchange(chip)), file, hash_of_info)


DG15 = bytes.fromhex(
    "6F81A230819F300D06092A864886F70D010101050003818D0030818902818100BD8620D45693E1CD8678639F22E9553F09E3AFD87BD26000113C"
    "E2798B7A02A2E0AB6B7525D09072109D938D6708167E8FAFAF83F17BFBA36CECCE26058C7ED9AE29516755B19F78CE0E73DA02340B117B8AB2EC"
    "A007F1390E93E896016335EB5C1E330B961C03E253D17874F7ABEE8D4962C49FFE578D46954FF23B26F5E5550203010001"
)
RECORDED = {
    "47E4EE7F211F7326": "8AECE4E0AB1A6B9E06B31ACBA51AE316D0B7B48E2F5FE13E575060F6B9DC27A2F9D03DCF67A141F466EEC753879106"
    "BE0992F46F5EAAD075EB1886D2ACE90D60C2EDA69880780CE4FA36EF27AB01C47527BD23B178EC8F213307281572C219487FC11B2C3D9C144DC9"
    "8D96D1A79A7478449D692D3D14E8C044F81B3ADF0047E0",
    "0A2756299542EFCF": "0854CF7B69FB54286F97FC8B396722E21156DFEEC38CF5C63035B09A59C4EA7FCA79865D5EE166548AAE5AE1F629A5"
    "7459B46F5D1D1E4EFE9369C0075903D3CA282D6B2CF5843E62CE53BEA33E3D6AA7A48147CC38C9B534437FD0DCD0F0C787BE74061DFA84443525"
    "3D651E7986BA47F49FA49D7041BD1FE72B5E5D09221FD1",
}


@pytest.mark.parametrize("challenge", RECORDED)
def test_signatures_of_a_real_document(challenge: str) -> None:
    """Recorded by pymrtd (tests/pki/iso9796e2_test.py)."""
    chip = chip_that(lambda _challenge, _expected: bytes.fromhex(RECORDED[challenge]) + OK)
    active_authentication.prove(InTheOpen(Exchange(chip)), DG15, None, lambda _size: bytes.fromhex(challenge))
    assert chip.commands == [bytes.fromhex("00880000" + challenge)]
    with pytest.raises(ChipNotProven):
        prove(chip, DG15)


@pytest.mark.parametrize("smaller", [False, True])
@pytest.mark.parametrize("padding", [0, 1, 2, 9])
@pytest.mark.parametrize("hash_name", TRAILERS)
def test_rsa(rsa_key: RSA.RsaKey, hash_name: str, padding: int, smaller: bool) -> None:
    chip = chip_that(
        lambda challenge, _: sign_rsa(rsa_key, challenge, hash_name, padding=padding, smaller=smaller) + OK
    )
    for _ in range(2):
        prove(chip, file_of(rsa_key))
    assert len({command[4:] for command in chip.commands}) == 2


def test_a_signature_that_is_cut_off_is_asked_for_again(rsa_key: RSA.RsaKey) -> None:
    """Requirement of some chips: they say 9000 of what they cut at 100 bytes."""

    def sign(challenge: bytes, expected: int) -> bytes:
        signature = sign_rsa(rsa_key, challenge)
        return (signature if expected > 256 else signature[:100]) + OK

    chip = chip_that(sign)
    prove(chip, file_of(rsa_key))
    assert len(chip.commands) == 2
    assert chip.commands[0] != chip.commands[1]


def test_a_signature_that_fits_has_no_excuse_to_stay_cut_off(rsa_key: RSA.RsaKey) -> None:
    for key_file in (file_of(rsa_key), EC_FILE):
        with pytest.raises(ChipNotProven, match="cut off"):
            prove(chip_that(lambda *_: bytes(60) + OK), key_file)
    for status in (b"\x67\x00", b"\x6c\x00"):
        with pytest.raises(ChipNotProven):
            prove(chip_that(lambda *_, told=status: told), file_of(rsa_key))


def test_a_chip_that_wants_the_exact_length_is_given_it(rsa_key: RSA.RsaKey) -> None:
    prove(
        chip_that(lambda challenge, most: sign_rsa(rsa_key, challenge) + OK if most == 128 else b"\x6c\x80"),
        file_of(rsa_key),
    )


def test_a_long_signature_that_does_not_come_whole_shows_nothing(long_rsa_key: RSA.RsaKey) -> None:
    """A copy could do the same: it is for the caller to say whether the card has just taken such lengths."""
    for answer in (bytes(60) + OK, b"\x67\x00"):
        channel = in_a_channel(chip_that(lambda *_, told=answer: told))
        with pytest.raises(LengthRefused):
            active_authentication.prove(channel, file_of(long_rsa_key), None)


def test_a_reader_of_short_answers(rsa_key: RSA.RsaKey, long_rsa_key: RSA.RsaKey) -> None:
    chip = chip_that(lambda challenge, _: sign_rsa(rsa_key, challenge) + OK)
    active_authentication.prove(in_a_channel(chip), file_of(rsa_key), None, reader_limit=256)
    for answer in (bytes(60) + OK, b"\x67\x00"):
        chip = chip_that(lambda *_, told=answer: told)
        with pytest.raises(LengthRefused):
            active_authentication.prove(in_a_channel(chip), file_of(rsa_key), None, reader_limit=256)
    chip = chip_that(lambda *_: OK)
    with pytest.raises(CannotCheck, match="reader"):
        active_authentication.prove(in_a_channel(chip), file_of(long_rsa_key), None, reader_limit=256)
    assert chip.commands == []


@pytest.mark.parametrize("status", ["6D00", "6982", "6300", "6A80"])
def test_a_chip_that_refuses_is_a_copy(rsa_key: RSA.RsaKey, status: str) -> None:
    with pytest.raises(ChipNotProven):
        prove(chip_that(lambda *_: bytes.fromhex(status)), file_of(rsa_key))


def in_a_channel(chip: SmallChip) -> SecureChannel:
    chip.keys = Keys(b"shared", 2)
    return SecureChannel(Exchange(chip), SessionKeys.derive(b"shared", AES_128), 0)


def test_a_long_signature_is_asked_for_at_extended_length_in_a_channel(long_rsa_key: RSA.RsaKey) -> None:
    asked: list[int] = []

    def sign(challenge: bytes, expected: int) -> bytes:
        asked.append(expected)
        return sign_rsa(long_rsa_key, challenge, "sha256") + OK

    active_authentication.prove(in_a_channel(chip_that(sign)), file_of(long_rsa_key), None)
    assert asked == [65_536]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("6982", ChipNotProven),
        ("6700", ChipNotProven),
        ("6C00", ChipNotProven),
        ("8E0812345678123456789000", ChipNotProven),
    ],
)
def test_answers_outside_the_channel(rsa_key: RSA.RsaKey, answer: str, told: type[Exception]) -> None:
    chip = chip_that(lambda *_: OK)
    channel = in_a_channel(chip)
    chip.spoil = lambda *_: bytes.fromhex(answer)
    with pytest.raises(told):
        active_authentication.prove(channel, file_of(rsa_key), None)


@pytest.mark.parametrize(
    ("raised", "told"), [(ServiceFailure(Failure.CARD_REMOVED), "CARD_REMOVED"), (WireBroken(), "CARD_MUTE")]
)
def test_a_card_that_is_gone_is_not_called_a_copy(rsa_key: RSA.RsaKey, raised: Exception, told: str) -> None:
    def sign(_challenge: bytes, _expected: int) -> bytes:
        raise raised

    with pytest.raises(ServiceFailure, match=told):
        prove(chip_that(sign), file_of(rsa_key))


def test_an_extended_answer_that_breaks_the_wire_may_be_the_reader_s_doing(long_rsa_key: RSA.RsaKey) -> None:
    def sign(_challenge: bytes, _expected: int) -> bytes:
        raise WireBroken

    with pytest.raises(ProofWithheld):
        active_authentication.prove(in_a_channel(chip_that(sign)), file_of(long_rsa_key), None)


def rsa_file(modulus: int, exponent: int) -> bytes:
    numbers = (number.to_bytes(number.bit_length() // 8 + 1, "big") for number in (modulus, exponent))
    key = tlv.encode(0x30, b"".join(tlv.encode(0x02, number) for number in numbers))
    algorithm = tlv.encode(0x30, bytes.fromhex("06092A864886F70D0101010500"))
    return tlv.encode(0x6F, tlv.encode(0x30, algorithm + tlv.encode(0x03, b"\x00" + key)))


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (b"", MalformedData),
        (tlv.encode(0x6F, bytes(290)), MalformedData),
        (DG15[:-1], MalformedData),
        (rsa_file((1 << 512) - 1, 3), CannotCheck),
        (rsa_file((1 << 1_020) - 1, 3), CannotCheck),
        (rsa_file((1 << 8_200) - 1, 3), CannotCheck),
        (rsa_file((1 << 1_024) - 1, 1), CannotCheck),
        (rsa_file((1 << 1_024) - 1, (1 << 80) + 1), CannotCheck),
        (EC_FILE[:-1] + b"\x00", MalformedData),
        (file_of(ec.generate_private_key(ec.SECP192R1()).public_key()), CannotCheck),
    ],
    ids=[
        "empty",
        "zeros",
        "cut off",
        "short",
        "odd size",
        "long",
        "exponent",
        "long exponent",
        "no point",
        "weak curve",
    ],
)
def test_keys_that_are_not_asked_to_sign(file: bytes, told: type[Exception]) -> None:
    chip = chip_that(lambda *_: OK)
    with pytest.raises(told):
        prove(chip, file)
    assert chip.commands == []


def test_a_hash_that_the_standard_forbids_is_not_checked() -> None:
    with pytest.raises(CannotCheck, match="sha1"):
        prove(chip_that(lambda *_: OK), EC_FILE, "sha1")

"""EF.CardSecurity: how it is read and opened, and a chip that is proven by it."""

from __future__ import annotations

import pytest
from asn1crypto import cms

from devices.cards import tlv
from devices.cards.apdu import EXTENDED_LARGEST, SHORT_LARGEST
from devices.cards.card_security import open_card_security, read_card_security
from devices.cards.chip_keys import ChipNotProven
from devices.cards.exchange import Exchange
from devices.cards.files import FileMissing, NoData
from devices.cards.signatures import CannotCheck, SignatureWrong
from devices.cards.tlv import MalformedData
from tests.devices.cards import issuing
from tests.devices.cards.conftest import Country
from tests.devices.cards.small_chip import SmallChip
from tests.devices.cards.test_pace import pace_info
from tests.devices.cards.test_pace_mappings import chip_of, open_channel
from tests.devices.cards.test_security_infos import info, integer, standardized
from tests.devices.cards.test_worked_examples import Script

SECURITY_OBJECT = "0.4.0.127.0.7.3.2.1"
MAPPED = pace_info(2, 13, 6)


def make_card_security(jordan: Country, chip: SmallChip, content_type: str = SECURITY_OBJECT) -> bytes:
    assert chip.static_group is not None
    key = standardized(13, chip.static_group.multiply(chip.static_key, chip.static_group.generator))
    infos = tlv.encode(0x31, MAPPED + info("0102", key, integer(2)))
    return issuing.make_signed_data(jordan.signer, infos, content_type=content_type)


@pytest.mark.parametrize("most", [SHORT_LARGEST, EXTENDED_LARGEST])
def test_a_chip_is_proven_by_its_own_file(jordan: Country, most: int) -> None:
    """As a caller does it: PACE, the file in its channel, its signature, and the key against what PACE left."""
    chip = chip_of(6, 2, 13)
    chip.files[0x1D] = make_card_security(jordan, chip)
    opened = open_channel(chip)
    room = opened.channel.short_read if most == SHORT_LARGEST else most
    file = read_card_security(opened.channel, room)
    assert file == chip.files[0x1D]
    signed = open_card_security(file)
    assert signed.signer.dump() == jordan.signer.der
    assert MAPPED in signed.infos.entries
    assert opened.mapping is not None
    opened.mapping.prove(signed.infos.chip_keys)


def test_a_copy_of_the_file_does_not_prove_another_chip(jordan: Country) -> None:
    original, copy = chip_of(6, 2, 13), chip_of(6, 2, 13)
    copy.files[0x1D] = make_card_security(jordan, original)
    opened = open_channel(copy)
    signed = open_card_security(read_card_security(opened.channel, EXTENDED_LARGEST))
    assert opened.mapping is not None
    with pytest.raises(ChipNotProven):
        opened.mapping.prove(signed.infos.chip_keys)


def test_a_file_that_is_given_only_when_selected() -> None:
    script = Script(("00B09D0000", "6A82"), ("00A4020C02011D", "9000"), ("00B0000000", "300204009000"))
    assert read_card_security(Exchange(script), SHORT_LARGEST) == bytes.fromhex("30020400")
    assert script.is_done()


@pytest.mark.parametrize(("status", "told"), [("6A82", FileMissing), ("6985", NoData)])
def test_a_card_without_the_file(status: str, told: type[Exception]) -> None:
    script = Script(("00B09D0000", status), ("00A4020C02011D", "6A82"))
    with pytest.raises(told):
        read_card_security(Exchange(script), SHORT_LARGEST)
    assert script.is_done()


def test_no_changed_byte_changes_what_is_signed(jordan: Country) -> None:
    whole = make_card_security(jordan, chip_of(6, 2, 13))
    original = open_card_security(whole)
    changed = 0
    for position in range(len(whole)):
        spoilt = whole[:position] + bytes([whole[position] ^ 0x01]) + whole[position + 1 :]
        try:
            signed = open_card_security(spoilt)
        except (MalformedData, SignatureWrong, CannotCheck):
            continue
        changed += 1
        assert signed.infos == original.infos
    # Versions, lists of algorithms and the certificate are under no signature of this file; the last is believed or not
    # by the chain to its country.
    assert changed < len(whole) // 2


def test_another_signed_file_is_not_taken_for_it(jordan: Country) -> None:
    """EF.SOD is signed by the same issuer, and has the same short identifier in the application."""
    for file in (
        make_card_security(jordan, chip_of(6, 2, 13), issuing.LDS_SECURITY_OBJECT),
        issuing.make_security_object(jordan.signer, {1: b"one"}),
        tlv.parse_one(issuing.make_security_object(jordan.signer, {1: b"one"}), 0x77).value,
        b"",
    ):
        with pytest.raises(MalformedData):
            open_card_security(file)


def test_the_signer_is_found_beside_a_certificate_that_does_not_parse_and_not_among_thousands(jordan: Country) -> None:
    whole = make_card_security(jordan, chip_of(6, 2, 13))

    def with_certificates(*certificates: bytes) -> bytes:
        signed = cms.ContentInfo.load(whole)
        listed = cms.CertificateSet.load(tlv.encode(0x31, b"".join(certificates)))
        signed["content"]["certificates"] = listed
        return bytes(signed.dump())

    own = jordan.signer.der
    spoilt = tlv.encode(0x30, tlv.encode(0x30, b"\x02\x01\x01") + own[-20:])
    assert open_card_security(with_certificates(spoilt, own)).signer.dump() == own
    with pytest.raises(MalformedData, match="too many"):
        open_card_security(with_certificates(*[own] * 21))

"""PACE on every group and cipher, by every mapping, against a small chip in memory; and how a copy is found out."""

from __future__ import annotations

import secrets

import pytest

from devices.cards import pace, tlv
from devices.cards.apdu import Command
from devices.cards.chip_keys import ChipKey, ChipNotProven
from devices.cards.chip_mapping import ChipMapping
from devices.cards.exchange import Exchange
from devices.cards.groups import STANDARDIZED, CurveGroup, ResidueGroup
from devices.cards.pace import Opened, Password
from devices.cards.security_infos import parse_security_infos
from devices.cards.tlv import MalformedData
from kiosk.failures import Failure, ServiceFailure
from tests.devices.cards import plain_groups
from tests.devices.cards.small_chip import SmallChip
from tests.devices.cards.test_pace import pace_info

NUMBER = "417093"
READ = Command(0x00, 0xB0, 0x9C, 0x00, expected=8)


def plain(parameter_id: int, *, full: bool = False) -> plain_groups.Group:
    group = STANDARDIZED[parameter_id]
    if isinstance(group, CurveGroup):
        return plain_groups.Curve(group.curve)
    assert isinstance(group, ResidueGroup)
    return plain_groups.Residues(group.parameters, full)


def chip_of(mapping: int, cipher: int, parameter_id: int, *, full: bool = False) -> SmallChip:
    group = plain(parameter_id, full=full)
    chip = SmallChip(static_group=group, static_key=secrets.randbelow(group.order - 1) + 1)
    chip.runs_pace(group, mapping, cipher, NUMBER.encode())
    chip.files[0x1C] = tlv.encode(0x31, pace_info(cipher, parameter_id, mapping))
    return chip


def open_channel(chip: SmallChip, number: str = NUMBER) -> Opened:
    (offer,) = parse_security_infos(chip.files[0x1C]).offers
    return pace.open_channel(Exchange(chip), offer, Password.of_access_number(number), names_parameters=False)


def static_key_of(chip: SmallChip) -> ChipKey:
    assert chip.static_group is not None
    group = next(each for number, each in STANDARDIZED.items() if plain(number) == chip.static_group)
    return ChipKey(group, chip.static_group.multiply(chip.static_key, group.generator), None)


def mapping_of(chip: SmallChip) -> ChipMapping:
    mapping = open_channel(chip).mapping
    assert mapping is not None
    return mapping


@pytest.mark.parametrize(
    ("parameter_id", "cipher"),
    [(number, 2) for number in STANDARDIZED] + [(each, n) for each in (0, 13) for n in (1, 3, 4)],
)
def test_generic_mapping_on_every_group_and_by_every_cipher(parameter_id: int, cipher: int) -> None:
    chip = chip_of(1 if parameter_id < 3 else 2, cipher, parameter_id)
    opened = open_channel(chip)
    assert opened.mapping is None
    assert opened.channel.send(READ).data == chip.files[0x1C][:8]


@pytest.mark.parametrize("full", [False, True])
def test_residues_with_and_without_leading_zeros(full: bool) -> None:
    chip = chip_of(1, 2, 0, full=full)
    chip.has_short_keys = True
    assert open_channel(chip).channel.send(READ).data == chip.files[0x1C][:8]


@pytest.mark.parametrize("parameter_id", [1, 2])
def test_a_reader_that_takes_no_long_key(parameter_id: int) -> None:
    chip = chip_of(1, 2, parameter_id)
    chip.reader_limit = 256
    with pytest.raises(ServiceFailure) as raised:
        open_channel(chip)
    assert raised.value.failure is Failure.LENGTH_NOT_SUPPORTED
    assert chip.commands == []


@pytest.mark.parametrize(("mapping", "parameter_id"), [(1, 0), (2, 18), (6, 18)])
def test_all_other_keys_fit_short_commands(mapping: int, parameter_id: int) -> None:
    chip = chip_of(mapping, 2, parameter_id)
    chip.reader_limit = 256
    assert open_channel(chip).channel.send(READ).data == chip.files[0x1C][:8]
    assert chip.longest <= 261


def test_a_wrong_number_on_residues() -> None:
    with pytest.raises(ServiceFailure) as raised:
        open_channel(chip_of(1, 2, 0), "000000")
    assert raised.value.failure is Failure.ACCESS_REFUSED


@pytest.mark.parametrize(("parameter_id", "cipher"), [(11, 2), (12, 2), (13, 3), (14, 4), (15, 2), (18, 4)])
def test_chip_authentication_mapping_proves_the_chip(parameter_id: int, cipher: int) -> None:
    chip = chip_of(6, cipher, parameter_id)
    opened = open_channel(chip)
    assert opened.mapping is not None
    opened.mapping.prove([static_key_of(chip)])
    assert opened.channel.send(READ).data == chip.files[0x1C][:8]


def test_a_copy_maps_with_a_key_that_was_not_signed() -> None:
    chip = chip_of(6, 2, 12)
    signed = static_key_of(chip)
    chip.static_key += 1
    for keys in ([signed], [], [ChipKey(STANDARDIZED[13], STANDARDIZED[13].generator, None)]):
        with pytest.raises(ChipNotProven):
            mapping_of(chip).prove(keys)


@pytest.mark.parametrize("factor", [0, STANDARDIZED[12].order, STANDARDIZED[12].order + 1])
def test_a_factor_out_of_range_proves_nothing(factor: int) -> None:
    """With the factor n + 1 the static key itself would pass for a mapped one."""
    key = static_key_of(chip_of(6, 2, 12))
    with pytest.raises(ChipNotProven):
        ChipMapping(key.group, key.public_key, factor).prove([key])


@pytest.mark.parametrize("cryptogram", [None, b"", bytes(15), bytes(32), bytes(96)])
def test_chip_authentication_data_that_are_missing_or_malformed(cryptogram: bytes | None) -> None:
    """A chip that leaves its proof out must not pass as one that had none to give."""
    chip = chip_of(6, 2, 12)

    def spoil(_instruction: int, answer: bytes) -> bytes:
        objects = tlv.parse(tlv.parse_one(answer[:-2], 0x7C).value) if answer[:1] == b"\x7c" else ()
        if 0x8A not in [entry.tag for entry in objects]:
            return answer
        rest = b"" if cryptogram is None else tlv.encode(0x8A, cryptogram)
        return tlv.encode(0x7C, objects[0].raw + rest) + answer[-2:]

    chip.spoil = spoil
    with pytest.raises(MalformedData):
        open_channel(chip)


def test_what_a_chip_gave_does_not_show() -> None:
    mapping = mapping_of(chip_of(6, 2, 12))
    assert str(mapping.factor) not in repr(mapping)

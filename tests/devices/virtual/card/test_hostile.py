"""A chip that lies: the same lies for the same seed, counted as often as they are told, and of every kind."""

from __future__ import annotations

import collections
import random
from pathlib import Path

import pytest

from devices.virtual.card import lies
from devices.virtual.card.apdu import Response
from devices.virtual.card.chip import Chip, Limits
from devices.virtual.card.files import SECURITY_OBJECT, load
from devices.virtual.card.hostile import HostileChip
from tests.devices.virtual.card.terminal import SELECT_EMRTD

READ_CARD_ACCESS = bytes.fromhex("00B09C0000")
SELECT_MASTER_FILE = bytes.fromhex("00A4000C023F00")
UNKNOWN = bytes.fromhex("00CA000000")
TALK = (READ_CARD_ACCESS, SELECT_EMRTD, UNKNOWN, SELECT_MASTER_FILE, READ_CARD_ACCESS, UNKNOWN)
"""Nothing of it is answered by chance."""


def test_a_seed_decides_every_lie(cards: Path) -> None:
    content = load(cards / "layla")
    talks = []
    for seed in ("one", "one", "another"):
        chip = HostileChip(content, Limits(), seed)
        talks.append([chip.answer(command) for _ in range(20) for command in TALK])
    assert talks[0] == talks[1] != talks[2]


def test_every_lie_is_counted_and_nothing_else(cards: Path) -> None:
    content = load(cards / "layla")
    told: collections.Counter[str] = collections.Counter()
    differing = 0
    for seed in range(200):
        chip, honest = HostileChip(content, Limits(), str(seed)), Chip(content, Limits())
        differing += sum(chip.answer(command) != honest.answer(command) for command in TALK[:4])
        told += chip.lies_told
    assert differing == told.total() > 50
    assert {"protected", "wire", "EF.CardAccess"} <= told.keys()


def test_contents_are_changed_and_stay_small_enough_for_a_card(cards: Path) -> None:
    content = (cards / "salma" / "EF.SOD").read_bytes()
    picture = (cards / "salma" / "EF.DG2").read_bytes()
    spoilt = [lies.spoil(content, random.Random(seed), picture) for seed in range(1_000)]
    assert sum(one != content for one in spoilt) > 950
    assert max(map(len, spoilt)) <= lies.LARGEST_FILE
    assert {one[:1] for one in spoilt} > {b"\x77", b"\x30"}
    assert len(set(spoilt)) > 900


def test_length_fields_are_found_in_every_depth() -> None:
    """Outer before inner; in an octet string too, and none where a length runs past the end."""
    inner = bytes.fromhex("30 06 04 04 31 02 02 00")
    assert [start for start, _ in lies.find_headers(bytes.fromhex("61 82 00 08") + inner)] == [1, 5, 7, 9, 11]
    assert lies.find_headers(bytes.fromhex("61 84 FF FF FF FF 00")) == []
    assert lies.find_headers(b"") == []


def test_an_issuer_who_signs_anything_signs_what_was_changed(cards: Path) -> None:
    chips = [HostileChip(load(cards / "salma"), Limits(), str(seed), lambda files: b"signed") for seed in range(50)]
    signed = [chip for chip in chips if chip.files.get(SECURITY_OBJECT) == b"signed"]
    assert len(signed) > 10
    assert all(chip.place.value == "files" for chip in signed)


@pytest.mark.parametrize("way", lies.WAYS)
def test_every_way_of_lying_stays_an_answer(way: lies.Way) -> None:
    chance = random.Random(1)
    for data in (b"", b"\x61\x02\x05\x00", bytes(300)):
        for _ in range(50):
            said = way(Response(0x9000, data), chance, Response(0x6982))
            assert 0 <= said.status <= 0xFFFF
            assert len(said.encode()) >= 2

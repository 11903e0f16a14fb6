"""Files longer than 32 kB, whose rest only the odd READ BINARY reaches, in every kind of channel."""

from __future__ import annotations

from pathlib import Path

import pytest

from devices.cards import tlv
from devices.cards.access import Access
from devices.cards.exchange import Exchange
from devices.cards.files import Files, first_step
from devices.virtual.card.chip import Limits
from tests.devices.cards.opening import choice
from tests.devices.cards.sample_cards import ChipWire, Sample

FACE = tlv.encode(0x75, bytes(range(256)) * 200)
SHORT = 256


@pytest.mark.parametrize("card", ["cards/salma", "cards/karim", "laboratory/plain"])
@pytest.mark.parametrize("limits", [Limits(short_only=True), Limits(largest_read=1_000)])
def test_a_file_beyond_fifteen_bits_is_read_whole(issued: Path, card: str, limits: Limits) -> None:
    sample = Sample(issued / card)
    wire = ChipWire(sample.folder, limits, {0x0102: FACE})
    profile = choice(wire.content.atr).before_reading(None)
    assert profile is not None
    exchange = Exchange(wire)
    access = Access(exchange, sample.printed(), profile)
    assert Files(access.open, exchange.reconnect, first_step(SHORT)).read(2) == FACE

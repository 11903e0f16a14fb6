"""A hundred thousand lies of hostile cards: only what is stated comes out, nothing false is believed, nothing stays."""

from __future__ import annotations

import random

import pytest

from tests.faults.cards import Account, Campaign
from tests.faults.subjects import load_subjects

# The first test waits for the whole campaign.
pytestmark = [pytest.mark.timeout(300), pytest.mark.long(seconds=50)]

RESPONSES = 100_000

BLOCKS_PER_READING = 0.5
"""Whatever a reading leaves behind is at least one block of memory."""

KILOBYTES_PER_READING = 0.25
"""A reading moves 2 kB or more, and the fragments of the heap come to rest at less than a megabyte."""


@pytest.fixture(scope="module")
def account() -> Account:
    """The seed is pytest-randomly's, which every run prints."""
    campaign = Campaign(random.getrandbits(32), load_subjects())
    campaign.run(RESPONSES)
    print(campaign.account.summary())  # noqa: T201 - shown where a test fails
    return campaign.account


def test_nothing_unstated_comes_out_and_nobody_else_is_believed(account: Account) -> None:
    assert account.problems == [], account.summary()
    assert account.responses >= RESPONSES


def test_hostile_cards_leave_no_memory_behind(account: Account) -> None:
    assert account.measured_readings > 5_000
    assert account.blocks_grown < BLOCKS_PER_READING * account.measured_readings, account.summary()
    assert account.kilobytes_grown < KILOBYTES_PER_READING * account.measured_readings, account.summary()


def test_lies_are_told_everywhere_and_end_in_every_way(account: Account) -> None:
    """Otherwise the campaign has become harmless without anybody noticing."""
    places = ("EF.SOD", "EF.DG1", "EF.DG2", "EF.DG11", "protected", "wire")
    assert all(account.lies[place] > RESPONSES / 200 for place in places), account.summary()
    # What only an issuer who signs anything brings to the parsers behind the proof.
    signed = ("EF.DG1", "EF.DG2", "EF.DG11", "EF.DG14")
    assert all(account.lies[f"{place}, signed"] > 0 for place in ("EF.CardAccess", *signed)), account.summary()
    assert {"FORGED", "CARD_MUTE", "CARD_UNKNOWN", "ACCESS_REFUSED", "GENUINE"} <= account.outcomes.keys()

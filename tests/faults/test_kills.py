"""Killed at random moments of a visit, the program comes back and agrees with everybody about the money."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from tests.faults.kills import MUST_MEET, Campaign, open_campaign

PARTS, KILLS = 5, 10
"""Fifty in all; in parts, because each test has its time."""

MOST = 40


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    """One stage for all of them. Its seed is pytest-randomly's, which every run prints."""
    with open_campaign(tmp_path_factory.mktemp("kills"), random.getrandbits(32), print) as opened:
        yield opened


@pytest.mark.parametrize("part", range(PARTS))
def test_every_restart_agrees_with_ledger_payment_terminal_and_intake(campaign: Campaign, part: int) -> None:
    campaign.run(KILLS)
    assert campaign.account.problems == [], campaign.account.summary()


def test_the_kills_meet_every_moment_that_matters(campaign: Campaign) -> None:
    campaign.run_until_all_is_met(MOST)
    print(campaign.account.summary())  # noqa: T201 - shown where it fails
    assert campaign.account.problems == []
    assert [name for name in MUST_MEET if campaign.account.count(name) == 0] == []

"""Killed at random moments of a visit, the program comes back and agrees with everybody about the money."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults.kills import Campaign, missed, open_campaign

# As many kills as it takes, each with its start and its recovery, on a machine that may be busy.
pytestmark = [pytest.mark.timeout(300), pytest.mark.long(seconds=60)]

SIDE_BY_SIDE = 2
"""A campaign mostly waits for its program to start and to rest."""

PARTS, KILLS = 5, 5
"""Fifty in all; in parts, because each test has its time."""

MOST = 30
"""In each campaign, until every moment was met twice; few are needed where kills are punctual."""


class Campaigns:
    """Each on a stage of its own."""

    def __init__(self, campaigns: list[Campaign]) -> None:
        self._campaigns = campaigns
        self.accounts = [campaign.account for campaign in campaigns]

    def run(self, work: Callable[[Campaign], None]) -> None:
        with ThreadPoolExecutor(SIDE_BY_SIDE) as hands:
            for _ in hands.map(work, self._campaigns):
                pass  # raises what a campaign has raised

    @property
    def problems(self) -> list[str]:
        return [problem for account in self.accounts for problem in account.problems]

    def summary(self) -> str:
        return "\n".join(account.summary() for account in self.accounts)


@pytest.fixture(scope="module")
def campaigns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaigns]:
    """The same ones for all tests. Their seeds are pytest-randomly's, which every run prints."""
    with contextlib.ExitStack() as opened:
        yield Campaigns(
            [
                opened.enter_context(open_campaign(tmp_path_factory.mktemp("kills"), random.getrandbits(32), print))
                for _ in range(SIDE_BY_SIDE)
            ]
        )


@pytest.mark.parametrize("part", range(PARTS))
def test_every_restart_agrees_with_ledger_payment_terminal_and_intake(campaigns: Campaigns, part: int) -> None:
    campaigns.run(lambda campaign: campaign.run(KILLS))
    assert campaigns.problems == [], campaigns.summary()


def test_the_kills_meet_every_moment_that_matters(campaigns: Campaigns) -> None:
    campaigns.run(lambda campaign: campaign.run_until(lambda: not missed(campaigns.accounts, 2), MOST))
    print(campaigns.summary())  # noqa: T201 - shown where it fails
    assert campaigns.problems == []
    assert missed(campaigns.accounts, 1) == []

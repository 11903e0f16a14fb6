"""Killed at random moments of a visit, the program comes back and agrees with everybody about the money."""

from __future__ import annotations

import random

import pytest

from tests.faults.kills import MUST_MEET, Account, campaign

KILLS, MOST = 50, 90


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Account:
    """One campaign for the module. Its seed is pytest-randomly's, which every run prints."""
    lines: list[str] = []
    account = campaign(tmp_path_factory.mktemp("kills"), KILLS, random.getrandbits(32), most=MOST, tell=lines.append)
    print("\n".join([*lines, account.summary()]))  # noqa: T201 - shown where a test fails
    return account


@pytest.mark.timeout(600)
def test_every_restart_agrees_with_ledger_payment_terminal_and_intake(account: Account) -> None:
    assert account.problems == []
    assert account.kills >= KILLS


@pytest.mark.timeout(600)
def test_the_kills_met_every_moment_that_matters(account: Account) -> None:
    assert {name: account.count(name) for name in MUST_MEET if account.count(name) == 0} == {}

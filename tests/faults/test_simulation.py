"""Twenty lives of a terminal hold; the same seed lives the same life; a program that is changed does not get far."""

from __future__ import annotations

import random

import pytest

from tests.faults.guarantees import changes
from tests.faults.guarantees.bench import Bench
from tests.faults.guarantees.changes import Change
from tests.faults.power_cuts import KEYS, memory_folder
from tests.faults.simulation import Failed, live, summary

LIVES, PARTS, DAYS = 5, 4, 1.0
"""In parts, because each test has its time."""

LIVES_TO_FAIL = 24


@pytest.mark.parametrize("part", range(PARTS))
def test_every_life_holds(part: int) -> None:
    """The seed is pytest-randomly's, which each test begins with anew; a life that fails says its own."""
    first = random.getrandbits(32) + part * LIVES
    lives = [live(first + number, DAYS) for number in range(LIVES)]
    print(summary(lives, 0, 0.0))  # noqa: T201 - shown where it fails
    assert sum(life.committed for life in lives) > 5 * LIVES, "hardly anything was sold, so hardly anything was tried"
    assert any(life.deaths for life in lives)


def test_the_same_seed_lives_the_same_life() -> None:
    seed = random.getrandbits(32)
    first, again = live(seed, 0.5), live(seed, 0.5)
    assert first == again
    assert live(seed + 1, 0.5) != first


@pytest.mark.parametrize(
    "change",
    [
        changes.number_from_a_counter,
        changes.signature_not_checked,
        changes.bank_not_asked,
        changes.new_id_on_retry,
        changes.body_encoded_again,
        changes.given_up_after_five,
        changes.limit_not_asked,
        changes.without("CREATE TRIGGER entries_no_update"),
    ],
    ids=[
        "number from a counter",
        "unsigned answers",
        "recovery guesses",
        "new id on retry",
        "bytes encoded again",
        "given up after five",
        "offline limit not asked",
        "a trigger left out",
    ],
)
def test_a_changed_program_does_not_live_long(change: Change) -> None:
    """The simulation itself sees these, whatever the directed checks of `tests.faults.mutations` see."""
    with memory_folder() as folder:
        bench = Bench(folder, KEYS)
        for seed in range(LIVES_TO_FAIL):
            with change(bench):
                failed = _failure(seed)
            if failed is not None:
                assert f"--seed {seed} --days 1" in str(failed)
                return
    pytest.fail(f"{LIVES_TO_FAIL} lives held")


def _failure(seed: int) -> Failed | None:
    try:
        live(seed, 1.0)
    except Failed as failed:
        return failed
    return None

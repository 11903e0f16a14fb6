"""The arithmetic of the benchmarks: a wrong percentile or a miscounted sync would make a figure that nobody doubts."""

from __future__ import annotations

import pytest

from tests.benchmarks.__main__ import BENCHMARKS, row, subject
from tests.benchmarks.figures import Figure, percentile
from tests.benchmarks.syncs import syncs_for_each


def _figure(name: str, value: float, goal: float) -> Figure:
    return Figure(name=name, value=value, unit="ms", goal=goal, how="")


@pytest.mark.parametrize(
    ("percent", "expected"), [(0.001, 1.0), (1, 1.0), (1.1, 2.0), (50, 50.0), (98.5, 99.0), (99, 99.0), (100, 100.0)]
)
def test_a_percentile_is_a_value_that_was_measured(percent: float, expected: float) -> None:
    measured = [float(value) for value in range(100, 0, -1)]
    assert percentile(measured, percent) == expected


def test_the_percentile_of_few_values_is_not_less_than_the_worst() -> None:
    assert percentile([3.0, 9.0, 1.0], 99) == 9.0
    assert percentile([7.0], 1) == 7.0


@pytest.mark.parametrize(("measured", "percent"), [([], 50), ([1.0], 0), ([1.0], 101)])
def test_no_percentile_is_made_up(measured: list[float], percent: float) -> None:
    with pytest.raises(ValueError, match="percentile"):
        percentile(measured, percent)


@pytest.mark.parametrize(
    ("name", "value", "reached"),
    [
        ("page_change_p99_ms", 16.0, True),
        ("page_change_p99_ms", 16.1, False),
        ("drain_ratio_min", 0.8, True),
        ("drain_ratio_min", 0.79, False),
        ("commit_to_sync_ratio", 2.4, True),
        ("commit_to_sync_ratio", 2.6, False),
    ],
)
def test_a_goal_is_an_upper_bound_unless_the_name_says_otherwise(name: str, value: float, reached: bool) -> None:
    figure = _figure(name, value, 0.8 if name == "drain_ratio_min" else 2.5 if "ratio" in name else 16.0)
    assert figure.is_reached is reached
    assert ("MISSED" in row(figure)) is not reached


def test_a_figure_without_a_goal_explains_another_and_misses_nothing() -> None:
    figure = Figure(name="card_phase_access_ms", value=12.5, unit="ms", goal=None, how="")
    assert figure.is_reached
    assert row(figure).split() == ["card_phase_access_ms", "12.500", "ms"]


TRACE = """\
11 fdatasync(5) = 0
11 openat(AT_FDCWD, "/x/mark", O_WRONLY) = 7
12 fdatasync(5 <unfinished ...>
11 openat(AT_FDCWD, "/x/other", O_RDONLY) = 8
12 <... fdatasync resumed>) = 0
11 openat(AT_FDCWD, "/x/mark", O_WRONLY) = 7
11 openat(AT_FDCWD, "/x/mark", O_WRONLY) = 7
12 fsync(6) = 0
12 fdatasync(5) = 0
11 openat(AT_FDCWD, "/x/mark", O_WRONLY) = 7
12 fdatasync(5) = 0
"""


def test_syncs_are_counted_between_marks_and_an_interrupted_one_once() -> None:
    assert syncs_for_each(TRACE, "mark") == [1, 0, 2]


def test_a_trace_without_marks_counts_nothing() -> None:
    with pytest.raises(ValueError, match="twice"):
        syncs_for_each(TRACE, "nowhere")


def test_no_two_benchmarks_are_of_the_same_subject() -> None:
    assert len({subject(measure) for measure in BENCHMARKS}) == len(BENCHMARKS)

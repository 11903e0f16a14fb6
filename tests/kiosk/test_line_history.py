"""How the line was over the last day, in quarters of an hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from kiosk.line_history import QUARTERS, Line, LineHistory

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def _ago(**time: float) -> datetime:
    return NOW - timedelta(**time)


def test_what_lies_before_the_start_is_not_known() -> None:
    history = LineHistory()
    history.note(_ago(hours=1), up=True)
    quarters = history.quarters(NOW)
    assert len(quarters) == QUARTERS
    assert quarters[:-5] == (Line.UNKNOWN,) * (QUARTERS - 5)
    assert quarters[-4:] == (Line.UP,) * 4


def test_a_quarter_with_both_is_partly() -> None:
    history = LineHistory()
    history.note(_ago(hours=2), up=True)
    history.note(_ago(minutes=20), up=False)
    assert history.quarters(NOW)[-3:] == (Line.UP, Line.PARTLY, Line.DOWN)


def test_a_change_long_ago_still_says_how_it_is() -> None:
    history = LineHistory()
    history.note(_ago(hours=30), up=False)
    assert set(history.quarters(NOW)) == {Line.DOWN}


def test_the_same_word_twice_is_one_change() -> None:
    history = LineHistory()
    history.note(_ago(minutes=12), up=False)
    history.note(_ago(minutes=2), up=False)
    assert history.down_since() == _ago(minutes=12)


def test_with_a_line_nothing_is_down() -> None:
    history = LineHistory()
    assert not history.is_known()
    history.note(NOW, up=True)
    assert history.is_known()
    assert history.down_since() is None

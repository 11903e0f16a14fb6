"""What a person who called is told, for every age of the call, whatever was last heard and whoever looks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from kiosk.help import PATIENCE, HelpState, told

CALLED_AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
ANSWERED = (HelpState.COMING, HelpState.OVER, HelpState.UNREACHABLE)
WAITING = (HelpState.CALLING, HelpState.CALLED, HelpState.NOBODY)

heard_states = st.sampled_from(HelpState)
# A clock that was put right may make a call begin later than now.
ages = st.timedeltas(timedelta(minutes=-20), timedelta(minutes=20))


def told_at(heard: HelpState, age: timedelta, looks: bool) -> HelpState:
    return told(heard, called_at=CALLED_AT, now=CALLED_AT + age, clerk_looks=looks)


@given(heard_states, ages, st.booleans())
@example(HelpState.CALLED, PATIENCE, True)
@example(HelpState.CALLED, PATIENCE - timedelta(microseconds=1), True)
def test_the_whole_rule(heard: HelpState, age: timedelta, looks: bool) -> None:
    said = told_at(heard, age, looks)
    if heard in ANSWERED:
        assert said is heard
    elif age >= PATIENCE:
        assert said is HelpState.NOBODY
    elif heard is HelpState.CALLING:
        assert said is HelpState.CALLING
    else:
        assert said is (HelpState.CALLED if looks else HelpState.NOBODY)


@given(heard_states, ages, st.booleans())
def test_nobody_is_promised_who_did_not_answer(heard: HelpState, age: timedelta, looks: bool) -> None:
    assert (told_at(heard, age, looks) is HelpState.COMING) == (heard is HelpState.COMING)


@given(st.sampled_from(WAITING), ages, ages, st.booleans())
def test_who_has_waited_long_enough_is_not_told_to_wait_on(
    heard: HelpState, one: timedelta, other: timedelta, looks: bool
) -> None:
    earlier, later = sorted((one, other))
    if told_at(heard, earlier, looks) is HelpState.NOBODY:
        assert told_at(heard, later, looks) is HelpState.NOBODY


@given(ages)
def test_a_clerk_who_comes_to_the_counter_in_time_makes_the_call_heard_again(age: timedelta) -> None:
    again = told_at(HelpState.NOBODY, age, True)
    assert again is (HelpState.CALLED if age < PATIENCE else HelpState.NOBODY)


def test_a_minute_is_the_limit() -> None:
    assert timedelta(minutes=1) == PATIENCE

"""A lane runs what it is handed on its own thread, in order, and keeps nothing of it."""

from __future__ import annotations

import contextlib
import threading
import weakref
from collections.abc import Iterator

import pytest

from kiosk.lane import Lane


class Personal:
    """Something that may be watched for whether it is still held."""


@pytest.fixture
def lane() -> Iterator[Lane]:
    with contextlib.closing(Lane("test")) as lane:
        yield lane


def test_a_call_waits_for_its_own_answer_from_the_lanes_thread(lane: Lane) -> None:
    assert not lane.is_current()
    assert lane.call(lambda: (lane.is_current(), threading.current_thread().name)) == (True, "test")
    assert [lane.call(lambda number=number: number) for number in range(3)] == [0, 1, 2]  # type: ignore[misc]
    assert lane.call(lambda: None) is None


def test_a_call_from_the_lane_itself_does_not_wait_for_itself(lane: Lane) -> None:
    assert lane.call(lambda: lane.call(lane.is_current))


@pytest.mark.parametrize("error", [ValueError("x"), SystemExit(3)])
def test_what_a_call_raises_is_raised_to_its_caller_and_the_lane_lives_on(lane: Lane, error: BaseException) -> None:
    def fails() -> None:
        raise error

    with pytest.raises(type(error)) as raised:
        lane.call(fails)
    assert raised.value is error
    with pytest.raises(type(error)):
        lane.send(fails).result()
    assert lane.call(lambda: 7) == 7


def test_calls_run_in_the_order_they_were_handed_in(lane: Lane) -> None:
    gate, ran = threading.Event(), list[int]()
    lane.send(gate.wait)
    for number in range(50):
        lane.send(lambda number=number: ran.append(number))  # type: ignore[misc]
    gate.set()
    assert lane.call(lambda: list(ran)) == list(range(50))


def test_many_callers_each_get_their_own_answer(lane: Lane) -> None:
    answers: dict[int, list[int]] = {}

    def ask(caller: int) -> None:
        answers[caller] = [lane.call(lambda number=number: caller * 1000 + number) for number in range(200)]  # type: ignore[misc]

    callers = [threading.Thread(target=ask, args=(caller,)) for caller in range(4)]
    for thread in callers:
        thread.start()
    for thread in callers:
        thread.join()
    assert answers == {caller: [caller * 1000 + number for number in range(200)] for caller in range(4)}


def test_a_sent_call_that_was_called_off_is_not_run(lane: Lane) -> None:
    gate, ran = threading.Event(), list[int]()
    lane.send(gate.wait)
    called_off = lane.send(lambda: ran.append(1))
    assert called_off.cancel()
    gate.set()
    assert lane.call(lambda: ran) == []


def test_a_finished_call_holds_nothing(lane: Lane) -> None:
    """Without the collector's help: no circle is left behind either."""
    watched: list[weakref.ref[Personal]] = []

    def personal() -> Personal:
        one = Personal()
        watched.append(weakref.ref(one))
        return one

    def fails() -> None:
        one = personal()
        raise ValueError(id(one))

    assert isinstance(lane.call(personal), Personal)
    with contextlib.suppress(ValueError):
        lane.call(fails)
    lane.call(lambda: None)
    assert [one() for one in watched] == [None, None]

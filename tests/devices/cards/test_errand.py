"""The wait for the card thread: answers, failures, and a driver that holds the thread up."""

from __future__ import annotations

import threading

import pytest

from devices.cards.errand import Errand
from kiosk.failures import Failure, ServiceFailure


def test_nudges_until_the_card_thread_has_come() -> None:
    nudges: list[int] = []
    errand = Errand[str](lambda _: "read")

    def nudge() -> None:
        nudges.append(1)
        if len(nudges) == 3:
            errand.run()

    assert errand.wait(nudge, silent_seconds=60, whole_seconds=60) == "read"
    assert len(nudges) == 3


def test_failures_of_the_work_reach_the_asker() -> None:
    def fail(_: Errand[str]) -> str:
        raise ServiceFailure(Failure.CARD_UNKNOWN)

    for raised in (Errand[str](fail), Errand[str](lambda _: str(1 // 0))):
        raised.run()
        with pytest.raises((ServiceFailure, ZeroDivisionError)):
            raised.wait(lambda: None, silent_seconds=60, whole_seconds=60)
    refused = Errand[str](lambda _: "read")
    refused.refuse(Failure.CARD_SERVICE_DOWN)
    with pytest.raises(ServiceFailure, match="CARD_SERVICE_DOWN"):
        refused.wait(lambda: None, silent_seconds=60, whole_seconds=60)


def test_what_fails_after_the_answer_is_told_by_its_kind_alone(caplog: pytest.LogCaptureFixture) -> None:
    def work(errand: Errand[str]) -> str:
        errand.answer("read")
        raise ValueError("salma")

    errand = Errand[str](work)
    errand.run()
    assert errand.wait(lambda: None, silent_seconds=60, whole_seconds=60) == "read"
    assert "ValueError" in caplog.text
    assert "salma" not in caplog.text


def test_a_command_that_never_ends_is_given_up_and_the_reading_abandoned() -> None:
    released = threading.Event()
    abandoned: list[bool] = []

    def work(errand: Errand[str]) -> str:
        assert not errand.is_abandoned()
        assert released.wait(60)
        abandoned.append(errand.is_abandoned())
        return "too late"

    errand = Errand[str](work)
    thread = threading.Thread(target=errand.run)
    thread.start()
    with pytest.raises(ServiceFailure, match="CARD_TIMEOUT"):
        errand.wait(lambda: None, silent_seconds=0.05, whole_seconds=60)
    released.set()
    thread.join()
    assert abandoned == [True]


def test_an_errand_given_up_before_it_began_is_not_run() -> None:
    ran: list[int] = []
    errand = Errand[None](lambda _: ran.append(1))
    with pytest.raises(ServiceFailure, match="CARD_TIMEOUT"):
        errand.wait(lambda: None, silent_seconds=0, whole_seconds=0)
    errand.run()
    assert ran == []


def test_who_asks_behind_a_command_that_never_ends_need_not_wait() -> None:
    released, begun = threading.Event(), threading.Event()

    def work(_: Errand[str]) -> str:
        begun.set()
        assert released.wait(60)
        return "too late"

    stuck = Errand[str](work)
    assert not stuck.is_silent(0)
    thread = threading.Thread(target=stuck.run)
    thread.start()
    assert begun.wait(60)
    assert not stuck.is_silent(60)
    behind = Errand[str](lambda _: "read")
    with pytest.raises(ServiceFailure, match="CARD_TIMEOUT"):
        behind.wait(lambda: None, silent_seconds=60, whole_seconds=60, is_held_up=lambda: stuck.is_silent(0))
    released.set()
    thread.join()
    behind.run()
    with pytest.raises(ServiceFailure, match="CARD_TIMEOUT"):
        behind.wait(lambda: None, silent_seconds=60, whole_seconds=0)

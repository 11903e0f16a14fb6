"""While a technician works no visit begins, and the card that came meanwhile is not forgotten."""

from __future__ import annotations

import pytest

from kiosk.counter import DocumentSeen
from kiosk.events import CardInserted, CardRemoved, Event, LineLost, PersonTyped, ReaderLost, TimedOut
from kiosk.failures import Failure, ServiceFailure
from kiosk.out_of_service import Gate

LOST = ReaderLost(ServiceFailure(Failure.READER_LOST))


@pytest.fixture
def closed() -> Gate:
    gate = Gate()
    gate.close()
    return gate


def test_an_open_gate_lets_everything_through() -> None:
    assert Gate().lets_through(CardInserted())


@pytest.mark.parametrize(
    "event", [CardInserted(), PersonTyped("9912004821", "", DocumentSeen.PASSPORT)], ids=["card", "person"]
)
def test_a_closed_one_lets_no_visit_begin(closed: Gate, event: Event) -> None:
    assert not closed.lets_through(event)


@pytest.mark.parametrize("event", [CardRemoved(), LOST, LineLost(), TimedOut()], ids=lambda event: type(event).__name__)
def test_what_says_how_the_terminal_is_goes_through(closed: Gate, event: Event) -> None:
    assert closed.lets_through(event)


def test_the_card_that_is_still_inside_is_told_at_the_end(closed: Gate) -> None:
    closed.lets_through(CardInserted())
    assert closed.open() == CardInserted()
    assert closed.lets_through(CardInserted())
    assert closed.open() is None


@pytest.mark.parametrize("event", [CardRemoved(), LOST], ids=["removed", "lost"])
def test_a_card_that_is_gone_again_is_not_told(closed: Gate, event: Event) -> None:
    closed.lets_through(CardInserted())
    closed.lets_through(event)
    assert closed.open() is None

"""What the watcher tells, look by look; times are given, nothing waits."""

from __future__ import annotations

import pytest
from smartcard import scard

from devices.cards.pcsc import Slot
from devices.cards.watcher import READERS_BACK_SECONDS, SERVICE_DOWN_SECONDS, Watcher
from kiosk.events import CardInserted, CardRemoved, Event, ReaderLost


class Diary:
    """Drives a watcher at one look a second and writes its events down by name."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.now = 100.0
        self.watcher = Watcher(self._hear, self.now)

    def _hear(self, event: Event) -> None:
        self.told.append(event.failure.failure.name if isinstance(event, ReaderLost) else type(event).__name__)

    def look(self, *slots: Slot, after: float = 1.0) -> list[str]:
        self.now += after
        self.watcher.saw(slots, self.now)
        return self._take()

    def no_service(self, after: float = 1.0) -> list[str]:
        self.now += after
        self.watcher.could_not_look(self.now)
        return self._take()

    def _take(self) -> list[str]:
        told, self.told = self.told, []
        return told


INSERTED, REMOVED = CardInserted.__name__, CardRemoved.__name__
DOWN, NONE, LOST = "CARD_SERVICE_DOWN", "NO_READER", "READER_LOST"


def empty(changes: int, reader: str = "A") -> Slot:
    return Slot(reader, scard.SCARD_STATE_EMPTY | changes << 16)


def card(changes: int, reader: str = "A", atr: bytes = b"\x3b") -> Slot:
    return Slot(reader, scard.SCARD_STATE_PRESENT | changes << 16, atr)


@pytest.fixture
def diary() -> Diary:
    return Diary()


def test_insert_and_remove(diary: Diary) -> None:
    assert diary.look(empty(0)) == []
    assert diary.look(card(1)) == [INSERTED]
    assert diary.look(card(1)) == []
    assert diary.look(empty(2)) == [REMOVED]
    assert diary.look(empty(2)) == []


def test_card_that_is_there_at_the_start(diary: Diary) -> None:
    assert diary.look(card(0)) == [INSERTED]


def test_swap_between_two_looks(diary: Diary) -> None:
    diary.look(card(1))
    assert diary.look(card(3)) == [REMOVED, INSERTED]


def test_swap_to_another_reader(diary: Diary) -> None:
    diary.look(card(1), empty(0, "B"))
    assert diary.look(empty(2), card(1, "B")) == [REMOVED, INSERTED]


def test_second_card_in_another_reader_changes_nothing(diary: Diary) -> None:
    diary.look(empty(0), card(1, "B"))
    assert diary.look(card(1), card(1, "B")) == []


def test_reader_unplugged_with_a_card_and_plugged_in_again(diary: Diary) -> None:
    diary.look(card(1))
    assert diary.look() == [LOST]
    assert diary.look() == []
    assert diary.look(card(0)) == [INSERTED]


def test_reader_unplugged_while_empty(diary: Diary) -> None:
    diary.look(empty(0))
    assert diary.look() == [NONE]
    assert diary.look(empty(0)) == [REMOVED]


def test_after_a_short_gap_of_the_service_the_card_has_to_be_read_again(diary: Diary) -> None:
    """A card of the same batch has the same ATR, and the restarted service counts from nought."""
    diary.look(card(5))
    assert diary.no_service() == []
    # It needs a moment to find its readers.
    assert diary.look() == []
    assert diary.look(card(0)) == [REMOVED, INSERTED]
    assert diary.look(card(0)) == []
    assert diary.look(empty(1)) == [REMOVED]


def test_card_taken_or_changed_in_a_gap_of_the_service(diary: Diary) -> None:
    diary.look(card(5))
    diary.no_service()
    assert diary.look(empty(0)) == [REMOVED]
    diary.look(card(1))
    diary.no_service()
    assert diary.look(card(0, atr=b"\x3f")) == [REMOVED, INSERTED]


def test_long_gap_is_told_once_and_its_end_too(diary: Diary) -> None:
    diary.look(card(5))
    assert diary.no_service(after=SERVICE_DOWN_SECONDS - 0.1) == []
    assert diary.no_service() == [DOWN]
    assert diary.no_service(after=60) == []
    assert diary.look(card(0)) == [INSERTED]
    assert diary.no_service(after=SERVICE_DOWN_SECONDS) == [DOWN]
    assert diary.look(empty(0)) == [REMOVED]


def test_service_never_there(diary: Diary) -> None:
    assert diary.no_service() == []
    assert diary.no_service(after=SERVICE_DOWN_SECONDS) == [DOWN]


def test_service_comes_back_without_its_reader(diary: Diary) -> None:
    diary.look(empty(0))
    assert diary.no_service(after=SERVICE_DOWN_SECONDS) == [DOWN]
    assert diary.look() == []
    assert diary.look(after=READERS_BACK_SECONDS) == [NONE]
    assert diary.no_service(after=SERVICE_DOWN_SECONDS) == [DOWN]

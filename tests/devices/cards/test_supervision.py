"""What happens to a card, a reader or the card service at any moment ends in a stated failure within two seconds, and
the next good card is read. On a real pcscd.

The two seconds are counted from the cause, or from the question if that is later, to the answer, as the asker sees
them. A card that falls silent is another matter: PC/SC cannot interrupt its driver, so the limit of one command comes
first (`reader.COMMAND_SECONDS`).
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from devices.cards.reader import COMMAND_SECONDS
from devices.cards.watcher import READERS_BACK_SECONDS
from devices.virtual.mouth import SWAP_SECONDS
from devices.virtual.pcsc import READERS, VirtualReaderService
from tests.devices.cards.processes import Hand, Lines, Terminal

pytestmark = pytest.mark.long(seconds=70)

LIMIT_SECONDS = 2.0
INSERTED, REMOVED = "CardInserted", "CardRemoved"


@dataclasses.dataclass(frozen=True)
class Station:
    """One slot of the reader, the hand that serves it, and a terminal that watches it alone."""

    hand: Hand
    terminal: Terminal
    cards: Path

    def insert(self, name: str, options: str = "") -> None:
        self.hand.do(f"insert {self.cards / name} {options}".strip())
        assert self.terminal.event() == INSERTED

    def remove(self) -> None:
        self.hand.do("remove")
        assert self.terminal.event() == REMOVED

    def ask(self, name: str, verb: str = "read") -> None:
        zone, number = self.cards / name / "mrz.txt", self.cards / name / "can.txt"
        self.terminal.tell(f"number {number.read_text()}".strip() if number.exists() else "number")
        self.terminal.tell(f"{verb} {zone}" if zone.exists() else verb)

    def read(self, name: str) -> Any:
        self.ask(name)
        return self.terminal.answer()

    def answers(self, within: float, since: float) -> str:
        """The failure that is answered, in time."""
        answer = self.terminal.answer()
        assert time.monotonic() - since < within, "too late"
        return str(answer["failure"])

    def sees_an_empty_reader(self) -> None:
        while self.terminal.ask("state")[2]:
            self.terminal.event()

    def reads_the_next_card(self) -> None:
        self.insert("omar")
        assert self.read("omar")["found"]["verdict"] == "genuine"
        self.remove()


@contextlib.contextmanager
def open_station(service: VirtualReaderService, issued: Path, slot: int) -> Iterator[Station]:
    hand = Hand(service.ports[slot])
    terminal = Terminal(issued / "anchors", service.environment, prefix=READERS[slot])
    try:
        yield Station(hand, terminal, issued / "cards")
    finally:
        terminal.close()
        hand.close()


@pytest.fixture
def station(service: VirtualReaderService, issued: Path) -> Iterator[Station]:
    with open_station(service, issued, 0) as station:
        yield station


@pytest.fixture
def beside(service: VirtualReaderService, issued: Path) -> Iterator[Station]:
    with open_station(service, issued, 1) as station:
        yield station


def test_pulled_out_at_every_command(station: Station, beside: Station) -> None:
    """Before that command is answered, from power-up to the last byte of the face; by BAC and by PACE with the access
    number, side by side. It is never a wrong number, and never a card that is not genuine."""
    names = {station: "salma", beside: "layla"}
    commands = 0
    while names:
        commands += 1
        for one, name in names.items():
            one.insert(name, f"pull-at={commands}")
        asked = time.monotonic()
        for one, name in names.items():
            one.ask(name)
        for one, name in tuple(names.items()):
            answer = one.terminal.answer()
            if "found" in answer:  # the name; the rest may be pulled out from under it
                one.ask(name, "complete")
                answer = one.terminal.answer()
            if "found" in answer:
                one.remove()
                del names[one]
                continue
            assert answer["failure"] == "CARD_REMOVED"
            assert time.monotonic() - asked < LIMIT_SECONDS
            assert one.terminal.event() == REMOVED
    assert commands > 12  # EF.CardAccess, five of PACE, SELECT, and one for each file
    station.reads_the_next_card()
    beside.reads_the_next_card()


def test_pulled_out_while_it_is_powered_anew(station: Station) -> None:
    """A card that was read is powered anew when it is read again. Whatever that reading held is let go with it, or no
    card would be read any more: each would be in use, by ourselves."""
    station.insert("omar")
    assert station.read("omar")["found"]["verdict"] == "genuine"
    station.hand.do("pull-at-power-off")
    asked = time.monotonic()
    station.ask("omar")
    assert station.answers(LIMIT_SECONDS, asked) == "CARD_REMOVED"
    assert station.terminal.event() == REMOVED
    time.sleep(SWAP_SECONDS)  # the hand itself: pcscd, which could not power it, overlooks a faster one
    station.reads_the_next_card()


def test_falls_silent_at_the_first_command_and_in_the_middle(station: Station, beside: Station) -> None:
    station.insert("salma", "silent-from=1")
    beside.insert("layla", "silent-from=7")
    asked = time.monotonic()
    station.ask("salma")
    beside.ask("layla")
    for one in (station, beside):
        assert one.answers(COMMAND_SECONDS + LIMIT_SECONDS, asked) == "CARD_TIMEOUT"
        again = time.monotonic()
        one.ask("salma")
        assert one.answers(LIMIT_SECONDS, again) == "CARD_TIMEOUT"
        one.remove()
        one.reads_the_next_card()


def test_gives_no_sign_of_life(station: Station) -> None:
    """A mute card, as one that lies the wrong way round."""
    station.insert("mute")
    asked = time.monotonic()
    station.ask("mute")
    assert station.answers(LIMIT_SECONDS, asked) == "CARD_MUTE"
    station.remove()
    station.reads_the_next_card()


def test_the_service_dies_under_a_reading(service: VirtualReaderService, station: Station) -> None:
    station.insert("salma", "max-le=112")
    station.hand.do("latency 200")
    station.ask("salma")
    while station.hand.counts()["commands"] < 4:
        pass  # each look is an answer of the card's process, one command takes 0.2 s
    killed = time.monotonic()
    service.kill()
    assert station.answers(LIMIT_SECONDS, killed) == "CARD_SERVICE_DOWN"
    station.hand.do("remove")  # its reader has gone already
    station.hand.do("latency 0")
    service.restart()
    assert station.terminal.event() in {REMOVED, "CARD_SERVICE_DOWN"}
    station.reads_the_next_card()


def test_the_service_hangs(service: VirtualReaderService, station: Station) -> None:
    """It is there, and answers nothing: who asks then waits for one limit of a command, and from then on not at all."""
    station.insert("salma")
    assert service.pid is not None
    os.kill(service.pid, signal.SIGSTOP)
    try:
        stopped = time.monotonic()
        station.ask("salma")
        assert station.answers(COMMAND_SECONDS + LIMIT_SECONDS, stopped) == "CARD_TIMEOUT"
        again = time.monotonic()
        station.ask("salma")
        assert station.answers(LIMIT_SECONDS, again) in {"CARD_SERVICE_DOWN", "CARD_TIMEOUT"}
    finally:
        os.kill(service.pid, signal.SIGCONT)
    station.remove()
    station.reads_the_next_card()


@pytest.mark.parametrize("card_is_in", [False, True])
def test_the_service_restarts_while_nothing_is_read(
    service: VirtualReaderService, station: Station, *, card_is_in: bool
) -> None:
    """Without a card nobody notices; a card has to be read again."""
    if card_is_in:
        station.insert("salma")
    service.restart()
    if card_is_in:
        assert station.terminal.event() == REMOVED
    station.reads_the_next_card()


@pytest.mark.parametrize("card_is_in", [False, True])
def test_the_reader_is_missing_after_a_restart(
    service: VirtualReaderService, station: Station, *, card_is_in: bool
) -> None:
    """As far as a virtual reader can be unplugged: it is not there when the service comes back, which is given some
    seconds to find its readers. One that is unplugged from a running service is in test_watcher."""
    if card_is_in:
        station.insert("salma")
    service.restart(friendly_name="Another PCD")
    try:
        back = time.monotonic()
        station.ask("salma")
        assert station.answers(LIMIT_SECONDS, back) in {"CARD_SERVICE_DOWN", "NO_READER"}
        assert station.terminal.event() == ("READER_LOST" if card_is_in else "NO_READER")
        assert time.monotonic() - back < READERS_BACK_SECONDS + LIMIT_SECONDS
    finally:
        service.restart()
    assert station.terminal.event() == REMOVED
    station.reads_the_next_card()


@pytest.fixture
def both(service: VirtualReaderService, issued: Path, station: Station, beside: Station) -> Iterator[Terminal]:
    """A terminal that watches both slots."""
    terminal = Terminal(issued / "anchors", service.environment)
    yield terminal
    terminal.close()


def test_a_second_card_in_another_reader_is_ignored(both: Terminal, station: Station, beside: Station) -> None:
    """Until the first one goes: then it is a card that came."""
    beside.insert("salma")
    assert both.event() == INSERTED
    station.insert("omar")
    assert both.ask(f"read {beside.cards / 'salma' / 'mrz.txt'}")["found"]["national_number"] == "9912004821"
    assert both.ask("read")["failure"] == "ACCESS_REFUSED"
    removed = time.monotonic()
    beside.remove()
    assert [both.event(), both.event()] == [REMOVED, INSERTED]
    assert time.monotonic() - removed < LIMIT_SECONDS
    assert "found" in both.ask(f"read {station.cards / 'omar' / 'mrz.txt'}")
    station.remove()
    assert both.event() == REMOVED


@pytest.mark.parametrize("way", ["exclusive", "shared", "transaction"])
def test_another_program_holds_the_card(service: VirtualReaderService, station: Station, way: str) -> None:
    """It is named and asked again for a second; the other program is left alone."""
    station.insert("salma")
    holder = Lines("tests.devices.cards.holder", environment=service.environment)
    try:
        holder.tell(f"hold {READERS[0]} {way}")
        assert holder.next_line() == "ok"
        asked = time.monotonic()
        station.ask("salma")
        assert station.answers(LIMIT_SECONDS, asked) == "CARD_BUSY"
        holder.tell("release")
        assert holder.next_line() == "ok"
        assert station.read("salma")["found"]["verdict"] == "genuine"
    finally:
        holder.close()
    station.remove()
    station.reads_the_next_card()


SALMA = "9912004821"


def test_changed_faster_than_the_service_looks(service: VirtualReaderService, station: Station) -> None:
    """pcscd looks at this reader every 0.4 s; a card that is changed in between is the same insertion to it, and no
    event tells of it. Whatever is read from then on is never the first person's: the keys of the print do not open
    another card, and the proof does not fit it."""
    station.insert("salma")
    assert station.read("salma")["found"]["national_number"] == SALMA
    other = Hand(service.ports[0])
    try:
        station.hand.do("remove")
        other.do(f"insert {station.cards / 'omar'}")
        changed = time.monotonic()
        answers = []
        while "ACCESS_REFUSED" not in answers:
            answers.append(station.read("salma").get("failure"))
            assert time.monotonic() - changed < LIMIT_SECONDS
        assert set(answers) <= {"CARD_REMOVED", "CARD_MUTE", "ACCESS_REFUSED"}
        station.ask("salma", "complete")
        assert station.answers(LIMIT_SECONDS, time.monotonic()) == "CARD_REMOVED"
        assert station.read("omar")["found"]["national_number"] not in {"", SALMA}
    finally:
        other.close()
    station.sees_an_empty_reader()


@pytest.mark.parametrize("command", [4, 6])
def test_changed_in_the_middle_of_a_reading(service: VirtualReaderService, station: Station, command: int) -> None:
    """The next card waits at the slot before the first one goes. The reading may not notice that it was pulled out, and
    finds that the card does not answer any more, or refuses."""
    other = Hand(service.ports[0])
    try:
        station.insert("salma", f"pull-at={command}")
        other.do(f"insert {station.cards / 'omar'}")
        asked = time.monotonic()
        station.ask("salma")
        assert station.answers(LIMIT_SECONDS, asked) in {"CARD_REMOVED", "CARD_MUTE", "ACCESS_REFUSED"}
        assert station.read("omar")["found"]["national_number"] not in {"", SALMA}
    finally:
        other.close()
    station.sees_an_empty_reader()


FLAPS = 5


def test_put_in_and_pulled_out_again_and_again(station: Station) -> None:
    """Faster than it can be read. Whatever is seen of it is told in turns, and the card that stays is read."""
    for _ in range(FLAPS):
        station.hand.do(f"insert {station.cards / 'salma'}")
        station.ask("salma")
        station.hand.do("remove")
        assert station.terminal.answer().get("failure", "found") in {"CARD_REMOVED", "found"}
    station.hand.do(f"insert {station.cards / 'omar'}")
    stays = time.monotonic()
    while "found" not in station.read("omar"):
        assert time.monotonic() - stays < LIMIT_SECONDS
    station.hand.do("remove")
    events = [station.terminal.event()]
    while station.terminal.ask("state")[2] or events[-1] != REMOVED:
        events.append(station.terminal.event())
    assert events == [INSERTED, REMOVED] * (len(events) // 2)

"""Hostile cards in a real reader: pcscd between them and the shipped reader, with every cipher as it is.

The volume is in `tests.faults.cards`; here it is the whole way, with the card thread, its limits and its memory.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from devices.virtual.pcsc import READERS, VirtualReaderService
from kiosk.failures import Failure
from tests.devices.cards.processes import Hand, Terminal

pytestmark = pytest.mark.long(seconds=45)

SIDE_BY_SIDE = ({"salma": 220, "karim": 30}, {"salma": 220, "layla": 30})
"""Readings of each card, for each slot of the reader: powering a card up is waiting, so both do it at once."""

WHOLE = 10
"""Every so many readings the rest of the card is asked for too, and its face is decoded."""

STATED = {failure.name for failure in Failure if failure.name.startswith(("CARD_", "ACCESS_"))} | {"AccessNumberWanted"}


class Desk:
    """One slot, the hand that serves it, and a terminal that watches it alone."""

    def __init__(self, service: VirtualReaderService, issued: Path, slot: int) -> None:
        self._cards = issued / "cards"
        self._hand = Hand(service.ports[slot])
        self._terminal = Terminal(issued / "anchors", service.environment, prefix=READERS[slot])

    def present_all(self, readings: Mapping[str, int], seed: int) -> None:
        for name, count in readings.items():
            number = self._cards / name / "can.txt"
            typed = number.read_text(encoding="ascii").strip() if not self._zone(name).exists() else ""
            self._terminal.tell(f"number {typed}")
            self._present(name, count, seed)

    def close(self) -> None:
        self._terminal.close()
        self._hand.close()

    def _present(self, name: str, count: int, seed: int) -> None:
        """The authentic card, then one that lies anew at each of so many readings, then the authentic one again."""
        self._insert(name)
        answer = self._ask(name)
        assert "found" in answer, answer
        authentic = answer["found"]["national_number"]
        face = self._ask(name, "complete")["found"]["portrait"]
        self._remove()
        self._insert(name, f"mutate={seed}")
        for number in range(count):
            answer = self._ask(name, "read" if number % WHOLE else "complete")
            if "found" not in answer:
                assert answer.get("failure", answer.get("raised")) in STATED, (name, seed, number)
            elif number % WHOLE:
                assert answer["found"]["national_number"] == authentic, (name, seed, number)
            else:
                assert answer["found"]["portrait"] in (None, face), (name, seed, number)
        assert int(self._hand.do("lies")) > count, (name, seed)
        self._remove()
        self._insert(name)
        answer = self._ask(name)
        assert answer.get("found", answer).get("national_number", answer) == authentic
        self._remove()

    def _zone(self, name: str) -> Path:
        return self._cards / name / "mrz.txt"

    def _ask(self, name: str, verb: str = "read") -> Any:
        return self._terminal.ask(f"{verb} {self._zone(name)}" if self._zone(name).exists() else verb)

    def _insert(self, name: str, options: str = "") -> None:
        self._hand.do(f"insert {self._cards / name} {options}".strip())
        assert self._terminal.event() == "CardInserted"

    def _remove(self) -> None:
        self._hand.do("remove")
        assert self._terminal.event() == "CardRemoved"


def test_hostile_cards_end_in_a_stated_failure_or_are_themselves(service: VirtualReaderService, issued: Path) -> None:
    desks = [Desk(service, issued, slot) for slot in range(len(SIDE_BY_SIDE))]
    seeds = [random.getrandbits(32) for _ in desks]
    try:
        with ThreadPoolExecutor(len(desks)) as hands:
            for _ in hands.map(Desk.present_all, desks, SIDE_BY_SIDE, seeds):
                pass  # raises what a desk has raised
    finally:
        for desk in desks:
            desk.close()

"""Hostile cards in a real reader: pcscd between them and the shipped reader, with every cipher as it is.

The volume is in `tests.faults.cards`; here it is the whole way, with the card thread, its limits and its memory.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from devices.virtual.pcsc import VirtualReaderService
from kiosk.failures import Failure
from tests.devices.cards.processes import Hand, Terminal

READINGS = {"salma": 440, "karim": 30, "layla": 30}
WHOLE = 10
"""Every so many readings the rest of the card is asked for too, and its face is decoded."""

STATED = {failure.name for failure in Failure if failure.name.startswith(("CARD_", "ACCESS_"))} | {"AccessNumberWanted"}


@pytest.fixture
def hand(service: VirtualReaderService) -> Iterator[Hand]:
    hand = Hand(service.ports[0])
    yield hand
    hand.close()


@pytest.fixture
def terminal(service: VirtualReaderService, issued: Path, hand: Hand) -> Iterator[Terminal]:
    terminal = Terminal(issued / "anchors", service.environment)
    yield terminal
    terminal.close()


def ask(terminal: Terminal, card: Path, verb: str = "read") -> Any:
    printed = card / "mrz.txt"
    return terminal.ask(f"{verb} {printed}" if printed.exists() else verb)


@pytest.mark.parametrize("name", READINGS)
def test_hostile_cards_end_in_a_stated_failure_or_are_themselves(
    hand: Hand, terminal: Terminal, issued: Path, name: str
) -> None:
    card, seed = issued / "cards" / name, random.getrandbits(32)
    if name == "layla":
        terminal.tell("number 518204")
    hand.do(f"insert {card}")
    assert terminal.event() == "CardInserted"
    answer = ask(terminal, card)
    assert "found" in answer, answer
    authentic = answer["found"]["national_number"]
    face = ask(terminal, card, "complete")["found"]["portrait"]
    hand.do("remove")
    assert terminal.event() == "CardRemoved"
    hand.do(f"insert {card} mutate={seed}")
    assert terminal.event() == "CardInserted"
    for number in range(READINGS[name]):
        answer = ask(terminal, card, "read" if number % WHOLE else "complete")
        if "found" not in answer:
            assert answer.get("failure", answer.get("raised")) in STATED, (seed, number)
        elif number % WHOLE:
            assert answer["found"]["national_number"] == authentic, (seed, number)
        else:
            assert answer["found"]["portrait"] in (None, face), (seed, number)
    assert int(hand.do("lies")) > READINGS[name], seed
    hand.do("remove")
    assert terminal.event() == "CardRemoved"
    hand.do(f"insert {card}")
    assert terminal.event() == "CardInserted"
    answer = ask(terminal, card)
    assert answer.get("found", answer).get("national_number", answer) == authentic
    hand.do("remove")
    assert terminal.event() == "CardRemoved"

"""Hostile cards in a real reader: pcscd between them and the shipped reader, with every cipher as it is.

The volume is in `tests.faults.cards`; here it is the whole way, with the card thread, its limits and its memory.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.virtual.pcsc import VirtualReaderService
from kiosk.failures import Failure
from tests.devices.cards.processes import Hand, Terminal

READINGS = {"salma": 440, "karim": 30, "layla": 30}
STATED = {failure.name for failure in Failure if failure.name.startswith(("CARD_", "ACCESS_"))}


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


def ask_of(card: Path) -> str:
    return f"read {card / 'mrz.txt'}" if (card / "mrz.txt").exists() else "read"


@pytest.mark.parametrize("name", READINGS)
def test_hostile_cards_end_in_a_stated_failure_or_are_themselves(
    hand: Hand, terminal: Terminal, issued: Path, name: str
) -> None:
    card, seed = issued / "cards" / name, random.getrandbits(32)
    if name == "layla":
        terminal.tell("number 518204")
    hand.do(f"insert {card}")
    assert terminal.event() == "CardInserted"
    authentic = terminal.ask(ask_of(card))["found"]["national_number"]
    hand.do("remove")
    assert terminal.event() == "CardRemoved"
    hand.do(f"insert {card} mutate={seed}")
    assert terminal.event() == "CardInserted"
    outcomes = [terminal.ask(ask_of(card)) for _ in range(READINGS[name])]
    failures = {answer.get("failure", answer.get("raised")) for answer in outcomes if "found" not in answer}
    assert failures <= STATED, seed
    assert {answer["found"]["national_number"] for answer in outcomes if "found" in answer} <= {authentic}, seed
    assert int(hand.do("lies")) > READINGS[name], seed
    hand.do("remove")
    assert terminal.event() == "CardRemoved"
    hand.do(f"insert {card}")
    assert terminal.event() == "CardInserted"
    assert terminal.ask(ask_of(card))["found"]["national_number"] == authentic

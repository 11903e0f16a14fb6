"""What reading a card costs: commands as the card itself counts them, and time on a link like a contactless one's."""

from __future__ import annotations

import dataclasses
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from devices.cards.pcsc import CardService
from devices.virtual.pcsc import VirtualReaderService
from tests.benchmarks.figures import Figure
from tests.devices.cards.processes import Hand, Terminal

ROOT = Path(__file__).resolve().parents[2]
CARDS = ROOT / "build" / "demo" / "cards"
LATENCY_MS, LINK_KBITS = 15, 106
ROUNDS, SLOW_ROUNDS = 15, 5
SECONDS = 60
ACCESS_NUMBER = "518204"  # of the card `layla`, which opens with the printed number only


@dataclasses.dataclass(frozen=True, slots=True)
class Whole:
    """One session in which every file that the security object lists was read."""

    access: str
    commands: int
    counted_by_card: int
    bytes_received: int
    milliseconds: float
    cpu_milliseconds: float


class Bench:
    """One card service with a card in it; every reading in a process of its own, as the PC/SC library wants it."""

    def __init__(self, service: VirtualReaderService, hand: Hand) -> None:
        os.environ.update(service.environment)  # the PC/SC library of this process reads it now, and once
        self._slots = CardService(("",))
        self._hand = hand
        self._inside = ""

    def whole(self, name: str, knobs: str = "", *, number: str = "", seen_before: bool = True) -> Whole:
        card = CARDS / "cards" / name
        self._insert(f"{card} {knobs}".strip())
        before = self._hand.counts()["commands"]
        zone = card / "mrz.txt"
        arguments = [str(zone) if zone.exists() else "", *(["known-without-pace"] if seen_before else [])]
        done = subprocess.run(
            [sys.executable, "-m", "tests.devices.cards.whole", *arguments],
            input=number,
            text=True,
            capture_output=True,
            cwd=ROOT,
            check=True,
            timeout=SECONDS,
        )
        told: dict[str, Any] = json.loads(done.stdout)
        counted = self._hand.counts()["commands"] - before
        return Whole(
            access=told["access"],
            commands=told["commands"],
            counted_by_card=counted,
            bytes_received=told["bytes_received"],
            milliseconds=told["milliseconds"],
            cpu_milliseconds=told["cpu_milliseconds"],
        )

    def _insert(self, card: str) -> None:
        """Leaves a card that is already inside: every reading powers it up anew."""
        if card != self._inside:
            self.remove()
            self._hand.do(f"insert {card}")
            self._inside = card

    def remove(self) -> None:
        """Until the card service has seen the empty slot: it looks every 0.4 s, and would miss a quick swap."""
        self._hand.do("remove")
        self._inside = ""
        slots = self._slots.wait(self._slots.slots(()), SECONDS)
        while any(slot.has_card for slot in slots):
            slots = self._slots.wait(slots, SECONDS)

    def slow_link(self) -> None:
        self._hand.do(f"latency {LATENCY_MS}")
        self._hand.do(f"link {LINK_KBITS}")

    def quick_link(self) -> None:
        self._hand.do("latency 0")
        self._hand.do("link 0")

    def names(self, rounds: int) -> list[dict[str, Any]]:
        """Readings up to the proven name, by the terminal's own reader in a process that stays."""
        card = CARDS / "cards" / "salma"
        self.remove()
        terminal = Terminal(CARDS / "anchors", os.environ)
        read = []
        try:
            for _ in range(rounds + 1):
                self._hand.do(f"insert {card}")
                while terminal.event() != "CardInserted":
                    pass
                read.append(terminal.ask(f"read {card / 'mrz.txt'}")["found"])
                self._hand.do("remove")
                while terminal.event() != "CardRemoved":
                    pass
        finally:
            terminal.close()
        return read[1:]  # the first loads what reading needs, and finds out what the card can


def measure() -> Iterator[Figure]:
    with VirtualReaderService() as service:
        hand = Hand(service.ports[0])
        try:
            bench = Bench(service, hand)
            yield from _commands(bench)
            yield from _seconds(bench)
        finally:
            hand.close()


def _commands(bench: Bench) -> Iterator[Figure]:
    quick = [bench.whole("salma") for _ in range(ROUNDS + 1)][1:]
    for name, goal, read, words in (
        ("card_apdus_bac_extended", 11, quick[0], "BAC, extended length, a card of a kind seen before"),
        ("card_apdus_pace_extended", 15, bench.whole("layla", number=ACCESS_NUMBER, seen_before=False), "PACE, CAN"),
        ("card_apdus_bac_short", 94, bench.whole("salma", "short-only"), "BAC, a card that refuses extended length"),
    ):
        yield Figure(
            name=name,
            value=read.counted_by_card,
            unit="APDUs",
            goal=goal,
            how=f"{words}; every file that the security object lists and EF.COM, {read.bytes_received} bytes from the "
            "card, through a real pcscd; counted by the card",
        )
    yield Figure(
        name="card_cpu_ms",
        value=statistics.median(each.cpu_milliseconds for each in quick),
        unit="ms",
        goal=25,
        how=f"median of {ROUNDS} such readings over BAC without a delay, each in a new process after its imports: the "
        "whole process's CPU time from the first command on",
    )


def _seconds(bench: Bench) -> Iterator[Figure]:
    bench.slow_link()
    link = f"{LATENCY_MS} ms a command and {LINK_KBITS} kbit/s, simulated by the card; from the first command on"
    names = bench.names(SLOW_ROUNDS)
    yield Figure(
        name="card_name_seconds_106k",
        value=statistics.median(each["milliseconds"] for each in names) / 1000,
        unit="s",
        goal=0.6,
        how=f"median of {len(names)} readings up to the proven name ({names[0]['commands']} commands, "
        f"{names[0]['bytes_received']} bytes): {link}; detection, pcscd's own, is apart",
    )
    whole = [bench.whole("salma") for _ in range(SLOW_ROUNDS)]
    bench.quick_link()
    yield Figure(
        name="card_all_seconds_106k",
        value=statistics.median(each.milliseconds for each in whole) / 1000,
        unit="s",
        goal=1.8,
        how=f"median of {len(whole)} readings of every file over BAC ({whole[0].bytes_received} bytes): {link}",
    )

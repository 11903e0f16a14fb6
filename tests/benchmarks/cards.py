"""What reading a card costs: commands as the card itself counts them, and time on a link like a contactless one's."""

from __future__ import annotations

import dataclasses
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from devices.cards.pcsc import CardService
from devices.virtual.pcsc import VirtualReaderService
from tests.benchmarks import signatures
from tests.benchmarks.figures import Figure, NotMeasured
from tests.devices.cards.processes import ROOT, Hand, Terminal

CARDS = ROOT / "build" / "demo" / "cards"
BENCH = CARDS / "laboratory" / "bench"
"""Eight files, 19.6 kB, that BAC and PACE open; a key for active authentication and one for chip authentication."""

WITHOUT_PACE = CARDS / "cards" / "salma"
LATENCY_MS, LINK_KBITS = 15, 106
ROUNDS, SLOW_ROUNDS = 15, 5
SECONDS = 60
SHORT_READ = "231"
"""What fills a short answer under Triple DES."""

LINK = f"{LATENCY_MS} ms a command and {LINK_KBITS} kbit/s, simulated by the card"


@dataclasses.dataclass(frozen=True, slots=True)
class Whole:
    """One session in which every file that the security object lists was read. `proofs` are the ways in which the chip
    then proved itself, each with its commands and milliseconds."""

    access: str
    commands: int
    bytes_received: int
    milliseconds: float
    cpu_milliseconds: float
    proofs: dict[str, tuple[int, int]]


@dataclasses.dataclass(frozen=True, slots=True)
class Served:
    """One card as the terminal reads it: up to the proven name, then all that is read of it. `cpu_milliseconds` is the
    whole terminal's processor time for it; `phases` have their commands and milliseconds."""

    name: dict[str, Any]
    rest: dict[str, Any]
    cpu_milliseconds: float

    @property
    def phases(self) -> dict[str, tuple[int, float]]:
        return {name: (commands, milliseconds) for name, commands, milliseconds in self.rest["phases"]}


class Bench:
    """One card service with a card in it; every reading in a process of its own, as the PC/SC library wants it."""

    def __init__(self, service: VirtualReaderService, hand: Hand) -> None:
        os.environ.update(service.environment)  # the PC/SC library of this process reads it now, and once
        self._slots = CardService(("",))
        self._hand = hand
        self._inside = ""

    def whole(self, card: Path, *options: str, knobs: str = "") -> Whole:
        """`options` as `tests.devices.cards.whole` takes them. Raises NotMeasured where card and reader differ in what
        they count."""
        self._insert(f"{card} {knobs}".strip())
        before = self._hand.counts()["commands"]
        done = subprocess.run(
            [sys.executable, "-m", "tests.devices.cards.whole", str(card / "mrz.txt"), *options],
            input="",
            text=True,
            capture_output=True,
            cwd=ROOT,
            check=True,
            timeout=SECONDS,
        )
        told: dict[str, Any] = json.loads(done.stdout)
        proofs = {name: (commands, milliseconds) for name, (commands, milliseconds) in told["proofs"].items()}
        counted = self._hand.counts()["commands"] - before - sum(commands for commands, _ in proofs.values())
        if counted != told["commands"]:
            raise NotMeasured(f"the card counts {counted} commands, its reader {told['commands']}")
        return Whole(
            access=told["access"],
            commands=counted,
            bytes_received=told["bytes_received"],
            milliseconds=told["milliseconds"],
            cpu_milliseconds=told["cpu_milliseconds"],
            proofs=proofs,
        )

    def served(self, card: Path, rounds: int) -> list[Served]:
        """Readings by the terminal's own reader in a process that stays."""
        self.remove()
        terminal = Terminal(CARDS / "anchors", os.environ)
        read = []
        try:
            for _ in range(rounds + 1):
                self._hand.do(f"insert {card}")
                while terminal.event() != "CardInserted":
                    pass
                before = terminal.ask("cpu")
                name = terminal.ask(f"read {card / 'mrz.txt'}")["found"]
                rest = terminal.ask(f"complete {card / 'mrz.txt'}")["found"]
                read.append(Served(name, rest, terminal.ask("cpu") - before))
                self._hand.do("remove")
                while terminal.event() != "CardRemoved":
                    pass
        finally:
            terminal.close()
        return read[1:]  # the first loads what reading needs, and finds out what the card can

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


def measure() -> Iterator[Figure]:
    with VirtualReaderService() as service:
        hand = Hand(service.ports[0])
        try:
            bench = Bench(service, hand)
            yield from _commands(bench)
            yield from _discovery(bench)
            yield from _processor(bench)
            bench.slow_link()
            yield from _seconds(bench)
            yield from _phases(bench)
            bench.quick_link()
            bench.remove()
            yield signatures.measure(hand, CARDS / "cards" / "salma")
        finally:
            hand.close()


def _commands(bench: Bench) -> Iterator[Figure]:
    short = ("--by", "bac", "--largest-read", SHORT_READ)
    for name, goal, read, words in (
        ("card_apdus_bac_extended", 11, bench.whole(BENCH, "--by", "bac"), "BAC, extended length"),
        ("card_apdus_pace_extended", 15, bench.whole(BENCH, "--by", "pace-mrz"), "PACE by the zone, extended length"),
        (
            "card_apdus_bac_short",
            94,
            bench.whole(BENCH, *short, knobs="short-only"),
            f"BAC, a card that refuses extended length, {SHORT_READ} bytes at once",
        ),
    ):
        yield Figure(
            name=name,
            value=read.commands,
            unit="APDUs",
            goal=goal,
            how=f"{words}, a profile that knows so; every file that the security object lists, that object and EF.COM: "
            f"{read.bytes_received} bytes from the card, through a real pcscd; counted by the card",
        )
    proofs = bench.whole(BENCH, "--by", "bac", "--prove").proofs
    for way, (commands, _) in proofs.items():
        yield Figure(
            name=f"card_apdus_{way.replace(' ', '_')}",
            value=commands,
            unit="APDUs",
            goal=None,
            how=f"the chip proves itself by {way}, after its files were read; the card counts the same sum",
        )


def _discovery(bench: Bench) -> Iterator[Figure]:
    """What a known kind of card spares."""
    known = bench.whole(WITHOUT_PACE, "--known").commands
    yield Figure(
        name="card_apdus_discovery",
        value=bench.whole(WITHOUT_PACE).commands - known,
        unit="APDUs",
        goal=None,
        how="the look for PACE on the first card of a kind that has BAC alone, beyond the next one of that kind",
    )
    known = bench.whole(BENCH, "--by", "bac", "--largest-read", SHORT_READ, knobs="short-only").commands
    yield Figure(
        name="card_apdus_length_discovery",
        value=bench.whole(BENCH, "--by", "bac", knobs="short-only").commands - known,
        unit="APDUs",
        goal=None,
        how="lengths that a card without extended length refuses, each on a channel of its own, beyond a known kind",
    )


def _processor(bench: Bench) -> Iterator[Figure]:
    for name, goal, access in (("card_cpu_ms", 25, "bac"), ("card_cpu_pace_ms", None, "pace-mrz")):
        read = [bench.whole(BENCH, "--by", access) for _ in range(ROUNDS + 1)][1:]
        yield Figure(
            name=name,
            value=statistics.median(each.cpu_milliseconds for each in read),
            unit="ms",
            goal=goal,
            how=f"median of {ROUNDS} readings of the eight files over {read[0].access} without a delay, each in a new "
            "process after its imports: the whole process's CPU time from the first command on",
        )
    served = bench.served(BENCH, ROUNDS)
    yield Figure(
        name="card_cpu_proven_ms",
        value=statistics.median(each.cpu_milliseconds for each in served),
        unit="ms",
        goal=None,
        how=f"median of {ROUNDS} cards proven over {served[0].name['access']} by a running terminal, without a "
        "delay: the process's CPU time from the question to the last answer, the decoding of the face apart",
    )


def _seconds(bench: Bench) -> Iterator[Figure]:
    link = f"{LINK}; from the first command on"
    for name, goal, access in (("card_all_seconds_106k", 1.8, "bac"), ("card_all_pace_seconds_106k", None, "pace-mrz")):
        whole = [bench.whole(BENCH, "--by", access) for _ in range(SLOW_ROUNDS)]
        yield Figure(
            name=name,
            value=statistics.median(each.milliseconds for each in whole) / 1000,
            unit="s",
            goal=goal,
            how=f"median of {len(whole)} readings of the eight files over {whole[0].access} "
            f"({whole[0].bytes_received} bytes), without proof of the chip: {link}",
        )
    served = bench.served(WITHOUT_PACE, SLOW_ROUNDS)
    yield _name_figure("card_name_bac_seconds_106k", None, served)


def _phases(bench: Bench) -> Iterator[Figure]:
    """One set of readings for the name, for everything, and for where the time goes in between."""
    served = bench.served(BENCH, SLOW_ROUNDS)
    yield _name_figure("card_name_seconds_106k", 0.6, served)
    rest = served[0].rest
    yield Figure(
        name="card_proven_seconds_106k",
        value=statistics.median(each.rest["milliseconds"] for each in served) / 1000,
        unit="s",
        goal=None,
        how=f"median of {len(served)} cards of which the terminal read everything it needs, up to the face, with "
        f"{served[0].name['access']} and chip authentication ({rest['commands']} commands, {rest['bytes_received']} "
        f"bytes; {rest['reasons'][-1]}): {LINK}",
    )
    for phase, (commands, _) in served[0].phases.items():
        yield Figure(
            name=f"card_phase_{phase.replace(' ', '_')}_ms",
            value=statistics.median(each.phases[phase][1] for each in served),
            unit="ms",
            goal=None,
            how=f"of card_proven_seconds_106k, median; with the card's own time. Commands: {commands}",
        )


def _name_figure(name: str, goal: float | None, served: Sequence[Served]) -> Figure:
    first = served[0].name
    return Figure(
        name=name,
        value=statistics.median(each.name["milliseconds"] for each in served) / 1000,
        unit="s",
        goal=goal,
        how=f"median of {len(served)} readings over {first['access']} up to the proven name ({first['commands']} "
        f"commands, {first['bytes_received']} bytes): {LINK}; from the first command on, detection, pcscd's own, apart",
    )

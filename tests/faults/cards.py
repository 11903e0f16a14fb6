"""Reads hostile cards again and again in memory: they know their keys, and lie in what they say and in their files.

    python -m tests.faults.cards [--responses 1000000] [--seed N] [--reading N]

prints a summary; status 1 if anything came out of a reading that should not. `--reading` lives one reading of a seed
again, and shows what came out of it. A response counts where it differs from what the authentic card would have said to
that command. The child process that decodes portraits is not part of this.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import dataclasses
import gc
import random
import secrets
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from devices.cards.authenticity import NotProven
from devices.cards.document import Document
from devices.cards.exchange import LARGEST_COMMANDS, Exchange
from devices.virtual.card.chip import Chip, Limits
from devices.virtual.card.hostile import HostileChip, Place
from kiosk.failures import ServiceFailure
from kiosk.identity import AccessNumberWanted, Identity
from tests.devices.cards.opening import choice
from tests.faults.cheap_ciphers import cheap_ciphers
from tests.faults.subjects import CARELESS, SHARES, Subject, load_subjects

READING_SECONDS = 2.0
"""Of the processor's time. A good reading takes 3 ms, one that goes to the limit of commands 0.2 s."""

STUCK_SECONDS = 20.0
SETTLE_READINGS = 500
"""Before the first look at the memory: tables that libraries make at first use are made by then."""

STEPS = {Place.FILES: (0, 2, 4, 4, 4), Place.PROTECTED: (0, 0, 0, 1), Place.WIRE: (0, 0, 0, 1)}
"""Where in `files.LENGTHS` a reading starts: a changed file is in more answers where the pieces are small; a lie in an
answer can be told again where there are lengths left to try."""


class MemoryWire:
    """`devices.cards.exchange.Wire` to a chip in this process."""

    reader_limit = 65_536

    def __init__(self, chip: Chip) -> None:
        self._chip = chip
        self.commands = 0

    def transmit(self, command: bytes) -> bytes:
        self.commands += 1
        return self._chip.answer(command)

    def reconnect(self) -> None:
        self._chip.reset()


@dataclasses.dataclass(frozen=True, slots=True)
class Read:
    """What a reading believed."""

    identity: Identity
    picture: bytes


def read_card(wire: MemoryWire, subject: Subject, step: int, tell: Callable[[Identity], None]) -> Read:
    """As the terminal does it: who it is, and then the rest. `tell` is told as soon as an identity is believed."""

    document = Document(Exchange(wire), subject.printed, choice(subject.content.atr), subject.believed, step=step)
    with contextlib.closing(document):
        reading = document.read(subject.now)
        tell(reading.identity)
        return Read(reading.identity, document.complete(subject.now).picture)


STATED = (ServiceFailure, NotProven, AccessNumberWanted)
"""All that may come out of a reading."""


@dataclasses.dataclass(slots=True)
class Account:
    """What a campaign presented and what came out."""

    seed: int
    readings: int = 0
    responses: int = 0
    seconds: float = 0.0
    lies: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)
    outcomes: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)
    longest_commands: int = 0
    longest_seconds: float = 0.0
    blocks_grown: int = 0
    kilobytes_grown: int = 0
    measured_readings: int = 0
    problems: list[str] = dataclasses.field(default_factory=list)

    def summary(self) -> str:
        lies = ", ".join(f"{place} {count}" for place, count in sorted(self.lies.items()))
        outcomes = ", ".join(f"{name} {count}" for name, count in self.outcomes.most_common())
        lines = (
            f"seed {self.seed}: {self.responses} mutated responses in {self.readings} readings, {self.seconds:.0f} s",
            f"mutated: {lies} (signed: by an issuer who signs anything)",
            f"outcomes: {outcomes}",
            f"longest: {self.longest_commands} commands, {self.longest_seconds:.2f} s",
            f"memory: {self.blocks_grown} blocks, {self.kilobytes_grown} kB in {self.measured_readings} readings",
            *self.problems,
            f"{len(self.problems)} problems",
        )
        return "\n".join(lines)


class Campaign:
    """Presents cards. The seed and the number of a reading decide everything about it."""

    def __init__(self, seed: int, subjects: Mapping[str, Subject]) -> None:
        self.account = Account(seed)
        self._subjects = subjects
        self._names = tuple(subjects)
        self._shares = tuple(SHARES[name] for name in self._names)
        with cheap_ciphers():
            self._expected = {name: _read_authentic(subject) for name, subject in subjects.items()}

    def run(self, responses: int) -> None:
        """Until that many mutated responses were given."""
        began = time.monotonic()
        before: tuple[int, int] | None = None
        with _watching(self.account), cheap_ciphers():
            while self.account.responses < responses:
                if self.account.readings == SETTLE_READINGS:
                    before = _memory()
                self.read(self.account.readings)
        self.account.seconds += time.monotonic() - began
        if before is not None:
            blocks, kilobytes = _memory()
            self.account.measured_readings = self.account.readings - SETTLE_READINGS
            self.account.blocks_grown, self.account.kilobytes_grown = blocks - before[0], kilobytes - before[1]

    def read(self, number: int) -> str:
        """One reading; what came out of it."""
        chance = random.Random(f"{self.account.seed} {number}")
        name = chance.choices(self._names, self._shares)[0]
        subject = self._subjects[name]
        chip = HostileChip(subject.content, Limits(), f"{self.account.seed} {number} chip", subject.sign)
        step = chance.choice(STEPS[chip.place])
        wire = MemoryWire(chip)
        began = time.process_time()
        outcome = self._outcome(number, name, wire, step)
        seconds = time.process_time() - began
        self._keep(number, name, chip, wire, seconds, outcome)
        return outcome

    def _outcome(self, number: int, name: str, wire: MemoryWire, step: int) -> str:
        expected = self._expected[name]

        def compare(identity: Identity) -> None:
            if name != CARELESS and identity != expected.identity:
                self._note(number, "believed to be somebody else")

        try:
            read = read_card(wire, self._subjects[name], step, compare)
        except ServiceFailure as failure:
            return failure.failure.name
        except NotProven as error:
            return error.proof.verdict.name
        except STATED as error:
            return type(error).__name__
        except Exception:  # whatever else there is: it is what is looked for
            self._note(number, traceback.format_exc())
            return "unexpected"
        if name != CARELESS and read.picture != expected.picture:
            self._note(number, "another picture was believed")
        return "GENUINE"

    def _keep(self, number: int, name: str, chip: HostileChip, wire: MemoryWire, seconds: float, outcome: str) -> None:
        account = self.account
        account.readings += 1
        account.responses += sum(chip.lies_told.values())
        for place, count in chip.lies_told.items():
            account.lies[f"{place}, signed" if name == CARELESS and place.startswith("EF.") else place] += count
        account.outcomes[outcome] += 1
        account.longest_commands = max(account.longest_commands, wire.commands)
        account.longest_seconds = max(account.longest_seconds, seconds)
        if wire.commands > LARGEST_COMMANDS or seconds > READING_SECONDS:
            self._note(number, f"{wire.commands} commands, {seconds:.1f} s")

    def _note(self, number: int, problem: str) -> None:
        self.account.problems.append(f"seed {self.account.seed}, reading {number}: {problem}")


def _read_authentic(subject: Subject) -> Read:
    """Told by an honest chip."""
    return read_card(MemoryWire(Chip(subject.content, Limits())), subject, 0, lambda _: None)


def _memory() -> tuple[int, int]:
    """Blocks of the interpreter's own allocator, which every small object takes at least one of, and kB in memory."""
    gc.collect()
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    resident = next(line for line in lines if line.startswith("VmRSS:"))
    return sys.getallocatedblocks(), int(resident.split()[1])


@contextlib.contextmanager
def _watching(account: Account) -> Iterator[None]:
    """Says which reading hangs, if one does; ending it is the test's limit, or a person's."""
    over = threading.Event()

    def watch() -> None:
        seen = -1
        while not over.wait(STUCK_SECONDS):
            if seen == account.readings:
                sys.stderr.write(f"seed {account.seed}, reading {seen}: hangs\n")
            seen = account.readings

    thread = threading.Thread(target=watch, name="watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def main() -> int:
    arguments = argparse.ArgumentParser(description="Reads hostile cards in memory.")
    arguments.add_argument("--responses", type=int, default=1_000_000, help="mutated responses")
    arguments.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    arguments.add_argument("--reading", type=int, help="this reading of the seed alone")
    chosen = arguments.parse_args()
    campaign = Campaign(chosen.seed, load_subjects())
    if chosen.reading is None:
        campaign.run(chosen.responses)
    else:
        with cheap_ciphers():
            campaign.read(chosen.reading)
    sys.stdout.write(campaign.account.summary() + "\n")
    return 1 if campaign.account.problems else 0


if __name__ == "__main__":
    sys.exit(main())

"""A national card in software, its own process, told by lines what a hand does with it.

    python -m devices.virtual.card --port N

takes the port of one slot of a virtual reader. Each line on stdin is answered by one line, `ok`, what it asked for, or
`error TEXT`:

    insert DIR [short-only] [max-le=N] [silent] [silent-from=N] [pull-at=N] [mutate=SEED]
                  puts in the card of that folder; it refuses extended length, refuses to read more than N bytes at
                  once, never answers a command, or none from the N-th on, is pulled out instead of answering the N-th,
                  or lies as the seed decides (devices.virtual.card.hostile)
    remove        pulls the card; ok too if none is in
    pull-at-power-off
                  pulls the card that is in as soon as its reader takes the power from it
    latency MS    how long each answer takes from now on
    link KBITS    how fast bytes go to the card and back from now on, in kbit/s, added to the latency; 0 for at once
    counts        one line of JSON: {"inserted", "commands", "bytes_to_card", "bytes_from_card", "milliseconds"}, what
                  has gone through the contacts since the last insertion, and the chip's own time
    lies          how many answers since the last insertion were not what the card of that folder would have said
    quit          ends; so does the end of stdin

Where the reader's service goes away, stderr says so, and a card can be inserted again.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import shlex
import sys
from pathlib import Path

from devices.virtual.card.chip import Chip, Limits
from devices.virtual.card.files import CardContent, NotACard, load
from devices.virtual.card.hostile import HostileChip
from devices.virtual.card.pkcs15_pin import Pin
from devices.virtual.card.vpcd import Accidents, Cable, Counts

LONGEST_LATENCY_MS = 60_000
FASTEST_KBITS = 100_000


class Mistake(Exception):
    """A line that cannot be obeyed; the text says why."""


class Hand:
    """Puts cards into one slot and pulls them out."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._cable: Cable | None = None
        self._hostile: HostileChip | None = None
        self._latency_seconds = 0.0
        self._bytes_per_second = 0.0
        self._pins: dict[Path, Pin] = {}
        self._words = {
            "remove": self.remove,
            "pull-at-power-off": self._pull_at_power_off,
            "counts": self._count,
            "lies": self._count_lies,
        }

    def obey(self, line: str) -> str:
        """The answer to one line. Raises Mistake."""
        try:
            match shlex.split(line):
                case ["insert", folder, *knobs]:
                    return self._insert(Path(folder), knobs)
                case ["latency", milliseconds]:
                    return self._delay(milliseconds)
                case ["link", rate]:
                    return self._limit(rate)
                case [word] if word in self._words:
                    return self._words[word]()
                case _:
                    raise Mistake("known are: insert, remove, pull-at-power-off, latency, link, counts, lies, quit")
        except ValueError as error:
            raise Mistake("the quotes are not closed") from error

    def remove(self) -> str:
        if self._cable is not None:
            self._cable.pull()
        return "ok"

    def _pull_at_power_off(self) -> str:
        if self._cable is None or not self._cable.inserted:
            raise Mistake("no card is in")
        self._cable.pull_at_power_off()
        return "ok"

    def _insert(self, folder: Path, knobs: list[str]) -> str:
        if self._cable is not None and self._cable.inserted:
            raise Mistake("a card is in already")
        limits, accidents, seed = _knobs(knobs)
        try:
            content = self._with_its_counter(folder, load(folder))
            self._hostile = None if seed is None else HostileChip(content, limits, seed)
            self._cable = Cable(
                self._port,
                self._hostile or Chip(content, limits),
                content.atr,
                accidents=accidents,
                delay=self._delay_of,
                gone=lambda: print("the reader has gone", file=sys.stderr, flush=True),
            )
        except NotACard as error:
            raise Mistake(str(error)) from error
        except OSError as error:
            raise Mistake(f"no reader listens on port {self._port}: {error.strerror}") from error
        return "ok"

    def _with_its_counter(self, folder: Path, content: CardContent) -> CardContent:
        """The same folder is the same card: what was tried on its PIN stays tried, as long as this process lives."""
        if content.signing is None:
            return content
        pin = self._pins.setdefault(folder.resolve(), content.signing.pin)
        return dataclasses.replace(content, signing=dataclasses.replace(content.signing, pin=pin))

    def _delay(self, milliseconds: str) -> str:
        if not milliseconds.isdecimal() or int(milliseconds) > LONGEST_LATENCY_MS:
            raise Mistake(f"latency is a number of milliseconds up to {LONGEST_LATENCY_MS}")
        self._latency_seconds = int(milliseconds) / 1000
        return "ok"

    def _limit(self, rate: str) -> str:
        if not rate.isdecimal() or int(rate) > FASTEST_KBITS:
            raise Mistake(f"link is a number of kbit/s up to {FASTEST_KBITS}, 0 for no limit")
        self._bytes_per_second = int(rate) * 1000 / 8
        return "ok"

    def _delay_of(self, size: int) -> float:
        return self._latency_seconds + (size / self._bytes_per_second if self._bytes_per_second else 0.0)

    def _count(self) -> str:
        inserted = self._cable is not None and self._cable.inserted
        counts = self._cable.counts if self._cable else Counts()
        return json.dumps({"inserted": inserted} | dataclasses.asdict(counts))

    def _count_lies(self) -> str:
        return str(sum(self._hostile.lies_told.values()) if self._hostile else 0)


def _knobs(words: list[str]) -> tuple[Limits, Accidents, str | None]:
    limits, accidents, seed = Limits(), Accidents(), None
    for word in words:
        name, _, value = word.partition("=")
        number = int(value) if value.isdecimal() else 0
        match name:
            case "short-only" if not value:
                limits = dataclasses.replace(limits, short_only=True)
            case "max-le" if number:
                limits = dataclasses.replace(limits, largest_read=number)
            case "silent" if not value:
                accidents = dataclasses.replace(accidents, silent_from=1)
            case "silent-from" if number:
                accidents = dataclasses.replace(accidents, silent_from=number)
            case "pull-at" if number:
                accidents = dataclasses.replace(accidents, pulled_at=number)
            case "mutate" if value:
                seed = value
            case _:
                raise Mistake("a card can be: short-only, max-le=N, silent, silent-from=N, pull-at=N, mutate=SEED")
    return limits, accidents, seed


def main() -> None:
    parser = argparse.ArgumentParser(prog="devices.virtual.card", description="A national card in software.")
    parser.add_argument("--port", required=True, type=int, help="the TCP port of one slot of the virtual reader")
    hand = Hand(parser.parse_args().port)
    for line in sys.stdin:
        if line.strip() == "quit":
            break
        try:
            answer = hand.obey(line)
        except Mistake as mistake:
            answer = f"error {mistake}"
        print(answer, flush=True)
    hand.remove()


if __name__ == "__main__":
    main()

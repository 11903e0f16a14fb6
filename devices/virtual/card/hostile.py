"""A hostile chip: it knows its keys, and lies within secure messaging, around it, and in its files.

One seed decides what it lies about each time it is powered up, and how. (The keys of a session are fresh each time, so
the bytes on the wire differ from run to run; the lies, their places and their lengths do not.)
"""

from __future__ import annotations

import collections
import dataclasses
import enum
import random
from collections.abc import Callable, Mapping

from devices.virtual.card import lies
from devices.virtual.card.apdu import Command, Response
from devices.virtual.card.application import Instruction
from devices.virtual.card.chip import Chip, Limits
from devices.virtual.card.files import CARD_ACCESS, COMMON, IDENTIFIERS, SECURITY_OBJECT, CardContent

NAMES = {identifier: name for name, identifier in IDENTIFIERS.items()}
LATEST_FIRST_LIE = 8
"""A reading of a good card, with extended length, takes so many commands."""

ASKED_OF_BOTH = {Instruction.SELECT, Instruction.READ_BINARY, Instruction.READ_BINARY_ODD}
"""What the authentic card is asked too, to be compared."""

Signing = Callable[[Mapping[int, bytes]], bytes]
"""EF.SOD for files by their identifiers, from an issuer who signs anything."""


class Place(enum.Enum):
    """Where one powered life of the chip lies."""

    FILES = "files"
    PROTECTED = "protected"
    WIRE = "wire"


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """From the command `first` on, `rate` of the answers are lies, each in one of the `ways`."""

    place: Place
    first: int = 1
    rate: float = 1.0
    ways: tuple[lies.Way, ...] = lies.WAYS


def draw_plan(chance: random.Random) -> Plan:
    if chance.random() < 0.5:
        return Plan(Place.FILES)
    place = chance.choice((Place.PROTECTED, Place.WIRE))
    first = min(chance.randint(1, LATEST_FIRST_LIE), chance.randint(1, LATEST_FIRST_LIE))
    if chance.random() < 0.01:
        return Plan(place, first, ways=(chance.choice(lies.ENDLESS),))
    return Plan(place, first, rate=chance.choice((0.3, 1.0, 1.0)))


class HostileChip(Chip):
    """`lies_told` counts the answers that differ from what the authentic card would have said to that command, by the
    place of the lie; those of a file by its name. With `sign`, changed data groups are signed as if they were right."""

    def __init__(self, content: CardContent, limits: Limits, seed: str, sign: Signing | None = None) -> None:
        self._authentic = content
        self._chance = random.Random(seed)
        self._sign = sign
        self._honest = Chip(content, limits)
        self.lies_told: collections.Counter[str] = collections.Counter()
        super().__init__(content, limits)

    @property
    def place(self) -> Place:
        """Where it lies since it was powered up."""
        return self._plan.place

    @property
    def files(self) -> Mapping[int, bytes]:
        """What it holds since it was powered up, spoilt or not."""
        return self._content.files

    def reset(self) -> None:
        """Powered anew, it lies anew."""
        self._commands = 0
        self._before = Response(0x9000)
        self._plan = draw_plan(self._chance)
        self._honest.reset()
        self._reading = "other"
        lies_in_files = self._plan.place is Place.FILES
        self._hold(
            dataclasses.replace(self._authentic, files=self._spoilt_files()) if lies_in_files else self._authentic
        )
        super().reset()

    def answer(self, frame: bytes) -> bytes:
        self._commands += 1
        raw = super().answer(frame)
        if self._plan.place is not Place.WIRE:
            return raw
        true = Response(int.from_bytes(raw[-2:], "big"), raw[:-2])
        return self._perhaps_lie(true).encode()

    def _obey(self, command: Command, *, protected: bool) -> Response:
        said = super()._obey(command, protected=protected)
        if self._plan.place is Place.PROTECTED:
            return self._perhaps_lie(said)
        if self._plan.place is Place.FILES and command.ins in ASKED_OF_BOTH:
            true = self._honest._obey(command, protected=protected)  # noqa: SLF001  # a chip of the same make
            self._count(command, said, true)
        return said

    def _count(self, command: Command, said: Response, true: Response) -> None:
        """A file that is asked for by its short identifier stays the current one."""
        if command.ins != Instruction.SELECT:
            if command.p1 & 0x80:
                self._reading = NAMES.get(0x0100 | command.p1 & 0x1F, "other")
            self.lies_told[self._reading] += said != true

    def _perhaps_lie(self, true: Response) -> Response:
        said = true
        if self._commands >= self._plan.first and self._chance.random() < self._plan.rate:
            said = self._chance.choice(self._plan.ways)(true, self._chance, self._before)
        self._before = said
        self.lies_told[self._plan.place.value] += said != true
        return said

    def _spoilt_files(self) -> dict[int, bytes]:
        files = dict(self._authentic.files)
        # EF.SOD is what a reader looks into before anything is proven; EF.COM, which nobody signs, none should read.
        # EF.CardAccess may be where none belongs.
        names = [*sorted(files.keys() - {COMMON}), *[SECURITY_OBJECT] * 4]
        if self._chance.random() < 0.1:
            names.append(CARD_ACCESS)
        for _ in range(self._chance.choice((1, 1, 1, 2, 3))):
            name = self._chance.choice(names)
            other = files.get(self._chance.choice(names), b"")
            spoilt = lies.spoil(files.get(name, b""), self._chance, other)
            if spoilt:
                files[name] = spoilt
            else:
                files.pop(name, None)
        if self._sign and SECURITY_OBJECT in files:
            files[SECURITY_OBJECT] = self._sign(files)
        return files

"""A hostile chip: it knows its keys, and lies within secure messaging, around it, and in its files.

One seed decides what it lies about each time it is powered up, and how. (The keys of a session are fresh each time, so
the bytes on the wire differ from run to run; the lies, their places and their lengths do not.)
"""

from __future__ import annotations

import dataclasses
import enum
import random
from collections.abc import Callable, Mapping

from devices.virtual.card import lies
from devices.virtual.card.apdu import Command, Response
from devices.virtual.card.chip import Chip, Instruction, Limits
from devices.virtual.card.files import CARD_ACCESS, COMMON, SECURITY_OBJECT, CardContent

LATEST_FIRST_LIE = 8
"""A reading of a good card, with extended length, takes so many commands."""

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
    place of the lie. With `sign`, changed data groups are signed as if they were right."""

    def __init__(self, content: CardContent, limits: Limits, seed: str, sign: Signing | None = None) -> None:
        self._authentic = content
        self._chance = random.Random(seed)
        self._sign = sign
        self.lies_told: dict[Place, int] = dict.fromkeys(Place, 0)
        super().__init__(content, limits)

    @property
    def place(self) -> Place:
        """Where it lies since it was powered up."""
        return self._plan.place

    def reset(self) -> None:
        """Powered anew, it lies anew."""
        super().reset()
        self._commands = 0
        self._before = Response(0x9000)
        self._plan = draw_plan(self._chance)
        self._content = self._authentic
        if self._plan.place is Place.FILES:
            self._content = dataclasses.replace(self._authentic, files=self._spoilt_files())

    def answer(self, frame: bytes) -> bytes:
        self._commands += 1
        raw = super().answer(frame)
        if self._plan.place is not Place.WIRE:
            return raw
        true = Response(int.from_bytes(raw[-2:], "big"), raw[:-2])
        return self._perhaps_lie(true).encode()

    def _obey(self, command: Command) -> Response:
        true = super()._obey(command)
        if self._plan.place is Place.PROTECTED:
            return self._perhaps_lie(true)
        if self._plan.place is Place.FILES and command.ins == Instruction.READ_BINARY:
            self._count_if_spoilt(command, true)
        return true

    def _perhaps_lie(self, true: Response) -> Response:
        said = true
        if self._commands >= self._plan.first and self._chance.random() < self._plan.rate:
            said = self._chance.choice(self._plan.ways)(true, self._chance, self._before)
        self._before = said
        self.lies_told[self._plan.place] += said != true
        return said

    def _count_if_spoilt(self, command: Command, said: Response) -> None:
        """Of a READ BINARY that was not refused, the same part of the authentic file is compared."""
        offset = command.p2 if command.p1 & 0x80 else command.p1 << 8 | command.p2
        by_short_identifier = 0x0100 | command.p1 & 0x1F
        identifier = by_short_identifier if command.p1 & 0x80 else self._current
        true = self._authentic.files.get(identifier or 0, b"")
        self.lies_told[Place.FILES] += said.data != true[offset : offset + (command.expected or 0)]

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

"""Time and chance of one simulated life: true time, the terminal's wrong clock, and the moments at which it dies.

Nothing here is the machine's: time moves only by `pass_time`, and every choice is drawn from the seed, from a stream of
its own for each part, so that a change in one part does not reshuffle the others.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

T = TypeVar("T")

BEGIN: Final = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
_STORY_TOLD: Final = 40
"""The last lines of the story that a failure prints."""


class Killed(BaseException):
    """The program is gone at this point; what it had in memory is lost. No production code catches it."""


class World:
    """True time, in seconds since the beginning, and what happened so far."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.seconds = 0.0
        self.story: list[str] = []
        self._later: list[tuple[float, int, Callable[[], None]]] = []
        self._streams: dict[str, random.Random] = {}

    def chance(self, part: str) -> random.Random:
        """The stream of one part."""
        if part not in self._streams:
            self._streams[part] = random.Random(f"{self.seed}/{part}")
        return self._streams[part]

    def now(self) -> datetime:
        return BEGIN + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def pass_time(self, seconds: float) -> None:
        """Also lets happen what was put off until then, in its order."""
        self.seconds += seconds
        due = sorted(entry[:2] for entry in self._later if entry[0] <= self.seconds)
        acts = {entry[:2]: entry[2] for entry in self._later}
        self._later = [entry for entry in self._later if entry[0] > self.seconds]
        for entry in due:
            acts[entry]()

    def put_off(self, seconds: float, act: Callable[[], None]) -> None:
        self._later.append((self.seconds + seconds, len(self._later), act))

    def tell(self, what: str) -> None:
        self.story.append(f"{self.now():%a %H:%M:%S} {what}")

    def end_of_story(self) -> str:
        return "\n".join(self.story[-_STORY_TOLD:])


class OwnThread:
    """A `kiosk.lane.Lane` on the caller's own thread: the only one of a simulated life."""

    def __init__(self, name: str) -> None:
        self.name = name

    def call(self, work: Callable[[], T]) -> T:
        return work()

    def close(self) -> None:
        """There is nothing to join."""


class WrongClock:
    """A `kiosk.ports.Clock`: the terminal's wall clock, which is set forward and back while it runs."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.ahead = timedelta()

    def now(self) -> datetime:
        return self._world.now() + self.ahead


@dataclasses.dataclass(slots=True)
class Fate:
    """Decides at each point that the program passes whether it dies there. `at_death` keeps what is on disk then."""

    world: World
    odds: float
    at_death: Callable[[], None] = lambda: None
    deaths: dict[str, int] = dataclasses.field(default_factory=dict)

    def pass_by(self, place: str) -> None:
        if self.world.chance("fate").random() < self.odds:
            self.at_death()
            self.deaths[place] = self.deaths.get(place, 0) + 1
            self.world.tell(f"killed {place}")
            raise Killed(place)


def make_id(world: World) -> UUID:
    """A UUIDv7 (RFC 9562, 5.7) whose random part is the seed's."""
    milliseconds = round(world.now().timestamp() * 1000)
    chance = world.chance("ids")
    number = milliseconds << 80 | 0x7 << 76 | chance.getrandbits(12) << 64 | 0b10 << 62 | chance.getrandbits(62)
    return UUID(int=number)

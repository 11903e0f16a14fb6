"""What one tour lives: all of it, the rounds of some names, or an errand at every service of the catalogue."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from fnmatch import fnmatch
from typing import Final, TypeVar

from kiosk.catalogue import Service
from ui.look import Panel
from ui.tour import service_round
from ui.tour.rounds import LARGE, MORNINGS, ROUNDS, TRAININGS, Morning, Round
from ui.tour.service_round import Wishes

Lived = TypeVar("Lived", Round, Morning)

_MOST_NAMED: Final = 3


class NoSuchRound(Exception):
    """A name that no round has; the text says so, with the names that are like it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Programme:
    """What one tour lives. A `whole` one ends with a picture of every failure that a person can meet; one that
    `tells_ease` with how many touches each service took."""

    rounds: tuple[Round, ...]
    trainings: tuple[Round, ...] = ()
    mornings: tuple[Morning, ...] = ()
    whole: bool = False
    tells_ease: bool = False

    def only(self, names: tuple[str, ...]) -> Programme:
        """The part whose names match one of `names`, in which * stands for any text. Raises NoSuchRound where one of
        them matches nothing: nobody should believe that it was lived."""
        every: tuple[Round | Morning, ...] = (*self.rounds, *self.trainings, *self.mornings)
        known = [entry.name for entry in every]
        for name in names:
            if not any(fnmatch(one, name) for one in known):
                raise NoSuchRound(_nothing_is_named(name, known))
        return Programme(
            tuple(_named(self.rounds, names)),
            tuple(_named(self.trainings, names)),
            tuple(_named(self.mornings, names)),
            tells_ease=self.tells_ease,
        )


WHOLE: Final = Programme(ROUNDS, TRAININGS, MORNINGS, whole=True)


def every_service(services: Iterable[Service], wishes: Wishes, panel: Panel = LARGE) -> Programme:
    """An errand at each service, in the language of the wishes."""

    def round_of(service: Service) -> Round:
        name = f"{service.id}-{wishes.language}"
        return Round(name, panel, lambda visitor: service_round.live(visitor, service, wishes))

    return Programme(tuple(round_of(service) for service in services), tells_ease=True)


def _named(entries: tuple[Lived, ...], names: tuple[str, ...]) -> Iterator[Lived]:
    return (entry for entry in entries if any(fnmatch(entry.name, name) for name in names))


def _nothing_is_named(name: str, known: list[str]) -> str:
    plain = name.replace("*", "")
    within = [one for one in known if plain and plain in one]
    like = (within or get_close_matches(plain, known, _MOST_NAMED))[:_MOST_NAMED]
    told = f"Perhaps {', '.join(like)} is meant" if like else f"There are {', '.join(known[:_MOST_NAMED])} and others"
    return f"No round of this tour is named {name!r}. {told}"

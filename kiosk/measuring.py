"""Measures each errand of a visit from outside: what was shown, touched and typed, from the card to the end."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from kiosk.feedback import Satisfaction, WhyUnhappy
from kiosk.ports import Clock
from kiosk.scene import Scene, State
from kiosk.texts import LEGAL_TIME
from kiosk.uptake import Channel, Outcome, Uptake
from kiosk.wire import Words

_NOBODY: Final = frozenset({State.IDLE, State.TAKE_CARD})
_UNASKED: Final = frozenset(
    {State.IDENTIFYING, State.ENQUIRING, State.COMMITTED, State.DELIVERY_AWAITED, State.RECEIPT}
)
"""The terminal works and the person waits: these are no pages to be read or answered."""
_PAUSES: Final = frozenset({State.TIME_WARNING, State.CARD_REMOVED, State.FAILED})
"""The page that counts is the one before."""
_READING: Final = frozenset({State.IDENTIFYING, State.ACCESS_NUMBER})
"""Of somebody who is known already, a pause too: the card came back."""


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Where this terminal stands."""

    terminal: str
    office: Words


@dataclasses.dataclass(slots=True)
class _Errand:
    """One service of one visit, under way. `outcome` is set once its end is known; what is touched then no longer
    counts."""

    visit: int
    began_at: datetime
    began: float
    is_known: bool = False  # who is here; never kept
    service: str = ""
    channel: Channel = Channel.SELF_SERVICE
    language: str = ""
    taps: int = 0
    characters: int = 0
    pages: int = 0
    page: str = ""
    seconds: float = 0.0
    failed: bool = False
    outcome: Outcome | None = None
    satisfaction: Satisfaction | None = None
    reason: WhyUnhappy | None = None


class Measuring:
    """Told of every scene, touch and character, on one thread; hands a record to `keep` as soon as an errand is over.

    An errand is one service in one visit. It begins with the card; whoever goes on to another service begins another.
    """

    def __init__(
        self,
        place: Place,
        clock: Clock,
        keep: Callable[[Uptake], None],
        monotonic: Callable[[], float] = time.monotonic,
        new_id: Callable[[], UUID] = uuid4,
    ) -> None:
        """`new_id` must give ids without a time in them."""
        self._place, self._clock, self._keep = place, clock, keep
        self._monotonic, self._new_id = monotonic, new_id
        self._errand: _Errand | None = None
        self._aside: list[_Errand] = []  # ready in the basket, and to be paid with others

    def touched(self) -> None:
        """The screen was touched, or a key pressed that writes nothing."""
        if self._errand is not None and self._errand.outcome is None:
            self._errand.taps += 1

    def typed(self) -> None:
        """One character; which one is nobody's business here."""
        if self._errand is not None and self._errand.outcome is None:
            self._errand.characters += 1

    def shown(self, scene: Scene, language: str) -> None:
        errand = self._errand
        if errand is not None and not errand.is_known and scene.identity is not None:
            errand.visit, errand.is_known = scene.visit, True  # the card was read: the visit that began with it goes on
        if errand is not None and (scene.state in _NOBODY or scene.visit != errand.visit):
            self.end()
        if scene.state in _NOBODY:
            return
        if self._errand is not None and _is_another_service(self._errand, scene):
            self._leave(self._errand, scene)
        if self._errand is None:
            self._errand = self._taken_up(scene)
        if self._errand is None:
            known = scene.identity is not None
            self._errand = _Errand(scene.visit, self._clock.now(), self._monotonic(), is_known=known)
        self._follow(self._errand, scene, language)

    def end(self) -> None:
        """Whoever was here has left, or the program ends."""
        over = [*self._aside, *([self._errand] if self._errand is not None else [])]
        self._aside, self._errand = [], None
        for errand in over:
            self._record(errand)

    def _leave(self, errand: _Errand, scene: Scene) -> None:
        """For another service: what is in the basket is not over yet."""
        self._errand = None
        if _is_in_basket(errand, scene):
            self._aside.append(errand)
        else:
            self._record(errand)

    def _taken_up(self, scene: Scene) -> _Errand | None:
        """What was put into the basket and is opened again."""
        opened = scene.service.id if scene.service is not None else ""
        found = next((errand for errand in self._aside if errand.service == opened), None)
        if found is not None:
            self._aside.remove(found)
        return found

    def _record(self, errand: _Errand) -> None:
        if errand.outcome is None:
            self._decide(errand, Outcome.FAILED if errand.failed else Outcome.LEFT)
        assert errand.outcome is not None
        local = errand.began_at.astimezone(LEGAL_TIME)
        self._keep(
            Uptake(
                record=self._new_id(),
                day=local.date(),
                hour=local.hour,
                terminal=self._place.terminal,
                office_ar=self._place.office.ar,
                office_en=self._place.office.en,
                channel=errand.channel,
                service=errand.service,
                language=errand.language,
                outcome=errand.outcome,
                page=errand.page,
                seconds=round(errand.seconds),
                taps=errand.taps,
                characters=errand.characters,
                pages=errand.pages,
                satisfaction=errand.satisfaction,
                reason=errand.reason,
            )
        )

    def _follow(self, errand: _Errand, scene: Scene, language: str) -> None:
        errand.satisfaction, errand.reason = scene.satisfaction, scene.reason
        if scene.state is State.DONE and scene.service is None:
            self._finish_together(scene)
        if errand.outcome is not None:
            return
        errand.channel = Channel.ASSISTED if scene.assisted else Channel.SELF_SERVICE
        errand.language = language
        errand.failed = scene.state is State.FAILED
        if scene.service is not None:
            errand.service = scene.service.id
        page = _page_of(scene)
        paused = scene.state in _PAUSES or (errand.is_known and scene.state in _READING)
        if page != errand.page and not paused:
            errand.pages += scene.state not in _UNASKED
            errand.page = page
        if scene.state is State.DONE:
            self._decide(errand, Outcome.FINISHED)
        elif scene.state is State.PARKED:
            self._decide(errand, Outcome.KEPT)

    def _finish_together(self, scene: Scene) -> None:
        """What was paid at once came to one end, and one face speaks for all of it."""
        for errand in self._aside:
            errand.satisfaction, errand.reason = scene.satisfaction, scene.reason
            if errand.outcome is None and _is_in_basket(errand, scene):
                self._decide(errand, Outcome.FINISHED)

    def _decide(self, errand: _Errand, outcome: Outcome) -> None:
        errand.outcome, errand.seconds = outcome, self._monotonic() - errand.began


def _is_another_service(errand: _Errand, scene: Scene) -> bool:
    return scene.service is not None and errand.service not in {"", scene.service.id}


def _is_in_basket(errand: _Errand, scene: Scene) -> bool:
    return any(entry.service is not None and entry.service.id == errand.service for entry in scene.basket)


def _page_of(scene: Scene) -> str:
    step = scene.step if scene.state is State.STEPS and not scene.assisted else None
    return f"{scene.state.value}/{step.id}" if step is not None else scene.state.value

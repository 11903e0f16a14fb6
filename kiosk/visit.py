"""One customer's visit: feeds events to the table of `kiosk.transitions`, and shows the scene after each."""

from __future__ import annotations

import dataclasses
import logging
import traceback
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from kiosk.basket import movement_of
from kiosk.case import Case
from kiosk.catalogue import Service
from kiosk.events import CardInserted, CardRemoved, Event, FrontRead, PartFailed, PinTyped, ReaderLost
from kiosk.failures import Failure, Money, ServiceFailure
from kiosk.following import Following
from kiosk.front import Front
from kiosk.parking import Parking
from kiosk.ports import AgencyDesk, CardReader, DocumentScanner, Runner, Signer
from kiosk.scene import Scene, State
from kiosk.settlement import Settlement
from kiosk.showing import scene_of
from kiosk.staff import wipe
from kiosk.transaction import Ids, Movement
from kiosk.transitions import LIMITS, TRANSITIONS, UNASKED, WATCHDOGS, WISHES

log = logging.getLogger(__name__)


def _nobody() -> str:
    return ""


@dataclasses.dataclass(frozen=True, slots=True)
class Parts:
    """Everything that a visit calls. `assisted` says that a clerk serves; `clerk` gives the staff id of who that is.
    Without a `signer` nothing can be signed here, without a `scanner` no document attached; without `following` nobody
    is told what became of a request. `front` reads anew what is put before people; it may block."""

    terminal: str
    reader: CardReader
    desk: AgencyDesk
    settlement: Settlement
    parking: Parking
    new_id: Callable[[], UUID]
    assisted: bool = False
    clerk: Callable[[], str] = _nobody
    signer: Signer | None = None
    front: Callable[[], Front] | None = None
    scanner: DocumentScanner | None = None
    following: Following | None = None


class Visit:
    """Feeds events to the table, one at a time, on one thread; shows the scene after each."""

    def __init__(self, parts: Parts, services: tuple[Service, ...], run: Runner, show: Callable[[Scene], None]) -> None:
        self.parts = parts
        self.front = Front(services)
        self.state = State.IDLE
        self.case = Case()
        self.card_present = False
        self.passport_inside = False  # as far as it was read; nothing personal, and true until it is taken out
        self.reader_failure: ServiceFailure | None = None
        self._run = run
        self._show = show
        self._number = 0
        self._errand = 0
        self._alone = 0  # the errand during which no wish counts
        self._stop: Callable[[], None] | None = None  # ends the errand that runs
        self._following: list[Event] = []

    @property
    def services(self) -> tuple[Service, ...]:
        return self.front.services

    @services.setter
    def services(self, services: tuple[Service, ...]) -> None:
        self.front = Front(services)

    def scene(self) -> Scene:
        assisted = self.parts.assisted
        seconds = 0 if assisted and self.state not in WATCHDOGS else LIMITS[self.state]
        scene = scene_of(self.case, self.state, self._number, self.front, seconds)
        can_follow = self.parts.following is not None and not assisted
        return dataclasses.replace(
            scene,
            reader_failure=self.reader_failure,
            assisted=assisted,
            can_follow=can_follow,
            passport_inside=self.passport_inside,
        )

    def handle(self, event: Event) -> None:
        """One step of the table; an event that the state does not know is ignored."""
        self._notice_card(event)
        row = TRANSITIONS[self.state].get(type(event))
        if row is None or (self.works_alone() and type(event) in WISHES):
            if isinstance(event, PinTyped):
                wipe(event.pin)  # it came too late, and nobody else will
            return
        act, allowed = row
        before = self.scene() if type(event) in UNASKED else None
        state = act(self, event)
        assert state in allowed, f"{act.__name__} led from {self.state} to {state}"
        self.state = state
        if (scene := self.scene()) != before:
            self._show(scene)
        while self._following:
            self.handle(self._following.pop(0))

    # -- for the acts

    def begin(
        self, work: Callable[[], Event], money: Money = Money.NOTHING, *, stop: Callable[[], None] | None = None
    ) -> None:
        """Runs `work` elsewhere; its event is handled unless the visit has gone on to something else: then `stop`, if
        any, is called, which must not block.

        `money` is what must be said of the payment if `work` fails.
        """
        self.abandon_errand()
        self._stop = stop
        errand = self._errand

        def then(event: Event) -> None:
            if errand == self._errand:
                self._alone, self._stop = 0, None
                self.handle(event)

        self._run(lambda: _shielded(work, money), then)

    def begin_alone(self, work: Callable[[], Event]) -> None:
        """As `begin`; until its event is there, nothing that a person presses counts: not even paying."""
        self.begin(work)
        self._alone = self._errand

    def works_alone(self) -> bool:
        return self._alone == self._errand != 0

    def begin_beside(self, work: Callable[[], Event | None]) -> None:
        """Runs `work` elsewhere without a place in the visit's order; its event is handled while the same person is
        here. What it meets is nobody's failure page."""
        visit = self._number

        def then(event: Event) -> None:
            if visit == self._number and not isinstance(event, _Nothing):
                self.handle(event)

        self._run(lambda: _quietly(work), then)

    def follow(self, event: Event) -> None:
        """Handles `event` right after the present one."""
        self._following.append(event)

    def abandon_errand(self) -> None:
        """Whatever is still being worked on will not be listened to, and is told to stop where it can."""
        self._errand += 1
        stop, self._stop = self._stop, None
        if stop is not None:
            stop()
        if self.case.papers.scanning:
            self.case.papers = self.case.papers.at_rest()

    def forget(self) -> None:
        self.abandon_errand()
        self._number += 1
        self.case = Case()

    def read_front(self) -> None:
        """Beside the visit, for whoever comes next; nobody waits for it."""
        if (read := self.parts.front) is not None:
            self.begin_beside(lambda: FrontRead(read()))

    def ids(self) -> Ids:
        assert self.case.ids is not None
        return self.case.ids

    def movement(self) -> Movement:
        """What is being paid."""
        return movement_of(self.case)

    def _notice_card(self, event: Event) -> None:
        if isinstance(event, CardInserted | CardRemoved | ReaderLost):
            self.case.card_stayed = self.passport_inside = False
        if isinstance(event, CardInserted):
            self.card_present = True
        elif isinstance(event, CardRemoved | ReaderLost):
            self.card_present = False
        if isinstance(event, ReaderLost):
            self.reader_failure = event.failure
        elif isinstance(event, CardInserted | CardRemoved):
            self.reader_failure = None


class _Nothing(Event):
    """Work beside the visit that has nothing to tell."""

    __slots__ = ()


def _quietly(work: Callable[[], Event | None]) -> Event:
    try:
        return work() or _Nothing()
    except ServiceFailure:
        return _Nothing()
    except Exception as bug:  # the boundary of work that nobody waits for
        log.error("work beside the visit died of %s at %s", type(bug).__name__, _place(bug))
        return _Nothing()


def _shielded(work: Callable[[], Event], money: Money) -> Event:
    """The one boundary of all work for a visit: whatever goes wrong becomes an event."""
    try:
        return work()
    except ServiceFailure as failure:
        return PartFailed(failure, money)
    except Exception as bug:  # a bug in a part: the person meets one page, staff find it by its support code
        log.error("work for the visit died of %s at %s", type(bug).__name__, _place(bug))
        return PartFailed(ServiceFailure(Failure.INTERNAL), money)


def _place(bug: BaseException) -> str:
    """File and line where it was raised; never its text, which may hold personal data."""
    last = traceback.extract_tb(bug.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"

"""The terminal's card reader, a `kiosk.ports.CardReader`: one thread watches for cards and reads them when asked."""

from __future__ import annotations

import collections
import dataclasses
import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from devices.cards import portrait
from devices.cards.card_inside import CardInside
from devices.cards.errand import Errand
from devices.cards.exchange import READING_SECONDS
from devices.cards.pcsc import CardService, Slot
from devices.cards.portrait import PortraitUnreadable
from devices.cards.printed import Printed, is_access_number
from devices.cards.profiles import Profile
from devices.cards.trust.store import Trust
from devices.cards.watcher import Watcher
from kiosk.events import CardInserted, Event
from kiosk.failures import Failure, ServiceFailure
from kiosk.identity import CardReading, CompletedReading, Portrait
from kiosk.ports import Clock

if TYPE_CHECKING:
    from devices.cards.document import Rest

COMMAND_SECONDS = 5.0
"""A command that takes longer is given up."""

# SCardCancel is not used: told to a wait that has just ended, pcsc-lite's answer to it is taken for the next one's, and
# the library then waits for ever. A short wait needs no cancelling, nor does a pause for the question that follows a
# card, or an answer: the face is asked for as soon as the name is there.
_WATCH_SECONDS = 0.2
_QUESTION_SECONDS = 0.1
_RETRY_SECONDS = (0.1, 0.25, 0.5, 1.0, 2.0)
_JOIN_SECONDS = COMMAND_SECONDS + 1
_NUDGE_SECONDS = 0.05
_log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclasses.dataclass(frozen=True, slots=True)
class ReaderState:
    """For the technician: is the card service up, which allowed readers it has, is a card inside, its ATR in hex."""

    service_is_up: bool = False
    readers: tuple[str, ...] = ()
    card_is_present: bool = False
    atr: str = ""


class SmartCards:
    """Watches the readers whose names begin with one of `readers`, and reads the card that is inside.

    `believed` is what `trust.store.read_trust` read, once: a new import counts after the next start.
    `mrz` gives the printed zone of the document now presented, as the scanner sees it, or None; it is called on the
    caller's thread. A card is powered up and held for as long as it is read, and let go in between.
    """

    def __init__(
        self,
        readers: tuple[str, ...],
        profiles: tuple[Profile, ...],
        believed: Trust,
        mrz: Callable[[], str | None],
        clock: Clock,
    ) -> None:
        self._service = CardService(readers)
        self._mrz = mrz
        self._errands: collections.deque[Errand[CardReading] | Errand[Rest]] = collections.deque()
        self._running: Errand[CardReading] | Errand[Rest] | None = None
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._slots: tuple[Slot, ...] = ()
        self._watcher: Watcher | None = None
        self._service_is_up = False
        self._inside = CardInside(self._service, profiles, believed, clock, self._closing)
        self._failed_looks = 0
        self._turned = 0.0

    def start(self, listener: Callable[[Event], None]) -> None:
        """Begins to watch. `listener` is called on the card thread with CardInserted, CardRemoved and ReaderLost; it
        must hand them on and return, and it must not call `read` there."""

        def hear(event: Event) -> None:
            if not isinstance(event, CardInserted):
                self._inside.forget()
            listener(event)

        self._watcher = Watcher(hear, time.monotonic())
        self._turned = time.monotonic()
        self._thread = threading.Thread(target=self._run, args=(self._watcher,), name="cards", daemon=True)
        self._thread.start()

    def read(self, access_number: str = "") -> CardReading:
        """Reads and proves the card inside; returns only for a genuine, valid one. `access_number` is the CAN that a
        person typed, used where the card has PACE.

        Raises AccessNumberWanted where the card opens only with such a number, and ServiceFailure.
        """
        printed = self._seen(access_number)
        errand: Errand[CardReading] = Errand(lambda errand: self._read(errand, printed))
        return self._ask(errand)

    def complete(self, access_number: str = "") -> CompletedReading:
        """The rest of the card that `read` has named, which is read of itself after that: its chip proven, its face
        decoded. Asked again of the same card it answers at once and needs no number, but gives no face a second time.
        Raises as `read`, and CARD_REMOVED where another card came in since, or none was named."""
        printed = self._seen(access_number)
        errand: Errand[Rest] = Errand(lambda errand: self._complete(errand, printed))
        rest = self._ask(errand)
        return CompletedReading(rest.verdict, rest.reasons, _face(rest.picture), rest.cost)

    def state(self) -> ReaderState:
        """What the last look found; does not block. By the time an event is told, it agrees with the event."""
        card = self._watcher.card if self._watcher else None
        return ReaderState(
            service_is_up=self._service_is_up,
            readers=tuple(slot.reader for slot in self._slots),
            card_is_present=card is not None,
            atr=card.atr.hex() if card else "",
        )

    def close(self) -> None:
        """Ends the card thread; one that a driver holds up is left behind."""
        self._closing.set()
        if self._thread is not None:
            end = time.monotonic() + _JOIN_SECONDS
            while self._thread.is_alive() and time.monotonic() < end:
                self._nudge()
                self._thread.join(_NUDGE_SECONDS)

    def _seen(self, access_number: str) -> Printed:
        if access_number and not is_access_number(access_number):
            raise ServiceFailure(Failure.ACCESS_REFUSED)
        return Printed.seen(self._mrz(), access_number)

    def _ask(self, errand: Errand[T]) -> T:
        if self._thread is None or self._closing.is_set():
            raise ServiceFailure(Failure.CARD_SERVICE_DOWN)
        if threading.current_thread() is self._thread:
            raise RuntimeError("a reading was asked for on the card thread, which would wait for itself")
        if self._running is None and self._is_held_up():
            raise ServiceFailure(Failure.CARD_SERVICE_DOWN)  # it is there and does not answer
        self._errands.append(errand)  # type: ignore[arg-type]  # T is one of the two that are queued
        return errand.wait(
            self._nudge,
            silent_seconds=COMMAND_SECONDS,
            whole_seconds=READING_SECONDS,
            is_held_up=self._is_held_up,
        )

    def _nudge(self) -> None:
        self._wake.set()

    def _is_held_up(self) -> bool:
        """By a driver that has not let go of a command, or by a service that does not end a short wait: whoever asks
        need not wait for them."""
        if (running := self._running) is not None:
            return running.is_silent(COMMAND_SECONDS)
        return time.monotonic() - self._turned > COMMAND_SECONDS

    # From here on everything runs on the card thread.

    def _run(self, watcher: Watcher) -> None:
        pause = 0.0
        while not self._closing.is_set():
            self._wake.wait(pause)
            self._wake.clear()
            try:
                pause = self._turn(watcher)
            except Exception as error:  # the thread's one boundary: whatever a look or a listener does, it looks again
                _log.error("card thread: %s", type(error).__name__)
                pause = _RETRY_SECONDS[-1]
        self._refuse_errands(Failure.CARD_SERVICE_DOWN)
        self._service.close()

    def _turn(self, watcher: Watcher) -> float:
        """One look, and the errands asked for meanwhile. Returns how long to rest before the next look, in seconds."""
        self._turned = time.monotonic()
        before = watcher.card
        try:
            self._look(watcher)
        except ServiceFailure:
            self._service.close()
            self._inside.forget()
            self._slots, self._service_is_up = (), False
            watcher.could_not_look(time.monotonic())
            self._refuse_errands(Failure.CARD_SERVICE_DOWN)
            self._failed_looks += 1
            return _RETRY_SECONDS[min(self._failed_looks, len(_RETRY_SECONDS)) - 1]
        self._failed_looks = 0
        question_follows = bool(self._errands) or (watcher.card is not None and before is None)
        while self._errands:
            self._running = self._errands.popleft()
            self._running.run()
            self._turned = time.monotonic()  # before nothing runs any more: an asker looks at both
            self._running = None
        if not self._slots:
            return _RETRY_SECONDS[1]  # there is nothing to wait on
        return _QUESTION_SECONDS if question_follows else 0.0

    def _look(self, watcher: Watcher) -> None:
        slots = self._service.slots(self._slots)
        # An errand must not wait for a card to come or go.
        seconds = 0.0 if self._errands or slots != self._slots else _WATCH_SECONDS
        self._slots = self._service.wait(slots, seconds) if slots else ()
        self._service_is_up = True
        watcher.saw(self._slots, time.monotonic())

    def _refuse_errands(self, failure: Failure) -> None:
        while self._errands:
            self._errands.popleft().refuse(failure)

    def _read(self, errand: Errand[CardReading], printed: Printed) -> CardReading:
        return self._inside.read(self._watched_slot(), printed, errand)

    def _complete(self, errand: Errand[Rest], printed: Printed) -> Rest:
        return self._inside.complete(self._watched_slot(), printed, errand)

    def _watched_slot(self) -> Slot:
        """The card whose coming was told, and whose going will be: another may be in a reader beside it."""
        watched = self._watcher.card if self._watcher else None
        slot = next((slot for slot in self._slots if watched and slot.has_card and slot.reader == watched.reader), None)
        if slot is None:
            raise ServiceFailure(Failure.CARD_REMOVED if self._slots else Failure.NO_READER)
        return slot


def _face(picture: bytes) -> Portrait | None:
    """The picture of a genuine card, decoded in a process of its own; None where that cannot be done."""
    if not picture:
        return None
    try:
        return portrait.decode(picture)
    except PortraitUnreadable as unreadable:
        _log.info("portrait not shown: %s", unreadable)
        return None

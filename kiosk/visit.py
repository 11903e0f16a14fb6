"""One customer's visit as a table: which event leads from which state, by which act, to which states.

The table below is the whole flow. Every act is a function of `kiosk.acts`; it may only answer with a state that its
row names. What a row does not list is ignored in that state: a stale press, a second answer, a late report.
"""

from __future__ import annotations

import dataclasses
import logging
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from kiosk import acts
from kiosk.case import Case
from kiosk.catalogue import Service
from kiosk.events import (
    AnotherService,
    Answered,
    Authorised,
    Back,
    Cancelled,
    Captured,
    CardInserted,
    CardRemoved,
    ChangeWanted,
    Committed,
    Confirmed,
    CopyWanted,
    DeliveryBegan,
    DeliveryDecided,
    Event,
    IdentityRead,
    LinesPicked,
    MoreTime,
    PartFailed,
    Prepared,
    QuoteReceived,
    ReaderLost,
    ReceiptPrinted,
    ServiceChosen,
    Started,
    TimedOut,
    TryAgain,
)
from kiosk.failures import Failure, Money, ServiceFailure
from kiosk.ports import AgencyDesk, CardReader, Runner
from kiosk.scene import Scene, State
from kiosk.settlement import Settlement
from kiosk.transaction import Ids

log = logging.getLogger(__name__)

S = State
Act = Callable[["Visit", Any], State]
Row = tuple[Act, tuple[State, ...]]

_ENDED = (S.TAKE_CARD, S.IDLE)
_BUSY = (S.PAYING, S.COMMITTED, S.DELIVERY_AWAITED, S.RECEIPT)
_WORKING = (S.CHOOSING_SERVICE, S.START_CARD, S.STEPS, S.ENQUIRING, S.QUOTE, S.CHECK_ANSWERS)

# How a person, the card or time can leave every state in which somebody reads or types.
_EXITS: dict[type[Event], Row] = {
    Cancelled: (acts.end, _ENDED),
    CardRemoved: (acts.pause_for_card, (S.CARD_REMOVED,)),
    ReaderLost: (acts.reader_lost, (S.FAILED,)),
    TimedOut: (acts.warn, (S.TIME_WARNING,)),
    PartFailed: (acts.fail, (S.FAILED,)),
}

# While money moves or paper comes out, nothing from outside cuts the sequence; it ends by itself.
_CARRY_ON: dict[type[Event], Row] = {
    Cancelled: (acts.stay, _BUSY),
    CardRemoved: (acts.stay, _BUSY),
    ReaderLost: (acts.stay, _BUSY),
}

TRANSITIONS: Mapping[State, Mapping[type[Event], Row]] = {
    S.IDLE: {
        CardInserted: (acts.identify, (S.IDENTIFYING,)),
        ReaderLost: (acts.stay, (S.IDLE,)),
        CardRemoved: (acts.stay, (S.IDLE,)),
        TimedOut: (acts.end, (S.IDLE,)),  # somebody switched the language and left: the next finds the default
    },
    S.IDENTIFYING: {
        IdentityRead: (acts.know, (*_WORKING,)),
        PartFailed: (acts.fail, (S.FAILED,)),
        CardRemoved: (acts.card_gone_while_reading, (S.CARD_REMOVED, S.IDLE)),
        Cancelled: (acts.end, _ENDED),
        ReaderLost: (acts.reader_lost, (S.FAILED,)),
        TimedOut: (acts.too_slow, (S.FAILED,)),
    },
    S.CHOOSING_SERVICE: {**_EXITS, ServiceChosen: (acts.choose, (S.START_CARD, S.CHOOSING_SERVICE))},
    S.START_CARD: {**_EXITS, Started: (acts.start, (S.STEPS,)), Back: (acts.back_to_services, (S.CHOOSING_SERVICE,))},
    S.STEPS: {
        **_EXITS,
        Answered: (acts.answer, (S.STEPS, S.ENQUIRING, S.CHECK_ANSWERS)),
        Back: (acts.back_from_step, (S.STEPS, S.START_CARD, S.CHECK_ANSWERS)),
    },
    S.ENQUIRING: {
        **_EXITS,
        QuoteReceived: (acts.take_quote, (S.QUOTE,)),
        Back: (acts.back_to_last_step, (S.STEPS,)),
        TimedOut: (acts.too_slow, (S.FAILED,)),
    },
    S.QUOTE: {
        **_EXITS,
        LinesPicked: (acts.pick, (S.QUOTE, S.CHECK_ANSWERS)),
        Back: (acts.back_to_last_step, (S.STEPS, S.CHECK_ANSWERS)),
        AnotherService: (acts.another_service, (S.CHOOSING_SERVICE, S.IDENTIFYING, *_ENDED)),
    },
    S.CHECK_ANSWERS: {
        **_EXITS,
        ChangeWanted: (acts.change, (S.STEPS, S.QUOTE, S.CHECK_ANSWERS)),
        Confirmed: (acts.confirm, (S.PAYING, S.FAILED)),
        Back: (acts.back_to_quote, (S.QUOTE,)),
    },
    S.PAYING: {
        **_CARRY_ON,
        Prepared: (acts.ask_bank, (S.PAYING,)),
        Authorised: (acts.capture, (S.PAYING,)),
        Captured: (acts.commit, (S.PAYING,)),
        Committed: (acts.committed, (S.COMMITTED,)),
        PartFailed: (acts.fail, (S.FAILED, *_ENDED)),
        Cancelled: (acts.want_cancel, (S.PAYING,)),
        TimedOut: (acts.want_cancel, (S.PAYING,)),
    },
    S.COMMITTED: {
        **_CARRY_ON,
        DeliveryBegan: (acts.await_answer, (S.DELIVERY_AWAITED,)),
        DeliveryDecided: (acts.decide_receipt, (S.RECEIPT,)),
        PartFailed: (acts.no_answer_in_time, (S.RECEIPT,)),
        TimedOut: (acts.no_answer_in_time, (S.RECEIPT,)),
    },
    S.DELIVERY_AWAITED: {
        **_CARRY_ON,
        DeliveryDecided: (acts.decide_receipt, (S.RECEIPT,)),
        PartFailed: (acts.no_answer_in_time, (S.RECEIPT,)),
        TimedOut: (acts.no_answer_in_time, (S.RECEIPT,)),
    },
    S.RECEIPT: {
        **_CARRY_ON,
        ReceiptPrinted: (acts.printed, (S.DONE,)),
        PartFailed: (acts.not_printed, (S.DONE,)),
        TimedOut: (acts.not_printed, (S.DONE,)),
    },
    S.DONE: {
        Cancelled: (acts.end, _ENDED),
        CardRemoved: (acts.end, _ENDED),
        CardInserted: (acts.identify_next_person, (S.IDENTIFYING,)),
        ReaderLost: (acts.end, _ENDED),
        TimedOut: (acts.end, _ENDED),
        PartFailed: (acts.not_printed, (S.DONE,)),
        ReceiptPrinted: (acts.printed, (S.DONE,)),
        CopyWanted: (acts.copy, (S.DONE,)),
        AnotherService: (acts.another_service, (S.CHOOSING_SERVICE, S.IDENTIFYING, *_ENDED)),
    },
    S.CARD_REMOVED: {
        CardInserted: (acts.identify, (S.IDENTIFYING,)),
        MoreTime: (acts.pause_for_card, (S.CARD_REMOVED,)),
        Cancelled: (acts.end, _ENDED),
        CardRemoved: (acts.stay, (S.CARD_REMOVED,)),
        ReaderLost: (acts.reader_lost, (S.FAILED,)),
        TimedOut: (acts.end, _ENDED),
    },
    S.TIME_WARNING: {
        MoreTime: (acts.more_time, (*_WORKING,)),
        Cancelled: (acts.end, _ENDED),
        CardRemoved: (acts.pause_for_card, (S.CARD_REMOVED,)),
        ReaderLost: (acts.reader_lost, (S.FAILED,)),
        TimedOut: (acts.end, _ENDED),
    },
    S.FAILED: {
        TryAgain: (acts.try_again, (S.FAILED, S.IDENTIFYING, S.ENQUIRING, S.CHECK_ANSWERS, S.CARD_REMOVED, *_ENDED)),
        AnotherService: (acts.another_service, (S.CHOOSING_SERVICE, S.IDENTIFYING, *_ENDED)),
        Cancelled: (acts.end, _ENDED),
        CardRemoved: (acts.end, _ENDED),
        CardInserted: (acts.identify_next_person, (S.IDENTIFYING,)),
        ReaderLost: (acts.stay, (S.FAILED,)),
        TimedOut: (acts.end, _ENDED),
    },
    S.TAKE_CARD: {
        CardRemoved: (acts.end, _ENDED),
        ReaderLost: (acts.end, _ENDED),
        CardInserted: (acts.identify_next_person, (S.IDENTIFYING,)),
        TimedOut: (acts.stay, (S.TAKE_CARD,)),
    },
}

LIMITS: Mapping[State, int] = {
    S.IDLE: 60,
    S.IDENTIFYING: 20,
    S.CHOOSING_SERVICE: 90,
    S.START_CARD: 90,
    S.STEPS: 90,
    S.ENQUIRING: 20,
    S.QUOTE: 90,
    S.CHECK_ANSWERS: 90,
    S.PAYING: 120,
    S.COMMITTED: 15,
    S.DELIVERY_AWAITED: 15,
    S.RECEIPT: 60,
    S.DONE: 60,
    S.CARD_REMOVED: 45,
    S.TIME_WARNING: 45,
    S.FAILED: 60,
    S.TAKE_CARD: 20,
}
"""Seconds without a touch until TimedOut. Busy states have it as a watchdog."""


@dataclasses.dataclass(frozen=True, slots=True)
class Parts:
    """Everything that a visit calls."""

    terminal: str
    reader: CardReader
    desk: AgencyDesk
    settlement: Settlement
    new_id: Callable[[], UUID]


class Visit:
    """Feeds events to the table, one at a time, on one thread; shows the scene after each."""

    def __init__(self, parts: Parts, services: tuple[Service, ...], run: Runner, show: Callable[[Scene], None]) -> None:
        self.parts = parts
        self.services = services
        self.state = State.IDLE
        self.case = Case()
        self.card_present = False
        self.reader_failure: ServiceFailure | None = None
        self._run = run
        self._show = show
        self._number = 0
        self._errand = 0
        self._following: list[Event] = []

    def scene(self) -> Scene:
        scene = self.case.scene(self.state, self._number, self.services, LIMITS[self.state])
        return dataclasses.replace(scene, reader_failure=self.reader_failure)

    def handle(self, event: Event) -> None:
        """One step of the table; an event that the state does not know is ignored."""
        self._notice_card(event)
        row = TRANSITIONS[self.state].get(type(event))
        if row is None:
            return
        act, allowed = row
        state = act(self, event)
        assert state in allowed, f"{act.__name__} led from {self.state} to {state}"
        self.state = state
        self._show(self.scene())
        while self._following:
            self.handle(self._following.pop(0))

    # -- for the acts

    def begin(self, work: Callable[[], Event], money: Money = Money.NOTHING) -> None:
        """Runs `work` elsewhere; its event is handled unless the visit has gone on to something else.

        `money` is what must be said of the payment if `work` dies of a bug.
        """
        self._errand += 1
        errand = self._errand

        def then(event: Event) -> None:
            if errand == self._errand:
                self.handle(event)

        self._run(lambda: _shielded(work, money), then)

    def follow(self, event: Event) -> None:
        """Handles `event` right after the present one."""
        self._following.append(event)

    def abandon_errand(self) -> None:
        """Whatever is still being worked on will not be listened to."""
        self._errand += 1

    def forget(self) -> None:
        self.abandon_errand()
        self._number += 1
        self.case = Case()

    def ids(self) -> Ids:
        assert self.case.ids is not None
        return self.case.ids

    def _notice_card(self, event: Event) -> None:
        if isinstance(event, CardInserted | CardRemoved | ReaderLost):
            self.case.card_stayed = False
        if isinstance(event, CardInserted):
            self.card_present = True
        elif isinstance(event, CardRemoved | ReaderLost):
            self.card_present = False
        if isinstance(event, ReaderLost):
            self.reader_failure = event.failure
        elif isinstance(event, CardInserted | CardRemoved):
            self.reader_failure = None


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

"""What a clerk can do at the counter, each act once: pages and keys call these, and the visit decides."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from kiosk.basket import MOST_SERVICES
from kiosk.catalogue import Service
from kiosk.events import (
    AccessNumberTyped,
    AnotherService,
    Back,
    Cancelled,
    CopyWanted,
    Event,
    LastTryAgreed,
    ParkWanted,
    PersonTyped,
    PinTyped,
    ReadingWanted,
    ResumeWanted,
    ServiceChosen,
    TryAgain,
)
from kiosk.failures import FAILURES, Way
from kiosk.following import Following
from kiosk.help import ClerkBell
from kiosk.parked import plain_reference
from kiosk.ports import Clock
from kiosk.receipt import Receipt
from kiosk.records import CounterRecords
from kiosk.refunds import Refunds
from kiosk.scene import Scene, State
from kiosk.search import ServiceSearch
from kiosk.staff import StaffAct, StaffMember, StaffRegister
from kiosk.texts import message
from ui.clerk import story
from ui.clerk.basket_desk import BasketDesk
from ui.clerk.filling import Filling
from ui.clerk.office_desk import OfficeDesk
from ui.clerk.requests_desk import RequestsDesk
from ui.clerk.sheet import Over, Sheet
from ui.clerk.till import Till

MONEY_MOVES = frozenset({State.PAYING, State.COMMITTED, State.DELIVERY_AWAITED, State.RECEIPT})
FORM = frozenset({State.STEPS, State.ENQUIRING, State.QUOTE, State.CHECK_ANSWERS})
FREE = frozenset({State.IDLE, State.TAKE_CARD})
ENDED = frozenset({State.DONE, State.PARKED, State.FAILED})

NOT_SHOWN = message("The number is shown only when that is written into the journal")


class Ask(Protocol):
    """See `ui.clerk.errands`."""

    def __call__(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None: ...


class SignOut(Protocol):
    """`at_once`: asked for by a key of its own, so it need not be pressed twice."""

    def __call__(self, *, at_once: bool = False) -> None: ...


@dataclasses.dataclass(frozen=True, slots=True)
class Tools:
    """What stands behind the counter. `ring` makes the sound of a help call; `print_again` is
    `kiosk.settlement.Settlement.print`; `refunds` is for what an agency refused, `following` for what became of
    earlier requests, None where nobody can be asked."""

    register: StaffRegister
    bell: ClerkBell
    records: CounterRecords
    ring: Callable[[], None]
    clock: Clock
    print_again: Callable[[Receipt], Event]
    refunds: Refunds
    following: Following | None = None


class Desk:
    """One clerk's desk. `renew` shows everything anew; `focus` is the object name of where typing goes next."""

    def __init__(
        self,
        tools: Tools,
        services: tuple[Service, ...],
        send: Callable[[Event], None],
        ask: Ask,
        *,
        renew: Callable[[], None],
        sign_out: SignOut,
        second_screen: bool = True,
        holder: Callable[[], str] = lambda: "",
    ) -> None:
        """`holder`: the national number of the card that is in the reader and proven, "" without one."""
        self._tools = tools
        self.send, self.ask, self.renew, self.sign_out = send, ask, renew, sign_out
        self.services = services
        self.second_screen = second_screen  # where there is none, the amount is read out
        self.found = ServiceSearch(services)
        self.scene = Scene(State.IDLE)
        self.sheet = Sheet()
        self.member: StaffMember | None = None
        self.focus = ""
        self.told = ""
        self.last_service = ""
        self.filling = Filling(self)
        self.till = Till(self)
        self.basket = BasketDesk(self)
        self.office = OfficeDesk(self, tools)
        self.requests = RequestsDesk(self, tools.following, holder)
        self._wanted = ""
        self._resuming = ""

    def now(self) -> datetime:
        return self._tools.clock.now()

    # -- what the visit shows

    def take(self, scene: Scene) -> None:
        """A new scene; another visit has a new sheet."""
        before, self.scene = self.scene, scene
        if scene.visit != self.sheet.visit:
            self.sheet = Sheet(visit=scene.visit)
            self.office.deciding, before = None, Scene(State.IDLE)
            self.office.attention.leave()
            self.requests.leave()
        if scene.state is not before.state:
            self.told = ""
        self.sheet.story += [(self.now(), line) for line in story.told(before, scene)]
        if scene.behalf != before.behalf:
            self.filling.take_behalf(scene.behalf)
        if scene.state in FREE and scene.mistakes:
            self.sheet.over, self.focus = Over.NEW_PERSON, self._first_mistake()
        self._note_what_happened(before, scene)
        if scene.service is not None:
            self.last_service = scene.service.id
        if scene.state is State.CHOOSING_SERVICE and self._wanted:
            wanted, self._wanted = self._wanted, ""
            self.send(ServiceChosen(wanted))

    def _first_mistake(self) -> str:
        names = dict(self.scene.mistakes)
        return next((name for name in ("national_number", "document") if name in names), "")

    def _note_what_happened(self, before: Scene, scene: Scene) -> None:
        if scene.parked is not None and before.parked is None:
            self.note(StaffAct.PARKED_CASE, scene.parked.reference)
        if self._resuming and scene.state in FORM:
            self.note(StaffAct.TOOK_PARKED_CASE, self._resuming)
        if scene.state not in FREE:
            self._resuming = ""
        if scene.state is State.DONE and before.state is State.RECEIPT and scene.correcting is not None:
            self.office.attention.print_correction(scene.correcting)

    # -- the page

    def over(self, over: Over) -> None:
        """Opens it, or closes it where it is open."""
        self.sheet.over = Over.NOTHING if self.sheet.over is over else over
        self.told = ""
        if over is Over.FINDER:
            self.sheet.search = ""
        self.renew()

    def open_document(self, step: str) -> None:
        self.sheet.paper, self.sheet.paper_page = step, 0
        self.over(Over.DOCUMENT)

    def close_over(self) -> None:
        if self.sheet.over is Over.ATTENTION:
            self.office.attention.leave()
            self.renew()
        elif self.sheet.over is Over.REQUESTS:
            self.requests.leave()
            self.renew()
        elif self.sheet.over is not Over.NOTHING:
            if self.sheet.over is Over.DOCUMENT and self.scene.papers.of(self.sheet.paper):
                self.focus = "enquire"  # the paper is there: Enter goes on with the form, and does not open it again
            self.over(self.sheet.over)

    def tell(self, words: str) -> None:
        self.told = words
        self.renew()

    # -- the person

    def new_person(self) -> None:
        """F2: whoever was served before is finished with."""
        if self.scene.state in ENDED or self.scene.state is State.CHOOSING_SERVICE:
            self.send(Cancelled())
        if self.scene.state is State.IDLE and self.sheet.over is not Over.NEW_PERSON:
            self.over(Over.NEW_PERSON)

    def type_person(self) -> None:
        sheet = self.sheet
        self.send(PersonTyped(sheet.number, sheet.name, sheet.document))

    def read_card(self) -> None:
        self.send(ReadingWanted())

    def type_access_number(self) -> None:
        self.send(AccessNumberTyped(self.sheet.access_number))

    # -- the signature

    def sign(self, pin: bytearray) -> None:
        """Empty where the citizen types it on the reader's keys."""
        self.send(PinTyped(pin))

    def agree_to_last_try(self) -> None:
        self.send(LastTryAgreed())

    # -- the number

    def reveal(self) -> None:
        """Shown only once it stands in the journal who looked; a second press hides it again."""
        if self.scene.identity is None:
            return
        if self.sheet.revealed:
            self.sheet.revealed = False
            self.renew()
            return
        sheet, member, register = self.sheet, self.member, self._tools.register
        assert member is not None

        def then(answer: object) -> None:
            if isinstance(answer, Exception):
                self.tell(NOT_SHOWN)
                return
            sheet.revealed = True
            sheet.story.append((self.now(), story.said(story.SHOWN)))
            self.renew()

        self.ask(lambda: register.note(member, StaffAct.REVEALED_NUMBER), then)

    # -- the service

    def choose_service(self, service: str) -> None:
        """Where nobody is known yet, the person is asked for first and the service is kept in mind."""
        self.sheet.over = Over.NOTHING
        if self.scene.state is State.IDLE:
            self._wanted = service
            self.over(Over.NEW_PERSON)
            return
        if self.scene.state in ENDED:
            self._wanted = service
            self.send(AnotherService())
            return
        self.send(ServiceChosen(service))

    def repeat_service(self) -> None:
        if self.last_service:
            self.choose_service(self.last_service)

    def can_choose_service(self) -> bool:
        state = self.scene.state
        if state in ENDED:
            return self.scene.identity is not None and (state is not State.FAILED or self._has_way(Way.ANOTHER_SERVICE))
        if state is State.BASKET:
            return len(self.scene.basket) < MOST_SERVICES
        return state in {State.IDLE, State.CHOOSING_SERVICE, State.STEPS, State.QUOTE, State.CHECK_ANSWERS}

    # -- ends and ways on

    def try_again(self) -> None:
        self.send(TryAgain())

    def _has_way(self, way: Way) -> bool:
        return self.scene.failure is not None and way in FAILURES[self.scene.failure.failure].ways

    def first_way(self) -> Callable[[], object] | None:
        """What Enter does on a page that tells of a failure: what settles it, another answer, or the same again."""
        if (way_out := self.scene.way_out) is not None:
            return partial(self.choose_service, way_out.id)
        if self.can_change_answers():
            return self.change_answers
        return self.try_again if self._has_way(Way.TRY_AGAIN) or self._has_way(Way.CONTINUE) else None

    def can_change_answers(self) -> bool:
        return self._has_way(Way.CHANGE) and bool(self.scene.answers)

    def change_answers(self) -> None:
        self.send(Back())

    def can_park(self) -> bool:
        """Answers are kept once the agency was asked; what is only typed is not an answer yet."""
        scene = self.scene
        if scene.parked is not None or not scene.answers or scene.identity is None or scene.correcting is not None:
            return False
        return scene.state in FORM or (scene.state is State.FAILED and self._has_way(Way.SAVE))

    def park(self) -> None:
        self.send(ParkWanted())

    def resume(self, reference: str) -> None:
        self._resuming = plain_reference(reference) or reference
        self.send(ResumeWanted(self._resuming))

    def copy(self) -> None:
        """Of all that was paid at once."""
        receipts = self.receipts()
        if self.scene.state is State.DONE and receipts:
            for receipt in receipts:
                self.note(StaffAct.PRINTED_COPY, receipt.number)
            self.send(CopyWanted())

    def receipts(self) -> tuple[Receipt, ...]:
        entries = self.scene.basket if self.scene.service is None else (self.scene,)
        return tuple(entry.receipt for entry in entries if entry.receipt is not None)

    def back(self) -> None:
        """Esc: what lies over the page goes first; then the form, then the choice of service."""
        if self.sheet.over is not Over.NOTHING:
            self.close_over()
        elif self.scene.state in {State.QUOTE, State.CHECK_ANSWERS}:
            steps = self.filling.steps()
            self.focus = f"step:{steps[0].id}" if steps else ""
            self.renew()
        else:
            self.send(Back())

    def end(self) -> None:
        """F12: ended, and nothing personal is left on either screen. While a bank card is asked for it is called off;
        after that the visit ends by itself."""
        self.send(Cancelled())

    def note(self, act: StaffAct, detail: str = "") -> None:
        """Into the journal, in its turn."""
        register, member = self._tools.register, self.member
        if member is not None:
            self.ask(lambda: register.note(member, act, detail), _nothing)


def _nothing(_answer: object) -> None:
    return None

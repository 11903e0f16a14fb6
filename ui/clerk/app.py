"""The counter on its two screens: joins the visit, the clerk's window, the citizen's window, and who is signed in."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from kiosk.acts.base import keep_half_done
from kiosk.catalogue import Service
from kiosk.counter import IdentifiedBy
from kiosk.events import Cancelled, Event, LineLost, ParkWanted, TimedOut
from kiosk.out_of_service import Gate
from kiosk.scene import Scene, State
from kiosk.staff import StaffMember
from kiosk.texts import LEGAL_TIME, Language, message
from kiosk.transitions import TRANSITIONS, WATCHDOGS
from kiosk.visit import Parts, Visit
from ui.background import Background
from ui.clerk.citizen_display import CitizenDisplay
from ui.clerk.desk import FREE, MONEY_MOVES, Desk, Tools
from ui.clerk.errands import Errands
from ui.clerk.page import CounterPage
from ui.clerk.session import NOT_PARKED, NOT_YOURS, Door, Session
from ui.idle import IdleTimer
from ui.staff.left_alone import LeftAlone
from ui.staff.offline_words import waiting_words
from ui.staff.strip import Pill, StripFacts
from ui.staff.window import StaffWindow

_LISTEN_MS = 5000
_RING_EVERY = 3
_CLOCK_MS = 10_000

MONEY_IS_MOVING = message("Money is moving: wait until the receipt is printed")
END_FIRST = message("End the visit or save the request before signing out")
AGAIN_SIGNS_OUT = message("F12 once more signs out")


class Counter(QObject):
    """Everything here happens on the screen's thread; what comes from other threads comes as a queued signal.

    `lock_seconds` without a key lock the clerk's screen: nothing personal is on either screen then. `at_rest` runs in
    the background each time nobody is served: recovery's moment. `display` is the citizen's window; None where this
    counter has no second screen.

    Signals:
        line_changed(bool, int): from the sync thread: is there a line, and how many transactions wait.
        closing(): the program ends; what works beside the counter ends now.
        scene_shown(): the visit has gone a step on.
    """

    line_changed = Signal(bool, int)
    closing = Signal()
    scene_shown = Signal()

    def __init__(
        self,
        parts: Parts,
        services: tuple[Service, ...],
        tools: Tools,
        window: StaffWindow,
        make_display: Callable[[Callable[[Event], None]], CitizenDisplay | None],
        *,
        lock_seconds: float,
        at_rest: Callable[[], None],
        open_technician: Callable[[StaffMember], None] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._parts = dataclasses.replace(parts, assisted=True, clerk=self.clerk)
        self._clock, self._at_rest = tools.clock, at_rest
        self._background = Background(self.receive)
        self._errands = Errands()
        self._resting = threading.Lock()
        self._watchdog = IdleTimer(self._timed_out)
        self._alone = LeftAlone(lock_seconds, self.lock, monotonic)
        self._line: tuple[bool, int] = (True, 0)
        self._listened = 0
        self._signing_out = False
        self._taking_over: StaffMember | None = None
        self._gate = Gate()
        self.window = window
        self.display = make_display(self.receive)
        self.visit = Visit(self._parts, services, self._background.run, self._show)
        self.desk = Desk(
            tools,
            services,
            self.receive,
            self._errands.ask,
            renew=self._renew_at_rest,
            sign_out=self.sign_out,
            second_screen=self.display is not None,
            holder=self._proven_holder,
        )
        self.session = Session(
            tools.register,
            self._errands.ask,
            show=self._show_door,
            opened=self._let_in,
            hand_over=self._hand_over,
            open_technician=open_technician,
        )
        window.used.connect(self._used)
        self.line_changed.connect(self._show_line, Qt.ConnectionType.QueuedConnection)
        self._bell_timer = self._every(_LISTEN_MS, self._listen)
        self._clock_timer = self._every(_CLOCK_MS, self._show_facts)
        self._show(self.visit.scene())
        self.session.ask_in()

    # -- for the composition

    def post(self, event: Event) -> None:
        """From any thread: a device's report."""
        self._background.post(event)

    def clerk(self) -> str:
        """The staff id of who is signed in, "" for nobody."""
        return self.session.member.id if self.session.member else ""

    def _proven_holder(self) -> str:
        """Whose card is in the reader now, once its chip is proven."""
        case = self.visit.case
        known = case.identity is not None and case.identified_by is IdentifiedBy.CARD
        proven = known and case.card_stayed and case.card_proven
        return case.identity.number if proven and case.identity else ""

    def language(self) -> Language:
        """Of the paper that comes out beside the citizen's screen. Safe to ask on any thread."""
        look = self.display.look if self.display is not None else self.window.look
        return look.texts.language

    def is_quiet(self) -> bool:
        """Whether nobody is being served. Safe to ask on any thread."""
        return self.visit.state is State.IDLE

    def close(self) -> None:
        """Nothing of it is called any more afterwards; what other threads still tell is dropped."""
        if self._background.is_closed:
            return
        self.closing.emit()
        for timer in (self._bell_timer, self._clock_timer):
            timer.stop()
        self._alone.stop()
        self._watchdog.stop()
        if self.visit.case.settling:
            self.visit.parts.settlement.payments.interrupt(self.visit.movement().id)
        self._background.close()
        self._errands.close()
        for window in (self.window, self.display):
            if window is not None:
                window.close()
                window.deleteLater()

    @Slot(object)
    def receive(self, event: Event) -> None:
        if self._gate.lets_through(event):
            self.visit.handle(event)

    @Slot()
    def close_to_public(self) -> None:
        """No visit begins until `open_to_public`. Call it only while nobody is served."""
        self._gate.close()

    @Slot()
    def open_to_public(self) -> None:
        """Whoever signed in goes on; where nobody did, the names are asked for anew."""
        card = self._gate.open()
        if card is not None:
            self.receive(card)
        if self.session.door is Door.SIGNED_OUT:
            self.session.ask_in()

    # -- locking and signing out

    def lock(self) -> None:
        """What was typed is kept behind the lock, and neither screen shows anything of it. A payment that is under way
        goes on."""
        if self.session.door is Door.OPEN:
            self._alone.stop()
            self._bell_timer.stop()
            self.session.lock()
            self._show_facts()
            if self.display is not None:
                self.display.cover()

    def sign_out(self, *, at_once: bool = False) -> None:
        """Not while money moves, and not over a visit; on the free page the second press in a row does it."""
        state = self.visit.state
        if state in MONEY_MOVES:
            self.desk.tell(MONEY_IS_MOVING)
        elif state not in FREE:
            self.desk.tell(END_FIRST)
        elif not (at_once or self._signing_out):
            self.desk.tell(AGAIN_SIGNS_OUT)
            self._signing_out = True
        else:
            self._signing_out = False
            self.desk.told = ""
            self._alone.stop()
            self._bell_timer.stop()
            self.desk.member = None
            self.session.sign_out()
            self._show_facts()

    def _hand_over(self, member: StaffMember) -> str:
        """Another clerk comes to a locked screen: what is half done is saved under the name of who left it."""
        state = self.visit.state
        if state in MONEY_MOVES:
            return NOT_YOURS
        if self.visit.case.is_worth_keeping() and ParkWanted not in TRANSITIONS[state]:
            keep_half_done(self.visit)  # the person has left with the card
        elif self.visit.case.is_worth_keeping():
            self._taking_over = member
            self.receive(ParkWanted())
            return ""
        if state not in FREE:
            self.receive(Cancelled())
        self.session.let_in(member)
        return ""

    def _finish_hand_over(self, scene: Scene) -> None:
        member, self._taking_over = self._taking_over, None
        if member is None:
            return
        if scene.state is State.PARKED:
            self.session.let_in(member)
        else:
            self.session.refuse(NOT_PARKED)

    def _let_in(self, member: StaffMember) -> None:
        if self.desk.member != member:  # a PIN that somebody else has shown answers for nothing of this member's
            self.desk.office.attention.leave()
            self.desk.requests.leave()
        self.desk.member = member
        self._signing_out = False
        self.desk.told = ""
        self._alone.start()
        self._bell_timer.start()
        self.desk.office.look_up(self._parts.parking.cases.all)
        self.desk.office.listen()
        self._renew()
        if self.display is not None:
            self.display.show_scene(self.desk.scene)

    @Slot()
    def _used(self) -> None:
        self._alone.touched()

    # -- showing

    def _show(self, scene: Scene) -> None:
        """On the screen's thread, after every step of the visit."""
        self._watchdog.arm(scene.seconds if scene.state in WATCHDOGS else 0, touches_count=False)
        before = self.desk.scene
        ended = scene.state in FREE and before.state not in FREE
        if ended:
            self._forget_copies()
        self.desk.take(scene)
        if scene.state is State.IDENTIFYING and before.state in FREE and self.session.door is not Door.OPEN:
            self.receive(Cancelled())  # nobody serves: the card is read when a clerk has signed in and asks for it
            return
        if self._taking_over is not None and scene.state in {State.PARKED, State.FAILED}:
            self._finish_hand_over(scene)
        if self.session.door is Door.OPEN:
            self._show_page(before, self.desk.scene)
        if self.display is not None and self.session.door is Door.OPEN:
            self.display.show_scene(self.desk.scene)
        if scene.state is State.IDLE:
            self._background.do(self._rest)
        if ended or (scene.state in {State.DONE, State.PARKED} and before.state is not scene.state):
            self.desk.office.look_up(self._parts.parking.cases.all)
        self.scene_shown.emit()

    def _show_page(self, before: Scene, scene: Scene) -> None:
        """The portrait comes while somebody types: it changes nothing else."""
        page = self.window.page
        same = dataclasses.replace(scene, portrait=None) == dataclasses.replace(before, portrait=None)
        if same and scene.portrait is not before.portrait and isinstance(page, CounterPage):
            page.take_face(scene)
        else:
            self._renew(keep_focus=before.state is scene.state and before.visit == scene.visit)

    def _renew(self, *, keep_focus: bool = True) -> None:
        """The page as everything is now; not over the door, behind which the desk is kept."""
        self._signing_out = False
        if self.session.door is Door.OPEN:
            keep = keep_focus and not self.desk.focus
            self.window.show_page(lambda look: CounterPage(look, self.desk), keep_focus=keep)
            self._show_facts()

    def _renew_at_rest(self) -> None:
        """What is new at the desk waits while a PIN is typed here: the digits that were lost with the page would make
        the rest of them a wrong one. The next scene shows it."""
        page = self.window.page
        if not (isinstance(page, CounterPage) and page.is_taking_a_pin()):
            self._renew()

    def _show_door(self, make: Callable[..., object]) -> None:
        self.window.show_page(make)  # type: ignore[arg-type]  # a SignInPage is a StaffPage
        self._show_facts()

    @Slot()
    def _show_facts(self) -> None:
        texts, office = self.window.look.texts, self.desk.office.now
        now, member, (up, waiting) = self._clock.now().astimezone(LEGAL_TIME), self.session.member, self._line
        pills = []
        calls = len(office.unanswered())
        if calls and self.session.door is Door.OPEN:
            words = texts.plural("{n} call for help", "{n} calls for help", calls)
            pills.append(Pill(words, "warn", "bell-ring", "F6"))
        if office.attention and self.session.door is Door.OPEN:
            key = "F11" if self.desk.scene.state is State.IDLE else ""  # while somebody is served it does another thing
            words = texts("Refused: {n}", n=len(office.attention))
            pills.append(Pill(words, "warn", "triangle-alert", key, is_said_below=True))
        if waiting:
            pills.append(Pill(waiting_words(waiting, office.offline, texts), "warn", "cloud-upload"))
        if up:
            pills.append(Pill(texts("Online"), "ok", "wifi"))
        else:
            pills.append(Pill(texts("Offline, service continues"), "warn", "cloud-off"))
        person = texts.of(member.name) if member is not None else ""
        self.window.show_facts(StripFacts(person=person, pills=tuple(pills), when=(texts.time(now), texts.date(now))))

    @Slot(bool, int)
    def _show_line(self, up: bool, waiting: int) -> None:
        if self._background.is_closed:  # the sync thread outlives a counter, and the window may be gone
            return
        (was_up, waited), self._line = self._line, (up, waiting)
        went = was_up and not up
        self._show_facts()
        if waiting < waited and self.session.door is Door.OPEN:  # decided: what was refused is to be settled
            self.desk.office.look_up_attention()
        if went:
            self.receive(LineLost())

    # -- what happens by itself

    @Slot()
    def _listen(self) -> None:
        self._listened += 1
        self.desk.office.listen()
        if self._listened % _RING_EVERY == 0:
            self.desk.office.ring_again()

    def _timed_out(self) -> None:
        self.receive(TimedOut())

    def _rest(self) -> None:
        """On a background thread, perhaps late; see `ui.app.Kiosk`."""
        if self._resting.acquire(blocking=False):
            try:
                if self.visit.state is State.IDLE:
                    self._at_rest()
            finally:
                self._resting.release()

    def _every(self, milliseconds: int, act: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(milliseconds)
        timer.timeout.connect(act)
        if act == self._show_facts:
            timer.start()
        return timer

    def _forget_copies(self) -> None:
        """A window system keeps what was last selected or copied, past the field that it stood in."""
        clipboard = QApplication.clipboard()
        for mode in (clipboard.Mode.Clipboard, clipboard.Mode.Selection):
            if clipboard.ownsClipboard() or clipboard.ownsSelection():
                clipboard.clear(mode)

"""The kiosk on the screen: joins the visit, the window, the background threads and the idle timer."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot

from kiosk.catalogue import Service
from kiosk.events import Event, LineLost, TimedOut
from kiosk.help import HelpDesk
from kiosk.out_of_service import Gate
from kiosk.scene import Scene, State
from kiosk.texts import Language
from kiosk.visit import Parts, Visit
from ui.background import Background
from ui.help_line import HelpLine
from ui.idle import IdleTimer
from ui.sound import CardReminder, Sounds
from ui.window import Window

# In these a touch is no sign that the wait may go on: a part is working, or a countdown has its own button.
_WATCHED = frozenset(
    {
        State.IDENTIFYING,
        State.ENQUIRING,
        State.PAYING,
        State.COMMITTED,
        State.DELIVERY_AWAITED,
        State.RECEIPT,
        State.CARD_REMOVED,
        State.TIME_WARNING,
    }
)

_MOST_WAITS = 4
"""How often a page's time is given anew while a clerk is awaited."""


class Kiosk(QObject):
    """Everything here happens on the screen's thread; what comes from other threads comes as a queued signal.

    `at_rest` runs in the background each time a visit is over and nobody's money is moving: recovery's moment.
    `make_window` gets what the window calls: the events of people, and a call for help.

    Signals:
        line_changed(bool, int): from the sync thread: is there a line, and how many transactions wait.
        scene_shown(): the visit has gone a step on.
        closing(): the program ends; what works beside the visit ends now.
    """

    line_changed = Signal(bool, int)
    scene_shown = Signal()
    closing = Signal()

    def __init__(
        self,
        parts: Parts,
        services: tuple[Service, ...],
        make_window: Callable[[Callable[[Event], None], Callable[[str], None]], Window],
        at_rest: Callable[[], None],
        help_desk: HelpDesk,
    ) -> None:
        super().__init__()
        self._background = Background(self.receive)
        self._at_rest = at_rest
        self._resting = threading.Lock()
        self._idle = IdleTimer(self.time_out)
        self._help = HelpLine(help_desk, self._background.do)
        self._line_was_up: bool | None = None
        self._waited = 0
        self.sounds = Sounds(self)
        self._reminder = CardReminder(self.sounds.take_card, self)
        self._gate = Gate()
        self.visit = Visit(parts, services, self._background.run, self._show)
        self.window = make_window(self.receive, self._help.call)
        self._help.changed.connect(self.window.show_help_state)
        self.line_changed.connect(self._show_line, Qt.ConnectionType.QueuedConnection)
        self.window.touched.connect(self._idle.touched)
        self._show(self.visit.scene())
        self.visit.read_front()

    def post(self, event: Event) -> None:
        """From any thread: a device's report."""
        self._background.post(event)

    def language(self) -> Language:
        """Of the page that is shown now. Safe to ask on any thread."""
        return self.window.look.texts.language

    def is_quiet(self) -> bool:
        """Whether nobody is being served. Safe to ask on any thread."""
        return self.visit.state is State.IDLE

    def close(self) -> None:
        """Nothing of it is called any more afterwards; what other threads still tell is dropped.

        Work that is under way is waited for, but not a person at the payment terminal.
        """
        if self._background.is_closed:
            return
        self.closing.emit()
        self._idle.stop()
        self._reminder.stop()
        if self.visit.case.settling:
            self.visit.parts.settlement.payments.interrupt(self.visit.movement().id)
        self._background.close()
        self.sounds.close()
        self.window.close()
        self.window.deleteLater()

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
        card = self._gate.open()
        if card is not None:
            self.receive(card)

    def _show(self, scene: Scene) -> None:
        self._idle.arm(scene.seconds, touches_count=scene.state not in _WATCHED)
        self.window.show_scene(scene)
        self._let_hear(scene.state)
        if scene.state in {State.IDLE, State.TAKE_CARD}:
            self._help.withdraw()
        if scene.state is State.IDLE:
            self._background.do(self._rest)
        self.scene_shown.emit()

    def _let_hear(self, state: State) -> None:
        self._reminder.follow(state)
        if state is State.TIME_WARNING:
            self.sounds.warning()

    def _rest(self) -> None:
        """On a background thread, perhaps late. A recovery that a silent part holds up must not take a second thread,
        and one that comes when somebody is served again would void what is just being paid."""
        if self._resting.acquire(blocking=False):
            try:
                if self.visit.state is State.IDLE:
                    self._at_rest()
            finally:
                self._resting.release()

    @Slot(bool, int)
    def _show_line(self, up: bool, waiting: int) -> None:
        if self._background.is_closed:  # the sync thread outlives a kiosk, and the window may be gone
            return
        self.window.show_line(up, waiting)
        if self._line_was_up and not up:
            self.receive(LineLost())
        self._line_was_up = up

    def time_out(self) -> None:
        """Nobody has touched the screen for as long as the page waits. Whoever waits for a clerk is not sent away."""
        scene = self.visit.scene()
        if self._help.is_waiting() and scene.state not in _WATCHED and self._waited < _MOST_WAITS:
            self._waited += 1
            self._idle.arm(scene.seconds, touches_count=True)
            return
        self._waited = 0
        self.receive(TimedOut())

"""The technician's way in, beside a host window of either side of the counter: door, line history, threads.

Nothing of the technician's window itself is imported here: `make` does that when somebody comes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot

from kiosk.line_history import LineHistory
from kiosk.ports import Clock
from kiosk.scene import State
from kiosk.terminal import Terminal
from ui.app import Kiosk
from ui.background import Background
from ui.technician.door import TechnicianDoor
from ui.technician.errands import Errands, Run
from ui.technician.refusal import show_refusal

if TYPE_CHECKING:
    from ui.clerk.app import Counter
    from ui.technician.door import Host
    from ui.technician.window import TechnicianWindow

    MakeRoom = Callable[[LineHistory, Run], TechnicianWindow]


class Entrance(QObject):
    """`make` gets the line's history, and what does blocking work away from the screen. `is_free` says whether nobody
    is served; connect `door.opening` and `door.closed` to what keeps visits from beginning. The threads are its own: a
    check that hangs holds up no visit."""

    def __init__(self, host: Host, make: MakeRoom, is_free: Callable[[], bool], clock: Clock) -> None:
        super().__init__(host)
        self.history = LineHistory()
        self._host, self._clock = host, clock
        self._background = Background(lambda _event: None)
        self._errands = Errands(self._background.do)
        self.door = TechnicianDoor(host, lambda: make(self.history, self._errands.run), is_free)
        self.door.refused.connect(self._refuse)

    @Slot(bool, int)
    def line_changed(self, up: bool, _waiting: int) -> None:
        self.history.note(self._clock.now(), up=up)

    @Slot()
    def close(self) -> None:
        """Waits for checks that are under way; their time-outs bound that."""
        self.door.dismiss()
        self._background.close()

    @Slot()
    def _refuse(self) -> None:
        show_refusal(self._host.look, self._host)


def room_beside(terminal: Terminal, host: Host) -> MakeRoom:
    """The technician's window beside the citizen's or the clerk's, made when somebody comes."""

    def make(line: LineHistory, run: Run) -> TechnicianWindow:
        from ui.technician.parts import parts_of  # noqa: PLC0415 - only a technician needs it
        from ui.technician.window import make_beside  # noqa: PLC0415 - as above

        return make_beside(host.look, parts_of(terminal, line), run)

    return make


def at_kiosk(kiosk: Kiosk, make: MakeRoom, clock: Clock) -> Entrance:
    """The entrance on the citizen's kiosk: while the door is open no visit begins."""
    entrance = Entrance(kiosk.window, make, lambda: kiosk.visit.state is State.IDLE, clock)
    entrance.door.opening.connect(kiosk.close_to_public)
    entrance.door.closed.connect(kiosk.open_to_public)
    kiosk.scene_shown.connect(entrance.door.look_again)
    kiosk.line_changed.connect(entrance.line_changed, Qt.ConnectionType.QueuedConnection)
    kiosk.closing.connect(entrance.close)
    return entrance


def at_counter(counter: Counter, make: MakeRoom, clock: Clock) -> Entrance:
    """The entrance over the clerk's window: by the same key, and by `door.let_in` for a technician who has signed in on
    the clerk's own page."""
    entrance = Entrance(counter.window, make, lambda: counter.visit.state is State.IDLE, clock)
    entrance.door.opening.connect(counter.close_to_public)
    entrance.door.closed.connect(counter.open_to_public)
    counter.scene_shown.connect(entrance.door.look_again)
    counter.line_changed.connect(entrance.line_changed, Qt.ConnectionType.QueuedConnection)
    counter.closing.connect(entrance.close)
    return entrance

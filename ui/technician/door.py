"""The door to the technician's window, on the citizen's kiosk and at the counter: how it is knocked at, and when it
opens. Nothing of the window is imported until then.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWindow

if TYPE_CHECKING:
    from kiosk.staff import StaffMember
    from ui.staff.window import StaffWindow
    from ui.technician.window import TechnicianWindow
    from ui.window import Window

    Host = Window | StaffWindow

MARK: Final = "mark"
"""The object name of the widget that five touches open the door on."""

TOUCHES: Final = 5
TOUCH_SECONDS: Final = 3.0

_ARABIC_T: Final = 0x0641  # what an Arabic layout sends for the same cap
_CHORD: Final = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class TechnicianDoor(QObject):
    """`TechnicianDoor(host, make, is_free)`: Ctrl+Shift+T, or five touches on the host's mark within three seconds.

    While somebody is served (`is_free` says no) the door stays shut, `refused` asks for a polite word, and it opens
    when `look_again` is told that the visit is over. `is_free` is asked on the screen's thread.

    Signals:
        opening(): the public is not served from now on.
        closed(): it is served again.
        refused(): the page will open when this visit is over.
    """

    opening = Signal()
    closed = Signal()
    refused = Signal()

    def __init__(
        self,
        host: Host,
        make: Callable[[], TechnicianWindow],
        is_free: Callable[[], bool],
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(host)
        self._host, self._make, self._is_free, self._monotonic = host, make, is_free, monotonic
        self._touches: deque[float] = deque(maxlen=TOUCHES)
        self._wanted = False
        self.room: TechnicianWindow | None = None
        host.installEventFilter(self)
        self._listen()

    @property
    def is_open(self) -> bool:
        return self.room is not None

    def knock(self) -> None:
        """Somebody wants to come in."""
        if self.is_open:
            return
        if self._is_free():
            self._open()
        else:
            self._wanted = True
            self.refused.emit()

    def let_in(self, member: StaffMember) -> None:
        """Somebody who has signed in on the host already."""
        self.knock()
        if self.room is not None:
            self.room.enter(member)

    def look_again(self) -> None:
        """The visit may be over: opens where it was knocked before."""
        if self._wanted and not self.is_open and self._is_free():
            QTimer.singleShot(0, self, self._open)  # not from within the visit's own step

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hears the host's native window, to which keys and touches come first; and the host itself, which has none
        before it is shown."""
        kind = event.type()
        if kind is QEvent.Type.Show:
            self._listen()
        elif isinstance(watched, QWindow):
            if kind is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and _is_chord(event):
                QTimer.singleShot(0, self, self.knock)
                return True
            if kind is QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
                self._touched(event)
        return False

    def dismiss(self) -> None:
        """At the end of the program."""
        self._host.removeEventFilter(self)
        native = self._host.windowHandle()
        if native is not None:
            native.removeEventFilter(self)
        if self.room is not None:
            self.room.close()

    def _listen(self) -> None:
        native = self._host.windowHandle()
        if native is not None:
            native.installEventFilter(self)  # once more is not twice (QObject)

    def _touched(self, event: QMouseEvent) -> None:
        touched = self._host.childAt(event.position().toPoint())
        if touched is None or touched.objectName() != MARK:
            self._touches.clear()
            return
        self._touches.append(self._monotonic())
        if len(self._touches) == TOUCHES and self._touches[-1] - self._touches[0] <= TOUCH_SECONDS:
            self._touches.clear()
            QTimer.singleShot(0, self, self.knock)

    @Slot()
    def _open(self) -> None:
        if self.is_open or not self._is_free():
            return
        self._wanted = False
        self.opening.emit()
        self.room = room = self._make()
        room.left.connect(self._left)
        room.open()
        if self._host.isFullScreen():
            room.showFullScreen()
        else:
            room.setGeometry(self._host.geometry())
            room.show()
        room.activateWindow()

    @Slot()
    def _left(self) -> None:
        room, self.room = self.room, None
        if room is not None:
            room.close()
            room.deleteLater()
        self._host.activateWindow()
        self.closed.emit()


def _is_chord(event: QKeyEvent) -> bool:
    return event.modifiers() == _CHORD and event.key() in (Qt.Key.Key_T, _ARABIC_T) and not event.isAutoRepeat()

"""The person's call for a clerk, seen from the screen: called once, asked after, and withdrawn when the visit ends."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from kiosk.help import HelpDesk, HelpState

_ASK_MS = 2000

Do = Callable[[Callable[[], None]], None]


class HelpLine(QObject):
    """One call at a time. Everything that blocks runs by `do`, in the background.

    Signals:
        changed(str): the HelpState that the person is to be told; on the screen's thread.
    """

    changed = Signal(str)
    _heard = Signal(object, str)

    def __init__(self, desk: HelpDesk, do: Do) -> None:
        super().__init__()
        self._desk = desk
        self._do = do
        self._call: UUID | None = None
        self._state: HelpState | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_ASK_MS)
        self._timer.timeout.connect(self._ask)
        self._heard.connect(self._take, Qt.ConnectionType.QueuedConnection)

    @property
    def state(self) -> HelpState | None:
        """None while nobody has called."""
        return self._state

    def is_waiting(self) -> bool:
        """Somebody has called, and may still get help."""
        return self._state in {HelpState.CALLING, HelpState.CALLED, HelpState.COMING}

    def call(self, place: str) -> None:
        """Calls, or goes on with the call that is open. One that nobody answered is made anew."""
        if self.is_waiting():
            return
        earlier, self._call = self._call, None
        self._tell(HelpState.CALLING)

        def work() -> None:
            if earlier is not None:
                self._desk.withdraw(earlier)
            call = self._desk.call(place)
            self._heard.emit(call, self._desk.state(call))

        self._do(work)
        self._timer.start()

    def withdraw(self) -> None:
        """The visit is over, or the person goes on alone."""
        self._timer.stop()
        call, self._call = self._call, None
        if self._state is not None:
            self._tell(None)
        if call is not None:
            self._do(lambda: self._desk.withdraw(call))

    @Slot()
    def _ask(self) -> None:
        call = self._call
        if call is not None:
            self._do(lambda: self._heard.emit(call, self._desk.state(call)))

    @Slot(object, str)
    def _take(self, call: UUID, state: str) -> None:
        if self._state is None:  # withdrawn while the call was on its way
            self._do(lambda: self._desk.withdraw(call))
            return
        self._call = call
        if state == HelpState.OVER:
            self._timer.stop()
        self._tell(HelpState(state))

    def _tell(self, state: HelpState | None) -> None:
        if state is not self._state:
            self._state = state
            self.changed.emit(state.value if state else "")

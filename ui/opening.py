"""The first second: the idle page stands before the terminal's parts do, which are opened behind it meanwhile."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from kiosk.catalogue import Service
from kiosk.events import Event
from kiosk.mode import Mode
from kiosk.scene import Scene, State
from kiosk.set_up import SetUpMistake
from kiosk.wire import Words
from ui.look import Panel
from ui.start import make_window, show_not_set_up
from ui.window import Window

if TYPE_CHECKING:
    from ui.app import Kiosk

log = logging.getLogger(__name__)
T = TypeVar("T")

_UNSEEN_MS = 500
"""A screen that is off paints nothing: the parts are opened all the same."""


class FirstWindow:
    """The kiosk's window with the idle page on it, before there is a kiosk that could be told anything."""

    def __init__(
        self,
        panel: Panel,
        office: Words,
        services: tuple[Service, ...],
        *,
        motion: bool = True,
        mode: Mode = Mode.SERVICE,
    ) -> None:
        self.services = services
        self._send: Callable[[Event], None] = _nobody_hears
        self._call_help: Callable[[str], None] = _nobody_hears
        self.window: Window = make_window(panel, office, self._sent, motion=motion, call_help=self._called, mode=mode)
        self.window.show_scene(Scene(State.IDLE, services=services))

    def serve(self, send: Callable[[Event], None], call_help: Callable[[str], None]) -> Window:
        """The same window, which tells these two from now on."""
        self._send, self._call_help = send, call_help
        return self.window

    def _sent(self, event: Event) -> None:
        self._send(event)

    def _called(self, place: str) -> None:
        self._call_help(place)


class FirstPaint(QObject):
    """Calls `then` once, when the page of `window` has been painted and handed to the screen."""

    def __init__(self, window: Window, then: Callable[[], None]) -> None:
        super().__init__(window)
        self._page = window.page
        self._then = then
        self._page.installEventFilter(self)
        QTimer.singleShot(_UNSEEN_MS, self, self._end)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            self._page.removeEventFilter(self)
            # The turn of the event loop in which the whole window is painted ends first.
            QTimer.singleShot(0, self, self._painted)
        return False

    @Slot()
    def _painted(self) -> None:
        log.info("the first page was painted at %.4f s of the machine's clock", time.monotonic())
        self._end()

    @Slot()
    def _end(self) -> None:
        then, self._then = self._then, _nothing
        then()


class Opening(QObject, Generic[T]):
    """Opens the parts on a thread of their own once the window is painted, so that neither a file nor a library holds
    up the screen, and `make_kiosk` makes the window a kiosk's. A mistake in the set-up is told to `tell` and shown.

    `close` ends what was begun: it waits for what is being opened, so that whoever opens it can close it, and raises
    what was a defect.
    """

    _ended = Signal()

    def __init__(
        self,
        first: FirstWindow,
        *,
        open_parts: Callable[[], T],
        make_kiosk: Callable[[T], Kiosk],
        tell: Callable[[SetUpMistake], None],
    ) -> None:
        super().__init__()
        self.mistake: Exception | None = None
        self.kiosk: Kiosk | None = None
        self._window = first.window
        self._open_parts = open_parts
        self._make_kiosk = make_kiosk
        self._tell = tell
        self._opened: T | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="opening")
        self._ended.connect(self._go_on, Qt.ConnectionType.QueuedConnection)
        FirstPaint(first.window, self._begin)

    def close(self) -> None:
        self._closed = True
        if self._thread.ident is not None:
            self._thread.join()
        if self.kiosk is not None:
            self.kiosk.close()
        if self.mistake is not None and not isinstance(self.mistake, SetUpMistake):
            raise self.mistake

    def _begin(self) -> None:
        if not self._closed:
            self._thread.start()

    def _run(self) -> None:
        try:
            # What the visit is made of is a good part of the work, and is needed as soon as the parts are there.
            from ui.app import Kiosk  # noqa: F401, PLC0415  see above

            self._opened = self._open_parts()
        except Exception as mistake:  # the boundary of this thread: the screen's says what it means
            self.mistake = mistake
        self._ended.emit()

    @Slot()
    def _go_on(self) -> None:
        if self._closed:
            return
        if self._opened is not None:
            try:
                self.kiosk = self._make_kiosk(self._opened)
            except Exception as defect:  # Qt would print it and go on without a kiosk
                self.mistake = defect
        if isinstance(self.mistake, SetUpMistake):
            self._tell(self.mistake)
            show_not_set_up(self._window)
        elif self.mistake is not None:
            QApplication.quit()
        else:
            log.info("the terminal was open at %.4f s of the machine's clock", time.monotonic())


def _nobody_hears(_told: object) -> None:
    pass


def _nothing() -> None:
    pass

"""The application object and its first window: as little as the idle page needs, so that it stands at once."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication

from kiosk.events import Event
from kiosk.failures import Failure, ServiceFailure
from kiosk.mode import Mode
from kiosk.scene import Scene, State
from kiosk.texts import Texts
from kiosk.wire import Words
from ui.fonts import load_fonts
from ui.garbage import ScreenThreadCollector
from ui.look import Panel
from ui.theme import load_tokens
from ui.window import Window

_USUAL_DIAGONAL_INCHES = 19.0

_SWITCH_SECONDS = 0.001
"""Building a page lets Python's lock go and takes it again hundreds of times, and each time a busy thread keeps it for
as long as this. With Python's usual 5 ms a page took more than twice its time while a card was being read."""

_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY")


def start_qt(*, without_a_screen: bool = False) -> QApplication:
    """The one application object, with our fonts. `without_a_screen` draws in memory where there is none to draw on."""
    if without_a_screen and not any(os.environ.get(name) for name in _SCREENS):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication(["kiosk"])
    load_fonts()
    ScreenThreadCollector(application)
    sys.setswitchinterval(_SWITCH_SECONDS)
    _let_signals_in(application)
    return application


def _let_signals_in(application: QApplication) -> None:
    """SIGTERM ends the program in order. Python runs a signal's handler only between its own instructions: while Qt
    waits, a byte on a socket wakes it."""
    reading, writing = socket.socketpair()
    reading.setblocking(False)
    writing.setblocking(False)
    signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
    notifier = QSocketNotifier(reading.fileno(), QSocketNotifier.Type.Read, application)
    notifier.activated.connect(partial(_drain, reading, writing))
    # By a timer: a signal that comes before the event loop has begun must end it too.
    signal.signal(signal.SIGTERM, lambda *_: QTimer.singleShot(0, application.quit))


def _drain(reading: socket.socket, _writing: socket.socket, *_: object) -> None:
    with contextlib.suppress(BlockingIOError):
        reading.recv(4096)


def own_screen(diagonal_inches: float) -> Panel:
    """The panel that the program runs on, with the diagonal that the settings state."""
    size = QApplication.primaryScreen().size()
    return Panel(size.width(), size.height(), diagonal_inches)


def make_window(
    panel: Panel,
    office: Words,
    send: Callable[[Event], None],
    *,
    motion: bool = True,
    call_help: Callable[[str], None] | None = None,
    mode: Mode = Mode.SERVICE,
) -> Window:
    texts = {"ar": Texts("ar"), "en": Texts("en")}
    return Window(load_tokens(), panel, texts, office, send, motion=motion, call_help=call_help, mode=mode)


def not_set_up() -> Window:
    """The page of a terminal that cannot start: no office is known, and no button leads anywhere."""
    window = make_window(own_screen(_USUAL_DIAGONAL_INCHES), Words(ar="", en=""), lambda _event: None)
    show_not_set_up(window)
    return window


def show_not_set_up(window: Window) -> None:
    window.show_scene(Scene(State.FAILED, failure=ServiceFailure(Failure.NOT_SET_UP)))
    window.show_line(up=False, waiting=0)

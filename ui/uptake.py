"""Counts what people touch and type at a terminal's windows, and tells the measuring of it which page they see.

It hears only what comes from outside to a native window, as the window itself does. Which character it was is never
looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWindow
from PySide6.QtWidgets import QWidget

from kiosk.measuring import Measuring
from kiosk.scene import Scene
from ui.app import Kiosk
from ui.widgets.button import Button, ButtonKind

if TYPE_CHECKING:
    from ui.clerk.app import Counter


class UptakeWatch(QObject):
    """Lives as long as the first of `windows`; `close` before they go.

    A finger is counted by the mouse press that Qt makes of it, because none of our widgets takes touch events itself.
    """

    def __init__(
        self,
        windows: Iterable[QWidget],
        measuring: Measuring,
        scene: Callable[[], Scene],
        language: Callable[[], str],
    ) -> None:
        self._windows = tuple(windows)
        super().__init__(self._windows[0])
        self._measuring, self._scene, self._language = measuring, scene, language
        self._natives: dict[QObject, QWidget] = {}
        for window in self._windows:
            window.installEventFilter(self)
            self._hear(window)
        self.show_scene()

    @Slot()
    def show_scene(self) -> None:
        self._measuring.shown(self._scene(), self._language())

    @Slot()
    def close(self) -> None:
        self._measuring.end()
        for watched in (*self._windows, *self._natives):
            watched.removeEventFilter(self)
        self._natives.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind is QEvent.Type.Show and isinstance(watched, QWidget):
            self._hear(watched)
        elif kind is QEvent.Type.MouseButtonPress and isinstance(watched, QWindow):
            self._count(typed=_is_character_key(self._natives.get(watched), event))
        elif kind is QEvent.Type.KeyPress and isinstance(watched, QWindow):
            self._count(typed=_writes(event))
        return False

    def _hear(self, window: QWidget) -> None:
        """A native window is there only once the widget was shown."""
        native = window.windowHandle()
        if native is not None and native not in self._natives:
            native.installEventFilter(self)
            self._natives[native] = window

    def _count(self, *, typed: bool) -> None:
        if typed:
            self._measuring.typed()
        else:
            self._measuring.touched()


def measure_kiosk(kiosk: Kiosk, measuring: Measuring) -> UptakeWatch:
    watch = UptakeWatch((kiosk.window,), measuring, kiosk.visit.scene, kiosk.language)
    kiosk.scene_shown.connect(watch.show_scene)
    kiosk.closing.connect(watch.close)
    return watch


def measure_counter(counter: Counter, measuring: Measuring) -> UptakeWatch:
    """The clerk's hands and the citizen's, on both windows."""
    windows = [window for window in (counter.window, counter.display) if window is not None]
    watch = UptakeWatch(windows, measuring, counter.visit.scene, counter.language)
    counter.scene_shown.connect(watch.show_scene)
    counter.closing.connect(watch.close)
    return watch


def _is_character_key(window: QWidget | None, event: QEvent) -> bool:
    """Whether the finger is on a key of the keypad, or of the keyboard on the screen, that writes a character."""
    if window is None or not isinstance(event, QMouseEvent):
        return False
    touched = window.childAt(event.position().toPoint())
    return isinstance(touched, Button) and touched.kind is ButtonKind.KEY


def _writes(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.text().isprintable() and bool(event.text().strip())

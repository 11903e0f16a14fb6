"""A visitor's hand and eye: finds what is visible on the screen, touches it, and waits until something is shown."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from ui.tour.stalls import StallWatch
from ui.widgets.field import DigitField


class TourStopped(Exception):
    """What was looked for did not come; the text names it and the page that was shown instead."""


class Hand:
    """Acts on one window as a person does: only on what is visible and enabled, and only by input events."""

    def __init__(
        self,
        window: QWidget,
        patience_seconds: float = 30.0,
        *,
        pictures: bool = True,
        watch: StallWatch | None = None,
    ) -> None:
        self._pictures = pictures
        self._while_it_works = watch.counting if watch is not None else contextlib.nullcontext
        self._window = window
        self._patience = patience_seconds

    @property
    def window(self) -> QWidget:
        return self._window

    @property
    def takes_pictures(self) -> bool:
        return self._pictures

    def page(self) -> str:
        """The name of the page that is shown: what follows `page:` in its object name."""
        for widget in self._window.findChildren(QWidget):
            if widget.objectName().startswith("page:") and widget.isVisibleTo(self._window):
                return widget.objectName().removeprefix("page:")
        return ""

    def see(self, name: str) -> QWidget | None:
        """The visible widget of that object name."""
        for widget in self._window.findChildren(QWidget, name):
            if widget.isVisibleTo(self._window) and not widget.visibleRegion().isEmpty():
                return widget
        return None

    def sees(self, prefix: str) -> list[str]:
        """The names of all visible widgets that begin so, in the order in which they stand."""
        return [
            widget.objectName()
            for widget in self._window.findChildren(QWidget)
            if widget.objectName().startswith(prefix) and widget.isVisibleTo(self._window)
        ]

    def touch(self, name: str) -> None:
        """One tap in the middle of the widget, once it can be pressed; the native window hears it first."""
        self.wait_until(lambda: (found := self.see(name)) is not None and found.isEnabled(), f"something named {name}")
        widget = self.see(name)
        assert widget is not None
        window = widget.window()
        native = window.windowHandle()
        assert native is not None, "the window was never shown"
        with self._while_it_works():
            place = widget.mapTo(window, widget.rect().center())
            QTest.mouseClick(native, Qt.MouseButton.LeftButton, pos=place)
            QApplication.processEvents()

    def type_digits(self, digits: str) -> None:
        for digit in digits:
            self.touch(f"key:{digit}")

    def words(self, name: str) -> str:
        """What a screen reader would say of it."""
        widget = self.see(name)
        return widget.accessibleName() if widget else ""

    def written(self, name: str) -> str:
        """What stands in that field."""
        widget = self.see(name)
        return widget.text() if isinstance(widget, DigitField | QLineEdit) else ""

    def ticked(self, name: str) -> bool:
        widget = self.see(name)
        return isinstance(widget, QAbstractButton) and widget.isChecked()

    def wait_for_page(self, *names: str) -> str:
        self.wait_until(lambda: self.page() in names, f"page {' or '.join(names)}")
        return self.page()

    def wait_until(self, true: Callable[[], bool], wanted: str, seconds: float | None = None) -> None:
        """Lets the program work until it is true; looks again after every 20 ms of events."""
        patience = self._patience if seconds is None else seconds
        deadline = time.monotonic() + patience
        while not true():
            if time.monotonic() > deadline:
                raise TourStopped(f"waited {patience:.0f} s for {wanted}; the page is {self.page() or 'none'}")
            self.let_pass(20)

    def let_pass(self, milliseconds: int) -> None:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        with self._while_it_works():
            loop.exec()

    def picture(self) -> QPixmap | None:
        """None in a tour without pictures."""
        if not self._pictures:
            return None
        QApplication.processEvents()
        return self._window.grab()

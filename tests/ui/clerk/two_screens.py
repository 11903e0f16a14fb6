"""A program of its own for one test: the counter's windows on two screens, told as JSON on standard output."""

from __future__ import annotations

import json
import sys

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk.wire import Words
from ui.clerk.opening import on_second_screen, staff_window
from ui.staff.sign_in import SignIn, SignInPage
from ui.start import own_screen, start_qt


def main() -> None:
    start_qt()
    office = Words(ar="الكرك", en="Karak")
    window = staff_window(own_screen(21.5), office)
    window.showFullScreen()
    display = on_second_screen(15.6, office, lambda _event: None)
    window.activateWindow()
    window.show_page(lambda look: SignInPage(look, SignIn((), "Sign in"), lambda _who, _pin: None))
    QTest.qWaitForWindowExposed(window)
    focused = QApplication.focusWidget()
    told = {
        "screens": [screen.name() for screen in QApplication.screens()],
        "staff": [window.screen().name(), window.width(), window.height()],
        "citizen": None
        if display is None
        else [display.screen().name(), display.x(), display.y(), display.width(), display.height()],
        "sizes": None if display is None else [display.look.panel.width, round(display.look.panel.width_mm)],
        "keyboard": focused.objectName() if focused is not None else "",
    }
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()

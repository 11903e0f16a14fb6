"""The counter's two windows on the screens that there are."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QScreen
from PySide6.QtWidgets import QApplication

from kiosk.events import Event
from kiosk.mode import Mode
from kiosk.texts import Texts
from kiosk.wire import Words
from ui.clerk.citizen_display import CitizenDisplay
from ui.look import Panel, Presentation
from ui.staff.window import StaffWindow
from ui.theme import load_tokens


def staff_window(
    panel: Panel, office: Words, presentation: Presentation | None = None, *, mode: Mode = Mode.SERVICE
) -> StaffWindow:
    return StaffWindow(load_tokens(), panel, _texts(), office, presentation=presentation, mode=mode)


def citizen_display(
    panel: Panel, office: Words, send: Callable[[Event], None], *, mode: Mode = Mode.SERVICE
) -> CitizenDisplay:
    return CitizenDisplay(load_tokens(), panel, _texts(), office, send, mode=mode)


def citizens_screen() -> QScreen | None:
    """The first screen that is not the clerk's; None where there is only one."""
    primary = QApplication.primaryScreen()
    return next((screen for screen in QApplication.screens() if screen is not primary), None)


def on_second_screen(
    diagonal_inches: float, office: Words, send: Callable[[Event], None], *, mode: Mode = Mode.SERVICE
) -> CitizenDisplay | None:
    """The citizen's window, full screen on the second screen; None where this counter has none."""
    screen = citizens_screen()
    if screen is None:
        return None
    size = screen.size()
    display = citizen_display(Panel(size.width(), size.height(), diagonal_inches), office, send, mode=mode)
    display.fill(screen)
    return display


def _texts() -> dict[str, Texts]:
    return {"ar": Texts("ar"), "en": Texts("en")}

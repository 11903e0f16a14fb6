"""`demo`: the kiosk or the counter in windows, and the panel that plays the world around them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QApplication

from kiosk.catalogue import Service
from kiosk.demonstration import Demonstration, Office
from kiosk.demonstration_staff import engage
from kiosk.terminal import Terminal
from kiosk.wire import Words
from ui.clerk.opening import citizen_display, staff_window
from ui.clerk.serving import open_counter
from ui.demo import DemoPanel, window_panel
from ui.running import first_window
from ui.serving import open_kiosk


def show_kiosk(
    application: QApplication,
    world: Demonstration,
    terminal: Terminal,
    services: tuple[Service, ...],
    messages: Callable[[], list[tuple[str, Words]]],
) -> int:
    """Until its window or the panel is closed; the exit status. `messages` are the SMS that were sent."""
    kiosk = open_kiosk(terminal, first_window(terminal.settings, services, window_panel()))
    panel = DemoPanel(world, staff=_staff(terminal), messages=messages)
    kiosk.window.show()
    panel.show()
    status = application.exec()
    kiosk.close()
    return status


def show_counter(
    application: QApplication,
    world: Office,
    terminal: Terminal,
    services: tuple[Service, ...],
    messages: Callable[[], list[tuple[str, Words]]],
) -> int:
    """The clerk's window, the citizen's screen in another, and the panel with the PINs of invented staff."""
    office, mode, panel = terminal.settings.terminal.office, terminal.settings.terminal.mode, window_panel()
    staff, display = _staff(terminal), partial(citizen_display, panel, office, mode=mode)
    counter = open_counter(terminal, services, staff_window(panel, office, mode=mode), display)
    around = DemoPanel(
        world,
        staff=staff,
        insert=world.insert_card_at_counter,
        pull=world.pull_card_at_counter,
        messages=messages,
    )
    for window in (counter.display, around, counter.window):
        if window is not None:
            window.show()
    counter.window.activateWindow()
    status = application.exec()
    counter.close()
    return status


def _staff(terminal: Terminal) -> tuple[tuple[str, str], ...]:
    return tuple((member.id, pin) for member, pin in engage(terminal.ledger.staff))

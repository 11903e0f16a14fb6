"""Opens the kiosk on a terminal's parts."""

from __future__ import annotations

from kiosk.terminal import Terminal
from ui.app import Kiosk
from ui.opening import FirstWindow
from ui.technician.entrance import at_kiosk, room_beside
from ui.uptake import measure_kiosk


def open_kiosk(terminal: Terminal, first: FirstWindow) -> Kiosk:
    """In the window that stands already."""
    parts = terminal.visit_parts(first.services)
    kiosk = Kiosk(parts, first.services, first.serve, terminal.resolve_unfinished, terminal.help_desk)
    at_kiosk(kiosk, room_beside(terminal, kiosk.window), terminal.clock)
    measure_kiosk(kiosk, terminal.measuring())
    terminal.show_on(kiosk, kiosk.line_changed.emit)
    return kiosk

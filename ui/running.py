"""`run`: the kiosk or the counter on its own screens, from the settings to the end of the program.

Where it cannot start, a page says so: nobody may stand before an empty screen. What a part of it does not need yet is
imported when it does: the idle page comes first.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from kiosk.catalogue import Service
from kiosk.set_up import SetUpMistake
from kiosk.settings import Settings
from ui.look import Panel
from ui.opening import FirstWindow, Opening
from ui.start import not_set_up, own_screen, start_qt

if TYPE_CHECKING:
    from kiosk.terminal import Terminal
    from ui.app import Kiosk

    OpenTerminal = Callable[[Settings, tuple[Service, ...]], AbstractContextManager[Terminal]]

NOT_SET_UP = 2


def run(
    read_settings: Callable[[], Settings],
    load_services: Callable[[Settings], tuple[Service, ...]],
    open_terminal: OpenTerminal,
    tell: Callable[[SetUpMistake], None],
) -> int:
    """The exit status. `tell` says to the technician what a page cannot; `open_terminal` may take its time."""
    application = start_qt()
    try:
        settings = read_settings()
    except SetUpMistake as mistake:
        return _say_not_set_up(application, mistake, tell)
    show = _show_counter if settings.counter.assisted else _show_kiosk
    return show(application, settings, load_services, open_terminal, tell)


def first_window(
    settings: Settings, services: tuple[Service, ...], panel: Panel, *, motion: bool = True
) -> FirstWindow:
    """The citizen's window, with the idle page on it."""
    known = settings.terminal
    return FirstWindow(panel, known.office, services, motion=motion, mode=known.mode)


def _show_kiosk(
    application: QApplication,
    settings: Settings,
    load_services: Callable[[Settings], tuple[Service, ...]],
    open_terminal: OpenTerminal,
    tell: Callable[[SetUpMistake], None],
) -> int:
    services = load_services(settings)
    first = first_window(settings, services, own_screen(settings.terminal.diagonal_inches))
    first.window.showFullScreen()

    def make_kiosk(terminal: Terminal) -> Kiosk:
        from ui.serving import open_kiosk  # noqa: PLC0415 - see above

        return open_kiosk(terminal, first)

    with contextlib.ExitStack() as parts:
        opening = Opening(
            first,
            open_parts=lambda: parts.enter_context(open_terminal(settings, services)),
            make_kiosk=make_kiosk,
            tell=tell,
        )
        with contextlib.closing(opening):
            status = application.exec()
    return NOT_SET_UP if opening.mistake else status


def _show_counter(
    application: QApplication,
    settings: Settings,
    load_services: Callable[[Settings], tuple[Service, ...]],
    open_terminal: OpenTerminal,
    tell: Callable[[SetUpMistake], None],
) -> int:
    """Full screen on one or two screens."""
    from ui.clerk.opening import on_second_screen, staff_window  # noqa: PLC0415 - see above

    known, diagonal = settings.terminal, settings.counter.citizen_diagonal_inches
    window = staff_window(own_screen(known.diagonal_inches), known.office, mode=known.mode)
    window.showFullScreen()
    try:
        services = load_services(settings)
        with open_terminal(settings, services) as terminal:
            from ui.clerk.serving import open_counter  # noqa: PLC0415 - see above

            display = partial(on_second_screen, diagonal, known.office, mode=known.mode)
            counter = open_counter(terminal, services, window, display)
            window.activateWindow()
            status = application.exec()
            counter.close()
    except SetUpMistake as mistake:
        window.close()
        return _say_not_set_up(application, mistake, tell)
    return status


def _say_not_set_up(application: QApplication, mistake: SetUpMistake, tell: Callable[[SetUpMistake], None]) -> int:
    tell(mistake)
    page = not_set_up()
    page.showFullScreen()
    application.exec()
    return NOT_SET_UP

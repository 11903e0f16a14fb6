"""What the technician's screen shows of a terminal, as JSON: the real window is opened, somebody signs in, the checks
run, and the report that the screen would save is printed. `python -m tests.e2e.screen_facts SETTINGS`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication

import main
from devices.cards.reader import SmartCards
from kiosk.line_history import LineHistory
from kiosk.report import encode
from kiosk.settings import load
from kiosk.staff import COMMAND_LINE, Role, StaffMember
from kiosk.wire import Words
from ui.background import Background
from ui.preview import FULL_HD
from ui.running import first_window
from ui.start import start_qt
from ui.technician.errands import Errands
from ui.technician.parts import parts_of
from ui.technician.window import make_beside

PIN = b"402917"
SAMER = StaffMember(id="samer", name=Words(ar="سامر", en="Samer"), role=Role.TECHNICIAN)
SECONDS = 60.0


def wait_for(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < deadline, "the screen took too long"
        QApplication.processEvents()


def run(settings_file: Path) -> str:
    start_qt()
    settings = load(settings_file)
    background = Background(lambda _event: None)
    errands = Errands(background.do)
    services = main.load_services(settings)
    with main.open_terminal(settings, services) as terminal:
        terminal.ledger.staff.add(SAMER, bytearray(PIN), COMMAND_LINE)
        cards = terminal.cards
        assert isinstance(cards, SmartCards)
        wait_for(lambda: terminal.sync.line_is_up() and cards.state().card_is_present)
        look = first_window(settings, services, FULL_HD, motion=False).window.look
        window = make_beside(look, parts_of(terminal, LineHistory()), errands.run)
        window.open()
        window.show()
        wait_for(lambda: bool(window.session.members))
        window.session.sign_in(SAMER.id, bytearray(PIN))
        wait_for(lambda: bool(window.session.findings) and not window.session.running)
        report = window.session.parts.report(window.session.found())
        window.close()
        background.close()
    return encode(report)


if __name__ == "__main__":
    sys.stdout.write(run(Path(sys.argv[1])))

"""The real program on a hidden screen, with a hand that lives one short visit: the child that gets killed.

    python -m tests.faults.visitor SETTINGS

tells on stdout what happens, one line each: `begun` (nothing is open yet), `open` (the parts are, behind the idle
page), `rested` (recovery has done what it can), `at STATE` as each page is about to be shown, `ready` (before the pay
button), `over`. It is told on stdin: `visit CODE NUMBER` (a card lies in the reader or is on its way), `pay`, `leave`.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import sys
import threading
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer

import main
from kiosk.scene import Scene
from kiosk.settings import load
from kiosk.terminal import Terminal
from ui.app import Kiosk
from ui.look import Panel
from ui.opening import FirstWindow, Opening
from ui.running import first_window
from ui.serving import open_kiosk
from ui.start import start_qt
from ui.tour.hand import Hand

PANEL = Panel(1024, 768, 15.0)
PATIENCE_SECONDS = 60.0


def say(what: str) -> None:
    """One write, so that lines of two threads never mix, and none is lost in a buffer when the end comes."""
    os.write(1, f"{what}\n".encode())


class Told:
    """What the parent says, read on a thread of its own so that the screen stays alive meanwhile."""

    def __init__(self) -> None:
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in sys.stdin:
            self._lines.put(line.strip())
        os._exit(0)  # the parent is gone

    def next(self, hand: Hand) -> str:
        hand.wait_until(lambda: not self._lines.empty(), "a word of the parent", 600)
        return self._lines.get()


def live(hand: Hand, told: Told, code: str, number: str) -> None:
    """Card in, fines of a plate, pay, done."""
    hand.wait_for_page("choosing_service")
    hand.touch("service:traffic.fines")
    hand.wait_for_page("start_card")
    hand.touch("main")
    hand.touch("option:vehicle")
    hand.touch("main")
    hand.wait_until(lambda: hand.see("field:code") is not None, "the plate's question")
    hand.type_digits(code)
    hand.touch("field:number")
    hand.type_digits(number)
    hand.touch("main")
    hand.wait_for_page("quote")
    hand.touch("main")
    hand.wait_for_page("check_answers")
    say("ready")
    told.next(hand)
    hand.touch("main")
    hand.wait_for_page("done", "failed")
    leave(hand)


def leave(hand: Hand) -> None:
    hand.touch("end")
    hand.wait_for_page("take_card", "idle")
    say("over")


def make_kiosk(terminal: Terminal, first: FirstWindow) -> Kiosk:
    """The program's own kiosk; what it does is said aloud, and a hand begins to serve it."""
    kiosk = open_kiosk(terminal, first)
    show = kiosk.window.show_scene

    def say_and_show(scene: Scene) -> None:
        say(f"at {scene.state}")
        show(scene)

    kiosk.window.show_scene = say_and_show  # type: ignore[method-assign]  # only listens, then shows as ever
    say("open")
    QTimer.singleShot(0, kiosk, partial(serve, Hand(kiosk.window, PATIENCE_SECONDS), Told()))
    return kiosk


def serve(hand: Hand, told: Told) -> None:
    while True:
        match told.next(hand).split():
            case ["visit", code, number]:
                live(hand, told, code, number)
            case ["leave"]:
                hand.wait_for_page("choosing_service")
                leave(hand)


def rest_aloud() -> None:
    """From now on it is said when recovery has done what it can."""
    rest = Terminal.resolve_unfinished

    def rest_and_say(terminal: Terminal) -> None:
        rest(terminal)
        say("rested")

    Terminal.resolve_unfinished = rest_and_say  # type: ignore[method-assign, assignment]  # it tells


def run(settings_file: Path) -> None:
    """As `main.run`, on a panel of its own and without motion."""
    say("begun")
    application = start_qt()
    settings = load(settings_file)
    rest_aloud()
    services = main.load_services(settings)
    first = first_window(settings, services, PANEL, motion=False)
    first.window.show()
    with contextlib.ExitStack() as parts:
        opening = Opening(
            first,
            open_parts=lambda: parts.enter_context(main.open_terminal(settings, services)),
            make_kiosk=lambda terminal: make_kiosk(terminal, first),
            tell=main.tell_technician,
        )
        with contextlib.closing(opening):
            application.exec()


if __name__ == "__main__":
    logging.basicConfig(level=1)  # as loud as it gets: what must not be in a log would be
    run(Path(sys.argv[1]))

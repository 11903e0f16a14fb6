"""Work away from the screen: its answer comes back on the screen's thread, and no thread holds what waits for it."""

from __future__ import annotations

import gc
import threading
import weakref

from PySide6.QtCore import QCoreApplication, QObject
from pytestqt.qtbot import QtBot

from ui.technician.errands import Errands


class Waiting(QObject):
    """Somebody who waits for an answer and may be gone before it comes."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[object, int]] = []

    def hear(self, answer: object) -> None:
        self.heard.append((answer, threading.get_ident()))


def test_the_answer_comes_on_the_screens_thread(errands: Errands, qtbot: QtBot) -> None:
    waiting = Waiting()
    errands.run(threading.get_ident, waiting.hear)
    qtbot.waitUntil(lambda: bool(waiting.heard))
    answer, heard_on = waiting.heard[0]
    assert heard_on == threading.get_ident()
    assert answer != heard_on


def test_work_that_dies_answers_nobody_and_the_next_is_done(errands: Errands, qtbot: QtBot) -> None:
    waiting = Waiting()

    def die() -> object:
        raise ValueError

    errands.run(die, waiting.hear)
    errands.run(lambda: "done", waiting.hear)
    qtbot.waitUntil(lambda: bool(waiting.heard))
    qtbot.waitUntil(lambda: not errands._waiting)
    assert [answer for answer, _ in waiting.heard] == ["done"]


def test_only_the_screens_thread_knows_who_waits(errands: Errands) -> None:
    """While the work is under way, whoever waits hangs on the table of this thread alone."""
    begun, go_on = threading.Event(), threading.Event()

    def work() -> object:
        begun.set()
        return go_on.wait(60)

    waiting = Waiting()
    errands.run(work, waiting.hear)
    assert begun.wait(60)
    gone = weakref.ref(waiting)
    del waiting
    errands._waiting.clear()
    gc.collect()
    assert gone() is None
    go_on.set()
    QCoreApplication.processEvents()

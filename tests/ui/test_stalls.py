"""The watch tells a screen that hangs from one that works, and leaves out what the tour itself does."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from ui.tour.stalls import STALL_SECONDS, StallWatch

pytestmark = pytest.mark.usefixtures("qapp")

HANGS = 0.2


def _let_pass(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def test_a_screen_that_hangs_is_seen_with_its_whole_length() -> None:
    watch = StallWatch()
    watch.start()
    with watch.counting():
        QTimer.singleShot(30, lambda: time.sleep(HANGS))  # the hang itself
        _let_pass(100 + round(HANGS * 1000))
    watch.stop()
    assert watch.longest >= HANGS - 0.02  # it may have begun between two questions, which are 4 ms apart
    assert any(stall.seconds >= STALL_SECONDS for stall in watch.stalls)


def test_what_the_tour_does_by_itself_does_not_count() -> None:
    watch = StallWatch()
    watch.start()
    with watch.counting():
        _let_pass(30)
    before = watch.longest
    time.sleep(HANGS)  # the hang itself, outside what counts
    with watch.counting():
        QApplication.processEvents()
    watch.stop()
    assert watch.longest - before < HANGS / 2

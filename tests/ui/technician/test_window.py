"""The window over time: rows that come as they are there, the dark screen, and who leaves it alone."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kiosk.diagnostics import Measured
from kiosk.staff import StaffAct
from tests.ui.technician.conftest import Open, Seconds, press, settle, sign_in
from tests.ui.technician.parts import Register, sample_checks, sample_measured, sample_parts
from ui.background import Background
from ui.technician.errands import Errands
from ui.technician.parts import TechnicianParts
from ui.technician.window import DIM_SECONDS, LEAVE_SECONDS, SIGN_IN_SECONDS, TechnicianWindow


def test_a_slow_check_does_not_hold_the_others_rows(
    open_window: Open, background: Background, errands: Errands, tmp_path: Path, qtbot: QtBot
) -> None:
    go_on = threading.Event()

    def slow() -> Measured:
        go_on.wait(60)
        return sample_measured()["card_service"]

    checks = sample_checks({"card_service": slow})
    window = open_window("en", parts=sample_parts(tmp_path, checks=checks), run=errands.run)
    qtbot.waitUntil(lambda: bool(window.session.members))
    sign_in(window)
    qtbot.waitUntil(lambda: "41.7" in _heard(window, "check:disk"))
    qtbot.waitUntil(lambda: window.session.running == {"card_service"})
    assert "Running" in _heard(window, "check:card_service")
    go_on.set()
    qtbot.waitUntil(lambda: "Pass" in _heard(window, "check:card_service"))


def _heard(window: TechnicianWindow, name: str) -> str:
    row = window.findChild(QWidget, name)
    return "" if row is None else row.accessibleName()


def test_what_comes_back_after_the_sign_out_is_dropped(
    open_window: Open, background: Background, errands: Errands, tmp_path: Path, qtbot: QtBot
) -> None:
    go_on = threading.Event()

    def slow() -> Measured:
        go_on.wait(60)
        return sample_measured()["disk"]

    parts = sample_parts(tmp_path, checks=sample_checks({"disk": slow}))
    window = open_window("en", parts=parts, run=errands.run)
    qtbot.waitUntil(lambda: bool(window.session.members))
    sign_in(window)
    qtbot.waitUntil(lambda: window.session.running == {"disk"})
    press(window, Qt.Key.Key_Escape)
    go_on.set()
    background.close()
    settle()
    assert window.session.findings == {}


def test_it_dims_and_the_key_that_wakes_it_does_nothing_else(
    open_window: Open, parts: TechnicianParts, seconds: Seconds
) -> None:
    window = open_window("en")
    sign_in(window)
    seconds.now += DIM_SECONDS - 1
    window.tick()
    assert window.findChild(QWidget, "dark") is None
    seconds.now += 1
    window.tick()
    dark = window.findChild(QWidget, "dark")
    assert dark is not None
    assert dark.geometry() == window.rect()
    assert dark.isVisible()
    press(window, Qt.Key.Key_Escape)
    assert window.findChild(QWidget, "dark") is None
    assert window.session.member is not None
    window.tick()
    assert window.findChild(QWidget, "dark") is None


def test_the_words_on_the_dark_screen_wander(open_window: Open, seconds: Seconds) -> None:
    window = open_window("en")
    sign_in(window)
    seconds.now += DIM_SECONDS
    window.tick()
    pictures = set()
    for _ in range(3):
        window.tick()
        image = window.grab().toImage()  # by name: its bytes are gone with it
        pictures.add(bytes(image.constBits()))
    assert len(pictures) == 3


def test_left_alone_it_signs_out_and_serves_again(open_window: Open, parts: TechnicianParts, seconds: Seconds) -> None:
    window = open_window("en")
    left: list[int] = []
    window.left.connect(lambda: left.append(1))
    sign_in(window)
    seconds.now += LEAVE_SECONDS
    window.tick()
    assert left == [1]
    assert window.session.member is None
    assert isinstance(parts.register, Register)
    assert parts.register.notes[-1].act is StaffAct.LEFT_ALONE


def test_a_sign_in_page_that_nobody_uses_gives_way(open_window: Open, seconds: Seconds) -> None:
    window = open_window("en")
    left: list[int] = []
    window.left.connect(lambda: left.append(1))
    seconds.now += SIGN_IN_SECONDS - 1
    press(window, Qt.Key.Key_Down)
    seconds.now += SIGN_IN_SECONDS - 1
    window.tick()
    assert left == []
    seconds.now += 1
    window.tick()
    assert left == [1]


@pytest.mark.parametrize("signed_in", [True, False], ids=["signed in", "not yet"])
def test_f12_gives_the_terminal_back(open_window: Open, signed_in: bool) -> None:
    window = open_window("en")
    left: list[int] = []
    window.left.connect(lambda: left.append(1))
    if signed_in:
        sign_in(window)
    press(window, Qt.Key.Key_F12)
    assert left == [1]
    assert window.session.member is None

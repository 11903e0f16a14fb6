"""The technician's window, offscreen; its checks run on real threads, or at once where a test looks at pages only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk.texts import Texts
from tests.ui.technician.parts import PIN, sample_parts
from tests.ui.windows import take_away
from ui.background import Background
from ui.icons import Artwork
from ui.look import Panel, Presentation
from ui.preview import FULL_HD
from ui.technician.errands import Errands, Run
from ui.technician.parts import TechnicianParts
from ui.technician.window import TechnicianWindow
from ui.theme import Tokens

Open = Callable[..., TechnicianWindow]


class Seconds:
    """A monotonic clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def parts(tmp_path: Path) -> TechnicianParts:
    return sample_parts(tmp_path)


@pytest.fixture
def background(qapp: QApplication) -> Iterator[Background]:
    made = Background(lambda _event: None)
    yield made
    made.close()


@pytest.fixture
def errands(background: Background) -> Errands:
    return Errands(background.do)


def _at_once(work: Callable[[], object], then: Callable[[object], None]) -> None:
    then(work())


@pytest.fixture
def open_window(
    tokens: Tokens, texts: dict[str, Texts], artwork: Artwork, parts: TechnicianParts, seconds: Seconds
) -> Iterator[Open]:
    """`open_window("en", SMALL, parts=..., run=...)`: without `run` whatever may block is done at once."""
    opened: list[TechnicianWindow] = []

    def make(
        language: str = "ar",
        panel: Panel = FULL_HD,
        *,
        parts: TechnicianParts = parts,
        run: Run = _at_once,
    ) -> TechnicianWindow:
        window = TechnicianWindow(
            tokens, panel, texts, parts, run, presentation=Presentation(language), monotonic=seconds
        )
        opened.append(window)
        window.open()
        window.show()
        settle()
        return window

    yield make
    take_away(*opened)


def settle() -> None:
    """What was queued for the screen's thread has been done, and what follows from it."""
    for _ in range(6):
        QApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def press(
    window: TechnicianWindow, *keys: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """As the keyboard does it: through the native window."""
    native = window.windowHandle()
    assert native is not None
    for key in keys:
        QTest.keyClick(native, key, modifiers)
    settle()


def type_pin(window: TechnicianWindow, pin: bytes = PIN) -> None:
    press(window, *(Qt.Key(digit) for digit in pin), Qt.Key.Key_Return)


def sign_in(window: TechnicianWindow) -> None:
    """By keys: the second name, the PIN, Enter."""
    press(window, Qt.Key.Key_Down)
    type_pin(window)

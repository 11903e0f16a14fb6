"""How the technician comes in: by key or five touches, never while somebody is served; no visit begins meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kiosk.events import CardInserted, CardRemoved, TimedOut
from kiosk.scene import Scene, State
from kiosk.texts import Texts
from tests.kiosk.help_desk import ScriptedHelpDesk
from tests.kiosk.parts import SERVICES
from tests.kiosk.parts import Stage as Scripted
from tests.ui.conftest import Stage
from tests.ui.technician.conftest import Seconds, press, settle, sign_in
from tests.ui.technician.parts import OFFICE, StillClock, sample_parts
from tests.ui.windows import take_away
from ui.app import Kiosk
from ui.icons import Artwork
from ui.preview import FULL_HD
from ui.staff.window import StaffWindow
from ui.technician.door import TOUCH_SECONDS, TOUCHES, TechnicianDoor
from ui.technician.entrance import Entrance, at_kiosk
from ui.technician.window import TechnicianWindow, make_beside
from ui.theme import Tokens
from ui.window import Window

CHORD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def host(stage: Stage) -> Window:
    return stage.window(Scene(State.IDLE))


@pytest.fixture
def scripted() -> Scripted:
    return Scripted()


@pytest.fixture
def kiosk(host: Window, scripted: Scripted) -> Iterator[Kiosk]:
    made = Kiosk(scripted.visit.parts, SERVICES, lambda _send, _call: host, lambda: None, ScriptedHelpDesk())
    yield made
    made.close()


@pytest.fixture
def entrance(kiosk: Kiosk, tmp_path: Path) -> Entrance:
    return at_kiosk(kiosk, lambda _line, run: make_beside(kiosk.window.look, sample_parts(tmp_path), run), StillClock())


def native(widget: QWidget) -> QWindow:
    handle = widget.windowHandle()
    assert handle is not None
    return handle


def knock(host: QWidget, key: int = Qt.Key.Key_T) -> None:
    """To the native window, as the platform does it."""
    QApplication.sendEvent(native(host), QKeyEvent(QEvent.Type.KeyPress, key, CHORD))
    settle()


def is_serving(kiosk: Kiosk) -> bool:
    return kiosk.visit.state is not State.IDLE


def room(entrance: Entrance) -> TechnicianWindow:
    assert entrance.door.room is not None
    return entrance.door.room


@pytest.mark.parametrize("key", [int(Qt.Key.Key_T), 0x0641], ids=["latin", "arabic"])
def test_the_key_opens_it_on_either_layout(host: Window, entrance: Entrance, key: int) -> None:
    knock(host, key)
    assert room(entrance).isVisible()


def test_the_same_key_opens_it_over_the_clerks_window(
    tokens: Tokens, texts: dict[str, Texts], artwork: Artwork, tmp_path: Path
) -> None:
    clerks = StaffWindow(tokens, FULL_HD, texts, OFFICE)
    clerks.show()
    entrance = Entrance(
        clerks, lambda _line, run: make_beside(clerks.look, sample_parts(tmp_path), run), lambda: True, StillClock()
    )
    closed: list[int] = []
    entrance.door.closed.connect(lambda: closed.append(1))
    knock(clerks)
    press(room(entrance), Qt.Key.Key_F12)
    assert closed == [1]
    entrance.close()
    take_away(clerks)
    settle()


def test_the_plain_letter_opens_nothing(host: Window, entrance: Entrance) -> None:
    QTest.keyClick(native(host), Qt.Key.Key_T)
    settle()
    assert not entrance.door.is_open


class TouchedDoor:
    """A door with a clock of its own, and a finger on the host."""

    def __init__(self, host: Window, seconds: Seconds) -> None:
        self.host, self.seconds = host, seconds
        self.knocks = 0
        self.door = TechnicianDoor(host, self._never, lambda: False, monotonic=seconds)
        self.door.refused.connect(self._count)

    def touch(self, place: QPoint, after: float) -> None:
        self.seconds.now += after
        QTest.mouseClick(native(self.host), Qt.MouseButton.LeftButton, pos=place)
        settle()

    def mark(self) -> QPoint:
        mark = self.host.findChild(QWidget, "mark")
        assert mark is not None
        return mark.mapTo(self.host, mark.rect().center())

    def _count(self) -> None:
        self.knocks += 1

    def _never(self) -> TechnicianWindow:
        raise AssertionError("the door is shut")


def test_five_touches_on_the_mark_within_three_seconds_knock(host: Window, seconds: Seconds) -> None:
    door = TouchedDoor(host, seconds)
    for _ in range(TOUCHES):
        door.touch(door.mark(), TOUCH_SECONDS / TOUCHES)
    assert door.knocks == 1


def test_slower_ones_do_not(host: Window, seconds: Seconds) -> None:
    door = TouchedDoor(host, seconds)
    for _ in range(2 * TOUCHES):
        door.touch(door.mark(), TOUCH_SECONDS / (TOUCHES - 1) + 0.01)
    assert door.knocks == 0


def test_a_touch_beside_it_begins_anew(host: Window, seconds: Seconds) -> None:
    door = TouchedDoor(host, seconds)
    for _ in range(TOUCHES - 1):
        door.touch(door.mark(), 0.1)
    door.touch(QPoint(host.width() // 2, host.height() // 2), 0.1)
    door.touch(door.mark(), 0.1)
    assert door.knocks == 0


def test_no_visit_begins_while_it_is_open(kiosk: Kiosk, entrance: Entrance) -> None:
    knock(kiosk.window)
    kiosk.receive(CardInserted())
    assert not is_serving(kiosk)


def test_the_card_that_is_still_inside_begins_one_afterwards(kiosk: Kiosk, entrance: Entrance) -> None:
    knock(kiosk.window)
    kiosk.receive(CardInserted())
    press(room(entrance), Qt.Key.Key_F12)
    assert not entrance.door.is_open
    assert is_serving(kiosk)


def test_one_that_was_taken_out_again_does_not(kiosk: Kiosk, entrance: Entrance) -> None:
    knock(kiosk.window)
    kiosk.receive(CardInserted())
    kiosk.receive(CardRemoved())
    press(room(entrance), Qt.Key.Key_F12)
    assert not is_serving(kiosk)
    assert not entrance.door.is_open


def test_while_somebody_is_served_it_waits_and_says_so(kiosk: Kiosk, entrance: Entrance) -> None:
    kiosk.receive(CardInserted())
    assert is_serving(kiosk)
    knock(kiosk.window)
    assert not entrance.door.is_open
    word = kiosk.window.findChild(QWidget, "refusal")
    assert word is not None
    assert "الفني" in word.accessibleName()
    kiosk.receive(CardRemoved())
    kiosk.receive(TimedOut())
    assert not is_serving(kiosk)
    settle()
    assert entrance.door.is_open


def test_it_can_be_opened_again(kiosk: Kiosk, entrance: Entrance) -> None:
    for _ in range(2):
        knock(kiosk.window)
        press(room(entrance), Qt.Key.Key_F12)
        assert not entrance.door.is_open
    kiosk.receive(CardInserted())
    assert is_serving(kiosk)


def test_it_speaks_the_language_of_the_screen_that_it_came_from(kiosk: Kiosk, entrance: Entrance) -> None:
    kiosk.window.switch_language()
    knock(kiosk.window)
    assert room(entrance).look.presentation.language == "en"


def test_the_line_is_remembered_before_anybody_comes(kiosk: Kiosk, entrance: Entrance, qtbot: QtBot) -> None:
    kiosk.line_changed.emit(False, 3)
    qtbot.waitUntil(lambda: entrance.history.down_since() is not None)
    knock(kiosk.window)
    settle()
    assert room(entrance).findChild(QWidget, "pill:cloud-off") is not None


def test_the_end_of_the_program_closes_it(kiosk: Kiosk, entrance: Entrance, qtbot: QtBot) -> None:
    knock(kiosk.window)
    window = room(entrance)
    qtbot.waitUntil(lambda: bool(window.session.members))
    sign_in(window)
    entrance.close()
    assert not entrance.door.is_open

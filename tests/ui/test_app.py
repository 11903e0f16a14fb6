"""The kiosk joined together: recovery keeps its moment, and a kiosk that is closed is called by nobody."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
import uuid6
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.events import Cancelled, CardInserted, CardRemoved, MoreTime, TimedOut
from kiosk.scene import State
from tests.kiosk.help_desk import ScriptedHelpDesk
from tests.kiosk.parts import SERVICES
from tests.kiosk.parts import Stage as Scripted
from tests.ui.conftest import Stage
from tests.ui.samples import FIRST_PAGES
from ui.app import Kiosk
from ui.pages import PAGES
from ui.sound import Sounds

pytestmark = pytest.mark.usefixtures("qapp")

Open = Callable[[Callable[[], None]], Kiosk]


@pytest.fixture
def scripted() -> Scripted:
    return Scripted()


@pytest.fixture
def open_kiosk(stage: Stage, scripted: Scripted) -> Iterator[Open]:
    opened: list[Kiosk] = []

    def make(at_rest: Callable[[], None]) -> Kiosk:
        kiosk = Kiosk(
            scripted.visit.parts,
            SERVICES,
            lambda _send, _call_help: stage.window(FIRST_PAGES["start"]),
            at_rest,
            ScriptedHelpDesk(),
        )
        opened.append(kiosk)
        return kiosk

    yield make
    for kiosk in opened:
        kiosk.close()


def _settle(kiosk: Kiosk) -> None:
    """All that was handed to the background before is over."""
    together = threading.Barrier(5)
    for _ in range(4):
        kiosk._background.do(lambda: _meet(together))
    _meet(together)


def _meet(others: threading.Barrier) -> None:
    others.wait(10)


def test_recovery_that_is_still_under_way_is_not_begun_again(open_kiosk: Open) -> None:
    begun, go_on = threading.Semaphore(0), threading.Event()
    times: list[int] = []

    def rest() -> None:
        times.append(1)
        begun.release()
        go_on.wait(10)

    kiosk = open_kiosk(rest)
    assert begun.acquire(timeout=10)
    for _ in range(6):
        kiosk.receive(TimedOut())
    # One thread of four is held up by recovery; the others stay free for the visit.
    for _ in range(6):
        free = threading.Event()
        kiosk._background.do(free.set)
        assert free.wait(10)
    go_on.set()
    assert len(times) == 1


def test_recovery_that_comes_late_leaves_a_visit_alone(open_kiosk: Open) -> None:
    """A transaction that is just being paid is unfinished too: recovery would void it."""
    busy = threading.Barrier(5)
    rested: list[State] = []
    kiosk = open_kiosk(lambda: rested.append(kiosk.visit.state))
    _settle(kiosk)
    before = len(rested)
    for _ in range(4):
        kiosk._background.do(lambda: _meet(busy))
    kiosk.receive(TimedOut())  # still idle: recovery is asked for, and waits for a thread
    kiosk.receive(CardInserted())
    assert kiosk.visit.state is State.IDENTIFYING
    _meet(busy)
    _settle(kiosk)
    assert len(rested) == before


def test_what_is_told_to_a_closed_kiosk_is_dropped(open_kiosk: Open) -> None:
    kiosk = open_kiosk(lambda: None)
    kiosk.receive(CardInserted())
    kiosk.post(CardRemoved())
    kiosk.close()
    kiosk.post(CardInserted())
    QApplication.processEvents()
    assert kiosk.visit.state is State.IDENTIFYING


def test_a_kiosk_that_closes_does_not_wait_for_a_person_at_the_payment_terminal(
    open_kiosk: Open, scripted: Scripted
) -> None:
    kiosk = open_kiosk(lambda: None)
    kiosk.visit.case.open_ids(uuid6.uuid7)
    kiosk.visit.case.settling = (kiosk.visit.case,)
    payment = kiosk.visit.ids().payment
    kiosk.close()
    assert scripted.payments.interrupted == [payment]


def test_a_touch_or_a_key_gives_the_page_its_time_anew(open_kiosk: Open) -> None:
    kiosk = open_kiosk(lambda: None)
    native = kiosk.window.windowHandle()
    assert native is not None
    timer = kiosk._idle._timer
    point = QPointF(5, 5)
    press = QMouseEvent(
        QEvent.Type.MouseButtonPress,
        point,
        point,
        Qt.MouseButton.LeftButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier)
    for event in (press, key):
        before = timer.timerId()  # Qt starts a timer anew under a new number
        QApplication.sendEvent(native, event)
        assert timer.isActive()
        assert timer.timerId() != before


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    sounds: list[str] = []
    for name in ("warning", "take_card"):
        monkeypatch.setattr(Sounds, name, lambda _sounds, name=name: sounds.append(name))
    return sounds


def _at_home(kiosk: Kiosk, qtbot: QtBot) -> None:
    kiosk.receive(CardInserted())
    qtbot.waitUntil(lambda: kiosk.visit.state is State.CHOOSING_SERVICE, timeout=10_000)


def test_the_warning_is_heard_once_and_seen(open_kiosk: Open, qtbot: QtBot, heard: list[str]) -> None:
    kiosk = open_kiosk(lambda: None)
    _at_home(kiosk, qtbot)
    assert heard == []
    kiosk.receive(TimedOut())
    assert heard == ["warning"]
    assert type(kiosk.window.page) is PAGES[State.TIME_WARNING]
    kiosk.receive(MoreTime())
    kiosk.receive(TimedOut())
    assert heard == ["warning", "warning"]


def test_a_card_left_in_the_reader_is_heard_and_seen_and_keeps_the_next_person_out(
    open_kiosk: Open, qtbot: QtBot, heard: list[str]
) -> None:
    kiosk = open_kiosk(lambda: None)
    _at_home(kiosk, qtbot)
    kiosk.receive(Cancelled())
    for _ in range(30):
        kiosk.receive(TimedOut())
        kiosk._reminder._timer.timeout.emit()
        assert type(kiosk.window.page) is PAGES[State.TAKE_CARD]
    assert set(heard) == {"take_card"}
    before = len(heard)
    kiosk.receive(CardRemoved())
    assert type(kiosk.window.page) is PAGES[State.IDLE]
    assert not kiosk._reminder._timer.isActive()
    assert len(heard) == before


def test_a_line_that_fails_after_the_kiosk_is_gone_is_told_to_nobody(open_kiosk: Open) -> None:
    kiosk = open_kiosk(lambda: None)
    kiosk.line_changed.emit(True, 0)
    QApplication.processEvents()
    kiosk.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    kiosk.line_changed.emit(False, 3)  # an error in a slot fails the test
    QApplication.processEvents()
    assert kiosk._line_was_up is True

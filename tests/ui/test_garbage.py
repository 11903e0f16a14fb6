"""Pages that are part of a cycle are freed on the screen's thread, whoever allocates."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from ui.garbage import ScreenThreadCollector


class Tangled:
    """Part of a cycle; tells on which thread it was freed."""

    def __init__(self, freed_on: list[threading.Thread]) -> None:
        self.self = self
        self._freed_on = freed_on

    def __del__(self) -> None:
        self._freed_on.append(threading.current_thread())


@pytest.fixture
def collector() -> Iterator[QObject]:
    parent = QObject()
    ScreenThreadCollector(parent)
    yield parent
    parent.deleteLater()
    gc.enable()


def _allocate_elsewhere() -> None:
    def work() -> None:
        kept = [[] for _ in range(20_000)]  # type: list[list[object]]
        del kept

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_nothing_is_collected_on_another_thread(qtbot: QtBot, collector: QObject) -> None:
    assert collector is not None
    freed_on: list[threading.Thread] = []
    Tangled(freed_on)
    _allocate_elsewhere()
    assert freed_on == []
    kept: list[list[object]] = []

    def freed_here() -> bool:
        # Makes the youngest generation due, and again: what other tests left behind may be freed meanwhile, and each
        # object freed lowers the count that makes it due.
        kept.extend([] for _ in range(2_000))
        return freed_on == [threading.main_thread()]

    qtbot.waitUntil(freed_here, timeout=5_000)

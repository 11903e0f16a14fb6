"""Collects garbage on the screen's thread only: a widget that another thread's collection frees takes Qt down with it.

Python runs its cyclic collector on whichever thread happens to allocate, and a page that is part of a cycle would then
be destroyed there. Qt allows that for no QWidget, and for no QObject of another thread (Qt documentation, "Threads and
QObjects").
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_EVERY_MS = 250


def keep_for_good() -> None:
    """What is alive now, libraries above all, is never looked at again: a full collection takes the screen's thread as
    long as there are objects (gc.freeze). To be called before anybody's visit; on any thread."""
    gc.freeze()


class ScreenThreadCollector(QObject):
    """Switches the automatic collector off and does its work by a timer, generation by generation as Python would."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(_EVERY_MS)

    @Slot()
    def _look(self) -> None:
        """The oldest generation that is due; `gc.get_threshold` says when each is."""
        due = [count > limit for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        for generation in (2, 1, 0):
            if due[generation]:
                gc.collect(generation)
                return

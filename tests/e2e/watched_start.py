"""`python -m tests.e2e.watched_start SETTINGS`: the kiosk as `main.py run` starts it, telling on stdout what happens.

Lines: `painted MODULES` and `open MODULES` (JSON lists of what is imported then), `texts COUNT` (of the files
whose text is in memory), and `page NAME` for every new page.
"""

from __future__ import annotations

import json
import linecache
import logging
import sys

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

import main

LOOK_MS = 5


def tell(*words: str) -> None:
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


class Teller(logging.Handler):
    """Turns the two log lines of the start into lines for a test."""

    def emit(self, record: logging.LogRecord) -> None:
        is_open = "open" in record.getMessage()
        tell("open" if is_open else "painted", json.dumps(sorted(sys.modules)))
        if is_open:
            tell("texts", str(len(linecache.cache)))
            PageTeller(QApplication.instance())


class PageTeller(QObject):
    """Looks more often than a page can change."""

    def __init__(self, parent: QObject | None) -> None:
        super().__init__(parent)
        self._told = ""
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(LOOK_MS)

    def _look(self) -> None:
        names = (widget.objectName() for widget in QApplication.allWidgets() if widget.isVisible())
        shown = next((name for name in names if name.startswith("page:")), "")
        if shown != self._told:
            self._told = shown
            tell("page", shown.removeprefix("page:"))


if __name__ == "__main__":
    starting = logging.getLogger("ui.opening")
    starting.setLevel(logging.INFO)
    starting.addHandler(Teller())
    starting.propagate = False
    sys.argv = ["main.py", "run", "--settings", sys.argv[1]]
    sys.exit(main.main())

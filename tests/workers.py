"""The suite shared among workers (pytest-xdist): the longest files begin first, and no warning of the end is lost.

A plugin of pytest (`tests/conftest.py` registers it). In one process it does nothing.
"""

from __future__ import annotations

import gc
import sys
from typing import Any

import pytest

LATE = "freed too late"
"""Under this name a worker hands over what it found."""


def freed_too_late() -> list[str]:
    """What complains as it is freed by a last collection: a file that nobody closed, an exception nobody can catch."""
    found: list[str] = []
    before = sys.unraisablehook
    sys.unraisablehook = lambda it: found.append(
        f"{it.err_msg or 'Exception ignored in'} {it.object!r}: {it.exc_value}"
    )
    try:
        gc.collect()
    finally:
        sys.unraisablehook = before
    return found


class Workers:
    """The plugin, in each worker and in the process that hands out the tests."""

    def __init__(self) -> None:
        self._late: list[str] = []

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Otherwise the last worker is still at the tour when the others have nothing left. All else stays shuffled."""
        if hasattr(config, "workerinput"):
            items.sort(key=_seconds, reverse=True)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """pytest collects for the last time as it leaves, when nobody listens to a worker any more."""
        output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[LATE] = freed_too_late()
        elif self._late and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        """A worker has ended; one that crashed has handed over nothing, and its test has failed."""
        self._late += getattr(node, "workeroutput", {}).get(LATE, [])

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._late:
            terminalreporter.section(LATE)
            for line in self._late:
                terminalreporter.line(line)


def _seconds(item: pytest.Item) -> float:
    mark = item.get_closest_marker("long")
    return float(mark.kwargs["seconds"]) if mark else 0.0


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "long(seconds): how long the file takes; begins before shorter ones, see workers.py"
    )
    config.pluginmanager.register(Workers(), "workers")

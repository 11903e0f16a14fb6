"""Line-driven processes of the end-to-end tests: the terminal under test, and the hand with the virtual cards."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
SECONDS = 10.0


class Lines:
    """A child process that is told lines and whose lines are collected; ended by its own process id."""

    def __init__(self, *command: str, environment: Mapping[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
        )
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._collector = threading.Thread(target=self._collect)
        self._collector.start()

    def _collect(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line.strip())

    def tell(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def next_line(self) -> str:
        return self._lines.get(timeout=SECONDS)

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            with contextlib.suppress(BrokenPipeError):  # it ended by itself, with a line unread
                self._process.stdin.close()
            self._process.wait(SECONDS)
        finally:
            self._process.kill()
            self._process.wait()
            self._collector.join()
            self._process.stdout.close()


class Hand(Lines):
    """Puts virtual cards in and takes them out."""

    def __init__(self, port: int) -> None:
        super().__init__("devices.virtual.card", "--port", str(port))

    def do(self, line: str) -> str:
        self.tell(line)
        answer = self.next_line()
        while answer.startswith("listening"):
            answer = self.next_line()
        assert not answer.startswith("error"), answer
        return answer

    def counts(self) -> dict[str, Any]:
        counts: dict[str, Any] = json.loads(self.do("counts"))
        return counts


class Terminal(Lines):
    """The reader under test; what it says is sorted into events and answers."""

    def __init__(self, anchors: Path, environment: Mapping[str, str], prefix: str = "Virtual PCD") -> None:
        super().__init__("tests.devices.cards.terminal", str(anchors), prefix, environment=environment)
        self._kept: dict[str, list[Any]] = {"event": [], "answer": []}

    def event(self) -> str:
        """The next event, waited for."""
        return str(self._next("event"))

    def ask(self, line: str) -> Any:
        self.tell(line)
        return self._next("answer")

    def answer(self) -> Any:
        return self._next("answer")

    def _next(self, kind: str) -> Any:
        while not self._kept[kind]:
            for name, value in json.loads(self.next_line()).items():
                self._kept[name].append(value)
        return self._kept[kind].pop(0)

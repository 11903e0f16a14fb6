"""One run of the program as a child process: what it says, what it is told, and its end by SIGKILL."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Self

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60.0


class ProgramEnded(Exception):
    """It ended, or said nothing more, before it was killed; the text has the end of its log."""


class Program:
    """`tests.faults.visitor`, started at once; killed at the latest at the end of a `with` block."""

    def __init__(self, settings: Path, environment: Mapping[str, str], log: Path) -> None:
        self._log = log
        self._said: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        with log.open("ab") as file:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.visitor", str(settings)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=file,
                cwd=ROOT,
                env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **environment},
                text=True,
                start_new_session=True,  # Ctrl+C is for the one who kills
            )
        assert self._process.stdout is not None
        self._reader = threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def wait_for(self, *lines: str, count: int = 1) -> str:
        """The first of `lines` that is said for the `count`-th time since the last call. Raises ProgramEnded."""
        heard = dict.fromkeys(lines, 0)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                said = self._said.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                said = None
            if said is None:
                self._said.put(None)
                raise ProgramEnded(f"no {' or '.join(lines)}; its log ends:\n{self._log.read_text()[-2000:]}")
            if said in heard:
                heard[said] += 1
                if heard[said] == count or said != lines[0]:
                    return said

    def tell(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def kill(self) -> bool:
        """SIGKILL to exactly this process; whether it still ran."""
        self._process.kill()
        killed = self._process.wait() == -9
        self._reader.join(PATIENCE_SECONDS)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        return killed

    def _read(self, stdout: IO[str]) -> None:
        for line in stdout:
            self._said.put(line.strip())
        self._said.put(None)

"""One virtual part as a child process: started, asked by lines, its words kept in a log, ended by its process id."""

from __future__ import annotations

import contextlib
import queue
import re
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from devices.virtual.tether import Tether

START_SECONDS = 20.0
ANSWER_SECONDS = 10.0
END_SECONDS = 6.0
ROOT = Path(__file__).resolve().parents[2]
"""Where `python -m` finds the virtual parts, wherever the program was started."""


class PartFailed(Exception):
    """A part did not start, answer or end as it should; the text names it and its log file."""


class Part:
    """A process that prints `listening on PORT` when it is ready. One with `commands` answers every line on its stdin
    by one line on its stdout, and ends on `quit`; any other is ended by SIGTERM.

    Raises PartFailed from `start`, `ready`, `tell` and `obey`.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        log: Path,
        *,
        commands: bool = True,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.port = 0
        self._command = tuple(command)
        self._log_file = log
        self._commands = commands
        self._environment = None if environment is None else dict(environment)
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._telling = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._tether: Tether | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Starts the process and comes back at once; `ready` waits for it."""
        with self._log_file.open("a") as log:
            try:
                process = subprocess.Popen(
                    self._command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    env=self._environment,
                    cwd=ROOT,
                    text=True,
                    encoding="utf-8",
                    errors="replace",
                    # Ctrl+C in the shell is for the program, which then ends its parts in their order.
                    start_new_session=True,
                )
            except OSError as error:
                raise self._failed(f"cannot be started: {error.strerror}") from error
        assert process.stdout is not None
        self._process, self._tether = process, Tether(process.pid)
        self._reader = threading.Thread(target=self._read, args=(process.stdout,), name=self.name, daemon=True)
        self._reader.start()

    def ready(self) -> int:
        """Waits until the part listens; its port."""
        while True:
            line = self._next(START_SECONDS, "did not start")
            if found := re.search(r"listening on (\d{1,5})$", line):
                self.port = int(found[1])
                return self.port

    def tell(self, line: str) -> str:
        """Gives the part one line; the line that it answers."""
        with self._telling:
            process = self._process
            if process is None or process.stdin is None:
                raise self._failed("is not running")
            try:
                process.stdin.write(line + "\n")
                process.stdin.flush()
            except (OSError, ValueError) as error:
                raise self._failed("has ended") from error
            return self._next(ANSWER_SECONDS, "does not answer")

    def obey(self, line: str) -> None:
        """Gives the part one command that it must carry out."""
        answer = self.tell(line)
        if answer != "ok":
            raise PartFailed(f"{self.name} answered {answer!r} to {line!r}")

    def stop(self) -> None:
        """Ends the process and waits for its end. Harmless on one that has ended."""
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        with contextlib.suppress(OSError, ValueError):
            if self._commands:
                process.stdin.write("quit\n")
            process.stdin.close()
        if not self._commands:
            process.terminate()
        for harder in (process.terminate, process.kill):
            try:
                process.wait(END_SECONDS)
                break
            except subprocess.TimeoutExpired:
                harder()
        process.wait()
        if self._tether is not None:
            self._tether.cut()
        if self._reader is not None:
            self._reader.join(END_SECONDS)  # a grandchild may hold the pipe open

    def _read(self, stdout: IO[str]) -> None:
        """Keeps the pipe empty, so that a talkative part never blocks; lines that nobody waits for are in the log."""
        with self._log_file.open("a", buffering=1) as log, stdout:
            for line in stdout:
                if self.port and not self._commands:
                    log.write(line)
                else:
                    self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def _next(self, seconds: float, otherwise: str) -> str:
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            raise self._failed(otherwise) from None
        if line is None:
            self._lines.put(None)
            raise self._failed("has ended")
        return line

    def _failed(self, what: str) -> PartFailed:
        return PartFailed(f"{self.name} {what}; see {self._log_file}")

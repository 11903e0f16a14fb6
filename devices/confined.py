"""Asks a child process that may do nothing but answer: what it is given is hostile, and may end it or make it lie."""

from __future__ import annotations

import os
import selectors
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

_PIECE = 65_536


class NoAnswer(Exception):
    """The child did not start, did not answer in time, or said too much."""


def ask(worker: Path, question: bytes, *, largest_answer: int, seconds: float) -> bytes:
    """What `worker`, a file of Python that reads its stdin to the end, writes to its stdout; b"" from one that died.
    Whatever the question does to the child, it has ended when this returns. Raises NoAnswer."""
    # Isolated, and with nothing of this process's environment; by its path, because -I finds no module of ours.
    command = [sys.executable, "-I", str(worker)]
    try:
        child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}
        )
    except OSError as error:
        raise NoAnswer("no child process") from error
    with child:
        try:
            assert child.stdin is not None
            assert child.stdout is not None
            return _converse(child.stdin, child.stdout, question, largest_answer, time.monotonic() + seconds)
        finally:
            child.kill()


def _converse(stdin: IO[bytes], stdout: IO[bytes], question: bytes, largest: int, until: float) -> bytes:
    answer, left = bytearray(), memoryview(question)
    os.set_blocking(stdin.fileno(), False)
    with selectors.DefaultSelector() as ready:
        ready.register(stdin, selectors.EVENT_WRITE)
        ready.register(stdout, selectors.EVENT_READ)
        while (seconds := until - time.monotonic()) > 0 and len(answer) <= largest:
            for key, _ in ready.select(seconds):
                if key.fileobj is stdout:
                    if not (piece := os.read(stdout.fileno(), _PIECE)):
                        return bytes(answer)
                    answer += piece
                else:
                    left = left[_write(stdin.fileno(), left) :]
                    if not left:
                        ready.unregister(stdin)
                        stdin.close()
    raise NoAnswer("no end within the limits")


def _write(pipe: int, data: memoryview) -> int:
    """How much was taken; all of it by a child that is gone, so that its end is what is read next."""
    try:
        return os.write(pipe, data[:_PIECE])
    except BrokenPipeError:
        return len(data)

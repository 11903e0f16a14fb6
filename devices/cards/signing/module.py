"""Asks a PKCS #11 module one question, in a child process that ends with its answer, or is ended.

A module in this process would keep what it was told, and some do not find a card again that was taken out
(github.com/BMF-RKSV-Technik/at-registrierkassen-mustercode/issues/322).
"""

from __future__ import annotations

import contextlib
import os
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from kiosk.failures import Failure, ServiceFailure

LIBRARY_FOLDERS = ("/usr/lib", "/usr/local/lib")
SECONDS = 30.0
"""A signature of a slow chip takes three; a person at the reader's own keys, longer."""

# The PC/SC library finds its service by it where that is not the machine's own (pcsc-lite, pcscd(8)). All else is left
# behind: an OPENSC_DEBUG, for one, makes that module write down every command, and with it the PIN.
_KEPT_ENVIRONMENT = ("PCSCLITE_CSOCK_NAME",)
_LARGEST_FIELD = 8_192
_LARGEST_ANSWER = 262_144
_PIECE = 65_536
_WORKER = Path(__file__).with_name("module_worker.py")


def find_module(name: str, configured: Path | None = None) -> Path:
    """The configured module, else the one of that file name where the system keeps its libraries.

    Raises ServiceFailure(SIGNING_FAILED) where there is none.
    """
    if configured is not None:
        places = [configured]
    else:
        folders = [Path(folder) for folder in LIBRARY_FOLDERS]
        places = [place for folder in folders for place in (folder / name, *folder.glob(f"*-linux-gnu/{name}"))]
    for place in places:
        if place.is_file():
            return place.resolve()
    raise ServiceFailure(Failure.SIGNING_FAILED)


class Stop:
    """What another thread ends a question with; once pulled, every later question ends at once too."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._pulled = False

    def pull(self) -> None:
        with self._lock:
            self._pulled = True
            if self._child is not None:
                self._child.kill()

    def is_pulled(self) -> bool:
        with self._lock:
            return self._pulled

    def watch(self, child: subprocess.Popen[bytes] | None) -> None:
        with self._lock:
            self._child = child
            if self._pulled and child is not None:
                child.kill()


def ask(fields: Sequence[bytes], pin: bytearray, stop: Stop, *, seconds: float = SECONDS) -> list[bytes]:
    """The fields of the answer to the question's fields, in the order of `module_worker`; the first is the outcome.
    Whatever the module does, the child has ended when this returns. `pin` is left for its owner to wipe.

    Raises ServiceFailure: CARD_TIMEOUT, CARD_CANCELLED, and SIGNING_FAILED where the child ends without an answer.
    """
    environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    try:
        # Isolated; by its path, because -I finds no module of ours. Unbuffered: a buffer would keep the PIN.
        child = subprocess.Popen(
            [sys.executable, "-I", str(_WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            bufsize=0,
        )
    except OSError as error:
        raise ServiceFailure(Failure.SIGNING_FAILED) from error
    with child:
        try:
            stop.watch(child)
            _tell(child, fields, pin)
            answer = _read(child, time.monotonic() + seconds)
        finally:
            stop.watch(None)
            child.kill()
    if stop.is_pulled():
        raise ServiceFailure(Failure.CARD_CANCELLED)
    if not (found := _split(answer)):
        raise ServiceFailure(Failure.SIGNING_FAILED)
    return found


def _tell(child: subprocess.Popen[bytes], fields: Sequence[bytes], pin: bytearray) -> None:
    """Less than a pipe holds (pipe(7), 64 KiB), so that the write never waits for the child."""
    if any(len(field) > _LARGEST_FIELD for field in (*fields, pin)):
        raise ServiceFailure(Failure.SIGNING_FAILED)
    assert child.stdin is not None
    with contextlib.suppress(BrokenPipeError):  # it is gone, so that its end is what is read next
        for field in fields:
            child.stdin.write(len(field).to_bytes(2, "big") + field)
        child.stdin.write(len(pin).to_bytes(2, "big"))
        child.stdin.write(pin)
        child.stdin.close()


def _read(child: subprocess.Popen[bytes], until: float) -> bytes:
    """All that the child says until it ends. Raises ServiceFailure: CARD_TIMEOUT, SIGNING_FAILED for too much."""
    assert child.stdout is not None
    answer = b""
    with selectors.DefaultSelector() as ready:
        ready.register(child.stdout, selectors.EVENT_READ)
        while (seconds := until - time.monotonic()) > 0 and len(answer) <= _LARGEST_ANSWER:
            if ready.select(seconds):
                if not (piece := os.read(child.stdout.fileno(), _PIECE)):
                    return answer
                answer += piece
    raise ServiceFailure(Failure.CARD_TIMEOUT if len(answer) <= _LARGEST_ANSWER else Failure.SIGNING_FAILED)


def _split(answer: bytes) -> list[bytes]:
    """Nothing for an answer that was cut short."""
    fields, position = [], 0
    while position < len(answer):
        size = int.from_bytes(answer[position : position + 2], "big")
        field = answer[position + 2 : position + 2 + size]
        if len(field) < size:
            return []
        fields.append(field)
        position += 2 + size
    return fields

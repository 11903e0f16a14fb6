"""Decodes the picture of a face in a child process that may do nothing else: pictures of cards are hostile input."""

from __future__ import annotations

import os
import selectors
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from kiosk.identity import Portrait

LARGEST_WIDTH, LARGEST_HEIGHT = 413, 531
"""35 by 45 mm at 300 dots per inch, the size of a printed portrait (Doc 9303-3)."""

SECONDS = 3.0
"""A good picture takes a tenth of a second."""

_LARGEST_PICTURE = 65_535
_SIZE = 4
_LARGEST_ANSWER = _SIZE + 3 * LARGEST_WIDTH * LARGEST_HEIGHT
_PIECE = 65_536
_WORKER = Path(__file__).with_name("portrait_worker.py")


class PortraitUnreadable(Exception):
    """The picture of a genuine card is not there or cannot be decoded here: the person is served without it."""


def decode(picture: bytes, *, seconds: float = SECONDS) -> Portrait:
    """A JPEG or JPEG 2000 picture, scaled down to at most 413 by 531 pixels. Whatever the picture does to the child,
    it ends within `seconds`. Raises PortraitUnreadable."""
    if len(picture) > _LARGEST_PICTURE:
        raise PortraitUnreadable("too many bytes")
    # Isolated, and with nothing of this process's environment; by its path, because -I finds no module of ours.
    command = [sys.executable, "-I", str(_WORKER)]
    try:
        child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}
        )
    except OSError as error:
        raise PortraitUnreadable("no child process") from error
    with child:
        try:
            assert child.stdin is not None
            assert child.stdout is not None
            answer = _converse(child.stdin, child.stdout, picture, time.monotonic() + seconds)
        finally:
            child.kill()
    return _portrait(answer)


def _converse(stdin: IO[bytes], stdout: IO[bytes], picture: bytes, until: float) -> bytes:
    """Hands the picture over and takes the answer; nothing where time is up or the child says too much."""
    answer, left = b"", memoryview(picture)
    os.set_blocking(stdin.fileno(), False)
    with selectors.DefaultSelector() as ready:
        ready.register(stdin, selectors.EVENT_WRITE)
        ready.register(stdout, selectors.EVENT_READ)
        while (seconds := until - time.monotonic()) > 0 and len(answer) <= _LARGEST_ANSWER:
            for key, _ in ready.select(seconds):
                if key.fileobj is stdout:
                    if not (piece := os.read(stdout.fileno(), _PIECE)):
                        return answer
                    answer += piece
                else:
                    left = left[_write(stdin.fileno(), left) :]
                    if not left:
                        ready.unregister(stdin)
                        stdin.close()
    return b""


def _write(pipe: int, data: memoryview) -> int:
    """How much was taken; all of it by a child that is gone, so that its end is what is read next."""
    try:
        return os.write(pipe, data[:_PIECE])
    except BrokenPipeError:
        return len(data)


def _portrait(answer: bytes) -> Portrait:
    """Width and height in two bytes each, then the rows."""
    width, height = int.from_bytes(answer[:2], "big"), int.from_bytes(answer[2:_SIZE], "big")
    pixels = answer[_SIZE:]
    if not (0 < width <= LARGEST_WIDTH and 0 < height <= LARGEST_HEIGHT and len(pixels) == 3 * width * height):
        raise PortraitUnreadable("not decoded")
    return Portrait(width, height, pixels)

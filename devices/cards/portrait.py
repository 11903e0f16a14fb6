"""Decodes the picture of a face in a child process that may do nothing else: pictures of cards are hostile input."""

from __future__ import annotations

from pathlib import Path

from devices import confined
from kiosk.identity import Portrait

LARGEST_WIDTH, LARGEST_HEIGHT = 413, 531
"""35 by 45 mm at 300 dots per inch, the size of a printed portrait (Doc 9303-3)."""

SECONDS = 3.0
"""A good picture takes a tenth of a second."""

_LARGEST_PICTURE = 65_535
_SIZE = 4
_LARGEST_ANSWER = _SIZE + 3 * LARGEST_WIDTH * LARGEST_HEIGHT
_WORKER = Path(__file__).with_name("portrait_worker.py")


class PortraitUnreadable(Exception):
    """The picture of a genuine card is not there or cannot be decoded here: the person is served without it."""


def decode(picture: bytes, *, seconds: float = SECONDS) -> Portrait:
    """A JPEG or JPEG 2000 picture, scaled down to at most 413 by 531 pixels. Whatever the picture does to the child,
    it ends within `seconds`. Raises PortraitUnreadable."""
    if len(picture) > _LARGEST_PICTURE:
        raise PortraitUnreadable("too many bytes")
    try:
        answer = confined.ask(_WORKER, picture, largest_answer=_LARGEST_ANSWER, seconds=seconds)
    except confined.NoAnswer as failed:
        raise PortraitUnreadable(str(failed)) from failed
    return _portrait(answer)


def _portrait(answer: bytes) -> Portrait:
    """Width and height in two bytes each, then the rows."""
    width, height = int.from_bytes(answer[:2], "big"), int.from_bytes(answer[2:_SIZE], "big")
    pixels = answer[_SIZE:]
    if not (0 < width <= LARGEST_WIDTH and 0 < height <= LARGEST_HEIGHT and len(pixels) == 3 * width * height):
        raise PortraitUnreadable("not decoded")
    return Portrait(width, height, pixels)

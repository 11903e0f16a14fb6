"""Makes a page of a scanned picture: decoded and made small in a child process, for pictures are hostile input."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from devices import confined
from kiosk.documents import LARGEST_PAGE_BYTES, Preview, ScannedPage

LARGEST_PICTURE_BYTES: Final = 16 * 1024 * 1024
"""Of what a scanner may send for one page: A4 in colour at 300 dots per inch has 26 MB before it is compressed."""

PREVIEW_WIDTH, PREVIEW_HEIGHT = 640, 905
"""As large as a page is ever shown, in pixels."""

SECONDS: Final = 12.0
"""A good page takes less than one."""

_NUMBER = 4
_LARGEST_ANSWER = 3 * _NUMBER + LARGEST_PAGE_BYTES + 3 * PREVIEW_WIDTH * PREVIEW_HEIGHT
_WORKER = Path(__file__).with_name("page_worker.py")


class PageUnreadable(Exception):
    """What came is no picture of a page."""


def keep(picture: bytes, *, seconds: float = SECONDS) -> ScannedPage:
    """A JPEG or PNG picture as a JPEG of at most LARGEST_PAGE_BYTES and 200 dots per inch of A4, with its preview.
    Raises PageUnreadable."""
    if len(picture) > LARGEST_PICTURE_BYTES:
        raise PageUnreadable("too many bytes")
    try:
        answer = confined.ask(_WORKER, picture, largest_answer=_LARGEST_ANSWER, seconds=seconds)
    except confined.NoAnswer as failed:
        raise PageUnreadable(str(failed)) from failed
    return _page(answer)


def _page(answer: bytes) -> ScannedPage:
    """The length of the JPEG, width and height of the preview, in four bytes each; the JPEG; the preview's rows."""
    length, width, height = (int.from_bytes(answer[at : at + _NUMBER], "big") for at in (0, _NUMBER, 2 * _NUMBER))
    jpeg, pixels = answer[3 * _NUMBER : 3 * _NUMBER + length], answer[3 * _NUMBER + length :]
    is_shown = 0 < width <= PREVIEW_WIDTH and 0 < height <= PREVIEW_HEIGHT and len(pixels) == 3 * width * height
    is_kept = 0 < length == len(jpeg) <= LARGEST_PAGE_BYTES and jpeg[:3] == b"\xff\xd8\xff" and jpeg[-2:] == b"\xff\xd9"
    if not (is_shown and is_kept):
        raise PageUnreadable("not decoded")
    return ScannedPage(jpeg, hashlib.sha256(jpeg).hexdigest(), Preview(width, height, pixels))

"""Scanned pictures, good and hostile: whatever comes, the kiosk keeps a small JPEG of it or has a stated failure."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from devices.scanners import page, page_worker
from devices.scanners.page import PageUnreadable
from kiosk.documents import LARGEST_PAGE_BYTES, ScannedPage

WORKER = Path(page_worker.__file__)


def picture(kind: str, size: tuple[int, int] = (400, 560), mode: str = "RGB") -> bytes:
    stream = io.BytesIO()
    Image.radial_gradient("L").resize(size).convert(mode).save(stream, kind)
    return stream.getvalue()


def kept(scanned: ScannedPage) -> Image.Image:
    return Image.open(io.BytesIO(scanned.jpeg))


def is_refused(data: bytes) -> bool:
    with pytest.raises(PageUnreadable):
        page.keep(data)
    return True


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize(("mode", "shown"), [("L", "L"), ("RGB", "RGB")])
def test_grey_stays_grey_and_colour_colour(kind: str, mode: str, shown: str) -> None:
    scanned = page.keep(picture(kind, mode=mode))
    assert (kept(scanned).mode, kept(scanned).size) == (shown, (400, 560))
    assert scanned.preview is not None
    assert (scanned.preview.width, scanned.preview.height) == (400, 560)


@pytest.mark.parametrize("mode", ["1", "LA", "RGBA", "P", "I;16"])
def test_other_kinds_of_png_are_kept(mode: str) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (60, 80), (200, 30, 30)).convert("L" if mode == "I;16" else mode).save(stream, "PNG")
    assert page.keep(stream.getvalue()).jpeg


@pytest.mark.parametrize(("size", "most"), [((2480, 3508), (1654, 2339)), ((3508, 2480), (2339, 1654))])
def test_no_page_is_finer_than_200_dots_per_inch(size: tuple[int, int], most: tuple[int, int]) -> None:
    """Upright or across."""
    width, height = kept(page.keep(picture("JPEG", size))).size
    assert abs(width - most[0]) <= 1
    assert abs(height - most[1]) <= 1


def test_a_page_of_nothing_but_noise_is_small_too() -> None:
    stream = io.BytesIO()
    Image.effect_noise((1654, 2339), 120).save(stream, "JPEG", quality=95)
    assert len(stream.getvalue()) > 10 * LARGEST_PAGE_BYTES
    assert len(page.keep(stream.getvalue()).jpeg) <= LARGEST_PAGE_BYTES


def test_what_stood_in_the_file_beside_the_picture_is_left_out() -> None:
    """Where and by whom it was taken is nobody's business."""
    whole = picture("JPEG")
    exif = b"Exif\x00\x00PLANTED-SECRET-MARKER"
    marked = whole[:2] + b"\xff\xe1" + struct.pack(">H", 2 + len(exif)) + exif + whole[2:]
    assert b"PLANTED" not in page.keep(marked).jpeg


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "BMP", "PPM", "WEBP"])
def test_other_kinds_of_files_are_refused(kind: str) -> None:
    assert is_refused(picture(kind))


@pytest.mark.parametrize("rubbish", [b"", b"%PDF-1.7\n", bytes(65_536), b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"])
def test_rubbish_is_refused(rubbish: bytes) -> None:
    assert is_refused(rubbish)


def test_more_bytes_than_a_page_has_are_not_even_looked_at() -> None:
    began = time.monotonic()
    assert is_refused(bytes(page.LARGEST_PICTURE_BYTES + 1))
    assert time.monotonic() - began < 0.5


def png_of_size(width: int, height: int) -> bytes:
    """A small file whose header says another size, and whose rows are as many as it says."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    rows = zlib.compress(bytes(min(width * height, 30_000_000)), 9)
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (1, 2**31 - 1), (2**31 - 1, 2**31 - 1), (0, 5)])
def test_bombs(width: int, height: int) -> None:
    began = time.monotonic()
    assert is_refused(png_of_size(width, height))
    assert time.monotonic() - began < page.SECONDS + 1


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 20_000), st.binary(min_size=1, max_size=12), st.sampled_from(["JPEG", "PNG"]))
def test_changed_pictures_end_in_a_page_or_in_none(place: int, change: bytes, kind: str) -> None:
    whole = picture(kind, (120, 160))
    place %= len(whole)
    try:
        scanned = page.keep(whole[:place] + change + whole[place + len(change) :])
    except PageUnreadable:
        return
    assert len(scanned.jpeg) <= LARGEST_PAGE_BYTES


JPEG = b"\xff\xd8\xff" + bytes(5) + b"\xff\xd9"


@pytest.mark.parametrize(
    "told",
    [
        b"",
        struct.pack(">III", len(JPEG), 2, 2) + JPEG + bytes(11),  # a byte is missing
        struct.pack(">III", len(JPEG), 641, 1) + JPEG + bytes(3 * 641),  # too wide
        struct.pack(">III", len(JPEG) + 1, 2, 2) + JPEG + bytes(12),
        struct.pack(">III", 4, 2, 2) + b"RIFF" + bytes(12),  # no JPEG
        struct.pack(">III", 2**32 - 1, 2, 2) + JPEG,
    ],
)
def test_answers_that_are_no_page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, told: bytes) -> None:
    liar = tmp_path / "liar.py"
    liar.write_text(f"import os\nos.write(1, {told!r})\n")
    monkeypatch.setattr(page, "_WORKER", liar)
    assert is_refused(picture("JPEG"))


def test_a_child_that_does_not_answer_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    endless = tmp_path / "endless.py"
    endless.write_text("import time\nwhile True: time.sleep(1)\n")
    monkeypatch.setattr(page, "_WORKER", endless)
    with pytest.raises(PageUnreadable):
        page.keep(picture("JPEG"), seconds=0.5)


def test_the_child_and_its_parent_agree_on_sizes() -> None:
    """The child imports nothing of this project."""
    assert page_worker.LARGEST_PAGE_BYTES == LARGEST_PAGE_BYTES
    assert (page.PREVIEW_WIDTH, page.PREVIEW_HEIGHT) == page_worker.PREVIEW_SIDES


@pytest.mark.parametrize("reach", ["open('/etc/hostname')", "socket.socket()", "os.pipe()"])
def test_no_file_and_no_socket_can_be_opened(reach: str) -> None:
    load = f"import importlib.util as u; s = u.spec_from_file_location('w', {str(WORKER)!r}); w = u.module_from_spec(s)"
    code = f"{load}; s.loader.exec_module(w); import os, socket\nw.confine()\n{reach}"
    tried = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, timeout=30, check=False, env={}
    )
    assert "Too many open files" in tried.stderr

"""The child process of `page`: a scanned picture on stdin; on stdout a small JPEG of it and the pixels of a preview.

It is started by its path with Python's isolated mode; so it imports nothing of this project. Limits are set before the
first byte of the picture is read. Where it fails in any way it ends without an answer, which is all the parent wants
to know.
"""

from __future__ import annotations

import io
import os
import resource
import sys

from PIL import Image, JpegImagePlugin, PngImagePlugin, TiffImagePlugin

LARGEST_PAGE_BYTES = 128 * 1024
LARGEST_SIDES = (1654, 2339)
"""A4 at 200 dots per inch, upright."""

PREVIEW_SIDES = (640, 905)
LARGEST_PIXELS = 2894 * 4093
"""A4 at 350 dots per inch."""

MEMORY_BYTES = 512 * 1024 * 1024
"""Of address space: Python and Pillow take about 70 MB of it, an interlaced picture of the largest size the most."""

CPU_SECONDS = 10
READS_EXIF = TiffImagePlugin
"""Loaded by Pillow when a picture brings EXIF data, which is too late: no file can be opened then."""

_STDIN, _STDOUT = 0, 1

# A page that is too large with one is tried with the next: less of quality first, as letters bear that better than
# fewer dots. Quality as libjpeg counts it; the part of the sides.
ATTEMPTS = ((75, 1.0), (60, 1.0), (45, 1.0), (60, 0.75), (45, 0.75), (45, 0.5), (25, 0.5), (10, 0.25))


def confine() -> None:
    """No more memory, time, files, bytes into files, processes, or memory dumps than decoding needs."""
    limits = {
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_NOFILE: 0,  # those that are open stay
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_CORE: 0,
    }
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))


def decode(picture: bytes) -> Image.Image:
    """In grey or in colour, as it was scanned. Raises whatever Pillow raises, and ValueError for too many pixels."""
    stream = io.BytesIO(picture)
    is_jpeg = picture[:2] == b"\xff\xd8"
    image = JpegImagePlugin.JpegImageFile(stream) if is_jpeg else PngImagePlugin.PngImageFile(stream)
    width, height = image.size
    if width * height > LARGEST_PIXELS:
        raise ValueError("too many pixels")
    image.load()
    whole = image.convert("L" if image.mode in {"1", "L", "I", "I;16"} else "RGB")
    whole.thumbnail(_turned(LARGEST_SIDES, whole), Image.Resampling.LANCZOS)
    return whole


def compress(page: Image.Image) -> bytes:
    """The first attempt that is small enough. Raises ValueError where none is."""
    for quality, part in ATTEMPTS:
        sides = (max(1, round(page.width * part)), max(1, round(page.height * part)))
        scaled = page if part == 1.0 else page.resize(sides, Image.Resampling.LANCZOS)
        stream = io.BytesIO()
        scaled.save(stream, "JPEG", quality=quality)
        if stream.tell() <= LARGEST_PAGE_BYTES:
            return stream.getvalue()
    raise ValueError("too many bytes")


def preview(page: Image.Image) -> Image.Image:
    shown = page.convert("RGB")
    shown.thumbnail(PREVIEW_SIDES, Image.Resampling.LANCZOS)
    return shown


def _turned(sides: tuple[int, int], page: Image.Image) -> tuple[int, int]:
    """A page may lie across."""
    return sides if page.height >= page.width else (sides[1], sides[0])


def main() -> None:
    Image.preinit()  # the writer of JPEG is looked for among all, in files that cannot be opened later
    confine()
    with os.fdopen(_STDIN, "rb") as stdin:
        picture = stdin.read()
    page = decode(picture)
    jpeg, shown = compress(page), preview(page)
    numbers = b"".join(number.to_bytes(4, "big") for number in (len(jpeg), shown.width, shown.height))
    with os.fdopen(_STDOUT, "wb") as stdout:
        stdout.write(numbers + jpeg + shown.tobytes())


if __name__ == "__main__":
    try:
        main()
    except Exception:  # the child's one boundary: the reason may hold bytes of the picture
        sys.exit(1)

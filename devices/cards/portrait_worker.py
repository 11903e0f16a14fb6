"""The child process of `portrait`: a picture on stdin, its size and pixels on stdout, and nothing else in reach.

It is started by its path with Python's isolated mode; so it imports nothing of this project. Limits are set before the
first byte of the picture is read. Where it fails in any way it ends without an answer, which is all the parent wants
to know.
"""

from __future__ import annotations

import io
import os
import resource
import sys

from PIL import Image, Jpeg2KImagePlugin, JpegImagePlugin, TiffImagePlugin

LARGEST_SIZE = (413, 531)
LARGEST_PIXELS = 2048 * 2048
MEMORY_BYTES = 320 * 1024 * 1024
"""Of address space: Python and Pillow take about 70 MB of it, a JPEG 2000 picture of the largest size the most."""

CPU_SECONDS = 2
READS_EXIF = TiffImagePlugin
"""Loaded by Pillow when a picture brings EXIF data, which is too late: no file can be opened then."""

_STDIN, _STDOUT = 0, 1


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
    """Raises whatever Pillow raises, and ValueError for too many pixels."""
    stream = io.BytesIO(picture)
    image = JpegImagePlugin.JpegImageFile(stream) if picture[:2] == b"\xff\xd8" else _jpeg_2000(stream)
    width, height = image.size
    if width * height > LARGEST_PIXELS:
        raise ValueError("too many pixels")
    image.load()
    whole = image.convert("RGB")
    whole.thumbnail(LARGEST_SIZE, Image.Resampling.LANCZOS)
    return whole


def _jpeg_2000(stream: io.BytesIO) -> Image.Image:
    return Jpeg2KImagePlugin.Jpeg2KImageFile(stream)


def main() -> None:
    confine()
    with os.fdopen(_STDIN, "rb") as stdin:
        picture = stdin.read()
    image = decode(picture)
    size = image.width.to_bytes(2, "big") + image.height.to_bytes(2, "big")
    with os.fdopen(_STDOUT, "wb") as stdout:
        stdout.write(size + image.tobytes())


if __name__ == "__main__":
    try:
        main()
    except Exception:  # the child's one boundary: the reason may hold bytes of the picture
        sys.exit(1)

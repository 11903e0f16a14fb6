"""Pictures of faces, good and hostile: whatever comes, the kiosk gets pixels of a stated size or a stated failure."""

from __future__ import annotations

import contextlib
import io
import os
import resource
import shutil
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from devices.cards import portrait, portrait_worker
from devices.cards.portrait import PortraitUnreadable
from kiosk.identity import Portrait

WORKER = Path(portrait_worker.__file__)


def picture(kind: str, size: tuple[int, int] = (300, 400), mode: str = "RGB", **options: object) -> bytes:
    """A field of one colour with a red left upper quarter."""
    image = Image.new("RGB", size, (20, 90, 160))
    image.paste((200, 30, 30), (0, 0, size[0] // 2, size[1] // 2))
    stream = io.BytesIO()
    image.convert(mode).save(stream, kind, **options)
    return stream.getvalue()


def colour(face: Portrait, x: float, y: float) -> tuple[int, ...]:
    start = 3 * (int(y * face.height) * face.width + int(x * face.width))
    return tuple(face.pixels[start : start + 3])


def is_refused(data: bytes, **options: float) -> bool:
    with pytest.raises(PortraitUnreadable):
        portrait.decode(data, **options)
    return True


@pytest.mark.parametrize("kind", ["JPEG", "JPEG2000"])
def test_a_picture_is_decoded(kind: str) -> None:
    face = portrait.decode(picture(kind))
    assert (face.width, face.height, len(face.pixels)) == (300, 400, 300 * 400 * 3)
    for place, wanted in (((0.25, 0.25), (200, 30, 30)), ((0.75, 0.75), (20, 90, 160)), ((0.25, 0.75), (20, 90, 160))):
        assert all(abs(is_ - should) <= 6 for is_, should in zip(colour(face, *place), wanted, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "JPEG2000"])
def test_what_follows_the_picture_is_ignored(kind: str) -> None:
    assert portrait.decode(picture(kind) + bytes(range(256)) * 9) == portrait.decode(picture(kind))


def test_a_picture_with_exif_data_is_decoded() -> None:
    whole = picture("JPEG")
    exif = b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00"
    marked = whole[:2] + b"\xff\xe1" + struct.pack(">H", 2 + len(exif)) + exif + whole[2:]
    assert portrait.decode(marked).width == 300


def test_a_codestream_without_its_boxes_is_decoded() -> None:
    boxed = picture("JPEG2000")
    assert portrait.decode(boxed[boxed.index(b"\xff\x4f\xff\x51") :]).width == 300


@pytest.mark.parametrize(
    ("size", "scaled"), [((1200, 1600), (398, 531)), ((2000, 400), (413, 83)), ((30, 40), (30, 40))]
)
def test_it_is_scaled_down_and_never_up(size: tuple[int, int], scaled: tuple[int, int]) -> None:
    face = portrait.decode(picture("JPEG", size))
    assert (face.width, face.height) == scaled


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "L"), ("JPEG", "CMYK"), ("JPEG2000", "L"), ("JPEG2000", "RGBA")])
def test_other_colours_become_rgb(kind: str, mode: str) -> None:
    face = portrait.decode(picture(kind, mode=mode))
    assert len(face.pixels) == 3 * 300 * 400


@pytest.mark.parametrize("kind", ["JPEG", "JPEG2000"])
def test_truncated_pictures_are_refused(kind: str) -> None:
    whole = picture(kind)
    for size in (2, 3, 12, 40, len(whole) // 3):
        assert is_refused(whole[:size])


def test_other_kinds_of_files_are_refused() -> None:
    for kind in ("PNG", "GIF", "TIFF", "BMP", "PPM"):
        assert is_refused(picture(kind))
    assert is_refused(b"")
    assert is_refused(b"%!PS-Adobe-3.0 EPSF-3.0")
    assert is_refused(bytes(65_536))


@settings(deadline=None, max_examples=12)
@given(
    place=st.integers(0, 10_000), change=st.binary(min_size=1, max_size=12), kind=st.sampled_from(["JPEG", "JPEG2000"])
)
def test_changed_pictures_end_in_a_picture_or_in_none(place: int, change: bytes, kind: str) -> None:
    whole = picture(kind)
    place %= len(whole)
    try:
        face = portrait.decode(whole[:place] + change + whole[place + len(change) :])
    except PortraitUnreadable:
        return
    assert len(face.pixels) == 3 * face.width * face.height


def jpeg_of_size(width: int, height: int) -> bytes:
    """A small JPEG whose frame header states another size."""
    small = bytearray(picture("JPEG", (16, 16)))
    frame = small.index(b"\xff\xc0")
    small[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(small)


def jpeg_2000_of_size(width: int, height: int, *, header: tuple[int, int] | None = None) -> bytes:
    """A small JPEG 2000 whose codestream states another size, its box header perhaps a third one."""
    small = bytearray(picture("JPEG2000", (64, 64)))
    stream = small.index(b"\xff\x4f\xff\x51")
    small[stream + 8 : stream + 16] = struct.pack(">II", width, height)
    box = small.index(b"ihdr")
    shown = header or (width, height)
    small[box + 4 : box + 12] = struct.pack(">II", shown[1], shown[0])
    return bytes(small)


@pytest.mark.parametrize(
    "bomb",
    [
        jpeg_of_size(65_500, 65_500),
        jpeg_of_size(2_049, 2_048),
        jpeg_2000_of_size(60_000, 60_000),
        jpeg_2000_of_size(0x7FFFFFFF, 0x7FFFFFFF),
        jpeg_2000_of_size(60_000, 60_000, header=(64, 64)),
        jpeg_2000_of_size(0xFFFFFFFF, 0xFFFFFFFF, header=(1, 1)),
    ],
)
def test_bombs(bomb: bytes) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.monotonic()
    assert is_refused(bomb)
    assert time.monotonic() - began < portrait.SECONDS + 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kilobytes


def test_many_scans_of_a_progressive_picture_end_in_time() -> None:
    """Each scan goes over the whole picture again (libjpeg-turbo, "Two Issues with the JPEG Standard", 2018)."""
    whole = picture("JPEG", (2_048, 2_048), progressive=True)
    start, end = whole.rindex(b"\xff\xda"), whole.rindex(b"\xff\xd9")
    bomb = whole[:end] + whole[start:end] * ((65_000 - len(whole)) // (end - start)) + b"\xff\xd9"
    began = time.monotonic()
    with contextlib.suppress(PortraitUnreadable):
        portrait.decode(bomb)
    assert time.monotonic() - began < portrait.SECONDS + 1


def test_a_child_that_does_not_answer_in_time_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    endless = tmp_path / "endless.py"
    endless.write_text(f"import os, time\nopen({str(pid)!r}, 'w').write(str(os.getpid()))\nwhile True: time.sleep(1)\n")
    monkeypatch.setattr(portrait, "_WORKER", endless)
    assert is_refused(picture("JPEG"))
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


@pytest.mark.parametrize(
    "told",
    [
        "os.write(1, bytes(10))",  # no size
        "os.write(1, bytes([0, 2, 0, 2]) + bytes(11))",  # a byte is missing
        "os.write(1, bytes([0, 2, 0, 2]) + bytes(13))",
        "os.write(1, bytes([1, 0x9E, 0, 1]) + bytes(3 * 414))",  # too wide
        "os.kill(os.getpid(), 11)",
    ],
)
def test_answers_that_are_no_picture(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, told: str) -> None:
    liar = tmp_path / "liar.py"
    liar.write_text(f"import os\n{told}\n")
    monkeypatch.setattr(portrait, "_WORKER", liar)
    assert is_refused(picture("JPEG"))


def test_a_child_that_never_ends_its_answer_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    flood = tmp_path / "flood.py"
    flood.write_text("import os\nwhile True: os.write(1, bytes(65536))\n")
    monkeypatch.setattr(portrait, "_WORKER", flood)
    began = time.monotonic()
    assert is_refused(picture("JPEG"), seconds=60)
    assert time.monotonic() - began < 30, "time ended it, not the size of its answer"


def confined(body: str) -> subprocess.CompletedProcess[str]:
    """Runs a body in the worker's confinement. The module is loaded by its path, as it is when it works."""
    load = f"import importlib.util as u; s = u.spec_from_file_location('w', {str(WORKER)!r}); w = u.module_from_spec(s)"
    code = f"{load}; s.loader.exec_module(w); import os, socket\nw.confine()\n{body}"
    return subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, timeout=30, check=False, env={}
    )


def test_the_memory_limit_holds() -> None:
    assert confined("bytearray(100 * 1024 * 1024); print('held')").stdout == "held\n"
    assert "MemoryError" in confined("bytearray(300 * 1024 * 1024)").stderr


def test_the_time_limit_holds() -> None:
    assert confined("while True: pass").returncode < 0


@pytest.mark.parametrize("reach", ["open('/etc/hostname')", "open('/dev/null', 'w')", "socket.socket()", "os.pipe()"])
def test_no_file_and_no_socket_can_be_opened(reach: str) -> None:
    assert "Too many open files" in confined(reach).stderr


@pytest.mark.parametrize("taken", ["from the environment", "from beside the worker"])
def test_the_child_imports_nothing_but_what_is_installed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, taken: str
) -> None:
    (tmp_path / "PIL.py").write_text("raise SystemExit('a module of another place')")
    if taken == "from the environment":
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    else:
        monkeypatch.setattr(portrait, "_WORKER", Path(shutil.copy(WORKER, tmp_path)))
    assert portrait.decode(picture("JPEG")).width == 300


def test_a_portrait_shows_nothing() -> None:
    assert repr(portrait.decode(picture("JPEG"))) in {"Portrait(hidden)", "Portrait(300 x 400)"}

"""Pictures between other bytes are cut out whole; what cannot be followed is left to the decoder."""

from __future__ import annotations

import io
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from devices.cards import pictures
from devices.cards.tlv import MalformedData

KINDS: dict[str, tuple[str, dict[str, object]]] = {
    "JPEG": ("JPEG", {}),
    "JPEG with restarts": ("JPEG", {"restart_marker_rows": 1}),
    "progressive JPEG": ("JPEG", {"progressive": True}),
    "JPEG with a thumbnail inside": ("JPEG", {"exif": b"Exif\x00\x00\xff\xd8\xff\xd9"}),
    "JP2": ("JPEG2000", {}),
    "codestream": ("JPEG2000", {"no_jp2": True}),
    "tiled codestream": ("JPEG2000", {"no_jp2": True, "tile_size": (32, 32)}),
}


def picture(kind: str) -> bytes:
    name, options = KINDS[kind]
    stream = io.BytesIO()
    pixels = bytes(place * place % 251 for place in range(64 * 80 * 3))
    Image.frombytes("RGB", (64, 80), pixels).save(stream, name, **options)
    return stream.getvalue()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("tail", [b"", bytes(64), b"\xff\xd9" * 3, b"\x90\x00", b"\x00\x00\x00\x20xml "])
def test_a_picture_is_cut_out_whole(kind: str, tail: bytes) -> None:
    whole = picture(kind)
    assert pictures.cut_out(b"FAC\x00010\x00" + bytes(40) + whole + tail) == whole


def test_a_codestream_without_lengths_ends_at_its_mark() -> None:
    """Psot 0: the last tile-part lasts until the end (ISO/IEC 15444-1, A.4.2)."""
    whole = bytearray(picture("codestream"))
    start = whole.index(b"\xff\x90")
    whole[start + 6 : start + 10] = bytes(4)
    assert pictures.cut_out(bytes(whole) + bytes(50)) == whole


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_cut_short_keeps_all_that_is_there(kind: str) -> None:
    whole = picture(kind)
    for length in itertools.chain(range(12, 200), range(len(whole) - 9, len(whole))):
        assert pictures.cut_out(whole[:length]) == whole[:length]


def test_the_first_of_two_pictures_is_taken() -> None:
    first, second = picture("JPEG"), picture("JP2")
    assert pictures.cut_out(first + second) == first
    assert pictures.cut_out(second + first) == second


def test_other_kinds_are_refused() -> None:
    with pytest.raises(MalformedData):
        pictures.cut_out(b"GIF89a" + bytes(100))


@given(
    magic=st.sampled_from([b"\xff\xd8\xff", b"\x00\x00\x00\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51"]),
    rest=st.lists(
        st.sampled_from([b"\xff", b"\x00", b"\x90", b"\xd9", b"\xda", b"\x01", b"jp2c", b"abc"]), max_size=60
    ),
)
def test_hostile_pictures_are_cut_and_never_grow(magic: bytes, rest: list[bytes]) -> None:
    data = magic + b"".join(rest)
    cut = pictures.cut_out(data)
    assert data.startswith(cut)
    assert len(cut) >= 4 or data == magic

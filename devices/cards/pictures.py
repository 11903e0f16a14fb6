"""Where a stored picture begins and ends: JPEG, JPEG 2000 (JP2) and its bare codestream, by their own marks.

What the header of DG2 says of the picture's kind is known to be wrong at times
(https://github.com/rubund/mrtdreader/issues/2), and some issuers pad the picture, which breaks decoders.
"""

from __future__ import annotations

from devices.cards.tlv import MalformedData

_JPEG = b"\xff\xd8\xff"
_JP2 = b"\x00\x00\x00\x0cjP  \r\n\x87\n"
_CODESTREAM = b"\xff\x4f\xff\x51"
_LARGEST_PARTS = 4_000
"""Segments, tile-parts or boxes of one picture."""


def cut_out(block: bytes) -> bytes:
    """The first picture in `block`, without what surrounds it. One whose parts cannot be followed to their end keeps
    everything behind its beginning: the decoder is the judge of it. Raises MalformedData where none begins."""
    places = {place: magic for magic in (_JPEG, _JP2, _CODESTREAM) if (place := block.find(magic)) >= 0}
    if not places:
        raise MalformedData("picture of an unknown kind")
    start = min(places)
    find_end = {_JPEG: _jpeg_end, _JP2: _jp2_end, _CODESTREAM: _codestream_end}[places[start]]
    picture = block[start:]
    return picture[: find_end(picture)]


def _number(data: bytes, position: int, size: int) -> int:
    """Unsigned, high byte first; what lies behind the end of `data` does not count."""
    return int.from_bytes(data[position : position + size], "big")


def _jpeg_end(data: bytes) -> int | None:
    """Behind End Of Image (ITU-T T.81, B.1.1): segments by their length, scans up to the next marker in them."""
    position = 2
    for _ in range(_LARGEST_PARTS):
        if data[position : position + 1] != b"\xff" or position + 1 >= len(data):
            return None
        marker = data[position + 1]
        if marker == 0xD9:
            return position + 2
        if marker == 0xFF:  # a fill byte before a marker
            position += 1
            continue
        length = _number(data, position + 2, 2)
        if length < 2:
            return None
        position += 2 + length
        if marker == 0xDA:
            position = _scan_end(data, position)
    return None


def _scan_end(data: bytes, position: int) -> int:
    """The next marker but RST; FF 00 stands for a byte FF of the scan (ITU-T T.81, B.1.1.5)."""
    while (position := data.find(b"\xff", position)) >= 0:
        following = data[position + 1 : position + 2]
        if following != b"\x00" and not b"\xd0" <= following <= b"\xd7":
            return position
        position += 2
    return len(data)


def _jp2_end(data: bytes) -> int | None:
    """Behind the box with the codestream (ISO/IEC 15444-1, I.5.4); boxes that may follow it hold no picture."""
    position = 0
    for _ in range(_LARGEST_PARTS):
        length, kind = _number(data, position, 4), data[position + 4 : position + 8]
        header = 16 if length == 1 else 8
        if kind == b"jp2c":
            end = _codestream_end(data[position + header :])
            return None if end is None else position + header + end
        length = _number(data, position + 8, 8) if length == 1 else length
        if length < header or position + length >= len(data):
            return None
        position += length
    return None


def _codestream_end(data: bytes) -> int | None:
    """Behind End Of Codestream (ISO/IEC 15444-1, A.4): the main header's segments and the tile-parts by their length.
    A last tile-part of length 0 lasts until the end mark, which cannot occur in its packets."""
    position = 2
    for _ in range(_LARGEST_PARTS):
        marker = data[position : position + 2]
        if marker == b"\xff\xd9":
            return position + 2
        if marker == b"\xff\x90":
            length = _number(data, position + 6, 4)
            if length == 0:
                end = data.find(b"\xff\xd9", position)
                return None if end < 0 else end + 2
            position += max(length, 12)
        elif marker[:1] == b"\xff":
            position += 2 + max(_number(data, position + 2, 2), 2)
        else:
            return None
    return None

"""Tag-length-value objects as chips write them (ISO/IEC 8825-1, definite lengths; ISO/IEC 7816-4)."""

from __future__ import annotations

from collections.abc import Iterator


class Malformed(Exception):
    """The bytes are not a row of whole data objects."""


def encode(tag: int, value: bytes) -> bytes:
    """One data object: tag (its bytes read as one number, as `0x5F0E`), shortest length, value."""
    return tag.to_bytes((tag.bit_length() + 7) // 8, "big") + _length(len(value)) + value


def _length(size: int) -> bytes:
    if size < 0x80:
        return bytes([size])
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(digits)]) + digits


def objects(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The tag and value of each object in a row. Raises Malformed where a length runs past the end."""
    position = 0
    while position < len(data):
        tag, position = _read_tag(data, position)
        size, position = _read_length(data, position)
        if position + size > len(data):
            raise Malformed
        yield tag, data[position : position + size]
        position += size


def _read_tag(data: bytes, position: int) -> tuple[int, int]:
    tag = data[position]
    position += 1
    if tag & 0x1F == 0x1F:
        if position >= len(data):
            raise Malformed
        tag = tag << 8 | data[position]
        position += 1
    return tag, position


def _read_length(data: bytes, position: int) -> tuple[int, int]:
    if position >= len(data):
        raise Malformed
    first = data[position]
    position += 1
    if first < 0x80:
        return first, position
    count = first & 0x7F
    if not 1 <= count <= 3 or position + count > len(data):
        raise Malformed
    return int.from_bytes(data[position : position + count], "big"), position + count

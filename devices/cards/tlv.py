"""BER-TLV with definite lengths, as ICAO Doc 9303-10 files use it, read strictly because cards may be hostile."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

LARGEST_VALUE = 65_535
LARGEST_DEPTH = 8
LARGEST_COUNT = 1_000


class MalformedData(Exception):
    """Bytes from a card do not have the form that the standard gives them. The text never holds the bytes."""


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Tlv:
    """One data object: the tag as printed in the standards (0x5F1F), its value, and the bytes it was read from."""

    tag: int
    value: bytes
    raw: bytes

    @property
    def is_constructed(self) -> bool:
        first = self.tag >> ((self.tag.bit_length() - 1) // 8 * 8) if self.tag else 0
        return bool(first & 0x20)


def encode(tag: int, value: bytes) -> bytes:
    """The shortest (DER) form of one data object. Raises ValueError for a value longer than 65,535 bytes."""
    if len(value) > LARGEST_VALUE:
        raise ValueError("value too long for a data object")
    return tag.to_bytes(max(1, (tag.bit_length() + 7) // 8), "big") + _encode_length(len(value)) + value


def _encode_length(length: int) -> bytes:
    if length < 0x80:
        return bytes([length])
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(octets)]) + octets


def read_header(data: bytes, start: int = 0) -> tuple[int, int, int]:
    """Tag, length of the value, and length of the header at `start`. Raises MalformedData."""
    tag, position = _read_tag(data, start)
    if position >= len(data):
        raise MalformedData("length missing")
    first = data[position]
    position += 1
    if first < 0x80:
        return tag, first, position - start
    octets = first & 0x7F
    if not 1 <= octets <= 3:  # 0x80 is the indefinite form, which Doc 9303-10 files do not use
        raise MalformedData("length form not allowed")
    if position + octets > len(data):
        raise MalformedData("length cut off")
    length = int.from_bytes(data[position : position + octets], "big")
    if length > LARGEST_VALUE:
        raise MalformedData("value too long")
    return tag, length, position + octets - start


def _read_tag(data: bytes, start: int) -> tuple[int, int]:
    """Tags of one to three bytes (ISO/IEC 7816-4, 5.2.2.1)."""
    if start >= len(data):
        raise MalformedData("tag missing")
    if data[start] & 0x1F != 0x1F:
        return data[start], start + 1
    for end in (start + 2, start + 3):
        if end > len(data):
            raise MalformedData("tag cut off")
        if not data[end - 1] & 0x80:
            return int.from_bytes(data[start:end], "big"), end
    raise MalformedData("tag too long")


def parse(data: bytes) -> tuple[Tlv, ...]:
    """The data objects that fill `data` exactly, one level deep. Raises MalformedData."""
    found: list[Tlv] = []
    position = 0
    while position < len(data):
        if len(found) == LARGEST_COUNT:
            raise MalformedData("too many data objects")
        tag, length, header = read_header(data, position)
        end = position + header + length
        if end > len(data):
            raise MalformedData("value cut off")
        found.append(Tlv(tag, data[position + header : end], data[position:end]))
        position = end
    return tuple(found)


def parse_one(data: bytes, tag: int) -> Tlv:
    """The single data object `tag` that fills `data` exactly. Raises MalformedData."""
    objects = parse(data)
    if len(objects) != 1 or objects[0].tag != tag:
        raise MalformedData(f"expected the one data object {tag:X}")
    return objects[0]


def find(objects: tuple[Tlv, ...], tag: int) -> bytes | None:
    """The value of the first data object with that tag, or None."""
    return next((entry.value for entry in objects if entry.tag == tag), None)


def walk(data: bytes, depth: int = 0) -> Iterator[Tlv]:
    """Every data object in `data`, outer before inner, following constructed ones. Raises MalformedData."""
    if depth == LARGEST_DEPTH:
        raise MalformedData("nested too deeply")
    for entry in parse(data):
        yield entry
        if entry.is_constructed:
            yield from walk(entry.value, depth + 1)

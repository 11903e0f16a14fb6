"""How a hostile chip changes what it says: single answers, and the contents of its files."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable

from devices.virtual.card.apdu import Response
from devices.virtual.card.tlv import encode

LARGEST_FILE = 65_000
KNOWN_STATUSES = (
    *(0x9000, 0x6200, 0x6282, 0x6283, 0x6300, 0x63C1, 0x6400, 0x6581, 0x6700, 0x6882, 0x6982, 0x6983, 0x6985, 0x6986),
    *(0x6987, 0x6988, 0x6A80, 0x6A82, 0x6A84, 0x6A86, 0x6A87, 0x6A88, 0x6B00, 0x6D00, 0x6E00, 0x6F00),
)
"""Status words of ISO/IEC 7816-4, tables 6 and 7, that chips are known to give."""

HOSTILE_LENGTHS = (
    *(b"\x00", b"\x01", b"\x7f", b"\x80", b"\x81", b"\x81\x00", b"\x81\xff", b"\x82\xff\xff", b"\x83\xff\xff\xff"),
    *(b"\x84\x7f\xff\xff\xff", b"\x84\xff\xff\xff\xff", b"\x88" + b"\xff" * 8, b"\xff", b"\x83\x00\x00\x05"),
)
"""Length fields that are the indefinite form, cut off, longer than needed, or promise more than any file holds."""

Way = Callable[[Response, random.Random, Response], Response]
"""Makes a lie of a true answer; the last argument is the answer before it, true or not."""


def change_data(true: Response, chance: random.Random, _: Response) -> Response:
    return dataclasses.replace(true, data=spoil(true.data, chance, b""))


def give_any_status(true: Response, chance: random.Random, _: Response) -> Response:
    return dataclasses.replace(true, status=chance.getrandbits(16))


def give_known_status(true: Response, chance: random.Random, _: Response) -> Response:
    return Response(chance.choice(KNOWN_STATUSES), true.data if chance.random() < 0.5 else b"")


def cut_short(true: Response, chance: random.Random, _: Response) -> Response:
    return dataclasses.replace(true, data=true.data[: chance.randrange(len(true.data) + 1)])


def say_too_much(true: Response, chance: random.Random, _: Response) -> Response:
    return dataclasses.replace(true, data=true.data + chance.randbytes(chance.choice((1, 8, 16, 300, 5_000))))


def repeat_the_one_before(true: Response, _: random.Random, before: Response) -> Response:
    return dataclasses.replace(before, status=true.status)


def announce_more(true: Response, chance: random.Random, _: Response) -> Response:
    """61xx: GET RESPONSE would bring the rest."""
    return dataclasses.replace(true, status=0x6100 | chance.getrandbits(8))


def ask_for_another_length(_: Response, chance: random.Random, __: Response) -> Response:
    """6Cxx: the same command again, with this length."""
    return Response(0x6C00 | chance.getrandbits(8))


def dribble(true: Response, _: random.Random, __: Response) -> Response:
    """One byte at a time."""
    return dataclasses.replace(true, data=true.data[:1])


WAYS: tuple[Way, ...] = (
    *(change_data, change_data, give_any_status, give_known_status, cut_short, say_too_much),
    *(repeat_the_one_before, announce_more, ask_for_another_length, dribble),
)
ENDLESS: tuple[Way, ...] = (announce_more, ask_for_another_length, dribble)
"""Those that a reader might follow for ever."""


def spoil(content: bytes, chance: random.Random, other: bytes) -> bytes:
    """One file, or the data of one answer, changed in one to three places; `other` is another file to take from."""
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        content = chance.choice(_CHANGES)(content, chance, other)
    return content[:LARGEST_FILE]


def _flip_bits(content: bytes, chance: random.Random, _other: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 1, 2, 8)) if content else 0):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _overwrite(content: bytes, chance: random.Random, _other: bytes) -> bytes:
    start, end = _slice(content, chance)
    filling = chance.choice((b"\x00", b"\xff", b"\x80", chance.randbytes(1)))
    return content[:start] + filling * (end - start) + content[end:]


def _truncate(content: bytes, chance: random.Random, _other: bytes) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _remove(content: bytes, chance: random.Random, _other: bytes) -> bytes:
    start, end = _slice(content, chance)
    return content[:start] + content[end:]


def _say_twice(content: bytes, chance: random.Random, _other: bytes) -> bytes:
    start, end = _slice(content, chance)
    return content[:end] + content[start:end] * chance.choice((1, 1, 2, 50)) + content[end:]


def _insert(content: bytes, chance: random.Random, _other: bytes) -> bytes:
    place = chance.randrange(len(content) + 1)
    return content[:place] + chance.randbytes(chance.choice((1, 2, 4, 32, 300))) + content[place:]


def _splice(content: bytes, chance: random.Random, other: bytes) -> bytes:
    start, end = _slice(other, chance)
    place = chance.randrange(len(content) + 1)
    return content[:place] + other[start:end] + content[place + (end - start) :]


def _swap(content: bytes, _chance: random.Random, other: bytes) -> bytes:
    return other or content


def _lie_about_a_length(content: bytes, chance: random.Random, _other: bytes) -> bytes:
    headers = find_headers(content)
    if not headers:
        return content
    start, end = chance.choice(headers)
    if end - start == 1 and chance.random() < 0.5:
        return content[:start] + bytes([(content[start] + chance.choice((-1, 1))) & 0xFF]) + content[end:]
    return content[:start] + chance.choice(HOSTILE_LENGTHS) + content[end:]


def _nest(content: bytes, chance: random.Random, _other: bytes) -> bytes:
    """A data object is put into itself, deeper than any parser should follow; outer lengths stay wrong or right."""
    nested = content[:60]
    for _ in range(chance.choice((3, 9, 40, 400))):
        nested = encode(chance.choice((0x30, 0x31, 0xA0, 0x7F60, 0x24)), nested)
    headers = find_headers(content)
    if not headers or chance.random() < 0.3:
        return nested
    _, value = chance.choice(headers)
    return content[:value] + nested + content[value + len(nested) :]


_CHANGES: tuple[Callable[[bytes, random.Random, bytes], bytes], ...] = (
    *(_flip_bits, _flip_bits, _flip_bits, _overwrite, _truncate, _remove, _say_twice, _insert, _splice, _swap),
    *(_lie_about_a_length, _lie_about_a_length, _nest),
)


def _slice(content: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(content) + 1)
    return start, min(len(content), start + chance.choice((1, 2, 4, 16, 200)))


LARGEST_HEADERS = 200


def find_headers(content: bytes) -> list[tuple[int, int]]:
    """Where length fields seem to stand: the start and the end of each, outer before inner. Octet strings are looked
    into as well, because EF.SOD keeps its list of hashes in one."""
    found: list[tuple[int, int]] = []
    open_values = [(0, len(content))]
    while open_values and len(found) < LARGEST_HEADERS:
        position, end = open_values.pop()
        while position + 1 < end and len(found) < LARGEST_HEADERS:
            first = content[position]
            length_start = position + (2 if first & 0x1F == 0x1F else 1)
            if length_start >= end:
                break
            size = content[length_start]
            length_end = length_start + 1
            if size & 0x80:
                length_end += size & 0x7F
                size = int.from_bytes(content[length_start + 1 : length_end], "big")
            if length_end + size > end:
                break
            found.append((length_start, length_end))
            if first & 0x20 or first == 0x04:
                open_values.append((length_end, length_end + size))
            position = length_end + size
    return found

"""The messages of the Internet Printing Protocol (RFC 8010, section 3): a request as bytes, an answer as attributes.

Own code because the packaged client (pyipp 0.17.2) follows negative lengths backwards and so never returns from a
malformed answer, stops at an empty group, leaves out attributes that it does not know (print-scaling), and brings an
asynchronous HTTP stack of 27 MB along for one request at a time. The tests use it to check this module.
"""

from __future__ import annotations

import dataclasses
import enum
import struct
from collections.abc import Mapping, Sequence
from typing import Final

Value = int | str


class Operation(enum.IntEnum):
    """RFC 8011, section 5.4.15 (operations-supported)."""

    PRINT_JOB = 0x0002
    CANCEL_JOB = 0x0008
    GET_JOB_ATTRIBUTES = 0x0009
    GET_JOBS = 0x000A
    GET_PRINTER_ATTRIBUTES = 0x000B


class Tag(enum.IntEnum):
    """The value tags (RFC 8010, section 3.5.2) that requests here need."""

    INTEGER = 0x21
    ENUM = 0x23
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    CHARSET = 0x47
    NATURAL_LANGUAGE = 0x48
    MIME_MEDIA_TYPE = 0x49


class Group(enum.IntEnum):
    """The delimiter tags (RFC 8010, section 3.5.1)."""

    OPERATION = 0x01
    JOB = 0x02
    END = 0x03
    PRINTER = 0x04


_NUMBERS: Final = frozenset({Tag.INTEGER, Tag.ENUM})
_FIRST_VALUE_TAG: Final = 0x10
_VERSION: Final = b"\x02\x00"


class MalformedAnswer(Exception):
    """What came is no IPP message; nothing of it is believed."""


@dataclasses.dataclass(frozen=True, slots=True)
class Attribute:
    tag: Tag
    name: str
    values: Sequence[Value]

    def encode(self) -> bytes:
        """Every further value repeats the tag with an empty name (RFC 8010, section 3.1.5)."""
        name, encoded = self.name.encode("ascii"), b""
        for value in self.values:
            body = struct.pack(">i", value) if isinstance(value, int) else value.encode("utf-8")
            encoded += struct.pack(">BH", self.tag, len(name)) + name + struct.pack(">H", len(body)) + body
            name = b""
        return encoded


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """`groups` in the order in which they came: the delimiter tag, and each attribute's values by its name."""

    status: int
    groups: Sequence[tuple[int, Mapping[str, Sequence[Value]]]]

    @property
    def successful(self) -> bool:
        return self.status < 0x0100  # RFC 8011, appendix B.1.2

    def of(self, group: Group) -> list[Mapping[str, Sequence[Value]]]:
        return [attributes for tag, attributes in self.groups if tag == group]


def encode_request(
    operation: Operation,
    uri: str,
    asked: Sequence[Attribute] = (),
    *,
    job: Sequence[Attribute] = (),
    document: bytes = b"",
) -> bytes:
    """The attributes that must come first, in their order (RFC 8011, section 4.1.4.1), then `asked`, then the rest."""
    attributes = (
        Attribute(Tag.CHARSET, "attributes-charset", ["utf-8"]),
        Attribute(Tag.NATURAL_LANGUAGE, "attributes-natural-language", ["en"]),
        Attribute(Tag.URI, "printer-uri", [uri]),
        *asked,
    )
    message = _VERSION + struct.pack(">HiB", operation, 1, Group.OPERATION)
    message += b"".join(attribute.encode() for attribute in attributes)
    if job:
        message += bytes([Group.JOB]) + b"".join(attribute.encode() for attribute in job)
    return message + bytes([Group.END]) + document


def decode_answer(data: bytes) -> Answer:
    """Raises MalformedAnswer. Members of collections are kept as further values of their attribute."""
    try:
        return _decode(data)
    except (struct.error, IndexError, ValueError) as error:
        raise MalformedAnswer("not an IPP message") from error


def _decode(data: bytes) -> Answer:
    (status,) = struct.unpack_from(">H", data, 2)
    groups: list[tuple[int, dict[str, list[Value]]]] = []
    at, name = 8, ""
    while (tag := data[at]) != Group.END:
        at += 1
        if tag < _FIRST_VALUE_TAG:
            groups.append((tag, {}))
            name = ""
            continue
        named, at = _piece(data, at)
        body, at = _piece(data, at)
        name = named.decode("ascii") or name
        groups[-1][1].setdefault(name, []).append(_value(tag, body))
    return Answer(status, groups)


def _piece(data: bytes, at: int) -> tuple[bytes, int]:
    """A length of two bytes, without a sign, and that many bytes. Where fewer are left, the next look finds nothing."""
    (length,) = struct.unpack_from(">H", data, at)
    end = at + 2 + length
    return data[at + 2 : end], end


def _value(tag: int, body: bytes) -> Value:
    if tag in _NUMBERS:
        (number,) = struct.unpack(">i", body)
        return int(number)
    return body.decode("utf-8", errors="replace")

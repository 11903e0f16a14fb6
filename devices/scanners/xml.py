"""Reads the small XML of a scanner into a tree, within limits: no document type, no entities, no depth, no flood."""

from __future__ import annotations

import dataclasses
import xml.parsers.expat
from collections.abc import Iterator
from typing import Final

LARGEST_BYTES: Final = 256 * 1024
_MOST_ELEMENTS: Final = 10_000
_DEEPEST: Final = 32
_LONGEST_TEXT: Final = 1_000


class MalformedXml(Exception):
    """It is not what a scanner says."""


@dataclasses.dataclass(slots=True)
class Element:
    """Its name without the namespace: makers write the same names in several, some in the wrong one."""

    name: str
    text: str = ""
    children: list[Element] = dataclasses.field(default_factory=list)

    def all(self, name: str) -> Iterator[Element]:
        """Every element of that name below this one, in the document's order."""
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.all(name)

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(found.text.strip() for found in self.all(name))

    def first(self, name: str) -> str:
        return next(iter(self.texts(name)), "")


def read(data: bytes) -> Element:
    """The root. Raises MalformedXml."""
    if len(data) > LARGEST_BYTES:
        raise MalformedXml("too long")
    builder = _Builder()
    try:
        builder.parser.Parse(data, True)
    except (xml.parsers.expat.ExpatError, ValueError, LookupError) as error:  # also an encoding that is unknown
        raise MalformedXml(type(error).__name__) from error
    if builder.root is None:
        raise MalformedXml("empty")
    return builder.root


class _Builder:
    def __init__(self) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        self._count = 0
        self.parser = xml.parsers.expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._say

    def _refuse(self, *_: object) -> None:
        raise MalformedXml("a document type")

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > _MOST_ELEMENTS or len(self._open) >= _DEEPEST:
            raise MalformedXml("too many elements")
        element = Element(name.rpartition(" ")[2])
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _say(self, text: str) -> None:
        element = self._open[-1]
        element.text = (element.text + text)[:_LONGEST_TEXT]

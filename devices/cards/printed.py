"""What is known of a card's print: the zone that a scanner saw, and the number that a person typed."""

from __future__ import annotations

import dataclasses
import re

from devices.cards import mrz
from devices.cards.mrz import Mrz
from devices.cards.tlv import MalformedData

_ACCESS_NUMBER = re.compile(r"[0-9]{6}")


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Printed:
    """What is known of the card's print: its zone, if it was seen whole, and the number that a person typed, if any."""

    zone: Mrz | None = None
    access_number: str = ""

    @classmethod
    def seen(cls, lines: str | None, access_number: str = "") -> Printed:
        """`lines` as the scanner gave them; a zone whose check digits are wrong was not seen."""
        try:
            return cls(mrz.parse(lines or ""), access_number)
        except MalformedData:
            return cls(None, access_number)


def is_access_number(number: str) -> bool:
    """Six digits (Doc 9303-11, 4.4.2; the digits of the standard's alphabet only)."""
    return _ACCESS_NUMBER.fullmatch(number) is not None

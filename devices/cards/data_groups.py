"""What the data groups of the chip state (Doc 9303-10): DG1 (MRZ), DG2 (face), DG11 (further personal details), and
DG14 (the protocols of the chip)."""

from __future__ import annotations

import dataclasses
import re
import unicodedata

from devices.cards import mrz, tlv
from devices.cards.security_infos import SecurityInfos, parse_security_infos
from devices.cards.tlv import MalformedData

DG1, DG2, DG11, DG14 = 1, 2, 11, 14
SECURITY_OBJECT_FILE = 0x1D

FILE_TAGS = {SECURITY_OBJECT_FILE: 0x77, DG1: 0x61, DG2: 0x75, DG11: 0x6B, DG14: 0x6E}
"""The outer tag of each file; a data group's number is also its short EF identifier (Doc 9303-10, table 3)."""

_NAME_LARGEST = 200
_PICTURES = (b"\xff\xd8\xff", b"\x00\x00\x00\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51")
_TEN_DIGITS = re.compile(r"[0-9]{10}")


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class PersonalDetails:
    """DG11, as far as this terminal needs it; fields are empty where the card leaves them out."""

    name: str = ""
    personal_number: str = ""


def parse_zone(file: bytes) -> mrz.Mrz:
    """DG1. Raises MalformedData."""
    inner = tlv.parse_one(tlv.parse_one(file, FILE_TAGS[DG1]).value, 0x5F1F)
    try:
        text = inner.value.decode("ascii")
    except UnicodeDecodeError as error:
        raise MalformedData("MRZ is not ASCII") from error
    return mrz.parse(text)


def parse_details(file: bytes) -> PersonalDetails:
    """DG11. Raises MalformedData."""
    objects = tlv.parse(tlv.parse_one(file, FILE_TAGS[DG11]).value)
    name, number = tlv.find(objects, 0x5F0E) or b"", tlv.find(objects, 0x5F10) or b""
    try:
        return PersonalDetails(display_name(name.decode("utf-8")), number.decode("utf-8").strip("< "))
    except UnicodeDecodeError as error:
        raise MalformedData("text is not UTF-8") from error


def parse_protocols(file: bytes) -> SecurityInfos:
    """DG14. Raises MalformedData."""
    return parse_security_infos(tlv.parse_one(file, FILE_TAGS[DG14]).value)


def display_name(written: str) -> str:
    """A name as a person is addressed, given names first.

    Doc 9303-10 writes `primary<<secondary`; some issuers write two spaces instead of `<<`, others the plain name.
    Control and direction marks are dropped: they could make one name look like another.
    """
    if len(written) > _NAME_LARGEST:
        raise MalformedData("name too long")
    normal = unicodedata.normalize("NFC", written)
    visible = "".join(" " if c == "\u00a0" else c for c in normal if not unicodedata.category(c).startswith("C"))
    text = visible.strip("< ").replace("  ", "<<")
    primary, _, given = text.partition("<<")
    return " ".join(f"{given} {primary}".replace("<", " ").split())


def arabic_name(details: PersonalDetails) -> str:
    """The name if it is written in Arabic letters, else nothing."""
    letters = [c for c in details.name if c.isalpha()]
    return details.name if letters and all(unicodedata.name(c, "").startswith("ARABIC") for c in letters) else ""


def national_number(details: PersonalDetails, zone: mrz.Mrz) -> str | None:
    """Ten digits: DG11's personal number, else an optional field of the MRZ, else None."""
    places = (details.personal_number, zone.optional_upper, zone.optional_middle)
    return next((place for place in places if _TEN_DIGITS.fullmatch(place)), None)


def face_picture(file: bytes) -> bytes:
    """DG2's first picture, undecoded, from its magic bytes on: the header's own word is known to be wrong at times
    (https://github.com/rubund/mrtdreader/issues/2). Raises MalformedData."""
    tlv.parse_one(file, FILE_TAGS[DG2])
    block = next((entry.value for entry in tlv.walk(file) if entry.tag in {0x5F2E, 0x7F2E}), None)
    if block is None:
        raise MalformedData("no picture")
    starts = [place for magic in _PICTURES if (place := block.find(magic)) >= 0]
    if not starts:
        raise MalformedData("picture of an unknown kind")
    return block[min(starts) :]

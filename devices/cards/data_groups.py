"""What the data groups of the chip state (Doc 9303-10): DG1 (MRZ), DG2 (face), DG11 (details of the person) and DG14
(the protocols of the chip). No service needs another, so no other is understood here."""

from __future__ import annotations

import dataclasses
import datetime
import re
import unicodedata

from devices.cards import mrz, pictures, tlv
from devices.cards.security_infos import SecurityInfos, parse_security_infos
from devices.cards.tlv import MalformedData

DG1, DG2, DG11, DG14, DG15 = 1, 2, 11, 14, 15
SECURITY_OBJECT_FILE = 0x1D

FILE_TAGS = {SECURITY_OBJECT_FILE: 0x77, DG1: 0x61, DG2: 0x75, DG11: 0x6B, DG14: 0x6E, DG15: 0x6F}
"""The outer tag of each file; a data group's number is also its short EF identifier (Doc 9303-10, table 3)."""

_NAME_LARGEST = 200
_NAMES_MOST = 10
_FACE_BLOCKS = {0x5F2E, 0x7F2E}
"""Biometric data of ISO/IEC 19794-5, and of ISO/IEC 39794-5 which takes its place (Doc 9303-10, 4.7.2)."""

_WHOLE_DATE = re.compile(r"[0-9]{8}")
_COMPRESSED_DATE_BYTES = 4


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class PersonalDetails:
    """DG11, as far as this terminal needs it; fields are empty where the card leaves them out or empty."""

    name: str = ""
    personal_number: str = ""
    other_names: tuple[str, ...] = ()
    birth_date: datetime.date | None = None


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
    others = tlv.parse(tlv.find(objects, 0xA0) or b"")
    return PersonalDetails(
        name=display_name(_text(tlv.find(objects, 0x5F0E))),
        personal_number=_text(tlv.find(objects, 0x5F10)).strip("< "),
        other_names=tuple(display_name(_text(entry.value)) for entry in others if entry.tag == 0x5F0F)[:_NAMES_MOST],
        birth_date=_date(tlv.find(objects, 0x5F2B)),
    )


def _text(value: bytes | None) -> str:
    try:
        return (value or b"").decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedData("text is not UTF-8") from error


def _date(value: bytes | None) -> datetime.date | None:
    """Year of four digits, month, day: as characters, or two digits a byte as some issuers write them (JMRTD's notes on
    its release 0.8.4). Such fields are optional: one that says no whole date, as of an unknown day, says nothing."""
    written = value or b""
    digits = written.hex() if len(written) == _COMPRESSED_DATE_BYTES else written.decode("latin-1")
    if not _WHOLE_DATE.fullmatch(digits):
        return None
    try:
        return datetime.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def parse_protocols(file: bytes) -> SecurityInfos:
    """DG14. Raises MalformedData."""
    return parse_security_infos(tlv.parse_one(file, FILE_TAGS[DG14]).value)


def display_name(written: str) -> str:
    """A name as a person is addressed, given names first.

    Doc 9303-10 writes `primary<<secondary`; some issuers write two spaces instead of `<<`, others the plain name.
    Control and direction marks are dropped: they could make one name look like another.
    """
    text = _visible(written).strip("< ").replace("  ", "<<")
    primary, _, given = text.partition("<<")
    return " ".join(f"{given} {primary}".replace("<", " ").split())


def _visible(written: str) -> str:
    """Without control and direction marks. Raises MalformedData."""
    if len(written) > _NAME_LARGEST:
        raise MalformedData("name too long")
    normal = unicodedata.normalize("NFC", written)
    return "".join(" " if c == "\u00a0" else c for c in normal if not unicodedata.category(c).startswith("C"))


def face_picture(file: bytes) -> bytes:
    """DG2's first picture, undecoded, without what its container or its issuer put around it. Raises MalformedData."""
    tlv.parse_one(file, FILE_TAGS[DG2])
    block = next((entry.value for entry in tlv.walk(file) if entry.tag in _FACE_BLOCKS), None)
    if block is None:
        raise MalformedData("no picture")
    return pictures.cut_out(block)

"""Names and numbers as the data groups state them."""

from __future__ import annotations

import datetime

import pytest

from devices.cards import data_groups, mrz, tlv
from devices.cards.data_groups import PersonalDetails
from devices.cards.tlv import MalformedData
from tests.devices.cards import issuing


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("القاضي<<سلمى<أحمد", "سلمى أحمد القاضي"),
        ("القاضي  سلمى أحمد", "سلمى أحمد القاضي"),
        ("سلمى أحمد القاضي", "سلمى أحمد القاضي"),
        ("القاضي<<سلمى<<<<<<", "سلمى القاضي"),
        ("\u202eسلمى\u200f القاضي", "سلمى القاضي"),
        ("Smith<<John<Peter", "John Peter Smith"),
        ("", ""),
    ],
)
def test_name_with_given_names_first(written: str, shown: str) -> None:
    file = tlv.encode(0x6B, tlv.encode(0x5F0E, written.encode()))
    assert data_groups.parse_details(file).name == shown


def test_only_arabic_letters_are_an_arabic_name() -> None:
    assert data_groups.arabic_name(PersonalDetails("سلمى القاضي")) == "سلمى القاضي"
    assert data_groups.arabic_name(PersonalDetails("John Smith")) == ""
    assert data_groups.arabic_name(PersonalDetails("سلمى Smith")) == ""
    assert data_groups.arabic_name(PersonalDetails("")) == ""


def test_national_number_from_details_else_from_the_zone() -> None:
    zone = mrz.parse(issuing.make_zone(optional="9012345678"))
    bare = mrz.parse(issuing.make_zone(optional=""))
    assert data_groups.national_number(PersonalDetails(personal_number="1234567890"), zone) == "1234567890"
    assert data_groups.national_number(PersonalDetails(personal_number="123"), zone) == "9012345678"
    assert data_groups.national_number(PersonalDetails(personal_number="١٢٣٤٥٦٧٨٩٠"), bare) is None


def test_face_starts_at_its_own_magic_bytes() -> None:
    for magic in (b"\xff\xd8\xff\xdb", b"\x00\x00\x00\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51"):
        assert data_groups.face_picture(issuing.make_face(magic + b"rest")) == magic + b"rest"
    with pytest.raises(MalformedData):
        data_groups.face_picture(issuing.make_face(b"GIF89a"))


def test_latin_name_and_dates() -> None:
    zone = mrz.parse(issuing.make_zone())
    today = datetime.date(2026, 11, 24)
    assert zone.latin_name() == "Salma Ahmad Alqadi"
    assert zone.birth_date(today) == datetime.date(1990, 3, 12)
    assert zone.birth_date(datetime.date(2091, 1, 1)) == datetime.date(2090, 3, 12)
    assert zone.expiry_date() == datetime.date(2031, 8, 17)


def test_reprs_show_nothing_personal() -> None:
    zone = mrz.parse(issuing.make_zone())
    details = PersonalDetails("سلمى", "9012345678")
    shown = f"{zone!r} {details!r} {tlv.parse_one(tlv.encode(0x61, b'SALMA'), 0x61)!r}"
    assert not any(word in shown for word in ("SALMA", "سلمى", "9012345678", "JT4711C08"))

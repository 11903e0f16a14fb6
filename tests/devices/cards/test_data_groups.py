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


def details(*objects: tuple[int, bytes]) -> PersonalDetails:
    return data_groups.parse_details(tlv.encode(0x6B, b"".join(tlv.encode(tag, value) for tag, value in objects)))


@pytest.mark.parametrize(
    ("written", "date"),
    [
        (b"19900312", datetime.date(1990, 3, 12)),
        (bytes.fromhex("19900312"), datetime.date(1990, 3, 12)),
        (b"", None),
        (b"19900000", None),
        (b"900312", None),
        (bytes.fromhex("1990031A"), None),
        ("١٩٩٠".encode(), None),
    ],
)
def test_dates_as_characters_or_two_digits_a_byte(written: bytes, date: datetime.date | None) -> None:
    assert details((0x5F2B, written)).birth_date == date


def test_empty_objects_say_nothing() -> None:
    empty = details((0x5F0E, b""), (0x5F10, b""), (0xA0, b""), (0x5F2B, b""))
    assert empty == details() == PersonalDetails()


def test_other_names_and_no_endless_list_of_them() -> None:
    one, other = tlv.encode(0x5F0F, "القاضي<<سلمى".encode()), tlv.encode(0x5F0F, b"ALQADI<<SALMA")
    assert details((0xA0, tlv.encode(0x02, b"\x02") + one + other)).other_names == ("سلمى القاضي", "SALMA ALQADI")
    assert len(details((0xA0, one * 900)).other_names) == 10


def test_texts_that_are_no_names_are_refused() -> None:
    for spoilt in (b"\xff", b"A" * 201):
        with pytest.raises(MalformedData):
            details((0x5F0E, spoilt))


def test_face_in_both_containers_without_padding() -> None:
    """ISO/IEC 19794-5 in 5F2E; ISO/IEC 39794-5 in 7F2E, where further objects follow the picture."""
    picture = b"\xff\xd8\xff\xda\x00\x02" + bytes(100) + b"\xff\xd9"
    assert data_groups.face_picture(issuing.make_face(picture + bytes(30))) == picture
    flat = tlv.encode(0xA0, tlv.encode(0xA0, tlv.encode(0x80, picture + bytes(8)) + tlv.encode(0x81, b"\x02")))
    represented = tlv.encode(0x30, tlv.encode(0x80, b"\x01") + tlv.encode(0xA1, flat))
    version = tlv.encode(0xA0, tlv.encode(0x80, b"\x03") + tlv.encode(0x81, b"\x07\xe3"))
    block = tlv.encode(0x7F2E, tlv.encode(0xA1, version + tlv.encode(0xA1, represented)))
    template = tlv.encode(0x7F60, tlv.encode(0xA1, b"\x81\x01\x02") + block)
    file = tlv.encode(0x75, tlv.encode(0x7F61, tlv.encode(0x02, b"\x01") + template))
    assert data_groups.face_picture(file) == picture


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
    said = PersonalDetails("سلمى", "9012345678", ("سلمى",))
    shown = f"{zone!r} {said!r} {tlv.parse_one(tlv.encode(0x61, b'SALMA'), 0x61)!r}"
    assert not any(word in shown for word in ("SALMA", "سلمى", "9012345678", "JT4711C08"))

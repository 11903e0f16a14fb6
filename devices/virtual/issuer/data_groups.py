"""The files of a card that carry no signature of their own: EF.COM and the data groups (ICAO Doc 9303-10)."""

from __future__ import annotations

import datetime

from devices.virtual.card.tlv import encode
from devices.virtual.issuer.der import integer
from devices.virtual.issuer.people import Person

LDS_VERSION = b"0107"
ISSUING_AUTHORITY = b"TEST"
UNICODE_VERSION = b"040000"
LONGEST_MESSAGE = 65_535
"""What the virtual reader's protocol carries at most."""
JPEG_2000_MAGIC = b"\x00\x00\x00\x0cjP  "
FACE_HEADER_BYTES, FACE_INFORMATION_BYTES, IMAGE_INFORMATION_BYTES = 14, 20, 12


def common(tags: list[int]) -> bytes:
    """EF.COM, 4.6.1: the versions and the tags of the data groups. It is unsigned; a reader trusts EF.SOD instead."""
    versions = encode(0x5F01, LDS_VERSION) + encode(0x5F36, UNICODE_VERSION)
    return encode(0x60, versions + encode(0x5C, bytes(tags)))


def machine_readable_zone(lines: tuple[str, ...]) -> bytes:
    """DG1, 4.7.1: the lines in one row."""
    return encode(0x61, encode(0x5F1F, "".join(lines).encode("ascii")))


def additional_details(person: Person) -> bytes:
    """DG11, 4.7.11: full name in national characters (5F0E), full birth date (5F2B), personal number (5F10).

    The name keeps the order and the fillers of the MRZ (surname first), as the standard's own example does.
    """
    name = f"{person.surname_arabic}<<{person.given_names_arabic.replace(' ', '<')}"
    fields = (
        encode(0x5F0E, name.encode("utf-8")),
        encode(0x5F2B, f"{person.birth_date:%Y%m%d}".encode("ascii")),
        encode(0x5F10, person.national_number.encode("ascii")),
    )
    return encode(0x6B, encode(0x5C, bytes.fromhex("5F0E5F2B5F10")) + b"".join(fields))


def document_details(issued: datetime.date) -> bytes:
    """DG12, 4.7.12: the issuing authority (5F19) and the date of issue (5F26)."""
    fields = encode(0x5F19, ISSUING_AUTHORITY) + encode(0x5F26, f"{issued:%Y%m%d}".encode("ascii"))
    return encode(0x6C, encode(0x5C, bytes.fromhex("5F195F26")) + fields)


def security_options(infos: bytes) -> bytes:
    """DG14, 4.7.14: the SecurityInfos, to be signed."""
    return encode(0x6E, infos)


def signing_key(public_key: bytes) -> bytes:
    """DG15, 4.7.15: the SubjectPublicKeyInfo of active authentication."""
    return encode(0x6F, public_key)


def directory() -> bytes:
    """EF.DIR, 3.11.2: the one application."""
    return encode(0x61, encode(0x4F, bytes.fromhex("A0000002471001")))


def card_information() -> bytes:
    """EF.ATR/INFO, 3.11.1: extended length is understood, up to LONGEST_MESSAGE bytes each way (ISO 7816-4, 12.7)."""
    capabilities = bytes.fromhex("940160")
    lengths = 2 * integer(LONGEST_MESSAGE)
    return encode(0x47, capabilities) + encode(0x7F66, lengths)


def face(image: bytes, width: int, height: int, sex: str) -> bytes:
    """DG2, 4.7.2: one facial image in its biometric templates (ISO/IEC 7816-11, ISO/IEC 19785)."""
    header = b"".join(
        (
            encode(0x80, b"\x01\x01"),  # version of the patron header
            encode(0x81, b"\x02"),  # biometric type: facial features
            encode(0x82, b"\x00"),  # no subtype
            encode(0x87, b"\x01\x01"),  # format owner: ISO/IEC JTC 1/SC 37
            encode(0x88, b"\x00\x08"),  # format type: ISO/IEC 19794-5
        )
    )
    template = encode(0xA1, header) + encode(0x5F2E, _face_record(image, width, height, sex))
    return encode(0x75, encode(0x7F61, encode(0x02, b"\x01") + encode(0x7F60, template)))


def _face_record(image: bytes, width: int, height: int, sex: str) -> bytes:
    """The image behind the headers of ISO/IEC 19794-5:2005, clause 5."""
    block = FACE_INFORMATION_BYTES + IMAGE_INFORMATION_BYTES + len(image)
    record = FACE_HEADER_BYTES + block
    facial_header = b"FAC\x00010\x00" + record.to_bytes(4, "big") + (1).to_bytes(2, "big")
    gender = b"\x01" if sex == "M" else b"\x02"
    facial_information = block.to_bytes(4, "big") + bytes(2) + gender + bytes(13)
    kind = b"\x01" if image.startswith(JPEG_2000_MAGIC) else b"\x00"
    full_frontal, rgb = b"\x01", b"\x01"
    image_information = full_frontal + kind + width.to_bytes(2, "big") + height.to_bytes(2, "big") + rgb + bytes(5)
    return facial_header + facial_information + image_information + image

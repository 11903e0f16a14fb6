"""The few types of DER that chips' public keys and security infos are made of (ITU-T X.690)."""

from __future__ import annotations

from devices.virtual.card.tlv import encode


def sequence(*parts: bytes) -> bytes:
    return encode(0x30, b"".join(parts))


def set_of(*parts: bytes) -> bytes:
    """In the order that DER asks for (11.6)."""
    return encode(0x31, b"".join(sorted(parts)))


def integer(number: int) -> bytes:
    """Of a number that is not negative."""
    return encode(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def octet_string(value: bytes) -> bytes:
    return encode(0x04, value)


def bit_string(value: bytes) -> bytes:
    """Of whole bytes."""
    return encode(0x03, b"\x00" + value)


def object_identifier(dotted: str) -> bytes:
    return encode(0x06, identifier_value(dotted))


def identifier_value(dotted: str) -> bytes:
    """Without its tag and length, as MSE:SET names protocols."""
    first, second, *others = (int(arc) for arc in dotted.split("."))
    return b"".join(_arc(arc) for arc in (40 * first + second, *others))


def _arc(number: int) -> bytes:
    digits = [number & 0x7F]
    while number := number >> 7:
        digits.append(number & 0x7F | 0x80)
    return bytes(reversed(digits))

"""Data objects: round trips, and nothing but the typed failure for hostile bytes."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.cards import data_groups, mrz, tlv
from devices.cards.security_object import open_security_object
from devices.cards.signatures import CannotCheck, SignatureWrong
from devices.cards.tlv import MalformedData

TAGS = st.one_of(
    st.integers(0x01, 0xFE).filter(lambda tag: tag & 0x1F != 0x1F),
    st.sampled_from([0x5F0E, 0x5F10, 0x5F1F, 0x7F60, 0x7F61, 0x5F2E]),
)


@given(TAGS, st.binary(max_size=400))
def test_round_trip(tag: int, value: bytes) -> None:
    entry = tlv.parse_one(tlv.encode(tag, value), tag)
    assert (entry.tag, entry.value, entry.raw) == (tag, value, tlv.encode(tag, value))


@given(st.lists(st.tuples(TAGS, st.binary(max_size=40)), max_size=8))
def test_several_objects(pairs: list[tuple[int, bytes]]) -> None:
    objects = tlv.parse(b"".join(tlv.encode(tag, value) for tag, value in pairs))
    assert [(entry.tag, entry.value) for entry in objects] == pairs


@given(st.binary(max_size=200))
def test_hostile_bytes_raise_the_typed_failure_only(data: bytes) -> None:
    with contextlib.suppress(MalformedData):
        assert b"".join(entry.raw for entry in tlv.parse(data)) == data
    with contextlib.suppress(MalformedData):
        assert list(tlv.walk(data)) is not None


@given(st.binary(max_size=300))
def test_hostile_files_raise_typed_failures_only(data: bytes) -> None:
    for read, tag in (
        (data_groups.parse_zone, 0x61),
        (data_groups.parse_details, 0x6B),
        (data_groups.face_picture, 0x75),
        (open_security_object, 0x77),
    ):
        for file in (data, tlv.encode(tag, data)):
            with contextlib.suppress(MalformedData, SignatureWrong, CannotCheck):
                assert read(file) is not None


@given(st.text(max_size=120))
def test_hostile_zone_raises_the_typed_failure_only(text: str) -> None:
    with contextlib.suppress(MalformedData):
        assert mrz.parse(text).document_number


def test_depth_and_lengths_are_capped() -> None:
    deep = b""
    for _ in range(tlv.LARGEST_DEPTH + 1):
        deep = tlv.encode(0x30, deep)
    with pytest.raises(MalformedData):
        list(tlv.walk(deep))
    for header in ("30850000000001", "3084FFFFFFFF", "3080", "30", "1FFFFFFF01", "3083FFFFFF"):
        with pytest.raises(MalformedData):
            tlv.parse(bytes.fromhex(header))
    with pytest.raises(ValueError, match="too long"):
        tlv.encode(0x30, bytes(65_536))
    with pytest.raises(MalformedData):
        tlv.parse(b"\x05\x00" * (tlv.LARGEST_COUNT + 1))

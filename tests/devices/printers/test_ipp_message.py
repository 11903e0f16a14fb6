"""IPP messages, checked against a library that shares no code with them, and against whatever a network may bring."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyipp.enums import IppTag
from pyipp.parser import parse
from pyipp.serializer import construct_attribute

from devices.printers.ipp_message import (
    Attribute,
    Group,
    MalformedAnswer,
    Operation,
    Tag,
    decode_answer,
    encode_request,
)

HEAD = construct_attribute("attributes-charset", "utf-8", IppTag.CHARSET)
JOB = construct_attribute("job-id", 7, IppTag.INTEGER) + construct_attribute("job-state", 9, IppTag.ENUM)


def answer(*groups: bytes, status: int = 0) -> bytes:
    return struct.pack(">BBHi", 2, 0, status, 1) + b"".join(groups) + b"\x03"


ANSWER = answer(b"\x01" + HEAD, b"\x02" + JOB, b"\x02" + JOB + construct_attribute("job-name", ["أ", "b"], IppTag.NAME))


def test_a_request_reads_back_by_the_other_library() -> None:
    message = encode_request(
        Operation.PRINT_JOB,
        "ipp://127.0.0.1:631/ipp/print",
        [
            Attribute(Tag.NAME, "job-name", ["KRK3-000482"]),
            Attribute(Tag.KEYWORD, "requested-attributes", ["job-id", "job-state"]),
            Attribute(Tag.INTEGER, "limit", [-5]),
        ],
        job=[Attribute(Tag.KEYWORD, "print-scaling", ["none"])],
        document=b"%PDF",
    )
    read = parse(message, contains_data=True)
    assert (read["version"], read["status-code"], read["data"]) == ((2, 0), 2, b"%PDF")
    assert read["operation-attributes"] == {
        "attributes-charset": "utf-8",
        "attributes-natural-language": "en",
        "printer-uri": "ipp://127.0.0.1:631/ipp/print",
        "job-name": "KRK3-000482",
        "requested-attributes": ["job-id", "job-state"],
        "limit": -5,
    }
    assert read["jobs"] == [{"print-scaling": "none"}]


def test_an_answer_of_the_other_library_is_read() -> None:
    read = decode_answer(ANSWER)
    assert read.successful
    assert read.of(Group.JOB) == [
        {"job-id": [7], "job-state": [9]},
        {"job-id": [7], "job-state": [9], "job-name": ["أ", "b"]},
    ]


def test_an_empty_group_and_a_refusal() -> None:
    read = decode_answer(answer(b"\x01" + HEAD, b"\x02", status=0x0507))
    assert not read.successful
    assert read.of(Group.JOB) == [{}]


def test_every_shortened_answer_is_malformed() -> None:
    for end in range(len(ANSWER)):
        with pytest.raises(MalformedAnswer):
            decode_answer(ANSWER[:end])


@pytest.mark.parametrize(
    "data",
    [
        b"<html>a web server</html>",
        answer(b"\x01\x44\x00\x01a\xff\xfa"),  # a length that a signed reader would follow backwards
        answer(b"\x44\x00\x01a\x00\x00"),  # an attribute before any group
        answer(b"\x01\x21\x00\x01a\x00\x03abc"),  # an integer of three bytes
        answer(b"\x01\x44\x00\x02\xff\xfe\x00\x00"),  # a name that is not text
    ],
)
def test_malformed_answers_are_refused(data: bytes) -> None:
    with pytest.raises(MalformedAnswer):
        decode_answer(data)


@given(st.binary(max_size=200), st.integers(0, len(ANSWER)))
def test_any_bytes_are_read_or_refused(data: bytes, at: int) -> None:
    for message in (data, ANSWER[:at] + data + ANSWER[at:]):
        try:
            groups = decode_answer(message).groups
        except MalformedAnswer:
            continue
        assert all(tag < 0x10 for tag, _ in groups)

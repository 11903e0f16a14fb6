"""References that are read aloud and typed again, and drafts that show nothing of themselves."""

from __future__ import annotations

import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.parked import REFERENCE_ALPHABET, Draft, draw_reference, plain_reference
from tests.kiosk.parts import MARKER_NAME, MARKER_NUMBER


def test_a_drawn_reference_is_itself() -> None:
    drawn = {draw_reference() for _ in range(500)}
    assert len(drawn) == 500
    for reference in drawn:
        assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", reference)
        assert not set("ILOU") & set(reference)
        assert plain_reference(reference) == reference


@pytest.mark.parametrize(
    "typed", ["K7QM-2XWD", "k7qm2xwd", " k7qm 2xwd ", "K7QM\u20132XWD", "K٧QM-٢XWD", "\u2066K7QM-2XWD\u2069"]
)
def test_any_way_of_typing_is_understood(typed: str) -> None:
    assert plain_reference(typed) == "K7QM-2XWD"


def test_letters_that_look_like_digits_are_digits() -> None:
    assert plain_reference("oOlL-iI22") == "0011-1122"


@pytest.mark.parametrize("typed", ["", "K7QM", "K7QM-2XWDA", "K7QM-2XUD", "9991112223", "مريم"])
def test_what_cannot_be_a_reference_is_none(typed: str) -> None:
    assert plain_reference(typed) == ""


@given(st.text(max_size=60))
def test_whatever_is_typed_gives_a_reference_or_nothing(typed: str) -> None:
    meant = plain_reference(typed)
    assert meant == "" or set(meant) <= {*REFERENCE_ALPHABET, "-"}


def test_a_draft_shows_nothing_of_itself() -> None:
    draft = Draft(
        service="traffic.fines",
        answers={"plate": "12-34567"},
        national_number=MARKER_NUMBER,
        person_name_ar=MARKER_NAME,
        signed_quote=b"\x00quote",
    )
    assert repr(draft) == "Draft()"
    assert msgspec.json.decode(msgspec.json.encode(draft), type=Draft) == draft

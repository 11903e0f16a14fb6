"""Answers: however a plate is typed it is stored in one form, and what is put right is said in words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk import forms
from kiosk.catalogue import Option, Step
from kiosk.forms import Accepted, Known, Wrong
from kiosk.shown_answers import shown
from kiosk.texts import Texts
from kiosk.wire import Words


def words(text: str) -> Words:
    return Words(ar=f"ع {text}", en=text)


KNOWN = Known(date(2026, 11, 27))
PLATE = Step(id="plate", kind="plate", title=words("Plate?"), label=words("Plate"), when={"search_by": "vehicle"})
CHOICE = Step(
    id="search_by",
    kind="choice",
    title=words("Which?"),
    label=words("By"),
    options=(Option(id="mine", title=words("Mine")), Option(id="vehicle", title=words("Vehicle"))),
)

WRITTEN_DIGITS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹")
HYPHENS = ("-", "\u2010", "\u2011", "\u2013", "\u2014", "\u2212", "\ufe63", "\uff0d")
UNSEEN = ("", " ", "\u00a0", "\u200e", "\u200f", "\u2066", "\u2069", "\u200b", "\ufeff", "\u061c")


@st.composite
def typed_differently(draw: st.DrawFn, canonical: str) -> str:
    """The same plate as another person, keyboard or clipboard would give it."""
    text = draw(st.sampled_from(UNSEEN))
    for character in canonical:
        if character == "-":
            text += draw(st.sampled_from(HYPHENS))
        elif character.isdigit():
            text += draw(st.sampled_from(WRITTEN_DIGITS))[int(character)]
        else:
            text += draw(st.sampled_from((character, character.lower())))
        text += draw(st.sampled_from(UNSEEN))
    return text


PLATES = st.builds(
    "{}-{}".format, st.one_of(st.integers(1, 99), st.sampled_from(["PM", "GV", "TM"])), st.integers(1, 99999)
)


@given(st.data(), PLATES)
def test_every_way_of_typing_a_plate_is_stored_alike(data: st.DataObject, plate: str) -> None:
    assert forms.check(PLATE, data.draw(typed_differently(plate)), KNOWN) == Accepted(plate)


@given(st.text(max_size=200))
def test_any_text_is_answered_and_what_is_accepted_is_accepted_again(text: str) -> None:
    answer = forms.check(PLATE, text, KNOWN)
    if isinstance(answer, Accepted):
        assert answer.value.isascii()
        assert forms.check(PLATE, answer.value, KNOWN) == answer
    else:
        assert answer.message in {forms.ENTER_PLATE, forms.ENTER_CODE, forms.ENTER_NUMBER}


@pytest.mark.parametrize(
    ("text", "plate"), [("10-1", "10-1"), ("12 34567", "12-34567"), ("05-00012", "5-12"), ("12-34-567", "12-34567")]
)
def test_plates_that_are_legal(text: str, plate: str) -> None:
    assert forms.check(PLATE, text, KNOWN) == Accepted(plate)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", forms.ENTER_PLATE),
        ("-", forms.ENTER_PLATE),
        ("00-0", forms.ENTER_PLATE),
        ("-34567", forms.ENTER_CODE),
        ("123-4", forms.ENTER_CODE),
        ("A-4", forms.ENTER_CODE),
        ("م-4", forms.ENTER_CODE),
        ("1234567", forms.ENTER_CODE),
        ("12-", forms.ENTER_NUMBER),
        ("12-123456", forms.ENTER_NUMBER),
        ("12-AB", forms.ENTER_NUMBER),
        ("1" * 100_000, forms.ENTER_CODE),
    ],
)
def test_what_is_to_be_put_right_names_the_field(text: str, message: str) -> None:
    assert forms.check(PLATE, text, KNOWN) == Wrong(message)


@pytest.mark.parametrize(("text", "answer"), [("mine", Accepted("mine")), (" vehicle ", Accepted("vehicle"))])
def test_a_choice_is_one_of_its_options(text: str, answer: Accepted) -> None:
    assert forms.check(CHOICE, text, KNOWN) == answer


@given(st.text())
def test_a_choice_takes_nothing_else(text: str) -> None:
    if text.strip() not in {"mine", "vehicle"}:
        assert forms.check(CHOICE, text, KNOWN) == Wrong(forms.CHOOSE_ONE)


def test_a_step_applies_only_after_the_choice_it_waits_for() -> None:
    steps = (CHOICE, PLATE)
    assert forms.applicable(steps, {}) == (CHOICE,)
    assert forms.applicable(steps, {"search_by": "mine"}) == (CHOICE,)
    assert forms.applicable(steps, {"search_by": "vehicle"}) == steps


def test_answers_are_shown_as_people_read_them() -> None:
    english = Texts("en")
    assert shown(CHOICE, "mine", english) == "Mine"
    assert shown(PLATE, "12-34567", english) == "12-34567"


def test_an_accepted_answer_does_not_show_itself_in_a_log() -> None:
    assert "34567" not in repr(Accepted("12-34567"))

"""Every kind of answer beside choice and plate: whatever way of typing it, and what is told where it is not taken."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk import forms
from kiosk.catalogue import Step
from kiosk.forms import Accepted, Known, Wrong
from kiosk.shown_answers import as_typed, shown
from kiosk.texts import Texts, without_isolates
from kiosk.wire import Words

TODAY = date(2026, 11, 27)
KNOWN = Known(TODAY)


def step(kind: str, **rules: Any) -> Step:
    return Step(id="x", kind=kind, title=Words(ar="؟", en="?"), label=Words(ar="س", en="x"), **rules)  # type: ignore[arg-type]  # one of its kinds


TAKEN = [
    (step("number"), "٠٠٤٢", "42"),
    (step("number"), " 4 2 ", "42"),
    (step("number", least=1, most=3), "3", "3"),
    (step("date"), "23/11/2026", "2026-11-23"),
    (step("date"), "٢٣١١٢٠٢٦", "2026-11-23"),
    (step("date"), "3.1.2026", "2026-01-03"),
    (step("date"), "2026-11-23", "2026-11-23"),
    (step("date", least=0, most=0), "27-11-2026", "2026-11-27"),
    (step("phone"), "0790123456", "+962790123456"),
    (step("phone"), "07 9012 3456", "+962790123456"),
    (step("phone"), "+962 79 012 3456", "+962790123456"),
    (step("phone"), "00962790123456", "+962790123456"),
    (step("phone"), "٠٧٩٠١٢٣٤٥٦", "+962790123456"),
    (step("amount"), "12.5", "12500"),
    (step("amount"), "١٢٫٥", "12500"),
    (step("amount"), "12", "12000"),
    (step("text"), "  الكرك ،  المرج ", "الكرك ، المرج"),
    (step("text"), "Main Street\u202e 4\n", "Main Street 4"),
    (step("text", script="arabic"), "شارع ١٢", "شارع 12"),
    (step("text", script="latin"), "Street 12, b-3", "Street 12, b-3"),
    (step("text", script="code"), " rr 123-456 ٧٨٥ jo ", "RR123456785JO"),
    (step("declaration"), forms.AGREED, forms.AGREED),
    (step("document", least=2), "2", "2"),
    (step("text", optional=True), "  ", ""),
    (step("phone", optional=True), "", ""),
]


@pytest.mark.parametrize(("asked", "typed", "stored"), TAKEN)
def test_is_taken_however_it_is_typed(asked: Step, typed: str, stored: str) -> None:
    assert forms.check(asked, typed, KNOWN) == Accepted(stored)


REFUSED = [
    (step("number"), "", forms.ENTER_WHOLE_NUMBER),
    (step("number"), "x1", forms.ENTER_WHOLE_NUMBER),
    (step("number"), "1234567890", forms.ENTER_WHOLE_NUMBER),
    (step("number", least=1), "0", forms.ENTER_MORE),
    (step("number", most=3), "4", forms.ENTER_LESS),
    (step("date"), "31/02/2026", forms.ENTER_DATE),
    (step("date"), "1/1/26", forms.ENTER_DATE),
    (step("date"), "tomorrow", forms.ENTER_DATE),
    (step("date"), "00000000", forms.ENTER_DATE),
    (step("date", least=0), "26/11/2026", forms.ENTER_LATER_DATE),
    (step("date", most=0), "28/11/2026", forms.ENTER_EARLIER_DATE),
    (step("phone"), "0650080800", forms.ENTER_PHONE),
    (step("phone"), "079012345", forms.ENTER_PHONE),
    (step("phone"), "", forms.ENTER_PHONE),
    (step("amount"), "", forms.ENTER_AMOUNT),
    (step("amount"), "1.2345", forms.ENTER_AMOUNT),
    (step("amount"), "-5", forms.ENTER_AMOUNT),
    (step("amount", least=1000), "0.999", forms.ENTER_MORE),
    (step("amount", most=1000), "1.001", forms.ENTER_LESS),
    (step("text"), " \u200f\n", forms.ENTER_TEXT),
    (step("text", least=3), "ab", forms.ENTER_LONGER),
    (step("text", most=3), "abcd", forms.ENTER_SHORTER),
    (step("text", script="arabic"), "شارع Main", forms.ENTER_IN_ARABIC),
    (step("text", script="latin"), "شارع", forms.ENTER_IN_LATIN),
    (step("text", script="code"), "12345ب", forms.ENTER_IN_LATIN),
    (step("text", script="code"), " - ", forms.ENTER_TEXT),
    (step("text", script="code", least=4), "a 1 2", forms.ENTER_LONGER),
    (step("declaration"), "", forms.AGREE_FIRST),
    (step("declaration"), "yes", forms.AGREE_FIRST),
    (step("document"), "", forms.ADD_PAGES),
    (step("document", least=2), "1", forms.ADD_PAGES),
]


@pytest.mark.parametrize(("asked", "typed", "told"), REFUSED)
def test_says_what_to_do_where_it_cannot_be_taken(asked: Step, typed: str, told: str) -> None:
    assert forms.check(asked, typed, KNOWN) == Wrong(told)


def test_an_agency_may_set_this_persons_own_bounds() -> None:
    """The narrower of the step's and the agency's counts; what is no number binds nobody."""
    wage = step("amount", least=100_000, most=2_000_000, least_by="least", most_by="most")
    known = Known(TODAY, {"least": "290000", "most": "3000000"})
    assert forms.bounds(wage, known) == (290_000, 2_000_000)
    assert forms.check(wage, "289.999", known) == Wrong(forms.ENTER_MORE)
    assert forms.check(wage, "290", known) == Accepted("290000")
    assert forms.bounds(wage, Known(TODAY, {"least": "many", "most": ""})) == (100_000, 2_000_000)


KINDS = ("number", "date", "phone", "amount", "text", "document", "declaration", "national_number", "plate")


@given(kind=st.sampled_from(KINDS), text=st.text(max_size=300))
def test_whatever_is_typed_is_taken_in_a_form_that_is_taken_again(kind: str, text: str) -> None:
    """And can be shown, and changed from what is shown to be typed."""
    asked = step(kind)
    answer = forms.check(asked, text, KNOWN)
    if isinstance(answer, Accepted):
        assert forms.check(asked, as_typed(asked, answer.value), KNOWN) == answer
        for language in ("ar", "en"):
            assert without_isolates(shown(asked, answer.value, Texts(language)))


@pytest.mark.parametrize(
    ("asked", "stored", "english"),
    [
        (step("date"), "2026-11-23", "23/11/2026"),
        (step("phone"), "+962790123456", "07 9012 3456"),
        (step("amount"), "12500", "12.500\u00a0JD"),
        (step("number", unit=Words(ar="سنة", en="years")), "2", "2 years"),
        (step("document"), "2", "2 pages"),
        (step("text"), "", "Not stated"),
    ],
)
def test_is_shown_as_a_person_writes_it(asked: Step, stored: str, english: str) -> None:
    assert without_isolates(shown(asked, stored, Texts("en"))) == english

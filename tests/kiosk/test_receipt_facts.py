"""What a paper says of an answer: once where both languages say the same, else each in one piece."""

from __future__ import annotations

import msgspec

from devices.printers.arabic import is_right_to_left, runs
from kiosk.catalogue import Option, Step
from kiosk.receipt_facts import facts_of
from kiosk.wire import Words
from tests.kiosk.parts import SERVICES

OFFICE = Words(ar="الكرك", en="Karak")
HIVES = Step(
    id="hives",
    kind="number",
    title=Words(ar="كم خلية؟", en="How many hives?"),
    label=Words(ar="الخلايا", en="Hives"),
    unit=Words(ar="خلية", en="hives"),
    on_receipt=True,
)
SIZE = Step(
    id="size",
    kind="choice",
    title=Words(ar="الحجم؟", en="Size?"),
    label=Words(ar="الحجم", en="Size"),
    options=(Option(id="small", title=Words(ar="صغير", en="Small")),),
    on_receipt=True,
)


def said(step: Step, value: str) -> str:
    box = next(service for service in SERVICES if service.id == "post.box")
    service = msgspec.structs.replace(box, steps=(step,))
    facts = facts_of(service, {step.id: value}, on_behalf_of="", quote=None, office=OFFICE)
    return next(row[2] for row in facts.rows if row[1] == step.label.en)


def test_a_number_with_its_unit_reads_right_in_both_languages() -> None:
    """On paper from left to right: the English in its order, then the Arabic, whose number stands at its right."""
    text = said(HIVES, "51")
    assert [run for _, run in runs(text, rtl=is_right_to_left(text))] == ["51 hives", " خلية / ", "51"]


def test_words_stand_in_both_languages_and_a_number_once() -> None:
    assert said(SIZE, "small") == "صغير / Small"
    without_unit = Step(id="box", kind="number", title=HIVES.title, label=HIVES.label, on_receipt=True)
    assert said(without_unit, "1234") == "1234"

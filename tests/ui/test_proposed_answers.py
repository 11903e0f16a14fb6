"""What the agency knows stands in the answer already: it is kept with nothing typed, or typing takes its place."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from kiosk.events import Answered
from kiosk.scene import Scene
from tests.ui.conftest import Stage
from tests.ui.samples_answers import ANSWER_PAGES
from tests.ui.samples_second import SECOND_PAGES
from ui.widgets.button import Button
from ui.window import Window


def touch(window: Window, *names: str) -> None:
    for name in names:
        widget = next(found for found in window.findChildren(QWidget, name) if found.isVisibleTo(window))
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def answered(stage: Stage, scene: Scene, *names: str) -> str:
    """What the page answers after those were touched."""
    window = stage.window(scene)
    touch(window, *names)
    button = next(found for found in window.findChildren(Button, "main") if found.isVisibleTo(window))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    event = stage.sent[-1]
    assert isinstance(event, Answered)
    return event.text


def test_a_proposed_number_is_kept_without_a_touch(stage: Stage) -> None:
    assert answered(stage, SECOND_PAGES["owner-proposed"]) == "9841000121"


def test_the_first_digit_takes_the_place_of_the_proposed_number_and_the_next_follow(stage: Stage) -> None:
    assert answered(stage, SECOND_PAGES["owner-proposed"], "key:9", "key:8") == "98"


def test_one_digit_of_a_proposed_number_can_be_put_right(stage: Stage) -> None:
    assert answered(stage, SECOND_PAGES["owner-proposed"], "key:delete", "key:7") == "9841000127"


def test_what_was_typed_already_is_never_taken_away_by_the_next_digit(stage: Stage) -> None:
    """As when the text size was changed in the middle: the page is built anew with what stood there."""
    half = dataclasses.replace(SECOND_PAGES["owner-proposed"], typed="984")
    assert answered(stage, half, "key:1") == "9841"


def test_the_first_character_takes_the_place_of_the_proposed_plate(stage: Stage) -> None:
    plate = SECOND_PAGES["plate-proposed"]
    assert answered(stage, plate) == "14-20260"
    assert answered(stage, plate, "key:2", "key:0", "key:5") == "20-5"


def test_of_a_proposed_plate_only_the_part_that_is_touched_is_typed_anew(stage: Stage) -> None:
    plate = SECOND_PAGES["plate-proposed"]
    assert answered(stage, plate, "field:number", "key:7") == "14-7"
    assert answered(stage, plate, "field:code", "key:7") == "7-20260"
    assert answered(stage, plate, "key:delete", "key:7") == "14-20267"


def test_what_is_typed_takes_the_place_of_proposed_words(stage: Stage) -> None:
    name = next(page for page in ANSWER_PAGES.values() if page.step is not None and page.step.kind == "text")
    proposed = dataclasses.replace(name, typed="Amman", proposed="Amman", mistake="")
    window = stage.window(proposed)
    field = next(found for found in window.findChildren(QWidget, "field:text") if found.isVisibleTo(window))
    QTest.keyClicks(field, "Irbid")
    assert field.property("text") == "Irbid"

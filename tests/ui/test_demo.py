"""The demonstration's panel: every number that a real card or clerk would have stands on it."""

from __future__ import annotations

from typing import cast

from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from kiosk.demonstration import Demonstration
from kiosk.wire import Words
from ui.demo import DemoPanel


class World:
    """Two cards, one of which opens with its printed number; everything else of the world does nothing."""

    def __init__(self) -> None:
        self.inserted: list[str] = []

    def cards(self) -> tuple[str, ...]:
        return ("layla", "salma")

    def access_number(self, name: str) -> str:
        return "518204" if name == "layla" else ""

    def card_pin(self, name: str) -> str:
        return "482915" if name == "salma" else ""

    def insert_card(self, name: str) -> None:
        self.inserted.append(name)

    def __getattr__(self, name: str) -> object:
        return lambda *_: None


def test_a_card_that_opens_with_its_number_shows_it_and_staff_their_pins(qtbot: QtBot) -> None:
    world = World()
    panel = DemoPanel(cast("Demonstration", world), staff=(("rana", "583920"),))
    qtbot.addWidget(panel)
    buttons = {button.text(): button for button in panel.findChildren(QPushButton)}
    assert "Insert salma PIN 482915" in buttons
    buttons["Insert layla 518204"].click()
    assert world.inserted == ["layla"]
    assert any("rana: 583920" in label.text() for label in panel.findChildren(QLabel))


def test_a_part_that_does_not_obey_is_told_and_the_panel_stays(qtbot: QtBot) -> None:
    def jams(_name: str) -> None:
        raise OSError

    panel = DemoPanel(cast("Demonstration", World()), insert=jams)
    qtbot.addWidget(panel)
    next(button for button in panel.findChildren(QPushButton) if button.text().startswith("Insert salma")).click()
    assert any("OSError" in label.text() for label in panel.findChildren(QLabel))


def test_the_last_sms_is_shown_as_the_persons_phone_would(qtbot: QtBot) -> None:
    sent: list[tuple[str, Words]] = []
    panel = DemoPanel(cast("Demonstration", World()), messages=lambda: sent)
    qtbot.addWidget(panel)
    phone = panel.findChild(QLabel, "sms")
    assert phone is not None
    before = phone.text()
    sent += [("+962790000001", Words(ar="أولى", en="first")), ("+962790000002", Words(ar="ثانية", en="second"))]
    qtbot.waitUntil(lambda: phone.text() != before)
    assert phone.text() == "+962790000002\nثانية\nsecond"

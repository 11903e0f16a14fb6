"""Mains or battery, as the kernel tells it."""

from __future__ import annotations

from pathlib import Path

import pytest

from devices import machine
from kiosk.diagnostics import Health


def supply(supplies: Path, name: str, **attributes: str) -> None:
    (supplies / name).mkdir(parents=True)
    for attribute, value in attributes.items():
        (supplies / name / attribute).write_text(value + "\n")


@pytest.mark.parametrize(
    ("online", "capacity", "health"),
    [("1", "90", Health.GOOD), ("0", "90", Health.WARNING), ("1", "12", Health.WARNING)],
    ids=["on mains", "the power is out", "battery nearly empty"],
)
def test_mains_and_battery(tmp_path: Path, online: str, capacity: str, health: Health) -> None:
    supply(tmp_path, "AC", type="Mains", online=online)
    supply(tmp_path, "BAT0", type="Battery", capacity=capacity)
    found = machine.power(tmp_path).run()
    assert found.health is health
    assert [step.title.en for step in found.steps] == ["AC", "BAT0"]


def test_a_machine_that_reports_no_supply_stands_on_mains(tmp_path: Path) -> None:
    assert machine.power(tmp_path / "nothing").run().health is Health.GOOD


def test_a_supply_that_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    supply(tmp_path, "ucsi", type="USB")
    assert machine.power(tmp_path).run().steps == ()


def test_the_card_service_says_its_version() -> None:
    assert machine.card_service_version().split(".")[0].isdigit()

"""Every shipped service from the card to the delivered transaction, on real parts, in one language and on one panel."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kiosk.catalogue.files import load
from tests.e2e.conftest import ROOT, run_main
from tests.ease import page
from ui.tour.diary import Measured

pytestmark = [pytest.mark.timeout(600), pytest.mark.long(seconds=60)]

SERVICES = load(ROOT / "assets" / "services").services


@pytest.fixture(scope="module", params=["ar", "en"])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the tour wrote down: in Arabic on the large panel, in English on the small one."""
    language: str = request.param
    folder: Path = tmp_path_factory.mktemp(f"every-{language}")
    small = () if language == "ar" else ("--small",)
    done = run_main("tour", "--all-services", "--lang", language, *small, "--out", str(folder))
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    read: dict[str, Any] = json.loads((folder / "tour.json").read_text())
    return {**read, "language": language, "printed": done.stdout}


def test_each_service_is_finished_with_its_receipt_and_accepted(told: dict[str, Any]) -> None:
    measured = {one["service"]: one for one in told["measures"]}
    assert measured.keys() == {service.id for service in SERVICES}
    assert {(one["outcome"], one["language"]) for one in measured.values()} == {("finished", told["language"])}
    intake = told["steps"][-1]["intake"]
    assert sorted(intake.values()) == ["accepted"] * len(SERVICES)


def test_how_easy_each_service_was_is_printed(told: dict[str, Any]) -> None:
    printed = told["printed"].partition("From the card to the receipt:\n")[2].splitlines()
    wanted = [
        f"  {one['service']}: {one['taps']} touches, {one['characters']} characters typed, {one['pages']} pages, "
        f"{one['seconds']} s"
        for one in told["measures"]
    ]
    assert printed[: len(wanted)] == wanted


def test_each_question_was_seen_with_its_answer(told: dict[str, Any]) -> None:
    pictures = {(step["visit"].rpartition("-")[0], step["step"]) for step in told["steps"] if step["picture"]}
    for service in SERVICES:
        asked = {step for visit, step in pictures if visit == service.id}
        assert asked >= {"start-card", "check-answers", "done"}
        assert {step.id for step in service.steps if not step.when and not step.unless} <= asked


def test_none_takes_more_touches_than_the_programme_allows(told: dict[str, Any]) -> None:
    """Or its file says why. Whoever asks why it costs so much opens a page and closes it: two touches more."""
    asked_why = {step["visit"] for step in told["steps"] if step["step"] == "why-this-amount"}
    measures = [Measured(**one) for one in told["measures"]]
    shortest = [msgspec.structs.replace(one, taps=one.taps - 2 * (one.visit in asked_why)) for one in measures]
    assert page(shortest, SERVICES)[1] == []

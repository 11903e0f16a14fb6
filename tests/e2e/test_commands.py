"""The technician's and the clerk's text commands against a running demonstration, and after it has ended."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from devices.virtual.issuer import people
from devices.virtual.stage import Stage
from kiosk.settings import load
from tests.e2e.conftest import ROOT, run_main

pytestmark = pytest.mark.long(seconds=30)

KEYS = ROOT / "build" / "demo" / "keys"
CARDS = ROOT / "build" / "demo" / "cards"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    intake = [sys.executable, "-m", "offline_queue.intake", "--keys", str(KEYS)]
    with Stage(tmp_path_factory.mktemp("stage"), intake, keys=KEYS, cards=CARDS) as running:
        yield running


def _json(stage: Stage, *arguments: str, typed: str = "") -> tuple[int, Any]:
    done = run_main(*arguments, "--json", "--settings", str(stage.settings_file), typed=typed, **stage.environment)
    return done.returncode, json.loads(done.stdout)


def _pull(stage: Stage) -> None:
    """Until the card service has seen the slot empty: it looks every 0.4 s."""
    stage.pull_card()
    for _ in range(5):
        _, told = _json(stage, "card", "read")
        if told.get("failure") == "CARD_REMOVED":
            return
    raise AssertionError("the card service never saw the card go")


def _insert(stage: Stage, card: str) -> None:
    """A card swapped within the card service's poll would be taken for the old one: the slot is first seen empty."""
    _pull(stage)
    stage.insert_card(card)


def _by_id(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {finding["id"]: finding["measured"] for finding in report["findings"]}


def test_diagnose_measures_everything_while_it_runs(stage: Stage) -> None:
    _insert(stage, "salma")
    _, report = _json(stage, "diagnose")
    measured = _by_id(report)
    for name in (
        "card_service",
        "card_reader",
        "test_card",
        "scanner",
        "document_scanner",
        "printer",
        "payment_terminal",
        "gateway",
        "clock",
    ):
        assert measured[name]["health"] == "good", (name, measured[name])
    assert "genuine" in measured["test_card"]["value"]["en"]
    assert [step["health"] for step in measured["gateway"]["steps"]] == ["good"] * 5
    assert [step["health"] for step in measured["document_scanner"]["steps"]] == ["good"] * 3
    told = json.dumps(report)
    assert people.SALMA.national_number not in told
    # Nor its last digits by themselves; a port, a size or a time may happen to have them in it.
    assert re.search(rf"(?<![0-9.]){people.SALMA.national_number[-4:]}(?![0-9])", told) is None


def test_the_screen_and_the_command_tell_the_same_facts(stage: Stage) -> None:
    """One list of checks, one report: what differs is when it was measured, and how long it took."""
    _insert(stage, "salma")
    settings = load(stage.settings_file)
    screen = subprocess.run(
        [sys.executable, "-m", "tests.e2e.screen_facts", str(stage.settings_file)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **stage.environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    shown = json.loads(screen.stdout)
    _, told = _json(stage, "diagnose")
    assert (
        (told["terminal"], told["note"]) == (shown["terminal"], shown["note"]) == (settings.terminal.id, told["note"])
    )
    for same in ("settings", "versions"):
        assert told[same] == shown[same]

    def facts(report: dict[str, Any]) -> list[tuple[str, str, str, str, Any]]:
        return [
            (found["id"], found["group"], found["title"]["ar"], found["measured"]["health"], found["measured"]["limit"])
            for found in report["findings"]
        ]

    assert facts(told) == facts(shown)
    assert len(facts(told)) > 15


def test_each_failed_check_leaves_the_others_standing(stage: Stage) -> None:
    stage.cut_line()
    stage.printer_fault("media-empty")
    _pull(stage)
    try:
        status, report = _json(stage, "diagnose")
    finally:
        stage.restore_line()
        stage.printer_fault(None)
    measured = _by_id(report)
    assert status == 1
    assert measured["gateway"]["health"] == "bad"
    assert measured["gateway"]["next_step"]["ar"]
    assert measured["printer"]["health"] == "bad"
    assert measured["paper"]["health"] == "bad"
    assert measured["test_card"]["health"] == "warning"
    assert measured["card_reader"]["health"] == "good"
    assert measured["disk"]["health"] == "good"


def test_card_read_tells_how_and_only_on_demand_whose(stage: Stage) -> None:
    _insert(stage, "salma")
    status, told = _json(stage, "card", "read")
    assert (status, told["verdict"], told["access"]) == (0, "genuine", "BAC")
    assert "national_number" not in told
    assert told["commands"] <= 12
    assert told["reasons"][0] == "security object signed"
    assert sum(phase["commands"] for phase in told["phases"].values()) == told["commands"]
    assert 0 < told["milliseconds_to_name"] <= told["milliseconds"]
    _, told = _json(stage, "card", "read", "--show-personal")
    assert told["national_number"].endswith("4821")


def test_a_card_that_opens_with_its_printed_number(stage: Stage) -> None:
    _insert(stage, "layla")
    status, told = _json(stage, "card", "read")
    assert (status, told["failure"]) == (1, "ACCESS_NUMBER_WANTED")
    _, report = _json(stage, "diagnose")
    assert _by_id(report)["test_card"]["health"] == "warning"
    number = (CARDS / "cards" / "layla" / "can.txt").read_text()
    status, told = _json(stage, "card", "read", "--ask-access-number", typed=number)
    assert (status, told["verdict"], told["access"]) == (0, "genuine", "PACE-CAN")
    assert told["commands"] <= 12
    _, told = _json(stage, "card", "read", "--ask-access-number", typed="111111\n")
    assert told["failure"] == "ACCESS_REFUSED"


def test_a_card_with_pace_whose_zone_is_seen(stage: Stage) -> None:
    _insert(stage, "karim")
    status, told = _json(stage, "card", "read")
    assert (status, told["verdict"], told["access"]) == (0, "genuine", "PACE-MRZ")
    assert told["commands"] <= 12


def test_card_watch_tells_of_every_card_and_of_nobody(stage: Stage) -> None:
    command = [sys.executable, "main.py", "card", "watch", "--json", "--settings", str(stage.settings_file)]
    environment = {**os.environ, **stage.environment}
    _pull(stage)
    watching = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert watching.stdout is not None
        stage.insert_card("salma")
        inserted = json.loads(watching.stdout.readline())
        stage.pull_card()
        removed = json.loads(watching.stdout.readline())
    finally:
        watching.kill()
        rest, _ = watching.communicate()
    assert (inserted["event"], inserted["profile"]) == ("card inserted", "jordan-eid")
    assert removed["event"] == "card removed"
    assert rest == ""


@pytest.mark.parametrize(
    ("card", "failure", "verdict", "reasons"),
    [
        ("tampered", "CARD_NOT_GENUINE", "forged", ["data group 1 is not as signed"]),
        ("foreign", "CARD_NOT_CHECKABLE", "not_checkable", ["no anchor for this signer of JO"]),
        ("wrong_mrz", "ACCESS_REFUSED", None, None),
    ],
)
def test_a_card_that_does_not_pass_is_named(
    stage: Stage, card: str, failure: str, verdict: str | None, reasons: list[str] | None
) -> None:
    _insert(stage, card)
    status, told = _json(stage, "card", "read")
    assert (status, told["failure"]) == (1, failure)
    assert (told.get("verdict"), told.get("reasons")) == (verdict, reasons)


def test_after_the_demonstration_diagnose_says_what_is_gone(tmp_path: Path) -> None:
    intake = [sys.executable, "-m", "offline_queue.intake", "--keys", str(KEYS)]
    with Stage(tmp_path, intake, keys=KEYS, cards=CARDS) as ended:
        environment = dict(ended.environment)
    done = run_main("diagnose", "--json", "--settings", str(ended.settings_file), **environment)
    measured = _by_id(json.loads(done.stdout))
    assert done.returncode == 1
    assert measured["card_reader"]["health"] == "warning"  # nobody knows, without the card service
    for name in ("card_service", "printer", "gateway"):
        assert measured[name]["health"] == "bad"
        assert measured[name]["next_step"]["en"]

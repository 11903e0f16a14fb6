"""The tour is the end-to-end test: real card path, real HTTPS, real ledger, real printer, input events only."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.e2e.conftest import Toured

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def steps(toured: Toured) -> list[dict[str, Any]]:
    assert toured.status == 0, toured.printed[-3000:]
    told = json.loads((toured.folder / "tour.json").read_text())
    assert told["problem"] == ""
    found: list[dict[str, Any]] = told["steps"]
    return found


def test_every_visit_was_lived(steps: list[dict[str, Any]]) -> None:
    visits = {step["visit"] for step in steps}
    assert {"online", "line-cut-after-quote", "line-cut-before-enquiry", "card-pulled", "online-english"} <= visits


def test_every_page_that_waits_for_a_person_was_seen(steps: list[dict[str, Any]]) -> None:
    """Pages that only show work (reading, sending) may be gone before a hand looks up; tests/ui draws them."""
    pages = {step["page"] for step in steps}
    assert pages >= {
        "idle",
        "choosing_service",
        "start_card",
        "steps",
        "quote",
        "check_answers",
        "paying",
        "done",
        "card_removed",
        "failed",
        "take_card",
    }


def test_each_picture_is_there(toured: Toured, steps: list[dict[str, Any]]) -> None:
    named = [step["picture"] for step in steps if step["picture"]]
    assert len(named) > 80
    assert all((toured.folder / name).stat().st_size > 2000 for name in named)


def test_what_was_taken_offline_was_delivered_when_the_line_returned(steps: list[dict[str, Any]]) -> None:
    visit = [step for step in steps if step["visit"] == "line-cut-after-quote"]
    done = next(step for step in visit if step["step"] == "done")
    waiting = [key for key, state in done["ledger"].items() if state == "committed"]
    assert len(waiting) == 1
    assert waiting[0] not in done["intake"]
    assert visit[-1]["ledger"][waiting[0]] == "accepted"
    assert visit[-1]["intake"][waiting[0]] == "accepted"


def test_a_line_cut_before_the_enquiry_wrote_nothing(steps: list[dict[str, Any]]) -> None:
    visit = [step for step in steps if step["visit"] == "line-cut-before-enquiry"]
    assert visit[0]["ledger"] == visit[-1]["ledger"]


def test_ledger_and_intake_end_with_the_same_ids(steps: list[dict[str, Any]]) -> None:
    ledger, intake = steps[-1]["ledger"], steps[-1]["intake"]
    assert sorted(ledger.values()) == ["accepted"] * 6 + ["voided"]
    assert {key for key, state in ledger.items() if state == "accepted"} == set(intake)


def test_the_queue_verifies_against_the_intake(toured: Toured, steps: list[dict[str, Any]]) -> None:
    verified = toured.run("queue", "verify", "--json")
    assert verified.returncode == 0, verified.stderr
    told = json.loads(verified.stdout)
    assert told["sound"] is True
    assert told["problems"] == []
    assert told["centre"] == {"messages": 6, "held": 6, "same": True}
    assert len(steps) > 0


def test_status_and_list_tell_the_same(toured: Toured) -> None:
    status = json.loads(toured.run("queue", "status", "--json").stdout)
    listed = json.loads(toured.run("queue", "list", "--json").stdout)
    assert status["accepted"] == len(listed) == 6
    assert [item["receipt_number"] for item in listed] == [f"KRK3-{number:06d}" for number in range(1, 7)]


def test_every_receipt_verifies_and_no_changed_character_does(toured: Toured) -> None:
    papers = sorted((toured.folder / "receipts").glob("*.pdf"))
    assert len(papers) == 6
    outcomes = []
    for paper in papers:
        verified = toured.run("receipt", "verify", str(paper), "--json")
        assert verified.returncode == 0, verified.stderr
        outcomes.append(json.loads(verified.stdout)["outcome"])
    assert outcomes.count("awaiting_delivery") == 1
    assert outcomes.count("accepted") == 5
    forged = toured.run("receipt", "verify", "https://verify.example/r#AAAA")
    assert forged.returncode == 1
    assert "NOT GENUINE" in forged.stderr


def test_no_log_holds_anything_personal(toured: Toured) -> None:
    """Everything that the tour printed with every log on, and the logs of all its parts, searched for what it knows."""
    planted = [
        "سلمى",
        "SALMA",
        "Salma",
        "ALYASMEEN",
        "الياسمين",
        "عمر",
        "12-34567",
        "60718",
        "IDJOR",
        "<<<",
    ]
    planted += _personal_numbers(toured)
    logs = "\n".join(file.read_text(errors="replace") for file in (toured.folder / "terminal").rglob("*.log"))
    told = toured.printed + logs
    assert "devices.cards" in told, "the card path's own log is not even on: this test would prove nothing"
    assert [text for text in planted if text in told] == []


def _personal_numbers(toured: Toured) -> list[str]:
    """National and document numbers as the sample cards hold them, and the printed lines whole."""
    cards = next(
        line.split('"')[1] for line in toured.settings.read_text().splitlines() if line.strip().startswith("anchors")
    )
    folder = (toured.settings.parent / cards).resolve().parent / "cards"
    found: list[str] = []
    for name in ("salma", "omar"):
        lines = (folder / name / "mrz.txt").read_text().split()
        found += [*lines, lines[0][5:14].rstrip("<"), lines[0][15:25].rstrip("<")]
    return [text for text in found if len(text) >= 6]

"""Card, card service, line, mains, bank, paper and disk pulled at every step: each has its page, nothing is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.pulled import MONEY, OUTSIDE

# The children live thirty visits before the first test can look.
pytestmark = [pytest.mark.timeout(330), pytest.mark.long(seconds=60)]

ROOT = Path(__file__).resolve().parents[2]

# What the person meets: support code, what is said of the money, how many transactions are committed by it.
NOTHING_LOST = ("", "nothing", 0)
PAID = ("", "nothing", 1)
EXPECTED: dict[str, tuple[str, str, int]] = {
    **{
        f"card@{state}": NOTHING_LOST for state in ("choosing_service", "start_card", "steps", "quote", "check_answers")
    },
    "card@paying": PAID,
    "card@receipt": PAID,
    **{f"pcscd@{state}": ("C01", "nothing", 0) for state in ("choosing_service", "steps", "check_answers")},
    "pcscd@paying": PAID,
    "line@steps": ("L01", "nothing", 0),
    "line@quote": ("L02", "nothing", 0),
    "line@check_answers": ("L02", "nothing", 0),
    "line@paying": PAID,
    "answers@paying": PAID,
    "power@steps": ("T03", "nothing", 0),
    "power@check_answers": ("T03", "nothing", 0),
    "power@paying": PAID,
    "bank-declines": ("M01", "nothing", 0),
    "bank-drops": PAID,
    "bank-late": PAID,
    "bank-silent": ("M03", "unknown", 0),
    "paper-out": ("P01", "nothing", 1),
    "cover-open": ("P02", "nothing", 1),
    "paper-jam": ("P04", "nothing", 1),
    "disk-full@check_answers": ("T01", "nothing", 0),
    "disk-locked@paying": ("T01", "nothing", 0),
}
WITH_A_SLIP = ("pcscd@check_answers", "bank-silent")
LATER = ("line@paying", "answers@paying")


class Pulled:
    """Each group of cases is lived once, by a child of its own; the children live side by side."""

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        self._living = {group: _Life(folders.mktemp(group), group) for group in ("outside", "money")}

    def case(self, name: str) -> dict[str, Any]:
        return self.group("outside" if any(case.name == name for case in OUTSIDE) else "money")[name]

    def group(self, group: str) -> dict[str, dict[str, Any]]:
        return self._living[group].told()

    def end(self) -> None:
        for life in self._living.values():
            life.end()


class _Life:
    """One child. What it says goes to files, so that neither child waits for the other to be listened to."""

    def __init__(self, folder: Path, group: str) -> None:
        self._said, self._complaints = folder / "said", folder / "complaints"
        with self._said.open("wb") as said, self._complaints.open("wb") as complaints:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.pulled", str(folder), group],
                cwd=ROOT,
                env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
                stdout=said,
                stderr=complaints,
            )

    def told(self) -> dict[str, dict[str, Any]]:
        assert self._child.wait(timeout=300) == 0, self._complaints.read_text(encoding="utf-8")[-2000:]
        lines = [json.loads(line) for line in self._said.read_text(encoding="utf-8").splitlines()]
        return {line.get("case", "end"): line for line in lines}

    def end(self) -> None:
        self._child.kill()
        self._child.wait()


@pytest.fixture(scope="module")
def pulled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pulled]:
    lived = Pulled(tmp_path_factory)
    yield lived
    lived.end()


def test_every_case_is_expected() -> None:
    assert [case.name for case in (*OUTSIDE, *MONEY)] == list(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_what_is_pulled_ends_on_its_page(pulled: Pulled, name: str) -> None:
    case = pulled.case(name)
    assert (case["failure"], case["money"], case["committed"]) == EXPECTED[name]


@pytest.mark.parametrize("name", WITH_A_SLIP)
def test_where_a_visit_would_be_lost_a_slip_comes_out(pulled: Pulled, name: str) -> None:
    assert pulled.case(name)["papers"] == 1


@pytest.mark.parametrize("name", LATER)
def test_a_line_that_goes_during_the_payment_makes_a_receipt_that_says_so(pulled: Pulled, name: str) -> None:
    assert (pulled.case(name)["outcome"], pulled.case(name)["papers"]) == ("awaiting_delivery", 1)


@pytest.mark.parametrize("group", ["outside", "money"])
def test_in_the_end_ledger_bank_centre_and_paper_agree(pulled: Pulled, group: str) -> None:
    assert pulled.group(group)["end"]["disagreements"] == []

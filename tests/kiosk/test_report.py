"""The technician's report: whole or absent, for one user's eyes, and every setting in it."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.clock import SystemClock
from kiosk.diagnostics import Examination
from kiosk.facts import own_versions, settings_in_force
from kiosk.report import REPORTS, Report, encode, save
from kiosk.settings import load
from tests.ui.technician.parts import ROOT, sample_checks, sample_report

SETTINGS = load(ROOT / "assets" / "deployment" / "terminal.toml")


@pytest.fixture
def report() -> Report:
    return sample_report(tuple(Examination(sample_checks(), SystemClock()).findings()))


def test_a_saved_report_is_the_one_that_was_made(report: Report, tmp_path: Path) -> None:
    file = save(report, tmp_path)
    assert file.parent == tmp_path / REPORTS
    assert file.read_text(encoding="utf-8") == encode(report) + "\n"
    assert [found.name for found in (tmp_path / REPORTS).iterdir()] == [file.name]


def test_nobody_else_may_read_it(report: Report, tmp_path: Path) -> None:
    file = save(report, tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_it_says_when_it_was_made_and_that_it_may_be_incomplete(report: Report) -> None:
    told = json.loads(encode(report))
    assert datetime.fromisoformat(told["made_at"]) == datetime(2026, 11, 23, 7, 46, 8, tzinfo=UTC)
    assert "incomplete" in told["note"]["en"]
    assert told["note"]["ar"]


def test_no_mark_of_a_screen_is_stored(report: Report) -> None:
    assert any("\u2066" in finding.measured.value.ar for finding in report.findings)
    assert not set(encode(report)) & set("\u2066\u2067\u2068\u2069")


def test_every_key_of_the_settings_is_in_force() -> None:
    names = {fact.name: fact for fact in settings_in_force(SETTINGS)}
    for table, key in (
        ("terminal", "id"),
        ("gateway", "timeout_seconds"),
        ("counter", "lock_seconds"),
        ("card", "readers"),
    ):
        assert f"{table}.{key}" in names
    assert names["gateway.timeout_seconds"].value == "5.0"
    assert names["gateway.timeout_seconds"].is_default
    assert not names["terminal.id"].is_default


def test_the_program_and_what_it_stands_on_have_a_version() -> None:
    versions = {fact.name: fact.value for fact in own_versions()}
    assert set(versions) == {"Program", "Python", "Qt", "Linux"}
    assert all(value[0].isdigit() for value in versions.values())

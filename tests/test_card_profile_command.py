"""`main.py card profile check`: status and words for a good file, a wrong one, and none."""

from __future__ import annotations

import json
from pathlib import Path

from tests.e2e.conftest import ROOT, run_main

JORDAN = ROOT / "assets" / "cards" / "jordan-eid.toml"


def test_a_good_profile_says_what_is_provisional() -> None:
    done = run_main("card", "profile", "check", str(JORDAN))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("jordan-eid.toml: 0 mistakes\nprovisional: ATR")


def test_every_mistake_of_a_wrong_one_for_people_and_machines(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    text = JORDAN.read_text(encoding="utf-8").replace("[1, 11, 14]", "[3, 11]")
    wrong.write_text(text.replace('["pace-can", "pace-mrz", "bac"]', '["bac", "pace-mrz"]'), encoding="utf-8")
    said = run_main("card", "profile", "check", str(wrong))
    told = run_main("card", "profile", "check", str(wrong), "--json")
    assert said.returncode == told.returncode == 1
    report = json.loads(told.stdout)
    assert report["file"] == "wrong.toml"
    keys = [mistake["key"] for mistake in report["mistakes"]]
    assert keys == ["id", "access.order", "document.before_name", "document.before_name"]
    assert [line.split(": ")[1] for line in said.stdout.splitlines()] == [*keys, "4 mistakes"]


def test_no_file_is_a_wrong_use(tmp_path: Path) -> None:
    missing = run_main("card", "profile", "check", str(tmp_path / "none.toml"))
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "none.toml: cannot be read" in missing.stderr
    assert run_main("card", "profile", "check").returncode == 2

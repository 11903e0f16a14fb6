"""The citizen's window goes to the second screen and leaves the keyboard with the clerk; without one it stays away."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
CLERKS = {"name": "1 clerk", "x": 0, "y": 0, "width": 1920, "height": 1080}
CITIZENS = {"name": "2 citizen", "x": 1920, "y": 0, "width": 1280, "height": 800}


def seen_on(screens: list[dict[str, Any]], folder: Path) -> dict[str, Any]:
    """Qt's offscreen platform with these screens (its `configfile` option; sorted by name, the first is the primary
    one), in a process of its own."""
    file = folder / "screens.json"
    file.write_text(json.dumps({"screens": [{"logicalDpi": 96, "dpr": 1, **screen} for screen in screens]}))
    environment = {**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={file}"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.ui.clerk.two_screens"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_each_window_has_its_own_screen(tmp_path: Path) -> None:
    told = seen_on([CITIZENS, CLERKS], tmp_path)
    assert told["screens"] == ["1 clerk", "2 citizen"]
    assert told["staff"] == ["1 clerk", 1920, 1080]
    assert told["citizen"] == ["2 citizen", 1920, 0, 1280, 800]
    assert told["sizes"] == [1280, 336]  # laid out for its own pixels and its own diagonal
    assert told["keyboard"] == "pin"


@pytest.mark.parametrize("screens", [[CLERKS]])
def test_with_one_screen_there_is_no_citizens_window(screens: list[dict[str, Any]], tmp_path: Path) -> None:
    told = seen_on(screens, tmp_path)
    assert told["citizen"] is None
    assert told["keyboard"] == "pin"

"""`catalogue price`: what every combination of answers costs, before anybody tries it on a screen."""

from __future__ import annotations

import argparse
import json
import shutil
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from kiosk.catalogue.files import load
from ui.commands import FOUND_NOTHING_WRONG, USED_WRONGLY
from ui.commands.catalogue import run
from ui.commands.parser import make_parser

SHIPPED = Path(__file__).parents[2] / "assets" / "services"
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for agency, service in (("post", "box"), ("traffic", "fines")):
        (tmp_path / agency).mkdir()
        shutil.copy(SHIPPED / agency / f"{service}.toml", tmp_path / agency)
    return tmp_path


def price(folder: Path, *words: str) -> int:
    def act(arguments: argparse.Namespace) -> int:
        return run(arguments, folder, partial(load, folder), NOW)

    names = "run demo tour card queue receipt catalogue report diagnose keys staff intake"
    return act(make_parser(dict.fromkeys(names.split(), act), folder).parse_args(["catalogue", "price", *words]))


def test_every_combination_is_reckoned_for_both_channels(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert price(folder, "post.box") == FOUND_NOTHING_WRONG
    said = capsys.readouterr().out
    assert said.startswith("post.box on 2026-11-27, by post-box-2026, provisional; in dinars\n")
    rows = [line.split() for line in said.splitlines()]
    assert [row[-2:] for row in rows if row[:2] == ["in", "all"]] == [
        ["15.000", "16.000"],
        ["25.000", "26.000"],
        ["40.000", "41.000"],
    ]
    assert "of 1.000: Waived for the electronic service" in said
    assert "Reckoned with years = 1. For others: --answers years=..." in said


def test_only_what_is_asked_for_is_reckoned(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    price(folder, "post.box", "--json", "--channel", "counter", "--answers", "size=large", "years=3")
    assert json.loads(capsys.readouterr().out) == [
        {
            "answers": {"size": "large", "years": "3"},
            "fils": {"counter": {"total": 121_000, "lines": {"large": 120_000, "handling": 1_000}}},
        }
    ]


def test_another_day_has_another_tariff(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = folder / "post" / "box.toml"
    text = file.read_text(encoding="utf-8").replace(
        "first_day = 2026-01-01", "first_day = 2026-01-01\nlast_day = 2026-12-31"
    )
    first = text[text.index("[[tariffs]]") : text.index("[offline]")]
    second = first.replace("post-box-2026", "post-box-2027").replace(
        "first_day = 2026-01-01\nlast_day = 2026-12-31", "first_day = 2027-01-01"
    )
    file.write_text(text.replace("[offline]", second.replace("15_000", "18_000") + "[offline]"), encoding="utf-8")
    price(folder, "post.box", "--day", "2027-01-01", "--channel", "kiosk", "--answers", "size=small")
    said = capsys.readouterr().out
    assert "post.box on 2027-01-01, by post-box-2027" in said
    assert "18.000" in said


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("post.bix",), "post.bix: there is no such service. Perhaps post.box is meant"),
        (("a.b",), "a.b: there is no such service. `catalogue list` shows those there are"),
        (("traffic.fines",), "traffic.fines has no tariff: the agency states what is due"),
        (("post.box", "--day", "2020-01-01"), "It has: post-box-2026 from 2026-01-01 to further notice"),
        (("post.box", "--answers", "size=huge"), "size has no option 'huge'. It has: small, medium, large"),
        (("post.box", "--answers", "sise=large"), "post.box has no step 'sise'. It has: box, size, years"),
        (("post.box", "--answers", "years=9"), "years = 9: Enter a smaller number"),
    ],
)
def test_what_cannot_be_reckoned_says_why(
    folder: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], why: str
) -> None:
    assert price(folder, *words) == USED_WRONGLY
    assert why in capsys.readouterr().err


def test_a_file_with_mistakes_is_not_reckoned_by(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = folder / "post" / "box.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('times = "years"', 'times = "size"'), encoding="utf-8")
    assert price(folder, "post.box") == USED_WRONGLY
    assert "post.box has mistakes: mend what `catalogue check` tells first" in capsys.readouterr().err

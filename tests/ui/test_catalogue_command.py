"""`catalogue check`, `list` and `new` on folders of their own: what they say, to people and to machines."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from kiosk.catalogue.files import load
from ui.commands import FOUND_NOTHING_WRONG, FOUND_SOMETHING_WRONG, USED_WRONGLY
from ui.commands.catalogue import run
from ui.commands.parser import make_parser

SHIPPED = Path(__file__).parents[2] / "assets" / "services"
NOW = datetime(2026, 11, 27, 21, 30, tzinfo=UTC)
"""In Jordan it is the next day already."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "post").mkdir()
    shutil.copy(SHIPPED / "post" / "box.toml", tmp_path / "post")
    shutil.copy(SHIPPED / "template.toml", tmp_path)
    return tmp_path


def command(folder: Path, *words: str) -> int:
    def act(arguments: argparse.Namespace) -> int:
        return run(arguments, arguments.folder, partial(load, arguments.folder), NOW)

    names = "run demo tour card queue receipt catalogue report diagnose keys staff intake"
    parser = make_parser(dict.fromkeys(names.split(), act), folder)
    arguments = parser.parse_args(["catalogue", *words, "--folder", str(folder)])
    return act(arguments)


def box(folder: Path, *changes: tuple[str, str]) -> None:
    file = folder / "post" / "box.toml"
    text = file.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")


def test_check_names_file_key_what_and_remedy_of_all_mistakes_at_once(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    box(folder, ('prefill = "size"', 'prefill = "colour"'), ('lines = ["handling"]', 'lines = ["postage"]'))
    assert command(folder, "check") == FOUND_SOMETHING_WRONG
    said = capsys.readouterr().out
    assert "post/box.toml: steps.size.prefill: 'colour' is a fact of no lookup. Name one of the facts" in said
    assert "post/box.toml: tariffs.post-box-2026.discounts.electronic.lines: 'postage' is no line. Name lines" in said
    assert "services: 0, mistakes: 2" in said
    assert command(folder, "check", "--json") == FOUND_SOMETHING_WRONG
    told = json.loads(capsys.readouterr().out)
    assert set(told["mistakes"][0]) == {"file", "key", "what", "remedy"}


def test_a_warning_is_told_apart_from_a_mistake(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    box(folder, ("amount_fils = 15_000", "amount_fils = 15"))
    assert command(folder, "check") == FOUND_NOTHING_WRONG
    said = capsys.readouterr().out
    key = "tariffs.post-box-2026.lines.small.amount_fils"
    assert f"WARNING post/box.toml: {key}: is 15 fils" in said
    assert "services: 1, mistakes: 0, warnings: 1" in said
    command(folder, "check", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["mistakes"] == []
    assert [(one["file"], one["key"]) for one in told["warnings"]] == [("post/box.toml", key)]


def test_a_file_that_could_be_checked_in_part_says_what_comes_first(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    box(folder, ("minutes = 2\n", 'minutes = "two"\n'))
    command(folder, "check")
    assert "post/box.toml: mend these first, then check again" in capsys.readouterr().out
    command(folder, "check", "--json")
    assert json.loads(capsys.readouterr().out)["partly_checked"] == ["post/box.toml"]


def test_check_lists_what_is_provisional_with_its_fees(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(folder, "check") == FOUND_NOTHING_WRONG
    assert "  post.box  post-box-2026 (from 2026-01-01)" in capsys.readouterr().out
    command(folder, "check", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["provisional"] == ["post.box"]
    (fee,) = told["provisional_fees"]
    assert (fee["service"], fee["tariff"], fee["first_day"]) == ("post.box", "post-box-2026", "2026-01-01")


def test_a_tariff_ends_at_midnight_in_jordan(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    box(folder, ("first_day = 2026-01-01", "first_day = 2026-01-01\nlast_day = 2026-11-27"))
    command(folder, "check")
    assert "no tariff is in force today, and nobody can be served: post.box" in capsys.readouterr().out
    command(folder, "list", "--json")
    (listed,) = json.loads(capsys.readouterr().out)
    assert (listed["tariff_in_force"], listed["tariffs_expired"]) == (None, ["post-box-2026"])
    assert (listed["agency"], listed["provisional"], "business" in listed["segments"]) == ("post", True, True)


def test_list_has_a_line_for_each_service(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(folder, "list") == FOUND_NOTHING_WRONG
    head, line = capsys.readouterr().out.splitlines()
    assert head.startswith("SERVICE")
    for told in ("post.box", "Jordan Post", "citizen,business,government,resident", "provisional", "post-box-2026"):
        assert told in line


@pytest.mark.parametrize("like", [(), ("--like", "post.box")], ids=["from the template", "like another"])
def test_a_new_file_has_no_mistake_but_the_places_to_fill_in(
    folder: Path, capsys: pytest.CaptureFixture[str], like: tuple[str, ...]
) -> None:
    assert command(folder, "new", "library.card", *like) == FOUND_NOTHING_WRONG
    file = folder / "library" / "card.toml"
    mistakes = load(folder).mistakes
    assert {(mistake.file, mistake.what) for mistake in mistakes} == {("library/card.toml", "is still to be filled in")}
    languages = {mistake.key.rpartition(".")[2] for mistake in mistakes}
    assert {"ar", "en"} <= languages
    said = capsys.readouterr().out
    places = {mistake.key.removesuffix(".ar").removesuffix(".en") for mistake in mistakes}
    assert f"{len(places)} places are to be filled in" in said
    assert sorted(line.strip() for line in said.splitlines() if line.startswith("  ")) == sorted(places)
    file.write_text(file.read_text(encoding="utf-8").replace("___ ", ""), encoding="utf-8")
    found = load(folder)
    assert found.mistakes == ()
    service = found.service("library.card")
    assert service.provisional
    assert [tariff.id for tariff in service.tariffs] == ["library-card-2026"]


def test_a_second_service_of_an_agency_has_its_name(folder: Path) -> None:
    command(folder, "new", "post.parcel")
    text = (folder / "post" / "parcel.toml").read_text(encoding="utf-8")
    assert 'agency_name = { ar = "البريد الأردني", en = "Jordan Post" }' in text


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("post.box",), "exists, and stays as it is"),
        (("Library Card",), "write AGENCY.SERVICE"),
        (("../../etc.passwd",), "write AGENCY.SERVICE"),
        (("library.card", "--like", "no.such"), "no such service"),
        (("library.card", "--like", "../post.box"), "no service's id"),
    ],
)
def test_nothing_is_overwritten_or_written_elsewhere(
    folder: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], why: str
) -> None:
    before = {file: file.read_bytes() for file in folder.rglob("*.toml")}
    assert command(folder, "new", *words) == USED_WRONGLY
    assert why in capsys.readouterr().err
    assert {file: file.read_bytes() for file in folder.rglob("*.toml")} == before


def test_a_new_service_needs_the_line_until_somebody_says_otherwise(folder: Path) -> None:
    command(folder, "new", "library.card")
    file = folder / "library" / "card.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("___ ", ""), encoding="utf-8")
    assert not load(folder).service("library.card").offline.allowed
    assert "# [offline]" in file.read_text(encoding="utf-8")


def test_a_reader_who_has_seen_enough_is_no_fault() -> None:
    """As `main.py catalogue list | head -1`, where `head` was quicker."""
    read, write = os.pipe()
    os.close(read)
    listing = [sys.executable, "main.py", "catalogue", "list"]
    try:
        done = subprocess.run(listing, cwd=SHIPPED.parents[1], stdout=write, stderr=subprocess.PIPE, check=False)
    finally:
        os.close(write)
    assert (done.returncode, done.stderr) == (FOUND_SOMETHING_WRONG, b"")

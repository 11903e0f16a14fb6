"""The report as files: one page in both languages that needs nothing else, and a table for machines."""

from __future__ import annotations

import argparse
import csv
import io
import re
from collections.abc import Iterable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from kiosk.catalogue import files as catalogue_files
from kiosk.feedback import Satisfaction, WhyUnhappy
from kiosk.texts import without_isolates
from kiosk.uptake import Outcome, Uptake
from kiosk.uptake_report import sum_up
from tests.kiosk.test_uptake_report import FIRST, LAST, used
from ui.commands import FOUND_NOTHING_WRONG, FOUND_SOMETHING_WRONG, USED_WRONGLY
from ui.commands import report as command
from ui.reports.charts import Part, bar
from ui.reports.uptake_csv import COLUMNS, uptake_csv
from ui.reports.uptake_page import uptake_page

CATALOGUE = catalogue_files.load(Path(__file__).resolve().parents[2] / "assets" / "services")

MONTH = [
    *[used(satisfaction=Satisfaction.GOOD)] * 12,
    *[used(outcome=Outcome.LEFT, page="steps/plate")] * 6,
    *[used(satisfaction=Satisfaction.BAD, reason=WhyUnhappy.UNCLEAR)] * 5,
    *[used(service="", outcome=Outcome.FAILED, page="identifying")] * 7,
    used(service="later.service", office_en='Ma\'an <b>"x"</b>', office_ar="معان"),
]


def page_of(records: Iterable[Uptake]) -> str:
    return uptake_page(sum_up(records, FIRST, LAST), CATALOGUE)


class Seen(HTMLParser):
    """The words of a page, and every element that is opened and not closed."""

    VOID = frozenset({"meta", "rect", "line"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.open: list[str] = []
        self.names: set[str] = set()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.links += [value or "" for name, value in attrs if name in {"src", "href", "action", "data"}]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(without_isolates(data))


def test_the_page_is_whole_by_itself_and_runs_nothing() -> None:
    text = page_of(MONTH)
    seen = Seen(text)
    assert seen.open == []
    assert seen.links == []
    assert seen.names & {"script", "link", "img", "iframe", "object", "base", "form"} == set()
    assert re.findall(r"url\((?!data:font/ttf;base64,)", text) == []
    assert "http" not in re.sub(r'xmlns="[^"]*"|base64,[^)]*', "", text)


def test_it_says_the_same_in_both_languages() -> None:
    arabic, english = page_of(MONTH).split('<article lang="en" dir="ltr">')
    assert '<article lang="ar" dir="rtl">' in arabic
    for half in (arabic, english):
        words = re.findall(r">([^<>]+)<", without_isolates(half))
        assert {"31", "58%", "18", "2:00"} <= set(words), "31 errands, 18 of them finished, in two minutes"
    assert "Traffic fines · What is the plate number?" in english
    assert "مخالفات السير · ما رقم لوحة المركبة؟" in arabic
    assert "No service chosen · While the card was read" in english
    assert "It was hard to understand" in english


def test_a_service_and_an_office_that_nobody_here_knows_are_shown_as_they_are_and_harmless() -> None:
    text = page_of(MONTH)
    assert "later.service" in text
    assert "<b>&quot;" not in text
    assert "Ma&#x27;an &lt;b&gt;" in text


def test_days_without_a_visit_are_a_page_that_says_so() -> None:
    assert "Nothing was counted in these days" in page_of(())


def test_a_bar_grows_from_where_people_begin_to_read() -> None:
    parts = (Part(3, "finished"), Part(1, "left"))
    left_to_right, right_to_left = bar(parts, 8, "", mirrored=False), bar(parts, 8, "", mirrored=True)
    places = r'class="(finished|left)" x="([\d.]+)" width="([\d.]+)"'
    assert re.findall(places, left_to_right) == [("finished", "0.0", "375.0"), ("left", "375.0", "125.0")]
    assert re.findall(places, right_to_left) == [("finished", "625.0", "375.0"), ("left", "500.0", "125.0")]


def test_the_table_for_machines_counts_what_the_page_does() -> None:
    content = uptake_csv(sum_up(MONTH, FIRST, LAST))
    assert content.startswith(b"\xef\xbb\xbf"), "a spreadsheet takes it for another encoding without"
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert tuple(rows[0]) == COLUMNS
    assert sum(int(row["started"]) for row in rows) == len(MONTH)
    fines = next(row for row in rows if row["service"] == "traffic.fines")
    told = {name: fines[name] for name in ("finished", "left", "median_seconds", "satisfied_percent", "most_left_at")}
    assert told == {
        "finished": "17",
        "left": "6",
        "median_seconds": "120",
        "satisfied_percent": "71",
        "most_left_at": "steps/plate",
    }
    lonely = next(row for row in rows if row["service"] == "later.service")
    assert (lonely["started"], lonely["median_seconds"], lonely["satisfied_percent"]) == ("1", "", "")


@pytest.mark.parametrize("name", ['=HYPERLINK("x")', "+1", "-1", "@x"])
def test_a_name_that_a_spreadsheet_would_run_is_text(name: str) -> None:
    rows = list(csv.reader(io.StringIO(uptake_csv(sum_up([used(office_en=name)], FIRST, LAST)).decode("utf-8-sig"))))
    assert rows[1][1] == f"'{name}"


# ---------------------------------------------------------------- the command


def told(tmp_path: Path, **changes: object) -> argparse.Namespace:
    known = {"first": FIRST, "last": LAST, "centre": None, "csv": tmp_path / "use.csv", "html": tmp_path / "use.html"}
    return argparse.Namespace(**{**known, **changes})


def at_centre(_file: Path, _first: date, _last: date) -> tuple[Uptake, ...]:
    return (used(), used())


def test_both_files_are_written_from_this_terminals_records(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = told(tmp_path)
    assert command.run(asked, lambda: MONTH, at_centre, CATALOGUE) == FOUND_NOTHING_WRONG
    assert (tmp_path / "use.csv").stat().st_size > 100
    assert (tmp_path / "use.html").read_text(encoding="utf-8").endswith("</html>\n")
    assert capsys.readouterr().out == "31 errands begun, 18 finished, from 2026-11-01 to 2026-11-30\n"


def test_or_from_the_centres(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = told(tmp_path, centre=tmp_path / "intake.db")
    assert command.run(asked, lambda: MONTH, at_centre, CATALOGUE) == FOUND_NOTHING_WRONG
    assert capsys.readouterr().out.startswith("2 errands begun")


def test_nothing_counted_is_told_by_the_status(tmp_path: Path) -> None:
    assert command.run(told(tmp_path), lambda: (), at_centre, CATALOGUE) == FOUND_SOMETHING_WRONG
    assert (tmp_path / "use.csv").exists()


@pytest.mark.parametrize("changes", [{"csv": None, "html": None}, {"csv": Path("/proc/none/use.csv")}], ids=str)
def test_where_it_cannot_go_is_used_wrongly(tmp_path: Path, changes: dict[str, object]) -> None:
    assert command.run(told(tmp_path, **changes), lambda: MONTH, at_centre, CATALOGUE) == USED_WRONGLY

"""The table of ease: the shortest finished errand of each service, what it replaces, and who misses the measure."""

from __future__ import annotations

from pathlib import Path

import msgspec

from kiosk.catalogue import OldWay
from kiosk.catalogue import files as catalogue_files
from tests import ease
from ui.tour.diary import Measured

SERVICES = catalogue_files.load(ease.SERVICES).services
LONG = Measured(
    visit="online",
    service="traffic.fines",
    channel="self_service",
    language="ar",
    outcome="finished",
    taps=7,
    characters=0,
    pages=7,
    seconds=9,
)
SHORT = msgspec.structs.replace(LONG, visit="own-fine", taps=6)
CERTIFICATE = msgspec.structs.replace(LONG, service="justice.non_conviction", taps=12)


def with_(service: str, **changes: object) -> list[object]:
    return [msgspec.structs.replace(one, **changes) if one.id == service else one for one in SERVICES]


def test_the_shortest_errand_that_was_finished_stands_in_the_table() -> None:
    left = msgspec.structs.replace(SHORT, taps=1, outcome="left")
    text, missed = ease.page((LONG, SHORT, left), SERVICES)
    assert "| Traffic fines | alone | 6 | 0 | 7 | 9 | not known | not known | not known | within 6 |\n" in text
    assert missed == []


def test_one_touch_too_many_is_told_where_the_service_gives_no_reason() -> None:
    assert ease.page((LONG,), SERVICES)[1] == ["traffic.fines: 7 touches, and no taps_reason in its file"]
    more = msgspec.structs.replace(CERTIFICATE, taps=13)
    assert ease.page((CERTIFICATE,), SERVICES)[1] == []
    assert len(ease.page((more,), SERVICES)[1]) == 1
    text, missed = ease.page((more,), with_(more.service, taps_reason="it is signed"))  # type: ignore[arg-type]
    assert missed == []
    assert "| it is signed |" in text


def test_the_measure_is_of_people_alone() -> None:
    counter = msgspec.structs.replace(LONG, channel="assisted", taps=40)
    assert ease.page((counter,), SERVICES)[1] == []


def test_what_it_replaces_stands_beside_it_with_its_source() -> None:
    before = OldWay(steps=5, minutes=40, source="a survey")
    text, _ = ease.page((SHORT,), with_("traffic.fines", old_way=before))  # type: ignore[arg-type]
    assert "| 5 | 40 | a survey (provisional) |" in text


def test_a_service_that_no_tour_has_lived_is_named() -> None:
    assert "`justice.non_conviction`" in ease.page((SHORT,), SERVICES)[0].splitlines()[-1]


def test_the_table_in_the_docs_is_of_this_form() -> None:
    head = ease.page((), ())[0]
    assert Path(ease.PAGE).read_text(encoding="utf-8").startswith(head.rstrip("\n"))

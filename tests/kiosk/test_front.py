"""What is put before people: in the order of use, for their segment, with what is in season; and its two files."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from kiosk.catalogue import Service
from kiosk.catalogue import files as catalogue_files
from kiosk.events import (
    AnotherService,
    Answered,
    BundleOpened,
    Cancelled,
    CardInserted,
    CardRemoved,
    Confirmed,
    FrontRead,
    LinesPicked,
    SegmentChosen,
    ServiceChosen,
    Started,
)
from kiosk.front import Front, Promoted, by_use, front_of, promoted, segment_of
from kiosk.identity import Identity
from kiosk.offers import Bundle, Offers, Season, load_offers
from kiosk.scene import Scene, State
from kiosk.wire import Words
from tests.kiosk.parts import SERVICES, Stage
from tests.ui.samples import ASSETS, FINES

SHIPPED = catalogue_files.load(ASSETS / "services").services
BUNDLE = Bundle(
    id="both",
    title=Words(ar="معًا", en="Together"),
    summary=Words(ar="", en=""),
    icon="list-checks",
    segment="citizen",
    services=(FINES.id, "other.service"),
)


def named(name: str, uses: int) -> Service:
    return msgspec.structs.replace(FINES, id=name, uses=uses)


A, B, C = named("a.a", 900), named("b.b", 100), named("c.c", 0)


def order(counts: Mapping[str, int]) -> list[str]:
    return [service.id for service in by_use((A, B, C), counts)]


def test_a_new_terminal_shows_the_country_s_order() -> None:
    assert order({}) == ["a.a", "b.b", "c.c"]


def test_one_visit_moves_nothing_and_many_do() -> None:
    assert order({"c.c": 1}) == ["a.a", "b.b", "c.c"]
    assert order({"c.c": 60, "a.a": 5}) == ["a.a", "c.c", "b.b"]
    assert order({"c.c": 500, "a.a": 5}) == ["c.c", "a.a", "b.b"]


def test_without_any_figures_the_order_is_kept() -> None:
    bare = tuple(named(name, 0) for name in ("x.x", "y.y"))
    assert by_use(bare, {}) == bare


MARCH, JULY = datetime.date(2026, 3, 31), datetime.date(2026, 7, 1)
SEASONS = (Season(months=(1, 2, 3), services=("b.b",)), Season(months=(7,), services=("c.c", "a.a")))


def test_what_is_in_season_is_promoted_and_then_what_people_use_here() -> None:
    counts = {"a.a": 30, "c.c": 5}
    assert promoted((A, B, C), SEASONS, counts, MARCH) == (
        Promoted("b.b", "season"),
        Promoted("a.a", "used here"),
        Promoted("c.c", "used here"),
    )
    assert promoted((A, B, C), SEASONS, {}, JULY) == (Promoted("a.a", "season"), Promoted("c.c", "season"))


def test_a_few_uses_are_nothing_to_tell_of() -> None:
    assert promoted((A, B, C), (), {"a.a": 19}, MARCH) == ()


def test_the_month_is_jordan_s() -> None:
    class Uses:
        def uses_of_services(self) -> Mapping[str, int]:
            return {}

    @dataclasses.dataclass
    class Set:
        moment: datetime.datetime

        def now(self) -> datetime.datetime:
            return self.moment

    clock = Set(datetime.datetime(2026, 6, 30, 20, 59, tzinfo=datetime.UTC))  # Amman is three hours ahead
    read = front_of((A, B, C), Offers(seasons=SEASONS), Uses(), clock)
    assert read().promoted == ()
    clock.moment += datetime.timedelta(minutes=1)
    assert [entry.service for entry in read().promoted] == ["a.a", "c.c"]


@pytest.mark.parametrize(("issuer", "segment"), [("JOR", "citizen"), ("", "citizen"), ("EGY", "resident")])
def test_the_document_says_which_home_is_opened(issuer: str, segment: str) -> None:
    assert segment_of(Identity(national_number="1", issuing_state=issuer)) == segment
    assert segment_of(None) == "citizen"


# ---------------------------------------------------------------- the files


def test_what_ships_names_services_that_ship() -> None:
    offers = load_offers(ASSETS / "services" / "bundles.toml", ASSETS / "promotions.toml", SHIPPED)
    assert offers.mistakes == ()
    assert offers.bundles
    assert offers.seasons


BUNDLES_FILE = """
[[bundles]]
id = "one"
segment = "citizen"
icon = "list-checks"
title = { ar = "أ", en = "A" }
summary = { ar = "أ", en = "A" }
services = %s
"""


@pytest.mark.parametrize(
    ("bundles", "promotions", "told"),
    [
        (BUNDLES_FILE % '["traffic.fines", "no.such"]', "", "bundles.toml bundles.one.services: 'no.such'"),
        (BUNDLES_FILE % '["traffic.fines"]', "", "bundles.toml bundles.one.services: one service is no bundle"),
        (BUNDLES_FILE % "1", "", "bundles.toml : Expected `array`"),
        (2 * (BUNDLES_FILE % '["traffic.fines", "post.box"]'), "", "bundles.toml bundles: two share one id"),
        ("", '[[seasons]]\nmonths = [13]\nservices = ["post.box"]', "promotions.toml seasons[0].months: not all"),
        ("", '[[seasons]]\nmonths = [1]\nservices = ["x"]', "promotions.toml seasons[0].services: 'x'"),
        ("", "[[", "promotions.toml : "),
    ],
)
def test_a_mistake_names_file_and_key_and_nothing_else_is_lost(
    tmp_path: Path, bundles: str, promotions: str, told: str
) -> None:
    (tmp_path / "bundles.toml").write_text(bundles, encoding="utf-8")
    (tmp_path / "promotions.toml").write_text(promotions, encoding="utf-8")
    offers = load_offers(tmp_path / "bundles.toml", tmp_path / "promotions.toml", SHIPPED)
    found = [f"{mistake.file} {mistake.key}: {mistake.what}" for mistake in offers.mistakes]
    assert any(line.startswith(told) for line in found), found
    assert all(mistake.remedy for mistake in offers.mistakes)


def test_without_the_files_nothing_is_offered_and_nothing_is_wrong(tmp_path: Path) -> None:
    assert load_offers(tmp_path / "a.toml", tmp_path / "b.toml", SHIPPED) == Offers()


# ---------------------------------------------------------------- in a visit


def at_home() -> Stage:
    stage = Stage()
    stage.visit.front = Front((*SERVICES, named("other.service", 0)), (BUNDLE,))
    return stage.feed(CardInserted()).work()


def seen(stage: Stage) -> Scene:
    """A call, so that a type checker does not take the scene for what it was before an event."""
    return stage.scenes[-1]


def test_a_segment_is_kept_for_the_visit_and_forgotten_with_it() -> None:
    stage = at_home()
    assert seen(stage).segment == "citizen"
    stage.feed(SegmentChosen("business"), ServiceChosen(FINES.id))
    assert seen(stage).segment == "business"
    stage.feed(Cancelled(), CardRemoved(), CardInserted()).work()
    assert seen(stage).segment == "citizen"


def test_a_bundle_stays_open_until_its_services_are_done_or_it_is_closed() -> None:
    stage = at_home()
    stage.feed(BundleOpened("both"))
    assert seen(stage).bundle == BUNDLE
    stage.feed(ServiceChosen(FINES.id), Started(), Answered("search_by", "mine")).work()
    stage.feed(LinesPicked(("F0",)), Confirmed()).work()
    assert stage.at() is State.DONE
    stage.feed(AnotherService()).work()
    assert stage.at() is State.CHOOSING_SERVICE
    assert seen(stage).bundle == BUNDLE
    assert seen(stage).bundle_done == (FINES.id,)
    stage.feed(BundleOpened(""))
    assert seen(stage).bundle is None
    assert seen(stage).bundle_done == ()


def test_what_was_only_begun_is_not_done() -> None:
    stage = at_home()
    stage.feed(BundleOpened("both"), ServiceChosen(FINES.id), ServiceChosen(FINES.id))
    assert seen(stage).bundle_done == ()


def test_the_front_is_read_again_after_each_visit_and_never_changes_before_a_person() -> None:
    stage = at_home()
    newer = Front(tuple(reversed(stage.visit.services)), promoted=(Promoted("other.service", "used here"),))
    stage.visit.parts = dataclasses.replace(stage.visit.parts, front=lambda: newer)
    before = stage.visit.front
    stage.feed(FrontRead(newer))
    assert stage.visit.front == before
    stage.feed(Cancelled(), CardRemoved()).work()
    assert stage.at() is State.IDLE
    assert stage.visit.front == newer
    assert seen(stage).promoted == newer.promoted


def test_a_front_that_cannot_be_read_leaves_the_old_one() -> None:
    def fails() -> Front:
        raise OSError

    stage = at_home()
    before = stage.visit.front
    stage.visit.parts = dataclasses.replace(stage.visit.parts, front=fails)
    stage.feed(Cancelled(), CardRemoved()).work()
    assert stage.visit.front == before

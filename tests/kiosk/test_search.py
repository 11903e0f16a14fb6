"""A service is found however its name is typed, and in no more time than a key press has."""

from __future__ import annotations

import time

import msgspec
import pytest

from kiosk.search import ServiceSearch, fold
from kiosk.wire import Words
from tests.ui.samples import FINES, services

SEVEN = ServiceSearch(services(7))


def ids(typed: str) -> list[str]:
    return [service.id for service in SEVEN.find(typed)]


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("إيصالات", "ايصالات"),
        ("مخالفة", "مخالفه"),
        ("مُخَالَفَةٌ", "مخالفه"),
        ("مخـــالفة", "مخالفه"),
        ("مستشفى", "مستشفي"),
        ("براءة", "براه"),
        ("١٢٣ ۴۵۶", "123 456"),
        ("  Vehicle-LICENCE ", "vehicle licence"),
        ("\u200fمخالفات\u200e", "مخالفات"),
    ],
)
def test_one_form_for_all_ways_of_typing(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("م", "traffic.fines"),
        ("مخالفه", "traffic.fines"),
        ("fi", "traffic.fines"),
        ("رخصة", "vehicle.licence"),
        ("رخصه مهن", "amman.profession"),
        ("إشتراك", "social.voluntary"),
        ("اختياري", "social.voluntary"),
        ("براءه", "tax.clearance"),
        ("براه ذمه", "tax.clearance"),
        ("parcel", "customs.parcel"),
        ("عدم", "justice.record"),
    ],
)
def test_the_service_that_is_meant_comes_first(typed: str, first: str) -> None:
    assert ids(typed)[0] == first


def test_what_people_call_it_finds_it_too() -> None:
    named = msgspec.structs.replace(FINES, id="other.thing", title=Words(ar="شيء", en="Thing"), words=("رادار",))
    plain = msgspec.structs.replace(named, id="plain.thing", words=())
    assert [service.id for service in ServiceSearch((plain, named)).find("رادار")] == ["other.thing"]


def test_nothing_typed_gives_all_and_nonsense_gives_none() -> None:
    assert ids("") == [service.id for service in services(7)]
    assert ids(" - ") == ids("")
    assert ids("zzz") == []
    assert ids("مخالفات zzz") == []


def test_four_hundred_services_are_searched_between_two_frames() -> None:
    many = tuple(
        msgspec.structs.replace(FINES, id=f"a.s{at}", title=Words(ar=f"خدمة رقم {at}", en=f"Service number {at}"))
        for at in range(400)
    )
    search = ServiceSearch(many)
    started = time.process_time()
    for _ in range(10):
        assert len(search.find("رقم 7")) > 1
    assert (time.process_time() - started) / 10 < 0.016  # one frame at 60 a second, of this thread's own work

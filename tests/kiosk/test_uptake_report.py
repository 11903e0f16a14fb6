"""How records become counts, medians and shares; and what is left out where too few people stand behind it."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from kiosk.feedback import Satisfaction, WhyUnhappy
from kiosk.uptake import Channel, Outcome, Uptake
from kiosk.uptake_report import FEWEST, sum_up, tally

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


def used(**changes: object) -> Uptake:
    known: dict[str, object] = {
        "record": uuid4(),
        "day": date(2026, 11, 24),
        "hour": 11,
        "terminal": "KRK3",
        "office_ar": "الكرك",
        "office_en": "Karak",
        "channel": Channel.SELF_SERVICE,
        "service": "traffic.fines",
        "language": "ar",
        "outcome": Outcome.FINISHED,
        "page": "done",
        "seconds": 120,
        "taps": 6,
        "characters": 0,
        "pages": 7,
    }
    return Uptake(**{**known, **changes})  # type: ignore[arg-type]  # the tests name real fields


def test_half_of_the_finished_errands_took_less_than_the_median() -> None:
    told = tally([used(seconds=seconds) for seconds in (60, 90, 100, 200, 600)])
    assert (told.started, told.finished_percent, told.seconds) == (5, 100, 100)


def test_what_was_not_finished_is_in_no_median() -> None:
    quick = [used(seconds=100)] * FEWEST
    assert tally([*quick, *[used(seconds=9_000, outcome=Outcome.LEFT)] * FEWEST]).seconds == 100


def test_too_few_people_have_no_median_and_no_opinion() -> None:
    few = [used(satisfaction=Satisfaction.BAD)] * (FEWEST - 1)
    told = tally(few)
    assert (told.started, told.seconds, told.taps, told.rated, told.satisfied_percent) == (4, None, None, None, None)
    told = tally([*few, used(satisfaction=Satisfaction.GOOD)])
    assert (told.seconds, told.rated, told.satisfied_percent) == (120, 5, 20)


def test_who_said_nothing_is_neither_content_nor_unhappy() -> None:
    told = tally([used(satisfaction=Satisfaction.EXCELLENT)] * FEWEST + [used()] * 100)
    assert (told.rated, told.satisfied_percent) == (FEWEST, 100)


def test_a_place_where_few_stopped_is_not_told() -> None:
    left = [used(outcome=Outcome.LEFT, page="steps/plate")] * FEWEST
    left += [used(outcome=Outcome.FAILED, page="signing")] * (FEWEST - 1)
    (stop,) = sum_up(left, FIRST, LAST).stops
    assert (stop.service, stop.page, stop.people) == ("traffic.fines", "steps/plate", FEWEST)


def test_what_was_kept_for_later_is_no_place_where_somebody_stopped() -> None:
    assert sum_up([used(outcome=Outcome.KEPT, page="quote")] * 50, FIRST, LAST).stops == ()


def test_few_reasons_are_not_told() -> None:
    unhappy = [used(satisfaction=Satisfaction.BAD, reason=WhyUnhappy.AMOUNT)] * (FEWEST - 1)
    assert sum_up(unhappy, FIRST, LAST).reasons == {}
    assert sum_up([*unhappy, unhappy[0]], FIRST, LAST).reasons == {WhyUnhappy.AMOUNT: FEWEST}


def test_both_days_are_included_and_no_other() -> None:
    days = (date(2026, 10, 31), FIRST, LAST, date(2026, 12, 1))
    assert sum_up([used(day=day) for day in days], FIRST, LAST).total.started == 2


def test_the_most_used_comes_first_and_months_stand_in_their_order() -> None:
    records = [used(service="justice.non_conviction", day=date(2026, 11, 2))]
    records += [used(day=date(2026, 10, 2)), used(day=date(2026, 12, 2))]
    report = sum_up(records, date(2026, 1, 1), date(2026, 12, 31))
    assert list(report.services) == ["traffic.fines", "justice.non_conviction"]
    assert list(report.months) == ["2026-10", "2026-11", "2026-12"]


@given(
    st.lists(
        st.builds(
            used,
            outcome=st.sampled_from(Outcome),
            channel=st.sampled_from(Channel),
            service=st.sampled_from(("traffic.fines", "justice.non_conviction", "")),
            day=st.dates(FIRST, date(2026, 12, 31)),
            satisfaction=st.sampled_from((*Satisfaction, None)),
        ),
        max_size=30,
    )
)
def test_every_way_of_counting_counts_the_same_errands(records: list[Uptake]) -> None:
    report = sum_up(records, FIRST, date(2026, 12, 31))
    ways = (report.services, report.offices, report.channels, report.months)
    assert [sum(tally.started for tally in way.values()) for way in ways] == [len(records)] * 4
    assert sum(row.tally.started for row in report.rows) == report.total.started == len(records)
    assert sum(row.tally.finished for row in report.rows) == report.total.finished

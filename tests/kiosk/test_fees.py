"""What a tariff makes of answers, day and channel: by examples, and by what must hold of every tariff."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.fees import Discount, Tariff, TariffLine, in_force, price, share
from kiosk.texts import LEGAL_TIME
from kiosk.wire import Words

NOON = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


def words(text: str) -> Words:
    return Words(ar=text, en=text)


def line(name: str, fils: int = 0, **rules: object) -> TariffLine:
    return TariffLine(id=name, title=words(name), amount_fils=fils, **rules)  # type: ignore[arg-type]  # by name


def tariff(
    *lines: TariffLine,
    discounts: tuple[Discount, ...] = (),
    first: date = date(2026, 1, 1),
    last: date | None = None,
    name: str = "t",
) -> Tariff:
    return Tariff(
        id=name,
        first_day=first,
        last_day=last,
        source=words("law"),
        provisional=False,
        lines=lines,
        discounts=discounts,
    )


def discount(percent: int, **rules: object) -> Discount:
    return Discount(id="d", title=words("less"), percent=percent, **rules)  # type: ignore[arg-type]  # by name


def test_lines_follow_the_answers() -> None:
    rent = tariff(
        line("small", 15_000, when={"size": "small"}, times="years"),
        line("other", 25_000, when={"size": ("medium", "large")}, times="years"),
        line("handling", 1_000),
    )
    small = price(rent, {"size": "small", "years": "3"}, NOON, "kiosk")
    assert [(fee.id, fee.amount_fils) for fee in small.fees] == [("small", 45_000), ("handling", 1_000)]
    large = price(rent, {"size": "large", "years": "1"}, NOON, "kiosk")
    assert [fee.id for fee in large.fees] == ["other", "handling"]
    assert large.total_fils == 26_000


def test_a_share_of_an_amount_is_rounded_to_the_fils_and_has_a_least() -> None:
    """17.5 % of 290 dinars is 50.750 (Social Security's voluntary subscription, as reported)."""
    contribution = tariff(line("contribution", 1_000, share_of="wage", per_mille=175))
    assert price(contribution, {"wage": "290000"}, NOON, "kiosk").total_fils == 50_750
    assert price(contribution, {"wage": "3"}, NOON, "kiosk").total_fils == 1_000


@pytest.mark.parametrize(("fils", "parts", "due"), [(1, 50, 1), (3, 50, 2), (101, 10, 10), (105, 10, 11), (0, 99, 0)])
def test_half_a_fils_is_a_fils(fils: int, parts: int, due: int) -> None:
    assert share(fils, parts, 100) == due


def test_what_is_waived_is_told_and_costs_nothing() -> None:
    waived = tariff(line("a", 5_000), line("b", 700), discounts=(discount(100, channels=("kiosk",), lines=("b",)),))
    alone = price(waived, {}, NOON, "kiosk").fees[1]
    assert (alone.full_fils, alone.amount_fils, alone.reductions) == (700, 0, (words("less"),))
    served = price(waived, {}, NOON, "counter").fees[1]
    assert (served.amount_fils, served.reductions) == (700, ())


def test_prices_change_at_midnight_in_jordan() -> None:
    """Which is 21:00 of the day before in UTC: a clock elsewhere must not decide it."""
    tariffs = (
        tariff(name="old", first=date(2026, 1, 1), last=date(2026, 12, 31)),
        tariff(name="new", first=date(2027, 1, 1)),
    )
    midnight = datetime(2027, 1, 1, tzinfo=LEGAL_TIME)
    assert midnight == datetime(2026, 12, 31, 21, 0, tzinfo=UTC)
    for moment, name in ((midnight - timedelta(microseconds=1), "old"), (midnight, "new")):
        found = in_force(tariffs, moment.astimezone(UTC))
        assert found is not None
        assert found.id == name


def test_no_tariff_is_none_before_the_first_day_and_after_the_last() -> None:
    only = (tariff(first=date(2026, 11, 27), last=date(2026, 11, 27)),)
    assert in_force(only, NOON) is only[0]
    assert in_force(only, NOON - timedelta(days=1)) is None
    assert in_force(only, NOON + timedelta(days=1)) is None


def test_a_price_holds_until_the_day_is_over_in_jordan() -> None:
    assert price(tariff(), {}, NOON, "kiosk").holds_until == datetime(2026, 11, 28, tzinfo=LEGAL_TIME)
    late = datetime(2026, 11, 27, 22, 30, tzinfo=UTC)  # 01:30 of the 28th there
    assert price(tariff(), {}, late, "kiosk").holds_until == datetime(2026, 11, 29, tzinfo=LEGAL_TIME)


LINES = st.builds(
    TariffLine,
    id=st.sampled_from("abcdef"),
    title=st.just(words("x")),
    amount_fils=st.integers(0, 10_000_000),
    times=st.sampled_from(["", "count"]),
    share_of=st.just(""),
    per_mille=st.just(0),
    when=st.sampled_from([{}, {"kind": "one"}, {"kind": ("one", "two")}]),
)
DISCOUNTS = st.builds(
    Discount,
    id=st.just("d"),
    title=st.just(words("less")),
    percent=st.integers(1, 100),
    channels=st.sampled_from([("kiosk",), ("counter",), ("kiosk", "counter")]),
    lines=st.lists(st.sampled_from("abcdef"), max_size=3).map(tuple),
    when=st.just({}),
)
TARIFFS = st.builds(
    tariff,
    discounts=st.lists(DISCOUNTS, max_size=3).map(tuple),
).flatmap(
    lambda one: st.lists(LINES, max_size=6, unique_by=lambda entry: entry.id).map(
        lambda lines: tariff(*lines, discounts=one.discounts)
    )
)
ANSWERS = st.fixed_dictionaries(
    {"count": st.integers(0, 99).map(str), "kind": st.sampled_from(["one", "two", "three"])}
)


@given(priced=TARIFFS, answers=ANSWERS, channel=st.sampled_from(["kiosk", "counter"]))
def test_of_every_price(priced: Tariff, answers: dict[str, str], channel: str) -> None:
    """No line is negative or dearer than in full; what is cheaper says why; the sum is that of the lines; the same
    answers make the same price."""
    found = price(priced, answers, NOON, channel)  # type: ignore[arg-type]  # one of the two
    assert all(0 <= fee.amount_fils <= fee.full_fils for fee in found.fees)
    assert all(fee.reductions for fee in found.fees if fee.amount_fils < fee.full_fils)
    assert found.total_fils == sum(fee.amount_fils for fee in found.fees)
    assert found == price(priced, answers, NOON + timedelta(hours=1), channel)  # type: ignore[arg-type]  # as above
    assert [fee.id for fee in found.fees] == [
        entry.id for entry in priced.lines if entry.id in {f.id for f in found.fees}
    ]

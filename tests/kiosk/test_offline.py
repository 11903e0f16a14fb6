"""What may be taken without a line: each limit alone, all of them as a property, and what the person meets."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.events import Confirmed, LineLost, ParkWanted, TryAgain
from kiosk.failures import Failure, Money, ServiceFailure
from kiosk.offline import FULL, HALF, NEARLY, Backlog, Bound, Limits, OfflinePolicy, OfflineRule, Use
from kiosk.scene import State
from tests.kiosk.parts import NOW, Stage
from tests.kiosk.test_interruptions import at_check, failure_of

FINES = "traffic.fines"
TERMINAL = Limits(greatest_fils=50_000, count=4, sum_fils=100_000, hours=24)
POLICY = OfflinePolicy(TERMINAL, {FINES: OfflineRule(allowed=True, count=2), "other": OfflineRule(allowed=True)})


def waits(service: str = FINES, *, count: int = 1, fils: int = 10_000, hours: int = 1) -> Backlog:
    return Backlog(service=service, count=count, sum_fils=fils, oldest_at=NOW - timedelta(hours=hours))


def refusal(
    *backlog: Backlog,
    service: str = FINES,
    fils: int = 10_000,
    line_is_up: bool = False,
    policy: OfflinePolicy = POLICY,
) -> Failure | None:
    try:
        policy.require_room(service, fils, backlog, NOW, line_is_up=line_is_up)
    except ServiceFailure as refused:
        return refused.failure
    return None


def test_nothing_waits_and_the_amount_is_within_its_limit() -> None:
    assert refusal() is None
    assert refusal(fils=50_000) is None


def test_a_service_that_does_not_say_so_needs_the_line() -> None:
    assert refusal(service="justice.certificate") is Failure.OFFLINE_NOT_ALLOWED
    assert refusal(service="justice.certificate", line_is_up=True) is None


def test_the_greatest_amount_is_the_smaller_of_both_and_is_told() -> None:
    with pytest.raises(ServiceFailure) as refused:
        POLICY.require_room(FINES, 50_001, (), NOW, line_is_up=False)
    assert (refused.value.failure, refused.value.values) == (Failure.ABOVE_OFFLINE_LIMIT, {"limit_fils": "50000"})
    own = OfflinePolicy(TERMINAL, {FINES: OfflineRule(allowed=True, greatest_fils=20_000)})
    assert refusal(fils=20_001, policy=own) is Failure.ABOVE_OFFLINE_LIMIT
    assert refusal(fils=50_001, line_is_up=True) is None


@pytest.mark.parametrize(
    "backlog",
    [
        (waits(count=2),),  # the service's own count
        (waits("other", count=4),),  # the terminal's, by another service
        (waits("", count=3), waits("other", count=1)),  # rows of an earlier release count for the terminal
        (waits("other", fils=90_001),),
        (waits("other", hours=24),),
    ],
)
def test_a_limit_that_is_reached_takes_nothing_more(backlog: tuple[Backlog, ...]) -> None:
    assert refusal(*backlog) is Failure.OFFLINE_FULL


def test_just_below_every_limit_one_more_is_taken() -> None:
    assert refusal(waits(count=1), waits("other", count=2, fils=80_000, hours=23)) is None


def test_with_a_line_one_old_item_does_not_close_the_terminal_but_too_many_do() -> None:
    assert refusal(waits("other", hours=500), line_is_up=True) is None
    assert refusal(waits("other", count=4), line_is_up=True) is Failure.OFFLINE_FULL


@given(
    st.lists(st.integers(1, 60_000), max_size=40),
    st.integers(1, 12),
    st.integers(1, 200_000),
)
def test_what_is_taken_never_exceeds_a_limit(amounts: list[int], count: int, total: int) -> None:
    policy = OfflinePolicy(Limits(count=count, sum_fils=total), {FINES: OfflineRule(allowed=True)})
    taken: list[int] = []
    for fils in amounts:
        backlog = (waits(count=len(taken), fils=sum(taken)),) if taken else ()
        fits = len(taken) < count and sum(taken) + fils <= total
        assert (refusal(*backlog, fils=fils, policy=policy) is None) is fits
        if fits:
            taken.append(fils)
    assert len(taken) <= count
    assert sum(taken) <= total


@pytest.mark.parametrize(("used", "level"), [(49, 0), (50, HALF), (79, HALF), (80, NEARLY), (99, NEARLY), (100, FULL)])
def test_staff_are_warned_at_half_nearly_and_full(used: int, level: int) -> None:
    assert Use("", Bound.COUNT, used, 100).warned_at == level


def test_the_most_used_limit_comes_first_and_hours_are_whole() -> None:
    uses = POLICY.uses((waits(count=1, fils=90_000, hours=23), waits("other")), NOW)
    assert uses[:3] == (
        Use("", Bound.SUM, 100_000, 100_000),
        Use("", Bound.AGE, 23, 24),
        Use("", Bound.COUNT, 2, 4),
    )
    assert POLICY.uses((), NOW)[0].used == 0


def test_without_limits_nothing_is_counted() -> None:
    assert OfflinePolicy(Limits(), {}).uses((waits(),), NOW) == ()


# -- what the person meets


def full() -> Stage:
    stage = at_check()
    stage.ledger.waits = (waits(count=500),)
    return stage


def test_a_full_terminal_takes_no_money_and_keeps_the_request() -> None:
    stage = full().feed(Confirmed()).work()
    assert (failure_of(stage), stage.visit.scene().money) == (Failure.OFFLINE_FULL, Money.NOTHING)
    assert stage.ledger.states == {}
    assert stage.payments.payments == {}
    assert stage.feed(ParkWanted()).work().at() is State.PARKED


def test_once_there_is_room_the_same_person_pays_without_typing_again() -> None:
    stage = full().feed(Confirmed()).work()
    stage.ledger.waits = ()
    stage.feed(TryAgain())
    assert stage.at() is State.CHECK_ANSWERS
    assert stage.feed(Confirmed()).work().at() is State.DONE


def test_when_the_line_goes_what_needs_it_is_told_at_once() -> None:
    stage = at_check(OfflinePolicy(Limits(), {}))
    stage.delivery.up = False
    stage.feed(LineLost())
    assert failure_of(stage) is Failure.OFFLINE_NOT_ALLOWED
    stage.feed(TryAgain())
    assert stage.at() is State.CHECK_ANSWERS, "the person is led back to what was agreed"
    stage.feed(Confirmed()).work()
    assert failure_of(stage) is Failure.OFFLINE_NOT_ALLOWED
    assert stage.ledger.states == {}
    stage.delivery.up = True
    stage.feed(TryAgain(), Confirmed()).work()
    assert stage.at() is State.DONE

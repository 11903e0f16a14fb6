"""The counter's rules without a disk: what may be a PIN, when a name is locked, what the journal may hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.staff import (
    COMMAND_LINE,
    LOCK_STEPS,
    NO_TRIES,
    PIN_LENGTH,
    PIN_TOO_PLAIN,
    TRIES,
    Moment,
    Refusal,
    Role,
    SignInRefused,
    StaffMember,
    Tries,
    carry_over,
    check_pin,
    count_try,
    is_impersonal,
    locked_for,
    may_oversee,
    plain_pin,
    tries_left,
    wipe,
)
from kiosk.wire import Words

START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def member(staff_id: str, role: Role, *, active: bool = True) -> StaffMember:
    return StaffMember(id=staff_id, name=Words(ar="رنا", en="Rana"), role=role, active=active)


def at(seconds: float = 0, *, boot: str = "a", wall_seconds: float | None = None) -> Moment:
    wall = seconds if wall_seconds is None else wall_seconds
    return Moment(START + timedelta(seconds=wall), boot, round(seconds * 10**9))


def locked_once() -> Tries:
    tries = NO_TRIES
    for _ in range(TRIES):
        tries = count_try(tries, at())
    return tries


# ---------------------------------------------------------------- the PIN


@pytest.mark.parametrize(
    ("typed", "mistake"),
    [
        ("271828", ""),
        ("٢٧١٨٢٨", ""),
        ("۲۷۱۸۲۸", ""),
        ("271828182845", ""),
        ("121212", ""),
        ("27182", PIN_LENGTH),
        ("2718281828459", PIN_LENGTH),
        ("27182a", PIN_LENGTH),
        ("27 182", PIN_LENGTH),
        ("²³¹²³¹", PIN_LENGTH),
        ("", PIN_LENGTH),
        ("777777", PIN_TOO_PLAIN),
        ("123456", PIN_TOO_PLAIN),
        ("١٢٣٤٥٦", PIN_TOO_PLAIN),
        ("789012", PIN_TOO_PLAIN),
        ("987654", PIN_TOO_PLAIN),
        ("210987", PIN_TOO_PLAIN),
    ],
)
def test_what_may_be_a_pin(typed: str, mistake: str) -> None:
    pin = bytearray(typed.encode())
    assert check_pin(pin) == mistake
    assert pin == typed.encode(), "a check changes nothing"


@given(st.text(alphabet="0123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", max_size=12))
def test_digits_of_any_hand_are_the_same_pin(typed: str) -> None:
    assert plain_pin(bytearray(typed.encode())).decode() == "".join(str(int(digit)) for digit in typed)


@given(st.binary(max_size=40))
def test_any_bytes_may_be_typed(typed: bytes) -> None:
    pin = bytearray(typed)
    assert check_pin(pin) in {"", PIN_LENGTH, PIN_TOO_PLAIN}
    wipe(pin)
    assert pin == bytes(len(typed))


# ---------------------------------------------------------------- the lock


def test_each_lock_lasts_longer_and_then_stays_so() -> None:
    tries, now = NO_TRIES, 0.0
    lasted = []
    for _ in range(4):
        left = []
        for _ in range(TRIES):
            tries = count_try(carry_over(tries, at(now)), at(now))
            left.append(tries_left(tries))
        assert left[:-1] == [4, 3, 2, 1]
        lasted.append(locked_for(tries, at(now)))
        now += lasted[-1].total_seconds()
        assert locked_for(tries, at(now - 1)) == timedelta(seconds=1)
        assert locked_for(tries, at(now)) == timedelta(0)
    assert lasted == [*LOCK_STEPS, LOCK_STEPS[-1]]


def test_a_lock_that_has_run_out_gives_new_tries() -> None:
    after = carry_over(locked_once(), at(301))
    assert (after.lock, tries_left(after)) == (None, TRIES)


@pytest.mark.parametrize("wall_seconds", [-(10**8), -1, 0, 10**8])
def test_within_one_boot_the_wall_clock_says_nothing(wall_seconds: float) -> None:
    locked = locked_once()
    assert locked_for(locked, at(299, wall_seconds=wall_seconds)) == timedelta(seconds=1)
    assert locked_for(locked, at(300, wall_seconds=wall_seconds)) == timedelta(0)


def test_after_a_restart_a_clock_that_was_set_back_shortens_nothing_and_holds_nobody_for_ever() -> None:
    back = carry_over(locked_once(), at(5, boot="b", wall_seconds=-(10**8)))
    assert locked_for(back, at(5, boot="b")) == LOCK_STEPS[0]
    assert locked_for(back, at(305, boot="b", wall_seconds=-(10**8))) == timedelta(0)


@given(
    st.lists(st.tuples(st.sampled_from(["wait", "restart", "set_back"]), st.integers(0, 200)), min_size=1, max_size=30)
)
def test_no_restart_and_no_clock_that_goes_back_shortens_a_lock(steps: list[tuple[str, int]]) -> None:
    tries = locked_once()
    passed, boot, booted_at, set_back = 0, 0, 0, 0
    for act, amount in steps:
        if act == "wait":
            passed += amount
        elif act == "restart":
            boot, booted_at = boot + 1, passed
        else:
            set_back += amount
        now = at(passed - booted_at, boot="a" if boot == 0 else str(boot), wall_seconds=passed - set_back)
        tries = carry_over(tries, now)
        rest = locked_for(tries, now).total_seconds()
        assert rest >= LOCK_STEPS[0].total_seconds() - passed
        assert rest <= LOCK_STEPS[0].total_seconds()


def test_tries_survive_being_written() -> None:
    tries = locked_once()
    assert msgspec.json.decode(msgspec.json.encode(tries), type=Tries) == tries


# ---------------------------------------------------------------- who may do what, and what is said of it


def test_who_may_oversee_whom() -> None:
    clerk, supervisor, technician = (member(role.value, role) for role in Role)
    left = member("left", Role.SUPERVISOR, active=False)
    assert may_oversee(supervisor, clerk)
    assert may_oversee(supervisor, technician)
    assert may_oversee(COMMAND_LINE, supervisor)
    for by, whom in ((supervisor, supervisor), (clerk, clerk), (technician, clerk), (clerk, technician), (left, clerk)):
        assert not may_oversee(by, whom)


@pytest.mark.parametrize("detail", ["", "KRK3-000001", "K7QM-2XWD", "0192f0c1-7d3e-7abc-8def-123456789012", "rana"])
def test_references_may_stand_in_the_journal(detail: str) -> None:
    assert is_impersonal(detail)


@pytest.mark.parametrize("detail", ["9991112223", "number 9991112223", "مريم", "٩٩٩١١١٢٢٢٣", "a" * 81, "a\nb"])
def test_people_may_not(detail: str) -> None:
    assert not is_impersonal(detail)


def test_a_refusal_shows_nothing() -> None:
    refused = SignInRefused(Refusal.UNKNOWN_OR_WRONG, tries_left=3)
    assert (repr(refused), str(refused)) == ("SignInRefused()", "")

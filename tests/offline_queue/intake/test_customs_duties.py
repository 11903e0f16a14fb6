"""What is due on goods: a small parcel's tax and its minimum, duty and tax above it; the number of a postal item."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from offline_queue.intake.agencies.customs_duties import Goods, of_goods, of_parcel, paid_for, rule_of, service_charge
from offline_queue.intake.agencies.customs_file import on_file
from offline_queue.intake.agencies.customs_numbers import check_digit, is_sound, plain_number

FILE = on_file()
(RULE,) = FILE.rules
TAX = FILE.terms.tax_per_mille
CLOTHING, BOOKS = FILE.kind("clothing"), FILE.kind("books")
KINDS = st.sampled_from(FILE.goods)


def parcel(value_fils: int, goods: str = "clothing") -> dict[str, int]:
    return {charge.id: charge.fils for charge in of_parcel(RULE, TAX, FILE.kind(goods), value_fils)}


@pytest.mark.parametrize(
    ("value_fils", "due"),
    [
        (1, {"tax": 5_000}),
        (31_249, {"tax": 5_000}),
        (31_250, {"tax": 5_000}),  # where 16 % comes to the minimum
        (31_254, {"tax": 5_001}),
        (84_500, {"tax": 13_520}),
        (200_000, {"tax": 32_000}),
        (200_001, {"duty": 30_000, "tax": 36_800}),
        (640_000, {"duty": 96_000, "tax": 117_760}),
        (1_000_000, {"duty": 150_000, "tax": 184_000}),
    ],
)
def test_up_to_200_dinars_tax_alone_and_above_it_duty_too(value_fils: int, due: dict[str, int]) -> None:
    assert parcel(value_fils) == due


def test_goods_without_a_duty_have_no_line_of_one() -> None:
    assert parcel(310_000, "books") == {"tax": 49_600}
    assert [charge.id for charge in of_goods(TAX, BOOKS, 2_400_000)] == ["tax"]


def test_each_line_says_how_it_came_to_its_amount_in_both_languages() -> None:
    (least,) = of_parcel(RULE, TAX, CLOTHING, 10_000)
    (small,) = of_parcel(RULE, TAX, CLOTHING, 84_500)
    duty, tax = of_parcel(RULE, TAX, CLOTHING, 640_000)
    said = [charge.reason.en for charge in (least, small, duty, tax) if charge.reason]
    assert said == [
        "The least for a parcel, rules of 1/2/2026 as the press reported them",
        "16% of 84.500 JD, rules of 1/2/2026 as the press reported them",
        "15% of 640.000 JD, clothing",
        "16% of value and duty",
    ]
    assert all(charge.reason and charge.reason.ar for charge in (least, small, duty, tax))


def test_a_line_names_what_it_is_of() -> None:
    assert service_charge(10_000).line("31207").id == "31207:service"
    assert paid_for("31207:service") == "31207"


@given(st.integers(1, 1_000_000), st.integers(1, 1_000_000), KINDS)
def test_a_dearer_parcel_never_pays_less(one: int, other: int, goods: Goods) -> None:
    less, more = sorted((one, other))
    first = sum(charge.fils for charge in of_parcel(RULE, TAX, goods, less))
    second = sum(charge.fils for charge in of_parcel(RULE, TAX, goods, more))
    assert RULE.least_tax_fils <= first <= second


@given(st.integers(0, 10**10), st.integers(0, 1000), st.integers(0, 1000))
def test_duty_and_tax_are_their_shares_to_half_a_fils(value: int, duty_per_mille: int, tax_per_mille: int) -> None:
    goods = msgspec.structs.replace(CLOTHING, duty_per_mille=duty_per_mille)
    due = {charge.id: charge.fils for charge in of_goods(tax_per_mille, goods, value)}
    duty, tax = due.get("duty", 0), due.get("tax", 0)
    assert abs(1000 * duty - duty_per_mille * value) <= 500
    assert abs(1000 * tax - tax_per_mille * (value + duty)) <= 500


def test_the_rule_is_that_of_the_day() -> None:
    later = msgspec.structs.replace(RULE, first_day=date(2027, 1, 1), least_tax_fils=7_000)
    assert rule_of((RULE, later), date(2026, 1, 31)) is None
    assert rule_of((later, RULE), date(2026, 2, 1)) is RULE
    assert rule_of((RULE, later), date(2026, 12, 31)) is RULE
    assert rule_of((RULE, later), date(2027, 1, 1)) is later


# ---------------------------------------------------------------- the number of a postal item (UPU S10)


@pytest.mark.parametrize("number", ["RR473124829GB", "EE471108151FR", "EB000717618HK", "CP204177335DE"])
def test_numbers_that_are_formed_by_the_standard_are_sound(number: str) -> None:
    assert is_sound(number)


@pytest.mark.parametrize("number", ["", "RR473124828GB", "473124829", "RR47312482GB", "R1473124829GB", "RR473124829G"])
def test_what_is_cut_or_altered_is_not(number: str) -> None:
    assert not is_sound(number)


@pytest.mark.parametrize(("serial", "digit"), [("96633102", 0), ("00071759", 5), ("00071758", 1), ("76129403", 8)])
def test_what_would_be_ten_is_0_and_what_would_be_eleven_is_5(serial: str, digit: int) -> None:
    assert check_digit(serial) == digit


@given(st.integers(0, 99_999_999), st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_is_told_but_where_two_remainders_share_a_digit(serial: int, place: int, by: int) -> None:
    """S10 writes 5 for what would be 11, and so cannot tell it from a true 5: then alone two serials look alike."""
    right = f"{serial:08d}"
    wrong = right[:place] + str((int(right[place]) + by) % 10) + right[place + 1 :]
    assume(check_digit(right) not in {0, 5})
    assert check_digit(wrong) != check_digit(right)


def test_spaces_small_letters_and_other_digits_do_not_matter() -> None:
    assert plain_number(" cp 204-177 335 de ") == plain_number("CP٢٠٤١٧٧٣٣٥DE") == "CP204177335DE"


def test_every_parcel_on_file_has_a_sound_number() -> None:
    assert [parcel.number for parcel in FILE.parcels if not is_sound(parcel.number)] == []

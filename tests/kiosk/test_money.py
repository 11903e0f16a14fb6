"""Amounts as they are written and as a clerk types them."""

from __future__ import annotations

import pytest

from kiosk.money import dinars, fils_of, likely_tendered


@pytest.mark.parametrize(
    ("typed", "fils"),
    [("50", 50_000), ("42.5", 42_500), (" 42,500 ", 42_500), ("٥٠٫٢٥", 50_250), ("0.005", 5), ("7.", 7_000)],
)
def test_an_amount_is_taken_as_it_is_typed(typed: str, fils: int) -> None:
    assert fils_of(typed) == fils


@pytest.mark.parametrize("typed", ["", "-5", "5.0001", "1.2.3", "five", "1000000", "5-"])
def test_what_is_no_amount_is_not_guessed(typed: str) -> None:
    assert fils_of(typed) is None


def test_what_is_written_is_read_again() -> None:
    for fils in (0, 5, 12_500, 99_999_999):
        assert fils_of(dinars(fils).replace(",", "")) == fils


def test_what_is_likely_to_be_handed_over() -> None:
    assert likely_tendered(42_500) == (42_500, 45_000, 50_000, 60_000)
    assert likely_tendered(12_500) == (12_500, 15_000, 20_000, 50_000)
    assert likely_tendered(20_000) == (20_000, 50_000)

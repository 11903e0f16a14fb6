"""The size of a batch beside a model of a narrow line: one that carries so much within the time-out, and no more."""

from __future__ import annotations

import pytest

from offline_queue.batch_size import BatchSize

MOST_ITEMS, MOST_BYTES = 500, 256 * 1024


def send(size: BatchSize, carries: int, item: int) -> bool:
    """One batch of items that are `item` bytes long, as full as it may be; whether it passed."""
    items = max(1, min(size.items, size.bytes // item))
    if items * item <= carries:
        size.passed()
        return True
    size.failed(items, items * item)
    return False


@pytest.mark.parametrize("item", [900, 3_000, 20_000])
@pytest.mark.parametrize("carries", [20_000, 45_000, 80_000, 200_000])
def test_on_a_narrow_line_at_most_one_try_in_ten_fails(carries: int, item: int) -> None:
    size = BatchSize(MOST_ITEMS, MOST_BYTES)
    while not send(size, carries, item):
        pass
    tries = [send(size, carries, item) for _ in range(1000)]
    assert tries.count(False) <= 100
    assert size.bytes >= min(carries, MOST_BYTES) // 4, "so little that the line is not used"


def test_a_line_that_was_only_cut_is_soon_used_fully_again() -> None:
    """Cut until a batch had only two items left."""
    size = BatchSize(MOST_ITEMS, MOST_BYTES)
    while size.items > 1:
        size.failed(size.items, size.bytes)
    tries = 0
    while not size.is_whole:
        assert send(size, MOST_BYTES, 1_000)
        tries += 1
    assert tries <= 40


def test_a_single_item_that_does_not_pass_says_nothing_about_the_size() -> None:
    size = BatchSize(MOST_ITEMS, MOST_BYTES)
    for _ in range(100):
        size.failed(1, 5_000)
    assert size.is_whole


def test_what_was_too_much_is_what_was_sent_not_what_might_have_been() -> None:
    size = BatchSize(MOST_ITEMS, MOST_BYTES)
    size.failed(8, 24_000)
    assert size.bytes == 12_000


def test_no_bound_is_ever_less_than_one_item() -> None:
    size = BatchSize(3, 1_000)
    for _ in range(10):
        size.failed(2, 10)
    assert (size.items, size.bytes) >= (1, 1)

"""How much is sent at once: less after a batch that did not pass, then slowly more.

Halved at a failure and raised by equal steps (AIMD: Chiu and Jain, 1989; TCP's congestion avoidance, RFC 5681, section
3.1), the size stays just below what a narrow line carries within the time-out, instead of being found anew by failing.
"""

from __future__ import annotations

from typing import Final

_STEPS: Final = 16
"""Batches that pass between the half of what failed and the whole: about one try in seventeen then fails again."""


class BatchSize:
    """Bounds of a batch, in items and in bytes, at most those given. A single item always goes, whatever its size."""

    def __init__(self, most_items: int, most_bytes: int) -> None:
        self._most_items, self._most_bytes = most_items, most_bytes
        self._share = 1.0  # of the most
        self._failed_at = 1.0
        self._step = 1.0

    @property
    def items(self) -> int:
        return max(1, int(self._most_items * self._share))

    @property
    def bytes(self) -> int:
        return max(1, int(self._most_bytes * self._share))

    @property
    def is_whole(self) -> bool:
        return self._share >= 1.0

    def passed(self) -> None:
        """A batch was answered. Where even what once failed passes, the line is a better one now, and the steps double:
        a line that was only cut is soon used fully again."""
        if self._share >= self._failed_at:
            self._step *= 2
        self._share = min(1.0, self._share + self._step)

    def failed(self, items: int, size: int) -> None:
        """A batch of so many items and bytes did not pass. A single item says nothing: it cannot be made smaller."""
        if items == 1:
            return
        used = max(items / self._most_items, size / self._most_bytes)
        self._failed_at = min(self._share, used)
        self._share = self._failed_at / 2
        self._step = self._share / _STEPS

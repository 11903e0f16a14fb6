"""Reads a trace of system calls: how often what was written was forced to the disk between two marks."""

from __future__ import annotations

import re

_SYNC = re.compile(r"\b(fsync|fdatasync)\(")


def syncs_for_each(trace: str, mark: str) -> list[int]:
    """`trace` as strace writes it; each opening of a file whose name contains `mark` begins a new count, and what
    follows the last is not counted. A call that was interrupted by another thread's is counted where it begins.

    Raises ValueError where there are fewer than two marks.
    """
    counts: list[int] = []
    for line in trace.splitlines():
        if "openat(" in line and mark in line:
            counts.append(0)
        elif counts and _SYNC.search(line):
            counts[-1] += 1
    if len(counts) < 2:
        raise ValueError(f"{mark!r} does not stand in the trace twice")
    return counts[:-1]

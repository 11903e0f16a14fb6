"""Do the baskets of a ledger balance? What one movement of money took is what was agreed for it, no more and no less,
and all of it is committed, or nothing is.

A transaction that is paid by itself is checked where it stands: its one payment has its own amount.
"""

from __future__ import annotations

from collections.abc import Iterator

from offline_queue.chain import Captured, Problem, Sum, problem


def check_baskets(found: Sum) -> Iterator[Problem]:
    for movement, parts in found.captured.items():
        for what in _wrong(found, parts):
            yield problem(f"payment {movement}", what)


def _wrong(found: Sum, parts: list[Captured]) -> Iterator[str]:
    together = parts[0].together
    if any(part.together != together for part in parts):
        yield "the parts that it pays do not say the same of it"
    agreed = sum(part.amount_fils for part in parts)
    if agreed != together.total_fils:
        yield f"{together.total_fils} fils were taken, and {agreed} fils agreed to"
    if len({part.basket for part in parts}) > 1:
        yield "it pays for more than one basket"
    if len({part.transaction for part in parts}) != len(parts):
        yield "it pays for one transaction twice"
    committed = {found.rows[part.transaction].committed_sequence is not None for part in parts}
    if len(committed) > 1:
        yield "a part of what it pays is committed, and a part is not"

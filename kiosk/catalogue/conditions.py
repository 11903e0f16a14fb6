"""What is wrong with a condition: it can only name choices, and of each what is offered there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from kiosk.catalogue import Step
from kiosk.catalogue.types import ASK_THE_RANGE, Told
from kiosk.fees import Condition

_IN_RANGES: Final = frozenset({"number", "amount", "date"})


def mistakes_of_condition(key: str, condition: Condition, steps: Mapping[str, Step]) -> Iterator[Told]:
    for other, wanted in condition.items():
        if other in steps and steps[other].kind != "choice":
            kind = steps[other].kind
            remedy = ASK_THE_RANGE if kind in _IN_RANGES else "Ask it as a choice"
            yield key, f"{other} is {_called(kind)}; a condition can only name a choice", remedy
            continue
        offered = {option.id for option in steps[other].options} if other in steps else set()
        for answer in (wanted,) if isinstance(wanted, str) else wanted:
            if answer not in offered:
                remedy = f"Use one of: {', '.join(sorted(offered)) or 'the options of a choice'}"
                yield key, f"waits for {other} = {answer!r}, which no step offers", remedy


def _called(kind: str) -> str:
    return f"{'an' if kind == 'amount' else 'a'} {kind.replace('_', ' ')}"

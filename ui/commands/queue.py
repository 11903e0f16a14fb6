"""`queue`: the ledger and what waits in it; delivered now, compared with the centre, or made anew where it differs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from ui.commands import FOUND_NOTHING_WRONG, FOUND_SOMETHING_WRONG
from ui.commands.records import show, show_table

_LIST = ("message", "kind", "receipt_number", "state", "amount_fils", "committed_at", "attempts", "problem")
_ATTENTION = ("receipt_number", "service", "amount_fils", "method", "code", "words_en", "explained", "refund")

Answer = tuple[msgspec.Struct, bool]
"""What was found or done, and whether all is as it should be."""


class Difference(Protocol):
    """Where something did not say what the entries say, and what that was."""

    @property
    def place(self) -> str: ...

    @property
    def what(self) -> str: ...


class Desk(Protocol):
    """The ledger beside the terminal's program; `rebuild` only once that has been stopped."""

    def status(self) -> msgspec.Struct: ...

    def items(self) -> Sequence[msgspec.Struct]: ...

    def attention(self) -> Sequence[msgspec.Struct]: ...

    def rebuild(self) -> Sequence[Difference]: ...


def run(
    arguments: argparse.Namespace, desk: Desk, *, deliver: Callable[[], Answer | None], verify: Callable[[], Answer]
) -> int:
    """`deliver` answers None where the centre cannot be asked."""
    match arguments.what:
        case "status":
            answer: Answer | None = (desk.status(), True)
        case "list":
            show_table(desk.items(), _LIST, as_json=arguments.json)
            return FOUND_NOTHING_WRONG
        case "attention":
            show_table(desk.attention(), _ATTENTION, as_json=arguments.json)
            return FOUND_NOTHING_WRONG
        case "sync":
            answer = deliver()
        case _:
            if arguments.rebuild:
                for made in desk.rebuild():
                    tell(f"Made anew: {made.place}: {made.what}")
            answer = verify()
    if answer is None:
        return FOUND_SOMETHING_WRONG
    facts, as_it_should_be = answer
    show(facts, as_json=arguments.json)
    return FOUND_NOTHING_WRONG if as_it_should_be else FOUND_SOMETHING_WRONG


def tell(what: str) -> None:
    """Beside the answer, which goes to standard output."""
    print(what, file=sys.stderr)

"""`receipt verify`: is this receipt genuine? By the text of its code, or by the PDF that was printed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from ui.commands import FOUND_NOTHING_WRONG, FOUND_SOMETHING_WRONG
from ui.commands.records import show


def code_of(arguments: argparse.Namespace, read_code: Callable[[bytes], str | None]) -> str:
    """The text of the code; "" for a paper that has none."""
    given: str = arguments.receipt
    if given.endswith(".pdf"):
        return read_code(Path(given).read_bytes()) or ""
    return given


def tell(claims: msgspec.Struct | None, reason: str, *, as_json: bool) -> int:
    """What a genuine receipt claims; `reason` is why another is none."""
    if claims is None:
        print(f"NOT GENUINE: {reason}", file=sys.stderr)
        return FOUND_SOMETHING_WRONG
    show(claims, as_json=as_json)
    return FOUND_NOTHING_WRONG

"""`card profile check`: every mistake in the file of one kind of cards, and what in it is provisional."""

from __future__ import annotations

from collections.abc import Sequence

from ui.commands import FOUND_NOTHING_WRONG, FOUND_SOMETHING_WRONG
from ui.commands.output import print_json


def check(file: str, mistakes: Sequence[tuple[str, str]], *, provisional: Sequence[str], as_json: bool) -> int:
    """`mistakes` are key and message; `provisional` is what a provisional profile says of its sources."""
    if as_json:
        told = [{"key": key, "message": message} for key, message in mistakes]
        print_json({"file": file, "mistakes": told, "provisional": list(provisional)})
    else:
        for key, message in mistakes:
            print(f"{file}: {key}: {message}" if key else f"{file}: {message}")
        print(f"{file}: {len(mistakes)} mistakes")
        for source in provisional:
            print(f"provisional: {source}")
    return FOUND_SOMETHING_WRONG if mistakes else FOUND_NOTHING_WRONG

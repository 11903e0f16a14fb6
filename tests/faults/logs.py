"""Whether anything personal got into a log: every log of the program and of its parts, searched for what it knew."""

from __future__ import annotations

from pathlib import Path

NAMES = ("سلمى", "الياسمين", "SALMA", "Salma", "ALYASMEEN", "IDJOR", "<<<")
LOUD = "devices.cards"
"""Only the card path's own log, at its loudest, says this name: without it the search would prove nothing."""


def personal(folder: Path, card: Path, plate: str) -> list[str]:
    """`card` is the card that was read, `plate` how every plate that was typed begins."""
    lines = (card / "mrz.txt").read_text(encoding="ascii").split()
    planted = [*NAMES, plate, *lines, lines[0][5:14].rstrip("<"), lines[0][15:25].rstrip("<")]
    told = {file: file.read_text(errors="replace") for file in sorted(folder.rglob("*.log"))}
    found = [
        f"{file.name} holds {text!r}" for file, log in told.items() for text in planted if len(text) > 2 and text in log
    ]
    return found if any(LOUD in log for log in told.values()) else [*found, "the card path's log is not on"]

"""Writes docs/card-verdicts.md: what `card read --json` says of every virtual card, on a real card service.

    python -m tests.devices.cards.verdicts

reads the cards of build/demo/cards, one by one, through the program's own command.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from devices.cards.trust.imports import take_newer_revocations
from devices.cards.trust.store import Policy
from devices.virtual.stage import Stage

ROOT = Path(__file__).resolve().parents[3]
DOCUMENT = ROOT / "docs" / "card-verdicts.md"
DEMO = ROOT / "build" / "demo"
INTAKE = [sys.executable, "-m", "offline_queue.intake", "--keys", str(DEMO / "keys")]

HEAD = """# What the reader says of every virtual card

Made by `python -m tests.devices.cards.verdicts`, which puts each card into a virtual reader behind a real card service
and runs `main.py card read --json`. `tests/devices/cards/test_verdicts.py` reads the same cards and fails where this
page no longer holds. What each card is made of stands in `devices/virtual/issuer/`: `cards.py` has the demonstration's,
`laboratory.py` the good ones of every kind, `faults.py` those with a fault.

A card that is *forged* or *cloned* is refused by one page for the person ("We could not confirm the card as genuine");
the reasons are the technician's. *genuine* with "chip cannot be proven" is a card whose issuer gave its chip no key: a
copy of its files cannot be told from it, and a profile that says `chip_proof = "required"` refuses it.

Where the issuer gave the chip a key, the chip must prove that it has it. It counts who is to blame where it does not:

- *cloned*: another key answers, or the chip refuses, or it says that a length does not suit it which fits a short
  command, or which it has just taken for a file.
- *not_checkable*: nothing shows whether it has the key, and the card may have chosen so: it takes no such length at
  all, its PACE-CAM failed, or a file of its own cannot be checked.
- *genuine*, and "chip not proven" tells why: this terminal is to blame, as its reader carries short commands only, or
  it lacks the algorithm that the issuer signed.

One way that succeeds is enough.

| card | verdict | access | why |
|---|---|---|---|
"""


def row(card: str, told: dict[str, Any]) -> str:
    verdict = told.get("verdict") or "not read"
    why = "; ".join(told.get("reasons", [])) or told["failure"]
    return f"| {card} | {verdict} | {told.get('access', '')} | {why} |\n"


def rows() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder, stage(Path(folder)) as parts:
        for kind in ("cards", "laboratory"):
            for card in sorted((DEMO / "cards" / kind).iterdir()):
                parts.insert_folder(card)
                yield row(f"{kind}/{card.name}", _read(parts, card))
                parts.pull_card()


@contextlib.contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    cards, now = DEMO / "cards", datetime.datetime.now(datetime.UTC)
    take_newer_revocations(cards / "anchors", (cards / "crls").glob("*.crl"), Policy(), now)
    with Stage(folder, INTAKE, keys=DEMO / "keys", cards=cards) as opened:
        yield opened


def _read(parts: Stage, card: Path) -> dict[str, Any]:
    command = [sys.executable, "main.py", "card", "read", "--json", "--settings", str(parts.settings_file)]
    number = "" if (card / "mrz.txt").exists() else _number(card)
    done = subprocess.run(
        [*command, *(["--ask-access-number"] if number else [])],
        cwd=ROOT,
        env={**os.environ, **parts.environment},
        input=number,
        capture_output=True,
        text=True,
        check=False,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _number(card: Path) -> str:
    file = card / "can.txt"
    return file.read_text(encoding="ascii") if file.exists() else ""


def main() -> None:
    DOCUMENT.write_text(HEAD + "".join(rows()), encoding="utf-8")


if __name__ == "__main__":
    main()

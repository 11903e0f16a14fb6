"""`python -m tests.ease [TOUR ...]`: how easy each service is, out of tours; writes docs/ease.md.

A tour (`main.py tour --out build/tour`; of every service alone `main.py tour --all-services`) leaves in `tour.json`
what the program counted of each errand. Of each service and channel the shortest errand that was finished stands in the
table, beside what it replaces: what somebody needs who knows the way.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from kiosk.catalogue import Service
from kiosk.catalogue import files as catalogue_files
from kiosk.uptake import Channel, Outcome
from ui.tour.diary import Measured

ROOT: Final = Path(__file__).resolve().parents[1]
TOUR: Final = ROOT / "build" / "tour" / "tour.json"
PAGE: Final = ROOT / "docs" / "ease.md"
SERVICES: Final = ROOT / "assets" / "services"

MOST_TAPS: Final = 12
MOST_TAPS_OF_ONE_FINE: Final = 6
ONE_FINE: Final = "traffic.fines"

_CHANNELS: Final[Mapping[str, str]] = {Channel.SELF_SERVICE: "alone", Channel.ASSISTED: "with a clerk"}
_HEAD: Final = f"""# How easy each service is

Made by `python -m tests.ease` out of tours; not written by hand. Each line is the shortest errand of that service that
they finished: from the card going in to the receipt. *Touched* are touches of the screen, at the window also keys
that write nothing; *typed* are characters; *pages* those that ask or tell something. *Seconds* are what the program
itself took, with a hand that never thinks: how long the machine lets people wait, not how long people need.

The programme's measure: a known citizen pays one fine with at most {MOST_TAPS_OF_ONE_FINE} touches, alone; any other
service takes at most {MOST_TAPS}, or its file says why not (`taps_reason`). What a service replaces is in its file too
(`old_way`), with its source; what is not publicly known is not guessed here.

| service | channel | touched | typed | pages | seconds | before: steps | before: minutes | source | |
|---|---|---|---|---|---|---|---|---|---|
"""


class Tour(msgspec.Struct, frozen=True):
    """Of `tour.json`, what is read here."""

    measures: tuple[Measured, ...]


def shortest(measures: Iterable[Measured]) -> dict[tuple[str, str], Measured]:
    """By service and channel."""
    best: dict[tuple[str, str], Measured] = {}
    for one in measures:
        key = (one.service, one.channel)
        if one.outcome == Outcome.FINISHED and (key not in best or _effort(one) < _effort(best[key])):
            best[key] = one
    return dict(sorted(best.items()))


def page(measures: Iterable[Measured], services: Iterable[Service]) -> tuple[str, list[str]]:
    """The table, and what misses the programme's measure without a reason beside it."""
    known = {service.id: service for service in services}
    lines, missed = [], []
    for one in shortest(measures).values():
        service = known[one.service]
        said = _verdict(one, service)
        if said == _MISSED:
            missed.append(f"{one.service}: {one.taps} touches, and no taps_reason in its file")
        lines.append(_line(one, service, said))
    toured = {one.service for one in measures if one.outcome == Outcome.FINISHED}
    unseen = [f"`{service}`" for service in sorted(known.keys() - toured)]
    rest = f"\nNot yet in a tour: {', '.join(unseen)}.\n" if unseen else ""
    return _HEAD + "".join(lines) + rest, missed


_MISSED: Final = "**too many**"


def _verdict(one: Measured, service: Service) -> str:
    if one.channel != Channel.SELF_SERVICE:
        return ""
    allowed = MOST_TAPS_OF_ONE_FINE if one.service == ONE_FINE else MOST_TAPS
    if one.taps <= allowed:
        return f"within {allowed}"
    return service.taps_reason or _MISSED


def _line(one: Measured, service: Service, said: str) -> str:
    before = service.old_way
    steps, minutes, source = ("not known",) * 3 if before is None else (before.steps, before.minutes, before.source)
    if before is not None and before.provisional:
        source = f"{source} (provisional)"
    counted = (one.taps, one.characters, one.pages, one.seconds)
    fields = (service.title.en, _CHANNELS[one.channel], *counted, steps, minutes, source, said)
    return "| " + " | ".join(str(field) for field in fields) + " |\n"


def _effort(one: Measured) -> tuple[int, int, int]:
    return one.taps + one.characters, one.pages, one.seconds


def main() -> int:
    """Status 1 where a service misses the measure without a reason, 2 without a tour."""
    parser = argparse.ArgumentParser(prog="tests.ease", description="The table of ease, out of a tour.")
    parser.add_argument("tours", type=Path, nargs="*", default=[TOUR], help="their tour.json (build/tour/tour.json)")
    parser.add_argument("--out", type=Path, default=PAGE, help="the table (docs/ease.md)")
    chosen = parser.parse_args()
    measures: list[Measured] = []
    for file in chosen.tours:
        try:
            measures += msgspec.json.decode(file.read_bytes(), type=Tour).measures
        except OSError as error:
            sys.stderr.write(f"{file}: {error.strerror}: run `python main.py tour` first\n")
            return 2
    text, missed = page(measures, catalogue_files.load(SERVICES).services)
    chosen.out.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    for told in missed:
        sys.stderr.write(f"{told}\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

"""What of a sound service's file is probably not meant: the service runs, and somebody should look."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from kiosk.catalogue import Service, Step
from kiosk.catalogue.combinations import charged, combinations, priced_by, told
from kiosk.catalogue.types import Told

ICONS: Final = Path(__file__).parents[2] / "assets" / "icons"
DRAWN_HERE: Final = ("traffic-light",)
"""Pictures for tiles that are the project's own (`assets/art`)."""

MOST_OF_A_TITLE: Final = 40
"""Letters. The page asks for about 30; what is so much longer has surely not been looked at on a screen."""

_FEW_FILS: Final = 100
_MOST_NAMED: Final = 3


def warnings_of(service: Service, icons: Path = ICONS) -> Iterator[Told]:
    """The key, what is odd about it, and what to do if it is not meant. `icons` is the folder of pictures that ship."""
    yield from _of_icon(service, icons)
    for language, title in (("ar", service.title.ar), ("en", service.title.en)):
        if len(title) > MOST_OF_A_TITLE:
            what = f"has {len(title)} letters, too many for a tile"
            yield f"title.{language}", what, f"Write it in about 30, never more than {MOST_OF_A_TITLE}"
    for step in service.steps:
        yield from _of_receipt(step)
    yield from _of_small_amounts(service)
    yield from _of_nothing_charged(service)


def _of_icon(service: Service, icons: Path) -> Iterator[Told]:
    names = sorted((*(file.stem for file in icons.glob("*.svg")), *DRAWN_HERE))
    if service.icon not in names:
        within = [name for name in names if service.icon in name or name in service.icon.split("-")]
        like = (within or get_close_matches(service.icon, names, _MOST_NAMED))[:_MOST_NAMED]
        remedy = f"Perhaps {' or '.join(like)} is meant" if like else "Choose one of docs/analyst.md, Icons"
        yield "icon", f'"{service.icon}" is no picture that ships; the sign i stands instead', remedy


def _of_receipt(step: Step) -> Iterator[Told]:
    """A code, as of a parcel, is no more personal than a number."""
    if step.on_receipt and step.kind == "text" and step.script != "code":
        what = "prints what a person typed in words, perhaps a name or an address"
        yield f"steps.{step.id}.on_receipt", what, "Leave it out, unless nothing personal can stand there"


def _of_small_amounts(service: Service) -> Iterator[Told]:
    for tariff in service.tariffs:
        for line in tariff.lines:
            if 0 < line.amount_fils < _FEW_FILS and not line.share_of:
                what = f"is {line.amount_fils} fils, less than a tenth of a dinar"
                remedy = f"Fils, not dinars: {line.amount_fils} dinars are {line.amount_fils * 1000:_}"
                yield f"tariffs.{tariff.id}.lines.{line.id}.amount_fils", what, remedy


def _of_nothing_charged(service: Service) -> Iterator[Told]:
    for tariff in service.tariffs:
        free = [answers for answers in combinations(service, priced_by(tariff)) if not charged(tariff, answers)]
        if tariff.lines and free:
            shown = "; ".join(told(answers) for answers in free[:_MOST_NAMED])
            more = f"; and {len(free) - _MOST_NAMED} more" if len(free) > _MOST_NAMED else ""
            what = f"no line is charged after {shown}{more}"
            yield f"tariffs.{tariff.id}.lines", what, "Give these answers a line, unless they cost nothing"

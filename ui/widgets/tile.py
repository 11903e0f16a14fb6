"""Tiles: an icon, a title, a line about it and what stands at its foot; the whole tile is the target."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from kiosk.catalogue import Service
from kiosk.offers import Bundle
from ui.look import Look
from ui.widgets.layouts import column, row
from ui.widgets.marked_text import MarkedText
from ui.widgets.picture import Icon, IconTile
from ui.widgets.pressable_card import PressableCard
from ui.widgets.text import Text


@dataclasses.dataclass(frozen=True, slots=True)
class TileWords:
    """`foot` has a clock before it, or `foot_icon`."""

    icon: str
    title: str
    summary: str
    foot: str
    foot_icon: str = "clock"


class Tile(PressableCard):
    """`Tile(look, "agency:post", words)`; `short` leaves out the summary (idle page, very large text).

    Say with `when_pressed` what it does.
    """

    def __init__(self, look: Look, name: str, words: TileWords, *, short: bool = False) -> None:
        super().__init__(
            look,
            name=name,
            accessible="، ".join((words.title, words.foot)) if look.right_to_left else f"{words.title}, {words.foot}",
            least_height_mm=28.0 if short or not look.wide else look.tokens.size.tile_min[1],
            padding_mm=2.6 if not look.ample else 5.0 if short or look.wide else 3.6,
        )
        self._words = words
        if look.largest or (not look.wide and not short):  # its foot stands on the start card too
            self._one_line(look)
        elif short:
            self._two_lines(look)
        else:
            self._whole(look)

    def _title(self, look: Look) -> Text:
        return Text(look, self._words.title, role="action")

    def _one_line(self, look: Look) -> None:
        words = column(look, gap_mm=0.0)
        words.addStretch(1)
        words.addWidget(self._title(look))
        if not look.largest:
            words.addWidget(Text(look, self._words.summary, colour="ink2"))
        words.addStretch(1)
        self.add(IconTile(look, self._words.icon))
        self.add(words, 1)
        self.add(Icon(look, "chevron-right", colour="primary"))

    def _two_lines(self, look: Look) -> None:
        words = column(look, self._title(look), gap_mm=0.0)
        words.addLayout(self._foot(look))
        self.add(IconTile(look, self._words.icon))
        self.add(words, 1)

    def _whole(self, look: Look) -> None:
        words = column(look, gap_mm=0.0)
        words.addWidget(self._title(look))
        words.addWidget(Text(look, self._words.summary, colour="ink2"))
        head = row(look, gap_mm=look.tokens.space.m)
        head.addWidget(IconTile(look, self._words.icon), 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        foot = row(look, gap_mm=look.tokens.space.s)
        foot.addLayout(self._foot(look), 1)
        foot.addWidget(Icon(look, "chevron-right", colour="primary", millimetres=7.0))
        whole = column(look, gap_mm=look.tokens.space.s)
        whole.addLayout(head)
        whole.addStretch(1)
        whole.addLayout(foot)
        self.add(whole, 1)

    def _foot(self, look: Look) -> QHBoxLayout:
        line = row(look, gap_mm=1.6)
        line.addWidget(Icon(look, self._words.foot_icon, colour="ink2", millimetres=look.icon_mm * 0.8))
        line.addWidget(Text(look, self._words.foot, colour="ink2", wrap=False), 1)
        return line


class ServiceTile(Tile):
    """`ServiceTile(look, service)`: its object name is `service:<id>`."""

    def __init__(self, look: Look, service: Service, *, short: bool = False) -> None:
        super().__init__(look, f"service:{service.id}", service_words(look, service), short=short)


class FoundTile(PressableCard):
    """`FoundTile(look, service, marked={1})`: what a search found, with its agency, minutes and cost. Its object name
    is `service:<id>`; `marked` are the places of the title's words that were looked for; `cost` False leaves it out."""

    def __init__(
        self, look: Look, service: Service, *, marked: frozenset[int] = frozenset(), cost: bool = True
    ) -> None:
        texts = look.texts
        title, minutes, agency = texts.of(service.title), minutes_text(look, service.minutes), service.agency_name
        told = (title, texts.of(agency), minutes)
        super().__init__(
            look,
            name=f"service:{service.id}",
            accessible="، ".join(told) if look.right_to_left else ", ".join(told),
            least_height_mm=24.0,
            padding_mm=3.4 if look.wide else 1.6,
        )
        words = column(look, MarkedText(look, title, marked=marked, role="action"), gap_mm=0.0)
        if not look.largest:
            words.addWidget(Text(look, f"{texts.of(agency)} · {minutes}", colour="ink2"))
            if cost:
                words.addWidget(Text(look, texts.of(service.cost), colour="ink2"))
        words.addStretch(1)
        line = row(look, gap_mm=look.tokens.space.m)
        line.addWidget(IconTile(look, service.icon), 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        self.add(line, 1)


def service_words(look: Look, service: Service) -> TileWords:
    texts = look.texts
    return TileWords(
        service.icon, texts.of(service.title), texts.of(service.summary), minutes_text(look, service.minutes)
    )


def bundle_words(look: Look, bundle: Bundle) -> TileWords:
    texts = look.texts
    return TileWords(
        icon=bundle.icon,
        title=texts.of(bundle.title),
        summary=texts.of(bundle.summary),
        foot=texts.plural("{n} service together", "{n} services together", len(bundle.services)),
        foot_icon="list-checks",
    )


def minutes_text(look: Look, minutes: int) -> str:
    return look.texts.plural("{n} minute", "{n} minutes", minutes)

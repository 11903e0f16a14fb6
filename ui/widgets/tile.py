"""A service as a tile: icon, title, agency or summary, how long it takes; the whole tile is the target."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from kiosk.catalogue import Service
from ui.look import Look
from ui.widgets.layouts import column, row
from ui.widgets.picture import Icon, IconTile
from ui.widgets.pressable_card import PressableCard
from ui.widgets.text import Text


class ServiceTile(PressableCard):
    """`ServiceTile(look, service)`; `short` leaves out the summary (idle page, very large text).

    Its object name is `service:<id>`. Say with `when_pressed` what it does.
    """

    def __init__(self, look: Look, service: Service, *, short: bool = False) -> None:
        texts = look.texts
        title = texts.of(service.title)
        minutes = minutes_text(look, service.minutes)
        super().__init__(
            look,
            name=f"service:{service.id}",
            accessible=f"{title}، {minutes}" if look.right_to_left else f"{title}, {minutes}",
            least_height_mm=28.0 if short or look.tile_columns == 1 else look.tokens.size.tile_min[1],
            padding_mm=5.0 if look.ample else 2.6,
        )
        if look.largest or (look.tile_columns == 1 and not short):
            self._one_line(look, service, title)
        elif short:
            self._two_lines(look, service, title, minutes)
        else:
            self._whole(look, service, title, minutes)

    def _one_line(self, look: Look, service: Service, title: str) -> None:
        words = column(look, Text(look, title, role="action"), gap_mm=0.0)
        if not look.largest:
            words.addWidget(Text(look, look.texts.of(service.summary), colour="ink2"))
        self.add(IconTile(look, service.icon))
        self.add(words, 1)
        self.add(Icon(look, "chevron-right", colour="primary"))

    def _two_lines(self, look: Look, service: Service, title: str, minutes: str) -> None:
        words = column(look, Text(look, title, role="action"), gap_mm=0.0)
        words.addLayout(_duration(look, minutes))
        self.add(IconTile(look, service.icon))
        self.add(words, 1)

    def _whole(self, look: Look, service: Service, title: str, minutes: str) -> None:
        words = column(look, gap_mm=0.0)
        words.addWidget(Text(look, title, role="action"))
        words.addWidget(Text(look, look.texts.of(service.summary), colour="ink2"))
        head = row(look, gap_mm=look.tokens.space.m)
        head.addWidget(IconTile(look, service.icon), 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        foot = row(look, gap_mm=look.tokens.space.s)
        foot.addLayout(_duration(look, minutes))
        foot.addStretch(1)
        foot.addWidget(Icon(look, "chevron-right", colour="primary", millimetres=7.0))
        whole = column(look, gap_mm=look.tokens.space.s)
        whole.addLayout(head)
        whole.addStretch(1)
        whole.addLayout(foot)
        self.add(whole, 1)


def minutes_text(look: Look, minutes: int) -> str:
    return look.texts.plural("{n} minute", "{n} minutes", minutes)


def _duration(look: Look, minutes: str) -> QHBoxLayout:
    line = row(look, gap_mm=1.6)
    line.addWidget(Icon(look, "clock", colour="ink2", millimetres=look.icon_mm * 0.8))
    line.addWidget(Text(look, minutes, colour="ink2", wrap=False), 1)
    return line

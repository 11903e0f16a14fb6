"""The card was taken out in the middle of a visit: what is true, how to go on, and how long the answers are kept."""

from __future__ import annotations

import dataclasses
from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from kiosk.events import MoreTime
from kiosk.scene import Scene
from ui.look import Look
from ui.pages.page import Send
from ui.pages.picture_page import PicturePage
from ui.widgets.bottom_bar import BarButton, BottomBar
from ui.widgets.card_picture import CardPicture, CardState
from ui.widgets.countdown import CountdownBar
from ui.widgets.layouts import row
from ui.widgets.picture import Icon
from ui.widgets.surface import Surface
from ui.widgets.text import Text


class CardRemovedPage(PicturePage):
    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        texts = look.texts
        place = self.place_sentence()
        if place and not look.largest:
            line = row(look, Icon(look, "triangle-alert", colour="warning", millimetres=look.icon_mm * 1.3))
            line.addWidget(Text(look, place, strong=True, colour="warning"), 1)
            self.words.addLayout(line)
        self.words.addWidget(Text(look, texts("The card was taken out"), role="display"))
        self.words.addWidget(Text(look, self.money_sentence(), role="title", strong=False))
        self.words.addWidget(Text(look, texts("Put it back to go on"), role="title", strong=False))
        self.words.addSpacing(look.px(look.tokens.space.m))
        self.words.addWidget(self._kept_for())
        self.show_picture(CardPicture(look, CardState.INSERT, CardState.GOING_IN, CardState.READING, waiting=True))

    def kept_scene(self) -> Scene:
        """The time that has run stays run."""
        return dataclasses.replace(self.scene, seconds=self._bar.left)

    def bottom_bar(self) -> BottomBar:
        texts = self.look.texts
        more = BarButton(
            texts("I need more time"),
            partial(self.send, MoreTime()),
            name="more_time",
            icon="clock",
            short=texts("More time"),
        )
        return BottomBar(main=more)

    def _kept_for(self) -> QWidget:
        look, texts = self.look, self.look.texts
        card = Surface(look)
        self._left = Text(look, self._seconds(self.scene.seconds), role="title", wrap=False)
        self._bar = CountdownBar(look, self.scene.seconds)
        self._bar.changed.connect(self._show_left)
        self._bar.start()
        line = row(look)
        line.addWidget(Text(look, texts("Your answers are kept for")), 1)
        line.addWidget(self._left)
        card.rows.addLayout(line)
        card.rows.addWidget(self._bar)
        if not look.largest:
            note = texts("Then all your information is cleared from the screen")
            card.rows.addWidget(Text(look, note, colour="ink2"))
        return card

    @Slot(int)
    def _show_left(self, seconds: int) -> None:
        self._left.setText(self._seconds(seconds))

    def _seconds(self, seconds: int) -> str:
        return self.look.texts.plural("{n} second", "{n} seconds", seconds)

"""Something stopped the visit: where, what happened, what is true of the money, and every way on that there is."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from kiosk.events import AnotherService, TryAgain
from kiosk.failures import FAILURES, Failure, ServiceFailure, Way
from kiosk.scene import Scene
from ui.look import Look
from ui.pages.page import Send
from ui.pages.picture_page import PicturePage
from ui.widgets.bottom_bar import BarButton, BottomBar
from ui.widgets.card_picture import CardPicture, CardState
from ui.widgets.layouts import row
from ui.widgets.picture import Icon, Picture
from ui.widgets.scenery import Emblem
from ui.widgets.text import Text

_EMBLEMS = {"payment": "credit-card", "line": "cloud-off", "agency": "landmark", "terminal": "triangle-alert"}


class FailedPage(PicturePage):
    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        self._failure = scene.failure or ServiceFailure(Failure.INTERNAL)
        self._text = FAILURES[self._failure.failure]
        texts = look.texts
        place = self.place_sentence()
        if place:
            line = row(look, Icon(look, "triangle-alert", colour="warning", millimetres=look.icon_mm * 1.3))
            line.addWidget(Text(look, place, strong=True, colour="warning"), 1)
            self.words.addLayout(line)
        values = self._values()
        self.words.addWidget(Text(look, texts(self._text.title, **values), role="display"))
        self.words.addWidget(Text(look, self.money_sentence(), role="title", strong=False))
        self.words.addWidget(Text(look, texts(self._text.advice, **values), role="title", strong=False))
        self.words.addSpacing(look.px(look.tokens.space.m))
        code = texts("Support code {code}", code=self._failure.failure.value)
        self.words.addWidget(Text(look, code, colour="ink2"))
        self.show_picture(self._picture())

    def bottom_bar(self) -> BottomBar:
        texts, ways = self.look.texts, self._text.ways
        another = BarButton(
            texts("Another service"), partial(self.send, AnotherService()), name="another_service", arrow="arrow-right"
        )
        again = BarButton(texts("Try again"), partial(self.send, TryAgain()), name="try_again", icon="refresh-cw")
        if Way.TRY_AGAIN in ways:
            return BottomBar(main=again, trailing=(another,) if Way.ANOTHER_SERVICE in ways else ())
        if Way.ANOTHER_SERVICE in ways:
            return BottomBar(main=another)
        return BottomBar(end_filled=True)

    def _values(self) -> dict[str, str]:
        """The failure's own values; the agency's words in the person's language."""
        failure, arabic = self._failure, self.look.texts.language == "ar"
        values = dict(failure.values)
        agency = self.scene.service.agency_name if self.scene.service else None
        if agency is not None:
            values.setdefault("agency", self.look.texts.of(agency))
        words = failure.words_ar if arabic else failure.words_en
        if words:
            values["words"] = words
        return values

    def _picture(self) -> QWidget:
        look, name = self.look, self._text.picture
        if name == "card_insert":
            return CardPicture(look, CardState.INSERT, waiting=True)
        if name == "card_take":
            return CardPicture(look, CardState.TAKE)
        if name == "printer":
            return Picture(look, "printer")
        return Emblem(look, _EMBLEMS[name])

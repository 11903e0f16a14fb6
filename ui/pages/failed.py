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
from ui.widgets.button import Button
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
        if self._beside():
            another = self._another()
            button = Button(look, another.text, name=another.name, arrow=another.arrow)
            button.when_pressed(another.press)
            self.words.addWidget(button)
        code = texts("Support code {code}", code=self._failure.failure.value)
        self.words.addWidget(Text(look, code, colour="ink2"))
        self.show_picture(self._picture())

    def bottom_bar(self) -> BottomBar:
        texts, ways = self.look.texts, self._text.ways
        again = BarButton(texts("Try again"), partial(self.send, TryAgain()), name="try_again", icon="refresh-cw")
        if Way.TRY_AGAIN in ways:
            both = Way.ANOTHER_SERVICE in ways and not self._beside()
            return BottomBar(main=again, trailing=(self._another(),) if both else ())
        if Way.ANOTHER_SERVICE in ways:
            return BottomBar(main=self._another())
        return BottomBar(end=Way.END in ways, end_filled=True)

    def _another(self) -> BarButton:
        words, press = self.look.texts("Another service"), partial(self.send, AnotherService())
        return BarButton(words, press, name="another_service", arrow="arrow-right")

    def _beside(self) -> bool:
        """Very large words leave no room for a second way in the bar: it stands among the words."""
        both = Way.TRY_AGAIN in self._text.ways and Way.ANOTHER_SERVICE in self._text.ways
        return both and not self.look.ample

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
            return Picture(look, "printer-empty")
        return Emblem(look, _EMBLEMS[name])

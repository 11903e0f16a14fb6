"""Something stopped the visit: where, what happened, what is true of the money, and every way on that there is."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from kiosk.events import AnotherService, Back, ParkWanted, ServiceChosen, TryAgain
from kiosk.failures import FAILURES, Failure, ServiceFailure, Way
from kiosk.parked import Parked
from kiosk.scene import Scene
from ui.failure_words import failure_values
from ui.look import Look
from ui.pages.help import HelpPage
from ui.pages.page import Send
from ui.pages.picture_page import PicturePage
from ui.widgets.bottom_bar import BarButton, BottomBar
from ui.widgets.button import Button
from ui.widgets.card_picture import CardPicture, CardState
from ui.widgets.layouts import row
from ui.widgets.notice import Notice
from ui.widgets.picture import Icon, Picture
from ui.widgets.scenery import Emblem
from ui.widgets.text import Text

_EMBLEMS = {
    "payment": "credit-card",
    "line": "cloud-off",
    "agency": "landmark",
    "power": "battery-low",
    "scanner": "scan-line",
    "staff": "lock",
    "terminal": "triangle-alert",
}


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
        values = failure_values(self._failure, scene, texts)
        self.words.addWidget(Text(look, texts(self._text.title, **values), role="display"))
        self.words.addWidget(Text(look, self.money_sentence(), role="title", strong=False))
        self.words.addWidget(Text(look, texts(self._text.advice, **values), role="title", strong=False))
        self.words.addSpacing(look.px(look.tokens.space.m))
        if scene.parked is not None:
            self.words.addWidget(self._kept(scene.parked))
        if not look.wide:
            self._add_ways()
        code = texts("Support code {code}", code=self._failure.failure.value)
        self.words.addWidget(Text(look, code, colour="ink2"))
        self.show_picture(self._picture())

    def bottom_bar(self) -> BottomBar:
        """The first way is the main one; the others stand beside it, or among the words where the bar has no room."""
        ways = self._ways()
        first, others = (ways[0], ways[1:]) if ways else (None, [])
        end = Way.END in self._text.ways
        beside = tuple(others) if self.look.wide else ()
        return BottomBar(main=first, trailing=beside, end=end, end_filled=end and first is None)

    def _ways(self) -> list[BarButton]:
        """What can be pressed, in the order of the failure's table; a request that is kept is not kept twice."""
        texts, scene = self.look.texts, self.scene
        known = {
            Way.TRY_AGAIN: BarButton(
                texts("Try again"), partial(self.send, TryAgain()), name="try_again", icon="refresh-cw"
            ),
            Way.CHANGE: BarButton(texts("Change an answer"), partial(self.send, Back()), name="change", icon="pencil"),
            Way.CONTINUE: BarButton(
                texts("Continue"), partial(self.send, TryAgain()), name="continue", arrow="arrow-right"
            ),
            Way.ANOTHER_SERVICE: BarButton(
                texts("Another service"),
                partial(self.send, AnotherService()),
                name="another_service",
                arrow="arrow-right",
            ),
            Way.SAVE: BarButton(
                texts("Save the request"), partial(self.send, ParkWanted()), name="save", icon="bookmark"
            ),
            Way.HELP: BarButton(texts("Get help"), self._get_help, name="get_help", icon="headset"),
        }
        kept = scene.parked is not None or not scene.answers
        left_out = {Way.SAVE} if kept else set()
        if Way.CHANGE in self._text.ways and not scene.answers:
            left_out.add(Way.CHANGE)
        if scene.way_out is not None or (Way.CHANGE in self._text.ways and scene.answers):
            left_out.add(Way.TRY_AGAIN)  # the same question has the same answer
        ways = [known[way] for way in self._text.ways if way in known and way not in left_out]
        if scene.way_out is not None:
            chosen = partial(self.send, ServiceChosen(scene.way_out.id))
            ways.insert(0, BarButton(texts.of(scene.way_out.title), chosen, name="way_out", arrow="arrow-right"))
        return ways

    def _add_ways(self) -> None:
        """All but the first, which is in the bar. Very large words leave room for one."""
        others = self._ways()[1:]
        for entry in others[: 1 if self.look.largest else 2]:
            button = Button(self.look, entry.text, name=entry.name, icon=entry.icon, arrow=entry.arrow)
            button.when_pressed(entry.press)
            self.words.addWidget(button)

    def _kept(self, parked: Parked) -> QWidget:
        """What was answered is not lost: the terminal kept it by itself."""
        look, texts = self.look, self.look.texts
        kept = texts("The request is saved: reference {reference}", reference=parked.reference)
        detail = texts("Finish it by {date}", date=texts.date(parked.until))
        return Notice(look, "information", kept, "" if look.largest else detail, icon="bookmark")

    @Slot()
    def _get_help(self) -> None:
        self.over_wanted.emit(HelpPage)

    def _picture(self) -> QWidget:
        look, name = self.look, self._text.picture
        if name == "card_insert":
            return CardPicture(look, CardState.INSERT, waiting=True)
        if name == "reader":
            return CardPicture(look, CardState.READING, waiting=True)
        if name == "card_take":
            return CardPicture(look, CardState.TAKE)
        if name == "printer":
            return Picture(look, "printer-empty")
        return Emblem(look, _EMBLEMS[name])

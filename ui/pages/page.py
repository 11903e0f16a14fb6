"""What every page is: built anew from one scene, it shows, describes its bottom bar, and sends what people do."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk.events import Event
from kiosk.identity import Portrait
from kiosk.scene import Scene
from ui.look import Look
from ui.widgets.bottom_bar import BottomBar
from ui.widgets.keyboard import KeyboardBar
from ui.widgets.layouts import row

Send = Callable[[Event], None]


class Page(QWidget):
    """The area between the bars. A page decides nothing: it calls `send` with an event and is thrown away.

    Subclasses take the same three arguments, call `super().__init__` and fill `self.content`, a column inside the
    page's margins. Signals:
        bar_changed(): the bottom bar must be asked for again (what was picked has changed its words).
        over_wanted(object): a Page class to be shown over this one until its Back, built from the same scene.
        rebuild_wanted(object): the scene from which this state's page is to be built again: the person looks elsewhere.
    """

    bar_changed = Signal()
    over_wanted = Signal(object)
    rebuild_wanted = Signal(object)

    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__()
        self.scene = scene
        self.look = look
        self.send = send
        self.setLayoutDirection(look.direction)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # the window need not paint below it
        self.content = QVBoxLayout(self)
        margin = look.page_margin
        top = look.px(6.4) if not look.largest else look.px(2.0)
        self.content.setContentsMargins(margin, top, margin, look.px(4.0) if not look.largest else look.px(2.0))
        self.content.setSpacing(look.px(look.tokens.space.m if not look.largest else look.tokens.space.s))

    def bottom_bar(self) -> BottomBar | KeyboardBar | None:
        """The bar under this page, or the keyboard that takes its place while somebody types; None gives the page that
        room too. `bar_changed` has it asked for again."""
        return BottomBar()

    def draft(self) -> str:
        """The text typed so far, so that a switch of language or size loses nothing."""
        return self.scene.typed

    def kept_scene(self) -> Scene:
        """The scene from which this page is built again after a switch: with all that the person did here."""
        return dataclasses.replace(self.scene, typed=self.draft())

    def show_portrait(self, portrait: Portrait | None) -> None:
        """The face comes while the page is in use; a page that does not show it need not notice."""
        self.scene = dataclasses.replace(self.scene, portrait=portrait)

    def columns(self, gap_mm: float | None = None) -> QHBoxLayout:
        """The leading and the trailing column side by side, added to the content."""
        line = row(self.look, gap_mm=self.look.tokens.space.xxl if gap_mm is None else gap_mm)
        self.content.addLayout(line, 1)
        return line

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self.look.colour("ground"))
        painter.end()

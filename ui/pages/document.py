"""A document that is scanned page by page: the paper goes in, the picture is looked at, and used or scanned again."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.events import Answered, Event, PageDropped, ScanStopped, ScanWanted
from kiosk.failures import FAILURES
from kiosk.scene import Scene
from ui.look import Look
from ui.pages.page import Page, Send
from ui.pages.question import is_tight, progress
from ui.widgets.bottom_bar import BarButton, BottomBar
from ui.widgets.busy import BusyDots
from ui.widgets.button import Button
from ui.widgets.layouts import column, row
from ui.widgets.notice import Notice
from ui.widgets.pager import PageOf, Pager
from ui.widgets.put_right import PutRight
from ui.widgets.scanner_picture import ScannerPicture
from ui.widgets.sheet_picture import SheetPicture
from ui.widgets.text import Text

_PICTURE_PART_WIDE = 0.36
_PICTURE_PART = 0.38


class DocumentPage(Page):
    """The scene's step, of the kind "document". The page that was scanned last is shown first."""

    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        assert scene.step is not None
        self._step = scene.step
        self._pages = scene.papers.of(self._step.id)
        self._scanning = scene.papers.scanning == self._step.id
        self._shown = max(0, len(self._pages) - 1)
        self._room = scene.papers.room(self._step)
        self._sides: QWidget | None = None
        self._build()

    def bottom_bar(self) -> BottomBar:
        texts = self.look.texts
        if self._scanning:
            stop = BarButton(texts("Stop scanning"), partial(self.send, ScanStopped()), name="stop_scan", icon="x")
            return BottomBar(back=True, trailing=(stop,))
        if self._pages:
            words = texts.plural("Use this page", "Use these {n} pages", len(self._pages))
            return BottomBar(main=BarButton(words, self._use, arrow="arrow-right"), back=True)
        scan = BarButton(texts("Scan"), partial(self.send, ScanWanted(self._step.id)), icon="scan-line")
        without = BarButton(texts("Continue without it"), self._use, name="without")
        beside = self._step.optional and self.look.wide
        return BottomBar(main=scan, back=True, trailing=(without,) if beside else ())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter does what the main button does."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or event.isAutoRepeat():
            super().keyPressEvent(event)
        elif self._pages and not self._scanning:
            self._use()
        elif not self._scanning:
            self.send(ScanWanted(self._step.id))

    @Slot()
    def _use(self) -> None:
        """The visit counts the pages itself."""
        self.send(Answered(self._step.id, ""))

    # -- what is shown

    def _build(self) -> None:
        """Anew for every page that is turned to."""
        look = self.look
        sides = QWidget()
        sides.setLayoutDirection(look.direction)
        line = row(look, gap_mm=look.tokens.space.xxl if look.wide else look.tokens.space.l)
        sides.setLayout(line)
        words = column(look)
        self._add_question(words)
        if self._pages and not self._scanning:
            self._add_ways(words)
        words.addStretch(1)
        line.addLayout(words, 1)
        if (picture := self._picture()) is not None:
            picture.setFixedWidth(round(look.panel.width * (_PICTURE_PART_WIDE if look.wide else _PICTURE_PART)))
            line.addWidget(picture)
        if self._sides is not None:
            self._sides.hide()
            self._sides.deleteLater()
        self._sides = sides
        self.content.addWidget(sides, 1)

    def _add_question(self, words: QVBoxLayout) -> None:
        look, texts, step = self.look, self.look.texts, self._step
        if not is_tight(look):
            words.addWidget(progress(self.scene, look))
        if self._scanning:
            words.addWidget(Text(look, texts("Scanning the page"), role="display"))
            words.addWidget(Text(look, texts("Leave the paper in the scanner"), colour="ink2"))
            words.addSpacing(look.px(look.tokens.space.m))
            words.addWidget(BusyDots(look), 0, Qt.AlignmentFlag.AlignLeft)
            return
        told = self._told()
        role = "title" if self._pages or (told is not None and is_tight(look)) else "display"
        words.addWidget(Text(look, texts.of(step.title), role="title" if role == "title" else "display"))
        if told is not None:
            words.addWidget(told)
        if self._pages:
            return
        if step.hint is not None and not (is_tight(look) and told is not None):
            words.addWidget(Text(look, texts.of(step.hint), colour="ink2"))
        words.addSpacing(look.px(look.tokens.space.m))
        words.addWidget(Text(look, texts("Put one sheet into the scanner, then scan it"), role="title", strong=False))
        if self._room > 1 and not is_tight(look):
            most = texts.plural(
                "Up to {n} page, one after the other", "Up to {n} pages, one after the other", self._room
            )
            words.addWidget(Text(look, most, colour="ink2"))
        if step.optional and not look.wide:
            words.addSpacing(look.px(look.tokens.space.m))
            without = Button(look, texts("Continue without it"), name="without")
            without.when_pressed(self._use)
            words.addWidget(without, 0, Qt.AlignmentFlag.AlignLeft)

    def _told(self) -> QWidget | None:
        """What is to be put right: a question without its pages, or a page that was not read."""
        look, texts, papers = self.look, self.look.texts, self.scene.papers
        if papers.failure is not None and papers.failed == self._step.id:
            text = FAILURES[papers.failure.failure]
            advice = "" if self._pages and is_tight(look) else texts(text.advice)
            return Notice(look, "warning", texts(text.title), advice)
        return PutRight(look, texts(self.scene.mistake)) if self.scene.mistake else None

    def _add_ways(self, words: QVBoxLayout) -> None:
        look, texts, shown = self.look, self.look.texts, self._shown
        if len(self._pages) > 1:
            words.addWidget(Pager(look, PageOf(shown + 1, len(self._pages), self._turn)), 0, Qt.AlignmentFlag.AlignLeft)
        elif not is_tight(look):
            words.addWidget(Text(look, texts("Is every word of it legible?"), colour="ink2"))
        words.addSpacing(look.px(look.tokens.space.m))
        again = ScanWanted(self._step.id, instead_of=shown)
        ways = [self._way(texts("Scan this page again"), "scan_again", "refresh-cw", again)]
        if self._room:
            ways.append(self._way(texts("Add a page"), "add_page", "plus", ScanWanted(self._step.id)))
        ways.append(self._way(texts("Remove this page"), "remove_page", "x", PageDropped(self._step.id, shown)))
        width = max(way.sizeHint().width() for way in ways)
        for way in ways:
            way.setFixedWidth(width)
            words.addWidget(way, 0, Qt.AlignmentFlag.AlignLeft)

    def _way(self, words: str, name: str, icon: str, event: Event) -> Button:
        button = Button(self.look, words, name=name, icon=icon)
        button.when_pressed(partial(self.send, event))
        return button

    def _picture(self) -> QWidget | None:
        look = self.look
        if self._pages and not self._scanning:
            page = self._pages[self._shown]
            said = look.texts("Page {number} of {count}", number=self._shown + 1, count=len(self._pages))
            return SheetPicture(look, page.preview, accessible=said)
        if look.largest and not look.medium and look.panel.width_mm < look.tokens.layout.wide_from:
            return None
        return ScannerPicture(look, reading=self._scanning, waiting=self.scene.papers.failure is not None)

    def _turn(self, number: int) -> None:
        self._shown = number - 1
        self._build()

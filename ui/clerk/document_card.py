"""The papers of a request at the counter: each page is scanned, seen, scanned again or dropped, by single keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.catalogue import Step
from kiosk.events import PageDropped, ScanStopped, ScanWanted
from kiosk.failures import FAILURES
from kiosk.shown_answers import shown
from ui.clerk.desk import Desk
from ui.look import Look
from ui.staff.key_button import KeyButton, KeyButtonKind
from ui.staff.keys import KeyAct
from ui.widgets.busy import BusyDots
from ui.widgets.layouts import column, row
from ui.widgets.notice import Notice
from ui.widgets.scanner_picture import ScannerPicture
from ui.widgets.sheet_picture import SheetPicture
from ui.widgets.surface import Surface
from ui.widgets.text import Text

Act = Callable[[], object]


class DocumentCard(Surface):
    """Its keys work while it lies over the form; Enter scans the next page, and closes it once no more are taken."""

    def __init__(self, look: Look, desk: Desk, step: Step) -> None:
        super().__init__(look, padding_mm=3.4)
        self.setObjectName("document")
        self._desk, self._step, self._papers = desk, step, desk.scene.papers
        self._pages = self._papers.of(step.id)
        self._shown = min(max(0, desk.sheet.paper_page), max(0, len(self._pages) - 1))
        self._scanning = self._papers.scanning == step.id
        self._ways: list[tuple[KeyAct, str, KeyButtonKind]] = self._all_ways()
        sides = row(look, gap_mm=4.0)
        words = column(look, gap_mm=2.0)
        self._say(words)
        for act, icon, kind in self._ways:
            self._add_way(words, act, icon, kind)
        words.addStretch(1)
        sides.addLayout(words, 1)
        sides.addWidget(self._picture(), 1)
        self.rows.addLayout(sides, 1)

    def acts(self) -> tuple[KeyAct, ...]:
        """Beside Enter and Esc, which stand in the bar."""
        return tuple(act for act, _, _ in self._ways if act.key not in {"Enter", "Esc"})

    @property
    def enter(self) -> Act | None:
        return next((act.act for act, _, _ in self._ways if act.key == "Enter"), None)

    @property
    def enter_words(self) -> str:
        words = (act.words for act, _, _ in self._ways if act.key == "Enter")
        return next(words, self.look.texts("Continue"))

    def _picture(self) -> QWidget:
        if self._pages and not self._scanning:
            page = self._pages[self._shown]
            return SheetPicture(self.look, page.preview, accessible=self._place())
        return ScannerPicture(self.look, reading=self._scanning, waiting=self._papers.failure is not None)

    def _say(self, words: QVBoxLayout) -> None:
        look, texts = self.look, self.look.texts
        words.addWidget(Text(look, texts.of(self._step.title), role="strong"))
        if self._scanning:
            words.addWidget(Text(look, texts("Scanning the page"), colour="ink2"))
            words.addWidget(BusyDots(look), 0, Qt.AlignmentFlag.AlignLeft)
            return
        if self._papers.failure is not None and self._papers.failed == self._step.id:
            text = FAILURES[self._papers.failure.failure]
            words.addWidget(Notice(look, "warning", texts(text.title), texts(text.advice)))
        words.addWidget(Text(look, self._place(), colour="ink2"))

    def _place(self) -> str:
        texts = self.look.texts
        if not self._pages:
            return texts("Put one sheet into the scanner, then scan it")
        return texts("Page {number} of {count}", number=self._shown + 1, count=len(self._pages))

    def _all_ways(self) -> list[tuple[KeyAct, str, KeyButtonKind]]:
        texts, desk, step = self.look.texts, self._desk, self._step
        if self._scanning:
            stop = KeyAct("1", texts("Stop scanning"), lambda: desk.send(ScanStopped()), name="stop_scan")
            return [(stop, "x", KeyButtonKind.SECONDARY)]
        ways: list[tuple[KeyAct, str, KeyButtonKind]] = []
        room, shown_page = self._papers.room(step), self._shown
        if room:
            words = texts("Add a page") if self._pages else texts("Scan")
            scan = KeyAct("Enter", words, lambda: self._scan(None), name="main")
            ways.append((scan, "scan-line", KeyButtonKind.PRIMARY))
        if self._pages:
            again = KeyAct("1", texts("Scan this page again"), lambda: self._scan(shown_page), name="scan_again")
            drop = KeyAct(
                "2", texts("Remove this page"), lambda: desk.send(PageDropped(step.id, shown_page)), name="remove_page"
            )
            ways += [(again, "refresh-cw", KeyButtonKind.SECONDARY), (drop, "x", KeyButtonKind.SECONDARY)]
        if len(self._pages) > 1:
            turn = KeyAct("3", texts("Next page"), self._turn, name="next")
            ways.append((turn, "", KeyButtonKind.SECONDARY))
        key, kind = ("Esc", KeyButtonKind.QUIET) if room else ("Enter", KeyButtonKind.PRIMARY)
        words = texts("Back") if room else texts("Back to the form")
        close = KeyAct(key, words, desk.close_over, name="close")
        ways.append((close, "", kind))
        return ways

    def _add_way(self, words: QVBoxLayout, act: KeyAct, icon: str, kind: KeyButtonKind) -> None:
        button = KeyButton(self.look, act.words, act.key, name=act.name, kind=kind, icon=icon)
        if act.act is not None:
            button.when_pressed(act.act)
        words.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _scan(self, instead_of: int | None) -> None:
        self._desk.sheet.paper_page = len(self._pages) if instead_of is None else instead_of
        self._desk.send(ScanWanted(self._step.id, instead_of))

    def _turn(self) -> None:
        """Round again after the last."""
        self._desk.sheet.paper_page = (self._shown + 1) % len(self._pages)
        self._desk.renew()


class DocumentField(Surface):
    """In the form: how many pages there are, and the key that opens the card."""

    def __init__(self, look: Look, desk: Desk, step: Step, mistake: str, *, key: str) -> None:
        super().__init__(look, "error" if mistake else "plain", padding_mm=1.6)
        self.widen_sides()
        texts, count = look.texts, len(desk.scene.papers.of(step.id))
        said = shown(step, str(count), texts) if count else texts("No page yet")
        line = row(look, gap_mm=2.4)
        words = column(look, Text(look, texts.of(step.label), colour="ink2", wrap=False), gap_mm=0.4)
        words.addWidget(Text(look, said, strong=True, wrap=False))
        if mistake:
            words.addWidget(Text(look, mistake, strong=True, colour="error"))
        line.addLayout(words, 1)
        button = KeyButton(look, texts("Scan"), key, name=f"step:{step.id}", icon="scan-line")
        button.when_pressed(lambda: desk.open_document(step.id))
        line.addWidget(button)
        self.rows.addLayout(line)

"""One request: where it stands, what its agency says, what to do next; and what was issued, to be printed."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from kiosk.events import DocumentWanted
from kiosk.my_requests import Request
from kiosk.scene import Scene
from ui.look import Look
from ui.pages.page import Page, Send
from ui.request_words import agency_words, paper_words, state_words
from ui.widgets.answer_row import AnswerRow
from ui.widgets.bottom_bar import BarButton, BottomBar
from ui.widgets.layouts import column
from ui.widgets.notice import Notice
from ui.widgets.pager import PagedColumn
from ui.widgets.picture import Picture
from ui.widgets.text import Text

_PICTURE_MM = 110.0


class MyRequestPage(Page):
    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        assert scene.request is not None
        self._request: Request = scene.request
        self._service = next((one for one in scene.services if one.id == self._request.service), None)
        line = self.columns(look.tokens.space.xl)
        leading = column(look, gap_mm=look.tokens.space.m if look.medium else look.tokens.space.s)
        line.addLayout(leading, 1)
        title = look.texts.of(self._service.title) if self._service else self._paper_number()
        leading.addWidget(Text(look, title, role="display" if look.wide else "title"))
        rows = [*self._told(), *self._rows()]
        leading.addWidget(PagedColumn(look, rows, gap_mm=look.tokens.space.s), 1)
        if look.wide and self._request.document:
            failed = scene.paper is not None and scene.paper.failure is not None
            picture = Picture(look, "printer-empty" if failed else "printer", widest_mm=_PICTURE_MM)
            trailing = column(look, picture)
            trailing.addStretch(1)
            line.addLayout(trailing)

    def bottom_bar(self) -> BottomBar:
        texts, scene = self.look.texts, self.scene
        if not self._request.document:
            return BottomBar(back=True)
        if scene.printing:
            return BottomBar(
                main=BarButton(texts("Printing"), partial(self.send, DocumentWanted()), icon="printer", enabled=False),
                back=True,
            )
        again = scene.paper is not None and scene.paper.failure is None
        words = texts("Print it once more") if again else texts("Print the document")
        main = BarButton(words, partial(self.send, DocumentWanted()), icon="printer", short=texts("Print"))
        return BottomBar(main=main, back=True)

    def _told(self) -> list[QWidget]:
        """The newest first: what came out of the printer, then how the request stands."""
        look, texts, scene = self.look, self.look.texts, self.scene
        told: list[QWidget] = []
        if scene.printing:
            told.append(Notice(look, "information", texts("Your document is being printed"), icon="printer"))
        elif scene.paper is not None:
            kind, said, detail = paper_words(scene.paper, texts)
            told.append(Notice(look, kind, said, detail, icon="printer"))
        state = state_words(self._request)
        told.append(Notice(look, state.kind, texts(state.title), self._meaning(), icon=state.icon))
        if not told[:-1]:  # who has just printed it knows what to do
            told.append(Notice(look, "information", texts("What to do next"), texts(state.next_step), icon="info"))
        return told

    def _meaning(self) -> str:
        """The agency's words in its own name; where it said none, since when it stands so."""
        texts, said = self.look.texts, agency_words(self._request, self.look.texts)
        if said:
            agency = texts.of(self._service.agency_name) if self._service else self._request.agency
            return texts('{agency}: "{words}"', agency=agency, words=said)
        return texts("Since {date}", date=texts.date(self._request.changed_at))

    def _rows(self) -> list[QWidget]:
        look, texts, request = self.look, self.look.texts, self._request
        rows = [AnswerRow(look, texts("Requested on"), texts.date(request.requested_at), dense=True)]
        if request.reference:
            rows.append(AnswerRow(look, texts("Request number"), texts.isolated(request.reference), dense=True))
        rows.append(AnswerRow(look, texts("Receipt number"), texts.isolated(request.receipt_number), dense=True))
        paid = texts.amount(request.amount_fils) if request.amount_fils else texts("No fee")
        rows.append(AnswerRow(look, texts("Paid"), paid, dense=True))
        return list(rows)

    def _paper_number(self) -> str:
        return self.look.texts("Receipt {number}", number=self._request.receipt_number)

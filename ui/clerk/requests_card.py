"""The counter's card of earlier requests: the two numbers to be typed, what was found, and what is to be done next."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from kiosk.my_requests import Request
from kiosk.texts import message
from ui.clerk.desk import Desk
from ui.clerk.told import Told
from ui.look import Look
from ui.request_words import agency_words, paper_words, state_words
from ui.staff.entry import Field
from ui.staff.flow import Flow
from ui.staff.key_button import KeyButton, KeyButtonKind
from ui.staff.keys import KeyAct
from ui.staff.page import height_at, is_tight
from ui.staff.table import Cell, Column, Row, Table, fitted_table
from ui.widgets.layouts import row
from ui.widgets.text import Text

_SHOWN = 4
_COLOURS = {"information": "primary", "success": "success", "warning": "warning", "error": "error"}
_OF_CARD = message("The requests of the person whose card is in the reader")
_OF_PAPER = message("With the card in the reader all requests are shown. Without it, ask for a paper of the request")


class RequestsCard(Told):
    def __init__(self, look: Look, desk: Desk, room: int, width: int) -> None:
        """`room` and `width` in pixels decide how many requests stand on one page of the list."""
        super().__init__(look, "list-checks", "primary", look.texts("Earlier requests"))
        self._desk, self._at = desk, desk.requests
        self._table: Table | None = None
        texts = look.texts
        self._tight = is_tight(look)
        if not self._tight:
            self.say(texts(_OF_CARD if self._at.by_card() else _OF_PAPER), colour="ink2")
        if not self._at.by_card():
            self._add_fields()
        if self._at.told:
            self.notice("warning", texts(self._at.told))
        if self._at.working:
            self.notice("information", texts("One moment"), icon="clock")
        if self._at.printed is not None:
            kind, said, detail = paper_words(self._at.printed, texts)
            self.notice(kind, said, detail, icon="printer")
        if self._at.found is not None:
            self._add_found(self._at.found, room, width)

    @property
    def enter(self) -> Callable[[], object] | None:
        return None if self._at.by_card() else self._at.look_up

    def acts(self) -> tuple[KeyAct, ...]:
        return self._table.acts() if self._table is not None else ()

    def _add_fields(self) -> None:
        look, texts, at = self.look, self.look.texts, self._at
        paper = Field(
            look,
            texts("Number on the paper"),
            name="paper",
            text=at.paper,
            hint="KRK3-000123",
            mistake=self._mistake("paper"),
            numbers=True,
            characters=18,
        )
        paper.when_edited(self._type_paper)
        number = Field(
            look,
            texts("National number"),
            name="holder_number",
            text=at.number,
            hint=texts("10 digits"),
            mistake=self._mistake("holder_number"),
            numbers=True,
            characters=16,
        )
        number.when_edited(self._type_number)
        fields: tuple[QWidget, ...] = (paper, number)
        self.rows.addWidget(Flow(look, fields, gap_mm=3.4))
        find = KeyButton(look, texts("Look it up"), "Enter", name="look_up", kind=KeyButtonKind.PRIMARY, icon="search")
        find.when_pressed(at.look_up)
        line = row(look, gap_mm=3.0)
        line.addStretch(1)
        line.addWidget(find)
        self.rows.addLayout(line)

    def _add_found(self, found: tuple[Request, ...], room: int, width: int) -> None:
        look, texts = self.look, self.look.texts
        if not found:
            if self._at.by_card():
                self.rows.addWidget(Text(look, texts("This person has no requests"), colour="ink2"))
            return
        columns = (Column("", wraps=True), Column("", wraps=True))
        rows = tuple(self._row(request) for request in found)
        if not self._tight and any(request.document for request in found):
            self.say(texts("The number of a row prints its document"), colour="ink2")
        margins = self.rows.contentsMargins()
        inner = width - margins.left() - margins.right()
        left = room - height_at(self, width) - self.rows.spacing()

        def make(shown: int) -> Table:
            return Table(look, columns, rows, name="request", rows_shown=shown)

        self._table = fitted_table(make, min(_SHOWN, len(rows)), left, inner)
        self.rows.addWidget(self._table)

    def _row(self, request: Request) -> Row:
        texts, state = self.look.texts, state_words(request)
        service = next((one for one in self._desk.services if one.id == request.service), None)
        title = texts.of(service.title) if service else texts.isolated(request.service)
        asked = texts("Requested on {date}", date=texts.date(request.requested_at))
        amount = texts.amount(request.amount_fils)
        numbers = " · ".join(texts.isolated(one) for one in (request.reference, request.receipt_number) if one)
        asked_for = f"{title}\n{numbers}\n{asked} · {amount}"
        said = agency_words(request, texts)
        told = "\n".join(line for line in (texts(state.title), said, texts(state.next_step)) if line)
        if self._tight:
            asked_for, told = f"{title}\n{texts.isolated(request.receipt_number)}", texts(state.title)
        press = partial(self._at.print, request) if request.document and not self._at.working else None
        return Row(
            str(request.transaction),
            (
                Cell(asked_for, strong=True),
                Cell(told, colour=_COLOURS[state.kind], icon=state.icon),
            ),
            press=press,
        )

    def _mistake(self, field: str) -> str:
        told = self._at.mistakes.get(field, "")
        return self.look.texts(told) if told else ""

    def _type_paper(self, text: str) -> None:
        self._at.paper = text

    def _type_number(self, text: str) -> None:
        self._at.number = text

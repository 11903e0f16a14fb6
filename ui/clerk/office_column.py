"""The leading column: who calls for help, what is saved, what was printed, what is not settled."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.help import OfficeCall
from kiosk.scene import State
from kiosk.texts import message
from kiosk.transaction import TransactionState
from kiosk.unresolved import WORD_TEXTS
from ui.clerk.desk import Desk
from ui.clerk.office_desk import needs_clerk
from ui.clerk.sheet import Over, Section
from ui.clerk.words import place_words
from ui.look import Look
from ui.staff.entry import Field
from ui.staff.key_button import KeyButton, KeyButtonKind
from ui.staff.key_cap import KeyCap
from ui.staff.keys import KeyAct
from ui.staff.page import height_at, is_tight
from ui.staff.table import Cell, Column, Row, Table, fitted_table
from ui.widgets.layouts import column, row
from ui.widgets.notice import Notice
from ui.widgets.surface import Separator
from ui.widgets.text import Text

_CALLS_SHOWN = 3
_ROWS_SHOWN = 6
_SECTIONS: tuple[tuple[Section, str, str], ...] = (
    (Section.SAVED, "F10", message("Saved requests")),
    (Section.RECEIPTS, "F9", message("Last receipts")),
    (Section.UNRESOLVED, "F11", message("To be settled")),
)


class OfficeColumn(QWidget):
    """One list is open at a time; its rows have number keys while nobody is served."""

    def __init__(self, look: Look, desk: Desk, room: int, width: int) -> None:
        """`room` and `width` in pixels decide how many rows of the open list are shown."""
        super().__init__()
        self.look, self._desk = look, desk
        self._free = desk.scene.state is State.IDLE
        self._list: tuple[Row, ...] = ()
        self._list_at = 0
        self._table: Table | None = None
        self.setLayoutDirection(look.direction)
        self._rows = QVBoxLayout(self)
        side = look.px(3.4)
        self._rows.setContentsMargins(side, look.px(3.0), side, look.px(3.0))
        self._rows.setSpacing(look.px(1.6))
        if not desk.office.now.chain_holds:
            told = look.texts("Fault in the ledger: call the technician")
            self._rows.addWidget(Notice(look, "error", told))
        self._add_calls()
        for section, key, words in _SECTIONS:
            self._add_section(section, key, words)
        self._rows.addStretch(1)
        self._add_table(room, width)

    def acts(self) -> tuple[KeyAct, ...]:
        if not self._free or self._table is None:
            return ()
        return self._table.acts()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self.look
        painter = QPainter(self)
        painter.fillRect(event.rect(), look.colour("surface"))
        hair = look.px(look.tokens.line.hair)
        left = 0 if look.right_to_left else self.width() - hair
        painter.fillRect(left, 0, hair, self.height(), look.colour("line"))
        painter.end()

    # -- calls

    def _add_calls(self) -> None:
        look, texts, office = self.look, self.look.texts, self._desk.office.now
        self._rows.addLayout(self._head(texts("Help calls"), str(len(office.calls)), ""))
        if not office.calls_heard:
            told = texts("The centre does not answer: calls are not heard now")
            self._rows.addWidget(Notice(look, "warning", told, icon="cloud-off"))
        elif not office.calls:
            self._rows.addWidget(Text(look, texts("Nobody calls"), colour="ink2"))
        shown = 1 if is_tight(look) else _CALLS_SHOWN
        if not office.chain_holds:  # which takes the room of calls; how many there are is in the head
            shown = shown // 2
        for call in office.calls[:shown]:
            self._rows.addWidget(self._call(call))
        if office.calls:
            words = texts("I am coming") if office.unanswered() else texts("The person was helped")
            button = KeyButton(look, words, "F6", name="answer_call", icon="headset")
            button.when_pressed(self._desk.office.answer_call)
            self._rows.addWidget(button)

    def _call(self, call: OfficeCall) -> QWidget:
        look, texts = self.look, self.look.texts
        where = texts("{terminal} · {place}", terminal=call.terminal, place=place_words(call.place, texts))
        if call.answered_by:
            coming = texts("{name} is on the way", name=call.answered_by)
            shown = Notice(look, "information", where, coming, icon="headset")
        else:
            since = texts("Since {time}", time=texts.time(call.called_at))
            shown = Notice(look, "warning", where, since, icon="bell-ring")
        shown.setObjectName("call:answered" if call.answered_by else "call:waiting")
        return shown

    # -- lists

    def _add_section(self, section: Section, key: str, words: str) -> None:
        look, texts, office = self.look, self.look.texts, self._desk.office.now
        counts = {
            Section.SAVED: len(office.parked),
            Section.RECEIPTS: len(office.recent),
            Section.UNRESOLVED: len(office.unresolved) + len(office.attention),
        }
        self._rows.addWidget(Separator(look))
        warn = section is Section.UNRESOLVED and counts[section] > 0
        self._rows.addLayout(self._head(texts(words), str(counts[section]), key if self._free else "", warn=warn))
        if not self._free or section is not office.section:
            return
        rows = {Section.SAVED: self._saved, Section.RECEIPTS: self._receipts, Section.UNRESOLVED: self._unsettled}
        shown = rows[section]()
        self._list, self._list_at = shown, self._rows.count()
        if not shown:
            self._rows.addWidget(Text(look, texts("Nothing is here"), colour="ink2"))
        if section is Section.SAVED:
            self._rows.addWidget(self._reference())

    def _add_table(self, room: int, width: int) -> None:
        """Last, when everything else has its height: as many rows as are left room for."""
        if not self._list:
            return
        look, rows, name = self.look, self._list, self._desk.office.now.section.value
        others = {Over.CASH, Over.ATTENTION, Over.REQUESTS}
        answering = self._desk.sheet.over in others  # then the digits are its answers
        margins = self._rows.contentsMargins()
        inner = width - margins.left() - margins.right()
        left = room - height_at(self, width) - self._rows.spacing()

        def make(shown: int) -> Table:
            return Table(look, (Column("", wraps=True),), rows, name=name, rows_shown=shown, keys=not answering)

        self._table = fitted_table(make, min(_ROWS_SHOWN, len(rows)), left, inner)
        self._rows.insertWidget(self._list_at, self._table)

    def _head(self, words: str, count: str, key: str, *, warn: bool = False) -> QVBoxLayout:
        look = self.look
        line = row(look, gap_mm=1.6)
        line.addWidget(Text(look, words, role="strong", colour="warning" if warn else "ink"), 1)
        line.addWidget(Text(look, look.texts.isolated(count), colour="warning" if warn else "ink2", wrap=False))
        if key:
            line.addWidget(KeyCap(look, key))
        head = column(look, gap_mm=0.0)
        head.addLayout(line)
        return head

    def _saved(self) -> tuple[Row, ...]:
        texts, titles = self.look.texts, self._titles()
        rows = []
        for parked in self._desk.office.now.parked:
            title = titles.get(parked.service, parked.service)
            until = texts("until {time}", time=texts.date_time(parked.until))
            said = f"{texts.isolated(parked.reference)}\n{title}\n{until}"
            rows.append(Row(parked.reference, (Cell(said),), press=partial(self._desk.resume, parked.reference)))
        return tuple(rows)

    def _receipts(self) -> tuple[Row, ...]:
        texts, titles = self.look.texts, self._titles()
        rows = []
        for receipt in self._desk.office.now.recent:
            number, amount = receipt.receipt_number, texts.amount(receipt.amount_fils)
            title = titles.get(receipt.service or "", "")
            said = f"{texts.isolated(number)} · {amount}\n{texts.time(receipt.committed_at)} {title}"
            if receipt.state is TransactionState.REVERSED:
                said = f"{said}\n{texts('This receipt was corrected')}"
            rows.append(Row(number, (Cell(said),), press=partial(self._desk.office.press_receipt, receipt)))
        return tuple(rows)

    def _unsettled(self) -> tuple[Row, ...]:
        """What is only told is not pressable; cash waits for a person's word."""
        texts = self.look.texts
        rows = []
        for item in self._desk.office.now.unresolved:
            press = None
            if needs_clerk(item):
                press = partial(self._desk.office.decide, item)
            elif item.receipt_number:
                press = partial(self._desk.office.reprint, item.receipt_number)
            name = texts.isolated(item.receipt_number or item.reference)
            head = f"{name} · {texts.amount(item.amount_fils)}"
            said = f"{head}\n{texts(WORD_TEXTS[item.word])}\n{texts(item.next_step)}"
            rows.append(Row(item.reference, (Cell(said),), press=press))
        return (*rows, *self._refused())

    def _refused(self) -> tuple[Row, ...]:
        """What an agency did not accept, with its words."""
        texts, titles = self.look.texts, self._titles()
        rows = []
        for item in self._desk.office.now.attention:
            said = item.words_ar if texts.language == "ar" else item.words_en
            if item.refund is not None:
                said = texts("Refund agreed, the money is not yet known to be back")
            title = titles.get(item.service or "", "")
            head = f"{texts.isolated(item.receipt_number)} · {texts.amount(item.amount_fils)}"
            lines = (head, title, said or texts.isolated(item.code))
            press = partial(self._desk.office.attention.open, item)
            rows.append(Row(item.receipt_number, (Cell("\n".join(line for line in lines if line)),), press=press))
        return tuple(rows)

    def _titles(self) -> dict[str, str]:
        return {service.id: self.look.texts.of(service.title) for service in self._desk.services}

    def _reference(self) -> QWidget:
        texts = self.look.texts
        field = Field(
            self.look, texts("Reference on the slip"), name="reference", hint="XXXX-XXXX", numbers=True, characters=10
        )
        field.entry.returnPressed.connect(partial(self._resume_typed, field))
        button = KeyButton(
            self.look, texts("Go on with it"), "Enter", name="resume_typed", kind=KeyButtonKind.SECONDARY
        )
        button.when_pressed(partial(self._resume_typed, field))
        whole = QWidget()
        stack = QVBoxLayout(whole)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(self.look.px(1.2))
        stack.addWidget(field)
        if is_tight(self.look):
            button.deleteLater()  # Enter in the field does the same
        else:
            stack.addWidget(button)
        return whole

    def _resume_typed(self, field: Field) -> None:
        if field.text().strip():
            self._desk.resume(field.text())

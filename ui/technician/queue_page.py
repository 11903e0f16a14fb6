"""The queue: what waits and since when, the last answer and the next try, each transaction that needs somebody, and a
key that asks the centre at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from PySide6.QtWidgets import QVBoxLayout

from kiosk.diagnostics import MINUTES, Health, counted
from kiosk.offline import FULL, Use
from kiosk.technician import QueueEntry, QueueHealth
from kiosk.texts import LEGAL_TIME, message
from ui.look import Look
from ui.staff.key_button import KeyButton, KeyButtonKind
from ui.staff.keys import KeyAct
from ui.staff.offline_words import use_words
from ui.staff.table import Cell, Column
from ui.technician.checks_page import show_pager
from ui.technician.frame import Frame
from ui.technician.grid import Grid, GridRow
from ui.technician.leaving import Leaving
from ui.technician.session import Session
from ui.technician.signs import SIGNS
from ui.widgets.layouts import row
from ui.widgets.text import Text

STATE_TEXTS = {
    "prepared": message("Being prepared"),
    "committed": message("Awaiting delivery"),
    "sent": message("Sent, awaiting the answer"),
    "held_by_hub": message("Held in the office"),
    "needs_attention": message("Needs attention"),
    "unprinted": message("Receipt not printed"),
}
TROUBLE_TEXTS = {
    "no_line": message("no line"),
    "timed_out": message("too slow"),
    "cut_off": message("the line broke off"),
    "unproven": message("not proven the centre's"),
    "centre_trouble": message("trouble at the centre"),
    "too_much": message("asked to slow down"),
    "terminal_refused": message("this terminal is refused"),
}


class QueuePage(Frame):
    """N asks the centre at once."""

    def __init__(self, look: Look, session: Session, leaving: Leaving) -> None:
        super().__init__(look, session, leaving)
        texts = look.texts
        head = row(look, Text(look, texts("Delivery"), role="strong", wrap=False))
        head.addStretch(1)
        now = KeyButton(look, texts("Deliver now"), "N", name="main", kind=KeyButtonKind.PRIMARY, icon="cloud-upload")
        now.when_pressed(session.deliver_now)
        head.addWidget(now)
        self.main.addLayout(head)
        self.facts = Grid(
            look, (Column(texts("State")), Column(texts("What")), Column(texts("Measured"), wraps=True)), name="fact"
        )
        self.main.addWidget(self.facts, 5)
        self._pages = QVBoxLayout()
        second = row(look, Text(look, texts("Waiting or in need of somebody"), strong=True, wrap=False))
        second.addStretch(1)
        second.addLayout(self._pages)
        self.main.addLayout(second)
        columns = (
            Column(texts("Number")),
            Column(texts("State")),
            Column(texts("Since")),
            Column(texts("Tries"), leaves=1),
            Column(texts("Why"), wraps=True, leaves=2),
        )
        self.entries = Grid(look, columns, name="entry")
        self.main.addWidget(self.entries, 6)
        self.entries.paged.connect(self._show_pager)
        self.refresh()

    def acts(self) -> tuple[KeyAct, ...]:
        texts = self.look.texts
        return (
            *super().acts(),
            KeyAct("N", texts("Deliver now"), self.session.deliver_now),
            KeyAct("PgUp", texts("Previous"), lambda: self.entries.turn(-1)),
            KeyAct("PgDn", texts("Next"), lambda: self.entries.turn(1)),
        )

    def refresh(self) -> None:
        queue = self.session.queue
        if queue is not None:
            self.facts.set_rows(self._facts(queue))
            self.entries.set_rows(tuple(map(self._entry, queue.entries)))

    def _facts(self, queue: QueueHealth) -> tuple[GridRow, ...]:
        texts = self.look.texts
        line = texts("Online") if queue.line_is_up else texts("Offline, service continues")
        if queue.trouble:
            trouble = texts(TROUBLE_TEXTS.get(queue.trouble, queue.trouble))
            line = f"{line} ({trouble})"
        oldest = self._age(queue.oldest_waiting_at)
        return (
            self._fact("line", Health.GOOD if queue.line_is_up else Health.WARNING, texts("Line"), line),
            self._fact("waiting", Health.GOOD, texts("Awaiting delivery"), f"{queue.waiting}{oldest}"),
            self._fact(
                "sent", _if_any(queue.sent_unknown), texts("Sent, awaiting the answer"), str(queue.sent_unknown)
            ),
            self._fact(
                "attention", _if_any(queue.needs_attention), texts("Needs attention"), str(queue.needs_attention)
            ),
            self._fact("prepared", _if_any(queue.prepared), texts("Being prepared"), str(queue.prepared)),
            self._fact(
                "prints",
                _if_any(queue.prints_unconfirmed),
                texts("Receipts not confirmed"),
                str(queue.prints_unconfirmed),
            ),
            *self._offline(queue.offline[:1]),
            self._fact("answer", Health.GOOD, texts("Last answer"), self._moment(queue.last_answer_at)),
            self._fact("next", Health.GOOD, texts("Next try"), self._moment(queue.next_try_at)),
        )

    def _offline(self, uses: tuple[Use, ...]) -> Iterator[GridRow]:
        for use in uses:
            health = Health.BAD if use.warned_at == FULL else _if_any(use.warned_at)
            yield self._fact("offline", health, self.look.texts("Offline limit"), use_words(use, self.look.texts))

    def _fact(self, identifier: str, health: Health, title: str, value: str) -> GridRow:
        sign = SIGNS[health]
        state = Cell(self.look.texts(sign.word), strong=True, colour=sign.colour, icon=sign.icon)
        return GridRow(identifier, (state, Cell(title, strong=True), Cell(value)))

    def _entry(self, entry: QueueEntry) -> GridRow:
        texts = self.look.texts
        return GridRow(
            f"{entry.state}:{entry.reference}",
            (
                Cell(texts.isolated(entry.reference), strong=True),
                Cell(texts(STATE_TEXTS.get(entry.state, entry.state))),
                Cell(texts.isolated(f"{entry.since.astimezone(LEGAL_TIME):%d/%m %H:%M}"), colour="ink2"),
                Cell(texts.isolated(str(entry.attempts)), colour="ink2"),
                Cell(texts(TROUBLE_TEXTS.get(entry.why, entry.why)) if entry.why else "", colour="ink2"),
            ),
        )

    def _age(self, since: datetime | None) -> str:
        if since is None:
            return ""
        minutes = max(1, round((self.session.parts.clock.now() - since).total_seconds() / 60))
        words = self.look.texts.of(counted(minutes, *MINUTES))
        return " · " + self.look.texts("the oldest {age}", age=words)

    def _moment(self, at: datetime | None) -> str:
        if at is None:
            return self.look.texts("none since the start")
        return self.look.texts.isolated(f"{at.astimezone(LEGAL_TIME):%H:%M:%S}")

    def _show_pager(self) -> None:
        show_pager(self.look, self._pages, self.entries)


def _if_any(count: int) -> Health:
    return Health.WARNING if count else Health.GOOD

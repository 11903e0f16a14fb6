"""The lines of a quote as a table: number keys tick what is paid now."""

from __future__ import annotations

import dataclasses
from functools import partial

from kiosk.counter import Capacity
from kiosk.wire import Quote, QuoteLine
from ui.clerk.desk import Desk
from ui.line_words import line_words
from ui.look import Look
from ui.staff.table import Cell, Column, Row, Table


def lines_table(look: Look, desk: Desk, quote: Quote, *, rows_shown: int, open_to_ticks: bool) -> Table:
    """`open_to_ticks` False: the choice is made, and the table only tells; of a fee there is none."""
    texts, service = look.texts, desk.scene.service
    columns: tuple[Column, ...]
    if service is not None and service.pays_whole:
        columns = (Column(texts("Fee"), wraps=True), Column(texts("State")), Column(texts("Amount"), numbers=True))
        rows = tuple(_fee_row(look, desk, line) for line in quote.lines)
    else:
        columns = (
            Column(texts("Number"), leaves=3),
            Column(texts(line_words(service).column), wraps=True),
            Column(texts("Place"), leaves=2),
            Column(texts("Date"), leaves=1),
            Column(texts("State"), leaves=4),
            Column(texts("Amount"), numbers=True),
        )
        rows = tuple(_row(look, desk, line, open_to_ticks=open_to_ticks) for line in quote.lines)
    columns, rows = _without_empty(columns, rows)
    table = Table(look, columns, rows, name="line", rows_shown=rows_shown, page=desk.sheet.table_page)
    table.paged.connect(partial(_keep_page, desk, table))
    return table


def _without_empty(columns: tuple[Column, ...], rows: tuple[Row, ...]) -> tuple[tuple[Column, ...], tuple[Row, ...]]:
    """A column in which nothing stands is left out."""
    kept = [at for at in range(len(columns)) if any(row.cells[at].text for row in rows)]
    shown = tuple(dataclasses.replace(row, cells=tuple(row.cells[at] for at in kept)) for row in rows)
    return tuple(columns[at] for at in kept), shown


def _keep_page(desk: Desk, table: Table) -> None:
    desk.sheet.table_page = table.page


def _row(look: Look, desk: Desk, line: QuoteLine, *, open_to_ticks: bool) -> Row:
    texts, picked = look.texts, line.id in desk.scene.picked
    others = desk.scene.behalf.capacity is Capacity.PAYER  # who only pays learns no more than the amount
    title, state, amount = _told(look, desk, line)
    cells = (
        Cell(texts.isolated(line.id), colour=title.colour),
        title,
        Cell(texts.of(line.place) if line.place and not others else "", colour=title.colour),
        Cell(texts.date(line.occurred_on) if line.occurred_on and not others else "", colour=title.colour),
        state,
        amount,
    )
    press = partial(desk.till.tick, line.id) if line.payable and open_to_ticks else None
    return Row(line.id, cells, ticked=picked if line.payable else None, press=press, sign=_sign(line, desk))


def _fee_row(look: Look, desk: Desk, line: QuoteLine) -> Row:
    """A part of one fee: nothing to tick, and no number, place or day of its own."""
    return Row(line.id, _told(look, desk, line), sign=_sign(line, desk))


def _told(look: Look, desk: Desk, line: QuoteLine) -> tuple[Cell, Cell, Cell]:
    """What it is for, whether it is paid, and how much it is."""
    texts = look.texts
    if not line.payable:
        said = texts.of(line.reason) if line.reason else texts("Not paid here")
    else:
        said = texts("Paid now") if line.id in desk.scene.picked else texts("Not chosen")
    colour, title = "" if line.payable else "ink2", texts.of(line.title)
    if line.payable and line.reason:
        title = texts("{label}: {value}", label=title, value=texts.of(line.reason))
    amount = texts.amount(line.amount_fils) if line.payable or line.amount_fils else ""
    return (
        Cell(title, strong=True, colour=colour),
        Cell(said, colour=colour),
        Cell(amount, strong=line.payable, colour=colour),
    )


def _sign(line: QuoteLine, desk: Desk) -> str:
    return "" if line.payable else line_words(desk.scene.service).sign

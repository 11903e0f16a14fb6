"""The lines of a quote as a table: number keys tick what is paid now."""

from __future__ import annotations

from functools import partial

from kiosk.counter import Capacity
from kiosk.wire import Quote, QuoteLine
from ui.clerk.desk import Desk
from ui.look import Look
from ui.staff.table import Cell, Column, Row, Table


def lines_table(look: Look, desk: Desk, quote: Quote, *, rows_shown: int, open_to_ticks: bool) -> Table:
    """`open_to_ticks` False: the choice is made, and the table only tells; of a fee there is none."""
    texts, service = look.texts, desk.scene.service
    is_request = service is not None and service.is_request
    columns = (
        Column(texts("Number"), leaves=3),
        Column(texts("Fee") if is_request else texts("Fine"), wraps=True),
        Column(texts("Place"), leaves=2),
        Column(texts("Date"), leaves=1),
        Column(texts("State"), leaves=4),
        Column(texts("Amount"), numbers=True),
    )
    open_to_ticks = open_to_ticks and not is_request
    rows = tuple(_row(look, desk, line, open_to_ticks=open_to_ticks, chosen=not is_request) for line in quote.lines)
    table = Table(look, columns, rows, name="line", rows_shown=rows_shown, page=desk.sheet.table_page)
    table.paged.connect(partial(_keep_page, desk, table))
    return table


def _keep_page(desk: Desk, table: Table) -> None:
    desk.sheet.table_page = table.page


def _row(look: Look, desk: Desk, line: QuoteLine, *, open_to_ticks: bool, chosen: bool) -> Row:
    """`chosen`: each line is in or out by itself."""
    texts, picked = look.texts, line.id in desk.scene.picked
    others = desk.scene.behalf.capacity is Capacity.PAYER  # who only pays learns no more than the amount
    if not line.payable:
        state = texts.of(line.reason) if line.reason else texts("Not paid here")
    else:
        state = texts("Paid now") if picked else texts("Not chosen")
    colour = "" if line.payable else "ink2"
    cells = (
        Cell(texts.isolated(line.id), colour=colour),
        Cell(texts.of(line.title), strong=True, colour=colour),
        Cell(texts.of(line.place) if line.place and not others else "", colour=colour),
        Cell(texts.date(line.occurred_on) if line.occurred_on and not others else "", colour=colour),
        Cell(state, colour=colour),
        Cell(texts.amount(line.amount_fils), strong=line.payable, colour=colour),
    )
    press = partial(desk.till.tick, line.id) if line.payable and open_to_ticks else None
    sign = "" if line.payable else "scale"
    return Row(line.id, cells, ticked=picked if line.payable and chosen else None, press=press, sign=sign)

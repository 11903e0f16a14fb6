"""What must be true of every page of the staff's screens: the citizen's rules, with the staff's sizes and controls."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from PySide6.QtWidgets import QAbstractButton, QWidget

from tests.ui import checks
from ui.staff.entry import Entry
from ui.staff.key_button import KeyButton
from ui.staff.table import Column, RowView, Table
from ui.staff.window import StaffWindow

_LEAST_MM = 7.4
"""A control of the staff's screens is at least a table row high, less its lines: a mouse is finer than a finger."""


def faults(window: StaffWindow) -> list[str]:
    """Everything that is wrong with the page that `window` shows; empty where all is well."""
    return [
        *checks.unnamed(window),
        *checks.cut(window),
        *checks.overlapping(window),
        *checks.scrolling(window),
        *too_low(window),
        *cut_controls(window),
        *same_keys(window),
    ]


def too_low(window: StaffWindow) -> Iterator[str]:
    least = window.look.px(_LEAST_MM) - 1
    for widget in checks.visible(window):
        if isinstance(widget, QAbstractButton | Entry) and min(widget.width(), widget.height()) < least:
            yield f"{_name(widget)} is {widget.width()} x {widget.height()}, below {_LEAST_MM} mm"


def cut_controls(window: StaffWindow) -> Iterator[str]:
    for widget in checks.visible(window):
        if isinstance(widget, KeyButton):
            needed = widget.words_height(widget.width())
            if widget.height() < needed:
                yield f"{_name(widget)} is {widget.height()} high and its words need {needed}"
            if widget.width() < widget.minimumSizeHint().width():
                yield f"{_name(widget)} is {widget.width()} wide and needs {widget.minimumSizeHint().width()}"
        elif isinstance(widget, Table):
            yield from _cut_rows(widget)
        elif isinstance(widget, Entry) and widget.height() < widget.sizeHint().height():
            yield f"{_name(widget)} is {widget.height()} high and needs {widget.sizeHint().height()}"


def _cut_rows(table: Table) -> Iterator[str]:
    columns: tuple[Column, ...] = table._columns
    natural = table._natural()
    for view in table.findChildren(RowView):
        if not view.isVisibleTo(table):
            continue
        if view.height() < view.height_needed(columns):
            yield f"{_name(view)} is {view.height()} high and needs {view.height_needed(columns)}"
        if view.geometry().bottom() > table.height():
            yield f"{_name(view)} ends at {view.geometry().bottom()}, below its table of {table.height()}"
        for column, width, needed in zip(columns, view.widths, natural, strict=True):
            if width and not column.wraps and width < needed:
                yield f"{_name(view)}: column {column.title!r} has {width} and needs {needed}"


def same_keys(window: StaffWindow) -> Iterator[str]:
    """A key that does two things does one of them for nobody."""
    acts = [act for act in (*window.page.acts(), *window.page.bar(), *window.own_acts()) if act.act is not None]
    for first, second in combinations(acts, 2):
        if first.key == second.key:
            yield f"{first.key} is both {first.words!r} and {second.words!r}"


def _name(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.objectName()}".strip()

"""What must be true of every page of the technician's: `tests/ui/checks.py` with the sizes of the staff's screens."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from ui.staff.key_button import KeyButton, KeyButtonKind
from ui.technician.grid import MarkedPlace
from ui.technician.window import TechnicianWindow
from ui.widgets.button import Pressable
from ui.widgets.focus_ring import FocusRing
from ui.widgets.text import Text

LEAST_MM = 6.0
"""A mouse hits it, and a finger does (WCAG 2.2, 2.5.8 asks for 24 CSS pixels, 6.35 mm; rows stand without a gap)."""

_LIES_OVER = (FocusRing, MarkedPlace)


def visible(window: TechnicianWindow) -> list[QWidget]:
    return [widget for widget in window.findChildren(QWidget) if widget.isVisibleTo(window)]


def faults(window: TechnicianWindow) -> list[str]:
    return [*unnamed(window), *too_small(window), *cut(window), *overlapping(window), *scrolling(window)]


def unnamed(window: TechnicianWindow) -> Iterator[str]:
    for widget in visible(window):
        if widget.focusPolicy() is Qt.FocusPolicy.NoFocus:
            continue
        interface = QAccessible.queryAccessibleInterface(widget)
        if interface is None or not interface.text(QAccessible.Text.Name).strip():
            yield f"{_name(widget)} can have the focus and has no name to be heard"
        if not widget.objectName():
            yield f"{_name(widget)} can have the focus and has no object name"


def too_small(window: TechnicianWindow) -> Iterator[str]:
    least = window.look.px(LEAST_MM)
    for widget in visible(window):
        if isinstance(widget, Pressable) and widget.isEnabled() and min(widget.width(), widget.height()) < least:
            yield f"{_name(widget)} is {widget.width()} x {widget.height()}"


def cut(window: TechnicianWindow) -> Iterator[str]:
    for widget in visible(window):
        place = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
        if not window.rect().contains(place):
            yield f"{_name(widget)} leaves the screen"
        parent = widget.parentWidget()
        if parent is not None and not parent.rect().contains(widget.geometry()):
            yield f"{_name(widget)} leaves {_name(parent)}"
        if isinstance(widget, Text):
            if widget.height() < widget.heightForWidth(widget.width()):
                yield f"{_name(widget)} is {widget.height()} high, too low for {widget.text()!r}"
            if widget.width() < widget.minimumSizeHint().width():
                yield f"{_name(widget)} is {widget.width()} wide, too narrow for {widget.text()!r}"
        elif isinstance(widget, KeyButton):
            if widget.height() < widget.words_height(widget.width()):
                yield f"{_name(widget)} is too low for {widget.text()!r}"
            if widget.kind is not KeyButtonKind.PRIMARY and widget.width() < widget.minimumSizeHint().width():
                yield f"{_name(widget)} is too narrow for {widget.text()!r}"


def overlapping(window: TechnicianWindow) -> Iterator[str]:
    for parent in [window, *visible(window)]:
        children = [
            child
            for child in parent.children()
            if isinstance(child, QWidget) and child.isVisibleTo(window) and not isinstance(child, _LIES_OVER)
        ]
        for first, second in combinations(children, 2):
            if first.geometry().intersects(second.geometry()):
                yield f"{_name(first)} overlaps {_name(second)}"


def scrolling(window: TechnicianWindow) -> Iterator[str]:
    for widget in visible(window):
        if isinstance(widget, QAbstractScrollArea):
            yield f"{_name(widget)} can be scrolled"


def _name(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.objectName()}".strip()

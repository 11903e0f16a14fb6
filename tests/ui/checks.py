"""What must be true of every page on every panel, in both languages and at every size: one function for each rule."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QWidget

from ui.widgets.button import Button
from ui.widgets.crow_band import CrowBand
from ui.widgets.focus_ring import FocusRing
from ui.widgets.mode_mark import Watermark
from ui.widgets.pressable_card import PressableCard
from ui.widgets.scenery import Panorama
from ui.widgets.text import Text
from ui.window import Window

Shown = QWidget
"""A window of any side of the counter."""

_LIES_OVER = (CrowBand, FocusRing, Panorama, Watermark)


def visible(window: Shown) -> list[QWidget]:
    return [widget for widget in window.findChildren(QWidget) if widget.isVisibleTo(window)]


def faults(window: Window) -> list[str]:
    """Everything that is wrong with the page that `window` shows; empty where all is well."""
    return [*unnamed(window), *too_small(window), *cut(window), *overlapping(window), *scrolling(window)]


def unnamed(window: Shown) -> Iterator[str]:
    for widget in visible(window):
        if widget.focusPolicy() is Qt.FocusPolicy.NoFocus:
            continue
        interface = QAccessible.queryAccessibleInterface(widget)
        if interface is None or not interface.text(QAccessible.Text.Name).strip():
            yield f"{_name(widget)} can have the focus and has no name to be heard"
        if not widget.objectName():
            yield f"{_name(widget)} can be pressed and has no object name"


def too_small(window: Window) -> Iterator[str]:
    least = window.look.px(window.look.tokens.size.target_min) - 1
    for widget in visible(window):
        if isinstance(widget, QAbstractButton) and min(widget.width(), widget.height()) < least:
            yield f"{_name(widget)} is {widget.width()} x {widget.height()}, below 12.7 mm"


def cut(window: Shown) -> Iterator[str]:
    whole = window.rect()
    for widget in visible(window):
        place = _place(widget, window)
        if not whole.contains(place):
            yield f"{_name(widget)} at {_told(place)} leaves the screen"
        parent = widget.parentWidget()
        if parent is not None and not parent.rect().contains(widget.geometry()):
            yield f"{_name(widget)} at {_told(widget.geometry())} leaves {_name(parent)} {_told(parent.rect())}"
        yield from _cut_text(widget)


def _cut_text(widget: QWidget) -> Iterator[str]:
    width, height = widget.width(), widget.height()
    if isinstance(widget, Text):
        needed = widget.heightForWidth(width)
        if height < needed:
            yield f"{_name(widget)} is {height} high and needs {needed} at {width}: {widget.text()!r}"
        if width < widget.minimumSizeHint().width():
            yield f"{_name(widget)} is {width} wide, narrower than a word of {widget.text()!r}"
    elif isinstance(widget, Button):
        needed = widget.needed_width(widget.shown_text())
        if width < needed:
            yield f"{_name(widget)} is {width} wide and needs {needed}"
        if height < widget.minimumSizeHint().height():
            yield f"{_name(widget)} is {height} high and needs {widget.minimumSizeHint().height()}"
    elif isinstance(widget, PressableCard) and height < widget.heightForWidth(width):
        yield f"{_name(widget)} is {height} high and needs {widget.heightForWidth(width)}"


def overlapping(window: Shown) -> Iterator[str]:
    for parent in [window, *visible(window)]:
        children = [
            child
            for child in parent.children()
            if isinstance(child, QWidget) and child.isVisibleTo(window) and not isinstance(child, _LIES_OVER)
        ]
        for first, second in combinations(children, 2):
            if first.geometry().intersects(second.geometry()):
                yield f"{_name(first)} {_told(first.geometry())} overlaps {_name(second)} {_told(second.geometry())}"


def scrolling(window: Shown) -> Iterator[str]:
    for widget in visible(window):
        if isinstance(widget, QAbstractScrollArea):
            yield f"{_name(widget)} can be scrolled"


def rectangle(window: Shown, name: str) -> QRect | None:
    """Where the widget of that object name stands in the window; None where this page has none."""
    found = window.findChild(QWidget, name)
    return None if found is None or not found.isVisibleTo(window) else _place(found, window)


def _place(widget: QWidget, window: Shown) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def _name(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.objectName()}".strip()


def _told(rect: QRect) -> str:
    return f"({rect.x()}, {rect.y()}, {rect.width()} x {rect.height()})"

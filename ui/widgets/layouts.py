"""Rows and columns without margins, spaced in millimetres: what nearly every page is arranged with."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.look import Look


def row(look: Look, *widgets: QWidget, gap_mm: float | None = None) -> QHBoxLayout:
    """A line of widgets from the leading to the trailing side."""
    layout = QHBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(look.px(look.tokens.space.m if gap_mm is None else gap_mm))
    for widget in widgets:
        layout.addWidget(widget)
    return layout


def column(look: Look, *widgets: QWidget, gap_mm: float | None = None) -> QVBoxLayout:
    """Widgets under one another."""
    layout = QVBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(look.px(look.tokens.space.s if gap_mm is None else gap_mm))
    for widget in widgets:
        layout.addWidget(widget)
    return layout

"""A choice of a few, side by side, each with its key."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.look import Look
from ui.staff.key_button import KeyButton, KeyButtonKind


@dataclasses.dataclass(frozen=True, slots=True)
class Segment:
    """`allowed` False keeps it in its place, dashed: it is not to be had here."""

    id: str
    words: str
    key: str = ""
    icon: str = ""
    allowed: bool = True


class Segments(QWidget):
    """`Segments(look, "method", segments, "cash", choose)`: buttons named `method:cash`; `choose` gets the id."""

    def __init__(
        self, look: Look, name: str, segments: tuple[Segment, ...], chosen: str, choose: Callable[[str], object]
    ) -> None:
        super().__init__()
        self.setLayoutDirection(look.direction)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(look.px(0.8))
        for segment in segments:
            button = KeyButton(
                look,
                segment.words,
                segment.key,
                name=f"{name}:{segment.id}",
                kind=KeyButtonKind.CHOICE,
                icon=segment.icon,
            )
            button.setChecked(segment.id == chosen)
            button.setEnabled(segment.allowed)
            button.when_pressed(partial(choose, segment.id))
            line.addWidget(button)

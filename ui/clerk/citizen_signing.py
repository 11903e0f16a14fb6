"""The signing page on the citizen's screen: the one of self-service, with its own bar, touched only."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.events import Back, Event
from kiosk.scene import Scene
from ui.look import Look
from ui.pages.signing import SigningPage
from ui.staff.window import throw_away
from ui.widgets.bottom_bar import BottomBarView
from ui.widgets.button import Button


class CitizenSigning(QWidget):
    """Back signs nothing; to end the visit is the clerk's."""

    def __init__(self, look: Look, scene: Scene, send: Callable[[Event], None]) -> None:
        super().__init__()
        self._look, self._send = look, send
        self.setLayoutDirection(look.direction)
        self._stack = QVBoxLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.setSpacing(0)
        self._page = SigningPage(scene, look, send)
        self._page.bar_changed.connect(self._build_bar)
        self._stack.addWidget(self._page, 1)
        self._bar: BottomBarView | None = None
        self._build_bar()

    @Slot()
    def _build_bar(self) -> None:
        if self._bar is not None:
            throw_away(self._bar)
        self._bar = BottomBarView(self._look, dataclasses.replace(self._page.bottom_bar(), end=False))
        self._bar.back_pressed.connect(self._go_back)
        for button in self._bar.findChildren(Button):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # touched only: the keyboard is the clerk's
        self._stack.addWidget(self._bar)
        self._bar.show()  # at once: a layout shows what is added to it only with the next events

    @Slot()
    def _go_back(self) -> None:
        self._send(Back())

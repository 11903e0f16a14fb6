"""The screen that the citizen sees across the counter: for whom, what and how much; agreed to by a touch."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QScreen
from PySide6.QtWidgets import QWidget

from kiosk.events import Event
from kiosk.mode import Mode
from kiosk.scene import Scene, State
from kiosk.texts import Texts
from kiosk.wire import Words
from ui.clerk.citizen_page import CitizenPage
from ui.icons import Artwork
from ui.look import Look, Panel, Presentation, build_look
from ui.staff.window import throw_away
from ui.theme import Tokens
from ui.widgets.mode_mark import watermark_over


class CitizenDisplay(QWidget):
    """`show_scene` takes the scene that the clerk's window shows, so that the amount is the same on both; `cover` hides
    everything while the clerk is away. Its language is its own, and goes back when a visit ends. It never takes the
    keyboard from the clerk.
    """

    def __init__(
        self,
        tokens: Tokens,
        panel: Panel,
        texts: Mapping[str, Texts],
        office: Words,
        send: Callable[[Event], None],
        *,
        mode: Mode = Mode.SERVICE,
    ) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.WindowDoesNotAcceptFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self._tokens, self._panel, self._texts, self._office, self._send = tokens, panel, texts, office, send
        self._mode = mode
        self._artwork = Artwork()
        self._looks: dict[str, Look] = {}
        self._language = "ar"
        self._scene = Scene(State.IDLE)
        self.setObjectName("citizen_display")
        self.resize(panel.width, panel.height)
        watermark_over(self, self.look, mode)
        self._page = QWidget(self)
        self._build()

    @property
    def look(self) -> Look:
        if self._language not in self._looks:
            self._looks[self._language] = build_look(
                self._tokens,
                self._panel,
                Presentation(self._language),
                self._texts[self._language],
                self._artwork,
                motion=False,
            )
        return self._looks[self._language]

    def show_scene(self, scene: Scene) -> None:
        if dataclasses.replace(scene, portrait=None) == dataclasses.replace(self._scene, portrait=None):
            return
        if scene.state in {State.IDLE, State.TAKE_CARD}:
            self._language = "ar"
        self._scene = scene
        self._build()

    def cover(self) -> None:
        """Nothing of the visit is seen here until a scene is shown again."""
        self._scene = Scene(State.IDLE)
        self._build()

    def fill(self, screen: QScreen) -> None:
        """All of that screen."""
        self.setScreen(screen)
        self.setGeometry(screen.geometry())
        self.setWindowState(Qt.WindowState.WindowFullScreen)
        self.show()  # showFullScreen would ask for the keyboard too

    @Slot()
    def switch_language(self) -> None:
        self._language = "en" if self._language == "ar" else "ar"
        self._build()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self.look.colour("ground"))
        painter.end()

    def resizeEvent(self, event: object) -> None:  # noqa: ARG002 - Qt's shape
        self._page.setGeometry(self.rect())

    def _build(self) -> None:
        old, look = self._page, self.look
        self.setPalette(look.palette)
        self.setLayoutDirection(look.direction)
        self._page = CitizenPage(look, self._scene, self._office, self._send, self.switch_language, mode=self._mode)
        self._page.setParent(self)
        throw_away(old)
        self._page.setGeometry(self.rect())
        self._page.show()

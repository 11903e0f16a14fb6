"""Nobody has touched the screen: a full page, so that nothing personal stays readable, and as much time as is asked."""

from __future__ import annotations

import dataclasses
from functools import partial

from PySide6.QtCore import Qt, Slot

from kiosk.events import MoreTime
from kiosk.failures import MONEY_TEXTS
from kiosk.scene import Scene
from ui.look import Look
from ui.pages.page import Page, Send
from ui.widgets.bottom_bar import BottomBar
from ui.widgets.button import Button, ButtonKind
from ui.widgets.countdown import CountdownRing
from ui.widgets.text import Text

_BUTTON_HEIGHT_MM = 28.0
_BUTTON_WIDTH_MM = 154.0
_RING_MM = 70.0
_RING_LARGEST_MM = 44.0


class TimeWarningPage(Page):
    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        texts = look.texts
        small = look.panel.height_mm < 240
        ring_mm = _RING_LARGEST_MM if look.largest else 52.0 if small else _RING_MM
        self._ring = CountdownRing(look, scene.seconds, diameter_mm=ring_mm)
        self._ring.setAccessibleName(self._sentence(scene.seconds))
        self._words = Text(look, self._sentence(scene.seconds), role="title", strong=False, centred=True)
        self._ring.changed.connect(self._show_left)
        self._ring.start()
        money = texts(MONEY_TEXTS[scene.money], amount=texts.amount(scene.total_fils))
        more = Button(
            look,
            texts("I need more time"),
            name="more_time",
            kind=ButtonKind.PRIMARY,
            icon="clock",
            role="title",
            height_mm=_BUTTON_HEIGHT_MM,
            least_width_mm=min(_BUTTON_WIDTH_MM, look.panel.width_mm * 0.55),
        )
        more.when_pressed(partial(send, MoreTime()))
        self.content.addStretch(2)
        self.content.addWidget(self._ring, 0, Qt.AlignmentFlag.AlignHCenter)
        self.content.addStretch(1)
        self.content.addWidget(Text(look, texts("Are you still here?"), role="display", centred=True))
        self.content.addWidget(self._words)
        self.content.addWidget(Text(look, money, role="title", strong=False, centred=True))
        self.content.addStretch(1)
        self.content.addWidget(more, 0, Qt.AlignmentFlag.AlignHCenter)
        self.content.addStretch(2)

    def kept_scene(self) -> Scene:
        """The time that has run stays run."""
        return dataclasses.replace(self.scene, seconds=self._ring.left)

    def bottom_bar(self) -> BottomBar:
        return BottomBar(note=self.look.texts("You can ask for more time as often as you need"), note_icon="info")

    @Slot(int)
    def _show_left(self, seconds: int) -> None:
        self._words.setText(self._sentence(seconds))

    def _sentence(self, seconds: int) -> str:
        return self.look.texts.plural(
            "In {n} second the visit ends and your information is cleared from the screen",
            "In {n} seconds the visit ends and your information is cleared from the screen",
            seconds,
        )

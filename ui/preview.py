"""Draws one scene as the window would show it, into a picture: for tests and for eyes, without a screen."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from kiosk.events import Event
from kiosk.mode import Mode
from kiosk.scene import Scene
from kiosk.texts import Texts
from kiosk.wire import Words
from ui.fonts import load_fonts
from ui.look import Panel, Presentation
from ui.theme import load_tokens
from ui.window import Window

FULL_HD = Panel(1920, 1080, 21.5)
SMALL = Panel(1024, 768, 15.0)
_OFFICE = Words(ar="الكرك", en="Karak")


def preview_window(scene: Scene, panel: Panel, presentation: Presentation, mode: Mode = Mode.SERVICE) -> Window:
    """A window that shows `scene`, still, and ignores what is pressed. Needs a running QApplication."""
    load_fonts()
    window = Window(
        load_tokens(), panel, _texts(), _OFFICE, _ignore, presentation=presentation, motion=False, mode=mode
    )
    window.show_scene(scene)
    return window


def preview(
    scene: Scene,
    panel: Panel = FULL_HD,
    presentation: Presentation | None = None,
    mode: Mode = Mode.SERVICE,
) -> QImage:
    window = preview_window(scene, panel, presentation or Presentation(), mode)
    window.show()
    QApplication.processEvents()
    image = window.grab().toImage()
    window.hide()
    window.deleteLater()
    return image


@cache
def _texts() -> dict[str, Texts]:
    return {"ar": Texts("ar"), "en": Texts("en")}


def _ignore(_event: Event) -> None:
    return None

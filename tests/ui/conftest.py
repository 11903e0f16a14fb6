"""Real widgets on Qt's offscreen platform, with the fonts, tokens and texts that the kiosk ships."""

from __future__ import annotations

import os
from collections.abc import Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from kiosk.events import Event
from kiosk.scene import Scene
from kiosk.texts import Texts
from tests.ui.samples import OFFICE
from tests.ui.windows import take_away
from ui.fonts import load_fonts
from ui.icons import Artwork
from ui.look import Look, Panel, Presentation, build_look
from ui.preview import FULL_HD
from ui.theme import Tokens, load_tokens
from ui.window import Window


@pytest.fixture(scope="session")
def tokens() -> Tokens:
    return load_tokens()


@pytest.fixture(scope="session")
def texts() -> dict[str, Texts]:
    return {"ar": Texts("ar"), "en": Texts("en")}


@pytest.fixture(scope="session")
def artwork(qapp: QApplication) -> Artwork:
    load_fonts()
    return Artwork()


class Stage:
    """Makes looks, and windows that show a scene; remembers what was sent from them."""

    def __init__(self, tokens: Tokens, texts: dict[str, Texts], artwork: Artwork) -> None:
        self._tokens = tokens
        self._texts = texts
        self._artwork = artwork
        self._windows: list[Window] = []
        self.sent: list[Event] = []

    def look(self, language: str = "ar", panel: Panel = FULL_HD, presentation: Presentation | None = None) -> Look:
        presentation = presentation or Presentation(language)
        texts = self._texts[presentation.language]
        return build_look(self._tokens, panel, presentation, texts, self._artwork, motion=False)

    def window(self, scene: Scene, panel: Panel = FULL_HD, presentation: Presentation | None = None) -> Window:
        presentation = presentation or Presentation()
        window = Window(
            self._tokens, panel, self._texts, OFFICE, self.sent.append, presentation=presentation, motion=False
        )
        self._windows.append(window)
        window.show_scene(scene)
        window.show()
        QApplication.processEvents()
        return window

    def clear(self) -> None:
        take_away(*(window for window in self._windows if isValid(window)))  # a kiosk takes its own away


@pytest.fixture
def stage(tokens: Tokens, texts: dict[str, Texts], artwork: Artwork) -> Iterator[Stage]:
    made = Stage(tokens, texts, artwork)
    yield made
    made.clear()

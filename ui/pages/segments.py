"""As whom a person comes: citizens, businesses, government, residents; in a bar, or where it has no room on a page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final, get_args

from PySide6.QtWidgets import QButtonGroup, QWidget

from kiosk.catalogue import Segment
from kiosk.events import SegmentChosen
from kiosk.scene import Browsing, Scene
from kiosk.texts import message
from ui.look import Look
from ui.pages.browsing_page import BrowsingPage
from ui.pages.page import Send
from ui.widgets.bottom_bar import BottomBar
from ui.widgets.button import Button, ButtonKind
from ui.widgets.choice import ChoiceRow
from ui.widgets.pager import PagedColumn
from ui.widgets.segment_bar import SegmentBar, SegmentWords
from ui.widgets.text import Text

SEGMENTS: Final[tuple[Segment, ...]] = get_args(Segment)

_WORDS: Final[Mapping[Segment, str]] = {
    "citizen": message("Citizens"),
    "business": message("Business"),
    "government": message("Government"),
    "resident": message("Residents"),
}
_ICONS: Final[Mapping[Segment, str]] = {
    "citizen": "user-round",
    "business": "briefcase-business",
    "government": "landmark",
    "resident": "house",
}


def segments_of(scene: Scene) -> tuple[Segment, ...]:
    """Those that some service is for."""
    there = {segment for service in scene.services for segment in service.segments}
    return tuple(segment for segment in SEGMENTS if segment in there)


class SegmentChoice:
    """`widget` is the bar, with icons or without, or one button that opens the page of the choice."""

    def __init__(self, page: BrowsingPage) -> None:
        look, scene = page.look, page.scene
        words = tuple(
            SegmentWords(segment, look.texts(_WORDS[segment]), _ICONS[segment]) for segment in segments_of(scene)
        )
        room = look.panel.width - 2 * look.page_margin
        self.widget: QWidget = self._button(page)
        if not look.largest:
            for icons in (True, False):
                bar = SegmentBar(look, words, scene.segment, partial(_choose, page), icons=icons)
                if bar.sizeHint().width() <= room:
                    self.widget = bar
                    break

    def _button(self, page: BrowsingPage) -> Button:
        texts, segment = page.look.texts, page.scene.segment
        words = texts("For: {segment}", segment=texts(_WORDS[segment]))
        button = Button(page.look, words, name="segments", kind=ButtonKind.TOOL, icon=_ICONS[segment])
        button.when_pressed(partial(page.browse, Browsing("segments")))
        return button


def _choose(page: BrowsingPage, segment: str) -> None:
    chosen = next(one for one in SEGMENTS if one == segment)
    page.send(SegmentChosen(chosen))


class SegmentsPage(BrowsingPage):
    """The same choice as large rows: one touch chooses and goes back."""

    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        self.content.addWidget(Text(look, look.texts("For whom are the services?"), role="display"))
        group = QButtonGroup(self)
        rows: list[QWidget] = []
        for segment in segments_of(scene):
            entry = ChoiceRow(look, look.texts(_WORDS[segment]), "", name=f"segment:{segment}")
            entry.setChecked(segment == scene.segment)
            entry.when_pressed(partial(_choose, self, segment))
            group.addButton(entry)
            rows.append(entry)
        self.content.addWidget(PagedColumn(look, rows, gap_mm=look.tokens.size.keypad_gap), 1)

    def bottom_bar(self) -> BottomBar:
        return BottomBar(leading=(self.back_to(Browsing()),))

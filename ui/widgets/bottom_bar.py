"""The bottom bar: End in the leading corner, Back beside it, the one main button in the trailing corner."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui.look import Look
from ui.widgets.button import Button, ButtonKind
from ui.widgets.pager import PageOf, Pager
from ui.widgets.picture import Icon
from ui.widgets.text import Text

# The main button is as wide on every page of one panel and text size, so that it never moves: as the column of the
# sum and the keypad above it, and on a wide panel in English as the words of paying need.
_MAIN_MM = 139.0
_MAIN_WIDE_ENGLISH_MM = 162.0


@dataclasses.dataclass(frozen=True, slots=True)
class BarButton:
    """One button of the bottom bar. `press` is called once; `short` is shown where `text` has no room.

    A main button is disabled after a press until the page changes, unless `again` says that the page stays.
    """

    text: str
    press: Callable[[], object]
    name: str = "main"
    icon: str = ""
    arrow: str = ""
    short: str = ""
    accessible: str = ""
    enabled: bool = True
    again: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class BottomBar:
    """What a page wants in the bar. End is in its corner on every page that has a bar; `end_text` "" is *End visit*.

    `leading` stand after End and Back, `trailing` and `pager` before the main button; `note` (with
    `note_icon`) is a word after the leading buttons.
    """

    main: BarButton | None = None
    back: bool = False
    end: bool = True
    end_text: str = ""
    end_filled: bool = False
    leading: tuple[BarButton, ...] = ()
    trailing: tuple[BarButton, ...] = ()
    pager: PageOf | None = None
    note: str = ""
    note_icon: str = ""


class BottomBarView(QWidget):
    """Shows a `BottomBar`. Emits `end_pressed` and `back_pressed`; the other buttons call their own `press`."""

    end_pressed = Signal()
    back_pressed = Signal()

    def __init__(self, look: Look, bar: BottomBar, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setLayoutDirection(look.direction)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFixedHeight(bar_height(look))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        line = QHBoxLayout(self)
        line.setContentsMargins(look.page_margin, 0, look.page_margin, 0)
        line.setSpacing(look.px(look.tokens.space.target_gap))
        self._add_leading(line, bar)
        line.addStretch(1)
        self._add_trailing(line, bar)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = self._look
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.colour("surface"))
        painter.fillRect(0, 0, self.width(), round(look.stroke(look.tokens.line.hair)), look.colour("line"))
        painter.end()

    def _add_leading(self, line: QHBoxLayout, bar: BottomBar) -> None:
        look, texts = self._look, self._look.texts
        if bar.end:
            line.addWidget(self._end(bar))
        if bar.back:
            back = Button(
                look,
                texts("Back"),
                name="back",
                icon="arrow-left" if not look.largest else "",
                accessible=texts("Back"),
            )
            back.when_pressed(self.back_pressed.emit)
            line.addWidget(back)
        for entry in bar.leading:
            line.addWidget(self._button(entry, ButtonKind.SECONDARY))
        if bar.note and not look.largest:
            line.addSpacing(look.px(look.tokens.space.s))
            if bar.note_icon:
                line.addWidget(Icon(look, bar.note_icon, colour="ink2"), 0, Qt.AlignmentFlag.AlignVCenter)
            line.addWidget(Text(look, bar.note, colour="ink2", wrap=False))

    def _add_trailing(self, line: QHBoxLayout, bar: BottomBar) -> None:
        for entry in bar.trailing:
            line.addWidget(self._button(entry, ButtonKind.SECONDARY))
        if bar.pager is not None:
            line.addWidget(Pager(self._look, bar.pager))
        if bar.main is not None:
            main = self._button(bar.main, ButtonKind.PRIMARY)
            main.setFixedWidth(main_width(self._look))
            line.addWidget(main)

    def _end(self, bar: BottomBar) -> Button:
        look = self._look
        end = Button(
            look,
            bar.end_text or end_text(look),
            name="end",
            kind=ButtonKind.PRIMARY if bar.end_filled else ButtonKind.SECONDARY,
            icon="log-out",
            accessible=bar.end_text or look.texts("End visit"),
        )
        end.setMinimumWidth(max(_end_width(look), end.sizeHint().width()))
        end.when_pressed(self.end_pressed.emit)
        return end

    def _button(self, entry: BarButton, kind: ButtonKind) -> Button:
        button = Button(
            self._look,
            entry.text,
            name=entry.name,
            kind=kind,
            icon=entry.icon,
            arrow=entry.arrow,
            short=entry.short,
            accessible=entry.accessible,
        )
        button.setEnabled(entry.enabled)
        if self._look.largest and entry.short and kind is ButtonKind.SECONDARY:
            button.setText(entry.short)
        button.when_pressed(partial(_press, button, entry, once=kind is ButtonKind.PRIMARY and not entry.again))
        return button


def bar_height(look: Look) -> int:
    size = look.tokens.size
    bar = size.bottom_bar_compact if look.panel.height_mm < 200 else size.bottom_bar
    button = max(look.px(size.primary), look.line_height("action") + look.px(0.6) + look.ledge)
    return max(look.px(bar), button + 2 * look.px(1.6))


def end_text(look: Look) -> str:
    return look.texts("End") if look.largest and not look.panel.width_mm >= 400 else look.texts("End visit")


def main_width(look: Look) -> int:
    """The room beside End and Back, up to a widest: the same on every page."""
    return look.once("bottom bar: main", lambda: _main_width(look))


def _main_width(look: Look) -> int:
    back = (
        Button(look, look.texts("Back"), name="back", icon="arrow-left" if not look.largest else "").sizeHint().width()
    )
    room = look.panel.width - 2 * look.page_margin - _end_width(look) - back - 3 * look.px(look.tokens.space.target_gap)
    english = look.wide and look.presentation.language == "en"
    return min(room, look.px(_MAIN_WIDE_ENGLISH_MM if english else _MAIN_MM))


def _end_width(look: Look) -> int:
    return look.once(
        "bottom bar: end", lambda: Button(look, end_text(look), name="end", icon="log-out").sizeHint().width()
    )


def _press(button: Button, entry: BarButton, *, once: bool) -> None:
    if once:
        button.setEnabled(False)
    entry.press()

"""The top bar: who serves here, the state of the line, and the tools that are on every page in the same place."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from kiosk.mode import Mode
from kiosk.texts import message
from kiosk.wire import Words
from ui.look import Look
from ui.theme import TextSize, ThemeName
from ui.widgets.button import Button, ButtonKind
from ui.widgets.line_state import LinePill, LineState
from ui.widgets.lines import Lines
from ui.widgets.mode_mark import ModeLabel

_SIZE_NAMES = {
    TextSize.S: message("Small"),
    TextSize.M: message("Normal"),
    TextSize.L: message("Large"),
    TextSize.XL: message("Very large"),
}
_THEME_NAMES = {
    ThemeName.LIGHT: message("Normal"),
    ThemeName.HIGH_CONTRAST_DARK: message("High dark"),
    ThemeName.HIGH_CONTRAST_LIGHT: message("High light"),
}
_OTHER_LANGUAGE = {"ar": "English", "en": "العربية"}


class Mark(QWidget):
    """The envelope with the crow-step flap, in the theme's colours; never mirrored."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("mark")
        self._look = look
        height = look.px(look.tokens.size.mark_height)
        self.setFixedSize(QSize(round(height * 56 / 44), height))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        unit = self.height() / 44
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.colour("mark_body"))
        painter.drawRoundedRect(QRectF(self.rect()), 6 * unit, 6 * unit)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        for step in range(5):
            left = (8 + 4 * step) * unit
            flap = QRectF(left, (7 + 4 * step) * unit, self.width() - 2 * left, 4 * unit + 1)
            painter.fillRect(flap, self._look.colour("mark_flap"))
        painter.end()


class Names(QWidget):
    """The slogan and the office under it, one natural line each; the slogan alone where the bar is too low for both."""

    def __init__(self, look: Look, office: Words) -> None:
        super().__init__()
        self._look = look
        texts = look.texts
        slogan = texts("My government at my service")
        centre = texts("{office} Post service centre", office=texts.of(office))
        self.setAccessibleName(f"{slogan}, {centre}")
        self._lines = [(Lines(slogan, look.font("body", strong=True), None, look.direction), "ink")]
        second = Lines(centre, look.font("body"), None, look.direction)
        if self._lines[0][0].height + second.height <= look.px(bar_height_mm(look)) - look.px(0.6):
            self._lines.append((second, "ink2"))
        self.setFixedSize(
            math.ceil(max(line.widest for line, _ in self._lines)) + 1,
            math.ceil(sum(line.height for line, _ in self._lines)),
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        top = 0.0
        for line, colour in self._lines:
            painter.setPen(self._look.colour(colour))
            line.paint(painter, 0.0, top, self.width())
            top += line.height
        painter.end()


class TopBar(QWidget):
    """Emits what the person asked for; the window does it. Tools keep their rectangles whatever the line says."""

    help_wanted = Signal()
    language_wanted = Signal()
    text_size_wanted = Signal()
    contrast_wanted = Signal()

    def __init__(self, look: Look, office: Words, parent: QWidget | None = None, *, mode: Mode = Mode.SERVICE) -> None:
        super().__init__(parent)
        self._look = look
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setLayoutDirection(look.direction)
        self._line = QHBoxLayout(self)
        side = look.page_margin
        self._line.setContentsMargins(side, 0, side, 0)
        self._line.setSpacing(look.px(look.tokens.space.m if look.wide else look.tokens.space.target_gap))
        tools = self._tools(with_words=True)
        whole = look.panel.width - 2 * side
        spacing = self._line.spacing()
        pill = LinePill(look, LineState()).sizeHint().width()
        mark = look.px(look.tokens.size.mark_height * 56 / 44)
        label = None if mode is Mode.SERVICE else ModeLabel(look, mode, short=True)
        others = pill + spacing + mark + (label.width() + spacing if label is not None else 0)
        needed = sum(tool.sizeHint().width() + spacing for tool in tools) + others
        if needed > whole:
            tools = self._tools(with_words=False)
            needed = sum(tool.sizeHint().width() + spacing for tool in tools) + others
        self._line.addWidget(Mark(look))
        if label is not None:
            longer = ModeLabel(look, mode, short=False)
            if needed + longer.width() - label.width() <= whole:
                needed, label = needed + longer.width() - label.width(), longer
            self._line.addWidget(label)
        names = Names(look, office)
        if not look.largest and names.width() + 2 * spacing <= whole - needed:
            self._line.addWidget(names)
        self._line.addStretch(1)
        self._pill_place = self._line.count()
        self._pill: LinePill | None = None
        self._line.addSpacing(look.px(4.0) if look.wide else 0)
        for tool in tools:
            self._line.addWidget(tool)
        self.setFixedHeight(max(look.px(bar_height_mm(look)), tools[0].sizeHint().height() + 2 * look.px(1.6)))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_line(LineState())

    def show_line(self, state: LineState) -> None:
        if self._pill is not None:
            self._line.removeWidget(self._pill)
            self._pill.setParent(None)
            self._pill.deleteLater()
        self._pill = LinePill(self._look, state)
        self._line.insertWidget(self._pill_place, self._pill)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = self._look
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.colour("surface"))
        hair = round(look.stroke(look.tokens.line.hair))
        if not look.largest:
            painter.fillRect(0, self.height() - hair, self.width(), hair, look.colour("line"))
        painter.end()

    def _tools(self, *, with_words: bool) -> list[Button]:
        look, texts = self._look, self._look.texts
        now = look.presentation
        contrast = self._tool(
            "contrast",
            texts("Contrast") if with_words else "",
            "contrast",
            f"{texts('Contrast')}: {texts(_THEME_NAMES[now.theme])}",
        )
        text_size = self._tool(
            "text_size",
            texts("Text size") if with_words else "",
            "a-large-small",
            f"{texts('Text size')}: {texts(_SIZE_NAMES[now.text_size])}",
        )
        language = self._tool("language", _OTHER_LANGUAGE[now.language], "globe", "")
        helping = self._tool("help", texts("Help"), "headset", "", kind=ButtonKind.HELP)
        contrast.when_pressed(self.contrast_wanted.emit)
        text_size.when_pressed(self.text_size_wanted.emit)
        language.when_pressed(self.language_wanted.emit)
        helping.when_pressed(self.help_wanted.emit)
        return [contrast, text_size, language, helping]

    def _tool(self, name: str, text: str, icon: str, accessible: str, kind: ButtonKind = ButtonKind.TOOL) -> Button:
        return Button(self._look, text, name=name, kind=kind, icon=icon, accessible=accessible)


def bar_height_mm(look: Look) -> float:
    """The bar is lower on a low panel."""
    size = look.tokens.size
    return size.top_bar_compact if look.panel.height_mm < 200 else size.top_bar

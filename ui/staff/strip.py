"""The dark strip at the top, so that nobody takes this screen for the citizen's: office, who serves, line, time."""

from __future__ import annotations

import dataclasses
from typing import Literal

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from kiosk.mode import Mode
from kiosk.wire import Words
from ui.look import Look
from ui.staff.key_cap import cap_size, paint_cap
from ui.widgets.button import Pressable
from ui.widgets.mode_mark import ModeLabel

PillKind = Literal["ok", "warn"]


@dataclasses.dataclass(frozen=True, slots=True)
class Pill:
    """A tinted word in the strip; with a `key` it says which one answers it. What the page says too may go where there
    is no room (`is_said_below`)."""

    words: str
    kind: PillKind
    icon: str
    key: str = ""
    is_said_below: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class StripFacts:
    """What the strip says. `person` is who is signed in, "" for nobody; `figures` are pairs of label and value."""

    person: str = ""
    figures: tuple[tuple[str, str], ...] = ()
    pills: tuple[Pill, ...] = ()
    when: tuple[str, ...] = ()  # time and date, as they are shown


class _Words(QWidget):
    """One line of text on the dark ground."""

    def __init__(
        self, look: Look, text: str, *, colour: str = "on_strip", strong: bool = False, icon: str = ""
    ) -> None:
        super().__init__()
        self._look, self._text, self._colour, self._icon = look, text, colour, icon
        self.setFont(look.font("body", strong=strong))
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self.font())
        icon = self._look.px(self._look.icon_mm) + self._look.px(1.4) if self._icon else 0
        return QSize(round(metrics.horizontalAdvance(self._text)) + 2 + icon, round(metrics.height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        place = QRectF(self.rect())
        if self._icon:
            place = _paint_leading_icon(painter, self._look, place, self._icon, self._colour)
        painter.setFont(self.font())
        painter.setPen(self._look.colour(self._colour))
        painter.setLayoutDirection(self._look.direction)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, self._text)
        painter.end()


class _PillView(QWidget):
    def __init__(self, look: Look, pill: Pill) -> None:
        super().__init__()
        self._look, self._pill = look, pill
        self.setFont(look.font("body", strong=True))
        self.setAccessibleName(pill.words)
        self.setObjectName(f"pill:{pill.icon}")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        look, metrics = self._look, QFontMetricsF(self.font())
        cap = cap_size(look, self._pill.key).width() + look.px(1.6) if self._pill.key else 0
        width = round(metrics.horizontalAdvance(self._pill.words)) + 2 + look.px(look.icon_mm + 1.6 + 2 * 2.6) + cap
        return QSize(width, max(look.px(7.0), round(metrics.height()) + look.px(0.8)))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look, pill = self._look, self._pill
        ink = f"on_strip_{pill.kind}"
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour(f"strip_{pill.kind}"))
        painter.drawRoundedRect(QRectF(self.rect()), self.height() / 2, self.height() / 2)
        padding = look.px(2.6)
        place = QRectF(self.rect()).adjusted(padding, 0, -padding, 0)
        place = _paint_leading_icon(painter, look, place, pill.icon, ink)
        if pill.key:
            cap = cap_size(look, pill.key).width()
            side = QRectF(place.left() if look.right_to_left else place.right() - cap, 0, cap, self.height())
            paint_cap(painter, look, side, pill.key)
            taken = cap + look.px(1.6)
            place.adjust(taken if look.right_to_left else 0, 0, 0 if look.right_to_left else -taken, 0)
        painter.setFont(self.font())
        painter.setPen(look.colour(ink))
        painter.setLayoutDirection(look.direction)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, pill.words)
        painter.end()


class LanguageButton(Pressable):
    """The other language, written in that language."""

    def __init__(self, look: Look) -> None:
        other = "English" if look.presentation.language == "ar" else "العربية"
        super().__init__(look, name="language", accessible=other)
        self.setText(other)
        self.setFont(look.font("body", strong=True))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        look, metrics = self.look, QFontMetricsF(self.font())
        width = round(metrics.horizontalAdvance(self.text())) + 2 + look.px(look.icon_mm + 1.6 + 2 * 2.6)
        return QSize(width, max(look.px(look.tokens.size.staff.control * 0.85), round(metrics.height())))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = self.look
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(look.colour("on_strip_2"))
        painter.setBrush(look.colour("strip"))
        half = self.height() / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), half, half)
        padding = look.px(2.6)
        place = QRectF(self.rect()).adjusted(padding, 0, -padding, 0)
        place = _paint_leading_icon(painter, look, place, "globe", "on_strip")
        painter.setFont(self.font())
        painter.setPen(look.colour("on_strip"))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, self.text())
        painter.end()


class Strip(QWidget):
    """`Strip(look, office, facts)`; what has no room goes first by `figures`, then the date, then pills that the page
    says too; never the others."""

    def __init__(
        self,
        look: Look,
        office: Words,
        facts: StripFacts,
        parent: QWidget | None = None,
        *,
        mode: Mode = Mode.SERVICE,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self.setObjectName("strip")
        self.setLayoutDirection(look.direction)
        self.language = LanguageButton(look)
        line = QHBoxLayout(self)
        side = look.px(4.0)
        line.setContentsMargins(side, 0, side, 0)
        line.setSpacing(look.px(3.0))
        self._optional: list[QWidget] = []
        for widget in self._leading(office, facts):
            line.addWidget(widget)
        line.addStretch(1)
        for pill in facts.pills:
            shown_pill = _PillView(look, pill)
            line.addWidget(shown_pill)
            if pill.is_said_below:
                self._optional.append(shown_pill)
        for place, words in enumerate(facts.when):
            shown = _Words(look, words, strong=place == 0, colour="on_strip" if place == 0 else "on_strip_2")
            line.addWidget(shown)
            if place:
                self._optional.insert(0, shown)
        line.addWidget(self.language)
        height = max(look.px(look.tokens.size.staff.strip), line.sizeHint().height() + look.px(2.0))
        self.setFixedHeight(height)
        if mode is not Mode.SERVICE:
            line.insertWidget(0, ModeLabel(look, mode, short=True, at_most=height - look.px(1.0)))

    def fit(self, width: int) -> None:
        """Leaves out what `width` has no room for."""
        layout = self.layout()
        assert layout is not None
        for widget in self._optional:
            layout.activate()
            if layout.sizeHint().width() <= width:
                return
            widget.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._look.colour("strip"))
        painter.end()

    def _leading(self, office: Words, facts: StripFacts) -> list[QWidget]:
        look, texts = self._look, self._look.texts
        mark = _Mark(look)
        name = texts("{office} Post service centre", office=texts.of(office)) if texts.of(office) else ""
        place = _Words(look, name, strong=True)
        self._optional = [place]
        shown: list[QWidget] = [mark, place]
        if facts.person:
            shown.append(_Words(look, facts.person, strong=True, icon="user-round"))
        for label, value in facts.figures:
            pair = QWidget()
            line = QHBoxLayout(pair)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(look.px(1.2))
            line.addWidget(_Words(look, label, colour="on_strip_2"))
            line.addWidget(_Words(look, value, strong=True))
            shown.append(pair)
            self._optional.insert(0, pair)
        return shown


class _Mark(QWidget):
    def __init__(self, look: Look) -> None:
        super().__init__()
        height = look.px(look.tokens.size.staff.strip * 0.5)
        self._picture: QPixmap = look.artwork.picture("mark", QSize(round(height * 56 / 44), height))
        self.setFixedSize(self._picture.size())

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        painter.end()


def _paint_leading_icon(painter: QPainter, look: Look, place: QRectF, icon: str, colour: str) -> QRectF:
    """Paints the icon at the leading end of `place`; what is left for the words."""
    pixmap = look.icon(icon, look.icon_mm, colour)
    left = place.right() - pixmap.width() if look.right_to_left else place.left()
    painter.drawPixmap(QPoint(round(left), round(place.center().y() - pixmap.height() / 2)), pixmap)
    taken = pixmap.width() + look.px(1.4)
    return place.adjusted(0, 0, -taken, 0) if look.right_to_left else place.adjusted(taken, 0, 0, 0)

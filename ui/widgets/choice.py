"""A choice as a row: a circle for one of several, a square for several of them, words, and what it costs."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.look import Look
from ui.widgets.layouts import column
from ui.widgets.picture import Icon
from ui.widgets.pressable_card import PressableCard
from ui.widgets.text import Text


class ChoiceSign(QWidget):
    """The circle or square of a choice, filled when it is chosen."""

    def __init__(self, look: Look, *, several: bool) -> None:
        super().__init__()
        self._look = look
        self._several = several
        self._chosen = False
        side = look.px(look.tokens.size.checkbox if several else look.tokens.size.radio)
        self.setFixedSize(side, side)

    def set_chosen(self, chosen: bool) -> None:
        self._chosen = chosen
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = self._look
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(look.colour("primary" if self._chosen else "control"), look.stroke(look.tokens.line.field))
        painter.setPen(pen)
        inset = pen.widthF() / 2
        rect = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        if self._several:
            painter.setBrush(look.colour("primary" if self._chosen else "surface"))
            painter.drawRoundedRect(rect, look.px(2.0), look.px(2.0))
            if self._chosen:
                tick = look.icon("check", look.tokens.size.checkbox * 0.7, "on_primary")
                painter.drawPixmap((self.width() - tick.width()) // 2, (self.height() - tick.height()) // 2, tick)
        else:
            painter.setBrush(look.colour("surface"))
            painter.drawEllipse(rect)
            if self._chosen:
                inner = rect.width() * 0.24
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(look.colour("primary"))
                painter.drawEllipse(rect.adjusted(inner, inner, -inner, -inner))
        painter.end()


class ChoiceRow(PressableCard):
    """`ChoiceRow(look, "title", "detail", name="choice:mine", several=False, trailing="20.000 JD")`.

    One choice of a question; checkable. With `unavailable` (the reason in words) it is shown sunken and cannot be
    chosen, `unavailable_icon` standing where the sign would. `trailing` is shown strong at the trailing edge. Use
    `isChecked`, `setChecked`, `toggled`; put single choices of one page into one QButtonGroup.
    """

    def __init__(
        self,
        look: Look,
        title: str,
        detail: str = "",
        *,
        name: str,
        several: bool = False,
        trailing: str = "",
        unavailable: str = "",
        unavailable_icon: str = "lock",
        least_height_mm: float | None = None,
    ) -> None:
        heard = "، " if look.right_to_left else ", "
        super().__init__(
            look,
            name=name,
            accessible=heard.join(part for part in (title, detail, trailing, unavailable) if part),
            least_height_mm=look.tokens.size.choice_row if least_height_mm is None else least_height_mm,
            ledge=False,
        )
        self.setCheckable(True)
        ink, ink2 = ("ink_off", "ink_off") if unavailable else ("ink", "ink2")
        if unavailable:
            self.setEnabled(False)
            self.add(Icon(look, unavailable_icon, colour="ink_off", millimetres=look.tokens.size.radio))
        else:
            sign = ChoiceSign(look, several=several)
            self.toggled.connect(sign.set_chosen)
            self.add(sign)
        words = column(look, Text(look, title, role="action", colour=ink), gap_mm=0.0)
        if detail:
            words.addWidget(Text(look, detail, colour=ink2))
        self.add(words, 1)
        if unavailable:
            self.add(Text(look, unavailable, colour="ink_off"))
        elif trailing:
            self.add(Text(look, trailing, role="title", wrap=False))

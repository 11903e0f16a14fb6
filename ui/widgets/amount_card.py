"""The sum: a card at the trailing side with figure, words and lines; where there is no room for it, one line."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from kiosk.words import amount_in_words
from ui.look import Look, Role
from ui.widgets.joined_row import JoinedRow
from ui.widgets.layouts import row
from ui.widgets.surface import Separator, Surface
from ui.widgets.text import Text

CARD_MM = 139.0
PADDING_MM = 9.0
_ROW_MM = 16.0
Line = tuple[str, int]

_TO_THE_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter


class AmountCard(Surface):
    """`AmountCard(look, "Total", 42500, lines=(("3 fines", 42500),), link=Button(...))`: amounts are fils."""

    def __init__(
        self, look: Look, label: str, fils: int, *, lines: tuple[Line, ...] = (), link: QWidget | None = None
    ) -> None:
        super().__init__(look)
        amount = look.texts.amount(fils)
        room = look.px(CARD_MM - 2 * PADDING_MM)
        self.setFixedWidth(look.px(CARD_MM))
        side, edge = look.px(PADDING_MM), look.px(look.tokens.space.l)
        self.rows.setContentsMargins(side, edge, side, edge)
        self.rows.setSpacing(look.px(look.tokens.space.xs))
        self.rows.addWidget(Text(look, label, colour="ink2"))
        self.rows.addWidget(Text(look, amount, role=widest_role(look, amount, room), wrap=False, snug=True))
        self.rows.addWidget(Text(look, amount_in_words(fils, look.texts.language), colour="ink2"))
        if lines:
            self._rule()
            self.rows.addLayout(amount_lines(look, lines))
        if link is not None:
            self._rule()
            self.rows.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)

    def _rule(self) -> None:
        self.rows.addSpacing(self.look.px(2.0))
        self.rows.addWidget(Separator(self.look))
        self.rows.addSpacing(self.look.px(2.0))


class NoFeeCard(Surface):
    """Where nothing is due: the same place says so in words, and no amount that somebody could ask about."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.setFixedWidth(look.px(CARD_MM))
        side, edge = look.px(PADDING_MM), look.px(look.tokens.space.l)
        self.rows.setContentsMargins(side, edge, side, edge)
        self.rows.addWidget(Text(look, look.texts("Amount due"), colour="ink2"))
        self.rows.addWidget(Text(look, look.texts("No fee"), role="display", wrap=False))
        self.rows.addWidget(Text(look, look.texts("Nothing is to be paid for this service"), colour="ink2"))


class NoFeeLine(Surface):
    """The same as one line above the bottom bar."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, padding_mm=1.0 if look.largest else 3.0)
        self.widen_sides()
        line = row(look, Text(look, look.texts("Amount due"), colour="ink2", wrap=False))
        line.addWidget(Text(look, look.texts("No fee"), role="title", wrap=False))
        line.addStretch(1)
        self.rows.addLayout(line)


class AmountLine(Surface):
    """`AmountLine(look, "Total", 42500, words=True, link=...)`: one line above the bottom bar; `words` adds another."""

    def __init__(self, look: Look, label: str, fils: int, *, words: bool = False, link: QWidget | None = None) -> None:
        super().__init__(look, padding_mm=1.0 if look.largest else 3.0)
        self.widen_sides()
        self.rows.setSpacing(0)
        line = row(look, Text(look, label, colour="ink2", wrap=False))
        line.addWidget(Text(look, look.texts.amount(fils), role="title", wrap=False))
        line.addStretch(1)
        if link is not None:
            line.addWidget(link, 0, Qt.AlignmentFlag.AlignVCenter)
        self.rows.addLayout(line)
        if words:
            self.rows.addWidget(Text(look, amount_in_words(fils, look.texts.language), colour="ink2"))


def amount_lines(look: Look, lines: tuple[Line, ...]) -> QGridLayout:
    """Labels and amounts under one another: all numbers end at the same edge, the unit stands after them."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(look.px(look.tokens.space.s))
    grid.setVerticalSpacing(look.px(look.tokens.space.xs))
    grid.setColumnStretch(0, 1)
    for place, (label, fils) in enumerate(lines):
        number = Text(look, look.texts.number(fils), wrap=False)
        grid.addWidget(Text(look, label), place, 0)
        grid.addWidget(number, place, 1, _TO_THE_RIGHT)
        grid.addWidget(Text(look, look.texts.currency, wrap=False), place, 2)
    return grid


class AmountRow(JoinedRow):
    """One label and its amount as a row of a card. Rows that stand together get the same `number_width`, in pixels, so
    that their points stand under one another."""

    def __init__(self, look: Look, label: str, fils: int, *, number_width: int, strong: bool = False) -> None:
        super().__init__(look, least_height_mm=_ROW_MM)
        number = Text(look, look.texts.number(fils), strong=strong, wrap=False)
        if look.right_to_left:  # elsewhere the numbers end at the unit by themselves
            number.setFixedWidth(number_width)
        self.line.setSpacing(look.px(look.tokens.space.s))
        self.line.addWidget(Text(look, label, strong=strong), 1)
        self.line.addWidget(number, 0, Qt.AlignmentFlag.AlignVCenter)
        self.line.addWidget(
            Text(look, look.texts.currency, strong=strong, wrap=False), 0, Qt.AlignmentFlag.AlignVCenter
        )


def widest_role(look: Look, text: str, room: int) -> Role:
    """The largest role in which `text` stands on one line of `room` pixels."""
    roles: tuple[Role, ...] = ("figure", "display", "title", "action")
    return next((role for role in roles if look.text_width(text, role) <= room), "body")

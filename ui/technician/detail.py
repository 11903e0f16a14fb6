"""The trailing column: one check with the steps that were tried, what it means, and the next step in both languages."""

from __future__ import annotations

import dataclasses
import enum
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from kiosk.diagnostics import Check, Finding, Group, Health, StepFound, milliseconds
from kiosk.wire import Words
from ui.look import Look
from ui.staff.key_button import KeyButton, KeyButtonKind
from ui.technician.line_bars import LineBars
from ui.technician.session import Session
from ui.technician.signs import NOT_RUN, RUNNING, SIGNS, Sign
from ui.widgets.layouts import column, row
from ui.widgets.picture import Icon
from ui.widgets.surface import Separator, Surface
from ui.widgets.text import Text

_ICON_SCALE: Final = 1.6


class Leave(enum.IntEnum):
    """What gives way, one after another, where the text is too large for the column: never the next step."""

    NOTHING = 0
    BARS = 1
    MEANING = 2
    STEPS_THAT_ARE_WELL = 3
    STEPS = 4


def fitting_detail(look: Look, session: Session, check: Check, room: QSize) -> Detail:
    """The fullest that fits into `room`, in pixels; a height of 0 or less is not known yet."""
    for leave in Leave:
        detail = Detail(look, session, check, room.width(), leave)
        if room.height() <= 0 or detail.height_at(room.width()) <= room.height() or leave is Leave.STEPS:
            break
        detail.deleteLater()
    return detail


class Detail(QWidget):
    """Built anew for each change: it is small, and what it shows differs in shape from check to check."""

    def __init__(self, look: Look, session: Session, check: Check, room: int, leave: Leave = Leave.NOTHING) -> None:
        """`room` is the width that it will have, in pixels."""
        super().__init__()
        self._look, self._room, self._leave = look, room, leave
        self.setObjectName("detail")
        self.setLayoutDirection(look.direction)
        finding = session.findings.get(check.id)
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(look.px(2.4))
        stack.addLayout(self._head(session, check, finding))
        if finding is not None:
            self._fill(stack, session, finding)
        stack.addStretch(1)
        words = look.texts("Run again") if look.largest else look.texts("Run this check again")
        again = KeyButton(look, words, "R", name="main", kind=KeyButtonKind.PRIMARY, icon="refresh-cw")
        again.setEnabled(check.id not in session.running)
        again.when_pressed(session.run_again)
        stack.addWidget(again)

    def height_at(self, width: int) -> int:
        """Pixels that everything needs at that width."""
        layout = self.layout()
        assert layout is not None
        return max(layout.totalHeightForWidth(width), layout.totalMinimumSize().height())

    def _head(self, session: Session, check: Check, finding: Finding | None) -> QHBoxLayout:
        look = self._look
        sign = _sign_of(session, check, finding)
        head = row(look, Icon(look, sign.icon, colour=sign.colour, millimetres=look.icon_mm * _ICON_SCALE), gap_mm=2.4)
        words = column(look, Text(look, look.texts.of(check.title), role="strong"), gap_mm=0.4)
        state = look.texts(sign.word)
        if finding is not None:
            state = f"{state} · {look.texts.of(milliseconds(finding.milliseconds))}"
        words.addWidget(Text(look, state, colour=sign.colour, strong=True))
        head.addLayout(words, 1)
        return head

    def _fill(self, stack: QVBoxLayout, session: Session, finding: Finding) -> None:
        look, texts, measured = self._look, self._look.texts, finding.measured
        if measured.meaning is not None and self._leave < Leave.MEANING:
            stack.addWidget(Text(look, texts.of(measured.meaning), colour="ink2"))
        facts = column(look, gap_mm=0.0)
        for place, step in enumerate(self._steps(measured.steps)):
            if place:
                facts.addWidget(Separator(look))
            facts.addWidget(_StepRow(look, step, self._room))
        stack.addLayout(facts)
        if finding.group is Group.NETWORK and self._leave < Leave.BARS:
            stack.addWidget(Text(look, texts("Line, last 24 hours"), strong=True))
            stack.addWidget(LineBars(look, session.parts.line, session.parts.clock.now()))
        if measured.next_step is not None and measured.health is not Health.GOOD:
            stack.addWidget(_next_step(look, measured.next_step))
        if measured.code:
            stack.addWidget(Text(look, texts("Support code {code}", code=measured.code), colour="ink2"))

    def _steps(self, steps: tuple[StepFound, ...]) -> tuple[StepFound, ...]:
        if self._leave is Leave.STEPS:
            return ()
        if self._leave is Leave.STEPS_THAT_ARE_WELL:
            return tuple(step for step in steps if step.health in {Health.BAD, Health.WARNING})
        return steps


class _StepRow(QWidget):
    """Sign, what was tried, and what came of it; a long answer goes below."""

    def __init__(self, look: Look, step: StepFound, room: int) -> None:
        super().__init__()
        self.setLayoutDirection(look.direction)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        sign = SIGNS[step.health]
        bad = step.health is Health.BAD
        line = row(look, gap_mm=2.0)
        line.setContentsMargins(0, look.px(1.1), 0, look.px(1.1))
        line.addWidget(Icon(look, sign.icon, colour=sign.colour), 0, Qt.AlignmentFlag.AlignTop)
        quiet = "ink_off" if step.health is Health.NOT_REACHED else "ink"
        title = Text(look, look.texts.of(step.title), colour=quiet, strong=bad, wrap=False)
        colour = "error" if bad else "ink_off" if step.health is Health.NOT_REACHED else "ink2"
        words = look.texts.of(step.value)
        both = title.sizeHint().width() + look.text_width(words, "body", strong=bad) + look.px(look.icon_mm + 6.0)
        line.addWidget(title, 0, Qt.AlignmentFlag.AlignTop)
        line.addStretch(1)
        if both <= room:
            line.addWidget(Text(look, words, colour=colour, strong=bad, wrap=False), 0, Qt.AlignmentFlag.AlignTop)
            self.setLayout(line)
        else:
            value = Text(look, _breakable(words), colour=colour, strong=bad)
            stack = column(look, gap_mm=0.0)
            stack.addLayout(line)
            stack.addWidget(value)
            self.setLayout(stack)


def _next_step(look: Look, step: Words) -> Surface:
    """The screen's language first; the other below it, in its own direction."""
    box = Surface(look, "warning", padding_mm=3.0)
    box.rows.addWidget(Text(look, look.texts("Next step"), strong=True))
    other = _other(look)
    box.rows.addWidget(Text(look, look.texts.of(step)))
    box.rows.addWidget(Separator(look))
    box.rows.addWidget(Text(other, step.en if look.right_to_left else step.ar))
    return box


def _other(look: Look) -> Look:
    language = "en" if look.right_to_left else "ar"
    return dataclasses.replace(look, presentation=dataclasses.replace(look.presentation, language=language))


def _sign_of(session: Session, check: Check, finding: Finding | None) -> Sign:
    if check.id in session.running:
        return RUNNING
    return NOT_RUN if finding is None else SIGNS[finding.measured.health]


def _breakable(text: str) -> str:
    """A path or an address may go on in the next line after each of its parts (UAX #14, zero width space)."""
    return text.replace("/", "/\u200b").replace(".", ".\u200b") if len(text) > _LONG else text


_LONG: Final = 40

"""How was the service? Five faces from the best to the worst, and why an unhappy person was not content."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from kiosk.events import Event, Rated
from kiosk.feedback import UNHAPPY, Satisfaction, WhyUnhappy
from kiosk.scene import Scene
from ui.feedback_words import REASON_TEXTS, SATISFACTION_TEXTS
from ui.look import Look
from ui.widgets.layouts import column, row
from ui.widgets.picture import Icon, IconTile
from ui.widgets.pressable_card import PressableCard
from ui.widgets.text import Text

_FACES: Final[Mapping[Satisfaction, str]] = {
    Satisfaction.EXCELLENT: "laugh",
    Satisfaction.GOOD: "smile",
    Satisfaction.FAIR: "meh",
    Satisfaction.POOR: "annoyed",
    Satisfaction.BAD: "frown",
}
_SIGNS: Final[Mapping[WhyUnhappy, str]] = {
    WhyUnhappy.WAITED: "clock",
    WhyUnhappy.UNCLEAR: "info",
    WhyUnhappy.QUESTIONS: "list-checks",
    WhyUnhappy.AMOUNT: "banknote",
    WhyUnhappy.OTHER: "plus",
}
_FACE_MM = 18.0


def unexplained(scene: Scene) -> Satisfaction | None:
    """The unhappy answer that a reason is asked for; None where there is none, or the reason is known."""
    return scene.satisfaction if scene.satisfaction in UNHAPPY and scene.reason is None else None


class Faces(QWidget):
    """`Faces(look, scene.satisfaction, send)`: a question, five faces named `rate:good` and so on, and under them the
    words of the two ends, or thanks once one was touched. `in_line` puts question and faces on one line, without words
    under them. A touch sends Rated; another touch corrects it.
    """

    def __init__(
        self, look: Look, chosen: Satisfaction | None, send: Callable[[Event], None], *, in_line: bool = False
    ) -> None:
        super().__init__()
        self._look, self._send = look, send
        self.setLayoutDirection(look.direction)
        question = Text(look, look.texts("How was the service?"), role="body" if in_line else "action", strong=True)
        faces = row(look, gap_mm=look.tokens.space.target_gap)
        for satisfaction in Satisfaction:
            faces.addWidget(self._face(satisfaction, chosen=satisfaction is chosen))
        if in_line:
            line = QHBoxLayout(self)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(look.px(look.tokens.space.l))
            line.addWidget(question, 0, Qt.AlignmentFlag.AlignVCenter)
            line.addLayout(faces)
            line.addStretch(1)
            return
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(look.px(look.tokens.space.s))
        stack.addWidget(Text(look, question.text(), role="action", centred=True))
        stack.addLayout(faces)
        stack.addLayout(self._under(chosen))

    def _face(self, satisfaction: Satisfaction, *, chosen: bool) -> PressableCard:
        look = self._look
        face = PressableCard(
            look,
            name=f"rate:{satisfaction.value}",
            accessible=look.texts(SATISFACTION_TEXTS[satisfaction]),
            least_height_mm=_FACE_MM,
            padding_mm=1.0,
        )
        face.setCheckable(True)
        face.setChecked(chosen)
        face.line.setContentsMargins(0, 0, 0, 0)
        face.setFixedWidth(look.px(_FACE_MM))
        face.add(Icon(look, _FACES[satisfaction], colour="primary" if chosen else "ink", millimetres=_FACE_MM * 0.6))
        face.when_pressed(partial(self._send, Rated(satisfaction)))
        return face

    def _under(self, chosen: Satisfaction | None) -> QHBoxLayout:
        look, texts = self._look, self._look.texts
        if chosen is not None:
            thanks = texts("{answer}. Thank you", answer=texts(SATISFACTION_TEXTS[chosen]))
            return row(look, Text(look, thanks, colour="ink2", centred=True))
        best, worst = (texts(SATISFACTION_TEXTS[end]) for end in (Satisfaction.EXCELLENT, Satisfaction.BAD))
        line = row(look, Text(look, best, colour="ink2", wrap=False))
        line.addStretch(1)
        line.addWidget(Text(look, worst, colour="ink2", wrap=False))
        return line


class Reasons(QWidget):
    """`Reasons(look, scene.satisfaction, send, columns=2)`: what can be touched instead of an explanation, each named
    `reason:waited` and so on; not to say is another button's."""

    def __init__(
        self, look: Look, satisfaction: Satisfaction, send: Callable[[Event], None], *, columns: int = 1
    ) -> None:
        super().__init__()
        self.setLayoutDirection(look.direction)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(look.px(look.tokens.space.target_gap))
        for place, (reason, sign) in enumerate(_SIGNS.items()):
            card = PressableCard(
                look,
                name=f"reason:{reason.value}",
                accessible=look.texts(REASON_TEXTS[reason]),
                least_height_mm=look.tokens.size.choice_row if look.ample else look.tokens.size.secondary,
                padding_mm=2.0,
            )
            if not look.largest:
                card.add(IconTile(look, sign) if look.ample else Icon(look, sign, colour="primary"))
            card.add(Text(look, look.texts(REASON_TEXTS[reason]), role="action"), 1)
            card.when_pressed(partial(send, Rated(satisfaction, reason)))
            grid.addWidget(card, place // columns, place % columns)
        for place in range(columns):
            grid.setColumnStretch(place, 1)


def reason_question(look: Look, satisfaction: Satisfaction, send: Callable[[Event], None]) -> QVBoxLayout:
    """The whole question, as large as a page's."""
    stack = column(look, gap_mm=look.tokens.space.l if not look.largest else look.tokens.space.s)
    words = column(look, Text(look, look.texts("What was not good?"), role="display"), gap_mm=0.0)
    if not look.largest:
        words.addWidget(Text(look, look.texts("The answer is counted without your name"), colour="ink2"))
    stack.addLayout(words)
    stack.addWidget(Reasons(look, satisfaction, send, columns=2 if look.ample else 1))
    stack.addStretch(1)
    return stack

"""One question of a service: what is asked, the answer's own controls, and what is still to be put right."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.catalogue import Step
from kiosk.events import Answered
from kiosk.scene import Scene
from ui.fact_words import bounds_text
from ui.look import Look, Role
from ui.pages.choice_answer import ChoiceAnswer
from ui.pages.digits import DigitsAnswer, shape_of
from ui.pages.facts import facts_box
from ui.pages.page import Page, Send
from ui.pages.plate_answer import PlateAnswer
from ui.pages.question import is_tight, progress
from ui.pages.text_answer import DeclarationAnswer, TextAnswer
from ui.widgets.bottom_bar import BarButton, BottomBar
from ui.widgets.keyboard import KeyboardBar
from ui.widgets.layouts import column, row
from ui.widgets.plate_field import ExamplePlate
from ui.widgets.put_right import PutRight
from ui.widgets.surface import Surface
from ui.widgets.text import Text

Answer = ChoiceAnswer | PlateAnswer | DigitsAnswer | TextAnswer | DeclarationAnswer


class StepsPage(Page):
    """The scene's `step`, whatever its kind. Continue is always enabled: what is missing is explained, not greyed."""

    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        assert scene.step is not None
        self._step = scene.step
        self._on_file = facts_box(look, scene, scene.step)
        self._answer: Answer = self._made()

    def bottom_bar(self) -> BottomBar | KeyboardBar:
        keyboard = self._answer.keyboard() if isinstance(self._answer, TextAnswer) else None
        if keyboard is not None:
            return keyboard
        texts = self.look.texts
        return BottomBar(main=BarButton(texts("Continue"), self.go_on, arrow="arrow-right"), back=True)

    def draft(self) -> str:
        return self._answer.text()

    @Slot()
    def go_on(self) -> None:
        self.send(Answered(self._step.id, self._answer.text()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits and Enter work wherever the focus is."""
        if not self._answer.key_pressed(event):
            super().keyPressEvent(event)

    def _made(self) -> Answer:
        step, typed, mistake = self._step, self.scene.typed, self.scene.mistake
        heading = self._heading()
        match step.kind:
            case "choice":
                return ChoiceAnswer(self, heading, step, typed)
            case "declaration":
                return DeclarationAnswer(self, heading, step, typed)
            case "text":
                text = TextAnswer(self, heading, step, typed, mistake=mistake)
                text.complete.connect(self.go_on)
                text.bar_changed.connect(self.bar_changed)
                self._help_with(text)
                return text
            case "plate":
                plate = PlateAnswer(self, heading, step, typed, mistake=mistake)
                plate.complete.connect(self.go_on)
                if not is_tight(self.look):
                    _add_help(self.look, step, plate.beside)
                return plate
        return self._digits(heading)

    def _help_with(self, answer: TextAnswer) -> None:
        """Under a keyboard there is room for little: what is on file gives way, and beside it where the number is."""
        told = [self._on_file] if self._on_file is not None else []
        if self.look.wide and (help_box := _add_help(self.look, self._step, answer.beside)) is not None:
            told += [help_box] if told or self.scene.mistake else []
        answer.give_way(*told)

    def _digits(self, heading: QVBoxLayout) -> DigitsAnswer:
        texts, step = self.look.texts, self._step
        unit = texts.currency if step.kind == "amount" else texts.of(step.unit) if step.unit else ""
        answer = DigitsAnswer(
            self,
            heading,
            self.scene.typed,
            label=texts.of(step.label),
            shape=shape_of(step),
            unit=unit,
            mistake=self.scene.mistake,
            proposed=self.scene.typed == self.scene.proposed,
        )
        answer.complete.connect(self.go_on)
        if not is_tight(self.look):
            _add_help(self.look, step, answer.beside)
        return answer

    def _heading(self) -> QVBoxLayout:
        """How far we are, what is to be put right, the question and its hint, and what the agency knows already."""
        look, texts, step = self.look, self.look.texts, self._step
        place = column(look, gap_mm=look.tokens.space.s)
        tight = is_tight(look)
        if not tight:
            place.addWidget(progress(self.scene, look))
        if self.scene.mistake:
            place.addWidget(PutRight(look, texts(self.scene.mistake), self._lead_to_answer))
        role: Role = "title" if tight and self.scene.mistake else "display"
        words = column(look, Text(look, texts.of(step.title), role=role), gap_mm=0.0)
        for hint in self._hints():
            words.addWidget(Text(look, hint, colour="ink2"))
        place.addLayout(words)
        if self._on_file is not None:
            place.addWidget(self._on_file)
        return place

    def _hints(self) -> tuple[str, ...]:
        texts, step = self.look.texts, self._step
        if is_tight(self.look) and self.scene.mistake:
            return ()
        gives_way = is_tight(self.look) and self._on_file is not None
        own = texts.of(step.hint) if step.hint is not None else self._how_it_is_written()
        hint = "" if gives_way else own
        optional = texts("You may leave this empty") if step.optional else ""
        return tuple(told for told in (hint, bounds_text(step, self.scene, texts), optional) if told)

    def _how_it_is_written(self) -> str:
        """Of what is written in one way only, where the service says nothing of its own."""
        texts = self.look.texts
        match self._step.kind:
            case "date":
                return texts("Day, month, year: {example}", example=texts.isolated("07/11/2026"))
            case "phone":
                return texts("Ten digits: {example}", example=texts.isolated("07 9012 3456"))
        return ""

    @Slot()
    def _lead_to_answer(self) -> None:
        self._answer.take_focus()


def _add_help(look: Look, step: Step, place: QVBoxLayout) -> QWidget | None:
    if step.help_title is None or step.help_text is None:
        return None
    box = Surface(look, "information", padding_mm=look.tokens.space.m)
    words = column(
        look,
        Text(look, look.texts.of(step.help_title), strong=True),
        Text(look, look.texts.of(step.help_text), colour="ink2"),
        gap_mm=0.0,
    )
    parts: tuple[QWidget, ...] = (ExamplePlate(look),) if step.kind == "plate" else ()
    line = row(look, *parts, gap_mm=look.tokens.space.l)
    line.addLayout(words, 1)
    box.rows.addLayout(line)
    place.addWidget(box)
    return box

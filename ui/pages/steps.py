"""One question of a service: what is asked, the answer's own controls, and what is still to be put right."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from kiosk.catalogue import Step
from kiosk.events import Answered
from kiosk.scene import Scene
from ui.look import Look, Role
from ui.pages.digits import DigitsAnswer, beside_field, keypad_width
from ui.pages.page import Page, Send
from ui.pages.question import is_tight, progress
from ui.widgets.bottom_bar import BarButton, BottomBar
from ui.widgets.choice import ChoiceRow
from ui.widgets.keypad import Keypad
from ui.widgets.layouts import column, row
from ui.widgets.pager import PagedColumn
from ui.widgets.plate_field import ExamplePlate, PlateField
from ui.widgets.put_right import PutRight
from ui.widgets.surface import Surface
from ui.widgets.text import Text

_NATIONAL_NUMBER = 10


class StepsPage(Page):
    """The scene's `step`, whatever its kind. Continue is always enabled: what is missing is explained, not greyed."""

    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        assert scene.step is not None
        self._step = scene.step
        self._answer: ChoiceAnswer | PlateAnswer | DigitsAnswer
        if self._step.kind == "choice":
            self._answer = ChoiceAnswer(self)
        elif self._step.kind == "national_number":
            self._answer = self._digits_answer()
        else:
            self._answer = PlateAnswer(self)

    def bottom_bar(self) -> BottomBar:
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

    def add_question(self, place: QVBoxLayout) -> None:
        """How far we are, what is to be put right, the question and its hint."""
        look, texts, step = self.look, self.look.texts, self._step
        tight = is_tight(look)
        if not tight:
            place.addWidget(progress(self.scene, look))
        if self.scene.mistake:
            place.addWidget(PutRight(look, texts(self.scene.mistake), self._lead_to_answer))
        role: Role = "title" if tight and self.scene.mistake else "display"
        heading = column(look, Text(look, texts.of(step.title), role=role), gap_mm=0.0)
        if step.hint is not None and not (tight and self.scene.mistake):
            heading.addWidget(Text(look, texts.of(step.hint), colour="ink2"))
        place.addLayout(heading)

    def _digits_answer(self) -> DigitsAnswer:
        heading = column(self.look, gap_mm=self.look.tokens.space.s)
        self.add_question(heading)
        label = self.look.texts.of(self._step.label)
        answer = DigitsAnswer(
            self, heading, self.scene.typed, label=label, longest=_NATIONAL_NUMBER, mistake=self.scene.mistake
        )
        answer.complete.connect(self.go_on)
        return answer

    @Slot()
    def _lead_to_answer(self) -> None:
        self._answer.take_focus()


class ChoiceAnswer:
    """One of several options, each a large row; touching selects, Continue goes on, so that nothing is final yet."""

    def __init__(self, page: StepsPage) -> None:
        look, scene, step = page.look, page.scene, _step(page)
        self._group = QButtonGroup(page)
        self._rows: dict[str, ChoiceRow] = {}
        page.add_question(page.content)
        rows: list[QWidget] = []
        for option in step.options:
            hint = look.texts.of(option.hint) if option.hint else ""
            entry = ChoiceRow(look, look.texts.of(option.title), hint, name=f"option:{option.id}")
            entry.setChecked(option.id == scene.typed)
            self._group.addButton(entry)
            self._rows[option.id] = entry
            rows.append(entry)
        page.content.addSpacing(look.px(look.tokens.space.s))
        page.content.addWidget(PagedColumn(look, rows, gap_mm=look.tokens.size.keypad_gap), 1)

    def text(self) -> str:
        return next((option for option, entry in self._rows.items() if entry.isChecked()), "")

    def take_focus(self) -> None:
        next(iter(self._rows.values())).setFocus(Qt.FocusReason.TabFocusReason)

    def key_pressed(self, _event: QKeyEvent) -> bool:
        return False


class PlateAnswer:
    """Code and number with the keypad at the trailing side; real keys fill the same fields."""

    def __init__(self, page: StepsPage) -> None:
        look, scene = page.look, page.scene
        label = look.texts.of(_step(page).label)
        self._field = PlateField(look, scene.typed, accessible=label, mistake=scene.mistake)
        self._field.complete.connect(page.go_on)
        self._keypad = Keypad(look, letters=True)
        self._keypad.typed.connect(self._field.type)
        self._keypad.erased.connect(self._field.erase)
        self._keypad.cleared.connect(self._field.clear)
        self._field.moved.connect(self._keypad.show_digits)
        self._keypad.setFixedWidth(keypad_width(look))
        line = page.columns(look.tokens.space.xxl if look.wide else look.tokens.space.l)
        leading = column(look, gap_mm=look.tokens.space.s)
        page.add_question(leading)
        leading.addSpacing(look.px(look.tokens.space.l if look.wide else look.tokens.space.xs))
        fields = row(look, self._field)
        fields.addStretch(1)  # to the leading side; the field itself never mirrors
        leading.addLayout(fields)
        if scene.mistake:
            leading.addLayout(beside_field(look, look.texts(scene.mistake)))
        leading.addSpacing(look.px(look.tokens.space.m if look.wide else look.tokens.space.xs))
        if not is_tight(look):
            _add_help(look, _step(page), leading)
        leading.addStretch(1)
        line.addLayout(leading, 1)
        trailing = column(look, self._keypad)
        trailing.setContentsMargins(0, look.px(look.tokens.space.xl) if look.wide else 0, 0, 0)
        if look.wide:
            trailing.addStretch(1)
        line.addLayout(trailing)
        if not scene.mistake:
            self.take_focus()

    def text(self) -> str:
        return self._field.text()

    def take_focus(self) -> None:
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def key_pressed(self, event: QKeyEvent) -> bool:
        self._field.keyPressEvent(event)
        return event.isAccepted()


def _step(page: StepsPage) -> Step:
    assert page.scene.step is not None
    return page.scene.step


def _add_help(look: Look, step: Step, place: QVBoxLayout) -> None:
    if step.help_title is None or step.help_text is None:
        return
    box = Surface(look, "information", padding_mm=look.tokens.space.m)
    words = column(
        look,
        Text(look, look.texts.of(step.help_title), strong=True),
        Text(look, look.texts.of(step.help_text), colour="ink2"),
        gap_mm=0.0,
    )
    line = row(look, ExamplePlate(look), gap_mm=look.tokens.space.l)
    line.addLayout(words, 1)
    box.rows.addLayout(line)
    place.addWidget(box)

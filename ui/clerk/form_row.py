"""All fields of a service in one row, with the key that asks the agency."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.catalogue import Step, StepKind
from kiosk.forms import AGREED
from kiosk.scene import State
from ui.clerk.desk import Desk
from ui.clerk.document_card import DocumentField
from ui.fact_words import bounds_text
from ui.look import Look
from ui.staff.chooser import Chooser, ChooserField
from ui.staff.entry import Field
from ui.staff.flow import Flow
from ui.staff.key_button import KeyButton
from ui.staff.keys import KeyAct
from ui.widgets.text import Text

_DOCUMENT_KEY = "Alt+4"
_CHARACTERS: Mapping[StepKind, int] = {
    "plate": 11,
    "national_number": 14,
    "number": 10,
    "date": 12,
    "phone": 14,
    "amount": 12,
    "text": 28,
}
_WORDS: frozenset[StepKind] = frozenset({"text"})


class FormRow(QWidget):
    """Fields are named `step:<id>`; what is typed goes into the sheet at once."""

    def __init__(self, look: Look, desk: Desk) -> None:
        super().__init__()
        self._look, self._desk = look, desk
        self.setLayoutDirection(look.direction)
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, 0, 0, 0)
        fields = tuple(self._field(step) for step in desk.filling.steps())
        stack.addWidget(Flow(look, (*fields, self._ask()), gap_mm=3.0))

    def first(self) -> str:
        """The object name of the field in which typing begins: what is to be put right, or what is empty."""
        steps, mistakes = self._desk.filling.steps(), dict(self._desk.scene.mistakes)
        wrong = next((step for step in steps if step.id in mistakes), None)
        empty = next((step for step in steps if not self._desk.filling.text(step)), None)
        first = wrong or empty or (steps[0] if steps else None)
        return f"step:{first.id}" if first else ""

    def acts(self) -> tuple[KeyAct, ...]:
        step = self._document()
        return (KeyAct(_DOCUMENT_KEY, "", partial(self._desk.open_document, step)),) if step else ()

    def _document(self) -> str:
        """The one that the key opens: the first without its pages, else the last; the others have their button."""
        steps = [step for step in self._desk.filling.steps() if step.kind == "document"]
        missing = (step for step in steps if len(self._desk.scene.papers.of(step.id)) < (step.least or 1))
        step = next(missing, steps[-1] if steps else None)
        return step.id if step else ""

    def _field(self, step: Step) -> QWidget:
        look, texts, desk = self._look, self._look.texts, self._desk
        label, name, text = texts.of(step.label), f"step:{step.id}", desk.filling.text(step)
        mistake = dict(desk.scene.mistakes).get(step.id, "")
        told = texts(mistake) if mistake else ""
        if step.kind == "document":
            return DocumentField(look, desk, step, told, key=_DOCUMENT_KEY if step.id == self._document() else "")
        if step.kind in {"choice", "declaration"}:
            options = tuple((option.id, texts.of(option.title)) for option in desk.filling.options(step))
            options = options or (("", texts("Not yet")), (AGREED, texts("I agree to this")))
            choose = partial(desk.filling.choose, step.id)
            chooser = Chooser(look, options, text, name=name, accessible=label, choose=choose)
            return ChooserField(look, label, chooser, told)
        field = Field(
            look,
            label,
            name=name,
            text=text,
            hint=bounds_text(step, desk.scene, texts) or (texts.of(step.hint) if step.hint else ""),
            mistake=told,
            numbers=step.kind not in _WORDS,
            characters=_CHARACTERS[step.kind],
        )
        field.when_edited(partial(desk.filling.fill, step.id))
        return field

    def _ask(self) -> QWidget:
        """As high as a field with its label, so that its lower edge stands with theirs."""
        look, texts = self._look, self._look.texts
        busy = self._desk.scene.state is State.ENQUIRING
        words = texts("Asking the agency") if busy else texts("Enquire")
        button = KeyButton(look, words, "" if busy else "Enter", name="enquire", icon="search")
        button.setEnabled(not busy)
        button.when_pressed(self._desk.filling.enquire)
        whole = QWidget()
        stack = QVBoxLayout(whole)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(look.px(0.8))
        stack.addWidget(Text(look, " ", wrap=False))
        stack.addWidget(button)
        stack.addStretch(1)
        return whole

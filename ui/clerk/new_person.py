"""A person without a card: the number typed, the document that was seen, and a name if there is one."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from kiosk.counter import IDENTIFYING_DOCUMENTS, DocumentSeen
from kiosk.texts import Texts
from ui.clerk.desk import Desk
from ui.clerk.words import DOCUMENT_TEXTS
from ui.look import Look
from ui.staff.chooser import Chooser, ChooserField
from ui.staff.entry import Field
from ui.staff.flow import Flow
from ui.staff.key_button import KeyButton, KeyButtonKind
from ui.widgets.layouts import row
from ui.widgets.surface import Surface
from ui.widgets.text import Text


class NewPerson(Surface):
    def __init__(self, look: Look, desk: Desk) -> None:
        super().__init__(look, padding_mm=4.0)
        self._desk = desk
        texts, sheet, mistakes = look.texts, desk.sheet, dict(desk.scene.mistakes)
        self.rows.addWidget(Text(look, texts("A citizen without a card"), role="strong"))
        told = texts("Ask for a document and type its number. With a card, put it into the reader")
        self.rows.addWidget(Text(look, told, colour="ink2"))
        number = Field(
            look,
            texts("National number, or passport"),
            name="national_number",
            text=sheet.number,
            hint=texts("10 digits, or UTO P4471203"),
            mistake=_told(mistakes.get("national_number", ""), texts),
            numbers=True,
            characters=16,
        )
        number.when_edited(self._type_number)
        label = texts("Document seen")
        chooser = Chooser(
            look,
            tuple((document.value, texts(DOCUMENT_TEXTS[document])) for document in IDENTIFYING_DOCUMENTS),
            sheet.document.value,
            name="document",
            accessible=label,
            choose=self._choose_document,
        )
        document = ChooserField(look, label, chooser, _told(mistakes.get("document", ""), texts))
        name = Field(look, texts("Name, if it is known"), name="name", text=sheet.name, characters=22)
        name.when_edited(self._type_name)
        fields: tuple[QWidget, ...] = (number, document, name)
        self.rows.addWidget(Flow(look, fields, gap_mm=3.4))
        main = KeyButton(
            look, texts("Serve this person"), "Enter", name="main", kind=KeyButtonKind.PRIMARY, icon="user-round-check"
        )
        main.when_pressed(desk.type_person)
        line = row(look, gap_mm=3.0)
        line.addStretch(1)
        line.addWidget(main)
        self.rows.addLayout(line)

    def _type_number(self, text: str) -> None:
        self._desk.sheet.number = text

    def _type_name(self, text: str) -> None:
        self._desk.sheet.name = text

    def _choose_document(self, document: str) -> None:
        self._desk.sheet.document = DocumentSeen(document)


def _told(mistake: str, texts: Texts) -> str:
    return texts(mistake) if mistake else ""

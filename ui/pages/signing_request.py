"""What is signed, row by row: the request itself and its answers, who signs it, and when."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from kiosk.signing import Application
from kiosk.texts import Texts
from ui.look import Look
from ui.widgets.answer_row import AnswerRow


def request_rows(look: Look, application: Application) -> list[QWidget]:
    """The same facts as on the paper, in one language; the national number is masked, as on every screen."""
    texts = look.texts
    number = texts.masked(application.national_number)
    said = [(texts("Request"), texts.of(application.title))]
    said += [(texts.of(label), texts.isolated(texts.of(value))) for label, value in application.rows]
    held = [(texts("Name"), holder_name(application, texts)), (texts("National number"), number)]
    stated = [
        (texts("Agency"), texts.of(application.agency)),
        (texts("Date"), texts.date(application.stated_on)),
        (texts("Reference number"), texts.isolated(application.reference)),
    ]
    rows = [AnswerRow(look, label, value, dense=True) for label, value in said]
    rows += [AnswerRow(look, label, value, source=texts("From the card"), dense=True) for label, value in held]
    rows += [AnswerRow(look, label, value, dense=True) for label, value in stated]
    return [*rows]


def holder_name(application: Application, texts: Texts) -> str:
    """In the person's language; some cards have the name in one of them only."""
    arabic, english = application.holder_ar, application.holder_en
    return (arabic or english) if texts.language == "ar" else (english or arabic)

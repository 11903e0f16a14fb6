"""What became of a request, in the words of whoever reads it: the state, what it means, and what to do next."""

from __future__ import annotations

import dataclasses
from typing import Final

from kiosk.failures import FAILURES
from kiosk.my_requests import DocumentPaper, Request, RequestState
from kiosk.receipt import PrintState
from kiosk.texts import Texts, message
from ui.widgets.notice import NoticeKind


@dataclasses.dataclass(frozen=True, slots=True)
class StateWords:
    """`title` and `next_step` are message ids; `kind` and `icon` go with them everywhere."""

    title: str
    next_step: str
    kind: NoticeKind
    icon: str


_NEED_NOT_WAIT: Final = message("You need not wait here. Ask again at any post office")

_STATES: Final = {
    RequestState.REQUESTED: StateWords(message("With the agency"), _NEED_NOT_WAIT, "information", "clock"),
    RequestState.IN_PROGRESS: StateWords(
        message("The agency is looking at it"), _NEED_NOT_WAIT, "information", "clock"
    ),
    RequestState.ISSUED: StateWords(
        message("Issued"), message("Collect it from the agency"), "success", "circle-check"
    ),
    RequestState.REJECTED: StateWords(
        message("Not granted"), message("Ask the agency. Your receipt names the request"), "warning", "triangle-alert"
    ),
    RequestState.REFUND_DUE: StateWords(
        message("Not accepted, your money comes back"),
        message("Take the receipt to the agency"),
        "warning",
        "hand-coins",
    ),
    RequestState.REFUNDED: StateWords(
        message("Your money was given back"), message("Nothing more is to be done"), "success", "circle-check"
    ),
}
_PRINTABLE: Final = message("Print it here, as often as you need it")
_AT_THE_COUNTER: Final = message(
    "Take the receipt and your card to the counter. The clerk gives the money back, with a supervisor"
)


def state_words(request: Request) -> StateWords:
    words = _STATES[request.state]
    if request.document:
        return dataclasses.replace(words, next_step=_PRINTABLE)
    if request.refund == "office":
        return dataclasses.replace(words, next_step=_AT_THE_COUNTER)
    return words


def agency_words(request: Request, texts: Texts) -> str:
    """What the agency itself said of it, "" for nothing."""
    return texts.of(request.words) if request.words is not None else ""


def paper_words(paper: DocumentPaper, texts: Texts) -> tuple[NoticeKind, str, str]:
    """What came out of the printer, and what to do with it."""
    if paper.failure is not None:
        why = texts(FAILURES[paper.failure.failure].title, **paper.failure.values)
        return "warning", texts("Nothing was printed"), why
    if paper.state is PrintState.UNCONFIRMED:
        return "information", texts("Did it come out?"), texts("If not, print it once more")
    if paper.slip:
        printed = texts("A slip with the document's code is printed")
        return "success", printed, texts("This office prints no full pages: the slip says where")
    return "success", texts("The document is printed"), texts("Take it from the printer")

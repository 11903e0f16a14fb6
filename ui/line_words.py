"""What the lines of a quote are called: fines, amounts that are due, or the fees of a request; pages say it alike."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Final

from kiosk.catalogue import Service
from kiosk.scene import Scene
from kiosk.texts import Texts, message, plural_message
from kiosk.wire import Quote
from ui.person_words import number_words

Forms = tuple[str, str]
"""The message ids for one and for several."""


@dataclasses.dataclass(frozen=True, slots=True)
class LineWords:
    """Message ids. `row` stands beside what was chosen, `column` over a table; `here` says how many are paid here, and
    `sign` is the icon of what is not."""

    row: str
    column: str
    counted: Forms
    more: Forms
    of_all: Forms
    here: Forms
    go_on: Forms
    question: str
    choose: str
    touch: str
    none_here: str
    nothing: str
    sign: str


_FINES: Final = LineWords(
    row=message("Fines"),
    column=message("Fine"),
    counted=plural_message("{n} fine", "{n} fines"),
    more=plural_message("{n} more fine", "{n} more fines"),
    of_all=plural_message("{n} fine of {total}", "{n} fines of {total}"),
    here=plural_message("{fines}, {n} payable here", "{fines}, {n} payable here"),
    go_on=plural_message("Continue with {n} fine", "Continue with {n} fines"),
    question=message("Which fines do you want to pay now?"),
    choose=message("Choose at least one fine"),
    touch=message("Touch a fine to pay it now or to leave it, then touch Continue"),
    none_here=message("None of these fines is paid here"),
    nothing=message("There are no fines"),
    sign="scale",
)
_DUE: Final = LineWords(
    row=message("Amounts"),
    column=message("Due for"),
    counted=plural_message("{n} amount", "{n} amounts"),
    more=plural_message("{n} more amount", "{n} more amounts"),
    of_all=plural_message("{n} amount of {total}", "{n} amounts of {total}"),
    here=plural_message("{amounts}, {n} payable here", "{amounts}, {n} payable here"),
    go_on=plural_message("Continue with {n} amount", "Continue with {n} amounts"),
    question=message("Which amounts do you want to pay now?"),
    choose=message("Choose at least one amount"),
    touch=message("Touch an amount to pay it now or to leave it, then touch Continue"),
    none_here=message("None of these amounts is paid here"),
    nothing=message("Nothing is due"),
    sign="lock",
)
_FEES: Final = dataclasses.replace(
    _DUE,
    row=message("Fee"),
    column=message("Fee"),
    counted=plural_message("{n} fee", "{n} fees"),
    more=plural_message("{n} more fee", "{n} more fees"),
    none_here=message("Nothing is to be paid here now"),
    nothing=message("There is no fee"),
)
_WORDS: Final[Mapping[str, LineWords]] = {"fine": _FINES, "due": _DUE, "fee": _FEES}


def line_words(service: Service | None) -> LineWords:
    return _FINES if service is None else _WORDS[service.line_word]


def counted(service: Service | None, count: int, texts: Texts) -> str:
    """`3 fines`, `2 fees`."""
    return texts.plural(*line_words(service).counted, count)


def counted_more(service: Service | None, count: int, texts: Texts) -> str:
    """`2 more fines`: those that found no room."""
    return texts.plural(*line_words(service).more, count)


def counted_of(service: Service | None, count: int, total: int, texts: Texts) -> str:
    """`3 fines of 4`; the second number only where it differs from the first."""
    if count == total:
        return counted(service, count, texts)
    return texts.plural(*line_words(service).of_all, count, total=total)


def counted_here(service: Service | None, quote: Quote, said: str, texts: Texts) -> str:
    """`said` tells how many there are; `4 fines, 3 payable here` where that is not all of them."""
    payable = sum(line.payable for line in quote.lines)
    if payable == len(quote.lines):
        return said
    return texts.plural(*line_words(service).here, payable, fines=said, amounts=said)


def subject(scene: Scene, texts: Texts) -> str:
    """What was asked about: the vehicle, a number that was typed, or the person by the masked number."""
    fields = scene.quote.fields if scene.quote else {}
    if "plate" in fields:
        return texts("Vehicle {plate}", plate=texts.plate(fields["plate"]))
    for step, value in scene.answers:
        if step.kind == "number" and fields.get(step.id) == value:
            return texts("{label}: {value}", label=texts.of(step.label), value=value)
    return number_words(number_asked(scene), texts)


def number_asked(scene: Scene) -> str:
    """By which the person is known whose lines these are."""
    return scene.behalf.number or (scene.identity.number if scene.identity else "")

"""A visit with several services in its basket: fines, a certificate, and what a test asks for beside them."""

from __future__ import annotations

import msgspec

from kiosk.counter import DocumentSeen
from kiosk.events import (
    AnotherService,
    Answered,
    BasketWanted,
    CardInserted,
    FormFilled,
    LinesPicked,
    PersonTyped,
    ServiceChosen,
    Started,
)
from kiosk.scene import State
from kiosk.wire import Quote
from tests.kiosk.parts import MARKER_NUMBER, Stage, quote_of

FINES, CERTIFICATE = "traffic.fines", "justice.non_conviction"
PLATE = "12-34567"
FEE = msgspec.structs.replace(quote_of(5_000, 1_500), agency="justice", service=CERTIFICATE)
FREE = msgspec.structs.replace(FEE, lines=())


def begun(*, signature: bool = False, assisted: bool = False) -> Stage:
    """The person is known; no service here wants a signature unless the test does."""
    stage = Stage(assisted=assisted)
    if not signature:
        stage.visit.services = tuple(msgspec.structs.replace(one, signature="none") for one in stage.visit.services)
    if assisted:
        return stage.feed(PersonTyped(MARKER_NUMBER, "", DocumentSeen.PASSPORT))
    return stage.feed(CardInserted()).work()


def fines(stage: Stage, *lines: str, plate: str = PLATE) -> Stage:
    """To the check page of the fines; all of them where none is named."""
    stage.desk.quote = quote_of(20_000, 12_500)
    if stage.visit.parts.assisted:
        stage.feed(ServiceChosen(FINES), FormFilled((("search_by", "vehicle"), ("plate", plate)))).work()
        return stage.feed(LinesPicked(lines)) if lines else stage
    stage.feed(ServiceChosen(FINES), Started(), Answered("search_by", "vehicle"), Answered("plate", plate)).work()
    return stage.feed(LinesPicked(lines or ("F0", "F1")))


def certificate(stage: Stage, quote: Quote = FEE) -> Stage:
    stage.desk.quote = quote
    answers = (("purpose", "travel"), ("delivery", "post"), ("address", "Karak, P.O. box 12"))
    if stage.visit.parts.assisted:
        return stage.feed(ServiceChosen(CERTIFICATE), FormFilled(answers)).work()
    stage.feed(ServiceChosen(CERTIFICATE), Started())
    return stage.feed(*(Answered(*answer) for answer in answers)).work()


def both(*, assisted: bool = False, quote: Quote = FEE) -> Stage:
    """32.500 of fines and a certificate, in the basket."""
    stage = fines(begun(assisted=assisted)).feed(AnotherService())
    assert stage.at() is State.CHOOSING_SERVICE
    certificate(stage, quote).feed(BasketWanted())
    assert stage.at() is State.BASKET
    return stage

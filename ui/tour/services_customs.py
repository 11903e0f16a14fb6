"""The errands at customs: a parcel is cleared at the post office, and a declaration is looked up and paid."""

from __future__ import annotations

from datetime import datetime

from kiosk.texts import LEGAL_TIME
from ui.tour.errands import (
    Answer,
    Errand,
    agree,
    answer_questions,
    ask,
    choose,
    digits,
    keep,
    run,
    settle,
    words,
)
from ui.tour.visits import Visitor

PARCEL, DECLARATION = "customs.parcel", "customs.declaration"
_AS_SENT: tuple[tuple[str, Answer], ...] = (
    ("which-parcel", keep()),
    ("what-it-is-worth", keep()),
    ("declaration", agree()),
)


def parcel_is_cleared(visitor: Visitor) -> None:
    """The card says which parcel waits, its sender what is in it: the addressee agrees to the value and pays."""
    ask(visitor, Errand(PARCEL, _AS_SENT))
    visitor.hand.touch("why")
    visitor.note("why-this-amount")
    visitor.hand.touch("close")
    settle(visitor)


def dearer_parcel_is_cleared(visitor: Visitor) -> None:
    """Worth more than its sender wrote, and above the small value: duty and tax by its kind."""
    answers = (_AS_SENT[0], ("what-it-is-worth", digits("700")), _AS_SENT[2])
    ask(visitor, Errand(PARCEL, answers, card="omar", english=True))
    visitor.hand.touch("next")
    visitor.note("check-answers-next")
    visitor.hand.touch("why")
    visitor.note("why-this-amount")
    visitor.hand.touch("close")
    settle(visitor)


def number_is_misread(visitor: Visitor) -> None:
    """Two digits changed places, which the number itself tells. What was typed stands there when it is tried again."""
    visitor.greet("omar")
    visitor.open_service(PARCEL)
    visitor.hand.touch("main")
    visitor.arrive("steps", step="which-parcel")
    words("cp204178012de")(visitor)
    visitor.hand.touch("main")
    visitor.arrive("failed", step="number-misread")
    visitor.hand.touch("another_service")
    visitor.arrive("choosing_service", step="the-way-out")
    visitor.open_service(PARCEL)
    visitor.hand.touch("main")
    visitor.arrive("steps", step="what-was-typed-is-there")
    visitor.hand.touch("field:text")
    for _ in "12de":
        visitor.hand.touch("key:delete")
    words("21de")(visitor)
    visitor.hand.touch("main")
    visitor.hand.wait_until(lambda: visitor.hand.see("field:text") is None, "the question of its value")
    visitor.arrive("steps", step="what-it-is-worth")
    visitor.hand.touch("main")
    visitor.hand.wait_until(lambda: visitor.hand.see("option:agreed") is not None, "the declaration")
    agree()(visitor)
    visitor.hand.touch("main")
    visitor.arrive("check_answers")
    settle(visitor)


def duties_are_paid(visitor: Visitor) -> None:
    """The declaration in the importer's own name: nothing is typed."""
    ask(visitor, Errand(DECLARATION, (("which-declaration", keep()),)))
    visitor.hand.touch("why")
    visitor.note("why-this-amount")
    visitor.hand.touch("close")
    settle(visitor)


def _by_number(number: str, year: Answer, centre: str, phone: str) -> tuple[tuple[str, Answer], ...]:
    return (
        ("which-declaration", choose("number")),
        ("its-number", digits(number)),
        ("its-year", year),
        ("its-centre", choose(centre)),
        ("phone-on-it", digits(phone)),
    )


def declaration_is_found_by_its_number(visitor: Visitor) -> None:
    """Somebody else's, with the phone number that stands on it."""
    answers = _by_number("19950", keep(), "zarqa", "0770001995")
    run(visitor, Errand(DECLARATION, answers, card="karim", english=True))


def nothing_is_payable_yet(visitor: Visitor) -> None:
    """Under inspection: it is said how it stands and whom to ask; nothing is taken."""
    visitor.greet("omar")
    visitor.open_service(DECLARATION)
    visitor.hand.touch("main")
    visitor.arrive("steps", step="which-declaration")
    before = visitor.observe().ledger
    visitor.hand.touch("main")
    visitor.arrive("quote", step="under-inspection")
    visitor.expect(visitor.observe().ledger == before, "something was written for an enquiry")
    visitor.leave()


def goods_are_released(visitor: Visitor) -> None:
    """Of last year: paid, and its goods can be collected."""
    last_year = str(datetime.now(LEGAL_TIME).year - 1)
    answers = _by_number("88121", digits(last_year), "omari", "0790008812")
    visitor.greet("karim", english=True)
    answer_questions(visitor, Errand(DECLARATION, answers, card="karim", english=True))
    visitor.arrive("quote", step="released")
    visitor.leave()

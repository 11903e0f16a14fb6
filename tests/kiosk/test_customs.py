"""Visits at customs: the parcel that waits is known, its value is confirmed; a declaration is told of or paid whole."""

from __future__ import annotations

import msgspec
import pytest

from kiosk import forms
from kiosk.counter import Consent
from kiosk.events import (
    Answered,
    Back,
    CardInserted,
    CashTaken,
    ChangeWanted,
    Confirmed,
    ConsentGiven,
    FormFilled,
    ServiceChosen,
    Started,
)
from kiosk.failures import Failure
from kiosk.forms import AGREED
from kiosk.scene import State
from kiosk.wire import Fact, Quote, Words
from tests.kiosk.parts import MARKER_NUMBER, Stage, quote_of

PARCEL, DECLARATION = "customs.parcel", "customs.declaration"
WORDS = Words(ar="اسم", en="Name")
MINE, OTHERS = "CP204177335DE", "LX553100945CN"
WAITS = (Fact(id="parcel", title=WORDS, value=MINE), Fact(id="waits", title=WORDS, value="2026-11-24"))
COLLECT = Fact(id="collect", title=Words(ar="يُستلم من", en="Collect at"), value="Karak", on_receipt=True)
OWN = (
    Fact(id="ways", title=WORDS, value="mine number"),
    Fact(id="way", title=WORDS, value="mine"),
    Fact(id="own", title=WORDS, value="31207"),
    Fact(id="year", title=WORDS, value="2026"),
)
NOT_OWN = (
    Fact(id="ways", title=WORDS, value="number"),
    Fact(id="way", title=WORDS, value="number"),
    Fact(id="year", title=WORDS, value="2026"),
)


def told(stage: Stage, service: str, quote: Quote, *facts: Fact, lookup: str = "") -> None:
    """What customs answers next."""
    stage.desk.quote = msgspec.structs.replace(quote, agency="customs", service=service, facts=facts, lookup=lookup)


def sent(worth: str) -> tuple[Fact, ...]:
    return tuple(
        Fact(id=name, title=WORDS, value=value)
        for name, value in (("sender", "Shop"), ("contents", "Clothes"), ("declared", worth))
    )


def stage_of(service: str, *facts: Fact, lookup: str, assisted: bool = False) -> Stage:
    """Up to the first question, and what the card alone told before it."""
    stage = Stage(assisted=assisted)
    stage.feed(CardInserted()).work()
    told(stage, service, quote_of(), *facts, lookup=lookup)
    stage.feed(ServiceChosen(service))
    return stage.work() if assisted else stage.feed(Started()).work()


def step_of(stage: Stage) -> tuple[str, str]:
    scene = stage.visit.scene()
    return (scene.step.id if scene.step else "", scene.typed)


def valued(number: str = MINE, worth: str = "84500") -> Stage:
    """Up to the question of the value."""
    stage = stage_of(PARCEL, *WAITS, lookup="waiting")
    told(stage, PARCEL, quote_of(), *sent(worth), lookup="parcel")
    return stage.feed(Answered("parcel", number)).work()


def checked() -> Stage:
    stage = valued()
    told(stage, PARCEL, quote_of(13_520), COLLECT)
    return stage.feed(Answered("value", "84.5"), Answered("true", AGREED)).work()


# ---------------------------------------------------------------- a parcel


def test_the_addressee_keeps_what_stands_there_declares_it_true_and_pays() -> None:
    assert step_of(stage_of(PARCEL, *WAITS, lookup="waiting")) == ("parcel", MINE)
    assert step_of(valued()) == ("value", "84.5")
    stage = checked()
    assert (stage.at(), stage.visit.scene().total_fils) == (State.CHECK_ANSWERS, 13_520)
    asked = [entry.fields for entry in stage.desk.asked]
    known = {"national_number": MARKER_NUMBER}
    assert asked == [known, {"parcel": MINE, **known}, {"parcel": MINE, "value": "84500", **known}]
    stage.feed(Confirmed()).work()
    (receipt,) = stage.ledger.receipts.values()
    rows = {english: value for _, english, value in receipt.facts.rows}
    assert rows["Parcel number"] == MINE
    assert rows["Value of the parcel"].startswith("84.500")
    assert rows["Collect at"] == "Karak"
    assert receipt.facts.provisional


def test_the_value_is_no_less_than_the_senders_and_may_be_more() -> None:
    stage = valued().feed(Answered("value", "84.499"))
    assert (step_of(stage)[0], stage.visit.scene().mistake) == ("value", forms.ENTER_MORE)
    told(stage, PARCEL, quote_of(36_800))
    stage.feed(Answered("value", "٢٠٠٫٥"), Answered("true", AGREED)).work()
    assert stage.desk.asked[-1].fields["value"] == "200500"


def test_a_number_is_taken_however_it_is_typed_and_never_judged_by_its_check_digit() -> None:
    stage = valued(" lx 553 100-945 cn ")
    assert stage.desk.asked[-1].fields["parcel"] == OTHERS
    misread = valued("lx553100954cn")
    assert misread.desk.asked[-1].fields["parcel"] == "LX553100954CN", "only customs says that it is misread"
    short = stage_of(PARCEL, *WAITS, lookup="waiting").feed(Answered("parcel", "LX553100"))
    assert short.visit.scene().mistake == forms.ENTER_LONGER


def test_what_must_be_declared_true_is_not_passed_by() -> None:
    stage = valued().feed(Answered("value", "84.5"), Answered("true", ""))
    assert (step_of(stage)[0], stage.visit.scene().mistake) == ("true", forms.AGREE_FIRST)


@pytest.mark.parametrize("way", [ChangeWanted("parcel"), None])
def test_of_another_parcel_the_value_is_asked_anew(way: ChangeWanted | None) -> None:
    """By the check page, or by going back: what its sender wrote is another thing."""
    stage = checked().feed(way) if way else valued().feed(Answered("value", "90"), Back(), Back())
    told(stage, PARCEL, quote_of(), *sent("12000"), lookup="parcel")
    stage.feed(Answered("parcel", OTHERS)).work()
    assert step_of(stage) == ("value", "12")


def test_without_a_line_nothing_is_taken_for_a_parcel() -> None:
    stage = Stage()
    stage.feed(CardInserted()).work()
    stage.desk.failure = Failure.AGENCY_UNREACHABLE
    stage.feed(ServiceChosen(PARCEL), Started()).work()
    assert stage.at() is State.FAILED
    cut = checked()
    cut.delivery.up = False
    cut.feed(Confirmed()).work()
    failure = cut.visit.scene().failure
    assert failure is not None
    assert failure.failure is Failure.OFFLINE_NOT_ALLOWED
    assert cut.ledger.agreements == {}


def test_a_clerk_sees_what_is_known_before_the_form_goes_on_and_takes_cash() -> None:
    stage = stage_of(PARCEL, *WAITS, lookup="waiting", assisted=True)
    assert dict(stage.visit.scene().form)["parcel"] == MINE
    told(stage, PARCEL, quote_of(), *sent("84500"), lookup="parcel")
    stage.feed(FormFilled(tuple(stage.visit.scene().form))).work()
    assert dict(stage.visit.scene().form)["value"] == "84.5"
    told(stage, PARCEL, quote_of(13_520), COLLECT)
    stage.feed(FormFilled((("parcel", MINE), ("value", "84.5"), ("true", AGREED)))).work()
    assert stage.at() is State.CHECK_ANSWERS
    stage.feed(ConsentGiven(Consent.SPOKEN), CashTaken(20_000)).work()
    (agreement,) = stage.ledger.agreements.values()
    assert agreement.answers == {"parcel": MINE, "value": "84500", "true": AGREED}


# ---------------------------------------------------------------- a declaration


def test_ones_own_declaration_is_asked_for_by_the_card_and_paid_whole() -> None:
    stage = stage_of(DECLARATION, *OWN, lookup="own")
    assert step_of(stage) == ("which", "mine")
    told(stage, DECLARATION, quote_of(270_000, 331_200, 10_000))
    stage.feed(Answered("which", "mine")).work()
    assert stage.desk.asked[-1].fields == {"national_number": MARKER_NUMBER}
    assert (stage.at(), stage.visit.scene().total_fils) == (State.CHECK_ANSWERS, 611_200)
    stage.feed(Confirmed()).work()
    (agreement,) = stage.ledger.agreements.values()
    assert (agreement.total_fils, len(agreement.lines)) == (611_200, 3)


def test_to_whom_none_belongs_only_the_number_is_offered_and_this_year_stands_there() -> None:
    stage = stage_of(DECLARATION, *NOT_OWN, lookup="own")
    stage.feed(Answered("which", "mine"))
    assert stage.visit.scene().mistake == forms.CHOOSE_ONE
    stage.feed(Answered("which", "number"), Answered("number", "19950"))
    assert step_of(stage) == ("year", "2026")
    told(stage, DECLARATION, quote_of(394_000))
    stage.feed(Answered("year", "2026"), Answered("centre", "zarqa"), Answered("phone", "077 000 1995")).work()
    wanted = {"number": "19950", "year": "2026", "centre": "zarqa", "phone": "+962770001995"}
    assert stage.desk.asked[-1].fields == {**wanted, "national_number": MARKER_NUMBER}
    stage.feed(Confirmed()).work()
    (receipt,) = stage.ledger.receipts.values()
    rows = {english: value for _, english, value in receipt.facts.rows}
    assert rows == {"Declaration number": "19950", "Customs centre": "المنطقة الحرة، الزرقاء / Free zone, Zarqa"}


def test_of_one_that_is_not_assessed_it_is_told_how_it_stands_and_nothing_is_paid() -> None:
    stage = stage_of(DECLARATION, *OWN, lookup="own")
    told(stage, DECLARATION, quote_of(unpayable=1), Fact(id="stands", title=WORDS, value="inspection"))
    stage.feed(Answered("which", "mine")).work()
    scene = stage.visit.scene()
    assert (scene.state, scene.picked, scene.total_fils) == (State.QUOTE, (), 0)
    stage.feed(Confirmed()).work()
    assert stage.ledger.agreements == {}


def test_a_clerk_types_the_whole_of_it_at_once() -> None:
    stage = stage_of(DECLARATION, *NOT_OWN, lookup="own", assisted=True)
    form = dict(stage.visit.scene().form)
    assert (form["which"], form["year"]) == ("number", "2026"), "as customs proposes"
    told(stage, DECLARATION, quote_of(384_000, 10_000))
    typed = {**form, "number": "19950", "centre": "zarqa", "phone": "0770001995"}
    stage.feed(FormFilled(tuple(typed.items()))).work()
    assert (stage.at(), stage.visit.scene().total_fils) == (State.CHECK_ANSWERS, 394_000)

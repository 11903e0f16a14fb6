"""Services in which the agency knows all but one number: a vehicle's licence, and a voucher; alone and with a clerk."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from kiosk.counter import Consent
from kiosk.events import (
    Answered,
    CardInserted,
    CashTaken,
    ChangeWanted,
    Confirmed,
    ConsentGiven,
    FormFilled,
    ServiceChosen,
    Started,
    TryAgain,
)
from kiosk.failures import Failure
from kiosk.scene import State
from kiosk.wire import Fact, Quote, Words
from tests.kiosk.parts import MARKER_NUMBER, NOW, Stage, quote_of

LICENCE, VOUCHER = "licensing.vehicle", "treasury.voucher"
PLATE = Fact(id="plate", title=Words(ar="اللوحة", en="Plate"), value="14-20260")
ENDS = Fact(id="ends", title=Words(ar="سيارة", en="Car"), value="2026-12-14")
UNTIL = Fact(
    id="until",
    title=Words(ar="تُجدد حتى", en="Renewed until"),
    value="2027-12-14",
    words=Words(ar="14/12/2027", en="14/12/2027"),
    on_receipt=True,
)
KIND = Fact(id="vehicle", title=Words(ar="نوع المركبة", en="Kind of vehicle"), value="Saloon car, 2019")
PAYER = Fact(id="payer", title=Words(ar="الجهة", en="Body"), value="works-karak")


def told(service: str, lookup: str, *facts: Fact) -> Quote:
    agency = service.partition(".")[0]
    return msgspec.structs.replace(quote_of(), agency=agency, service=service, lookup=lookup, facts=facts, lines=())


def stated(service: str, *facts: Fact, fils: int = 45_000) -> Quote:
    agency = service.partition(".")[0]
    return msgspec.structs.replace(quote_of(fils), agency=agency, service=service, facts=facts)


def begun(service: str, known: Quote, *, assisted: bool = False) -> Stage:
    stage = Stage(assisted=assisted)
    stage.desk.quote = known
    stage.feed(CardInserted()).work()
    stage.feed(ServiceChosen(service)).work()
    return stage if assisted else stage.feed(Started()).work()


def renewed() -> Stage:
    """Up to the page on which everything is checked; nothing was typed."""
    stage = begun(LICENCE, told(LICENCE, "vehicles", PLATE, ENDS))
    typed = stage.visit.scene().typed
    stage.desk.quote = stated(LICENCE, UNTIL, KIND)
    return stage.feed(Answered("plate", typed)).work()


def test_the_plate_stands_there_and_one_question_leads_to_the_amount() -> None:
    stage = begun(LICENCE, told(LICENCE, "vehicles", PLATE, ENDS))
    scene = stage.visit.scene()
    assert (scene.state, scene.typed) == (State.STEPS, "14-20260")
    assert [fact.id for fact in scene.facts] == ["plate", "ends"]
    stage = renewed()
    assert [asked.lookup for asked in stage.desk.asked] == ["vehicles", ""]
    assert stage.desk.asked[1].fields == {"plate": "14-20260", "national_number": MARKER_NUMBER}
    assert (stage.visit.scene().state, stage.visit.scene().total_fils) == (State.CHECK_ANSWERS, 45_000)


def test_the_paper_says_until_when_and_nothing_that_the_agency_does_not_mark() -> None:
    stage = renewed().feed(Confirmed()).work()
    (receipt,) = stage.ledger.receipts.values()
    rows = {english: value for _, english, value in receipt.facts.rows}
    assert rows == {"Plate": "14-20260", "Renewed until": "14/12/2027"}
    (agreement,) = stage.ledger.agreements.values()
    assert (agreement.answers, agreement.total_fils) == ({"plate": "14-20260"}, 45_000)
    assert agreement.quote


@pytest.mark.parametrize("failure", [Failure.AGENCY_UNREACHABLE, Failure.AGENCY_SILENT])
def test_without_an_answer_the_plate_is_typed(failure: Failure) -> None:
    stage = Stage()
    stage.desk.quote, stage.desk.failure = told(LICENCE, "vehicles"), failure
    stage.feed(CardInserted()).work()
    stage.feed(ServiceChosen(LICENCE), Started()).work()
    assert (stage.visit.scene().state, stage.visit.scene().typed) == (State.STEPS, "")


def test_what_is_missing_ends_before_anything_is_paid_and_can_be_asked_again() -> None:
    stage = begun(LICENCE, told(LICENCE, "vehicles", PLATE, ENDS))
    stage.desk.quote, stage.desk.failure = stated(LICENCE, UNTIL), Failure.AGENCY_REFUSED
    stage.feed(Answered("plate", "14-20260")).work()
    assert stage.at() is State.FAILED
    assert stage.ledger.agreements == {}
    stage.desk.failure = None
    assert stage.feed(TryAgain()).work().at() is State.CHECK_ANSWERS


def test_another_plate_is_another_quote() -> None:
    stage = renewed()
    stage.desk.quote = stated(LICENCE, UNTIL, fils=64_000)
    stage.feed(ChangeWanted("plate"), Answered("plate", "15 1")).work()
    assert (stage.visit.scene().total_fils, stage.desk.asked[-1].fields["plate"]) == (64_000, "15-1")


def test_a_fee_that_was_stated_too_long_ago_is_not_paid() -> None:
    stage = renewed()
    stage.clock.at = NOW + timedelta(hours=1)
    stage.feed(Confirmed())
    failure = stage.visit.scene().failure
    assert failure is not None
    assert failure.failure is Failure.QUOTE_EXPIRED


# ---------------------------------------------------------------- a voucher


def test_who_is_not_registered_learns_it_before_typing() -> None:
    stage = Stage()
    stage.desk.quote, stage.desk.failure = told(VOUCHER, "payer"), Failure.AGENCY_REFUSED
    stage.feed(CardInserted()).work()
    stage.feed(ServiceChosen(VOUCHER), Started()).work()
    assert stage.at() is State.FAILED


def test_a_voucher_is_paid_whole() -> None:
    stage = begun(VOUCHER, told(VOUCHER, "payer", PAYER))
    assert [fact.id for fact in stage.visit.scene().facts] == ["payer"]
    stage.desk.quote = stated(VOUCHER, fils=75_000)
    stage.feed(Answered("voucher", "٢٦٠٠٤١٢٠٨")).work()
    assert stage.desk.asked[-1].fields == {"voucher": "260041208", "national_number": MARKER_NUMBER}
    stage.feed(Confirmed()).work()
    (agreement,) = stage.ledger.agreements.values()
    assert agreement.total_fils == 75_000


def test_a_voucher_is_never_taken_without_a_line() -> None:
    """Whether it was paid already only the Ministry knows."""
    stage = begun(VOUCHER, told(VOUCHER, "payer", PAYER))
    stage.desk.quote = stated(VOUCHER, fils=75_000)
    stage.feed(Answered("voucher", "260041208")).work()
    stage.delivery.up = False
    stage.feed(Confirmed()).work()
    failure = stage.visit.scene().failure
    assert failure is not None
    assert failure.failure is Failure.OFFLINE_NOT_ALLOWED
    assert stage.ledger.agreements == {}


# ---------------------------------------------------------------- with a clerk


@pytest.mark.parametrize(
    ("service", "lookup", "known", "step", "typed"),
    [(LICENCE, "vehicles", PLATE, "plate", "14-20260"), (VOUCHER, "payer", PAYER, "voucher", "260041208")],
)
def test_a_clerk_fills_the_one_field_and_takes_cash(
    service: str, lookup: str, known: Fact, step: str, typed: str
) -> None:
    stage = begun(service, told(service, lookup, known), assisted=True)
    assert [fact.id for fact in stage.visit.scene().facts] == [known.id]
    stage.desk.quote = stated(service, UNTIL)
    stage.feed(FormFilled(((step, typed),))).work()
    assert (stage.at(), stage.visit.scene().total_fils) == (State.CHECK_ANSWERS, 45_000)
    stage.feed(ConsentGiven(Consent.SPOKEN), CashTaken(50_000)).work()
    (agreement,) = stage.ledger.agreements.values()
    assert (agreement.answers, agreement.served_by != "") == ({step: typed}, True)

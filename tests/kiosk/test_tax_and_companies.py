"""Visits at the tax department and for a company: what is known is not asked, what is due is picked, and what stands
against it is told before anything is paid."""

from __future__ import annotations

import msgspec
import pytest

from kiosk.counter import Consent
from kiosk.events import (
    AnotherService,
    Answered,
    CardInserted,
    CashTaken,
    Confirmed,
    ConsentGiven,
    FormFilled,
    LinesPicked,
    ServiceChosen,
    Started,
)
from kiosk.failures import Failure
from kiosk.forms import AGREED
from kiosk.scene import State
from kiosk.wire import Fact, Quote, Words
from tests.kiosk.parts import MARKER_NUMBER, Stage, quote_of

WORDS = Words(ar="اسم", en="Name")
KNOWN_BUSINESS = (
    Fact(id="tax_number", title=WORDS, value="10004821"),
    Fact(id="business", title=WORDS, value="10004821", words=WORDS),
)
KNOWN_COMPANY = (
    Fact(id="company", title=WORDS, value="999000101"),
    Fact(id="company_name", title=WORDS, value="999000101", words=WORDS),
)


def told(stage: Stage, service: str, quote: Quote, *facts: Fact, lookup: str = "") -> None:
    """What the agency answers next."""
    stage.desk.quote = msgspec.structs.replace(
        quote, agency=service.partition(".")[0], service=service, facts=facts, lookup=lookup
    )


def stage_of(service: str, *, assisted: bool = False) -> Stage:
    stage = Stage(assisted=assisted)
    stage.feed(CardInserted()).work()
    return stage.feed(ServiceChosen(service))


def looks_up(stage: Stage, service: str, lookup: str, *facts: Fact) -> None:
    told(stage, service, quote_of(), *facts, lookup=lookup)
    stage.work()


# ---------------------------------------------------------------- tax balance


def test_the_own_balance_is_asked_for_by_the_card_alone_and_part_of_it_paid() -> None:
    stage = stage_of("tax.balance").feed(Started())
    told(stage, "tax.balance", quote_of(85_000, 120_500, unpayable=1))
    stage.feed(Answered("whose", "mine")).work()
    assert stage.desk.asked[-1].fields == {"national_number": MARKER_NUMBER}
    stage.feed(LinesPicked(("F1",)), Confirmed()).work()
    (agreement,) = stage.ledger.agreements.values()
    assert (agreement.total_fils, [line.id for line in agreement.lines]) == (120_500, ["F1"])
    assert stage.visit.state is State.DONE


def test_the_number_of_the_business_stands_there_already() -> None:
    stage = stage_of("tax.balance").feed(Started(), Answered("whose", "business"))
    looks_up(stage, "tax.balance", "businesses", *KNOWN_BUSINESS)
    assert stage.desk.asked[-1].fields == {"national_number": MARKER_NUMBER}
    scene = stage.visit.scene()
    assert (scene.step.id if scene.step else "", scene.typed) == ("tax_number", "10004821")
    told(stage, "tax.balance", quote_of(150_000))
    stage.feed(Answered("tax_number", scene.typed)).work()
    assert stage.desk.asked[-1].fields == {"national_number": MARKER_NUMBER, "tax_number": "10004821"}
    assert stage.at() is State.QUOTE


def test_a_credit_leaves_nothing_to_pay() -> None:
    stage = stage_of("tax.balance").feed(Started())
    told(stage, "tax.balance", quote_of(), Fact(id="credit", title=WORDS, value="64250"))
    stage.feed(Answered("whose", "mine")).work()
    scene = stage.visit.scene()
    assert scene.quote is not None
    assert (scene.state, scene.picked, [fact.id for fact in scene.quote.facts]) == (State.QUOTE, (), ["credit"])
    stage.feed(AnotherService())
    assert stage.at() is State.CHOOSING_SERVICE
    assert stage.ledger.agreements == {}


def test_a_clerk_asks_for_a_business_by_its_number_in_one_form() -> None:
    stage = stage_of("tax.balance", assisted=True)
    told(stage, "tax.balance", quote_of(), *KNOWN_BUSINESS, lookup="businesses")
    stage.feed(FormFilled((("whose", "business"), ("tax_number", "")))).work()
    assert dict(stage.visit.scene().form)["tax_number"] == "10004821"
    told(stage, "tax.balance", quote_of(150_000, 310_500))
    stage.feed(FormFilled((("whose", "business"), ("tax_number", "10004821")))).work()
    assert (stage.at(), stage.visit.scene().total_fils) == (State.CHECK_ANSWERS, 460_500)
    stage.feed(ConsentGiven(Consent.SPOKEN), CashTaken(500_000)).work()
    (agreement,) = stage.ledger.agreements.values()
    assert agreement.answers == {"whose": "business", "tax_number": "10004821"}


# ---------------------------------------------------------------- tax clearance


def test_what_is_due_is_told_before_a_fee_is_taken_and_another_service_is_a_touch_away() -> None:
    stage = stage_of("tax.clearance").feed(Started(), Answered("whose", "mine"))
    told(stage, "tax.clearance", quote_of(), lookup="account")
    stage.desk.failure = Failure.AGENCY_REFUSED
    stage.work()
    assert stage.at() is State.FAILED
    stage.feed(AnotherService())
    assert stage.at() is State.CHOOSING_SERVICE
    assert stage.ledger.agreements == {}


def test_who_owes_nothing_pays_the_fee_of_the_electronic_service() -> None:
    stage = stage_of("tax.clearance").feed(Started(), Answered("whose", "mine"))
    looks_up(stage, "tax.clearance", "account")
    stage.feed(Answered("purpose", "tender"))
    scene = stage.visit.scene()
    assert (scene.state, scene.total_fils) == (State.CHECK_ANSWERS, 3_000)
    stage.feed(Confirmed()).work()
    (receipt,) = stage.ledger.receipts.values()
    assert (receipt.facts.request, receipt.facts.provisional) == (True, True)
    assert ("Tariff", "tax-clearance-2026") in [(english, value) for _, english, value in receipt.facts.rows]


@pytest.mark.parametrize("failure", [Failure.AGENCY_UNREACHABLE, Failure.AGENCY_SILENT])
def test_without_the_departments_word_no_fee_is_taken(failure: Failure) -> None:
    stage = stage_of("tax.clearance").feed(Started(), Answered("whose", "mine"))
    told(stage, "tax.clearance", quote_of(), lookup="account")
    stage.desk.failure = failure
    stage.work()
    assert stage.at() is State.FAILED
    assert stage.ledger.agreements == {}


def test_a_clearance_that_lost_its_line_is_not_paid() -> None:
    stage = stage_of("tax.clearance").feed(Started(), Answered("whose", "mine"))
    looks_up(stage, "tax.clearance", "account")
    stage.delivery.up = False
    stage.feed(Answered("purpose", "tender"), Confirmed()).work()
    scene = stage.visit.scene()
    assert scene.failure is not None
    assert scene.failure.failure is Failure.OFFLINE_NOT_ALLOWED


def test_at_the_counter_a_clearance_costs_its_whole_fee() -> None:
    stage = stage_of("tax.clearance", assisted=True)
    told(stage, "tax.clearance", quote_of(), lookup="account")
    stage.feed(FormFilled((("whose", "mine"), ("purpose", "bank")))).work()
    assert (stage.at(), stage.visit.scene().total_fils) == (State.CHECK_ANSWERS, 4_000)


# ---------------------------------------------------------------- a company's licences


def at_declaration() -> Stage:
    stage = stage_of("companies.bundle").feed(Started())
    looks_up(stage, "companies.bundle", "signatory", *KNOWN_COMPANY)
    assert stage.visit.scene().typed == "999000101"
    stage.feed(Answered("company", stage.visit.scene().typed))
    looks_up(stage, "companies.bundle", "company", KNOWN_COMPANY[1], Fact(id="licences", title=WORDS, value="3"))
    assert [fact.id for fact in stage.visit.scene().facts] == ["company", "company_name", "licences"]
    return stage


def test_nothing_is_renewed_without_the_declaration() -> None:
    stage = at_declaration().feed(Answered("declaration", ""))
    scene = stage.visit.scene()
    assert (scene.state, scene.step.id if scene.step else "") == (State.STEPS, "declaration")
    assert scene.mistake


def test_several_licences_are_paid_as_one() -> None:
    stage = at_declaration()
    told(stage, "companies.bundle", quote_of(60_000, 44_000, 75_000, unpayable=2))
    stage.feed(Answered("declaration", AGREED)).work()
    assert stage.desk.asked[-1].fields == {"company": "999000101", "national_number": MARKER_NUMBER}
    stage.feed(LinesPicked(("F0", "F2")), Confirmed()).work()
    (agreement,) = stage.ledger.agreements.values()
    assert agreement.answers == {"company": "999000101", "declaration": AGREED}
    assert agreement.total_fils == 135_000
    (receipt,) = stage.ledger.receipts.values()
    assert ("Company", "999000101") in [(english, value) for _, english, value in receipt.facts.rows]


def test_a_clerk_sees_the_company_before_its_licences() -> None:
    stage = stage_of("companies.bundle", assisted=True)
    told(stage, "companies.bundle", quote_of(), *KNOWN_COMPANY, lookup="signatory")
    stage.feed(FormFilled((("company", ""), ("declaration", AGREED)))).work()
    assert (stage.at(), dict(stage.visit.scene().form)["company"]) == (State.STEPS, "999000101")
    told(stage, "companies.bundle", quote_of(), KNOWN_COMPANY[1], lookup="company")
    stage.feed(FormFilled((("company", "999000101"), ("declaration", AGREED)))).work_once()
    assert [fact.id for fact in stage.visit.scene().facts] == ["company", "company_name"]
    told(stage, "companies.bundle", quote_of(60_000, 44_000))
    stage.work()
    assert (stage.at(), stage.visit.scene().total_fils) == (State.CHECK_ANSWERS, 104_000)

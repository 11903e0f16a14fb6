"""The visit at the counter: a clerk serves with and without a card, for the person or another, by card or cash."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from kiosk import forms
from kiosk.acts.counter import BEHALF
from kiosk.counter import Behalf, Capacity, Consent, DocumentSeen, IdentifiedBy
from kiosk.events import (
    AnotherService,
    Back,
    BehalfStated,
    Cancelled,
    CardInserted,
    CardRemoved,
    CashTaken,
    Confirmed,
    ConsentGiven,
    CopyWanted,
    Event,
    FormFilled,
    LinesPicked,
    MethodChosen,
    PersonTyped,
    ReadingWanted,
    ServiceChosen,
    TimedOut,
    TryAgain,
)
from kiosk.failures import Failure, Money
from kiosk.front import Front
from kiosk.scene import State
from kiosk.transaction import Agreement, PaymentMethod, PaymentState, TransactionState
from tests.kiosk.parts import MARKER_NUMBER, MARYAM, SERVICES, Stage, quote_of

OTHER = "9990001112"
MINE = FormFilled((("search_by", "mine"),))
PROXY = Behalf(Capacity.PROXY, OTHER, DocumentSeen.POWER_OF_ATTORNEY)
PARENT = Behalf(Capacity.PARENT, OTHER, DocumentSeen.FAMILY_BOOK)
TYPED = PersonTyped(MARKER_NUMBER, "مريم  المزروعة ", DocumentSeen.PASSPORT)
SPOKEN = ConsentGiven(Consent.SPOKEN)


def counter(*events: Event) -> Stage:
    stage = Stage(assisted=True)
    for event in events:
        stage.feed(event).work()
    return stage


def with_quote(*events: Event) -> Stage:
    """A person without a card, with the sum of their fines on the screen."""
    return counter(TYPED, ServiceChosen("traffic.fines"), MINE, *events)


def agreed(stage: Stage) -> Agreement:
    (agreement,) = stage.ledger.agreements.values()
    return agreement


def test_a_person_is_known_by_a_document_that_the_clerk_saw() -> None:
    stage = with_quote(SPOKEN, CashTaken(40_000))
    assert stage.at() is State.DONE
    agreement = agreed(stage)
    assert agreement.national_number == MARKER_NUMBER
    assert agreement.person_name == "مريم المزروعة"
    assert agreement.identified_by is IdentifiedBy.DOCUMENT
    assert agreement.document_seen is DocumentSeen.PASSPORT
    assert agreement.served_by == "rana"
    assert agreement.consent is Consent.SPOKEN


@pytest.mark.parametrize(
    ("person", "place"),
    [
        (PersonTyped("123", "", DocumentSeen.PASSPORT), "national_number"),
        (PersonTyped(MARKER_NUMBER, "", DocumentSeen.NONE), "document"),
        (PersonTyped(MARKER_NUMBER, "", DocumentSeen.POWER_OF_ATTORNEY), "document"),
    ],
)
def test_a_number_or_document_that_will_not_do_is_told_and_nobody_is_known(person: PersonTyped, place: str) -> None:
    stage = counter(person)
    assert stage.at() is State.IDLE
    assert stage.visit.scene().identity is None
    assert place in dict(stage.visit.scene().mistakes)


def test_self_service_knows_no_clerks_events() -> None:
    stage = Stage().feed(TYPED).work()
    assert stage.at() is State.IDLE
    stage.feed(CardInserted()).work().feed(ServiceChosen("traffic.fines"), BehalfStated(PROXY))
    assert stage.at() is State.START_CARD
    assert stage.visit.case.behalf == Behalf()


def test_the_whole_form_is_checked_at_once_and_nothing_typed_is_lost() -> None:
    stage = counter(TYPED, ServiceChosen("traffic.fines"))
    assert stage.at() is State.STEPS
    stage.feed(FormFilled((("search_by", "other"), ("owner", "12"), ("plate", "x")))).work()
    scene = stage.visit.scene()
    assert dict(scene.mistakes) == {"owner": forms.ENTER_NATIONAL_NUMBER, "plate": forms.ENTER_CODE}
    assert dict(scene.form) == {"search_by": "other", "owner": "12", "plate": "x"}
    stage.feed(FormFilled((("search_by", "other"), ("owner", OTHER), ("plate", "18-27001")))).work()
    assert stage.at() is State.CHECK_ANSWERS
    assert stage.desk.asked[-1].fields == {"plate": "18-27001", "owner": OTHER}


def test_what_can_be_paid_is_before_the_eyes_at_once_and_may_be_picked_again() -> None:
    stage = with_quote()
    assert stage.at() is State.CHECK_ANSWERS
    assert stage.visit.scene().total_fils == 32_500
    stage.feed(SPOKEN, LinesPicked(("F1",)))
    assert stage.visit.scene().total_fils == 12_500
    assert stage.visit.scene().consent is Consent.NONE, "the consent was to another amount"


@pytest.mark.parametrize("press", [Confirmed(), CashTaken(50_000)])
def test_nothing_is_paid_without_consent(press: Event) -> None:
    stage = with_quote(press)
    assert stage.at() is State.CHECK_ANSWERS
    assert not stage.ledger.agreements


def test_cash_must_cover_the_total() -> None:
    stage = with_quote(SPOKEN, CashTaken(32_499))
    assert stage.at() is State.CHECK_ANSWERS
    stage.feed(CashTaken(32_500)).work()
    assert stage.at() is State.DONE
    assert agreed(stage).method is PaymentMethod.CASH
    assert not stage.payments.payments, "the bank was asked about cash"


def test_cash_is_captured_with_what_was_handed_over_and_the_receipt_says_it() -> None:
    stage = with_quote(SPOKEN, CashTaken(50_000))
    assert stage.ledger.payments[agreed(stage).ids.payment] is PaymentState.CAPTURED
    assert stage.printer.receipts[0].facts.tendered_fils == 50_000
    assert stage.visit.scene().tendered_fils == 50_000


def test_a_second_press_pays_nothing_more() -> None:
    stage = with_quote(SPOKEN)
    stage.feed(CashTaken(50_000), CashTaken(50_000), Confirmed()).work()
    stage.feed(CashTaken(50_000), Confirmed()).work()
    assert stage.ledger.commits == 1


def test_a_bank_card_at_the_counter_needs_the_method_and_the_consent() -> None:
    stage = with_quote(SPOKEN, MethodChosen(PaymentMethod.CASH), Confirmed())
    assert stage.at() is State.CHECK_ANSWERS
    stage.feed(MethodChosen(PaymentMethod.BANK_CARD), Confirmed()).work()
    assert stage.at() is State.DONE
    assert agreed(stage).method is PaymentMethod.BANK_CARD


@pytest.mark.parametrize("call", ["record_payment", "commit"])
def test_cash_that_cannot_be_recorded_is_never_reversed_by_the_machine(call: str) -> None:
    stage = with_quote(SPOKEN)
    stage.ledger.faults[call] = 2
    stage.feed(CashTaken(50_000)).work()
    scene = stage.visit.scene()
    assert scene.state is State.FAILED
    assert scene.failure is not None
    assert scene.failure.failure is Failure.NOT_SAVED
    assert scene.money is Money.CASH_IN_HAND
    assert len(stage.ledger.unfinished()) == 1


@pytest.mark.parametrize("behalf", [PROXY, PARENT], ids=["proxy", "parent"])
def test_somebody_is_served_for_another_person(behalf: Behalf) -> None:
    stage = counter(TYPED, ServiceChosen("traffic.fines"), BehalfStated(behalf), MINE, SPOKEN, CashTaken(40_000))
    assert stage.desk.asked[-1].fields == {"national_number": OTHER}
    agreement = agreed(stage)
    assert (agreement.capacity, agreement.on_behalf_of) == (behalf.capacity, OTHER)
    assert agreement.behalf_document is behalf.document
    assert ("بالنيابة عن", "On behalf of", "••••••1112") in stage.printer.receipts[0].facts.rows
    assert agreement.national_number == MARKER_NUMBER


def test_for_another_person_a_number_and_a_fitting_paper_are_needed() -> None:
    half = Behalf(Capacity.PROXY, OTHER, DocumentSeen.FAMILY_BOOK)
    stage = counter(TYPED, ServiceChosen("traffic.fines"), BehalfStated(half), MINE)
    assert stage.at() is State.STEPS
    assert BEHALF in dict(stage.visit.scene().mistakes)
    assert not stage.desk.asked


@pytest.mark.parametrize(
    "events",
    [
        (TYPED, ServiceChosen("traffic.fines"), BehalfStated(PROXY)),
        (TYPED, BehalfStated(PROXY), ServiceChosen("traffic.fines")),
    ],
    ids=["stated-after", "stated-before"],
)
def test_a_service_that_says_nothing_of_other_persons_is_only_for_who_is_there(events: tuple[Event, ...]) -> None:
    stage = Stage(assisted=True)
    stage.visit.front = Front(tuple(msgspec.structs.replace(service, for_others=None) for service in SERVICES))
    for event in (*events, MINE):
        stage.feed(event).work()
    assert stage.visit.case.behalf == Behalf()
    assert stage.desk.asked[-1].fields == {"national_number": MARKER_NUMBER}


def test_cash_that_could_not_be_recorded_is_said_to_lie_on_the_counter() -> None:
    stage = with_quote(SPOKEN)
    stage.ledger.faults["prepare"] = 1
    stage.feed(CashTaken(40_000)).work()
    scene = stage.visit.scene()
    assert (scene.state, scene.money) == (State.FAILED, Money.CASH_IN_HAND)
    assert not stage.parked.cases


def test_what_was_handed_over_before_stands_on_no_receipt_of_a_bank_card() -> None:
    stage = with_quote(SPOKEN)
    stage.clock.at += timedelta(minutes=30)
    stage.feed(CashTaken(50_000)).work()
    assert stage.visit.scene().money is Money.CASH_IN_HAND, "the quote had run out"
    stage.desk.quote = quote_of(12_500, expires_at=stage.clock.at + timedelta(minutes=15))
    stage.feed(TryAgain()).work().feed(MethodChosen(PaymentMethod.BANK_CARD), SPOKEN, Confirmed()).work()
    assert stage.at() is State.DONE
    (receipt,) = stage.printer.receipts
    assert receipt.method is PaymentMethod.BANK_CARD
    assert receipt.facts.tendered_fils is None


def test_another_person_is_another_question_to_the_agency() -> None:
    stage = with_quote(SPOKEN, BehalfStated(PARENT))
    scene = stage.visit.scene()
    assert (scene.state, scene.quote, scene.consent) == (State.STEPS, None, Consent.NONE)


def test_a_card_that_comes_or_goes_is_no_matter_of_a_person_without_one() -> None:
    stage = with_quote(SPOKEN)
    stage.feed(CardInserted(), CardRemoved())
    assert stage.at() is State.CHECK_ANSWERS
    stage.feed(CashTaken(40_000)).work()
    assert stage.at() is State.DONE


def test_a_card_at_the_counter_pauses_when_it_is_pulled() -> None:
    stage = counter(CardInserted(), ServiceChosen("traffic.fines"), MINE, CardRemoved())
    assert stage.at() is State.CARD_REMOVED
    stage.feed(CardInserted()).work()
    assert stage.at() is State.CHECK_ANSWERS


def test_the_same_person_gets_another_service_without_a_card() -> None:
    stage = with_quote(SPOKEN, CashTaken(40_000), AnotherService())
    scene = stage.visit.scene()
    assert scene.state is State.CHOOSING_SERVICE
    assert scene.identified_by is IdentifiedBy.DOCUMENT
    assert scene.tendered_fils == 0


def test_at_the_counter_only_parts_run_out_of_time() -> None:
    stage = with_quote()
    assert stage.visit.scene().seconds == 0
    stage.feed(Cancelled())
    assert stage.at() is State.IDLE
    stage.feed(TYPED, ServiceChosen("traffic.fines"), MINE)
    assert stage.visit.scene().seconds > 0
    stage.feed(TimedOut())
    assert stage.at() is State.FAILED


def test_a_copy_at_the_counter_is_marked() -> None:
    stage = with_quote(SPOKEN, CashTaken(40_000), CopyWanted())
    assert [receipt.copy for receipt in stage.printer.receipts] == [0, 1]


def test_a_committed_cash_transaction_is_committed_once() -> None:
    stage = with_quote(SPOKEN, CashTaken(40_000))
    assert list(stage.ledger.states.values()) == [TransactionState.COMMITTED]


def test_a_choice_made_on_the_page_before_needs_a_consent_of_its_own() -> None:
    stage = with_quote(SPOKEN, Back(), LinesPicked(("F1",)))
    assert stage.at() is State.CHECK_ANSWERS
    assert stage.visit.scene().consent is Consent.NONE
    stage.feed(CashTaken(50_000)).work()
    assert not stage.ledger.agreements


def test_amounts_of_a_new_quote_need_a_consent_of_their_own() -> None:
    stage = with_quote(SPOKEN)
    stage.clock.at += timedelta(minutes=16)
    stage.feed(CashTaken(50_000)).work()
    assert stage.at() is State.FAILED
    stage.desk.quote = quote_of(30_000, 20_000, expires_at=stage.clock.at + timedelta(minutes=15))
    stage.feed(TryAgain()).work()
    assert (stage.at(), stage.visit.scene().total_fils) == (State.CHECK_ANSWERS, 50_000)
    assert stage.visit.scene().consent is Consent.NONE


def test_a_card_is_read_when_the_clerk_asks_though_it_was_there_before() -> None:
    stage = counter(CardInserted(), Cancelled())
    assert stage.at() is State.TAKE_CARD
    stage.feed(ReadingWanted()).work()
    assert (stage.at(), stage.visit.scene().identity) == (State.CHOOSING_SERVICE, MARYAM)


def test_without_a_card_the_clerk_is_told_and_no_later_end_waits_for_one() -> None:
    stage = counter(ReadingWanted())
    failure = stage.visit.scene().failure
    assert stage.at() is State.FAILED
    assert failure is not None
    assert failure.failure is Failure.NO_CARD
    stage.feed(Cancelled())
    assert stage.at() is State.IDLE


def test_a_reading_that_is_wanted_forgets_whoever_was_served() -> None:
    stage = with_quote(SPOKEN, CashTaken(40_000), ReadingWanted())
    assert stage.at() is State.FAILED
    assert stage.visit.scene().identity is None
    assert Stage().feed(ReadingWanted()).at() is State.IDLE

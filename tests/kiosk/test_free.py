"""A service for which nothing is due: nobody is asked for money, and everything else is as ever."""

from __future__ import annotations

import msgspec
import pytest

from kiosk.counter import Consent, DocumentSeen
from kiosk.events import (
    Answered,
    CardInserted,
    CashTaken,
    Confirmed,
    ConsentGiven,
    FormFilled,
    PersonTyped,
    ServiceChosen,
    Started,
)
from kiosk.failures import Failure, Money
from kiosk.recovery import Resolution, resolve
from kiosk.scene import State
from kiosk.transaction import PaymentMethod, TransactionState
from kiosk.wire import Quote
from tests.kiosk.parts import MARKER_NUMBER, Stage, quote_of

NO_LINE = msgspec.structs.replace(quote_of(), agency="justice", service="justice.non_conviction")
WAIVED = msgspec.structs.replace(quote_of(0, 0), agency="justice", service="justice.non_conviction")


def asked(quote: Quote = NO_LINE, *, signature: bool = False) -> Stage:
    """The check page of a request that is free."""
    stage = Stage(signature=signature)
    if not signature:
        services = tuple(msgspec.structs.replace(one, signature="none") for one in stage.visit.services)
        stage.visit.services = services
    stage.desk.quote = quote
    stage.feed(CardInserted()).work()
    stage.feed(ServiceChosen("justice.non_conviction"), Started(), Answered("purpose", "work"))
    return stage.feed(Answered("delivery", "court")).work()


@pytest.mark.parametrize("quote", [NO_LINE, WAIVED], ids=["no line", "waived"])
def test_it_is_recorded_and_sent_and_nobody_is_asked_for_money(quote: Quote) -> None:
    stage = asked(quote)
    assert stage.at() is State.CHECK_ANSWERS
    assert stage.scenes[-1].method is PaymentMethod.NONE
    stage.feed(Confirmed()).work()
    assert stage.at() is State.DONE
    assert stage.payments.payments == stage.ledger.payments == {}
    (agreed,) = stage.ledger.agreements.values()
    assert (agreed.method, agreed.total_fils) == (PaymentMethod.NONE, 0)
    assert len(agreed.lines) == len(quote.lines)
    (receipt,) = stage.printer.receipts
    assert (receipt.method, receipt.total_fils) == (PaymentMethod.NONE, 0)


def test_debts_of_which_there_are_none_are_no_request() -> None:
    stage = Stage()
    stage.desk.quote = quote_of()
    stage.feed(CardInserted()).work()
    stage.feed(ServiceChosen("traffic.fines"), Started(), Answered("search_by", "mine")).work()
    assert stage.at() is State.QUOTE


def test_a_free_request_is_signed_too_where_its_service_says_so() -> None:
    stage = asked(signature=True)
    stage.feed(Confirmed())
    assert stage.at() is State.SIGNING


def test_what_could_not_be_saved_was_not_sent_and_is_void() -> None:
    stage = asked()
    stage.ledger.faults["commit"] = 2
    stage.feed(Confirmed()).work()
    assert stage.at() is State.FAILED
    assert stage.visit.case.failure is not None
    assert (stage.visit.case.failure.failure, stage.visit.case.money) == (Failure.NOT_SAVED, Money.NOTHING)
    assert set(stage.ledger.states.values()) == {TransactionState.VOIDED}


def test_what_may_be_saved_is_not_called_unsent_and_is_not_kept_to_be_sent_again() -> None:
    stage = asked()
    stage.ledger.faults["doubt"] = 2
    stage.feed(Confirmed()).work()
    assert stage.visit.case.money is Money.NONE_DUE
    assert stage.parked.cases == {}


def test_a_restart_between_prepare_and_commit_voids_it_without_asking_the_bank() -> None:
    stage = asked()
    stage.feed(Confirmed())
    stage.work_once()
    stage.payments.faults["query"] = "silent"
    assert [one.resolution for one in resolve(stage.ledger, stage.payments)] == [Resolution.VOIDED]
    assert stage.payments.faults == {"query": "silent"}, "nobody asked"


def test_at_the_counter_cash_cannot_be_taken_for_it_and_consent_is_needed() -> None:
    stage = Stage(assisted=True)
    stage.desk.quote = NO_LINE
    stage.visit.services = tuple(msgspec.structs.replace(one, signature="none") for one in stage.visit.services)
    stage.feed(PersonTyped(MARKER_NUMBER, "", DocumentSeen.PASSPORT), ServiceChosen("justice.non_conviction"))
    stage.feed(FormFilled((("purpose", "work"), ("delivery", "court")))).work()
    assert stage.at() is State.CHECK_ANSWERS
    stage.feed(Confirmed())
    assert stage.at() is State.CHECK_ANSWERS, "nobody agreed"
    stage.feed(ConsentGiven(Consent.SPOKEN), CashTaken(5_000))
    assert stage.at() is State.CHECK_ANSWERS, "a hand with money in it"
    stage.feed(Confirmed()).work()
    assert stage.at() is State.DONE
    assert stage.ledger.cash == {}

"""Several services in one visit: asked nothing twice, paid at once or one by one, each with its number and paper."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from kiosk.basket import MOST_SERVICES
from kiosk.counter import Consent
from kiosk.events import (
    AnotherService,
    Answered,
    BasketItemOpened,
    BasketItemPaid,
    BasketItemRemoved,
    BasketWanted,
    Cancelled,
    CardInserted,
    CardRemoved,
    CashTaken,
    ChangeWanted,
    Confirmed,
    ConsentGiven,
    CopyWanted,
    LinesPicked,
    MethodChosen,
    PinTyped,
    ServiceChosen,
    Started,
    TimedOut,
    TryAgain,
)
from kiosk.failures import Failure, Money
from kiosk.recovery import Resolution, resolve, settle_cash
from kiosk.scene import State
from kiosk.transaction import Agreement, PaymentMethod, PaymentState, TransactionState
from tests.kiosk.basketing import CERTIFICATE, FEE, FINES, FREE, PLATE, begun, both, certificate, fines
from tests.kiosk.parts import NOW, ScriptedSigner, Stage, quote_of

TOTAL = 39_000


def agreements(stage: Stage) -> list[Agreement]:
    return list(stage.ledger.agreements.values())


# -- together


def test_one_movement_of_money_pays_all_and_each_has_its_own_number_and_paper() -> None:
    stage = both()
    assert (stage.scenes[-1].total_fils, len(stage.scenes[-1].basket)) == (TOTAL, 2)
    stage.feed(Confirmed()).work()
    assert stage.at() is State.DONE
    first, second = agreements(stage)
    assert first.ids.basket == second.ids.basket
    assert len({first.ids.transaction, second.ids.transaction, first.ids.payment, second.ids.payment}) == 4
    assert stage.payments.amounts == {first.ids.basket: TOTAL}
    assert stage.payments.payments == {first.ids.basket: PaymentState.CAPTURED}
    assert [receipt.number for receipt in stage.printer.receipts] == ["KRK3-000001", "KRK3-000002"]
    assert [receipt.total_fils for receipt in stage.printer.receipts] == [32_500, 6_500]
    for place, receipt in enumerate(stage.printer.receipts, 1):
        rows = {english: value for _, english, value in receipt.facts.rows}
        assert (rows["Paid together"], rows["Paid in all"]) == (f"{place} / 2", "39.000")
    assert [entry.receipt is not None for entry in stage.scenes[-1].basket] == [True, True]


def test_what_is_free_is_committed_with_the_rest_and_not_paid() -> None:
    stage = both(quote=FREE)
    stage.feed(Confirmed()).work()
    fine, free = agreements(stage)
    assert (fine.method, free.method) == (PaymentMethod.BANK_CARD, PaymentMethod.NONE)
    assert fine.together == free.together
    assert stage.payments.amounts == {fine.ids.basket: 32_500}
    assert len(stage.printer.receipts) == 2


def test_a_basket_of_what_is_free_asks_nobody_for_money() -> None:
    stage = certificate(begun(), FREE).feed(BasketWanted(), Confirmed()).work()
    assert stage.at() is State.DONE
    assert stage.payments.payments == {}


def test_copies_are_of_every_paper() -> None:
    stage = both().feed(Confirmed()).work()
    stage.feed(CopyWanted()).work()
    assert stage.at() is State.DONE
    assert [receipt.copy for receipt in stage.printer.receipts] == [0, 0, 1, 1]


def test_a_printer_that_fails_is_told_of_each_and_the_rest_is_done() -> None:
    stage = both()
    stage.printer.failure = Failure.PRINTER_OUT_OF_PAPER
    stage.feed(Confirmed()).work()
    assert stage.at() is State.DONE
    assert [entry.print_failure is not None for entry in stage.scenes[-1].basket] == [True, True]
    assert len(stage.ledger.receipts) == 2


# -- one by one


def test_each_may_be_paid_by_itself_and_the_others_stay() -> None:
    stage = both()
    first, second = (entry.ids for entry in stage.visit.case.basket)
    assert first is not None
    assert second is not None
    stage.feed(BasketItemPaid(second.transaction)).work()
    assert stage.at() is State.DONE
    assert stage.payments.amounts == {second.payment: 6_500}
    assert len(stage.scenes[-1].basket) == 1
    stage.feed(BasketWanted())
    assert (stage.at(), stage.scenes[-1].total_fils) == (State.BASKET, 32_500)
    stage.feed(Confirmed()).work()
    assert stage.payments.amounts == {second.payment: 6_500, first.payment: 32_500}
    assert {agreed.ids.basket for agreed in agreements(stage)} == {first.basket}
    assert all(agreed.together is None for agreed in agreements(stage))


def test_another_service_after_one_was_paid_leaves_the_others_in_the_basket() -> None:
    stage = both()
    ids = stage.visit.case.basket[0].ids
    assert ids is not None
    stage.feed(BasketItemPaid(ids.transaction)).work().feed(AnotherService())
    assert (stage.at(), len(stage.scenes[-1].basket)) == (State.CHOOSING_SERVICE, 1)


# -- looked over, changed


def test_a_service_is_opened_again_and_goes_back_changed() -> None:
    stage = both()
    ids = stage.visit.case.basket[0].ids
    assert ids is not None
    stage.feed(BasketItemOpened(ids.transaction))
    assert (stage.at(), stage.visit.case.answers["plate"]) == (State.CHECK_ANSWERS, PLATE)
    stage.feed(ChangeWanted(""), LinesPicked(("F0",)), BasketWanted())
    assert (stage.at(), stage.scenes[-1].total_fils, len(stage.scenes[-1].basket)) == (State.BASKET, 26_500, 2)


def test_a_service_is_taken_out_and_with_the_last_the_basket_is_gone() -> None:
    stage = both()
    for left in (1, 0):
        ids = stage.visit.case.basket[0].ids
        assert ids is not None
        stage.feed(BasketItemRemoved(ids.transaction))
        assert len(stage.scenes[-1].basket) == left
    assert stage.at() is State.CHOOSING_SERVICE


def test_a_line_that_is_in_the_basket_is_not_paid_twice() -> None:
    stage = fines(begun(), "F0").feed(AnotherService())
    fines(stage)
    quote = stage.visit.case.quote
    assert quote is not None
    assert [(line.id, line.payable) for line in quote.lines] == [("F0", False), ("F1", True)]
    assert stage.visit.case.picked == ("F1",)


def test_the_same_request_again_takes_the_place_of_the_first() -> None:
    stage = certificate(begun()).feed(AnotherService())
    certificate(stage).feed(BasketWanted())
    assert len(stage.scenes[-1].basket) == 1


def test_an_answer_is_offered_where_it_is_asked_again_and_a_choice_is_not() -> None:
    stage = fines(begun()).feed(AnotherService())
    stage.feed(ServiceChosen(FINES), Started())
    assert (stage.scenes[-1].step and stage.scenes[-1].step.id, stage.scenes[-1].typed) == ("search_by", "")
    stage.feed(Answered("search_by", "vehicle"))
    assert (stage.scenes[-1].step and stage.scenes[-1].step.id, stage.scenes[-1].typed) == ("plate", PLATE)


def test_a_full_basket_takes_no_more() -> None:
    stage = begun()
    for number in range(MOST_SERVICES):
        assert stage.at() is State.CHOOSING_SERVICE
        line = msgspec.structs.replace(quote_of(1_000).lines[0], id=f"M{number}")
        stage.desk.quote = msgspec.structs.replace(quote_of(), lines=(line,))
        stage.feed(ServiceChosen(FINES), Started(), Answered("search_by", "vehicle"))
        stage.feed(Answered("plate", f"12-{number + 1}")).work()
        stage.feed(LinesPicked((line.id,)), AnotherService())
    assert (stage.at(), len(stage.scenes[-1].basket)) == (State.BASKET, MOST_SERVICES)
    stage.feed(AnotherService())
    assert stage.at() is State.BASKET


def test_a_quote_that_ran_out_in_the_basket_is_asked_for_anew() -> None:
    stage = both()
    stage.clock.at = NOW + timedelta(minutes=16)
    stage.desk.quote = quote_of(20_000, 12_500, expires_at=NOW + timedelta(minutes=30))
    stage.feed(Confirmed()).work()
    assert stage.at() is State.FAILED
    assert stage.payments.amounts == {}
    stage.feed(TryAgain()).work()
    assert (stage.at(), stage.scenes[-1].service and stage.scenes[-1].service.id) == (State.QUOTE, FINES)
    assert len(stage.scenes[-1].basket) == 1


def test_what_wants_a_signature_is_signed_before_it_goes_in() -> None:
    stage = certificate(begun(signature=True))
    stage.feed(BasketWanted()).work()
    assert stage.at() is State.SIGNING
    stage.feed(PinTyped(bytearray(ScriptedSigner.PIN))).work()
    assert stage.at() is State.BASKET
    assert not stage.scenes[-1].basket[0].signature_due
    stage.feed(Confirmed()).work()
    (agreed,) = agreements(stage)
    assert agreed.signed_application in stage.signer.signed


# -- when it goes wrong


@pytest.mark.parametrize("fault", ["declined", "cancelled", "silent"])
def test_a_payment_that_is_refused_voids_all_and_is_made_again_under_other_ids(fault: str) -> None:
    stage = both()
    stage.payments.faults["authorise"] = fault
    stage.feed(Confirmed()).work()
    assert (stage.at(), stage.visit.case.money) == (State.FAILED, Money.NOTHING)
    assert set(stage.ledger.states.values()) == {TransactionState.VOIDED}
    stage.feed(TryAgain())
    assert (stage.at(), stage.scenes[-1].total_fils) == (State.BASKET, TOTAL)
    stage.feed(Confirmed()).work()
    assert stage.at() is State.DONE
    assert len({agreed.ids.basket for agreed in agreements(stage)}) == 2
    assert list(stage.payments.payments.values()) == [PaymentState.CAPTURED]


def test_a_ledger_that_cannot_commit_gives_all_of_it_back() -> None:
    stage = both()
    stage.ledger.faults["commit"] = 2
    stage.feed(Confirmed()).work()
    assert stage.visit.case.money is Money.RETURNED
    assert list(stage.payments.payments.values()) == [PaymentState.REFUNDED]
    assert stage.ledger.commits == 0


def steps_until(state: str) -> Stage:
    """Stopped by a power cut once the ledger has written so far."""
    stage = both().feed(Confirmed())
    for _ in range({"prepared": 1, "authorised": 2, "captured": 3}[state]):
        stage.work_once()
    return stage


@pytest.mark.parametrize(
    ("written", "at_terminal", "resolution"),
    [
        ("prepared", None, Resolution.VOIDED),
        ("prepared", PaymentState.AUTHORISED, Resolution.VOIDED),
        ("authorised", PaymentState.AUTHORISED, Resolution.VOIDED),
        ("authorised", PaymentState.CAPTURED, Resolution.COMMITTED),
        ("captured", PaymentState.CAPTURED, Resolution.COMMITTED),
    ],
)
def test_after_a_power_cut_all_are_committed_or_all_void(
    written: str, at_terminal: PaymentState | None, resolution: Resolution
) -> None:
    stage = steps_until(written)
    movement = stage.visit.movement()
    if at_terminal is not None:
        stage.payments.payments[movement.id] = at_terminal
    assert [one.resolution for one in resolve(stage.ledger, stage.payments)] == [resolution] * 2
    state = TransactionState.COMMITTED if resolution is Resolution.COMMITTED else TransactionState.VOIDED
    assert set(stage.ledger.states.values()) == {state}
    assert stage.payments.payments.keys() == {movement.id}, "nobody asks for a part"


def test_a_silent_payment_terminal_leaves_all_of_it_unknown_with_one_slip() -> None:
    stage = both()
    stage.payments.faults["authorise"] = "unknown"
    stage.feed(Confirmed())
    stage.work_once()
    stage.work_once()
    assert (stage.at(), stage.visit.case.money) == (State.FAILED, Money.UNKNOWN)
    assert len(stage.printer.slips) == 1
    stage.feed(AnotherService())
    assert stage.scenes[-1].basket == (), "what may have been paid is not offered to be paid again"


# -- who leaves


def test_time_keeps_every_service_of_the_basket_and_end_none() -> None:
    stage = both()
    for _ in range(3):
        stage.feed(TimedOut()).work()
    assert {draft.service for _, draft in stage.parked.cases.values()} == {FINES, CERTIFICATE}
    stage = both().feed(Cancelled()).work()
    assert stage.parked.cases == {}


def test_the_basket_waits_while_the_card_is_away() -> None:
    stage = both().feed(CardRemoved())
    assert stage.at() is State.CARD_REMOVED
    stage.feed(CardInserted()).work()
    assert (stage.at(), stage.scenes[-1].total_fils) == (State.BASKET, TOTAL)


# -- at the counter


def at_counter() -> Stage:
    stage = both(assisted=True)
    return stage.feed(MethodChosen(PaymentMethod.CASH), ConsentGiven(Consent.SPOKEN))


def test_cash_is_handed_over_once_with_one_change() -> None:
    stage = at_counter().feed(CashTaken(50_000)).work()
    assert stage.at() is State.DONE
    assert list(stage.ledger.cash.values()) == [(50_000, 11_000)]
    assert {agreed.consent for agreed in agreements(stage)} == {Consent.SPOKEN}
    rows = {english: value for _, english, value in stage.printer.receipts[1].facts.rows}
    assert (rows["Received"], rows["Change"]) == ("50.000", "11.000")
    assert all(receipt.facts.tendered_fils is None for receipt in stage.printer.receipts)


def test_consent_is_to_the_whole_and_gone_once_it_changes() -> None:
    stage = at_counter()
    ids = stage.visit.case.basket[0].ids
    assert ids is not None
    stage.feed(BasketItemRemoved(ids.transaction), CashTaken(50_000))
    assert stage.at() is State.BASKET
    assert stage.scenes[-1].consent is Consent.NONE


def test_cash_on_record_after_a_power_cut_is_kept_or_given_back_as_one() -> None:
    for kept, state in ((True, TransactionState.COMMITTED), (False, TransactionState.VOIDED)):
        stage = at_counter().feed(CashTaken(50_000))
        stage.work_once()
        stage.work_once()
        assert [one.resolution for one in resolve(stage.ledger, stage.payments)] == [Resolution.UNKNOWN] * 2
        settle_cash(stage.ledger.unfinished(), stage.ledger, kept=kept, cause="rana")
        assert set(stage.ledger.states.values()) == {state}


def test_a_clerk_who_pays_one_by_itself_hears_the_consent_to_its_amount_first() -> None:
    stage = both(assisted=True)
    ids = stage.visit.case.basket[1].ids
    assert ids is not None
    stage.feed(BasketItemPaid(ids.transaction))
    assert (stage.at(), stage.scenes[-1].total_fils, stage.scenes[-1].consent) == (
        State.CHECK_ANSWERS,
        FEE.lines[0].amount_fils + FEE.lines[1].amount_fils,
        Consent.NONE,
    )


def test_what_was_agreed_to_with_the_sum_is_not_agreed_to_alone() -> None:
    stage = both(assisted=True).feed(ConsentGiven(Consent.SPOKEN))
    stage.payments.faults["authorise"] = "declined"
    stage.feed(Confirmed()).work().feed(TryAgain())
    ids = stage.visit.case.basket[0].ids
    assert ids is not None
    stage.feed(BasketItemOpened(ids.transaction))
    assert stage.scenes[-1].consent is Consent.NONE
    stage.feed(Confirmed())
    assert stage.at() is State.CHECK_ANSWERS

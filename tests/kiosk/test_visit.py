"""The visit's table, walked path by path."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from kiosk.counter import Consent, DocumentSeen
from kiosk.events import (
    AnotherService,
    Answered,
    Back,
    Cancelled,
    CardInserted,
    CardRemoved,
    CashTaken,
    ChangeWanted,
    Confirmed,
    ConsentGiven,
    CopyWanted,
    FormFilled,
    LinesPicked,
    MoreTime,
    PartFailed,
    PersonTyped,
    ReaderLost,
    ServiceChosen,
    Started,
    TimedOut,
    TryAgain,
)
from kiosk.failures import Failure, Money, ServiceFailure
from kiosk.receipt import ReceiptOutcome
from kiosk.scene import State
from kiosk.transaction import PaymentState, TransactionState
from kiosk.transitions import LIMITS, TRANSITIONS
from tests.kiosk.parts import MARKER_NUMBER, SOMEBODY_ELSE, Stage, quote_of


def at_home() -> Stage:
    return Stage().feed(CardInserted()).work()


def at_quote() -> Stage:
    stage = at_home().feed(ServiceChosen("traffic.fines"), Started(), Answered("search_by", "vehicle"))
    return stage.feed(Answered("plate", "12-34567")).work()


def at_check() -> Stage:
    return at_quote().feed(LinesPicked(("F0", "F1")))


def paid() -> Stage:
    return at_check().feed(Confirmed()).work()


def test_one_visit_from_card_to_receipt() -> None:
    stage = paid()
    scene = stage.visit.scene()
    assert scene.state is State.DONE
    assert scene.receipt is not None
    assert scene.receipt.outcome is ReceiptOutcome.ACCEPTED
    assert stage.ledger.commits == 1
    assert list(stage.payments.payments.values()) == [PaymentState.CAPTURED]
    assert [receipt.number for receipt in stage.printer.receipts] == ["KRK3-000001"]
    assert stage.delivery.woken == 1
    stage.feed(Cancelled())
    assert stage.at() is State.TAKE_CARD
    stage.feed(CardRemoved())
    assert stage.at() is State.IDLE


def test_states_pass_in_the_order_of_the_issue() -> None:
    stage = paid()
    order = list(dict.fromkeys(scene.state for scene in stage.scenes))
    assert order == [
        State.IDENTIFYING,
        State.CHOOSING_SERVICE,
        State.START_CARD,
        State.STEPS,
        State.ENQUIRING,
        State.QUOTE,
        State.CHECK_ANSWERS,
        State.PAYING,
        State.COMMITTED,
        State.DELIVERY_AWAITED,
        State.RECEIPT,
        State.DONE,
    ]


def test_the_enquiry_carries_only_what_its_rule_names() -> None:
    stage = at_home().feed(ServiceChosen("traffic.fines"), Started(), Answered("search_by", "mine")).work()
    assert set(stage.desk.asked[0].fields) == {"national_number"}
    assert stage.at() is State.QUOTE


def test_without_a_line_the_receipt_says_awaiting_delivery() -> None:
    stage = at_check()
    stage.delivery.up = False
    stage.feed(Confirmed()).work()
    receipt = stage.visit.scene().receipt
    assert receipt is not None
    assert receipt.outcome is ReceiptOutcome.AWAITING_DELIVERY
    assert State.DELIVERY_AWAITED not in {scene.state for scene in stage.scenes}


def test_a_refusal_by_the_agency_is_on_the_receipt() -> None:
    stage = at_check()
    stage.delivery.answer = TransactionState.NEEDS_ATTENTION
    stage.feed(Confirmed()).work()
    receipt = stage.visit.scene().receipt
    assert receipt is not None
    assert receipt.outcome is ReceiptOutcome.NEEDS_ATTENTION


def test_a_line_cut_before_the_enquiry_takes_no_money() -> None:
    stage = at_home()
    stage.desk.failure = Failure.AGENCY_UNREACHABLE
    stage.feed(ServiceChosen("traffic.fines"), Started(), Answered("search_by", "mine")).work()
    scene = stage.visit.scene()
    assert (scene.state, scene.money) == (State.FAILED, Money.NOTHING)
    assert not stage.payments.payments
    stage.desk.failure = None
    stage.feed(TryAgain()).work()
    assert stage.at() is State.QUOTE


def test_a_quote_that_ran_out_is_never_paid() -> None:
    stage = at_check()
    stage.clock.at += timedelta(minutes=16)
    stage.feed(Confirmed()).work()
    scene = stage.visit.scene()
    assert scene.failure is not None
    assert scene.failure.failure is Failure.QUOTE_EXPIRED
    assert not stage.payments.payments
    stage.desk.quote = quote_of(20_000, 12_500, expires_at=stage.clock.at + timedelta(minutes=15))
    stage.feed(TryAgain()).work()
    assert stage.at() is State.QUOTE


def test_only_payable_lines_can_be_picked() -> None:
    stage = at_quote()
    for lines in ((), ("C0",), ("F0", "C0"), ("F0", "F0"), ("nothing",)):
        stage.feed(LinesPicked(lines))
        assert stage.at() is State.QUOTE, lines


def test_a_wrong_answer_stays_with_what_was_typed() -> None:
    stage = at_home().feed(ServiceChosen("traffic.fines"), Started(), Answered("search_by", "vehicle"))
    stage.feed(Answered("plate", "12-"))
    scene = stage.visit.scene()
    assert scene.state is State.STEPS
    assert scene.typed == "12-"
    assert scene.mistake
    assert not stage.desk.asked


def test_change_returns_to_the_check_page_and_asks_nothing_twice() -> None:
    stage = at_check().feed(ChangeWanted("plate"))
    assert stage.at() is State.STEPS
    assert stage.visit.scene().typed == "12-34567"
    stage.feed(Answered("plate", "12-34567"))
    assert stage.at() is State.CHECK_ANSWERS
    assert len(stage.desk.asked) == 1
    stage.feed(ChangeWanted("plate"), Answered("plate", "20-1")).work()
    assert stage.at() is State.QUOTE
    assert len(stage.desk.asked) == 2


def test_change_of_the_lines_returns_to_the_check_page() -> None:
    stage = at_check().feed(ChangeWanted(""))
    assert stage.at() is State.QUOTE
    stage.feed(LinesPicked(("F1",)))
    assert (stage.at(), stage.visit.scene().total_fils) == (State.CHECK_ANSWERS, 12_500)


def test_back_walks_the_pages_in_turn() -> None:
    stage = at_check()
    walked = []
    for _ in range(6):
        stage.feed(Back())
        walked.append((stage.at(), stage.visit.scene().step_number))
    assert [state for state, _ in walked] == [
        State.QUOTE,
        State.STEPS,
        State.STEPS,
        State.START_CARD,
        State.CHOOSING_SERVICE,
        State.CHOOSING_SERVICE,
    ]


@pytest.mark.parametrize("fault", ["declined", "cancelled", "silent"])
def test_a_payment_not_taken_can_be_tried_again_with_new_ids(fault: str) -> None:
    stage = at_check()
    first = stage.visit.ids()
    stage.payments.faults["authorise"] = fault
    stage.feed(Confirmed()).work()
    assert stage.visit.scene().money is Money.NOTHING
    assert stage.ledger.states[first.transaction] is TransactionState.VOIDED
    stage.feed(TryAgain())
    assert stage.at() is State.CHECK_ANSWERS
    assert stage.visit.ids().payment != first.payment
    stage.feed(Confirmed()).work()
    assert (stage.at(), stage.ledger.commits) == (State.DONE, 1)


@pytest.mark.parametrize(("call", "fault"), [("authorise", "unknown"), ("authorise", "bug"), ("capture", "unknown")])
def test_a_payment_without_an_answer_is_unknown_never_failed(call: str, fault: str) -> None:
    stage = at_check()
    stage.payments.faults[call] = fault
    stage.feed(Confirmed()).work()
    scene = stage.visit.scene()
    assert (scene.state, scene.money) == (State.FAILED, Money.UNKNOWN)
    assert stage.ledger.commits == 0
    if fault == "unknown":
        assert len(stage.printer.slips) == 1


def test_a_full_disk_before_the_payment_moves_nothing() -> None:
    stage = at_check()
    stage.ledger.faults["prepare"] = 1
    stage.feed(Confirmed()).work()
    scene = stage.visit.scene()
    assert scene.failure is not None
    assert (scene.failure.failure, scene.money) == (Failure.NOT_SAVED, Money.NOTHING)
    assert not stage.payments.payments


def test_a_full_disk_at_the_commit_gives_the_money_back() -> None:
    stage = at_check()
    stage.ledger.faults["commit"] = 2
    stage.feed(Confirmed()).work()
    assert stage.visit.scene().money is Money.RETURNED
    assert list(stage.payments.payments.values()) == [PaymentState.REFUNDED]
    assert not stage.printer.receipts


def test_a_commit_whose_answer_was_lost_is_asked_again_and_stands() -> None:
    stage = at_check()
    stage.ledger.faults["commit"] = 1
    stage.feed(Confirmed()).work()
    assert (stage.at(), stage.ledger.commits) == (State.DONE, 1)


def test_a_commit_in_doubt_is_unknown_and_its_money_is_not_given_back() -> None:
    stage = at_check()
    stage.ledger.faults["doubt"] = 2
    stage.feed(Confirmed()).work()
    scene = stage.visit.scene()
    assert (scene.state, scene.money) == (State.FAILED, Money.UNKNOWN)
    assert list(stage.payments.payments.values()) == [PaymentState.CAPTURED]
    assert len(stage.printer.slips) == 1


def test_end_during_the_payment_asks_the_terminal_to_stop_and_lets_the_hold_go() -> None:
    stage = at_check().feed(Confirmed())
    stage.work_once()
    stage.feed(Cancelled())
    assert stage.payments.interrupted == [stage.visit.ids().payment]
    stage.work()
    assert list(stage.payments.payments.values()) == [PaymentState.VOIDED]
    assert (stage.ledger.commits, stage.at()) == (0, State.TAKE_CARD)


def test_a_card_pulled_in_the_middle_comes_back_to_the_same_page() -> None:
    stage = at_check().feed(CardRemoved())
    assert stage.at() is State.CARD_REMOVED
    stage.feed(CardInserted()).work()
    assert stage.at() is State.CHECK_ANSWERS
    assert stage.visit.scene().answers


def test_another_card_after_a_pause_begins_anew() -> None:
    stage = at_check().feed(CardRemoved())
    stage.reader.identity = SOMEBODY_ELSE
    stage.feed(CardInserted()).work()
    scene = stage.visit.scene()
    assert (scene.state, scene.identity, scene.answers) == (State.CHOOSING_SERVICE, SOMEBODY_ELSE, ())


def test_a_card_pulled_during_the_enquiry_asks_again_afterwards() -> None:
    stage = at_home().feed(ServiceChosen("traffic.fines"), Started(), Answered("search_by", "mine"))
    stage.feed(CardRemoved()).work()
    assert stage.at() is State.CARD_REMOVED
    stage.feed(CardInserted()).work()
    assert (stage.at(), len(stage.desk.asked)) == (State.QUOTE, 2)


def test_a_card_pulled_while_money_moves_changes_nothing() -> None:
    stage = at_check().feed(Confirmed(), CardRemoved()).work()
    assert (stage.at(), stage.ledger.commits) == (State.DONE, 1)
    stage.feed(AnotherService())
    assert stage.at() is State.IDLE


def test_the_clock_warns_then_ends() -> None:
    stage = at_quote().feed(TimedOut())
    assert stage.at() is State.TIME_WARNING
    stage.feed(MoreTime())
    assert stage.at() is State.QUOTE
    stage.feed(TimedOut(), TimedOut())
    assert stage.at() is State.TAKE_CARD


def test_a_reader_that_goes_ends_the_visit_and_is_remembered_until_it_is_back() -> None:
    stage = at_quote().feed(ReaderLost(ServiceFailure(Failure.READER_LOST)))
    assert stage.at() is State.FAILED
    stage.feed(TimedOut())
    assert stage.at() is State.IDLE
    assert stage.visit.scene().reader_failure is not None
    stage.feed(CardRemoved())
    assert stage.visit.scene().reader_failure is None


def test_no_paper_is_said_and_the_payment_stands() -> None:
    stage = at_check()
    stage.printer.failure = Failure.PRINTER_OUT_OF_PAPER
    stage.feed(Confirmed()).work()
    scene = stage.visit.scene()
    assert scene.state is State.DONE
    assert scene.print_failure is not None
    assert scene.receipt is not None
    stage.printer.failure = None
    stage.feed(CopyWanted()).work()
    assert [receipt.copy for receipt in stage.printer.receipts] == [1]


def test_a_printer_that_never_answers_does_not_hold_the_person() -> None:
    stage = at_check().feed(Confirmed())
    while stage.at() is not State.RECEIPT:
        stage.work_once()
    stage.feed(TimedOut())
    assert stage.at() is State.DONE
    stage.work()
    assert stage.visit.scene().print_state is not None


def test_another_service_keeps_the_person_and_makes_a_new_basket() -> None:
    stage = paid()
    first = stage.visit.ids()
    stage.feed(AnotherService(), ServiceChosen("traffic.fines"))
    assert stage.visit.ids().transaction != first.transaction
    assert stage.visit.scene().identity is not None
    assert stage.visit.scene().receipt is None


@pytest.mark.parametrize("failure", [Failure.CARD_MUTE, Failure.CARD_NOT_GENUINE, Failure.CARD_EXPIRED])
def test_a_card_that_is_not_proven_shows_no_name(failure: Failure) -> None:
    stage = Stage()
    stage.reader.failure = failure
    stage.feed(CardInserted()).work()
    scene = stage.visit.scene()
    assert (scene.state, scene.identity) == (State.FAILED, None)


def test_a_stale_answer_is_dropped() -> None:
    stage = at_home().feed(ServiceChosen("traffic.fines"), Started(), Answered("search_by", "mine"))
    work, then = stage.pending.pop()
    stage.feed(Cancelled())
    then(work())
    assert (stage.at(), stage.visit.case.quote) == (State.TAKE_CARD, None)


def test_every_state_says_what_end_card_reader_and_time_do() -> None:
    needed = {Cancelled, CardRemoved, ReaderLost, TimedOut}
    for state in State:
        missing = needed - set(TRANSITIONS[state])
        if state is State.IDLE:
            missing -= {Cancelled}  # nobody is there
        if state is State.TAKE_CARD:
            missing -= {Cancelled}  # the visit has ended already
        assert not missing, (state, missing)


def test_every_state_ends_by_itself() -> None:
    assert set(State) == set(LIMITS)


def test_an_idle_terminal_left_alone_is_as_for_a_new_visit() -> None:
    stage = Stage()
    before = stage.visit.scene().visit
    stage.feed(TimedOut())
    assert stage.at() is State.IDLE
    assert stage.visit.scene().visit != before


def test_reprs_hold_nothing_personal() -> None:
    stage = paid()
    told = repr(stage.visit.scene()) + repr(stage.visit.case) + repr(stage.visit.scene().identity)
    assert "9991112223" not in told
    assert "مريم" not in told


def test_a_scene_is_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Stage().visit.scene().visit = 3  # type: ignore[misc]  # the point of the test


def test_a_failure_of_work_nobody_waits_for_is_ignored() -> None:
    stage = Stage().feed(PartFailed(ServiceFailure(Failure.INTERNAL)))
    assert stage.at() is State.IDLE


def test_a_card_that_could_not_be_read_after_a_pause_does_not_get_the_other_persons_quote() -> None:
    stage = at_home().feed(ServiceChosen("traffic.fines"), Started(), Answered("search_by", "mine"), CardRemoved())
    stage.pending.clear()
    stage.reader.failure = Failure.CARD_MUTE
    stage.feed(CardInserted()).work()
    assert stage.at() is State.FAILED
    stage.reader.failure, stage.reader.identity = None, SOMEBODY_ELSE
    asked = len(stage.desk.asked)
    stage.feed(TryAgain()).work()
    assert stage.visit.scene().identity == SOMEBODY_ELSE
    assert stage.at() is State.CHOOSING_SERVICE
    assert len(stage.desk.asked) == asked


def test_a_card_changed_while_money_moved_is_read_before_another_service() -> None:
    stage = at_check().feed(Confirmed(), CardRemoved(), CardInserted()).work()
    assert stage.at() is State.DONE
    stage.reader.identity = SOMEBODY_ELSE
    stage.feed(AnotherService())
    assert stage.visit.scene().identity is None
    stage.work()
    assert stage.visit.scene().identity == SOMEBODY_ELSE


@pytest.mark.parametrize(("same", "goes_to"), [(True, State.CHECK_ANSWERS), (False, State.CHOOSING_SERVICE)])
def test_a_card_changed_while_the_bank_declined_is_read_before_the_next_try(same: bool, goes_to: State) -> None:
    stage = at_check()
    stage.payments.faults["authorise"] = "declined"
    stage.feed(Confirmed(), CardRemoved(), CardInserted()).work()
    assert stage.at() is State.FAILED
    if not same:
        stage.reader.identity = SOMEBODY_ELSE
    stage.feed(TryAgain()).work()
    assert stage.at() is goes_to


def test_an_answer_that_no_longer_applies_is_not_part_of_what_is_agreed() -> None:
    stage = at_check().feed(ChangeWanted("search_by"), Answered("search_by", "mine")).work()
    stage.feed(LinesPicked(("F0",)), Confirmed()).work()
    (agreement,) = stage.ledger.agreements.values()
    assert agreement.answers == {"search_by": "mine"}


def test_a_visit_ended_before_the_bank_was_asked_never_says_that_money_may_be_gone() -> None:
    stage = at_check().feed(Confirmed(), Cancelled())
    stage.payments.faults["void"] = "lost"  # the payment terminal is silent, and need not be asked
    stage.work()
    assert stage.at() is State.TAKE_CARD
    assert stage.printer.slips == []
    assert set(stage.ledger.states.values()) == {TransactionState.VOIDED}


def test_the_receipt_of_a_visit_with_a_card_reminds_of_it() -> None:
    receipt = paid().visit.scene().receipt
    assert receipt is not None
    assert receipt.facts.card_in_reader


def test_the_receipt_of_a_person_without_a_card_speaks_of_none() -> None:
    stage = Stage(assisted=True).feed(PersonTyped(MARKER_NUMBER, "", DocumentSeen.PASSPORT))
    stage.feed(ServiceChosen("traffic.fines"), FormFilled((("search_by", "mine"),))).work()
    stage.feed(ConsentGiven(Consent.SPOKEN), CashTaken(50_000)).work()
    receipt = stage.visit.scene().receipt
    assert receipt is not None
    assert not receipt.facts.card_in_reader

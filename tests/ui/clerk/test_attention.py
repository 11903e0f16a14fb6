"""What an agency refused, at the counter and by keys alone: explained, given back by two people, disputed."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from kiosk.corrections import Objection, Reason, RefundAgreed, person_of
from kiosk.failures import Failure
from kiosk.scene import State
from kiosk.staff import Refusal, StaffAct
from kiosk.transaction import PaymentMethod, PaymentState, TransactionState
from kiosk.wire import QuoteLine
from tests.ui.clerk.conftest import Office
from tests.ui.clerk.pages import paid_for
from tests.ui.clerk.parts import CASH_IN_DOUBT, HUDA, RANA, recent, refused
from tests.ui.clerk.test_office import shown
from tests.ui.samples_second import QUOTE
from ui.clerk.attention_desk import NOT_FOUND, Step
from ui.clerk.sheet import Over
from ui.staff.table import RowView

K = Qt.Key
ITEM = refused()
TRANSACTION = ITEM.ids.transaction


def open_refused(office: Office, method: PaymentMethod = PaymentMethod.CASH, staff: str = "rana") -> None:
    """F11 and the row's number."""
    office.corrections.hold(refused(method=method))
    if method is PaymentMethod.BANK_CARD:
        office.scripted.payments.payments[ITEM.ids.payment] = PaymentState.CAPTURED
    office.sign_in(staff, {"rana": "271828", "huda": "161803"}[staff])
    office.key(K.Key_F11)
    office.key(K.Key_1)
    assert step(office) is Step.WAYS


def step(office: Office) -> Step:
    assert office.counter.desk.sheet.over is Over.ATTENTION
    return office.counter.desk.office.attention.step


def enter_pin(office: Office, pin: str) -> None:
    assert office.focused() == "pin"
    office.type(pin)
    office.key(K.Key_Return)


def two_people_agree(office: Office) -> None:
    office.key(K.Key_2)
    office.key(K.Key_3)
    enter_pin(office, "271828")
    assert step(office) is Step.SUPERVISOR
    enter_pin(office, "161803")


def test_what_was_refused_is_listed_with_the_agencys_words(office: Office) -> None:
    office.records.items = (CASH_IN_DOUBT,)
    office.corrections.hold(ITEM)
    office.sign_in()
    office.key(K.Key_F11)
    text = " ".join(row.accessibleName() for row in office.window.findChildren(RowView))
    for said in (ITEM.receipt_number, ITEM.words_ar, "مخالفات السير"):
        assert said in text
    office.key(K.Key_2)
    assert step(office) is Step.WAYS
    office.key(K.Key_Escape)
    assert office.counter.desk.sheet.over is Over.NOTHING


def test_a_refusal_that_comes_when_the_line_is_back_is_told_without_asking(office: Office) -> None:
    office.sign_in()
    office.counter.line_changed.emit(False, 1)
    office.settle()
    assert office.see("pill:triangle-alert") is None
    office.corrections.hold(ITEM)
    office.counter.line_changed.emit(True, 0)
    office.settle()
    told = office.see("pill:triangle-alert")
    assert told is not None
    assert told.accessibleName() == "مرفوضة: 1"
    office.key(K.Key_F11)
    office.key(K.Key_1)
    assert step(office) is Step.WAYS


def test_a_receipt_that_was_taken_back_says_so_in_the_list(office: Office) -> None:
    office.records.receipts = (
        recent(1),
        msgspec.structs.replace(recent(2), state=TransactionState.REVERSED),
    )
    office.sign_in()
    office.key(K.Key_F9)
    told = ["صُحّح هذا الإيصال" in row.accessibleName() for row in office.window.findChildren(RowView)]
    assert told == [False, True]


def test_what_was_signed_with_the_card_says_what_to_do_instead(office: Office) -> None:
    office.corrections.hold(refused(service="justice.non_conviction"))
    office.sign_in()
    office.key(K.Key_F11)
    office.key(K.Key_1)
    assert "رُدّ المبلغ ثم ابدأ من جديد بالبطاقة" in shown(office)
    assert office.see("attention:correct") is None
    office.key(K.Key_3)
    assert step(office) is Step.OBJECTION


def test_cash_goes_back_by_two_pins_and_a_count(office: Office) -> None:
    open_refused(office)
    two_people_agree(office)
    assert step(office) is Step.HAND_OUT
    assert "42.500" in shown(office)
    assert office.scripted.printer.slips == []
    office.key(K.Key_Return)  # Enter once too often says nothing about cash
    assert step(office) is Step.HAND_OUT
    office.key(K.Key_1)
    assert step(office) is Step.ANSWERED
    (slip,) = office.scripted.printer.slips
    assert slip.reference == "KRK3-000007-C1"
    done = office.corrections.done[TRANSACTION].reversal
    assert (done.reason, done.requested_by.id, done.approved_by.id) == (Reason.WITHDRAWN, "rana", "huda")
    assert ("rana", StaffAct.DECIDED_PAYMENT, "KRK3-000007 refund agreed") in office.register.notes
    office.key(K.Key_Escape)
    assert ITEM.receipt_number not in shown(office)


def test_a_bank_card_is_refunded_at_once(office: Office) -> None:
    open_refused(office, PaymentMethod.BANK_CARD)
    two_people_agree(office)
    assert step(office) is Step.ANSWERED
    assert office.scripted.payments.payments[ITEM.ids.payment] is PaymentState.REFUNDED


def test_a_silent_payment_terminal_is_called_unknown_and_can_be_asked_again(office: Office) -> None:
    open_refused(office, PaymentMethod.BANK_CARD)
    office.scripted.payments.faults["void"] = "lost"
    two_people_agree(office)
    assert step(office) is Step.UNKNOWN
    office.key(K.Key_Escape)
    office.key(K.Key_1)
    assert step(office) is Step.UNKNOWN, "it is still agreed"
    office.key(K.Key_1)
    assert step(office) is Step.ANSWERED


def test_cash_that_was_agreed_waits_for_its_answer_after_a_restart(office: Office) -> None:
    agreed = RefundAgreed(
        correction=TRANSACTION, reason=Reason.REFUSED, requested_by=person_of(RANA), approved_by=person_of(HUDA)
    )
    office.corrections.hold(refused(refund=agreed))
    office.sign_in()
    office.key(K.Key_F11)
    office.key(K.Key_1)
    assert step(office) is Step.HAND_OUT
    office.key(K.Key_2)
    assert office.corrections.items[TRANSACTION].refund is None


def test_a_wrong_pin_is_told_and_typed_again(office: Office) -> None:
    open_refused(office)
    office.key(K.Key_2)
    office.key(K.Key_1)
    enter_pin(office, "999999")
    assert step(office) is Step.OWN_PIN
    told = office.counter.desk.office.attention.refused
    assert told is not None
    assert (told.reason, told.tries_left) == (Refusal.UNKNOWN_OR_WRONG, 4)
    enter_pin(office, "271828")
    enter_pin(office, "999999")
    assert step(office) is Step.SUPERVISOR
    assert office.corrections.items[TRANSACTION].refund is None


def test_a_supervisor_who_serves_needs_another_one(office: Office) -> None:
    open_refused(office, staff="huda")
    office.key(K.Key_2)
    office.key(K.Key_1)
    enter_pin(office, "161803")
    assert step(office) is Step.SUPERVISOR
    assert office.counter.desk.office.attention.who() is None
    assert office.focused() != "pin"


def test_what_the_agency_said_is_explained_on_paper(office: Office) -> None:
    open_refused(office)
    office.key(K.Key_1)
    assert step(office) is Step.ANSWERED
    assert office.corrections.explained == [(TRANSACTION, "rana")]
    (slip,) = office.scripted.printer.slips
    assert ITEM.words_en in {value.en for _, value in slip.rows}
    office.key(K.Key_Escape)
    office.key(K.Key_1)
    assert step(office) is Step.WAYS, "it stays to be settled"


def test_a_supervisor_at_the_counter_disputes_alone(office: Office) -> None:
    open_refused(office, staff="huda")
    office.key(K.Key_4)
    office.key(K.Key_2)
    enter_pin(office, "161803")
    assert step(office) is Step.ANSWERED
    assert office.corrections.disputes == [(TRANSACTION, Objection.AMOUNT_WRONG, "huda")]


def test_a_corrected_receipt_prints_its_slip_again_and_can_be_disputed(office: Office) -> None:
    open_refused(office)
    two_people_agree(office)
    office.key(K.Key_1)
    done = office.corrections.done[TRANSACTION]
    office.records.receipts = (
        type(recent(7))(
            receipt_number="KRK3-000007",
            transaction=TRANSACTION,
            committed_at=recent(7).committed_at,
            amount_fils=42_500,
            state=TransactionState.REVERSED,
            service="traffic.fines",
            method=PaymentMethod.CASH,
            print_state=None,
        ),
    )
    office.key(K.Key_Escape)
    office.counter.desk.office.look_up_attention()
    office.settle()
    office.key(K.Key_F9)
    office.key(K.Key_1)
    assert step(office) is Step.CORRECTED
    office.key(K.Key_1)
    assert [slip.reference for slip in office.scripted.printer.slips] == ["KRK3-000007-C1"] * 2
    office.key(K.Key_Escape)
    office.key(K.Key_1)
    office.key(K.Key_3)
    office.key(K.Key_3)
    enter_pin(office, "161803")
    assert office.corrections.disputes == [(done.reversal.ids.transaction, Objection.NOT_BY_US, "huda")]


def test_a_refusal_by_the_file_is_told_and_no_money_moves(office: Office) -> None:
    open_refused(office, PaymentMethod.BANK_CARD)
    office.corrections.failing = True
    two_people_agree_until_told(office)
    assert office.counter.desk.sheet.over is Over.NOTHING
    assert office.counter.desk.told
    assert office.counter.desk.told != NOT_FOUND
    assert office.scripted.payments.payments[ITEM.ids.payment] is PaymentState.CAPTURED


def two_people_agree_until_told(office: Office) -> None:
    office.key(K.Key_2)
    office.key(K.Key_3)
    enter_pin(office, "271828")
    enter_pin(office, "161803")


def test_paper_that_does_not_come_is_said(office: Office) -> None:
    open_refused(office)
    office.scripted.printer.failure = Failure.PRINTER_OUT_OF_PAPER
    office.key(K.Key_1)
    assert step(office) is Step.ANSWERED
    assert office.counter.window.look.texts("The slip did not come out: note the reference") in shown(office)


# -- sent corrected


def open_corrected(office: Office, lines: tuple[QuoteLine, ...] = QUOTE.lines[:3]) -> None:
    """The third way; the form is as it was filled then."""
    office.records.agreements = {ITEM.receipt_number: paid_for("12-00000", *lines)}
    open_refused(office)
    office.key(K.Key_3)
    assert office.state is State.STEPS


def enquire_for(office: Office, plate: str) -> None:
    field = office.see("step:plate")
    assert isinstance(field, QLineEdit)
    field.setFocus()
    field.selectAll()
    office.type(plate)
    office.key(K.Key_Return)
    office.wait(State.CHECK_ANSWERS)


def test_a_corrected_request_is_sent_for_the_money_that_is_there(office: Office) -> None:
    open_corrected(office)
    enquire_for(office, "12-34567")
    office.key(K.Key_F7)
    assert office.state is State.CHECK_ANSWERS, "nothing is paid again"
    office.key(K.Key_F8)
    assert step(office) is Step.REASON
    said = shown(office)
    assert "12-00000" in said
    assert "12-34567" in said
    office.key(K.Key_Return)  # the button that had the focus asks no second time
    office.key(K.Key_2)
    enter_pin(office, "271828")
    enter_pin(office, "161803")
    office.wait(State.DONE)
    (agreement,) = office.scripted.ledger.agreements.values()
    assert agreement.corrects == TRANSACTION
    assert (agreement.answers["plate"], agreement.method) == ("12-34567", PaymentMethod.CASH)
    assert office.scripted.payments.payments == {}
    (receipt,) = office.scripted.printer.receipts
    assert ("تصحيح الإيصال", "Corrects receipt", ITEM.receipt_number) in receipt.facts.rows
    assert receipt.facts.tendered_fils is None
    (slip,) = office.scripted.printer.slips
    assert slip.reference == "KRK3-000007-C1"
    done = office.corrections.done[TRANSACTION].reversal
    assert (done.corrected_by, done.reason) == (agreement.ids.transaction, Reason.ENTERED_WRONG)


def test_another_amount_is_not_sent_and_no_key_pays_it(office: Office) -> None:
    open_corrected(office, QUOTE.lines[:2])
    enquire_for(office, "12-34567")
    for key in (K.Key_F7, K.Key_F8, K.Key_F11, K.Key_F8, K.Key_F10):
        office.key(key)
        assert office.state is State.CHECK_ANSWERS
    assert office.counter.desk.sheet.over is Over.NOTHING
    office.key(K.Key_1)  # leaves out the first line: still not what was paid
    assert not office.counter.desk.office.attention.can_send()
    office.key(K.Key_F12)
    assert office.state is State.IDLE
    assert office.scripted.ledger.agreements == {}
    assert office.scripted.parked.cases == {}


def test_another_service_after_all_is_an_ordinary_visit(office: Office) -> None:
    open_corrected(office)
    office.key(K.Key_F3)
    office.type("f")
    office.key(K.Key_Return)
    assert office.counter.desk.scene.correcting is None


def test_what_is_no_longer_known_is_not_sent_again(office: Office) -> None:
    open_refused(office)
    office.key(K.Key_3)
    assert office.state is State.IDLE
    assert office.counter.desk.told == NOT_FOUND


def test_another_clerk_does_not_go_on_with_a_pin_that_the_first_has_shown(office: Office) -> None:
    open_refused(office)
    office.key(K.Key_2)
    office.key(K.Key_1)
    enter_pin(office, "271828")
    assert step(office) is Step.SUPERVISOR
    office.counter.lock()
    office.settle()
    office.sign_in("sami", "314159")
    assert office.counter.desk.sheet.over is Over.NOTHING


def test_the_same_clerk_goes_on_after_the_lock(office: Office) -> None:
    open_refused(office)
    office.key(K.Key_2)
    office.counter.lock()
    office.settle()
    office.sign_in()
    assert step(office) is Step.REASON


def test_what_is_new_at_the_desk_waits_while_a_pin_is_typed(office: Office) -> None:
    open_refused(office)
    office.key(K.Key_2)
    office.key(K.Key_1)
    office.type("27")
    office.counter.desk.renew()
    office.type("1828")
    office.key(K.Key_Return)
    assert step(office) is Step.SUPERVISOR

"""What waits in the office: calls that are seen and heard, receipts printed again, cash that a person settles."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from kiosk.scene import State
from kiosk.staff import StaffAct
from tests.ui.clerk.conftest import Office
from tests.ui.clerk.parts import BANK_IN_DOUBT, CASH_IN_DOUBT, NOT_PRINTED, call, recent
from tests.ui.clerk.test_visits import begin_without_card, enquire_by_plate, find_fines, take_cash
from ui.clerk.sheet import Section

K = Qt.Key


def shown(office: Office) -> str:
    return " ".join(
        [
            *(label.text() for label in office.window.findChildren(QLabel) if label.isVisibleTo(office.window)),
            *(one.accessibleName() for one in office.window.findChildren(QLabel)),
        ]
    )


def ring_for(office: Office, *numbers: int) -> None:
    office.bell.calls = tuple(call(number) for number in numbers)
    office.counter._listen()
    office.settle()


def test_a_call_is_seen_and_heard_and_answered_by_a_key(office: Office) -> None:
    office.sign_in()
    ring_for(office, 1)
    assert len(office.rung) == 1
    assert "KRK1" in shown(office)
    ring_for(office, 1)
    assert len(office.rung) == 1  # heard once; later it is repeated
    office.key(K.Key_F6)
    assert [name for _, name in office.bell.answered] == ["رنا الأقحوان"]
    assert ("rana", StaffAct.ANSWERED_HELP, "KRK1") in office.register.notes
    office.key(K.Key_F6)
    assert len(office.bell.closed) == 1
    assert "KRK1" not in shown(office)


def test_a_call_that_nobody_answers_is_heard_again(office: Office) -> None:
    office.sign_in()
    ring_for(office, 1)
    for _ in range(3):
        office.counter._listen()
        office.settle()
    assert len(office.rung) == 2


def test_a_call_in_the_middle_of_a_visit_disturbs_no_typing(office: Office) -> None:
    office.sign_in()
    begin_without_card(office)
    find_fines(office)
    enquire_by_plate(office)
    office.key(K.Key_F8)
    office.type("4")
    ring_for(office, 1)
    office.type("5")
    assert office.counter.desk.sheet.tendered == "45"
    office.key(K.Key_F6)
    assert office.state is State.CHECK_ANSWERS
    assert office.focused() == "tendered"


def test_a_dead_line_is_not_taken_for_a_quiet_office(office: Office) -> None:
    office.sign_in()
    office.bell.failing = True
    office.counter._listen()
    office.settle()
    assert not office.counter.desk.office.now.calls_heard
    assert office.counter.window.look.texts("The centre does not answer: calls are not heard now") in shown(office)


def test_a_fault_of_the_ledger_is_said_to_the_clerk(office: Office) -> None:
    told = office.counter.window.look.texts("Fault in the ledger: call the technician")
    office.sign_in()
    assert told not in shown(office)
    office.records.sound = False
    office.counter.desk.office.look_up_attention()
    office.settle()
    assert told in shown(office)


def test_nobody_listens_while_nobody_is_signed_in(office: Office) -> None:
    listening = office.counter._bell_timer.isActive
    assert not listening()
    office.sign_in()
    assert listening()
    office.counter.lock()
    assert not listening()


def test_a_receipt_is_printed_again_by_its_number_key(office: Office) -> None:
    office.sign_in()
    begin_without_card(office)
    find_fines(office)
    enquire_by_plate(office)
    take_cash(office)
    office.wait(State.DONE)
    (receipt,) = office.scripted.printer.receipts
    office.records.receipts = (recent(1),)
    office.records.printable = {receipt.number: receipt.as_copy(1)}
    office.key(K.Key_F12)
    office.key(K.Key_F9)
    office.key(K.Key_1)
    assert [one.copy for one in office.scripted.printer.receipts] == [0, 1]
    assert ("rana", StaffAct.PRINTED_COPY, receipt.number) in office.register.notes


def test_cash_in_doubt_is_settled_by_a_person_and_only_cash(office: Office) -> None:
    office.records.items = (CASH_IN_DOUBT, BANK_IN_DOUBT, NOT_PRINTED)
    office.sign_in()
    office.key(K.Key_F11)
    assert office.counter.desk.office.now.section is Section.UNRESOLVED
    office.key(K.Key_2)  # a bank card: recovery asks the terminal, nobody here decides
    assert office.see("cash:kept") is None
    office.key(K.Key_1)
    assert office.see("cash:kept") is not None
    office.key(K.Key_Escape)
    assert office.records.settled == []
    office.key(K.Key_1)
    office.key(K.Key_2)
    assert office.records.settled == [("00000001", False, "rana")]
    assert ("rana", StaffAct.DECIDED_PAYMENT, "00000001 given back") in office.register.notes

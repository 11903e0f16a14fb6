"""Whole visits at the counter by keys alone: the real visit, the real windows, scripted parts."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from kiosk.counter import Capacity, Consent, DocumentSeen, IdentifiedBy
from kiosk.events import CardInserted, CardRemoved
from kiosk.failures import Failure
from kiosk.scene import State
from kiosk.staff import StaffAct
from kiosk.transaction import Agreement, PaymentMethod
from tests.kiosk.parts import MARKER_NUMBER, MARYAM
from tests.ui.clerk.conftest import Office
from tests.ui.clerk.test_pages import amount_on

pytestmark = pytest.mark.long(seconds=45)

K = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier


def begin_without_card(office: Office, number: str = MARKER_NUMBER) -> None:
    """F2, the number, the document, a name."""
    office.key(K.Key_F2)
    assert office.focused() == "national_number"
    office.type(number)
    office.key(K.Key_Tab)
    office.key(K.Key_Down)
    office.key(K.Key_Down)  # the second document of the list: a passport
    office.key(K.Key_Tab)
    office.type("Planted")
    office.key(K.Key_Return)


def find_fines(office: Office) -> None:
    """Three keys: F3 where it is not open already, a letter, Enter."""
    if office.focused() != "search":
        office.key(K.Key_F3)
    assert office.focused() == "search"
    office.type("f")
    office.key(K.Key_Return)


def enquire_by_plate(office: Office) -> None:
    assert office.focused() == "step:search_by"
    office.key(K.Key_Down)
    office.key(K.Key_Tab)
    office.type("12-34567")
    office.key(K.Key_Return)
    office.wait(State.CHECK_ANSWERS)


def take_cash(office: Office, tendered: str = "50") -> None:
    office.key(K.Key_F8)
    assert office.focused() == "tendered"
    office.type(tendered)
    office.key(K.Key_F11)
    office.key(K.Key_F8)


def agreed(office: Office) -> Agreement:
    (agreement,) = office.scripted.ledger.agreements.values()
    return agreement


def with_card(office: Office) -> None:
    office.counter.post(CardInserted())
    office.wait(State.CHOOSING_SERVICE)


@pytest.fixture
def open_office(office: Office) -> Office:
    office.sign_in()
    assert office.state is State.IDLE
    assert office.see("begin:new") is not None
    return office


def test_cash_with_a_card(open_office: Office) -> None:
    office = open_office
    with_card(office)
    find_fines(office)
    enquire_by_plate(office)
    take_cash(office)
    office.wait(State.DONE)
    agreement = agreed(office)
    assert (agreement.national_number, agreement.identified_by) == (MARYAM.national_number, IdentifiedBy.CARD)
    assert (agreement.method, agreement.consent, agreement.served_by) == (PaymentMethod.CASH, Consent.SPOKEN, "rana")
    assert office.counter.visit.scene().tendered_fils == 50_000
    assert "7.500" in told(office.window, "change")
    office.key(K.Key_F9)
    assert [receipt.copy for receipt in office.scripted.printer.receipts] == [0, 1]
    assert ("rana", StaffAct.PRINTED_COPY, "KRK3-000001") in office.register.notes


def told(root: QWidget, name: str) -> str:
    return " ".join(
        label.text() for label in root.findChildren(QLabel) if label.objectName() == name and label.isVisibleTo(root)
    )


def test_cash_without_a_card(open_office: Office) -> None:
    office = open_office
    begin_without_card(office)
    find_fines(office)
    enquire_by_plate(office)
    office.key(K.Key_3)  # a number key takes the third line out
    assert office.counter.visit.scene().total_fils == 32_500
    take_cash(office, "32.5")
    office.wait(State.DONE)
    agreement = agreed(office)
    assert (agreement.national_number, agreement.document_seen) == (MARKER_NUMBER, DocumentSeen.PASSPORT)
    assert [line.amount_fils for line in agreement.lines] == [20_000, 12_500]


def test_a_bank_card_is_asked_for_only_with_consent(open_office: Office) -> None:
    office = open_office
    begin_without_card(office)
    find_fines(office)
    enquire_by_plate(office)
    office.key(K.Key_F7)
    assert office.state is State.CHECK_ANSWERS
    assert office.scripted.payments.payments == {}
    touch(office, "agree")
    assert office.counter.visit.scene().consent is Consent.SCREEN
    office.key(K.Key_F7)
    office.wait(State.DONE)
    assert (agreed(office).method, agreed(office).consent) == (PaymentMethod.BANK_CARD, Consent.SCREEN)


def touch(office: Office, name: str) -> None:
    button = office.see(name, office.display)
    assert button is not None, f"the citizen's screen shows no {name}"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    office.settle()


def test_the_citizen_says_no_and_another_amount_needs_another_yes(open_office: Office) -> None:
    office = open_office
    begin_without_card(office)
    find_fines(office)
    enquire_by_plate(office)
    touch(office, "agree")
    touch(office, "refuse")
    assert office.counter.visit.scene().consent is Consent.NONE
    touch(office, "agree")
    office.key(K.Key_1)
    assert office.counter.visit.scene().consent is Consent.NONE
    assert amount_on(office.window) == amount_on(office.display)


def test_a_second_press_never_pays_twice(open_office: Office) -> None:
    office = open_office
    begin_without_card(office)
    find_fines(office)
    enquire_by_plate(office)
    office.key(K.Key_F8)
    office.type("50")
    office.key(K.Key_F11)
    native = office.window.windowHandle()
    assert native is not None
    for key in (K.Key_F8, K.Key_F8, K.Key_Return, K.Key_Return, K.Key_F8):
        QTest.keyClick(native, key)
    office.wait(State.DONE)
    office.key(K.Key_F8)
    assert office.scripted.ledger.commits == 1
    assert len(office.scripted.ledger.agreements) == 1


def test_less_than_the_amount_is_never_taken(open_office: Office) -> None:
    office = open_office
    begin_without_card(office)
    find_fines(office)
    enquire_by_plate(office)
    take_cash(office, "42.499")
    assert (office.state, office.scripted.ledger.agreements) == (State.CHECK_ANSWERS, {})


def test_notes_that_are_likely_have_keys(open_office: Office) -> None:
    office = open_office
    begin_without_card(office)
    find_fines(office)
    enquire_by_plate(office)
    office.key(K.Key_F8)
    office.key(K.Key_7, ALT)
    assert office.counter.desk.till.tendered_fils() == 45_000
    assert "2.500" in told(office.window, "change")
    office.key(K.Key_F11)
    office.key(K.Key_Return)  # from the field to the button
    assert office.focused() == "main"
    office.key(K.Key_Return)
    office.wait(State.DONE)


def test_a_proxy_with_the_number_and_the_paper(open_office: Office) -> None:
    office = open_office
    begin_without_card(office)
    find_fines(office)
    office.key(K.Key_2, ALT)
    assert office.focused() == "other_number"
    office.type("9990001112")
    office.key(K.Key_Return)
    office.wait(State.CHECK_ANSWERS)
    take_cash(office)
    office.wait(State.DONE)
    agreement = agreed(office)
    assert (agreement.capacity, agreement.on_behalf_of) == (Capacity.PROXY, "9990001112")
    assert agreement.behalf_document is DocumentSeen.POWER_OF_ATTORNEY


def test_a_parent_says_which_paper_was_seen(open_office: Office) -> None:
    office = open_office
    begin_without_card(office)
    find_fines(office)
    office.key(K.Key_3, ALT)
    office.type("9990001112")
    office.key(K.Key_Return)
    assert office.state is State.STEPS
    assert dict(office.counter.visit.scene().mistakes).keys() == {"behalf"}
    assert office.see("other_number") is not None
    while office.focused() != "other_document":
        office.key(K.Key_Tab)
    office.key(K.Key_Down)
    office.key(K.Key_Return)
    office.wait(State.CHECK_ANSWERS)
    assert office.counter.visit.scene().behalf.document is DocumentSeen.FAMILY_BOOK


def test_parked_and_resumed_by_a_number_key(open_office: Office) -> None:
    office = open_office
    begin_without_card(office)
    find_fines(office)
    office.key(K.Key_2, ALT)
    office.type("9990001112")
    office.key(K.Key_Return)
    office.wait(State.CHECK_ANSWERS)
    office.key(K.Key_F10)
    office.wait(State.PARKED)
    reference = next(iter(office.scripted.parked.cases))
    assert ("rana", StaffAct.PARKED_CASE, reference) in office.register.notes
    office.key(K.Key_F12)
    assert office.state is State.IDLE
    office.key(K.Key_1)
    office.wait(State.CHECK_ANSWERS)
    scene = office.counter.visit.scene()
    assert scene.identity is not None
    assert (scene.identity.national_number, scene.behalf.number) == (MARKER_NUMBER, "9990001112")
    assert ("rana", StaffAct.TOOK_PARKED_CASE, reference) in office.register.notes
    take_cash(office)
    office.wait(State.DONE)
    assert agreed(office).capacity is Capacity.PROXY


def test_a_reference_is_typed_from_the_slip(open_office: Office) -> None:
    office = open_office
    begin_without_card(office)
    find_fines(office)
    enquire_by_plate(office)
    office.key(K.Key_F10)
    office.wait(State.PARKED)
    (kept,) = office.scripted.parked.cases.values()
    del office.scripted.parked.cases["CASE-1"]
    office.scripted.parked.cases["K7QM-2XWD"] = kept
    office.key(K.Key_F12)
    office.key(K.Key_F10)
    assert office.focused() == "reference"
    office.type("k7qm 2xwd")
    office.key(K.Key_Return)
    office.wait(State.CHECK_ANSWERS)


def test_an_unknown_reference_is_told_and_leads_back(open_office: Office) -> None:
    office = open_office
    office.key(K.Key_F10)
    office.type("K7QM-2XWD")
    office.key(K.Key_Return)
    office.wait(State.FAILED)
    office.key(K.Key_F12)
    assert office.state is State.IDLE


def test_the_last_service_is_repeated_for_the_next_person(open_office: Office) -> None:
    office = open_office
    begin_without_card(office)
    find_fines(office)
    enquire_by_plate(office)
    office.key(K.Key_F12)
    office.key(K.Key_F5)
    assert office.focused() == "national_number"
    office.type("9990000001")
    office.key(K.Key_Tab)
    office.key(K.Key_Down)
    office.key(K.Key_Return)
    office.wait(State.STEPS)
    scene = office.counter.visit.scene()
    assert scene.service is not None
    assert (scene.service.id, scene.form) == ("traffic.fines", ())


def test_a_wrong_number_is_told_in_its_field(open_office: Office) -> None:
    office = open_office
    office.key(K.Key_F2)
    office.type("123")
    office.key(K.Key_Return)
    assert office.state is State.IDLE
    assert office.focused() == "national_number"
    office.type("9")
    office.key(K.Key_Tab)
    assert office.counter.desk.sheet.number == "1239"


def test_a_card_with_an_access_number(open_office: Office) -> None:
    office = open_office
    office.scripted.reader.access_number = "123456"
    office.counter.post(CardInserted())
    office.wait(State.ACCESS_NUMBER)
    office.type("123456")
    office.key(K.Key_Return)
    office.wait(State.CHOOSING_SERVICE)


def test_f4_reads_the_card_that_is_there(open_office: Office) -> None:
    office = open_office
    with_card(office)
    office.key(K.Key_F12)
    assert office.state is State.TAKE_CARD
    office.key(K.Key_F4)
    office.wait(State.CHOOSING_SERVICE)


def test_the_number_is_revealed_only_when_that_is_written_down(open_office: Office) -> None:
    office = open_office
    begin_without_card(office)
    assert MARKER_NUMBER not in told(office.window, "national_number")
    office.register.failing = True
    office.key(K.Key_0, ALT)
    assert MARKER_NUMBER not in told(office.window, "national_number")
    office.register.failing = False
    office.key(K.Key_0, ALT)
    assert MARKER_NUMBER in told(office.window, "national_number")
    assert ("rana", StaffAct.REVEALED_NUMBER, "") in office.register.notes
    office.key(K.Key_0, ALT)
    assert MARKER_NUMBER not in told(office.window, "national_number")


def test_typing_goes_on_while_something_comes_by_itself(open_office: Office) -> None:
    office = open_office
    begin_without_card(office)
    find_fines(office)
    enquire_by_plate(office)
    office.key(K.Key_F8)
    office.type("5")
    touch(office, "agree")
    assert office.focused() == "tendered"
    office.type("0")
    assert office.counter.desk.till.tendered_fils() == 50_000


def test_a_changed_field_is_never_paid_for_with_the_old_amount(open_office: Office) -> None:
    office = open_office
    begin_without_card(office)
    find_fines(office)
    enquire_by_plate(office)
    office.key(K.Key_F8)
    office.type("50")
    office.key(K.Key_F11)
    office.key(K.Key_Escape)
    while office.focused() != "step:plate":
        office.key(K.Key_Tab)
    office.type("8")
    office.key(K.Key_F8)
    assert (office.state, office.scripted.ledger.agreements) == (State.CHECK_ANSWERS, {})


def test_a_ledger_that_is_full_says_give_the_cash_back(open_office: Office) -> None:
    office = open_office
    office.scripted.ledger.faults["record_payment"] = 1
    begin_without_card(office)
    find_fines(office)
    enquire_by_plate(office)
    take_cash(office)
    office.wait(State.FAILED)
    scene = office.counter.visit.scene()
    assert scene.failure is not None
    assert scene.failure.failure is Failure.NOT_SAVED
    words = " ".join(label.text() for label in office.window.findChildren(QLabel) if label.isVisibleTo(office.window))
    assert "42.500" in words
    office.key(K.Key_F8)
    assert office.scripted.ledger.commits == 0


def test_a_card_that_is_pulled_pauses_and_comes_back(open_office: Office) -> None:
    office = open_office
    with_card(office)
    find_fines(office)
    enquire_by_plate(office)
    office.counter.post(CardRemoved())
    office.wait(State.CARD_REMOVED)
    office.counter.post(CardInserted())
    office.wait(State.CHECK_ANSWERS)
    assert QApplication.focusWidget() is not None

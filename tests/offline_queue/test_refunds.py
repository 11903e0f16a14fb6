"""What the counter does about a refused transaction, on the real ledger: the order, the bank's silence, the papers."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import uuid6

from kiosk.corrections import Attention, Objection, Reason
from kiosk.failures import Failure, ServiceFailure
from kiosk.refunds import Answer, Outcome, Refunds
from kiosk.transaction import PaymentMethod, PaymentState, TransactionState
from kiosk.wire import Words
from offline_queue.keys import TerminalKeys, Trust
from offline_queue.ledger import SqlLedger
from tests.kiosk.parts import SERVICES, ScriptedPayments, ScriptedPrinter
from tests.offline_queue.correcting import HUDA, RANA, CorrectingOffice, light_pins
from tests.offline_queue.parts import ScriptedCentre, SetClock


@dataclasses.dataclass
class Desk:
    """One refused transaction and everything that settles it."""

    office: CorrectingOffice
    payments: ScriptedPayments
    printer: ScriptedPrinter
    refunds: Refunds
    woken: list[int]

    def refuse(self, method: PaymentMethod) -> Attention:
        agreed = self.office.refused(method=method)
        if method is PaymentMethod.BANK_CARD:
            self.payments.payments[agreed.ids.payment] = PaymentState.CAPTURED
        return self.item()

    def item(self) -> Attention:
        (item,) = self.office.ledger.corrections.attention()
        return item

    def refund(self, item: Attention) -> Answer:
        return self.refunds.refund(
            item,
            uuid6.uuid7(),
            Reason.REFUSED,
            requested=self.office.prove(RANA),
            approved=self.office.prove(HUDA),
        )

    def state(self, item: Attention) -> TransactionState:
        return self.office.ledger.outcome_of(item.ids.transaction).state


@pytest.fixture
def desk(
    monkeypatch: pytest.MonkeyPatch,
    ledger: SqlLedger,
    centre: ScriptedCentre,
    ledger_file: Path,
    terminal_keys: TerminalKeys,
    trust: Trust,
) -> Desk:
    light_pins(monkeypatch)
    office = CorrectingOffice(ledger, centre, ledger_file, terminal_keys, trust)
    office.engage()
    payments, printer, woken = ScriptedPayments(), ScriptedPrinter(), list[int]()
    refunds = Refunds(
        corrections=ledger.corrections,
        payments=payments,
        printer=printer,
        clock=SetClock(),
        services=SERVICES,
        office=Words(ar="الكرك", en="Karak"),
        wake=lambda: woken.append(1),
    )
    return Desk(office, payments, printer, refunds, woken)


def test_a_bank_card_is_refunded_under_the_payments_own_id_and_the_slip_says_all(desk: Desk) -> None:
    item = desk.refuse(PaymentMethod.BANK_CARD)
    assert desk.refund(item) == Answer(Outcome.RETURNED, "KRK3-000001-C1")
    assert desk.payments.payments == {item.ids.payment: PaymentState.REFUNDED}
    assert desk.state(item) is TransactionState.REVERSED
    assert desk.woken == [1]
    (slip,) = desk.printer.slips
    said = {label.en: value.en for label, value in slip.rows}
    assert said == {
        "Original receipt": "KRK3-000001",
        "Service": "Traffic fines",
        "What was done": "Refunded to the bank card",
        "Reason": "The agency refused it",
        "Requested by": "Rana Aluqhuwan",
        "Supervisor": "Huda Alzatar",
        "Entry number": "8",
    }
    assert slip.amount is not None
    assert slip.amount[1] == 42_500
    assert "may dispute" in slip.text_en


def test_cash_goes_back_when_the_clerk_says_that_it_did(desk: Desk) -> None:
    item = desk.refuse(PaymentMethod.CASH)
    assert desk.refund(item) == Answer(Outcome.HAND_OUT)
    assert desk.state(item) is TransactionState.NEEDS_ATTENTION
    assert desk.item().refund is not None, "agreed, and on disk"
    desk.refunds.resume()
    assert desk.state(item) is TransactionState.NEEDS_ATTENTION, "no machine says that cash was handed out"
    assert desk.refunds.handed_out(item).outcome is Outcome.RETURNED
    assert desk.state(item) is TransactionState.REVERSED


def test_cash_that_was_not_handed_out_is_called_off(desk: Desk) -> None:
    item = desk.refuse(PaymentMethod.CASH)
    desk.refund(item)
    assert desk.refunds.not_handed_out(item, RANA) == Answer(Outcome.CALLED_OFF)
    assert desk.item().refund is None
    assert desk.office.held_money() == 42_500


@pytest.mark.parametrize("call", ["void", "query"])
def test_a_silent_payment_terminal_is_asked_again_at_rest(desk: Desk, call: str) -> None:
    item = desk.refuse(PaymentMethod.BANK_CARD)
    desk.payments.faults[call] = "lost"
    assert desk.refund(item).outcome is Outcome.UNKNOWN
    assert "being checked" in desk.printer.slips[0].text_en
    assert desk.office.held_money() == 42_500
    desk.refunds.resume()
    assert desk.state(item) is TransactionState.REVERSED
    assert desk.office.ask("SELECT actor FROM entries WHERE kind = 'reversal'") == [("recovery",)]
    assert desk.office.verify().problems == ()


@pytest.mark.parametrize("known", [None, PaymentState.VOIDED, PaymentState.AUTHORISED])
def test_a_terminal_that_does_not_know_the_money_decides_nothing(desk: Desk, known: PaymentState | None) -> None:
    item = desk.refuse(PaymentMethod.BANK_CARD)
    desk.payments.payments.clear()
    if known is not None:
        desk.payments.payments[item.ids.payment] = known
    assert desk.refund(item).outcome is Outcome.UNKNOWN
    desk.refunds.resume()
    assert desk.state(item) is TransactionState.NEEDS_ATTENTION


def test_no_paper_is_said_and_the_slip_comes_out_later(desk: Desk) -> None:
    item = desk.refuse(PaymentMethod.BANK_CARD)
    desk.printer.failure = Failure.PRINTER_SILENT
    answer = desk.refund(item)
    assert answer.print_failure is not None
    assert desk.state(item) is TransactionState.REVERSED
    desk.printer.failure = None
    again = desk.refunds.print_again(item.ids.transaction)
    assert again == Answer(Outcome.RETURNED, "KRK3-000001-C1")
    assert [slip.reference for slip in desk.printer.slips] == ["KRK3-000001-C1"]


def test_a_refund_that_cannot_be_recorded_moves_no_money(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    item = desk.refuse(PaymentMethod.BANK_CARD)

    def refused(*_: object, **__: object) -> None:
        raise ServiceFailure(Failure.NOT_SAVED)

    monkeypatch.setattr(desk.office.ledger.corrections, "agree_refund", refused)
    with pytest.raises(ServiceFailure):
        desk.refund(item)
    assert desk.payments.payments == {item.ids.payment: PaymentState.CAPTURED}


def test_what_the_agency_said_is_explained_on_paper(desk: Desk) -> None:
    item = desk.refuse(PaymentMethod.CASH)
    assert desk.refunds.explain(item, uuid6.uuid7(), RANA) == Answer(Outcome.EXPLAINED, "KRK3-000001")
    (slip,) = desk.printer.slips
    assert "The fine was paid before" in {value.en for _, value in slip.rows}
    assert desk.item().explained == 1


def test_a_dispute_is_delivered_and_printed(desk: Desk) -> None:
    item = desk.refuse(PaymentMethod.CASH)
    answer = desk.refunds.dispute(item.ids.transaction, uuid6.uuid7(), Objection.NOT_REFUSABLE, desk.office.prove(HUDA))
    assert answer == Answer(Outcome.DISPUTED, "KRK3-000001-C1")
    assert desk.woken == [1]
    assert desk.office.ledger.waiting() == 1

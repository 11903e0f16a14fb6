"""From the refusal to its end, at the real counter with the real ledger, delivery and centre: paid, refused by the
agency, then given back by two people, or sent corrected and accepted; by keys alone. Only the hardware is scripted.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from kiosk.receipt import PrintState, ReceiptOutcome, outcome_on_paper
from kiosk.records import LedgerRecords
from kiosk.refunds import Refunds
from kiosk.scene import State
from kiosk.settings import Gateway
from kiosk.staff import COMMAND_LINE
from kiosk.texts import Texts
from kiosk.transaction import AgreedLine, Agreement, Ids, PaymentMethod, PaymentState, TransactionState
from kiosk.visit import Parts
from kiosk.wire import Enquiry, encode_canonical
from offline_queue.database import open_reader
from offline_queue.drain import Drain, Pace
from offline_queue.gateway import HttpsGateway
from offline_queue.intake.issue_keys import issue
from offline_queue.keys import load_terminal, load_trust
from offline_queue.ledger import SqlLedger
from offline_queue.sync import Sync
from offline_queue.verify import Verification, verify
from tests.kiosk.parts import MARKER_NUMBER, SERVICES
from tests.offline_queue.correcting import HUDA, PINS, RANA, light_pins
from tests.offline_queue.intake.parts import PLATE, running
from tests.offline_queue.parts import FACTS, TERMINAL, VERIFY_URL, agreement
from tests.ui.clerk.conftest import Office
from tests.ui.samples import OFFICE
from ui.clerk.attention_desk import Step
from ui.clerk.desk import Tools
from ui.clerk.sheet import Over
from ui.theme import Tokens

K = Qt.Key
OTHER_PLATE, FILS = "20-11111", 12_500
ENOUGH = 30.0


class WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclasses.dataclass(frozen=True)
class Trade:
    """One terminal with its line to a running intake."""

    ledger: SqlLedger
    gateway: HttpsGateway
    sync: Sync
    file: Path
    keys: Path

    def verify(self) -> Verification:
        trust = load_trust(self.keys / "trust")
        with contextlib.closing(open_reader(self.file, load_terminal(self.keys / "terminal").database)) as reader:
            return verify(reader, TERMINAL, trust.ledgers[TERMINAL], trust.centre, self.gateway)

    def refuse(self, method: PaymentMethod) -> Agreement:
        """The same fine is paid twice on one quote; the agency takes the first."""
        fields = {"plate": PLATE, "national_number": MARKER_NUMBER}
        quote, signed = self.gateway.enquire(
            Enquiry(terminal=TERMINAL, service="traffic.fines", fields=fields), "traffic"
        )
        line = next(line for line in quote.lines if line.amount_fils == FILS)
        for _ in range(2):
            agreed = _agreed(line.id, encode_canonical(signed), quote.issued_at, method)
            ids = agreed.ids
            cash = {"tendered_fils": FILS, "change_fils": 0} if method is PaymentMethod.CASH else {}
            self.ledger.prepare(agreed)
            self.ledger.record_payment(ids.payment, ids.transaction, PaymentState.CAPTURED, "visit", **cash)
            self.ledger.commit(ids.transaction, "visit")
            outcome = self.sync.wait_for_answer(ids.transaction, ENOUGH)
            receipt = self.ledger.issue_receipt(ids.transaction, outcome_on_paper(outcome), FACTS)
            self.ledger.record_print(receipt.number, 0, PrintState.CONFIRMED)
        assert outcome.state is TransactionState.NEEDS_ATTENTION
        return agreed


def _agreed(line: str, quote: bytes, at: datetime, method: PaymentMethod) -> Agreement:
    ids: Ids = agreement().ids
    return Agreement(
        ids=ids,
        service="traffic.fines",
        agency="traffic",
        national_number=MARKER_NUMBER,
        person_name="مريم المزروعة",
        answers={"search_by": "vehicle", "plate": PLATE},
        lines=(AgreedLine(id=line, title_ar="وقوف", title_en="Parking", amount_fils=FILS),),
        total_fils=FILS,
        method=method,
        quote=quote,
        agreed_at=at,
        served_by="rana",
    )


class RealOffice(Office):
    """The counter on a terminal's own parts."""

    real: Trade

    def trade(self) -> tuple[Parts, Tools]:
        scripted, tools = super().trade()
        ledger, clock = self.real.ledger, WallClock()
        settlement = dataclasses.replace(
            scripted.settlement,
            ledger=ledger,
            delivery=self.real.sync,
            clock=clock,
            corrections=ledger.corrections,
        )
        policy = scripted.settlement.offline
        records = LedgerRecords(
            ledger, ledger.unresolved, self.real.sync.wake, SERVICES, OFFICE, policy, clock, ledger.chain_holds
        )
        refunds = Refunds(
            corrections=ledger.corrections,
            payments=settlement.payments,
            printer=settlement.printer,
            clock=clock,
            services=SERVICES,
            office=OFFICE,
            wake=self.real.sync.wake,
        )
        tools = dataclasses.replace(
            tools,
            register=ledger.staff,
            records=records,
            clock=clock,
            print_again=settlement.print,
            refunds=refunds,
        )
        return dataclasses.replace(scripted, desk=self.real.gateway, settlement=settlement), tools

    def step(self) -> Step:
        assert self.counter.desk.sheet.over is Over.ATTENTION
        return self.counter.desk.office.attention.step

    def enter_pin(self, staff_id: str) -> None:
        assert self.focused() == "pin"
        self.type(PINS[staff_id].decode())
        self.key(K.Key_Return)

    def open_refused(self) -> None:
        self.sign_in("rana", PINS["rana"].decode())
        self.key(K.Key_F11)
        self.key(K.Key_1)
        assert self.step() is Step.WAYS


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Trade]:
    light_pins(monkeypatch)
    keys, file, clock = tmp_path / "keys", tmp_path / "state" / "ledger.db", WallClock()
    issue(keys, TERMINAL)
    own, trust = load_terminal(keys / "terminal"), load_trust(keys / "trust")
    with running(keys, tmp_path / "intake.db") as server:
        settings = Gateway(
            url=f"https://127.0.0.1:{server.port}",
            authority=keys / "tls" / "authority.pem",
            timeout_seconds=ENOUGH,
        )
        gateway = HttpsGateway(settings, terminal=TERMINAL, key=own.ledger, trust=trust, clock=clock)
        ledger = SqlLedger(file, terminal=TERMINAL, keys=own, clock=clock, verify_url=VERIFY_URL)
        for member in (RANA, HUDA):
            ledger.staff.add(member, bytearray(PINS[member.id]), COMMAND_LINE)
        sync = Sync(ledger, Drain(ledger, gateway, TERMINAL, clock, pace=Pace(base=0.01, cap=0.05)))
        sync.start()
        yield Trade(ledger, gateway, sync, file, keys)
        sync.close()
        ledger.close()
        gateway.close()


@pytest.fixture
def counter(
    real: Trade, qtbot: QtBot, tokens: Tokens, texts: dict[str, Texts], qapp: QApplication
) -> Iterator[RealOffice]:
    RealOffice.real = real
    made = RealOffice(qtbot, tokens, texts)
    yield made
    made.close()


def _is_whole(real: Trade, messages: int) -> None:
    found = real.verify()
    assert found.problems == ()
    assert found.centre is not None
    assert (found.centre.held, found.centre.same) == (messages, True)


def test_refused_by_the_agency_then_given_back_in_cash_and_the_centre_knows(real: Trade, counter: RealOffice) -> None:
    refused = real.refuse(PaymentMethod.CASH)
    counter.open_refused()
    counter.key(K.Key_2)
    counter.key(K.Key_1)
    counter.enter_pin("rana")
    counter.enter_pin("huda")
    assert counter.step() is Step.HAND_OUT
    counter.key(K.Key_1)
    assert counter.step() is Step.ANSWERED
    assert real.ledger.outcome_of(refused.ids.transaction).state is TransactionState.REVERSED
    done = real.ledger.corrections.corrected(refused.ids.transaction)
    assert done is not None
    outcome = real.sync.wait_for_answer(done.reversal.ids.transaction, ENOUGH)
    assert (outcome.state, outcome.reference) == (TransactionState.ACCEPTED, "TRF-R-000001")
    (slip,) = counter.scripted.printer.slips
    assert slip.reference == done.number
    _is_whole(real, 3)


def test_refused_by_the_agency_then_sent_corrected_and_accepted_for_the_same_money(
    real: Trade, counter: RealOffice
) -> None:
    refused = real.refuse(PaymentMethod.BANK_CARD)
    counter.open_refused()
    counter.key(K.Key_3)
    field = counter.see("step:plate")
    assert isinstance(field, QLineEdit)
    assert field.text() == PLATE
    field.setFocus()
    field.selectAll()
    counter.type(OTHER_PLATE)
    counter.key(K.Key_Return)
    counter.wait(State.CHECK_ANSWERS)
    counter.key(K.Key_F8)
    counter.key(K.Key_2)
    counter.enter_pin("rana")
    counter.enter_pin("huda")
    counter.wait(State.DONE)
    (receipt,) = counter.scripted.printer.receipts
    assert (receipt.outcome, receipt.total_fils) == (ReceiptOutcome.ACCEPTED, FILS)
    assert ("تصحيح الإيصال", "Corrects receipt", "KRK3-000002") in receipt.facts.rows
    assert counter.scripted.payments.payments == {}, "nobody was asked for money"
    assert real.ledger.outcome_of(refused.ids.transaction).state is TransactionState.REVERSED
    done = real.ledger.corrections.corrected(refused.ids.transaction)
    assert done is not None
    assert (done.new_receipt, done.reversal.amount_fils) == (receipt.number, FILS)
    assert real.sync.wait_for_answer(done.reversal.ids.transaction, ENOUGH).state is TransactionState.ACCEPTED
    assert [slip.reference for slip in counter.scripted.printer.slips] == [done.number]
    _is_whole(real, 4)

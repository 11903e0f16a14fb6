"""Scripted parts for tests of the visit: each does what the test tells it, and remembers what it was asked."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import uuid6

from kiosk.catalogue import offline_policy
from kiosk.catalogue.files import load
from kiosk.events import Event
from kiosk.failures import Failure, InDoubt, ServiceFailure
from kiosk.following import Following
from kiosk.identity import AccessNumberWanted, CardReading, CompletedReading, Identity, Portrait, ReadingCost, Verdict
from kiosk.my_requests import Asker, IssuedDocument, Request
from kiosk.offline import Backlog, Limits, OfflinePolicy
from kiosk.parked import Draft, Parked
from kiosk.parking import Parking
from kiosk.receipt import PrintState, Receipt, ReceiptFacts, ReceiptOutcome, RecentReceipt, Slip
from kiosk.scene import Scene, State
from kiosk.settlement import Settlement
from kiosk.signing import Application, PinCondition, PinRules, PinState
from kiosk.staff import wipe
from kiosk.transaction import (
    Agreement,
    Commitment,
    DeliveryOutcome,
    Movement,
    PaymentMethod,
    PaymentState,
    Together,
    TransactionState,
    Unfinished,
)
from kiosk.visit import Parts, Visit
from kiosk.wire import Enquiry, Quote, QuoteLine, Signed, Words

SERVICES = load(Path(__file__).parents[2] / "assets" / "services").services
LIMITS = Limits(greatest_fils=500_000, count=500, sum_fils=10_000_000, hours=72)
SIGNED_SERVICES = tuple(msgspec.structs.replace(service, signature="card") for service in SERVICES)
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)

PIN_RULES = PinRules(4, 12, Words(ar="المكتب", en="The office"))
MARKER_NAME = "مريم المزروعة"
MARKER_NUMBER = "9991112223"

MARYAM = Identity(
    national_number=MARKER_NUMBER,
    document_number="JOR000111",
    name_arabic=MARKER_NAME,
    name_latin="Maryam Planted",
    birth_date=date(1990, 1, 2),
    expiry_date=date(2031, 1, 2),
    issuing_state="JOR",
)
SOMEBODY_ELSE = dataclasses.replace(MARYAM, national_number="9991110000", name_arabic="شخص آخر")


COST = ReadingCost(9, 9, 9, 9)


class ScriptedClock:
    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at


@dataclasses.dataclass
class ScriptedReader:
    identity: Identity = MARYAM
    failure: Failure | None = None
    access_number: str = ""  # with which alone the card opens
    face: Portrait | None = None
    refusal: Failure | None = None  # what comes to light after the name
    completed: int = 0

    def complete(self, access_number: str = "") -> CompletedReading:
        assert access_number == self.access_number
        self.completed += 1
        if self.refusal is not None:
            raise ServiceFailure(self.refusal)
        return CompletedReading(Verdict.GENUINE, (), self.face, COST)

    def read(self, access_number: str = "") -> CardReading:
        if self.failure is not None:
            raise ServiceFailure(self.failure)
        if self.access_number and not access_number:
            raise AccessNumberWanted
        if access_number != self.access_number:
            raise ServiceFailure(Failure.ACCESS_REFUSED)
        return CardReading(self.identity, Verdict.GENUINE, (), "generic", "BAC", COST)


def quote_of(*amounts: int, unpayable: int = 0, expires_at: datetime = NOW + timedelta(minutes=15)) -> Quote:
    lines = [
        QuoteLine(
            id=f"F{at}",
            title=Words(ar="مخالفة", en="Fine"),
            place=None,
            occurred_on=None,
            amount_fils=amount,
            payable=True,
        )
        for at, amount in enumerate(amounts)
    ]
    lines += [
        QuoteLine(
            id=f"C{at}",
            title=Words(ar="لدى المحكمة", en="At court"),
            place=None,
            occurred_on=None,
            amount_fils=0,
            payable=False,
            reason=Words(ar="لدى المحكمة", en="At court"),
        )
        for at in range(unpayable)
    ]
    return Quote(
        quote=uuid6.uuid7(),
        agency="traffic",
        service="traffic.fines",
        fields={},
        issued_at=NOW,
        expires_at=expires_at,
        lines=tuple(lines),
    )


@dataclasses.dataclass
class ScriptedDesk:
    quote: Quote = dataclasses.field(default_factory=lambda: quote_of(20_000, 12_500, unpayable=1))
    failure: Failure | None = None
    way_out: str = ""
    asked: list[Enquiry] = dataclasses.field(default_factory=list)

    def enquire(self, enquiry: Enquiry, agency: str) -> tuple[Quote, Signed]:
        assert agency == self.quote.agency
        self.asked.append(enquiry)
        if self.failure is not None:
            raise ServiceFailure(self.failure, way_out=self.way_out)
        return self.quote, Signed(payload=b"quote", key_id="agency", signature=b"s")


class ScriptedSigner:
    """The signing key of the card in the reader: it counts the PIN's tries, as a card does. `failure` is raised instead
    of the next signature."""

    PIN = b"482915736204"  # so long that no other number holds it by chance

    def __init__(self) -> None:
        self.state = PinState(PinCondition.READY, PIN_RULES, 3)
        self.at_reader = False
        self.failure: Failure | None = None
        self.shown: list[bytes] = []
        self.signed: dict[bytes, Application] = {}
        self.states_asked = 0
        self.cancelled = 0
        self._is_cancelled = False

    def pin_state(self) -> PinState:
        self._is_cancelled = False
        self.states_asked += 1
        return self.state

    def pin_is_typed_at_reader(self) -> bool:
        return self.at_reader

    def sign(self, application: Application, pin: bytearray) -> bytes:
        try:
            return self._signed(application, bytes(pin))
        finally:
            wipe(pin)

    def cancel(self) -> None:
        self.cancelled += 1
        self._is_cancelled = True

    def _signed(self, application: Application, pin: bytes) -> bytes:
        if self._is_cancelled:
            raise ServiceFailure(Failure.CARD_CANCELLED)
        if self.failure is not None:
            raise ServiceFailure(self.failure)
        if not self.at_reader:
            self._compare(pin)
        pdf = b"%%PDF %d of " % len(self.signed) + application.national_number.encode()
        self.signed[pdf] = application
        return pdf

    def _compare(self, pin: bytes) -> None:
        assert self.state.condition is PinCondition.READY
        assert self.state.tries
        self.shown.append(pin)
        left = 3 if pin == self.PIN else self.state.tries - 1
        self.state = PinState(PinCondition.READY if left else PinCondition.BLOCKED, PIN_RULES, left)
        if pin != self.PIN:
            raise ServiceFailure(Failure.PIN_WRONG, tries=str(left)) if left else ServiceFailure(Failure.PIN_BLOCKED)


class ScriptedPayments:
    """A payment terminal in memory. `faults` names the call whose answer is lost or refused, once each."""

    def __init__(self) -> None:
        self.payments: dict[UUID, PaymentState] = {}
        self.faults: dict[str, str] = {}
        self.interrupted: list[UUID] = []
        self.amounts: dict[UUID, int] = {}
        self.parts: dict[tuple[UUID, UUID], int] = {}  # what went back of a payment, by its name

    def _fault(self, call: str) -> str:
        return self.faults.pop(call, "")

    def authorise(self, payment: UUID, amount_fils: int) -> PaymentState:
        assert amount_fils > 0
        fault = self._fault("authorise")
        if fault in {"declined", "cancelled", "silent"}:
            raise ServiceFailure(Failure[f"PAYMENT_{fault.upper()}"])
        if self.payments.get(payment) in {PaymentState.VOIDED, PaymentState.REFUNDED}:
            raise ServiceFailure(Failure.PAYMENT_CANCELLED)
        self.payments.setdefault(payment, PaymentState.AUTHORISED)
        self.amounts[payment] = amount_fils
        if fault == "unknown":
            raise ServiceFailure(Failure.PAYMENT_UNKNOWN)
        if fault == "bug":
            raise ZeroDivisionError
        return self.payments[payment]

    def capture(self, payment: UUID) -> PaymentState:
        fault = self._fault("capture")
        if fault == "lost":
            raise ServiceFailure(Failure.PAYMENT_UNKNOWN)
        assert self.payments[payment] in {PaymentState.AUTHORISED, PaymentState.CAPTURED}
        self.payments[payment] = PaymentState.CAPTURED
        if fault == "unknown":
            raise ServiceFailure(Failure.PAYMENT_UNKNOWN)
        return PaymentState.CAPTURED

    def void(self, payment: UUID) -> PaymentState:
        if self._fault("void"):
            raise ServiceFailure(Failure.PAYMENT_UNKNOWN)
        captured = self.payments.get(payment) is PaymentState.CAPTURED
        self.payments[payment] = PaymentState.REFUNDED if captured else PaymentState.VOIDED
        return self.payments[payment]

    def refund(self, payment: UUID, part: UUID, amount_fils: int) -> PaymentState:
        if self._fault("refund"):
            raise ServiceFailure(Failure.PAYMENT_UNKNOWN)
        assert self.payments[payment] is PaymentState.CAPTURED
        assert self.parts.setdefault((payment, part), amount_fils) == amount_fils
        return PaymentState.REFUNDED

    def query(self, payment: UUID) -> PaymentState | None:
        if self._fault("query"):
            raise ServiceFailure(Failure.PAYMENT_SILENT)
        return self.payments.get(payment)

    def interrupt(self, payment: UUID) -> None:
        self.interrupted.append(payment)


def _whole(agreements: Sequence[Agreement]) -> dict[str, Any]:
    """What each of them has to say that it is paid with."""
    assert agreements[0].together is not None or len(agreements) == 1
    return {
        "movement": agreements[0].together.movement if agreements[0].together else UUID(int=0),
        "total_fils": sum(agreed.total_fils for agreed in agreements),
        "count": len(agreements),
    }


class ScriptedLedger:
    """The ledger's rules in memory; a named call can be refused as a full disk refuses it, and a commit so late (fault
    `doubt`) that it is found done at the next `restart`, unless something was written since."""

    def __init__(self) -> None:
        self.states: dict[UUID, TransactionState] = {}
        self.payments: dict[UUID, PaymentState] = {}
        self.agreements: dict[UUID, Agreement] = {}
        self.commitments: dict[UUID, Commitment] = {}
        self.receipts: dict[UUID, Receipt] = {}
        self.prints: dict[str, dict[int, PrintState]] = {}
        self.cash: dict[UUID, tuple[int, int]] = {}  # handed over, given back
        self.commits = 0
        self.in_doubt: tuple[UUID, ...] | None = None
        self.waits: tuple[Backlog, ...] = ()
        self.faults: dict[str, int] = {}

    def _fault(self, call: str) -> None:
        if self.faults.get(call, 0):
            self.faults[call] -= 1
            raise InDoubt if self.in_doubt else ServiceFailure(Failure.NOT_SAVED)
        self.in_doubt = None

    def prepare(self, *agreements: Agreement) -> None:
        self._fault("prepare")
        for agreement in agreements:
            assert (agreement.method is PaymentMethod.NONE) is (agreement.total_fils == 0)
            assert (agreement.together is None) is (len(agreements) == 1)
            assert agreement.together in {None, Together(**_whole(agreements))}
            self.agreements[agreement.ids.transaction] = agreement
            self.states[agreement.ids.transaction] = TransactionState.PREPARED

    def record_payment(
        self,
        payment: UUID,
        transaction: UUID,
        state: PaymentState,
        cause: str,
        *,
        tendered_fils: int | None = None,
        change_fils: int | None = None,
    ) -> None:
        assert cause
        assert (tendered_fils is None) == (change_fils is None)
        if tendered_fils is not None and change_fils is not None:
            assert tendered_fils - change_fils == self.agreements[transaction].total_fils
        assert self.states[transaction] is TransactionState.PREPARED
        self._fault("record_payment")
        self.payments[payment] = state
        if tendered_fils is not None:
            self.cash[payment] = (tendered_fils, change_fils or 0)

    def record_movement(
        self,
        movement: Movement,
        state: PaymentState,
        cause: str,
        *,
        tendered_fils: int | None = None,
        change_fils: int | None = None,
    ) -> None:
        agreed = [self.agreements[ids.transaction] for ids in movement.parts]
        if len(agreed) > 1:
            assert agreed[0].together == Together(**_whole(agreed))
            assert agreed[0].together.movement == movement.id
        assert cause
        assert movement.amount_fils == sum(one.total_fils for one in agreed)
        if tendered_fils is not None and change_fils is not None:
            assert tendered_fils - change_fils == movement.amount_fils
            self.cash[movement.id] = (tendered_fils, change_fils)
        assert {self.states[one.ids.transaction] for one in agreed} == {TransactionState.PREPARED}
        self._fault("record_payment")
        self.payments |= {one.ids.payment: state for one in agreed if one.total_fils}

    def void(self, transaction: UUID, cause: str) -> None:
        self.void_together((transaction,), cause)

    def void_together(self, transactions: Sequence[UUID], cause: str) -> None:
        assert cause
        self._fault("void")
        agreed = [self.agreements[transaction] for transaction in transactions]
        assert agreed[0].together is None or agreed[0].together.count == len(agreed)
        assert all(self.payments.get(one.ids.payment) is not PaymentState.CAPTURED for one in agreed)
        self.states |= dict.fromkeys(transactions, TransactionState.VOIDED)

    def commit(self, transaction: UUID, cause: str) -> Commitment:
        return self.commit_together((transaction,), cause)[0]

    def commit_together(self, transactions: Sequence[UUID], cause: str) -> tuple[Commitment, ...]:
        assert cause
        if all(transaction in self.commitments for transaction in transactions):
            return tuple(self.commitments[transaction] for transaction in transactions)
        agreed = [self.agreements[transaction] for transaction in transactions]
        assert agreed[0].together is None or agreed[0].together.count == len(agreed)
        if self.faults.get("doubt", 0):
            self.faults["doubt"] -= 1
            self.in_doubt = tuple(transactions)
            raise InDoubt
        self._fault("commit")
        return tuple(self._committed(transaction) for transaction in transactions)

    def restart(self) -> None:
        for transaction in self.in_doubt or ():
            self._committed(transaction)
        self.in_doubt = None

    def _committed(self, transaction: UUID) -> Commitment:
        agreed = self.agreements[transaction]
        assert self.payments.get(agreed.ids.payment) is (PaymentState.CAPTURED if agreed.total_fils else None)
        self.commits += 1
        self.states[transaction] = TransactionState.COMMITTED
        self.commitments[transaction] = Commitment(
            transaction=transaction,
            sequence=self.commits,
            receipt_number=f"KRK3-{self.commits:06d}",
            committed_at=NOW,
        )
        return self.commitments[transaction]

    def issue_receipt(self, transaction: UUID, outcome: ReceiptOutcome, facts: ReceiptFacts) -> Receipt:
        self._fault("issue_receipt")
        agreement = self.agreements[transaction]
        return self.receipts.setdefault(
            transaction,
            Receipt(
                number=self.commitments[transaction].receipt_number,
                outcome=outcome,
                transaction=transaction,
                issued_at=NOW,
                paid_at=NOW,
                terminal="KRK3",
                facts=facts,
                national_number_masked="••••••2223",
                lines=agreement.lines,
                total_fils=agreement.total_fils,
                method=agreement.method,
                code="code",
            ),
        )

    def record_print(self, receipt_number: str, copy: int, state: PrintState) -> None:
        assert receipt_number
        assert copy >= 0
        self._fault("record_print")
        self.prints.setdefault(receipt_number, {})[copy] = state

    def reprint_of(self, receipt_number: str) -> Receipt | None:
        prints = self.prints.get(receipt_number, {})
        last = max((copy for copy, state in prints.items() if state is not PrintState.FAILED), default=-1)
        issued = (receipt for receipt in self.receipts.values() if receipt.number == receipt_number)
        return next((receipt.as_copy(last + 1) for receipt in issued), None)

    def agreement_of(self, receipt_number: str) -> Agreement | None:
        known = (item.transaction for item in self.commitments.values() if item.receipt_number == receipt_number)
        return next((self.agreements[transaction] for transaction in known), None)

    def recent(self, limit: int) -> tuple[RecentReceipt, ...]:
        newest = sorted(self.commitments.values(), key=lambda commitment: -commitment.sequence)[:limit]
        return tuple(self._recent(commitment) for commitment in newest)

    def _recent(self, commitment: Commitment) -> RecentReceipt:
        agreement = self.agreements[commitment.transaction]
        prints = self.prints.get(commitment.receipt_number, {})
        return RecentReceipt(
            receipt_number=commitment.receipt_number,
            transaction=commitment.transaction,
            committed_at=commitment.committed_at,
            amount_fils=agreement.total_fils,
            state=self.states[commitment.transaction],
            service=agreement.service,
            method=agreement.method,
            print_state=prints[max(prints)] if prints else None,
        )

    def outcome_of(self, transaction: UUID) -> DeliveryOutcome:
        return DeliveryOutcome(state=self.states[transaction])

    def unfinished(self) -> tuple[Unfinished, ...]:
        return tuple(
            Unfinished(
                ids=agreement.ids,
                amount_fils=agreement.total_fils,
                payment=self.payments.get(agreement.ids.payment),
                method=agreement.method,
                together=agreement.together,
            )
            for transaction, agreement in self.agreements.items()
            if self.states[transaction] is TransactionState.PREPARED
        )

    def waiting(self) -> int:
        return sum(state is TransactionState.COMMITTED for state in self.states.values())

    def backlog(self) -> tuple[Backlog, ...]:
        return self.waits


@dataclasses.dataclass
class ScriptedDelivery:
    up: bool = True
    answer: TransactionState = TransactionState.ACCEPTED
    reference: str = ""
    woken: int = 0

    def line_is_up(self) -> bool:
        return self.up

    def wait_for_answer(self, transaction: UUID, seconds: float) -> DeliveryOutcome:
        assert seconds <= 5
        return DeliveryOutcome(state=self.answer if self.up else TransactionState.SENT, reference=self.reference)

    def wake(self) -> None:
        self.woken += 1


@dataclasses.dataclass
class ScriptedPrinter:
    failure: Failure | None = None
    receipts: list[Receipt] = dataclasses.field(default_factory=list)
    slips: list[Slip] = dataclasses.field(default_factory=list)

    def print_receipt(self, receipt: Receipt) -> PrintState:
        if self.failure is not None:
            raise ServiceFailure(self.failure)
        self.receipts.append(receipt)
        return PrintState.CONFIRMED

    def warm_up(self) -> None:
        pass

    def print_slip(self, slip: Slip) -> PrintState:
        if self.failure is not None:
            raise ServiceFailure(self.failure)
        self.slips.append(slip)
        return PrintState.CONFIRMED


class ScriptedRequests:
    """The centre's knowledge of requests, a printer of documents, and the journal of what came out."""

    def __init__(self) -> None:
        self.requests: tuple[Request, ...] = ()
        self.documents: dict[UUID, IssuedDocument] = {}
        self.failure: Failure | None = None
        self.asked: list[Asker] = []
        self.noted: list[tuple[str, str, PrintState]] = []
        self.printed: list[IssuedDocument] = []

    def requests_of(self, by: Asker) -> tuple[Request, ...]:
        self.asked.append(by)
        if self.failure is not None:
            raise ServiceFailure(self.failure)
        return self.requests

    def document(self, by: Asker, transaction: UUID) -> IssuedDocument | None:
        self.asked.append(by)
        if self.failure is not None:
            raise ServiceFailure(self.failure)
        return self.documents.get(transaction)

    def note_document(self, service: str, content_hash: str, state: PrintState) -> None:
        self.noted.append((service, content_hash, state))

    def print_document(self, document: IssuedDocument) -> PrintState:
        self.printed.append(document)
        return PrintState.CONFIRMED


class ScriptedParkedCases:
    """Parked cases in memory."""

    def __init__(self) -> None:
        self.cases: dict[str, tuple[Parked, Draft]] = {}
        self.parkings = 0
        self.failure: Failure | None = None

    def park(self, draft: Draft, until: datetime, by: str = "") -> Parked:
        if self.failure is not None:
            raise ServiceFailure(self.failure)
        self.parkings += 1
        reference = f"CASE-{self.parkings}"
        for older, (_, kept) in list(self.cases.items()):
            if (kept.national_number, kept.service) == (draft.national_number, draft.service):
                del self.cases[older]
                reference = older
        parked = Parked(reference=reference, service=draft.service, parked_at=NOW, until=until, by=by)
        self.cases[parked.reference] = (parked, draft)
        return parked

    def of_person(self, national_number: str) -> tuple[Parked, ...]:
        return tuple(parked for parked, draft in self.cases.values() if draft.national_number == national_number)

    def all(self) -> tuple[Parked, ...]:
        return tuple(parked for parked, _ in self.cases.values())

    def take(self, reference: str, national_number: str | None) -> Draft | None:
        draft = self.look(reference)
        if draft is None or national_number not in {None, draft.national_number}:
            return None
        del self.cases[reference]
        return draft

    def look(self, reference: str) -> Draft | None:
        return self.cases[reference][1] if reference in self.cases else None

    def expire(self, now: datetime) -> int:
        over = [reference for reference, (parked, _) in self.cases.items() if parked.until <= now]
        for reference in over:
            del self.cases[reference]
        return len(over)


class Stage:
    """A visit with scripted parts. Work waits in `pending` until the test lets it run. With `signature` the services
    want one; `can_sign` says whether this terminal has what makes it."""

    def __init__(
        self,
        *,
        assisted: bool = False,
        signature: bool = False,
        can_sign: bool = True,
        offline: OfflinePolicy | None = None,
    ) -> None:
        self.reader = ScriptedReader()
        self.parked = ScriptedParkedCases()
        self.desk = ScriptedDesk()
        self.signer = ScriptedSigner()
        self.payments = ScriptedPayments()
        self.ledger = ScriptedLedger()
        self.delivery = ScriptedDelivery()
        self.printer = ScriptedPrinter()
        self.clock = ScriptedClock()
        self.requests = ScriptedRequests()
        self.pending: list[tuple[Callable[[], Event], Callable[[Event], None]]] = []
        self.scenes: list[Scene] = []
        office = Words(ar="الكرك", en="Karak")
        settlement = Settlement(
            self.ledger,
            self.payments,
            self.delivery,
            self.printer,
            self.clock,
            office,
            offline or offline_policy(SERVICES, LIMITS),
            pause=lambda _seconds: None,
        )
        following = Following(self.requests, self.printer, self.requests, self.clock, office)
        parking = Parking(self.parked, self.printer, self.clock, office)
        self.visit = Visit(
            Parts(
                "KRK3",
                self.reader,
                self.desk,
                settlement,
                parking,
                uuid6.uuid7,
                assisted=assisted,
                clerk=lambda: "rana" if assisted else "",
                signer=self.signer if can_sign else None,
                following=following,
            ),
            SIGNED_SERVICES if signature else SERVICES,
            lambda work, then: self.pending.append((work, then)),
            self.scenes.append,
        )

    def feed(self, *events: Event) -> Stage:
        for event in events:
            self.visit.handle(event)
        return self

    def at(self) -> State:
        """A call, so that a type checker does not take the state for what it was before an event."""
        return self.visit.state

    def work(self) -> Stage:
        """Runs all work, and what follows from it, oldest first."""
        while self.pending:
            self.work_once()
        return self

    def work_once(self) -> None:
        work, then = self.pending.pop(0)
        then(work())

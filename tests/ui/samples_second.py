"""Scenes from the first question to the receipt: questions, quotes of every length, and each ending of a payment."""

from __future__ import annotations

import dataclasses
import datetime
from uuid import UUID

import msgspec

from kiosk import forms
from kiosk.counter import Behalf, Capacity
from kiosk.failures import Failure, ServiceFailure
from kiosk.feedback import Satisfaction, WhyUnhappy
from kiosk.receipt import PrintState, Receipt, ReceiptFacts, ReceiptOutcome
from kiosk.scene import Scene, State
from kiosk.transaction import AgreedLine, Commitment, DeliveryOutcome, PaymentMethod, TransactionState
from kiosk.wire import Quote, QuoteLine, Words
from tests.ui.samples import CERTIFICATE, FINES, SUBSCRIPTION, known
from tests.ui.samples_answers import ANSWER_PAGES
from tests.ui.samples_customs import CUSTOMS_PAGES
from tests.ui.samples_due import DUE_PAGES
from tests.ui.samples_facts import FACT_PAGES
from tests.ui.samples_requests import REQUEST_PAGES
from tests.ui.samples_signing import SIGNING_PAGES
from tests.ui.samples_subscription import SUBSCRIPTION_PAGES

NOW = datetime.datetime(2026, 11, 23, 14, 46, tzinfo=datetime.UTC)
CHOICE, OWNER, PLATE = FINES.steps


def _line(name: str, arabic: str, english: str, day: tuple[int, int], fils: int, *, payable: bool = True) -> QuoteLine:
    return QuoteLine(
        id=name,
        title=Words(ar=arabic, en=english),
        place=Words(ar="شارع الجامعة، الكرك", en="University Street, Karak"),
        occurred_on=datetime.date(2026, *day),
        amount_fils=fils,
        payable=payable,
        reason=None if payable else Words(ar="لدى المحكمة، لا تُدفع هنا", en="At court, not paid here"),
    )


LINES = (
    _line("L1", "تجاوز السرعة المقررة", "Speeding", (11, 3), 20_000),
    _line("L2", "الوقوف في مكان ممنوع", "No parking", (10, 17), 12_500),
    _line("L3", "عدم ربط حزام الأمان", "No seat belt", (9, 28), 10_000),
    _line("L4", "قطع الإشارة الحمراء", "Red light", (9, 2), 100_000, payable=False),
)
QUOTE = Quote(
    quote=UUID("01936f2e-0000-7000-8000-0000000000a1"),
    agency="traffic",
    service=FINES.id,
    fields={"plate": "12-34567"},
    issued_at=NOW,
    expires_at=NOW + datetime.timedelta(hours=24),
    lines=LINES,
    provisional=True,
)
FOR_ANOTHER = msgspec.structs.replace(QUOTE, fields={"plate": "18-27001", "owner": "9000000002"})
PAYER = Behalf(Capacity.PAYER, "9000000002")
_ELEVEN = tuple(msgspec.structs.replace(LINES[place % 4], id=f"M{place}") for place in range(11))
_COMMITMENT = Commitment(transaction=UUID(int=7), sequence=482, receipt_number="KRK3-000482", committed_at=NOW)


def quoted(state: State, quote: Quote = QUOTE, **changes: object) -> Scene:
    """All that can be paid is picked."""
    payable = [line for line in quote.lines if line.payable]
    scene: dict[str, object] = {
        "answers": ((CHOICE, "vehicle"), (PLATE, "12-34567")),
        "quote": quote,
        "picked": tuple(line.id for line in payable),
        "total_fils": sum(line.amount_fils for line in payable),
        "step_number": 3,
        "step_count": 3,
        "seconds": 90,
    }
    return known(state, **{**scene, **changes})


def _receipt(outcome: ReceiptOutcome) -> Receipt:
    return Receipt(
        number="KRK3-000482",
        outcome=outcome,
        transaction=UUID(int=7),
        issued_at=NOW,
        paid_at=NOW,
        terminal="krk3",
        facts=ReceiptFacts(office_ar="", office_en="", service_ar="", service_en="", agency_ar="", agency_en=""),
        national_number_masked="••••••0001",
        lines=tuple(
            AgreedLine(id=line.id, title_ar=line.title.ar, title_en=line.title.en, amount_fils=line.amount_fils)
            for line in LINES[:3]
        ),
        total_fils=42_500,
        method=PaymentMethod.BANK_CARD,
        code="",
    )


def done(outcome: ReceiptOutcome, print_state: PrintState | None = PrintState.CONFIRMED, **changes: object) -> Scene:
    states = {
        ReceiptOutcome.ACCEPTED: DeliveryOutcome(state=TransactionState.ACCEPTED, reference="TD-2026-118204"),
        ReceiptOutcome.AWAITING_DELIVERY: DeliveryOutcome(state=TransactionState.COMMITTED),
        ReceiptOutcome.NEEDS_ATTENTION: DeliveryOutcome(
            state=TransactionState.NEEDS_ATTENTION,
            words_ar="دُفعت المخالفة من قبل",
            words_en="The fine was paid before",
        ),
    }
    scene: dict[str, object] = {
        "commitment": _COMMITMENT,
        "outcome": states[outcome],
        "receipt": _receipt(outcome),
        "print_state": print_state,
    }
    return quoted(State.DONE, QUOTE, **{**scene, **changes})


def _fee(name: str, arabic: str, english: str, fils: int) -> QuoteLine:
    title = Words(ar=arabic, en=english)
    return QuoteLine(id=name, title=title, place=None, occurred_on=None, amount_fils=fils, payable=True)


FEE = msgspec.structs.replace(
    QUOTE,
    agency="justice",
    service=CERTIFICATE.id,
    fields={"national_number": "9000000001", "purpose": "travel", "delivery": "post"},
    lines=(
        _fee("certificate", "رسم الشهادة", "Certificate fee", 5_000),
        _fee("post", "رسم التوصيل بالبريد", "Delivery by post", 1_500),
    ),
)


def of_certificate(scene: Scene) -> Scene:
    """The same moment of a visit that requests a certificate."""
    answers = tuple(zip(CERTIFICATE.steps, ("travel", "post", "الكرك، شارع الملك حسين، بناية 4"), strict=True))
    return dataclasses.replace(scene, service=CERTIFICATE, answers=answers)


def free(scene: Scene) -> Scene:
    """The same moment of a request for which nothing is due."""
    return dataclasses.replace(
        of_certificate(scene),
        quote=msgspec.structs.replace(FEE, lines=()),
        picked=(),
        total_fils=0,
        method=PaymentMethod.NONE,
    )


NOT_PRINTED = ServiceFailure(Failure.PRINTER_OUT_OF_PAPER)
WRONG_PLATE = known(
    State.STEPS, step=PLATE, step_number=2, step_count=3, typed="12-", mistake=forms.ENTER_NUMBER, seconds=90
)

SECOND_PAGES: dict[str, Scene] = {
    "choice": known(State.STEPS, step=CHOICE, step_number=1, seconds=90),
    "choice-wrong": known(State.STEPS, step=CHOICE, step_number=1, mistake=forms.CHOOSE_ONE, seconds=90),
    "plate": known(State.STEPS, step=PLATE, step_number=2, step_count=3, typed="12-345", seconds=90),
    "plate-wrong": WRONG_PLATE,
    "plate-empty": known(State.STEPS, step=PLATE, step_number=2, step_count=3, mistake=forms.ENTER_PLATE, seconds=90),
    "plate-code": known(
        State.STEPS, step=PLATE, step_number=2, step_count=3, typed="A-5", mistake=forms.ENTER_CODE, seconds=90
    ),
    "plate-proposed": known(
        State.STEPS, step=PLATE, step_number=2, step_count=3, typed="14-20260", proposed="14-20260", seconds=90
    ),
    "owner-proposed": known(
        State.STEPS,
        step=OWNER,
        step_number=2,
        step_count=4,
        typed="9841000121",
        proposed="9841000121",
        seconds=90,
    ),
    "owner": known(State.STEPS, step=OWNER, step_number=2, step_count=4, typed="98410", seconds=90),
    "owner-wrong": known(
        State.STEPS,
        step=OWNER,
        step_number=2,
        step_count=4,
        typed="98410",
        mistake=forms.ENTER_NATIONAL_NUMBER,
        seconds=90,
    ),
    "quote-others": quoted(State.QUOTE, FOR_ANOTHER, behalf=PAYER),
    "check-others": quoted(
        State.CHECK_ANSWERS,
        FOR_ANOTHER,
        behalf=PAYER,
        answers=((CHOICE, "other"), (OWNER, "9000000002"), (PLATE, "18-27001")),
    ),
    "enquiring": quoted(State.ENQUIRING),
    "quote": quoted(State.QUOTE),
    "quote-mine": quoted(State.QUOTE, msgspec.structs.replace(QUOTE, fields={"national_number": "9000000001"})),
    "quote-many": quoted(State.QUOTE, msgspec.structs.replace(QUOTE, lines=_ELEVEN)),
    "quote-none": quoted(State.QUOTE, msgspec.structs.replace(QUOTE, lines=())),
    "quote-court": quoted(State.QUOTE, msgspec.structs.replace(QUOTE, lines=LINES[3:])),
    "check": quoted(State.CHECK_ANSWERS),
    "check-many": quoted(State.CHECK_ANSWERS, msgspec.structs.replace(QUOTE, lines=_ELEVEN), line_was_up=False),
    "check-fee": of_certificate(quoted(State.CHECK_ANSWERS, FEE, signature_due=True)),
    "fee-none": of_certificate(quoted(State.QUOTE, msgspec.structs.replace(FEE, lines=()))),
    **ANSWER_PAGES,
    "check-free": free(quoted(State.CHECK_ANSWERS)),
    "check-free-signed": free(quoted(State.CHECK_ANSWERS, signature_due=True)),
    "recording-free": free(quoted(State.PAYING)),
    "delivery-free": free(quoted(State.DELIVERY_AWAITED, commitment=_COMMITMENT)),
    "done-free": free(done(ReceiptOutcome.ACCEPTED)),
    "done-free-awaiting": free(done(ReceiptOutcome.AWAITING_DELIVERY, line_was_up=False)),
    "done-free-attention": free(done(ReceiptOutcome.NEEDS_ATTENTION)),
    **DUE_PAGES,
    **SUBSCRIPTION_PAGES,
    "done-changed": dataclasses.replace(free(done(ReceiptOutcome.ACCEPTED)), service=SUBSCRIPTION, answers=()),
    **FACT_PAGES,
    **CUSTOMS_PAGES,
    **SIGNING_PAGES,
    **REQUEST_PAGES,
    "check-told-by-sms": of_certificate(
        quoted(State.CHECK_ANSWERS, FEE, signature_due=True, may_be_told=True, notify_phone="+962790123456")
    ),
    "check-offline-no-number": quoted(State.CHECK_ANSWERS, line_was_up=False, may_be_told=True),
    "paying": quoted(State.PAYING),
    "committed": quoted(State.COMMITTED, commitment=_COMMITMENT, line_was_up=False),
    "delivery": quoted(State.DELIVERY_AWAITED, commitment=_COMMITMENT),
    "receipt": quoted(State.RECEIPT, commitment=_COMMITMENT, outcome=DeliveryOutcome(state=TransactionState.COMMITTED)),
    "done-accepted": done(ReceiptOutcome.ACCEPTED),
    "done-requested": of_certificate(done(ReceiptOutcome.ACCEPTED, total_fils=6_500)),
    "done-copied": done(ReceiptOutcome.ACCEPTED, copies=2),
    "done-awaiting": done(ReceiptOutcome.AWAITING_DELIVERY, line_was_up=False),
    "done-slow-centre": done(ReceiptOutcome.AWAITING_DELIVERY, line_was_up=True),
    "done-attention": done(ReceiptOutcome.NEEDS_ATTENTION, PrintState.UNCONFIRMED),
    "done-not-printed": done(ReceiptOutcome.ACCEPTED, None, print_failure=NOT_PRINTED),
    "done-rated": done(ReceiptOutcome.ACCEPTED, satisfaction=Satisfaction.GOOD),
    "done-why": done(ReceiptOutcome.ACCEPTED, satisfaction=Satisfaction.BAD),
    "done-why-said": done(ReceiptOutcome.AWAITING_DELIVERY, satisfaction=Satisfaction.POOR, reason=WhyUnhappy.WAITED),
    "done-neither": done(ReceiptOutcome.NEEDS_ATTENTION, None, print_failure=NOT_PRINTED),
}

"""What the queue's tests are made of: a clock to be set, agreements, a centre that does what it is told."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import uuid6
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from kiosk.receipt import ReceiptFacts
from kiosk.transaction import (
    AgreedLine,
    Agreement,
    AttachedDocument,
    Ids,
    Movement,
    PaymentMethod,
    PaymentState,
    Together,
    movement_of,
)
from kiosk.wire import (
    ANSWER_CONTEXT,
    CENTRE_KEY,
    Batch,
    BatchAnswer,
    ChangedKey,
    HeldAnswer,
    Item,
    ItemAnswer,
    Signed,
    Words,
)
from kiosk.wire import encode_canonical as encode
from offline_queue.centre import CentreHealth, NoAnswer, Silence
from offline_queue.drain import Ask
from offline_queue.ledger import SqlLedger
from offline_queue.signing import sign

TERMINAL = "KRK3"
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
PAYING = (PaymentMethod.BANK_CARD, PaymentMethod.CASH)
"""The ways in which money comes; the third is that none is due."""
VERIFY_URL = "https://verify.test/r"
PLANTED_NAME = "مريم المزروعة"
PLANTED_NUMBER = "9991112223"
FACTS = ReceiptFacts(
    office_ar="الكرك",
    office_en="Karak",
    service_ar="مخالفات السير",
    service_en="Traffic fines",
    agency_ar="إدارة السير",
    agency_en="Traffic Department",
)


class SetClock:
    """Stands still until a test moves it; `monotonic` follows."""

    def __init__(self) -> None:
        self.at = NOW
        self.seconds = 1000.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.seconds

    def move(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.seconds += seconds


def agreement(
    fils: int = 42_500,
    *,
    quote: bytes = b'{"signed":"quote"}',
    service: str = "traffic.fines",
    method: PaymentMethod = PaymentMethod.BANK_CARD,
    served_by: str = "",
    signed_application: bytes = b"",
    documents: tuple[bytes, ...] = (),
) -> Agreement:
    """With 0 fils of a service that is free: without a line, paid by nothing."""
    line = AgreedLine(id="F-1", title_ar="سرعة", title_en="Speed", amount_fils=fils)
    return Agreement(
        ids=Ids(basket=uuid6.uuid7(), transaction=uuid6.uuid7(), payment=uuid6.uuid7()),
        service=service,
        agency="traffic",
        national_number=PLANTED_NUMBER,
        person_name=PLANTED_NAME,
        answers={"plate": "12-34567"},
        lines=(line,) if fils else (),
        total_fils=fils,
        method=method if fils else PaymentMethod.NONE,
        quote=quote,
        agreed_at=NOW,
        served_by=served_by,
        signed_application=signed_application,
        documents=tuple(
            AttachedDocument(
                step="lease", media_type="image/jpeg", sha256=hashlib.sha256(content).hexdigest(), content=content
            )
            for content in documents
        ),
    )


def basket(*amounts: int, method: PaymentMethod = PaymentMethod.BANK_CARD, served_by: str = "") -> list[Agreement]:
    """One basket that is paid together."""
    agreed = [agreement(fils, method=method, served_by=served_by) for fils in amounts]
    whole = agreed[0].ids.basket
    together = Together(movement=whole, total_fils=sum(amounts), count=len(amounts))
    return [
        msgspec.structs.replace(one, ids=msgspec.structs.replace(one.ids, basket=whole), together=together)
        for one in agreed
    ]


def sell_together(ledger: SqlLedger, agreed: list[Agreement]) -> Movement:
    """Prepared, captured, committed; by cash with 1.000 too much and the change."""
    movement = movement_of(agreed)
    ledger.prepare(*agreed)
    cash = any(one.method is PaymentMethod.CASH for one in agreed)
    tendered = movement.amount_fils + 1_000 if cash else None
    ledger.record_movement(
        movement, PaymentState.CAPTURED, "visit", tendered_fils=tendered, change_fils=1_000 if cash else None
    )
    ledger.commit_together(movement.transactions, "visit")
    return movement


def pay(ledger: SqlLedger, agreed: Agreement) -> Ids:
    """Prepared and captured."""
    ids = agreed.ids
    ledger.prepare(agreed)
    ledger.record_payment(ids.payment, ids.transaction, PaymentState.AUTHORISED, "visit")
    ledger.record_payment(ids.payment, ids.transaction, PaymentState.CAPTURED, "visit")
    return ids


def sell(ledger: SqlLedger, fils: int = 42_500) -> Ids:
    """Prepared, captured, committed."""
    ids = pay(ledger, agreement(fils))
    ledger.commit(ids.transaction, "visit")
    return ids


def read_key(file: Path) -> Ed25519PrivateKey:
    key = load_pem_private_key(file.read_bytes(), password=None)
    assert isinstance(key, Ed25519PrivateKey)
    return key


def centre_signs(key: Ed25519PrivateKey, transaction: UUID, result: str = "accepted") -> tuple[ItemAnswer, Signed]:
    """One item's answer and the proof of it."""
    answer = answer_for(transaction, result)
    whole = BatchAnswer(terminal=TERMINAL, answered_at=NOW, answers=(answer,))
    return answer, sign(encode(whole), ANSWER_CONTEXT, key, CENTRE_KEY)


def answer_for(transaction: UUID, result: str, retry_after_seconds: int | None = None) -> ItemAnswer:
    refused = result in {"rejected", "conflict"}
    return ItemAnswer(
        transaction=transaction,
        result=result,  # type: ignore[arg-type]  # the tests name results as text
        reference="" if refused else f"TD-{transaction.hex[-6:]}",
        code="FINE_ALREADY_PAID" if refused else "",
        words=Words(ar="المخالفة مدفوعة من قبل", en="The fine was paid before") if refused else None,
        retry_after_seconds=retry_after_seconds,
    )


def _accept(item: Item, known: bool) -> ItemAnswer | None:
    return answer_for(item.transaction, "duplicate" if known else "accepted")


@dataclasses.dataclass
class ScriptedCentre:
    """Holds what it was sent, once for each id. `trouble` is raised instead of answering; `lose_answers` keeps the
    items first. `decide` may answer otherwise, or with None leave an item unnamed."""

    key: Ed25519PrivateKey
    trouble: Silence | None = None
    retry_after: float | None = None
    lose_answers: bool = False
    decide: Callable[[Item, bool], ItemAnswer | None] = _accept
    refuse_batch: Callable[[Batch], bool] = lambda _batch: False
    healthy: bool = True
    difference_ms: int = 0
    held_items: dict[UUID, Item] = dataclasses.field(default_factory=dict)
    batches: list[Batch] = dataclasses.field(default_factory=list)
    introduced: list[tuple[ChangedKey, ...]] = dataclasses.field(default_factory=list)
    probes: int = 0

    def submit(self, batch: Batch) -> tuple[BatchAnswer, Signed]:
        self.batches.append(batch)
        if self.trouble is not None:
            raise NoAnswer(self.trouble, retry_after=self.retry_after)
        if self.refuse_batch(batch):
            raise NoAnswer(Silence.UNPROVEN)
        answers = []
        for item in batch.items:
            known = item.transaction in self.held_items
            assert self.held_items.setdefault(item.transaction, item) == item, "other bytes under the same id"
            answers.append(self.decide(item, known))
        if self.lose_answers:
            raise NoAnswer(Silence.TIMED_OUT)
        whole = BatchAnswer(terminal=TERMINAL, answered_at=NOW, answers=tuple(filter(None, answers)))
        return whole, sign(encode(whole), ANSWER_CONTEXT, self.key, CENTRE_KEY)

    def introduce(self, changes: tuple[ChangedKey, ...]) -> None:
        if self.trouble is not None:
            raise NoAnswer(self.trouble, retry_after=self.retry_after)
        self.introduced.append(changes)

    def held(self, first: int, last: int) -> HeldAnswer:
        return HeldAnswer(
            terminal=TERMINAL,
            answered_at=NOW,
            first=first,
            last=last,
            held=tuple(
                (item.message, item.transaction) for item in self.held_items.values() if first <= item.message <= last
            ),
        )

    def health(self) -> CentreHealth:
        self.probes += 1
        if not self.healthy:
            raise NoAnswer(Silence.NO_LINE)
        return CentreHealth(version="test", now=NOW, clock_difference_ms=self.difference_ms, milliseconds=1)


class AtOnce:
    """Sends the second batch before the first, on the same thread: what a test sees is the same every time."""

    def send(self, work: Ask) -> Future[tuple[BatchAnswer, Signed]]:
        answer: Future[tuple[BatchAnswer, Signed]] = Future()
        try:
            answer.set_result(work())
        except Exception as error:
            answer.set_exception(error)
        return answer

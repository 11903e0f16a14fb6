"""What the centre does with a terminal's messages: keeps each transaction once, has it decided, and answers for it.

An item is on the disk before anything is decided or answered. An agency that is silent leaves it kept and undecided;
the terminal sends it again, and so it is asked again. What an agency decided once is the answer for ever.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.transaction import Agreement
from kiosk.wire import (
    BatchAnswer,
    Enquiry,
    EnquiryAnswer,
    HeldAnswer,
    HeldQuestion,
    Item,
    ItemAnswer,
)
from offline_queue.intake.agencies import Agency, AgencySilent, Decision, Refusal
from offline_queue.intake.checks import NOT_KNOWN_YET, Checked, check, read_item, refusal
from offline_queue.intake.store import Kept, Store

RETRY_AFTER_SECONDS = 5
LEARN_SECONDS = 900
"""When to ask again about what the centre does not know yet: people have to teach it that."""

log = logging.getLogger("intake")


class _NoSuchAgency(Exception):
    """The transaction is kept; no agency of that name is connected, yet or any more."""


class RawBatch(msgspec.Struct, frozen=True, kw_only=True):
    """A `kiosk.wire.Batch` whose items are read one by one, so that an unreadable one does not stop the others."""

    schema: int
    terminal: str
    items: tuple[msgspec.Raw, ...]


class Centre:
    """The intake without its HTTP. `agencies` is keyed by agency, `terminals` holds each one's ledger key."""

    def __init__(
        self,
        *,
        store: Store,
        agencies: Mapping[str, Agency],
        terminals: Mapping[str, Ed25519PublicKey],
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._agencies = agencies
        self._terminals = terminals
        self._now = now

    def now(self) -> datetime:
        return self._now()

    def submit(self, batch: RawBatch) -> BatchAnswer:
        """Answers, in the batch's order, for every item whose id can be read."""
        answers: dict[int, ItemAnswer] = {}
        checked: dict[int, Checked] = {}
        for place, raw in enumerate(batch.items):
            read = read_item(raw)
            if isinstance(read, Item):
                checked[place] = check(read, batch.terminal, self._terminals[batch.terminal])
            elif read is not None:
                answers[place] = _refused(*read)
        kept = self._store.keep(checked.values(), batch.terminal, self._now())
        for (place, one), what in zip(checked.items(), kept, strict=True):
            answers[place] = self._answer(one, what)
        for answer in answers.values():
            log.info("%s: %s %s %s", batch.terminal, answer.transaction, answer.result, answer.code or answer.reference)
        return BatchAnswer(
            terminal=batch.terminal,
            answered_at=self._now(),
            answers=tuple(answers[place] for place in sorted(answers)),
        )

    def held(self, question: HeldQuestion) -> HeldAnswer:
        return HeldAnswer(
            terminal=question.terminal,
            answered_at=self._now(),
            first=question.first,
            last=question.last,
            held=self._store.held(question.terminal, question.first, question.last),
        )

    def enquire(self, enquiry: Enquiry) -> EnquiryAnswer:
        """Raises AgencySilent. A service is named by its agency first: `traffic.fines`."""
        now = self._now()
        agency = self._agencies.get(enquiry.service.partition(".")[0])
        answer = agency.enquire(enquiry, now) if agency else refusal("AGENCY_UNKNOWN")
        log.info("%s: enquiry %s", enquiry.terminal, answer.code if isinstance(answer, Refusal) else "quoted")
        return EnquiryAnswer(
            terminal=enquiry.terminal,
            answered_at=now,
            quote=None if isinstance(answer, Refusal) else answer,
            refusal_code=answer.code if isinstance(answer, Refusal) else "",
            refusal=answer.words if isinstance(answer, Refusal) else None,
        )

    def _answer(self, checked: Checked, kept: Kept) -> ItemAnswer:
        transaction = checked.item.transaction
        if kept is Kept.OTHER:
            other = refusal("CONFLICT")
            return ItemAnswer(transaction=transaction, result="conflict", code=other.code, words=other.words)
        if kept is Kept.REFUSED:
            assert isinstance(checked.found, Refusal)
            return _refused(transaction, checked.found)
        standing = self._store.decision(transaction)
        first = False
        if standing is None:
            try:
                decided = self._ask(checked.item.body)
            except _NoSuchAgency:
                return _refused(transaction, refusal("AGENCY_UNKNOWN"))
            except AgencySilent:
                return _later(transaction)
            first = self._store.decide(transaction, decided, self._now())
            standing = decided if first else self._store.decision(transaction)
            assert standing is not None
        if standing.refusal:
            return _rejected(transaction, standing.refusal)
        result: Literal["accepted", "duplicate"] = "accepted" if first else "duplicate"
        return ItemAnswer(transaction=transaction, result=result, reference=standing.reference)

    def _ask(self, body: bytes) -> Decision:
        agreement = msgspec.json.decode(body, type=Agreement)
        agency = self._agencies.get(agreement.agency)
        if agency is None:
            raise _NoSuchAgency
        try:
            return agency.settle(agreement, self._now())
        except AgencySilent:
            raise
        except Exception as error:  # one item's trouble must not reach the others; only its kind is safe to log
            log.error("agency %s: %s", agreement.agency, type(error).__name__)
            raise AgencySilent from None


def _refused(transaction: UUID, found: Refusal) -> ItemAnswer:
    """For ever only where no later knowledge of the centre could change it."""
    if found.code not in NOT_KNOWN_YET:
        return _rejected(transaction, found)
    return ItemAnswer(
        transaction=transaction,
        result="retry_later",
        code=found.code,
        words=found.words,
        retry_after_seconds=LEARN_SECONDS,
    )


def _rejected(transaction: UUID, found: Refusal) -> ItemAnswer:
    return ItemAnswer(transaction=transaction, result="rejected", code=found.code, words=found.words)


def _later(transaction: UUID) -> ItemAnswer:
    return ItemAnswer(transaction=transaction, result="retry_later", retry_after_seconds=RETRY_AFTER_SECONDS)

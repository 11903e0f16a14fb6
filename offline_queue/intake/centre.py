"""What the centre does with a terminal's messages: keeps each transaction once, has it decided, and answers for it.

An item is on the disk before anything is decided or answered. An agency that is silent leaves it kept and undecided;
the terminal sends it again, and so it is asked again. What an agency decided once is the answer for ever.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from kiosk.corrections import NOT_HELD
from kiosk.wire import (
    BatchAnswer,
    Enquiry,
    EnquiryAnswer,
    HeldAnswer,
    HeldQuestion,
    Item,
    ItemAnswer,
    KeyNotice,
    KeyNoticeAnswer,
)
from offline_queue.entries import EntryKind
from offline_queue.intake.agencies import Agency, Decision, KeepsRequests, Refusal
from offline_queue.intake.asking import Desks
from offline_queue.intake.checks import NOT_KNOWN_YET, Checked, check, read_item, refusal
from offline_queue.intake.corrections import NotHeld, decide, objection_to_corrected
from offline_queue.intake.store import Followed, Kept, Store
from offline_queue.intake.terminal_keys import TerminalKeys

RETRY_AFTER_SECONDS = 5
LEARN_SECONDS = 900
"""When to ask again about what the centre does not know yet: people have to teach it that."""

_HELD = frozenset({Kept.NEW, Kept.SAME})
_FOR_GOOD = frozenset({"rejected", "conflict"})

log = logging.getLogger("intake")


class RawBatch(msgspec.Struct, frozen=True, kw_only=True):
    """A `kiosk.wire.Batch` whose items are read one by one, so that an unreadable one does not stop the others."""

    schema: int
    terminal: str
    items: tuple[msgspec.Raw, ...]


class _Kind(msgspec.Struct):
    """What an entry that has proven itself says happened."""

    kind: str
    receipt_number: str | None = None


class _Agreed(msgspec.Struct):
    """What of an agreement is needed to follow it."""

    national_number: str
    service: str
    agency: str
    total_fils: int
    agreed_at: datetime
    notify_phone: str = ""


class Centre:
    """The intake without its HTTP. `agencies` is keyed by agency, `terminals` each one's ledger keys."""

    def __init__(
        self,
        *,
        store: Store,
        agencies: Mapping[str, Agency],
        terminals: TerminalKeys,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._agencies = agencies
        self._desks = Desks(agencies, now)
        self._terminals = terminals
        self._now = now

    def now(self) -> datetime:
        return self._now()

    def submit(self, batch: RawBatch) -> BatchAnswer:
        """Answers, in the batch's order, for every item whose id can be read."""
        answers: dict[int, ItemAnswer] = {}
        checked: dict[int, Checked] = {}
        keys = self._terminals.of(batch.terminal)
        for place, raw in enumerate(batch.items):
            read = read_item(raw)
            if isinstance(read, Item):
                checked[place] = check(read, batch.terminal, keys)
            elif read is not None:
                answers[place] = _refused(*read)
        kept = self._store.keep(checked.values(), batch.terminal, self._now())
        held = [one.item for one, what in zip(checked.values(), kept, strict=True) if what in _HELD]
        for (place, one), what in zip(checked.items(), kept, strict=True):
            if what not in _HELD:
                answers[place] = _not_kept(one, what)
        never_kept = {answer.transaction for answer in answers.values() if answer.result in _FOR_GOOD}
        decided = self._decide(held, batch.terminal, never_kept)
        for (place, one), what in zip(checked.items(), kept, strict=True):
            if what in _HELD:
                transaction = one.item.transaction
                answers[place], decided[transaction] = decided[transaction], _again(decided[transaction])
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

    def learn_keys(self, notice: KeyNotice) -> KeyNoticeAnswer:
        """Raises NoticeRefused."""
        now = self._now()
        return KeyNoticeAnswer(terminal=notice.terminal, answered_at=now, in_force=self._terminals.take(notice, now))

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
            way_out=answer.way_out if isinstance(answer, Refusal) else "",
        )

    def _decide(self, held: Sequence[Item], terminal: str, never_kept: Collection[UUID]) -> dict[UUID, ItemAnswer]:
        """What stands on each, the agencies asked where nothing did. All that they say is kept in one COMMIT; a crash
        before it costs nothing, because an agency that is asked again gives its first decision."""
        standing = self._store.decisions(item.transaction for item in held)
        undecided = {item.transaction: item for item in held if item.transaction not in standing}
        decided, not_held = self._ask(undecided.values(), terminal, never_kept)
        follow = self._to_follow(decided, undecided)
        first = self._store.decide(decided, self._now(), follow) if decided else set()
        if len(first) < len(decided):  # the same items came on another connection at the same time
            decided |= self._store.decisions(decided.keys() - first)
        answers = {
            transaction: _decided(transaction, decision, first=transaction in first)
            for transaction, decision in (standing | decided).items()
        }
        for transaction in undecided.keys() - decided.keys():
            if transaction in not_held:
                answers[transaction] = _later(transaction, refusal(NOT_HELD))
            elif self._desks.knows(undecided[transaction].body):
                answers[transaction] = _later(transaction)
            else:
                answers[transaction] = _refused(transaction, refusal("AGENCY_UNKNOWN"))
        return answers

    def _to_follow(self, decided: Mapping[UUID, Decision], items: Mapping[UUID, Item]) -> Iterable[Followed]:
        """What more may come of: requests, what was refused, and what somebody wants to be told of."""
        for transaction, decision in decided.items():
            entry = msgspec.json.decode(items[transaction].entry.payload, type=_Kind)
            if entry.kind != EntryKind.COMMITTED:
                continue
            agreed = msgspec.json.decode(items[transaction].body, type=_Agreed)
            is_request = _is_request(self._agencies.get(agreed.agency), agreed.service)
            if is_request or decision.refusal is not None or agreed.notify_phone:
                yield Followed(
                    transaction=transaction,
                    person=agreed.national_number,
                    phone=agreed.notify_phone,
                    receipt_number=entry.receipt_number or "",
                    service=agreed.service,
                    agency=agreed.agency,
                    amount_fils=agreed.total_fils,
                    agreed_at=agreed.agreed_at,
                    is_request=is_request,
                )

    def _ask(
        self, items: Iterable[Item], terminal: str, never_kept: Collection[UUID]
    ) -> tuple[dict[UUID, Decision], set[UUID]]:
        """Sales by their agencies, each asked once for all of its own; corrections one by one, and after them. Then
        the corrections that are about what is not held here."""
        sales: dict[UUID, bytes] = {}
        corrections: list[tuple[Item, str]] = []
        for item in items:
            kind = msgspec.json.decode(item.entry.payload, type=_Kind).kind
            if kind == EntryKind.COMMITTED:
                sales[item.transaction] = item.body
            else:
                corrections.append((item, kind))
        decided = self._desks.ask(sales, lambda agreement: objection_to_corrected(self._store, agreement, terminal))
        not_held: set[UUID] = set()
        for item, kind in corrections:
            try:
                decision = decide(self._store, self._desks, item, kind, terminal, never_kept=never_kept)
            except NotHeld:
                not_held.add(item.transaction)
                continue
            if decision is not None:
                decided[item.transaction] = decision
        return decided, not_held


def _decided(transaction: UUID, decision: Decision, *, first: bool) -> ItemAnswer:
    if decision.refusal:
        return _rejected(transaction, decision.refusal)
    result: Literal["accepted", "duplicate"] = "accepted" if first else "duplicate"
    return ItemAnswer(transaction=transaction, result=result, reference=decision.reference)


def _again(answer: ItemAnswer) -> ItemAnswer:
    """The same item a second time in one batch."""
    return msgspec.structs.replace(answer, result="duplicate") if answer.result == "accepted" else answer


def _not_kept(checked: Checked, kept: Kept) -> ItemAnswer:
    if kept is Kept.OTHER:
        return _rejected(checked.item.transaction, refusal("CONFLICT"), "conflict")
    assert isinstance(checked.found, Refusal)
    return _refused(checked.item.transaction, checked.found)


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


def _rejected(transaction: UUID, found: Refusal, result: Literal["rejected", "conflict"] = "rejected") -> ItemAnswer:
    return ItemAnswer(transaction=transaction, result=result, code=found.code, words=found.words)


def _later(transaction: UUID, found: Refusal | None = None) -> ItemAnswer:
    return ItemAnswer(
        transaction=transaction,
        result="retry_later",
        code=found.code if found else "",
        words=found.words if found else None,
        retry_after_seconds=RETRY_AFTER_SECONDS,
    )


def _is_request(agency: object, service: str) -> bool:
    """More comes of it than the first decision."""
    return isinstance(agency, KeepsRequests) and agency.keeps(service)

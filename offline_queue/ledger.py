"""The ledger of one terminal: `kiosk.ports.Ledger` on the encrypted file. Every call is one transaction on disk.

Asking twice is never doing twice: each call first looks whether what it would write is already written.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import msgspec
from sqlite_utils import Database

from kiosk.failures import ServiceFailure
from kiosk.offline import Backlog
from kiosk.ports import Clock
from kiosk.receipt import ContentLeft, PrintState, Receipt, ReceiptFacts, ReceiptOutcome, RecentReceipt
from kiosk.recovery import CAUSE as RECOVERY
from kiosk.transaction import (
    Agreement,
    Commitment,
    DeliveryOutcome,
    Movement,
    PaymentState,
    TransactionState,
    Unfinished,
)
from kiosk.unresolved import Unresolved
from kiosk.wire import ChangedKey, ItemAnswer, encode_canonical, ledger_key_id
from offline_queue import sealed_bodies
from offline_queue.corrections import SqlCorrections
from offline_queue.database import DatabaseUnusable, LedgerDatabase, savepoint
from offline_queue.entries import (
    ADMINISTRATIVE,
    OF_NO_TRANSACTION,
    Actor,
    Decisions,
    DocumentNote,
    EntryKind,
    Fact,
    LedgerMistake,
    Link,
    PaymentNote,
    PrintNote,
    Scribe,
    application_hash,
    body_of,
    digest,
    document_hashes,
    last_message,
    preparer_of,
    require_sum,
)
from offline_queue.issuing import NO_PREVIOUS, make_receipt, receipt_count, receipt_number, short_hash
from offline_queue.key_chain import delivered_changes, is_next_to_sign
from offline_queue.key_envelope import keep_envelope
from offline_queue.keys import TerminalKeys
from offline_queue.outbox import Outbox
from offline_queue.paper import Bought, load_agreement, load_recent, load_reprint
from offline_queue.parked import SqlParkedCases
from offline_queue.projection import TransactionRow, load_row, load_rows, write
from offline_queue.sealed_bodies import SealedBody, seal_body, seal_what_is_open
from offline_queue.sealing import RecoveryKey, Sealer
from offline_queue.staff import SqlStaffRegister
from offline_queue.status import unresolved
from offline_queue.tail import check_tail, lost_messages
from offline_queue.together import require_one_movement, require_payment, together_of
from offline_queue.upkeep import known_fault
from offline_queue.uptake import SqlUptake
from offline_queue.uses import uses_of_services

_LOG = logging.getLogger(__name__)
T = TypeVar("T")


class SqlLedger:
    """May be called from any thread. `outbox` is the part of it that the sync works on; `staff`, `parked` and
    `corrections` are the counter's parts of the same file, `uptake` is what is counted."""

    def __init__(
        self,
        file: Path,
        *,
        terminal: str,
        keys: TerminalKeys,
        clock: Clock,
        verify_url: str,
        recovery: RecoveryKey | None = None,
    ) -> None:
        """Opens or creates the ledger. Without `recovery` nothing is sealed to the centre.

        Raises DatabaseUnusable, EnvelopeMistake.
        """
        self._terminal = terminal
        self._keys = keys
        self._clock = clock
        self._verify_url = verify_url
        self._scribe = Scribe(terminal, keys.ledger, clock, generation=keys.ledger_generation)
        self._sealer = Sealer(terminal, recovery) if recovery else None
        self._database = LedgerDatabase(file, keys.database)
        self.outbox = Outbox(self._database)
        self.staff = SqlStaffRegister(self._database, clock, keys.holder)
        self.parked = SqlParkedCases(self._database, clock, keys.holder)
        self.uptake = SqlUptake(self._database)
        self.corrections = SqlCorrections(self._database, self._scribe, self.staff, self._commit, self._seal)
        try:
            own = (terminal, keys.ledger, keys.ledger_generation)
            if not self._database.read(lambda connection: is_next_to_sign(connection, *own)):
                raise DatabaseUnusable(f"{file}: its last entry was not written by this terminal with this ledger key")
            self._require_whole_tail(file)
            if self._sealer is not None:  # before the first entry, and only by a key that has opened the file
                keep_envelope(file, self._sealer, keys.database)
                seal_what_is_open(self._database, self._sealer)
            self.outbox.end_leases()
            self.forget_expired()
        except ServiceFailure as refused:  # a damaged page, a full disk; the log says which
            self._database.close()
            raise DatabaseUnusable(f"{file}: cannot be used: the file is damaged, or the disk is full") from refused
        except BaseException:
            self._database.close()
            raise

    def _require_whole_tail(self, file: Path) -> None:
        """What is sold now is chained to the newest entries, so they must hold. Content that is lost is another matter:
        nothing brings it back, the other items are delivered, and staff are told."""
        key, key_id = self._keys.ledger.public_key(), ledger_key_id(self._terminal, self._keys.ledger_generation)
        broken = self._database.read(lambda connection: check_tail(connection, self._terminal, key, key_id))
        if broken is not None:
            raise DatabaseUnusable(
                f"{file}: the newest entries do not hold: {broken.place}: {broken.what}. Nothing may be sold on them: "
                "change nothing in the file, and call the centre"
            )
        if lost := self._database.read(lost_messages):
            _LOG.error("%d messages wait for delivery without their content, the first is %d", len(lost), lost[0])

    def close(self) -> None:
        self._database.close()

    def note_clock_difference(self, milliseconds: int) -> None:
        """How far the centre's clock is ahead of ours; later entries carry it."""
        self._scribe.clock_difference_ms = milliseconds

    def note(self, kind: EntryKind, actor: Actor, cause: str, body: bytes = b"") -> None:
        """An administrative entry."""
        if kind not in ADMINISTRATIVE:
            raise LedgerMistake(f"{kind} is of a transaction")
        fact = Fact(kind, OF_NO_TRANSACTION, actor, cause, body=body)
        self._database.write(lambda connection: self._scribe.append(connection, fact))

    def note_document(self, service: str, content_hash: str, state: PrintState) -> None:
        """`kiosk.my_requests.DocumentJournal`."""
        body = encode_canonical(DocumentNote(service=service, content_hash=content_hash, state=state))
        self.note(EntryKind.DOCUMENT_PRINTED, "citizen", "document printed", body)

    def upkeep(self, work: Callable[[Database, Scribe], T]) -> T:
        """One transaction of what keeps the ledger itself in order."""
        return self._database.write(lambda connection: work(connection, self._scribe))

    def key_changes(self) -> tuple[ChangedKey, ...]:
        """What the centre has to know before it believes this terminal's present keys."""
        return self._database.read(delivered_changes)

    def forget_expired(self) -> None:
        """Deletes the parked requests that have run out."""
        self.parked.expire(self._clock.now())

    # -- kiosk.ports.Ledger

    def prepare(self, *agreements: Agreement) -> None:
        for agreement in agreements:
            require_sum(agreement)
        require_one_movement(agreements)
        whole = [(agreement, encode_canonical(agreement)) for agreement in agreements]
        sealed = [self._seal(body) for _, body in whole]

        def work(connection: Database) -> None:
            for (agreement, body), sealed_body in zip(whole, sealed, strict=True):
                self._prepare(connection, agreement, body, sealed_body)

        self._database.write(work)

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
        note = PaymentNote(state=state, tendered_fils=tendered_fils, change_fils=change_fils)

        def work(connection: Database) -> None:
            row = _known(connection, transaction)
            alone = Movement(id=payment, parts=(row.ids(),), amount_fils=row.amount_fils)
            self._pay(connection, alone, (row,), note, cause)

        self._database.write(work)

    def record_movement(
        self,
        movement: Movement,
        state: PaymentState,
        cause: str,
        *,
        tendered_fils: int | None = None,
        change_fils: int | None = None,
    ) -> None:
        note = PaymentNote(state=state, tendered_fils=tendered_fils, change_fils=change_fils)

        def work(connection: Database) -> None:
            rows = [_known(connection, transaction) for transaction in movement.transactions]
            self._pay(connection, movement, rows, note, cause)

        self._database.write(work)

    def void(self, transaction: UUID, cause: str) -> None:
        self.void_together((transaction,), cause)

    def void_together(self, transactions: Sequence[UUID], cause: str) -> None:
        def work(connection: Database) -> None:
            rows = [_known(connection, transaction) for transaction in transactions]
            if all(row.state is TransactionState.VOIDED for row in rows):
                return
            together_of(connection, rows)
            for row in rows:
                actor = _actor(connection, row, cause)
                self._write(connection, row, Fact(EntryKind.VOIDED, row.ids(), actor, cause, row.amount_fils))

        self._database.write(work)

    def commit(self, transaction: UUID, cause: str) -> Commitment:
        return self.commit_together((transaction,), cause)[0]

    def commit_together(self, transactions: Sequence[UUID], cause: str) -> tuple[Commitment, ...]:
        def work(connection: Database) -> tuple[Commitment, ...]:
            rows = [_known(connection, transaction) for transaction in transactions]
            if any(row.committed_sequence is None for row in rows):
                together_of(connection, rows)
                rows = [self._commit(connection, row, cause) for row in rows]
            return tuple(_commitment(row) for row in rows)

        return self._database.write(work)

    def issue_receipt(self, transaction: UUID, outcome: ReceiptOutcome, facts: ReceiptFacts) -> Receipt:
        def work(connection: Database) -> Receipt:
            row = _known(connection, transaction)
            issued = connection.execute(
                "SELECT body_hash FROM receipts WHERE transaction_id = ?", (str(transaction),)
            ).fetchone()
            if issued is not None:
                return msgspec.json.decode(_present(connection, issued[0]), type=Receipt)
            return self._issue(connection, row, outcome, facts)

        return self._database.write(work)

    def record_print(self, receipt_number: str, copy: int, state: PrintState) -> None:
        def work(connection: Database) -> None:
            issued = connection.execute(
                "SELECT transaction_id FROM receipts WHERE number = ?", (receipt_number,)
            ).fetchone()
            if issued is None:
                raise LedgerMistake("a print of a receipt that was never issued")
            row = _known(connection, UUID(issued[0]))
            note = encode_canonical(PrintNote(copy=copy, state=state))
            actor = _actor(connection, row, "print")
            fact = Fact(EntryKind.PRINT, row.ids(), actor, "print", receipt_number=receipt_number, body=note)
            self._write(connection, row, fact)
            connection.execute(
                "INSERT INTO print_jobs (receipt_number, copy, state) VALUES (?, ?, ?) "
                "ON CONFLICT (receipt_number, copy) DO UPDATE SET state = excluded.state",
                (receipt_number, copy, state),
            )

        self._database.write(work)

    def reprint_of(self, receipt_number: str) -> Receipt | None:
        return self._database.read(lambda connection: load_reprint(connection, receipt_number))

    def agreement_of(self, receipt_number: str) -> Agreement | None:
        return self._database.read(lambda connection: load_agreement(connection, receipt_number))

    def recent(self, limit: int) -> tuple[RecentReceipt, ...]:
        return self._database.read(lambda connection: load_recent(connection, limit))

    def outcome_of(self, transaction: UUID) -> DeliveryOutcome:
        def work(connection: Database) -> DeliveryOutcome:
            row = _known(connection, transaction)
            state = row.state
            if state is TransactionState.COMMITTED and Outbox.attempts_of(connection, transaction) > 0:
                state = TransactionState.SENT
            return DeliveryOutcome(state=state, reference=row.reference, words_ar=row.words_ar, words_en=row.words_en)

        return self._database.read(work)

    def unfinished(self) -> tuple[Unfinished, ...]:
        def work(connection: Database) -> tuple[Unfinished, ...]:
            rows = load_rows(connection, "WHERE state = 'prepared' ORDER BY prepared_at, rowid")
            # Without its content nothing can be asked or committed; staff see it in `unresolved`.
            return tuple(_unfinished(row, body) for row in rows if (body := body_of(connection, row.body_hash)))

        return self._database.read(work)

    def waiting(self) -> int:
        return self._database.read(Outbox.count_waiting)

    def backlog(self) -> tuple[Backlog, ...]:
        return self._database.read(Outbox.backlog)

    def uses_of_services(self) -> dict[str, int]:
        return self._database.read(uses_of_services)

    # -- for staff

    def unresolved(self) -> tuple[Unresolved, ...]:
        """What recovery or a clerk has still to see to; for the screens, `queue status` reads beside them."""
        return self._database.read(unresolved)

    def chain_holds(self) -> bool:
        """Whether nothing wrong is on record: what the last reading at night found, and content that waits."""
        return self._database.read(lambda connection: not known_fault(connection) and not lost_messages(connection))

    # -- for the sync

    def record_decision(self, answer: ItemAnswer, proof: bytes) -> None:
        """What the centre decided of one item, with its signed answer as received. The first decision stands."""
        self._database.write(lambda connection: self._decide(connection, answer, proof, Decisions()))

    def record_decisions(self, answers: Iterable[ItemAnswer], proof: bytes) -> tuple[UUID, ...]:
        """What one signed answer decided of each item, in one transaction on disk.

        Returns the odd ones, of which the rules forbid it: they stay as they were, and the others are recorded.
        """

        def work(connection: Database) -> tuple[UUID, ...]:
            odd, decisions = [], Decisions()
            for answer in answers:
                try:
                    with savepoint(connection):
                        self._decide(connection, answer, proof, decisions)
                except LedgerMistake as mistake:
                    _LOG.error("an answer could not be recorded: %s: %s", answer.transaction, mistake)
                    odd.append(answer.transaction)
            return tuple(odd)

        return self._database.write(work)

    def _seal(self, body: bytes) -> SealedBody | None:
        return seal_body(self._sealer, body, digest(body)) if self._sealer else None

    # -- on the ledger's thread

    def _prepare(self, connection: Database, agreement: Agreement, body: bytes, sealed: SealedBody | None) -> None:
        row = load_row(connection, agreement.ids.transaction)
        if row is not None and row.state is TransactionState.PREPARED and row.body_hash == digest(body):
            return
        actor: Actor = "clerk" if agreement.served_by else "citizen"
        fact = Fact(
            EntryKind.PREPARED,
            agreement.ids,
            actor,
            "visit",
            agreement.total_fils,
            body=body,
            application_hash=application_hash(agreement),
            document_hashes=document_hashes(agreement),
        )
        self._write(connection, row, fact)
        if sealed is not None:
            sealed_bodies.keep(connection, sealed)

    def _pay(
        self,
        connection: Database,
        movement: Movement,
        rows: Sequence[TransactionRow],
        note: PaymentNote,
        cause: str,
    ) -> None:
        """One note for each transaction that something is due for; each says the whole of what moved."""
        together = together_of(connection, rows)
        require_payment(movement, rows, together)
        if not note.adds_up(movement.amount_fils):
            raise LedgerMistake("what was handed over less what was given back is not the amount")
        body = encode_canonical(msgspec.structs.replace(note, together=together))
        for row in rows:
            if row.payment_state is not note.state and (row.amount_fils or together is None):
                actor = _actor(connection, row, cause)
                fact = Fact(EntryKind.PAYMENT, row.ids(), actor, cause, row.amount_fils, body=body)
                self._write(connection, row, fact)

    def _decide(self, connection: Database, answer: ItemAnswer, proof: bytes, decisions: Decisions) -> None:
        accepted = answer.result in {"accepted", "duplicate"}
        kind = EntryKind.ACCEPTED if accepted else EntryKind.NEEDS_ATTENTION
        row = _known(connection, answer.transaction)
        if row.state is TransactionState.COMMITTED:
            cause = answer.code or answer.result
            fact = Fact(kind, row.ids(), "sync", cause, row.amount_fils, body=proof)
            write(connection, self._scribe, row, fact, decisions)

    def _commit(self, connection: Database, row: TransactionRow, cause: str) -> TransactionRow:
        message, count = _last_numbers(connection)
        body = body_of(connection, row.body_hash)
        if body is None:
            raise LedgerMistake("a body that is still needed was removed")
        agreed = msgspec.json.decode(body, type=Agreement)
        fact = Fact(
            EntryKind.COMMITTED,
            row.ids(),
            _actor(connection, row, cause),
            cause,
            row.amount_fils,
            receipt_number(self._terminal, count + 1),
            message + 1,
            body,
            application_hash(agreed),
            document_hashes(agreed),
        )
        link, row = self._write(connection, row, fact)
        Outbox.add(connection, link, fact.body, agreed.service)
        return row

    def _issue(
        self, connection: Database, row: TransactionRow, outcome: ReceiptOutcome, facts: ReceiptFacts
    ) -> Receipt:
        last = connection.execute("SELECT code_hash FROM receipts ORDER BY issued_sequence DESC LIMIT 1").fetchone()
        receipt = make_receipt(
            row,
            msgspec.json.decode(_present(connection, row.body_hash), type=Agreement),
            outcome,
            facts,
            terminal=self._terminal,
            keys=self._keys,
            issued_at=self._clock.now(),
            previous=short_hash(last[0]) if last else NO_PREVIOUS,
            verify_url=self._verify_url,
        )
        body = encode_canonical(receipt)
        fact = Fact(
            EntryKind.RECEIPT_ISSUED,
            row.ids(),
            _actor(connection, row, outcome),
            outcome,
            row.amount_fils,
            receipt.number,
            body=body,
        )
        link, _ = self._write(connection, row, fact)
        connection.execute(
            "INSERT INTO receipts (number, transaction_id, outcome, issued_sequence, body_hash, code_hash) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (
                receipt.number,
                str(row.transaction_id),
                outcome,
                link.entry.sequence,
                link.entry.body_hash,
                digest(receipt.code.encode()),
            ),
        )
        return receipt

    def _write(self, connection: Database, row: TransactionRow | None, fact: Fact) -> tuple[Link, TransactionRow]:
        return write(connection, self._scribe, row, fact)


def _known(connection: Database, transaction: UUID) -> TransactionRow:
    row = load_row(connection, transaction)
    if row is None:
        raise LedgerMistake("a transaction that was never prepared")
    return row


def _commitment(row: TransactionRow) -> Commitment:
    known = {
        "transaction": row.transaction_id,
        "sequence": row.committed_sequence,
        "receipt_number": row.receipt_number,
        "committed_at": row.committed_at,
    }
    return msgspec.convert(known, Commitment)


def _present(connection: Database, body_hash: str) -> bytes:
    body = body_of(connection, body_hash)
    if body is None:
        raise ContentLeft
    return body


def _last_numbers(connection: Database) -> tuple[int, int]:
    """The last message's number and the last receipt's, from the entries themselves: the truth, not a projection."""
    number = connection.execute(
        "SELECT receipt_number FROM entries WHERE message IS NOT NULL AND kind = 'committed' "
        "ORDER BY message DESC LIMIT 1"
    ).fetchone()
    return last_message(connection), receipt_count(number[0]) if number else 0


def _actor(connection: Database, row: TransactionRow, cause: str) -> Actor:
    """What the program settles by itself after a power cut never carries a person's mark."""
    return "recovery" if cause == RECOVERY else preparer_of(connection, row.transaction_id)


def _unfinished(row: TransactionRow, body: bytes) -> Unfinished:
    bought = msgspec.json.decode(body, type=Bought)
    return Unfinished(
        ids=row.ids(),
        amount_fils=row.amount_fils,
        payment=row.payment_state,
        method=bought.method,
        together=bought.together,
    )

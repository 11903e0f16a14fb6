"""`kiosk.corrections.Corrections` on the ledger: every correction is new entries by two people, in one transaction.

A reversal is a transaction of its own, with the negative amount: a ledger's committed amounts add up to the money that
is held. It is delivered, decided and compared as every other message. Its paper has the receipt's own number with `-C1`
or the next behind it: whoever holds the receipt finds what became of it, and the receipts of what was sold stay without
a gap, also for the release before this one, which goes on counting them.
"""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Callable, Iterator
from typing import Final, TypeVar
from uuid import UUID

import msgspec
import uuid6
from sqlite_utils import Database

from kiosk.corrections import (
    Attention,
    Corrected,
    Dispute,
    Disputed,
    Explanation,
    Objection,
    Proof,
    Reason,
    RefundAgreed,
    Reversal,
    person_of,
)
from kiosk.staff import Role, StaffMember, StaffMistake
from kiosk.transaction import Agreement, Commitment, Ids, PaymentMethod, PaymentState, Share, TransactionState
from kiosk.wire import encode_canonical
from offline_queue.attention import (
    Traded,
    load_attention,
    load_corrected,
    load_disputed,
    load_refund,
    load_share,
    traded,
)
from offline_queue.database import LedgerDatabase
from offline_queue.entries import (
    Actor,
    EntryKind,
    Fact,
    LedgerMistake,
    PaymentNote,
    Scribe,
    application_hash,
    document_hashes,
    last_message,
    require_sum,
)
from offline_queue.issuing import correction_number
from offline_queue.outbox import Outbox
from offline_queue.projection import CORRECTED_BY, REFUNDED_BY, REVERSES, TransactionRow, load_row, write
from offline_queue.sealed_bodies import SealedBody, keep
from offline_queue.staff import SqlStaffRegister, load_members

T = TypeVar("T")
Commit = Callable[[Database, TransactionRow, str], TransactionRow]
Seal = Callable[[bytes], SealedBody | None]

PROOF_SECONDS: Final = 300.0
"""How long a PIN that was just typed stands for its member: two people at one keyboard, one after the other."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class PinProof:
    """One showing of a PIN, told from every other by its identity."""

    member: StaffMember


class SqlCorrections:
    """May be called from any thread. `commit` is the ledger's own, within a transaction; `seal` seals a request's body
    to the centre, before one."""

    def __init__(
        self,
        database: LedgerDatabase,
        scribe: Scribe,
        register: SqlStaffRegister,
        commit: Commit,
        seal: Seal,
        *,
        new_id: Callable[[], UUID] = uuid6.uuid7,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._scribe = scribe
        self._register = register
        self._commit = commit
        self._seal = seal
        self._new_id = new_id
        self._monotonic = monotonic
        self._proofs: dict[Proof, float] = {}

    # -- kiosk.corrections.Corrections

    def attention(self) -> tuple[Attention, ...]:
        return self._database.read(load_attention)

    def prove(self, staff_id: str, pin: bytearray) -> Proof:
        proof, now = PinProof(self._register.sign_in(staff_id, pin)), self._monotonic()
        self._proofs = {known: until for known, until in self._proofs.items() if until > now}
        self._proofs[proof] = now + PROOF_SECONDS
        return proof

    def explain(self, transaction: UUID, note: UUID, by: StaffMember) -> None:
        cause = f"note {note}"

        def work(connection: Database) -> None:
            row, member = _known(connection, transaction), _as_stored(connection, by)
            if not _is_written(connection, transaction, EntryKind.EXPLAINED, cause):
                body = encode_canonical(Explanation(note=note, by=person_of(member)))
                fact = Fact(EntryKind.EXPLAINED, row.ids(), _actor(member), cause, body=body)
                write(connection, self._scribe, row, fact)

        self._database.write(work)

    def agree_refund(
        self, transaction: UUID, correction: UUID, reason: Reason, *, requested: Proof, approved: Proof
    ) -> None:
        def work(connection: Database) -> None:
            row = _known(connection, transaction)
            pending = load_refund(connection, transaction)
            if pending is not None and pending.correction == correction:
                return
            _must_be_a_sale(row)
            if pending is not None:
                raise LedgerMistake("another refund of this transaction is agreed already")
            first, second = self._two_people(connection, requested, approved)
            agreed = RefundAgreed(
                correction=correction,
                reason=reason,
                requested_by=person_of(first),
                approved_by=person_of(second),
            )
            cause, body = f"refund {correction}", encode_canonical(agreed)
            fact = Fact(EntryKind.REFUND_AGREED, row.ids(), "supervisor", cause, row.amount_fils, body=body)
            write(connection, self._scribe, row, fact)

        with self._using(requested, approved):
            self._database.write(work)

    def call_off(self, transaction: UUID, by: StaffMember) -> None:
        def work(connection: Database) -> None:
            row, member = _known(connection, transaction), _as_stored(connection, by)
            pending = load_refund(connection, transaction)
            if pending is not None:
                cause = f"refund {pending.correction} by {member.id}"
                fact = Fact(EntryKind.REFUND_CALLED_OFF, row.ids(), _actor(member), cause, row.amount_fils)
                write(connection, self._scribe, row, fact)

        self._database.write(work)

    def refund(
        self, transaction: UUID, *, by_recovery: bool, tendered_fils: int | None = None, change_fils: int | None = None
    ) -> Corrected:
        def work(connection: Database) -> Corrected:
            row = _known(connection, transaction)
            if row.state is not TransactionState.REVERSED:
                agreed = load_refund(connection, transaction)
                if agreed is None:
                    raise LedgerMistake("a refund that nobody agreed to")
                whole = _reversal(row, traded(connection, row), agreed, self._new_id())
                whole = msgspec.structs.replace(whole, tendered_fils=tendered_fils, change_fils=change_fils)
                _money_adds_up(whole)
                actor: Actor = "recovery" if by_recovery else "supervisor"
                self._take_back(connection, row, whole, f"{REFUNDED_BY}{agreed.correction}", actor)
            return _written(load_corrected(connection, transaction))

        return self._database.write(work)

    def share_of(self, transaction: UUID) -> Share:
        return self._database.read(lambda connection: load_share(connection, _known(connection, transaction))[0])

    def resubmit(
        self, agreement: Agreement, correction: UUID, reason: Reason, *, requested: Proof, approved: Proof
    ) -> Commitment:
        sealed = self._seal(encode_canonical(agreement))

        def work(connection: Database) -> Commitment:
            new = load_row(connection, agreement.ids.transaction)
            if new is None:
                first, second = self._two_people(connection, requested, approved)
                agreed = RefundAgreed(
                    correction=correction,
                    reason=reason,
                    requested_by=person_of(first),
                    approved_by=person_of(second),
                )
                new = self._correct(connection, agreement, agreed)
                if sealed is not None:
                    keep(connection, sealed)
            return _commitment(new)

        with self._using(requested, approved):
            return self._database.write(work)

    def dispute(self, transaction: UUID, dispute: UUID, objection: Objection, by: Proof) -> Disputed:
        def work(connection: Database) -> Disputed:
            if load_row(connection, dispute) is None:
                member = _as_stored(connection, by.member)
                if member.role is not Role.SUPERVISOR:
                    raise StaffMistake("an office's supervisor disputes an entry")
                self._dispute(connection, _known(connection, transaction), dispute, objection, member)
            return _written(load_disputed(connection, dispute))

        with self._using(by):
            return self._database.write(work)

    def corrected(self, transaction: UUID) -> Corrected | None:
        return self._database.read(lambda connection: load_corrected(connection, transaction))

    # -- the people

    @contextlib.contextmanager
    def _using(self, *proofs: Proof) -> Iterator[None]:
        """Each proof is good for one write. Raises StaffMistake where one is spent, or too old."""
        now = self._monotonic()
        if any(self._proofs.get(proof, now) <= now for proof in proofs):
            raise StaffMistake("a PIN was not shown, or too long ago")
        yield
        for proof in proofs:
            self._proofs.pop(proof, None)

    def _two_people(self, connection: Database, requested: Proof, approved: Proof) -> tuple[StaffMember, StaffMember]:
        """As the register has them now: who has left since, or may do less, does not count."""
        first, second = _as_stored(connection, requested.member), _as_stored(connection, approved.member)
        if first.id == second.id:
            raise StaffMistake("a correction is made by two different people")
        if second.role is not Role.SUPERVISOR:
            raise StaffMistake("a supervisor approves a correction")
        return first, second

    # -- on the ledger's thread

    def _take_back(
        self, connection: Database, row: TransactionRow, reversal: Reversal, cause: str, actor: Actor
    ) -> None:
        """Two entries, one body: the refused transaction's end, and the message that says it."""
        body, said = encode_canonical(reversal), f"{REVERSES}{row.transaction_id}"
        ended = Fact(EntryKind.REVERSED, row.ids(), actor, cause, row.amount_fils, row.receipt_number, body=body)
        write(connection, self._scribe, row, ended)
        message = Fact(EntryKind.REVERSAL, reversal.ids, actor, said, -row.amount_fils, row.receipt_number, body=body)
        self._deliver(connection, message, reversal.service)

    def _deliver(self, connection: Database, fact: Fact, service: str) -> None:
        """`fact` with the next message's number, and the next paper's of the receipt that it names."""
        assert fact.receipt_number is not None
        number = correction_number(fact.receipt_number, _count_papers(connection, fact.receipt_number) + 1)
        fact = dataclasses.replace(fact, receipt_number=number, message=last_message(connection) + 1)
        link, _ = write(connection, self._scribe, None, fact)
        Outbox.add(connection, link, fact.body, service)

    def _correct(self, connection: Database, agreement: Agreement, agreed: RefundAgreed) -> TransactionRow:
        if agreement.corrects is None:
            raise LedgerMistake("a corrected transaction that names none")
        old = _known(connection, agreement.corrects)
        _must_be_a_sale(old)
        bought = traded(connection, old)
        if load_refund(connection, old.transaction_id) is not None:
            raise LedgerMistake("its money is being given back")
        if (old.amount_fils, bought.method) != (agreement.total_fils, agreement.method):
            raise LedgerMistake("another amount or another way to pay: refund, then a new visit")
        new = self._carry_over(connection, old, agreement)
        reversal = _reversal(old, bought, agreed, self._new_id())
        reversal = msgspec.structs.replace(reversal, corrected_by=new.transaction_id)
        self._take_back(connection, old, reversal, f"{CORRECTED_BY}{new.transaction_id}", "supervisor")
        return new

    def _carry_over(self, connection: Database, old: TransactionRow, agreement: Agreement) -> TransactionRow:
        """The new transaction with the old one's money: prepared, paid and committed."""
        ids, total, body = agreement.ids, agreement.total_fils, encode_canonical(agreement)
        require_sum(agreement)
        prepared = Fact(
            EntryKind.PREPARED,
            ids,
            "clerk",
            "visit",
            total,
            body=body,
            application_hash=application_hash(agreement),
            document_hashes=document_hashes(agreement),
        )
        _, row = write(connection, self._scribe, None, prepared)
        if total:
            share, together = load_share(connection, old)
            note = PaymentNote(state=PaymentState.CAPTURED, carried_from=share.part, together=together)
            cause = f"carried over from {old.transaction_id}"
            paid = Fact(EntryKind.PAYMENT, ids, "clerk", cause, total, body=encode_canonical(note))
            _, row = write(connection, self._scribe, row, paid)
        return self._commit(connection, row, f"corrects {old.transaction_id}")

    def _dispute(
        self, connection: Database, row: TransactionRow, dispute: UUID, objection: Objection, by: StaffMember
    ) -> None:
        entry, entry_hash = _disputed_entry(connection, row)
        bought = traded(connection, row)
        whole = Dispute(
            ids=Ids(basket=row.basket, transaction=dispute, payment=self._new_id()),
            of=row.ids(),
            receipt_number=row.receipt_number or "",
            service=bought.service,
            agency=bought.agency,
            method=bought.method,
            entry=entry,
            entry_hash=entry_hash,
            objection=objection,
            by=person_of(by),
        )
        body, cause = encode_canonical(whole), f"disputes entry {entry}"
        fact = Fact(EntryKind.DISPUTED, whole.ids, "supervisor", cause, 0, row.receipt_number, body=body)
        self._deliver(connection, fact, whole.service)


# ---------------------------------------------------------------- on the ledger's thread


def _known(connection: Database, transaction: UUID) -> TransactionRow:
    row = load_row(connection, transaction)
    if row is None:
        raise LedgerMistake("a transaction that was never prepared")
    return row


def _written(found: T | None) -> T:
    assert found is not None  # by this same transaction, or an earlier one
    return found


def _must_be_a_sale(row: TransactionRow) -> None:
    if not row.body_hash:
        raise LedgerMistake("a correction is not corrected: it is disputed")
    if row.state is not TransactionState.NEEDS_ATTENTION:
        raise LedgerMistake(f"corrected while {row.state}")


def _as_stored(connection: Database, member: StaffMember) -> StaffMember:
    stored = next((one for one in load_members(connection) if one.id == member.id and one.active), None)
    if stored is None:
        raise StaffMistake(f"nobody who works here has the id {member.id!r}")
    if stored.role is Role.TECHNICIAN:
        raise StaffMistake("a technician does not serve at the counter")
    return stored


def _actor(member: StaffMember) -> Actor:
    return "supervisor" if member.role is Role.SUPERVISOR else "clerk"


def _is_written(connection: Database, transaction: UUID, kind: EntryKind, cause: str) -> bool:
    row = connection.execute(
        "SELECT 1 FROM entries WHERE transaction_id = ? AND kind = ? AND cause = ?", (str(transaction), kind, cause)
    ).fetchone()
    return row is not None


def _count_papers(connection: Database, receipt_number: str) -> int:
    """How many corrections stand behind the receipt that `receipt_number`, or a correction's own number, begins with.
    The unique index on the numbers answers it."""
    first = correction_number(receipt_number, 0)[:-1]
    row = connection.execute(
        "SELECT count(*) FROM transactions WHERE receipt_number > ? AND receipt_number < ?", (first, f"{first}:")
    ).fetchone()
    return int(row[0])


def _reversal(row: TransactionRow, bought: Traded, agreed: RefundAgreed, payment: UUID) -> Reversal:
    return Reversal(
        ids=Ids(basket=row.basket, transaction=agreed.correction, payment=payment),
        of=row.ids(),
        receipt_number=row.receipt_number or "",
        service=bought.service,
        agency=bought.agency,
        method=bought.method,
        amount_fils=row.amount_fils,
        reason=agreed.reason,
        requested_by=agreed.requested_by,
        approved_by=agreed.approved_by,
    )


def _money_adds_up(reversal: Reversal) -> None:
    """Cash says what was handed out and what came back of it; a bank card has neither."""
    note = PaymentNote(
        state=PaymentState.REFUNDED, tendered_fils=reversal.tendered_fils, change_fils=reversal.change_fils
    )
    is_counted = reversal.tendered_fils is not None
    if is_counted is not (reversal.method is PaymentMethod.CASH) or not note.adds_up(reversal.amount_fils):
        raise LedgerMistake("what was handed out less what came back is not the amount")


def _commitment(row: TransactionRow) -> Commitment:
    known = {
        "transaction": row.transaction_id,
        "sequence": row.committed_sequence,
        "receipt_number": row.receipt_number,
        "committed_at": row.committed_at,
    }
    return msgspec.convert(known, Commitment)


def _disputed_entry(connection: Database, row: TransactionRow) -> tuple[int, str]:
    """Of what was sold, the centre's refusal; of a correction, the correction."""
    found = connection.execute(
        "SELECT sequence, hash FROM entries WHERE transaction_id = ? AND kind IN (?, ?, ?) ORDER BY sequence LIMIT 1",
        (str(row.transaction_id), EntryKind.NEEDS_ATTENTION, EntryKind.REVERSAL, EntryKind.DISPUTED),
    ).fetchone()
    if found is None:
        raise LedgerMistake(f"nothing to dispute while {row.state}")
    return int(found[0]), str(found[1])

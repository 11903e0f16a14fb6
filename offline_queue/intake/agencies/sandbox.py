"""A sandbox agency: its own rules behind one way of quoting, deciding once, and taking back.

What differs from agency to agency are its `Rules`: whom it knows, what is owed, what it refuses, and what changes on
its file. Its tables lie in the intake's database for convenience; nothing else of the intake is known here, so that a
real agency can stand in its place.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Protocol, runtime_checkable
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Column, Connection, Engine, Integer, MetaData, String, Table, UniqueConstraint, insert, select
from uuid6 import uuid7

from kiosk.catalogue import Service
from kiosk.corrections import Reversal
from kiosk.transaction import Agreement
from kiosk.wire import QUOTE_CONTEXT, Enquiry, Fact, Quote, QuoteLine, Signed, Words, agency_key_id, encode_canonical
from offline_queue.intake.agencies import AgencySilent, Decision, Refusal
from offline_queue.intake.agencies.book import Book, records
from offline_queue.intake.agencies.sandbox_checks import COMMON_REFUSALS, objection_to_price, objection_to_quote
from offline_queue.intake.database import reading
from offline_queue.signing import WrongSignature, open_signed, sign

tables = MetaData()

_decisions = Table(
    "agency_decisions",
    tables,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("agency", String, nullable=False),
    Column("transaction_id", String(36), nullable=False),
    Column("reference", String, nullable=False),
    Column("code", String, nullable=False),
    Column("decided_at", String, nullable=False),
    UniqueConstraint("agency", "transaction_id"),
    sqlite_autoincrement=True,
)

_taken_back = Table(
    "agency_reversals",
    tables,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("agency", String, nullable=False),
    Column("transaction_id", String(36), nullable=False),
    Column("correction_id", String(36), nullable=False),
    Column("told_at", String, nullable=False),
    UniqueConstraint("agency", "transaction_id"),
    sqlite_autoincrement=True,
)


class Behaviour(msgspec.Struct, frozen=True, kw_only=True):
    """How long quotes hold, for how long a request is open at most, and the faults that are to be shown."""

    quote_seconds: float = 900.0
    request_seconds: float = 86_400.0
    silent: bool = False
    slow_seconds: float = 0.0


@dataclasses.dataclass(frozen=True, slots=True)
class Offer:
    """What is due, and what the agency goes by."""

    lines: tuple[QuoteLine, ...] = ()
    facts: tuple[Fact, ...] = ()


class Rules(Protocol):
    """One agency's own. A refusal is a code of `refusals`; every rule that is not public is marked as provisional in
    the data it is read from. Fields and answers are another's word: they may be missing, or anything."""

    @property
    def agency(self) -> str: ...

    @property
    def prefix(self) -> str:
        """Of the agency's reference numbers, e.g. "PBX"."""

    @property
    def refusals(self) -> Mapping[str, Words]: ...

    def look_up(self, enquiry: Enquiry, book: Book, /) -> tuple[Fact, ...] | str:
        """What is known for `enquiry.lookup`, or the code of a refusal."""

    def offer(self, enquiry: Enquiry, book: Book, /) -> Offer | str:
        """What is due, or the code of a refusal. Not asked where a tariff says what is due."""

    def object_to(self, agreement: Agreement, book: Book, /) -> str:
        """The code of a refusal, "" where nothing stands against it. The quote or the price was found in order."""

    def accept(self, agreement: Agreement, book: Book, /) -> None:
        """Writes down what changes."""


@runtime_checkable
class NamesWaysOut(Protocol):
    """Rules of which some refusals can be settled here and now."""

    @property
    def ways_out(self) -> Mapping[str, str]:
        """By the code of a refusal, the id of the service that settles what stands in the way."""


class SandboxAgency:
    """Answers from invented data. Safe to call from several threads. `published` are the services of the catalogue, by
    whose tariffs a price is checked."""

    def __init__(
        self,
        engine: Engine,
        key: Ed25519PrivateKey,
        rules: Rules,
        published: Mapping[str, Service],
        behaviour: Behaviour,
    ) -> None:
        self._engine = engine
        self._key = key
        self._rules = rules
        self._published = {name: service for name, service in published.items() if service.agency == rules.agency}
        self._behaviour = behaviour
        tables.create_all(engine)
        records.create_all(engine)

    def enquire(self, enquiry: Enquiry, now: datetime) -> Signed | Refusal:
        self._behave()
        if enquiry.service not in self._published:
            return self._refusal("SERVICE_UNKNOWN")
        with reading(self._engine) as connection:
            book = Book(connection, self._rules.agency, now)
            if enquiry.lookup:
                told = self._rules.look_up(enquiry, book)
                found = Offer(facts=told) if isinstance(told, tuple) else told
            else:
                found = self._rules.offer(enquiry, book)
        return self._refusal(found) if isinstance(found, str) else self._signed(enquiry, found, now)

    def settle(self, agreement: Agreement, now: datetime) -> Decision:
        self._behave()
        code = self._objection(agreement)
        with self._engine.begin() as connection:
            if (earlier := self._earlier(connection, agreement)) is not None:
                return earlier
            book = Book(connection, self._rules.agency, now)
            code = code or self._rules.object_to(agreement, book)
            reference = self._record(connection, agreement, code, now)
            if not code:
                self._rules.accept(agreement, book)
        return self._decision(reference, code)

    def take_back(self, reversal: Reversal, now: datetime) -> Decision:
        self._behave()
        transaction = str(reversal.of.transaction)
        with self._engine.begin() as connection:
            decided = select(_decisions.c.code).where(
                _decisions.c.agency == self._rules.agency, _decisions.c.transaction_id == transaction
            )
            if connection.execute(decided).scalar_one_or_none() == "":
                return Decision(refusal=self._refusal("NOT_REFUSED"))
            return Decision(reference=f"{self._rules.prefix}-R-{self._note(connection, reversal, now):06d}")

    # -- parts

    def _signed(self, enquiry: Enquiry, offer: Offer, now: datetime) -> Signed:
        quote = Quote(
            quote=uuid7(),
            agency=self._rules.agency,
            service=enquiry.service,
            fields=enquiry.fields,
            issued_at=now,
            expires_at=now + timedelta(seconds=self._behaviour.quote_seconds),
            lines=offer.lines,
            provisional=True,
            facts=offer.facts,
            lookup=enquiry.lookup,
        )
        return sign(encode_canonical(quote), QUOTE_CONTEXT, self._key, agency_key_id(self._rules.agency))

    def _objection(self, agreement: Agreement) -> str:
        service = self._published.get(agreement.service)
        if service is None:
            return "SERVICE_UNKNOWN"
        if service.signature == "card" and not agreement.signed_application:
            return "NOT_SIGNED"
        if not agreement.quote:
            return objection_to_price(agreement, service)
        try:
            signed = msgspec.json.decode(agreement.quote, type=Signed)
            key_id = agency_key_id(self._rules.agency)
            payload = open_signed(signed, QUOTE_CONTEXT, self._key.public_key(), key_id)
            quote = msgspec.json.decode(payload, type=Quote)
        except (msgspec.DecodeError, UnicodeDecodeError, WrongSignature):
            return "QUOTE_UNPROVEN"
        return objection_to_quote(agreement, quote, service)

    def _earlier(self, connection: Connection, agreement: Agreement) -> Decision | None:
        decided = select(_decisions.c.reference, _decisions.c.code).where(
            _decisions.c.agency == self._rules.agency,
            _decisions.c.transaction_id == str(agreement.ids.transaction),
        )
        row = connection.execute(decided).one_or_none()
        return None if row is None else self._decision(row.reference, row.code)

    def reference(self, connection: Connection, transaction: UUID) -> str:
        """The agency's own number of what it accepted, "" where it accepted nothing."""
        found = select(_decisions.c.reference).where(
            _decisions.c.agency == self._rules.agency, _decisions.c.transaction_id == str(transaction)
        )
        return connection.execute(found).scalar_one_or_none() or ""

    def _record(self, connection: Connection, agreement: Agreement, code: str, now: datetime) -> str:
        """The agency's own number, counted over all that it decided."""
        last = select(_decisions.c.number).order_by(_decisions.c.number.desc()).limit(1)
        number = (connection.execute(last).scalar() or 0) + 1
        reference = "" if code else f"{self._rules.prefix}-{now.astimezone(UTC):%Y}-{number:06d}"
        row = insert(_decisions).values(
            number=number,
            agency=self._rules.agency,
            transaction_id=str(agreement.ids.transaction),
            reference=reference,
            code=code,
            decided_at=now.isoformat(),
        )
        connection.execute(row)
        return reference

    def _note(self, connection: Connection, reversal: Reversal, now: datetime) -> int:
        """Its number; told again, the first one."""
        transaction = str(reversal.of.transaction)
        known = select(_taken_back.c.number).where(
            _taken_back.c.agency == self._rules.agency, _taken_back.c.transaction_id == transaction
        )
        number: int | None = connection.execute(known).scalar_one_or_none()
        if number is None:
            row = insert(_taken_back).values(
                agency=self._rules.agency,
                transaction_id=transaction,
                correction_id=str(reversal.ids.transaction),
                told_at=now.isoformat(),
            )
            number = connection.execute(row.returning(_taken_back.c.number)).scalar_one()
        return number

    def _decision(self, reference: str, code: str) -> Decision:
        return Decision(reference=reference, refusal=self._refusal(code) if code else None)

    def _refusal(self, code: str) -> Refusal:
        words = self._rules.refusals.get(code) or COMMON_REFUSALS[code]
        rules: object = self._rules
        ways_out = rules.ways_out if isinstance(rules, NamesWaysOut) else {}
        return Refusal(code=code, words=words, way_out=ways_out.get(code, ""))

    def _behave(self) -> None:
        time.sleep(self._behaviour.slow_seconds)  # the slow agency that a test or the demonstration asked for
        if self._behaviour.silent:
            raise AgencySilent

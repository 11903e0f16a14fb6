"""The sandbox traffic agency: quotes under its own key, one decision on each transaction, each fine paid once.

Its tables lie in the intake's database for convenience; nothing else of the intake is known here, so that a real
agency can stand in its place.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    insert,
    select,
)
from uuid6 import uuid7

from kiosk.corrections import Reversal
from kiosk.transaction import Agreement
from kiosk.wire import QUOTE_CONTEXT, Enquiry, Quote, Signed, agency_key_id, encode_canonical
from offline_queue.intake.agencies import AgencySilent, Decision, Refusal
from offline_queue.intake.agencies.reversals import note, reversals_of
from offline_queue.intake.agencies.traffic_rules import SERVICE, Fine, lines, objection, owed, refusal, register
from offline_queue.intake.database import open_database, reading
from offline_queue.signing import WrongSignature, open_signed, sign

AGENCY = "traffic"
KEY_ID = agency_key_id(AGENCY)

_tables = MetaData()

settlements = Table(
    "traffic_settlements",
    _tables,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("transaction_id", String(36), nullable=False, unique=True),
    Column("reference", String, nullable=False),
    Column("code", String, nullable=False),
    Column("decided_at", String, nullable=False),
    sqlite_autoincrement=True,
)

paid_fines = Table(
    "traffic_paid_fines",
    _tables,
    Column("fine", String, primary_key=True),
    Column("settlement", ForeignKey(settlements.c.number), nullable=False),
)

reversals = reversals_of(AGENCY, _tables)

_EARLIER = select(settlements.c.reference, settlements.c.code).where(
    settlements.c.transaction_id == bindparam("transaction")
)
_PAID = select(paid_fines.c.fine).where(paid_fines.c.fine.in_(bindparam("fines", expanding=True))).limit(1)
_LAST = select(settlements.c.number).order_by(settlements.c.number.desc()).limit(1)


class Behaviour(msgspec.Struct, frozen=True, kw_only=True):
    """How the sandbox agency behaves: how long its quotes hold, and the faults that are to be shown."""

    quote_seconds: float = 900.0
    silent: bool = False
    slow_seconds: float = 0.0


class TrafficAgency:
    """Answers from invented data; see `traffic_fines.toml`. Safe to call from several threads."""

    def __init__(self, engine: Engine, key: Ed25519PrivateKey, behaviour: Behaviour) -> None:
        self._engine = engine
        self._key = key
        self._behaviour = behaviour
        self._register = register()
        _tables.create_all(engine)

    def enquire(self, enquiry: Enquiry, now: datetime) -> Signed | Refusal:
        self._behave()
        if enquiry.service != SERVICE:
            return refusal("SERVICE_UNKNOWN")
        fines = owed(self._register, enquiry.fields)
        if isinstance(fines, Refusal):
            return fines
        with reading(self._engine) as connection:
            paid = set(connection.execute(select(paid_fines.c.fine)).scalars())
        quote = Quote(
            quote=uuid7(),
            agency=AGENCY,
            service=SERVICE,
            fields=enquiry.fields,
            issued_at=now,
            expires_at=now + timedelta(seconds=self._behaviour.quote_seconds),
            lines=lines(self._register, (fine for fine in fines if fine.id not in paid)),
            provisional=True,
        )
        return sign(encode_canonical(quote), QUOTE_CONTEXT, self._key, KEY_ID)

    def settle(self, agreement: Agreement, now: datetime) -> Decision:
        return self.settle_several([agreement], now)[0]

    def settle_several(self, agreements: Sequence[Agreement], now: datetime) -> Sequence[Decision]:
        self._behave()
        found = [self._objection(agreement) for agreement in agreements]
        with self._engine.begin() as connection:
            return [_settle(connection, *one, now) for one in zip(agreements, found, strict=True)]

    def take_back(self, reversal: Reversal, now: datetime) -> Decision:
        self._behave()
        transaction = str(reversal.of.transaction)
        with self._engine.begin() as connection:
            settled = select(settlements.c.code).where(settlements.c.transaction_id == transaction)
            if connection.execute(settled).scalar_one_or_none() == "":
                return Decision(refusal=refusal("NOT_REFUSED"))
            number = note(connection, reversals, reversal, now)
        return Decision(reference=f"TRF-R-{number:06d}")

    def _objection(self, agreement: Agreement) -> Refusal | None:
        try:
            signed = msgspec.json.decode(agreement.quote, type=Signed)
            payload = open_signed(signed, QUOTE_CONTEXT, self._key.public_key(), KEY_ID)
            quote = msgspec.json.decode(payload, type=Quote)
        except (msgspec.DecodeError, UnicodeDecodeError, WrongSignature):
            return refusal("QUOTE_UNPROVEN")
        return objection(agreement, quote)

    def _behave(self) -> None:
        time.sleep(self._behaviour.slow_seconds)  # the slow agency that a test or the demonstration asked for
        if self._behaviour.silent:
            raise AgencySilent


def unpaid(connection: Connection, plate: str) -> tuple[Fine, ...]:
    """The fines of this vehicle that stand open, those at court among them; none of a plate that nobody knows. For
    another agency that may not go on before they are settled."""
    fines = owed(register(), {"plate": plate})
    if isinstance(fines, Refusal):
        return ()
    wanted = [fine.id for fine in fines]
    paid = set(connection.execute(select(paid_fines.c.fine).where(paid_fines.c.fine.in_(wanted))).scalars())
    return tuple(fine for fine in fines if fine.id not in paid)


def pay_at_its_window(database: Path, plate: str, now: datetime) -> None:
    """Somebody pays the fines of this vehicle at the agency itself, which no terminal and no centre hears of. For a
    demonstration; beside a running intake."""
    fines = owed(register(), {"plate": plate})
    assert not isinstance(fines, Refusal), fines.code
    engine = open_database(database)
    with engine.begin() as connection:
        _record(connection, str(uuid7()), "", [fine.id for fine in fines], now)
    engine.dispose()


def _settle(connection: Connection, agreement: Agreement, found: Refusal | None, now: datetime) -> Decision:
    transaction = str(agreement.ids.transaction)
    earlier = connection.execute(_EARLIER, {"transaction": transaction}).one_or_none()
    if earlier is not None:
        return _decision(earlier.reference, earlier.code)
    fines = [line.id for line in agreement.lines]
    if found is None and _any_paid(connection, fines):
        found = refusal("ALREADY_PAID")
    return _record(connection, transaction, found.code if found else "", fines, now)


def _any_paid(connection: Connection, fines: list[str]) -> bool:
    return connection.execute(_PAID, {"fines": fines}).first() is not None


def _record(connection: Connection, transaction: str, code: str, fines: list[str], now: datetime) -> Decision:
    """Writes the decision, and on acceptance the fines as paid; both or neither."""
    previous = connection.execute(_LAST).scalar()
    number = (previous or 0) + 1
    reference = "" if code else f"TRF-{now.astimezone(UTC):%Y}-{number:06d}"
    settled = {"number": number, "transaction_id": transaction, "reference": reference, "code": code}
    connection.execute(insert(settlements), settled | {"decided_at": now.isoformat()})
    if not code:
        connection.execute(insert(paid_fines), [{"fine": fine, "settlement": number} for fine in fines])
    return _decision(reference, code)


def _decision(reference: str, code: str) -> Decision:
    return Decision(reference=reference, refusal=refusal(code) if code else None)

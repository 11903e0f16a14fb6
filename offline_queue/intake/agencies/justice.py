"""The sandbox Ministry of Justice: states the fee of a non-conviction certificate, and takes requests for one.

A request that is accepted is looked at for a while, and then issued or rejected (`justice_requests`). Its tables lie in
the intake's database for convenience; nothing else of the intake is known here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Column, Connection, Engine, Integer, LargeBinary, MetaData, Row, String, Table, insert, select
from sqlalchemy.dialects.sqlite import insert as insert_or_ignore
from uuid6 import uuid7

from kiosk.corrections import Reversal
from kiosk.my_requests import IssuedDocument, RequestState
from kiosk.transaction import Agreement
from kiosk.wire import QUOTE_CONTEXT, Enquiry, Quote, Signed, agency_key_id, encode_canonical
from offline_queue.entries import application_hash
from offline_queue.intake.agencies import Decision, Progress, Refusal
from offline_queue.intake.agencies.issuing import Issuer, secret_of
from offline_queue.intake.agencies.justice_requests import Applied, certificate, progress
from offline_queue.intake.agencies.justice_rules import (
    SERVICE,
    fee_lines,
    objection,
    objection_to_enquiry,
    on_file,
    refusal,
)
from offline_queue.intake.agencies.reversals import note, reversals_of
from offline_queue.intake.database import reading
from offline_queue.signing import WrongSignature, open_signed, sign

AGENCY: Final = "justice"
KEY_ID: Final = agency_key_id(AGENCY)
REQUESTED: Final = "requested"

_tables = MetaData()

requests = Table(
    "justice_requests",
    _tables,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("transaction_id", String(36), nullable=False, unique=True),
    Column("reference", String, nullable=False),
    Column("code", String, nullable=False),
    Column("state", String, nullable=False),  # REQUESTED, or "" where it was refused
    Column("applicant", String, nullable=False, index=True),  # the national number
    Column("purpose", String, nullable=False),
    Column("delivery", String, nullable=False),
    Column("application_hash", String, nullable=False),  # of what was signed, SHA-256 in hexadecimal
    Column("open_until", String, nullable=False),  # UTC
    Column("decided_at", String, nullable=False),
    sqlite_autoincrement=True,
)

holders = Table(
    "justice_holders",
    _tables,
    Column("transaction_id", String(36), primary_key=True),
    Column("name", String, nullable=False),
)

deliveries = Table(
    "justice_deliveries",
    _tables,
    Column("transaction_id", String(36), primary_key=True),
    Column("address", String, nullable=False),  # of a certificate that is sent
)

certificates = Table(
    "justice_certificates",
    _tables,
    Column("transaction_id", String(36), primary_key=True),
    Column("document", LargeBinary, nullable=False),  # JSON of kiosk.my_requests.IssuedDocument
)

reversals = reversals_of(AGENCY, _tables)


class Behaviour(msgspec.Struct, frozen=True, kw_only=True):
    """How long a quote holds, and how long a request is open until somebody has seen to it: two minutes, so that a
    demonstration sees a certificate come, and can request once more."""

    quote_seconds: float = 900.0
    open_seconds: float = 120.0


class JusticeAgency:
    """Answers from invented data; see `justice.toml`. Safe to call from several threads."""

    def __init__(
        self, engine: Engine, key: Ed25519PrivateKey, document_key: ec.EllipticCurvePrivateKey, behaviour: Behaviour
    ) -> None:
        self._engine = engine
        self._key = key
        self._issuer = Issuer(AGENCY, document_key, secret_of(key))
        self._behaviour = behaviour
        self._file = on_file()
        _tables.create_all(engine)

    def enquire(self, enquiry: Enquiry, now: datetime) -> Signed | Refusal:
        if enquiry.service != SERVICE:
            return refusal("SERVICE_UNKNOWN")
        found = objection_to_enquiry(self._file, enquiry.fields, now)
        if found is not None:
            return found
        with reading(self._engine) as connection:
            if _has_open_request(connection, enquiry.fields["national_number"], now):
                return refusal("REQUEST_OPEN")
        quote = Quote(
            quote=uuid7(),
            agency=AGENCY,
            service=SERVICE,
            fields=enquiry.fields,
            issued_at=now,
            expires_at=now + timedelta(seconds=self._behaviour.quote_seconds),
            lines=fee_lines(self._file, enquiry.fields),
            provisional=True,
        )
        return sign(encode_canonical(quote), QUOTE_CONTEXT, self._key, KEY_ID)

    def settle(self, agreement: Agreement, now: datetime) -> Decision:
        """Whether the holder's signature holds is not looked at here: how the Ministry checks it is not public. That
        what was signed is what the terminal's ledger names was seen by the intake already."""
        found = self._objection(agreement)
        with self._engine.begin() as connection:
            earlier = connection.execute(
                select(requests.c.reference, requests.c.code).where(
                    requests.c.transaction_id == str(agreement.ids.transaction)
                )
            ).one_or_none()
            if earlier is not None:
                return _decision(earlier.reference, earlier.code)
            if found is None and _has_open_request(connection, agreement.national_number, now):
                found = refusal("REQUEST_OPEN")
            return self._record(connection, agreement, found.code if found else "", now)

    def take_back(self, reversal: Reversal, now: datetime) -> Decision:
        with self._engine.begin() as connection:
            decided = select(requests.c.code).where(requests.c.transaction_id == str(reversal.of.transaction))
            if connection.execute(decided).scalar_one_or_none() == "":
                return Decision(refusal=refusal("NOT_REFUSED"))
            return Decision(reference=f"NCC-R-{note(connection, reversals, reversal, now):06d}")

    # -- what becomes of a request

    def keeps(self, service: str) -> bool:
        return service == SERVICE

    def requests_of(self, transactions: Sequence[UUID], now: datetime) -> Mapping[UUID, Sequence[Progress]]:
        wanted = [str(transaction) for transaction in transactions]
        query = select(requests).where(requests.c.transaction_id.in_(wanted), requests.c.code == "")
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        return {UUID(row.transaction_id): progress(self._applied(row), now) for row in rows}

    def document(self, transaction: UUID, now: datetime) -> IssuedDocument | None:
        one = requests.c.transaction_id == str(transaction)
        with reading(self._engine) as connection:
            row = connection.execute(select(requests).where(one, requests.c.code == "")).one_or_none()
            held = connection.execute(select(holders.c.name).where(holders.c.transaction_id == str(transaction)))
            name = held.scalar_one_or_none()
        if row is None or name is None or progress(self._applied(row), now)[-1].state is not RequestState.ISSUED:
            return None
        issued_at = datetime.fromisoformat(row.open_until)
        written = certificate(name, row.applicant, issued_at)
        return self._keep(transaction, self._issuer.issue(SERVICE, row.reference, written, issued_at))

    def _keep(self, transaction: UUID, drawn: IssuedDocument) -> IssuedDocument:
        """The first one stands: no two papers of one certificate have different codes."""
        keep = insert_or_ignore(certificates).on_conflict_do_nothing()
        first = select(certificates.c.document).where(certificates.c.transaction_id == str(transaction))
        with self._engine.begin() as connection:
            connection.execute(keep, {"transaction_id": str(transaction), "document": msgspec.json.encode(drawn)})
            return msgspec.json.decode(connection.execute(first).scalar_one(), type=IssuedDocument)

    def _applied(self, row: Row[Any]) -> Applied:
        person = self._file.person(row.applicant)
        return Applied(
            applied_at=datetime.fromisoformat(row.decided_at),
            open_until=datetime.fromisoformat(row.open_until),
            on_record=person is not None and person.on_record,
        )

    def _objection(self, agreement: Agreement) -> Refusal | None:
        try:
            signed = msgspec.json.decode(agreement.quote, type=Signed)
            payload = open_signed(signed, QUOTE_CONTEXT, self._key.public_key(), KEY_ID)
            quote = msgspec.json.decode(payload, type=Quote)
        except (msgspec.DecodeError, UnicodeDecodeError, WrongSignature):
            return refusal("QUOTE_UNPROVEN")
        return objection(self._file, agreement, quote)

    def _record(self, connection: Connection, agreement: Agreement, code: str, now: datetime) -> Decision:
        previous = connection.execute(select(requests.c.number).order_by(requests.c.number.desc()).limit(1)).scalar()
        number = (previous or 0) + 1
        reference = "" if code else f"NCC-{now.astimezone(UTC):%Y}-{number:06d}"
        connection.execute(
            insert(requests).values(
                number=number,
                transaction_id=str(agreement.ids.transaction),
                reference=reference,
                code=code,
                state="" if code else REQUESTED,
                applicant=agreement.national_number,
                purpose=agreement.answers.get("purpose", ""),
                delivery=agreement.answers.get("delivery", ""),
                application_hash=application_hash(agreement),
                open_until=_moment(now + timedelta(seconds=self._behaviour.open_seconds)),
                decided_at=_moment(now),
            )
        )
        if not code:
            holder = {"transaction_id": str(agreement.ids.transaction), "name": agreement.person_name}
            connection.execute(insert(holders).values(**holder))
            if agreement.answers.get("delivery") == "post":
                address = {"transaction_id": holder["transaction_id"], "address": agreement.answers["address"]}
                connection.execute(insert(deliveries).values(**address))
        return _decision(reference, code)


def _has_open_request(connection: Connection, applicant: str, now: datetime) -> bool:
    found = select(requests.c.number).where(
        requests.c.applicant == applicant, requests.c.state == REQUESTED, requests.c.open_until > _moment(now)
    )
    return connection.execute(found.limit(1)).first() is not None


def _moment(time: datetime) -> str:
    """All of one length, so that the earlier one is the smaller text."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def _decision(reference: str, code: str) -> Decision:
    return Decision(reference=reference, refusal=refusal(code) if code else None)

"""What a sandbox agency issues on a request: when it is asked for, when it is ready, and the document with its code.

A document is drawn once and kept: the same bytes whoever asks. Each says of itself, on its face and in its code, that
it is a specimen.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol, runtime_checkable
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import Column, Engine, LargeBinary, MetaData, String, Table, select
from sqlalchemy.dialects.sqlite import insert

from kiosk.catalogue import Service
from kiosk.my_requests import IssuedDocument, RequestState
from kiosk.wire import Fact, Words
from offline_queue.document_code import DocumentClaims, holder_hash, seal_document
from offline_queue.intake.agencies import Progress
from offline_queue.intake.agencies.book import Book
from offline_queue.intake.agencies.certificate import Certificate, draw_certificate
from offline_queue.intake.agencies.sandbox import Behaviour, Rules, SandboxAgency
from offline_queue.intake.database import reading

VERIFY_URL: Final = "https://documents.example/v"
"""On a domain that is reserved for examples (RFC 2606)."""

tables = MetaData()

_documents = Table(
    "agency_documents",
    tables,
    Column("agency", String, primary_key=True),
    Column("transaction_id", String(36), primary_key=True),
    Column("document", LargeBinary, nullable=False),  # JSON of kiosk.my_requests.IssuedDocument
)


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """A request that was accepted: of which service, when, and from when its document is ready. Half of the time until
    then nobody has begun with it. `at_work` and `issued` are the agency's words on the two states that follow."""

    service: str
    since: datetime
    ready_at: datetime
    at_work: Words
    issued: Words

    def progress(self, now: datetime) -> tuple[Progress, ...]:
        """Every state so far, the oldest first."""
        half = self.since + (self.ready_at - self.since) / 2
        steps = (
            Progress(state=RequestState.REQUESTED, since=self.since),
            Progress(state=RequestState.IN_PROGRESS, since=half, words=self.at_work),
            Progress(state=RequestState.ISSUED, since=self.ready_at, words=self.issued),
        )
        return tuple(step for step in steps if step.since <= now)


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Written:
    """What is written on a document. `holder` is the number of whom it is about."""

    title: Words
    issuer: Words
    statement: Words
    facts: tuple[Fact, ...]
    holder: str


@runtime_checkable
class IssuesDocuments(Rules, Protocol):
    """The rules of an agency that answers some services with a document, later."""

    @property
    def documents(self) -> frozenset[str]:
        """The services that do."""

    def asked(self, transaction: UUID, book: Book, /) -> Asked | None:
        """None of what is no request for a document."""

    def written(self, transaction: UUID, book: Book, /) -> Written | None:
        """None of what is no such request; else what stands on it once it is ready."""


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Issuer:
    """Signs an agency's documents; `secret` hashes their holders' numbers."""

    agency: str
    key: ec.EllipticCurvePrivateKey
    secret: bytes

    def issue(self, service: str, number: str, written: Written, issued_at: datetime) -> IssuedDocument:
        """Marked as a specimen on its face and in its code."""
        claims = DocumentClaims(
            agency=self.agency,
            service=service,
            number=number,
            issued_at=issued_at,
            specimen=True,
            holder=holder_hash(written.holder, self.secret),
        )
        code = seal_document(claims, self.key, VERIFY_URL)
        certificate = Certificate(
            title=written.title,
            issuer=written.issuer,
            statement=written.statement,
            rows=tuple((fact.title, fact.words or Words(ar=fact.value, en=fact.value)) for fact in written.facts),
            number=number,
            code=code,
        )
        pdf = draw_certificate(certificate)
        return IssuedDocument(number=number, issued_at=issued_at.astimezone(UTC), pdf=pdf, code=code)


def secret_of(key: Ed25519PrivateKey) -> bytes:
    """What the agency hashes its holders' numbers with: its own, and nobody else's."""
    return b"holders" + key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())


class IssuingAgency(SandboxAgency):
    """A sandbox agency that also tells what became of its requests, and hands out their documents."""

    def __init__(
        self,
        engine: Engine,
        key: Ed25519PrivateKey,
        rules: IssuesDocuments,
        published: Mapping[str, Service],
        behaviour: Behaviour,
        *,
        document_key: ec.EllipticCurvePrivateKey,
    ) -> None:
        super().__init__(engine, key, rules, published, behaviour)
        self._issuing = rules
        self._issuer = Issuer(rules.agency, document_key, secret_of(key))
        tables.create_all(engine)

    def keeps(self, service: str) -> bool:
        return service in self._issuing.documents

    def requests_of(self, transactions: Sequence[UUID], now: datetime) -> Mapping[UUID, Sequence[Progress]]:
        self._behave()
        with reading(self._engine) as connection:
            book = Book(connection, self._issuing.agency, now)
            found = {transaction: self._asked(transaction, book) for transaction in transactions}
        return {transaction: asked.progress(now) for transaction, asked in found.items() if asked is not None}

    def document(self, transaction: UUID, now: datetime) -> IssuedDocument | None:
        self._behave()
        with reading(self._engine) as connection:
            book = Book(connection, self._issuing.agency, now)
            asked = self._asked(transaction, book)
            written = self._issuing.written(transaction, book)
            number = self.reference(connection, transaction)
        if asked is None or written is None or now < asked.ready_at:
            return None
        drawn = self._issuer.issue(asked.service, number, written, asked.ready_at)
        return self._keep(transaction, drawn)

    def _asked(self, transaction: UUID, book: Book) -> Asked | None:
        """Ready by when the agency's own rules say, and sooner where the demonstration wants it so."""
        asked = self._issuing.asked(transaction, book)
        if asked is None:
            return None
        soonest = asked.since + timedelta(seconds=self._behaviour.request_seconds)
        return dataclasses.replace(asked, ready_at=min(asked.ready_at, soonest))

    def _keep(self, transaction: UUID, drawn: IssuedDocument) -> IssuedDocument:
        """The first one stands: no two papers of one document have different codes."""
        key = {"agency": self._issuing.agency, "transaction_id": str(transaction)}
        first = select(_documents.c.document).filter_by(**key)
        with self._engine.begin() as connection:
            row = insert(_documents).on_conflict_do_nothing().values(**key, document=msgspec.json.encode(drawn))
            connection.execute(row)
            return msgspec.json.decode(connection.execute(first).scalar_one(), type=IssuedDocument)

"""A sandbox agency by itself, for the tests of its rules: asked and told as the intake does, at any time."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine
from uuid6 import uuid7

from kiosk.catalogue import Service
from kiosk.catalogue.files import load
from kiosk.fees import in_force, price
from kiosk.my_requests import IssuedDocument
from kiosk.transaction import AgreedLine, Agreement, Ids, PaymentMethod
from kiosk.wire import QUOTE_CONTEXT, Enquiry, Quote, Signed
from offline_queue.document_code import verify_document
from offline_queue.intake.agencies import Refusal
from offline_queue.intake.agencies.issuing import IssuesDocuments, IssuingAgency
from offline_queue.intake.agencies.sandbox import Behaviour, Rules, SandboxAgency
from offline_queue.keys import load_receipt_key
from tests.offline_queue.intake.parts import opened, private_key

SERVICES = Path(__file__).parents[3] / "assets" / "services"
NOW = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
PERSON = "9912004821"


class Desk:
    """One agency under test. What it answers is opened with its key, as a terminal does."""

    def __init__(self, engine: Engine, keys: Path, rules: Rules, behaviour: Behaviour | None = None) -> None:
        self.key: Ed25519PrivateKey = private_key(keys / "agency" / f"{rules.agency}.key")
        self.published = {service.id: service for service in load(SERVICES).services}
        self.rules = rules
        self.trust = keys / "trust"
        behaviour = behaviour or Behaviour()
        if isinstance(rules, IssuesDocuments):
            document_key = load_receipt_key(keys / "agency" / f"{rules.agency}-document.key")[0]
            self.agency: SandboxAgency = IssuingAgency(
                engine, self.key, rules, self.published, behaviour, document_key=document_key
            )
        else:
            self.agency = SandboxAgency(engine, self.key, rules, self.published, behaviour)

    @property
    def issuing(self) -> IssuingAgency:
        assert isinstance(self.agency, IssuingAgency)
        return self.agency

    def states(self, transaction: UUID, now: datetime) -> list[str]:
        """What became of a request so far; nothing where it is none."""
        return [str(step.state) for step in self.issuing.requests_of([transaction], now).get(transaction, ())]

    def issued(self, transaction: UUID, now: datetime) -> IssuedDocument | None:
        """Its document, whose code was found to be genuine, and to be this agency's."""
        document = self.issuing.document(transaction, now)
        if document is not None:
            verdict = verify_document(document.code, self.trust)
            assert verdict.genuine
            assert verdict.claims is not None
            assert (verdict.claims.agency, verdict.claims.number) == (self.rules.agency, document.number)
            assert document.pdf.startswith(b"%PDF")
        return document

    def service(self, identifier: str) -> Service:
        return self.published[identifier]

    def ask(self, service: str, fields: dict[str, str], lookup: str = "", now: datetime = NOW) -> Quote | str:
        """The quote, or the code of the refusal."""
        answer = self.asked(service, fields, lookup, now)
        if isinstance(answer, Refusal):
            assert answer.words.ar
            assert answer.words.en
            return answer.code
        return opened(answer, QUOTE_CONTEXT, self.key.public_key(), Quote)

    def asked(self, service: str, fields: dict[str, str], lookup: str = "", now: datetime = NOW) -> Signed | Refusal:
        return self.agency.enquire(Enquiry(terminal="KRK3", service=service, fields=fields, lookup=lookup), now)

    def facts(self, service: str, fields: dict[str, str], lookup: str, now: datetime = NOW) -> dict[str, str]:
        answer = self.ask(service, fields, lookup, now)
        assert isinstance(answer, Quote), answer
        assert answer.lines == ()
        return {fact.id: fact.value for fact in answer.facts}

    def settle(self, agreement: Agreement, now: datetime = NOW) -> str:
        """The reference, or the code of the refusal."""
        decision = self.agency.settle(agreement, now)
        return decision.refusal.code if decision.refusal else decision.reference

    # -- what a person agreed to

    def priced(self, service: str, answers: dict[str, str], /, *, at: datetime = NOW, **changed: Any) -> Agreement:
        """By the published tariff of that day, in self-service."""
        tariff = in_force(self.service(service).tariffs, at)
        assert tariff is not None
        due = price(tariff, answers, at, "kiosk")
        lines = tuple(
            AgreedLine(id=fee.id, title_ar=fee.title.ar, title_en=fee.title.en, amount_fils=fee.amount_fils)
            for fee in due.fees
        )
        return self._agreement(service, answers, lines, at, **{"tariff": tariff.id, **changed})

    def quoted(
        self,
        service: str,
        answers: dict[str, str],
        fields: dict[str, str],
        picked: tuple[str, ...] | None = None,
        /,
        *,
        at: datetime = NOW,
        **changed: Any,
    ) -> Agreement:
        """On a quote that is asked for now; all that can be paid, or those lines."""
        signed = self.asked(service, fields, now=at)
        assert isinstance(signed, Signed), signed
        quote = opened(signed, QUOTE_CONTEXT, self.key.public_key(), Quote)
        agreed = tuple(
            AgreedLine(id=line.id, title_ar=line.title.ar, title_en=line.title.en, amount_fils=line.amount_fils)
            for line in quote.lines
            if (line.payable if picked is None else line.id in picked)
        )
        return self._agreement(service, answers, agreed, at, **{"quote": msgspec.json.encode(signed), **changed})

    def _agreement(
        self, service: str, answers: dict[str, str], lines: tuple[AgreedLine, ...], at: datetime, /, **changed: Any
    ) -> Agreement:
        known: dict[str, Any] = {
            "ids": Ids(basket=uuid7(), transaction=uuid7(), payment=uuid7()),
            "service": service,
            "agency": self.rules.agency,
            "national_number": PERSON,
            "person_name": "سلمى",
            "answers": answers,
            "lines": lines,
            "total_fils": sum(line.amount_fils for line in lines),
            "method": PaymentMethod.BANK_CARD,
            "quote": b"",
            "agreed_at": at,
        }
        return Agreement(**{**known, **changed})

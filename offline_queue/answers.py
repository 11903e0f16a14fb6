"""Which answers count: signed by the centre or the agency, and about what was asked. Everything else is NoAnswer."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.my_requests import DocumentAnswer, DocumentQuestion, RequestsAnswer
from kiosk.wire import (
    ANSWER_CONTEXT,
    CENTRE_KEY,
    QUOTE_CONTEXT,
    Batch,
    BatchAnswer,
    Enquiry,
    HeldAnswer,
    HeldQuestion,
    HelpAnswer,
    OpenCallsAnswer,
    Quote,
    Signed,
    UptakeAnswer,
    UptakeBatch,
    agency_key_id,
)
from offline_queue.centre import NoAnswer, Silence
from offline_queue.signing import WrongSignature, open_signed

T = TypeVar("T", bound=msgspec.Struct)


def open_answer(signed: Signed, centre: Ed25519PublicKey, kind: type[T]) -> T:
    return _opened(signed, ANSWER_CONTEXT, centre, CENTRE_KEY, kind)


def open_quote(signed: Signed, key: Ed25519PublicKey, agency: str, enquiry: Enquiry) -> Quote:
    """The agency's quote for exactly this enquiry."""
    quote = _opened(signed, QUOTE_CONTEXT, key, agency_key_id(agency), Quote)
    asked = (agency, enquiry.service, enquiry.fields, enquiry.lookup)
    if (quote.agency, quote.service, quote.fields, quote.lookup) != asked:
        raise _unproven("a quote for something else")
    if _naive(quote.issued_at) or _naive(quote.expires_at):
        raise _unproven("a quote whose times have no zone")
    if any(line.amount_fils < 0 for line in quote.lines) or len({line.id for line in quote.lines}) != len(quote.lines):
        raise _unproven("a quote whose lines cannot be")
    return quote


def check_batch(answer: BatchAnswer, batch: Batch) -> None:
    """It names this terminal, each id at most once, and none that was not sent."""
    named = [item.transaction for item in answer.answers]
    sent = {item.transaction for item in batch.items}
    if answer.terminal != batch.terminal or len(set(named)) != len(named) or not sent.issuperset(named):
        raise _unproven("an answer to something else")


def check_held(answer: HeldAnswer, question: HeldQuestion) -> None:
    asked = (question.terminal, question.first, question.last)
    if (answer.terminal, answer.first, answer.last) != asked:
        raise _unproven("an answer to something else")
    if any(not question.first <= message <= question.last for message, _ in answer.held):
        raise _unproven("an answer to something else")


def check_uptake(answer: UptakeAnswer, batch: UptakeBatch) -> None:
    named = (*answer.held, *answer.refused)
    if answer.terminal != batch.terminal or not {record.record for record in batch.records}.issuperset(named):
        raise _unproven("an answer to something else")


def check_help(answer: HelpAnswer, terminal: str, call: UUID) -> None:
    if (answer.terminal, answer.call) != (terminal, call):
        raise _unproven("an answer to something else")
    if answer.standing is not None and (answer.standing.call != call or _naive(answer.standing.called_at)):
        raise _unproven("a call that cannot be")
    if _naive(answer.answered_at):
        raise _unproven("a time without a zone")


def check_open_calls(answer: OpenCallsAnswer, terminal: str) -> None:
    if answer.terminal != terminal:
        raise _unproven("another terminal's answer")
    if any(_naive(call.called_at) for call in answer.calls):
        raise _unproven("a time without a zone")


def check_requests(answer: RequestsAnswer, terminal: str) -> None:
    if answer.terminal != terminal or len({one.transaction for one in answer.requests}) != len(answer.requests):
        raise _unproven("an answer to something else")
    if any(_naive(moment) for one in answer.requests for moment in (one.requested_at, one.changed_at)):
        raise _unproven("a time without a zone")


def check_document(answer: DocumentAnswer, question: DocumentQuestion) -> None:
    if (answer.terminal, answer.transaction) != (question.terminal, question.transaction):
        raise _unproven("an answer to something else")
    if answer.document is not None and not answer.document.pdf.startswith(b"%PDF-"):
        raise _unproven("a document that is no PDF")


def _opened(signed: Signed, context: bytes, key: Ed25519PublicKey, key_id: str, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(open_signed(signed, context, key, key_id), type=kind)
    except WrongSignature as error:
        raise _unproven(str(error)) from None
    except (
        msgspec.DecodeError,
        UnicodeDecodeError,
    ):  # signed, and yet another schema than ours: its text could quote content
        raise _unproven(f"a signed answer that is no {kind.__name__}") from None


def _naive(moment: datetime) -> bool:
    return moment.tzinfo is None


def _unproven(detail: str) -> NoAnswer:
    return NoAnswer(Silence.UNPROVEN, detail=detail)

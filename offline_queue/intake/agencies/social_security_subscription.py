"""The sandbox Social Security's voluntary subscription: what is told, what it costs, and what changes."""

from __future__ import annotations

from datetime import date
from typing import Final

import msgspec

from kiosk.forms import AGREED
from kiosk.texts import LEGAL_TIME
from kiosk.transaction import Agreement
from kiosk.wire import Enquiry, Fact, Quote, Signed
from offline_queue.intake.agencies.book import Book
from offline_queue.intake.agencies.sandbox import Offer
from offline_queue.intake.agencies.social_security_file import SUBSCRIPTION, OnFile, today
from offline_queue.intake.agencies.social_security_rules import Owed, Span, Subscription, following, month_of
from offline_queue.intake.agencies.social_security_standing import CHANGE, JOIN, PAY, STOP, Standing, standing_of
from offline_queue.intake.agencies.social_security_words import (
    LATE,
    actions_fact,
    bound_fact,
    change_fact,
    changed_facts,
    due_fact,
    end_fact,
    lines_of,
    next_payment_fact,
    rate_fact,
    standing_fact,
    suggested_fact,
    wage_fact,
)

SERVICE: Final = "social_security.voluntary"


def facts_of(file: OnFile, enquiry: Enquiry, book: Book) -> tuple[Fact, ...] | str:
    """How it stands with this person, what can be done now, and between which bounds a wage may be."""
    standing = _asked(file, enquiry, book)
    if standing is None:
        return "NO_RULES"
    if not standing.active and (code := standing.bar_to_joining()):
        return code
    least, most = standing.wages()
    common = (
        actions_fact(standing.actions()),
        standing_fact(standing.subscription),
        rate_fact(standing.rule),
        bound_fact("least", least),
        bound_fact("most", most),
    )
    return common + (_of_subscriber(standing) if standing.active else (suggested_fact(JOIN),))


def _of_subscriber(standing: Standing) -> tuple[Fact, ...]:
    assert standing.subscription is not None
    due, actions = standing.due(), standing.actions()
    return (
        wage_fact(standing.subscription.wage_fils),
        due_fact(due),
        *([suggested_fact(PAY)] if due else []),
        *([] if due or CHANGE in actions else [change_fact(standing.rule)]),
    )


def offer(file: OnFile, enquiry: Enquiry, book: Book) -> Offer | str:
    """What joining or paying costs, or stopping where something is due; a change costs nothing."""
    standing = _asked(file, enquiry, book)
    if standing is None:
        return "NO_RULES"
    action, wage = enquiry.fields.get("action", ""), _whole(enquiry.fields.get("wage", ""))
    bar = standing.bar_to_joining() if action == JOIN and not standing.active else ""
    if code := bar or standing.objection_to(action, wage):
        return code
    if action == JOIN:
        if enquiry.fields.get("declaration") != AGREED:
            return "NOT_DECLARED"
        first = standing.first_month()
        owed = (Owed(first, standing.rule.contribution(wage), 0),)
        return Offer(lines_of(owed), (next_payment_fact(standing.rule, first),))
    assert standing.subscription is not None
    if action == CHANGE:
        first = max(following(standing.subscription.paid_until), month_of(standing.day))
        return Offer((), changed_facts(standing.rule.contribution(wage), first))
    due = standing.due()
    last = due[-1].month if due else standing.subscription.paid_until
    return Offer(lines_of(due), (next_payment_fact(standing.rule, last) if action == PAY else end_fact(last),))


def object_to(file: OnFile, agreement: Agreement, book: Book) -> str:
    """As the file is when it arrives, by the rules of the day on which the person agreed. A terminal without a line may
    deliver days later: what was paid elsewhere meanwhile is not paid twice."""
    if agreement.on_behalf_of:
        return "FOR_ONESELF"
    standing = _agreed(file, agreement, book)
    if standing is None:
        return "NO_RULES"
    paid = _paid_months(agreement)
    if paid and standing.subscription is not None and paid[0] <= standing.subscription.paid_until:
        return "ALREADY_PAID"
    return standing.objection_to(agreement.answers.get("action", ""), _whole(agreement.answers.get("wage", "")))


def accept(file: OnFile, agreement: Agreement, book: Book) -> None:
    standing = _agreed(file, agreement, book)
    assert standing is not None
    action, wage = agreement.answers["action"], _whole(agreement.answers.get("wage", ""))
    paid, earlier = _paid_months(agreement), standing.subscription
    if action == JOIN:
        changed = _joined(earlier, wage, paid[0])
    else:
        assert earlier is not None
        changed = (
            _changed(earlier, wage, standing.day) if action == CHANGE else _paid(earlier, paid, stop=action == STOP)
        )
    book.write(SUBSCRIPTION, agreement.national_number, changed)


def _joined(earlier: Subscription | None, wage: int, first: date) -> Subscription:
    """What was cut or risen before is not forgotten by stopping."""
    if earlier is None:
        return Subscription(since=first, paid_until=first, wage_fils=wage)
    spans = (*earlier.earlier, Span(first=earlier.since, last=earlier.paid_until))
    return msgspec.structs.replace(earlier, since=first, paid_until=first, wage_fils=wage, active=True, earlier=spans)


def _changed(earlier: Subscription, wage: int, day: date) -> Subscription:
    return msgspec.structs.replace(
        earlier,
        wage_fils=wage,
        was_cut=earlier.was_cut or wage < earlier.wage_fils,
        risen_in=day.year if wage > earlier.wage_fils else earlier.risen_in,
    )


def _paid(earlier: Subscription, paid: tuple[date, ...], *, stop: bool) -> Subscription:
    return msgspec.structs.replace(earlier, paid_until=paid[-1] if paid else earlier.paid_until, active=not stop)


def _asked(file: OnFile, enquiry: Enquiry, book: Book) -> Standing | None:
    fields = enquiry.fields
    return standing_of(file, book, fields.get("national_number", ""), today(book), fields.get("birth_date", ""))


def _agreed(file: OnFile, agreement: Agreement, book: Book) -> Standing | None:
    """With the birth date that the quote was asked for with: it was found to be the agency's own."""
    quote = msgspec.json.decode(msgspec.json.decode(agreement.quote, type=Signed).payload, type=Quote)
    day = agreement.agreed_at.astimezone(LEGAL_TIME).date()
    return standing_of(file, book, agreement.national_number, day, quote.fields.get("birth_date", ""))


def _paid_months(agreement: Agreement) -> tuple[date, ...]:
    """By the lines that the agency stated itself."""
    return tuple(date.fromisoformat(f"{line.id}-01") for line in agreement.lines if line.id != LATE)


def _whole(text: str) -> int:
    """0 where it is no number."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else 0

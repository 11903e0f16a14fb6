"""The sandbox Social Security: the voluntary subscription, and the statement of contributions.

Every rule is provisional: how Social Security applies its own is not public.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from kiosk.transaction import Agreement
from kiosk.wire import Enquiry, Fact, Words
from offline_queue.intake.agencies import social_security_standing as standing
from offline_queue.intake.agencies import social_security_statement as statement
from offline_queue.intake.agencies import social_security_subscription as subscription
from offline_queue.intake.agencies.book import Book
from offline_queue.intake.agencies.issuing import Asked, Written
from offline_queue.intake.agencies.sandbox import Offer
from offline_queue.intake.agencies.social_security_file import OnFile, on_file


class SocialSecurity:
    """Each question goes to the service that asks it."""

    agency: Final = "social_security"
    prefix: Final = "SSC"
    documents: Final = frozenset({statement.SERVICE})
    refusals: Mapping[str, Words] = {**standing.REFUSALS, **statement.REFUSALS}

    def __init__(self, file: OnFile) -> None:
        self._file = file

    def look_up(self, enquiry: Enquiry, book: Book, /) -> tuple[Fact, ...] | str:
        if enquiry.service == statement.SERVICE:
            return statement.facts_of(self._file, enquiry, book)
        return subscription.facts_of(self._file, enquiry, book)

    def offer(self, enquiry: Enquiry, book: Book, /) -> Offer | str:
        """Of a statement the tariff says that nothing is due."""
        if enquiry.service != subscription.SERVICE:
            return "SERVICE_UNKNOWN"
        return subscription.offer(self._file, enquiry, book)

    def object_to(self, agreement: Agreement, book: Book, /) -> str:
        if agreement.service == statement.SERVICE:
            return statement.object_to(self._file, agreement, book)
        return subscription.object_to(self._file, agreement, book)

    def accept(self, agreement: Agreement, book: Book, /) -> None:
        if agreement.service == statement.SERVICE:
            statement.accept(self._file, agreement, book)
        else:
            subscription.accept(self._file, agreement, book)

    def asked(self, transaction: UUID, book: Book, /) -> Asked | None:
        request = book.read(statement.REQUEST, str(transaction), statement.StatementRequest)
        return None if request is None else statement.asked(request)

    def written(self, transaction: UUID, book: Book, /) -> Written | None:
        request = book.read(statement.REQUEST, str(transaction), statement.StatementRequest)
        return None if request is None else statement.written(request)


RULES: Final = SocialSecurity(on_file())

"""The sandbox customs department: duties of a declaration, and the clearance of a parcel at the post office.

Every rule is provisional: what the department publishes is in its data with its source, the rest is invented there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kiosk.transaction import Agreement
from kiosk.wire import Enquiry, Fact, Words
from offline_queue.intake.agencies import customs_declarations as declarations
from offline_queue.intake.agencies import customs_parcels as parcels
from offline_queue.intake.agencies.book import Book
from offline_queue.intake.agencies.customs_file import OnFile, on_file
from offline_queue.intake.agencies.sandbox import Offer


class Customs:
    """Each question goes to the service that asks it."""

    agency: Final = "customs"
    prefix: Final = "CUS"
    refusals: Mapping[str, Words] = {**declarations.REFUSALS, **parcels.REFUSALS}

    def __init__(self, file: OnFile) -> None:
        self._file = file

    def look_up(self, enquiry: Enquiry, book: Book, /) -> tuple[Fact, ...] | str:
        if enquiry.service == parcels.SERVICE:
            return parcels.facts_of(self._file, enquiry, book)
        return declarations.facts_of(self._file, enquiry, book)

    def offer(self, enquiry: Enquiry, book: Book, /) -> Offer | str:
        if enquiry.service == parcels.SERVICE:
            return parcels.offer(self._file, enquiry, book)
        return declarations.offer(self._file, enquiry, book)

    def object_to(self, agreement: Agreement, book: Book, /) -> str:
        if agreement.service == parcels.SERVICE:
            return parcels.object_to(self._file, agreement, book)
        return declarations.object_to(self._file, agreement, book)

    def accept(self, agreement: Agreement, book: Book, /) -> None:
        if agreement.service == parcels.SERVICE:
            parcels.accept(self._file, agreement, book)
        else:
            declarations.accept(self._file, agreement, book)


RULES: Final = Customs(on_file())

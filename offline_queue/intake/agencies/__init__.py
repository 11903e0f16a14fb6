"""What the intake asks of an agency: a quote, one decision on each transaction, and what then becomes of a request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable
from uuid import UUID

import msgspec

from kiosk.corrections import Reversal
from kiosk.my_requests import IssuedDocument, RequestState
from kiosk.transaction import Agreement
from kiosk.wire import Enquiry, Signed, Words


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """Why something is not accepted: a code for machines and staff, words for the person; and the service by which what
    stands in the way is settled, where there is one."""

    code: str
    words: Words
    way_out: str = ""


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """An agency's word on one transaction: its reference number, or its refusal."""

    reference: str = ""
    refusal: Refusal | None = None


class AgencySilent(Exception):
    """The agency gives no answer now; nothing was decided, and the same question may be asked again."""


class Agency(Protocol):
    """Every call may block, and raises AgencySilent."""

    def enquire(self, enquiry: Enquiry, now: datetime) -> Signed | Refusal:
        """A quote signed by the agency's own key, or its refusal."""

    def settle(self, agreement: Agreement, now: datetime) -> Decision:
        """Decides once for each transaction: asked again about the same one, the first decision is given again."""

    def take_back(self, reversal: Reversal, now: datetime) -> Decision:
        """Learns that a transaction which it refused was taken back at the office. Told again of the same one, it gives
        the first answer again."""


@runtime_checkable
class TakesSeveral(Protocol):
    """An agency that can also be asked about many transactions in one call, and so at the price of one."""

    def settle_several(self, agreements: Sequence[Agreement], now: datetime) -> Sequence[Decision]:
        """A decision on each, in order, as `Agency.settle` gives it; or an exception, and nothing is decided."""


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """A state that a request has come to, since when, and the agency's own words on it."""

    state: RequestState
    since: datetime
    words: Words | None = None


@runtime_checkable
class KeepsRequests(Protocol):
    """An agency that does not always answer with the receipt: what it accepts of some services is a request, of which
    it tells more later."""

    def keeps(self, service: str) -> bool:
        """Whether what is accepted of that service is such a request."""

    def requests_of(self, transactions: Sequence[UUID], now: datetime) -> Mapping[UUID, Sequence[Progress]]:
        """Every state that each of these requests has come to, the oldest first; nothing of what is not its own."""

    def document(self, transaction: UUID, now: datetime) -> IssuedDocument | None:
        """What was issued; asked again, the same bytes. None where nothing was, or it is not to be printed."""

"""The centre of a terminal in training: invented fines, fees and answers, signed as real ones are, without any line.

Nothing here has a socket. What is committed in training is answered here or waits for ever.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import uuid6

from kiosk.failures import Failure, ServiceFailure
from kiosk.help import HelpState, OfficeCall
from kiosk.ports import Clock
from kiosk.training import DECLINED_FILS, TRAINING_ID, UNANSWERED_FILS, Case, case_of
from kiosk.transaction import DeliveryOutcome
from kiosk.wire import (
    ANSWER_CONTEXT,
    CENTRE_KEY,
    QUOTE_CONTEXT,
    BatchAnswer,
    Enquiry,
    ItemAnswer,
    Quote,
    QuoteLine,
    Signed,
    Words,
    agency_key_id,
    encode_canonical,
)
from offline_queue import answers
from offline_queue.ledger import SqlLedger
from offline_queue.signing import sign
from offline_queue.sync import Standing
from offline_queue.training_keys import CentreKeys

_QUOTE_HOLDS: Final = timedelta(minutes=15)
_ANSWERED: Final = "TRAINING"
_REFUSED: Final = Words(ar="لا سجل لهذه اللوحة (تدريب)", en="This plate is not on record (training)")
_AT_COURT: Final = Words(ar="لدى المحكمة، لا تُدفع هنا", en="At court, not paid here")
_INVENTED_FINE: Final = Words(ar="مخالفة للتدريب", en="Training fine")
_INVENTED_FEE: Final = Words(ar="رسم للتدريب", en="Training fee")
_OF_FINES: Final = "traffic"

_AMOUNTS: Final = {
    Case.NONE: (),
    Case.DECLINED: (DECLINED_FILS,),
    Case.UNANSWERED: (UNANSWERED_FILS,),
}
_USUAL: Final = (20_000, 12_500)
_FAILURES: Final = {
    Case.UNREACHABLE: Failure.AGENCY_UNREACHABLE,
    Case.SILENT: Failure.AGENCY_SILENT,
}


class TrainingCentre:
    """`kiosk.ports.AgencyDesk`, `Delivery` and `Clock`. What it does follows from what is asked (kiosk.training).
    `on_change(line is up, 0)` is called when that may have changed, on the caller's thread: nothing is being sent."""

    def __init__(
        self,
        ledger: SqlLedger,
        keys: CentreKeys,
        clock: Clock,
        on_change: Callable[[bool, int], None] = lambda _up, _waiting: None,
    ) -> None:
        self._ledger = ledger
        self._keys = keys
        self._clock = clock
        self._on_change = on_change
        self._line = threading.Event()
        self._line.set()
        self.wake()

    # -- kiosk.ports.Clock

    def now(self) -> datetime:
        return self._clock.now()

    # -- kiosk.ports.AgencyDesk

    def enquire(self, enquiry: Enquiry, agency: str) -> tuple[Quote, Signed]:
        case = case_of(enquiry.fields)
        self._line.set()
        if case is Case.REFUSED:
            raise ServiceFailure(Failure.AGENCY_REFUSED, words_ar=_REFUSED.ar, words_en=_REFUSED.en)
        if case in _FAILURES:
            raise ServiceFailure(_FAILURES[case])
        quote = _quote(enquiry, agency, case, self._clock)
        signed = sign(encode_canonical(quote), QUOTE_CONTEXT, self._keys.agency, agency_key_id(agency))
        if case is Case.AWAITING:
            self._line.clear()
        self.wake()
        return answers.open_quote(signed, self._keys.agency.public_key(), agency, enquiry), signed

    # -- offline_queue.delivery_desk.Running

    def standing(self) -> Standing:
        """The technician's page works in training too; there is nobody to have answered."""
        return Standing(line_is_up=self._line.is_set(), trouble="", last_answer_at=None, next_try_at=None)

    # -- kiosk.ports.Delivery

    def line_is_up(self) -> bool:
        return self._line.is_set()

    def wait_for_answer(self, transaction: UUID, seconds: float) -> DeliveryOutcome:  # noqa: ARG002 - the port's shape
        """The answer is made here: nobody waits for it."""
        answer = ItemAnswer(transaction=transaction, result="accepted", reference=_ANSWERED)
        batch = BatchAnswer(terminal=TRAINING_ID, answered_at=self._clock.now(), answers=(answer,))
        proof = sign(encode_canonical(batch), ANSWER_CONTEXT, self._keys.centre, CENTRE_KEY)
        self._ledger.record_decision(answer, encode_canonical(proof))
        self.wake()
        return self._ledger.outcome_of(transaction)

    def wake(self) -> None:
        self._on_change(self.line_is_up(), 0)


class NobodyToCall:
    """`kiosk.help.HelpDesk`: a call would have to leave the terminal, so the person is told that it does not."""

    def call(self, place: str) -> UUID:  # noqa: ARG002 - the port's shape
        return uuid6.uuid7()

    def state(self, call: UUID) -> HelpState:  # noqa: ARG002 - the port's shape
        return HelpState.UNREACHABLE

    def withdraw(self, call: UUID) -> None:
        pass


class NobodyCalls:
    """`kiosk.help.ClerkBell`: no kiosk of the office rings at a counter that is training."""

    def open_calls(self) -> tuple[OfficeCall, ...]:
        return ()

    def answer(self, call: UUID, clerk: str) -> None:
        pass

    def close(self, call: UUID) -> None:
        pass


def _quote(enquiry: Enquiry, agency: str, case: Case, clock: Clock) -> Quote:
    """Of a trainee nothing is on file: a lookup is answered without a fact, and the trainee types."""
    now = clock.now()
    amounts: tuple[int, ...] = () if enquiry.lookup else _AMOUNTS.get(case, _USUAL)
    title = _INVENTED_FINE if agency == _OF_FINES else _INVENTED_FEE
    lines = [_line(f"T{place}", title, fils) for place, fils in enumerate(amounts, 1)]
    if amounts is _USUAL and agency == _OF_FINES:
        lines.append(_line("T9", title, 30_000, payable=False))
    return Quote(
        quote=uuid6.uuid7(),
        agency=agency,
        service=enquiry.service,
        fields=enquiry.fields,
        issued_at=now,
        expires_at=now + _QUOTE_HOLDS,
        lines=tuple(lines),
        provisional=True,
        lookup=enquiry.lookup,
    )


def _line(identifier: str, title: Words, fils: int, *, payable: bool = True) -> QuoteLine:
    return QuoteLine(
        id=identifier,
        title=title,
        place=None,
        occurred_on=None,
        amount_fils=fils,
        payable=payable,
        reason=None if payable else _AT_COURT,
    )

"""Keeps a case for later and gives it back: blocking steps, each answering with one event, as in kiosk.settlement."""

from __future__ import annotations

import contextlib
import dataclasses
from datetime import timedelta

from kiosk import slips
from kiosk.events import CaseParked, CaseResumed, Event, PartFailed
from kiosk.failures import Failure, ServiceFailure
from kiosk.parked import KEEP_HOURS, Draft, Parked, ParkedCases
from kiosk.ports import Clock, ReceiptPrinter
from kiosk.wire import Words


@dataclasses.dataclass(frozen=True, slots=True)
class Parking:
    """The parts that keep a case."""

    cases: ParkedCases
    printer: ReceiptPrinter
    clock: Clock
    office: Words

    def offers(self, national_number: str) -> tuple[Parked, ...]:
        """What this person may go on with. A ledger that cannot be read now hides no service."""
        with contextlib.suppress(ServiceFailure):
            return self.cases.of_person(national_number)
        return ()

    def keep(self, draft: Draft, by: str) -> Parked:
        """Raises ServiceFailure(NOT_SAVED)."""
        return self.cases.park(draft, self.clock.now() + timedelta(hours=KEEP_HOURS), by)

    def park(self, draft: Draft, by: str) -> Event:
        """Keeps it first; then a paper says the reference. Without paper the page still does."""
        parked = self.keep(draft, by)
        try:
            self.printer.print_slip(slips.kept(parked, self.clock.now(), self.office))
        except ServiceFailure:
            return CaseParked(parked, slip_printed=False)
        return CaseParked(parked, slip_printed=True)

    def resume(self, reference: str, national_number: str | None) -> Event:
        """Staff, who see the person, give no number. It stays kept until it is before somebody: see `taken_up`."""
        draft = self.cases.look(reference)
        if draft is None or national_number not in {None, draft.national_number}:
            return PartFailed(ServiceFailure(Failure.PARKED_NOT_FOUND))
        return CaseResumed(draft, reference)

    def taken_up(self, reference: str) -> None:
        self.cases.take(reference, None)

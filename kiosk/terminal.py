"""One open terminal: its parts, as they are handed to whoever serves at it.

`main.py` fills it in, and `ui` opens a kiosk or a counter on it. Every part is a port: neither floor knows another.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Protocol
from uuid import UUID

from kiosk.bell import Bell
from kiosk.catalogue import Service, offline_policy
from kiosk.corrections import Corrections
from kiosk.diagnostics import Examination, Finding
from kiosk.events import Event
from kiosk.following import Following
from kiosk.front import front_of
from kiosk.help import ClerkBell, HelpDesk
from kiosk.measuring import Measuring, Place
from kiosk.my_requests import DocumentJournal, DocumentPrinter, RequestsDesk
from kiosk.offers import Offers
from kiosk.parked import ParkedCases
from kiosk.parking import Parking
from kiosk.ports import (
    AgencyDesk,
    CardReader,
    Clock,
    Delivery,
    DocumentScanner,
    Ledger,
    PaymentTerminal,
    ReceiptPrinter,
    ServiceUses,
    Signer,
)
from kiosk.recovery import Resolution, resolve
from kiosk.report import Report
from kiosk.settings import Settings
from kiosk.settlement import Settlement
from kiosk.staff import StaffRegister
from kiosk.technician import DeliveryDesk, ServicePrinter
from kiosk.texts import Language
from kiosk.unresolved import Unresolved
from kiosk.uptake import Uptake
from kiosk.visit import Parts


class Screen(Protocol):
    """The kiosk or the counter that is open. `post` may be called on any thread, and so may the questions."""

    def post(self, event: Event) -> None:
        """A device's report."""

    def language(self) -> Language:
        """Of the paper that comes out beside the screen."""

    def is_quiet(self) -> bool:
        """Whether nobody is being served."""


class Shown:
    """The screen that is open, for the parts that start before it. While there is none, nobody is served."""

    def __init__(self) -> None:
        self.screen: Screen | None = None

    def language(self) -> Language:
        return "ar" if self.screen is None else self.screen.language()

    def is_quiet(self) -> bool:
        return self.screen is None or self.screen.is_quiet()


class TerminalLedger(Ledger, ServiceUses, DocumentJournal, Protocol):
    """The ledger with the registers that lie in the same file."""

    @property
    def corrections(self) -> Corrections: ...

    @property
    def parked(self) -> ParkedCases: ...

    @property
    def staff(self) -> StaffRegister: ...

    def unresolved(self) -> tuple[Unresolved, ...]: ...

    def chain_holds(self) -> bool: ...


class CentreDesk(AgencyDesk, Clock, Protocol):
    """The agencies behind the centre, and the centre's time."""


class TerminalPrinter(ReceiptPrinter, ServicePrinter, Protocol):
    """One printer for people's papers and the technician's."""


@dataclasses.dataclass(frozen=True, slots=True)
class Bells:
    """What devices' threads tell whichever screen listens: the line (up, how many wait), cards, the power."""

    line: Bell = dataclasses.field(default_factory=Bell)
    cards: Bell = dataclasses.field(default_factory=Bell)
    power: Bell = dataclasses.field(default_factory=Bell)


@dataclasses.dataclass(frozen=True, slots=True)
class Terminal:
    """The parts, started. `examination`, `report` and `delivery` are the technician's, and are made when one comes. In
    training there is no `signer`: a signature counts wherever it is shown; and no `requests`: what was practised is
    nobody's. Without a `scanner` no document is attached. `documents` prints A4 pages, where the office can. `count` is
    told how each errand ended."""

    settings: Settings
    clock: Clock
    ledger: TerminalLedger
    gateway: CentreDesk
    sync: Delivery
    payments: PaymentTerminal
    help_desk: HelpDesk
    bell: ClerkBell
    cards: CardReader
    printer: TerminalPrinter
    requests: RequestsDesk | None
    documents: DocumentPrinter | None
    signer: Signer | None
    scanner: DocumentScanner | None
    new_id: Callable[[], UUID]
    examination: Callable[[], Examination]
    report: Callable[[tuple[Finding, ...]], Report]
    delivery: Callable[[], DeliveryDesk]
    offers: Offers
    bells: Bells
    shown: Shown
    count: Callable[[Uptake], None]

    def visit_parts(self, services: tuple[Service, ...]) -> Parts:
        """By the gateway's clock, the centre's: whether a quote has run out is asked when it comes and when it is
        agreed to."""
        office = self.settings.terminal.office
        settlement = Settlement(
            self.ledger,
            self.payments,
            self.sync,
            self.printer,
            self.gateway,
            office,
            offline_policy(services, self.settings.offline),
            corrections=self.ledger.corrections,
        )
        parking = Parking(self.ledger.parked, self.printer, self.gateway, office)
        front = front_of(services, self.offers, self.ledger, self.clock)
        return Parts(
            self.settings.terminal.id,
            self.cards,
            self.gateway,
            settlement,
            parking,
            self.new_id,
            signer=self.signer,
            scanner=self.scanner,
            front=front,
            following=self._following(),
        )

    def measuring(self) -> Measuring:
        """For one screen, as long as that is open."""
        known = self.settings.terminal
        return Measuring(Place(known.id, known.office), self.clock, self.count)

    def _following(self) -> Following | None:
        if self.requests is None:
            return None
        office = self.settings.terminal.office
        return Following(self.requests, self.printer, self.ledger, self.clock, office, self.documents)

    def resolve_unfinished(self) -> None:
        """What a power cut or a silent payment terminal left half done; asked again each time nobody is served."""
        if any(entry.resolution is Resolution.COMMITTED for entry in resolve(self.ledger, self.payments)):
            self.sync.wake()

    def show_on(self, screen: Screen, line_changed: Callable[[bool, int], None]) -> None:
        """From now on everything is told to this screen, and asked of it."""
        self.shown.screen = screen
        self.bells.line.listen(line_changed)
        self.bells.cards.listen(screen.post)
        self.bells.power.listen(screen.post)

"""Opens the counter on a terminal's parts: the same terminal with a clerk before it."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.catalogue import Service
from kiosk.events import Event
from kiosk.records import LedgerRecords
from kiosk.refunds import Refunds
from kiosk.staff import StaffMember
from kiosk.terminal import Terminal
from ui.clerk.app import Counter
from ui.clerk.citizen_display import CitizenDisplay
from ui.clerk.desk import Tools
from ui.sound import Sounds
from ui.staff.window import StaffWindow
from ui.technician.entrance import at_counter, room_beside
from ui.uptake import measure_counter


def open_counter(
    terminal: Terminal,
    services: tuple[Service, ...],
    window: StaffWindow,
    make_display: Callable[[Callable[[Event], None]], CitizenDisplay | None],
) -> Counter:
    sounds, parts, refunds = Sounds(window), terminal.visit_parts(services), _refunds(terminal, services)
    tools = Tools(
        register=terminal.ledger.staff,
        bell=terminal.bell,
        records=LedgerRecords(
            terminal.ledger,
            terminal.ledger.unresolved,
            terminal.sync.wake,
            services,
            terminal.settings.terminal.office,
            parts.settlement.offline,
            terminal.clock,
            terminal.ledger.chain_holds,
        ),
        ring=sounds.ring,
        clock=terminal.clock,
        print_again=parts.settlement.print,
        refunds=refunds,
        following=parts.following,
    )

    def at_rest() -> None:
        terminal.resolve_unfinished()
        refunds.resume()

    def let_technician_in(member: StaffMember) -> None:
        entrance.door.let_in(member)

    counter = Counter(
        parts,
        services,
        tools,
        window,
        make_display,
        lock_seconds=terminal.settings.counter.lock_seconds,
        at_rest=at_rest,
        open_technician=let_technician_in,
    )
    entrance = at_counter(counter, room_beside(terminal, window), terminal.clock)
    measure_counter(counter, terminal.measuring())
    terminal.show_on(counter, counter.line_changed.emit)
    counter.closing.connect(sounds.close)
    return counter


def _refunds(terminal: Terminal, services: tuple[Service, ...]) -> Refunds:
    return Refunds(
        corrections=terminal.ledger.corrections,
        payments=terminal.payments,
        printer=terminal.printer,
        clock=terminal.clock,
        services=services,
        office=terminal.settings.terminal.office,
        wake=terminal.sync.wake,
    )

"""What the technician's window is handed: every part of the terminal that it looks at or works with."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

from kiosk.diagnostics import Examination, Finding
from kiosk.line_history import LineHistory
from kiosk.mode import Mode
from kiosk.ports import Clock
from kiosk.report import Report
from kiosk.staff import StaffRegister
from kiosk.technician import DeliveryDesk, ServicePrinter
from kiosk.terminal import Terminal
from kiosk.wire import Words


@dataclasses.dataclass(frozen=True, slots=True)
class TechnicianParts:
    """`report` puts findings beside settings and versions; `state` is the folder under which reports are saved."""

    terminal: str
    office: Words
    clock: Clock
    examination: Examination
    report: Callable[[tuple[Finding, ...]], Report]
    register: StaffRegister
    printer: ServicePrinter
    delivery: DeliveryDesk
    line: LineHistory
    state: Path
    mode: Mode = Mode.SERVICE


def parts_of(terminal: Terminal, line: LineHistory) -> TechnicianParts:
    settings = terminal.settings
    return TechnicianParts(
        terminal=settings.terminal.id,
        office=settings.terminal.office,
        clock=terminal.clock,
        examination=terminal.examination(),
        report=terminal.report,
        register=terminal.ledger.staff,
        printer=terminal.printer,
        delivery=terminal.delivery(),
        line=line,
        state=settings.folders.state,
        mode=settings.terminal.mode,
    )

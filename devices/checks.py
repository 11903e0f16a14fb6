"""The technician's checks of everything that is plugged in, and of the machine."""

from __future__ import annotations

from devices import machine
from devices.cards import diagnosis as cards
from devices.cards.reader import SmartCards
from devices.cards.trust.diagnosis import trust
from devices.diagnosis import policy
from devices.payments import diagnosis as payments
from devices.printers import diagnosis as printers
from devices.scanners import diagnosis as scanners
from kiosk.diagnostics import Check
from kiosk.facts import UNKNOWN, Fact
from kiosk.ports import Clock
from kiosk.settings import Settings


def checks(settings: Settings, reader: SmartCards, clock: Clock) -> tuple[Check, ...]:
    """`reader` has been started: it is the running program's own, or one of `devices.diagnosis.watched_cards`."""
    return (
        cards.service(),
        cards.reader(settings.card.readers),
        cards.card(reader.state, reader.read, reader.complete),
        trust(settings.card.anchors, policy(settings), clock),
        scanners.scanner(settings.scanner.host, settings.scanner.port),
        *scanners.document_scanner(settings.document_scanner),
        printers.printer(settings.printer.url),
        printers.paper(settings.printer.url),
        payments.payment_terminal(settings.payment.host, settings.payment.port),
        machine.power(),
    )


def versions() -> tuple[Fact, ...]:
    return (Fact(name="pcscd", value=machine.card_service_version() or UNKNOWN),)

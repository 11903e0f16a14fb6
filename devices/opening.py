"""Opens the devices that a terminal's settings name, for service or for training."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator

from devices.cards.reader import SmartCards
from devices.cards.signing.holder_signer import HolderSigner
from devices.diagnosis import open_cards
from devices.payments.terminal import CardTerminal, Patience
from devices.payments.training import TrainingPayments
from devices.power import PowerWatcher
from devices.printers.ipp import IppReceiptPrinter
from devices.scanners import EsclScanner
from devices.signing import holder_signer
from kiosk.events import Event
from kiosk.ports import Clock
from kiosk.settings import Settings
from kiosk.texts import Language


@dataclasses.dataclass(frozen=True, slots=True)
class OpenDevices:
    """Without a `signer` nothing is signed at this terminal, without a `scanner` no document attached, and without
    `documents` only receipts are printed."""

    cards: SmartCards
    printer: IppReceiptPrinter
    documents: IppReceiptPrinter | None
    payments: CardTerminal | TrainingPayments
    signer: HolderSigner | None
    scanner: EsclScanner | None


@contextlib.contextmanager
def open_devices(
    settings: Settings,
    clock: Clock,
    language: Callable[[], Language],
    *,
    on_card: Callable[[Event], None],
    on_power: Callable[[Event], None],
) -> Iterator[OpenDevices]:
    """`language` is asked for each paper; `on_card` and `on_power` hear on threads of the devices. Raises SetUpMistake.

    In training no payment terminal is there and nothing is signed: the card cannot be told that it is not meant.
    """
    training = settings.terminal.training
    with contextlib.ExitStack() as parts:
        payments = parts.enter_context(contextlib.closing(TrainingPayments() if training else _card_terminal(settings)))
        printer = IppReceiptPrinter(settings.printer.url, language=language, mode=settings.terminal.mode)
        parts.callback(printer.close)
        documents = IppReceiptPrinter(url) if (url := settings.printer.documents_url) else None
        if documents is not None:
            parts.callback(documents.close)
        cards = open_cards(settings, clock)
        cards.start(on_card)
        parts.callback(cards.close)
        watcher = PowerWatcher(on_power)
        watcher.start()
        parts.callback(watcher.close)
        signer = None if training else holder_signer(settings, clock)
        yield OpenDevices(cards, printer, documents, payments, signer, _scanner(settings))


def _scanner(settings: Settings) -> EsclScanner | None:
    known = settings.document_scanner
    return None if known is None else EsclScanner(known.url)


def _card_terminal(settings: Settings) -> CardTerminal:
    known = settings.payment
    return CardTerminal(known.host, known.port, Patience(person=known.person_seconds))

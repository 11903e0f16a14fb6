"""What this terminal's settings name of its own: keys, whom it believes, its ledger, and its way to the centre."""

from __future__ import annotations

import msgspec

from kiosk.clock import SystemClock
from kiosk.ports import Clock
from kiosk.settings import Settings
from offline_queue.database import LEDGER_FILE
from offline_queue.gateway import HttpsGateway
from offline_queue.keys import TerminalKeys, Trust, load_trust
from offline_queue.ledger import SqlLedger
from offline_queue.night_check import Chain
from offline_queue.own_keys import key_warnings, own_keys


class OwnParts:
    """The keys are read once, when it is made. Raises KeyMistake."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.terminal = settings.terminal.id
        self.keys: TerminalKeys = own_keys(settings)
        self.trust: Trust = load_trust(settings.folders.trust)

    def warnings(self) -> tuple[str, ...]:
        """What is not well with this terminal's keys, and keeps nothing from starting."""
        return *self.keys.warnings, *key_warnings(self._settings, self.trust)

    def gateway(self, url: str | None = None) -> HttpsGateway:
        """To be closed by the caller; `url` instead of the settings' where the centre is somewhere else."""
        settings = self._settings.gateway
        if url is not None:
            settings = msgspec.structs.replace(settings, url=url)
        return HttpsGateway(
            settings,
            terminal=self.terminal,
            key=self.keys.ledger,
            trust=self.trust,
            clock=SystemClock(),
            key_generation=self.keys.ledger_generation,
        )

    def ledger(self, clock: Clock) -> SqlLedger:
        """As its one writer; to be closed by the caller. Raises DatabaseUnusable, EnvelopeMistake."""
        settings = self._settings
        return SqlLedger(
            settings.folders.state / LEDGER_FILE,
            terminal=self.terminal,
            keys=self.keys,
            clock=clock,
            verify_url=settings.receipts.verify_url,
            recovery=self.trust.recovery,
        )

    def chain(self) -> Chain:
        """For the reading at night."""
        file, first = self._settings.folders.state / LEDGER_FILE, self.trust.ledgers[self.terminal]
        return Chain(file, self.keys.database, self.terminal, first)

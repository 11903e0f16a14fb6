"""The states of all transactions of an office, by id: in its terminals' ledgers, and at the centre beside them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kiosk.settings import Settings
from offline_queue.database import LEDGER_FILE
from offline_queue.desk import QueueDesk
from offline_queue.intake.inspect import stored


class OfficeStates:
    """Read beside the running programs, again at each question. Raises KeyMistake, DatabaseUnusable."""

    def __init__(self, terminals: Iterable[Settings], intake_database: Path) -> None:
        self._desks = [(known.folders.state / LEDGER_FILE, QueueDesk(known)) for known in terminals]
        self._intake_database = intake_database

    def in_ledgers(self) -> dict[str, str]:
        """A terminal that was not opened yet has none."""
        known = [desk.states() for file, desk in self._desks if file.exists()]
        return {transaction: state for states in known for transaction, state in states.items()}

    def at_intake(self) -> dict[str, str]:
        return {str(item.transaction): item.state for item in stored(self._intake_database)}

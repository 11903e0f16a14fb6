"""What staff may ask of a terminal's ledger beside the running program: one reader, one question, closed again."""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TypeVar

from sqlite_utils import Database

from kiosk.clock import SystemClock
from kiosk.corrections import Attention
from kiosk.offline import Backlog
from kiosk.staff import Moment, StaffMember, StaffNote
from kiosk.uptake import Uptake
from kiosk.wire import ledger_key_id
from offline_queue.attention import load_attention
from offline_queue.centre import CentreHealth, NoAnswer
from offline_queue.chain import Problem
from offline_queue.database import LEDGER_FILE, named_errors, open_reader
from offline_queue.entries import last_place, read_boot_id
from offline_queue.gateway import HttpsGateway
from offline_queue.outbox import Outbox
from offline_queue.own_parts import OwnParts
from offline_queue.parked import count_parked
from offline_queue.rebuild import rebuild
from offline_queue.staff import SqlStaffRegister, load_locked, load_members
from offline_queue.staff_journal import load_acts
from offline_queue.status import QueueItem, QueueStatus, list_items, states, status
from offline_queue.tail import check_tail, lost_messages
from offline_queue.upkeep import NIGHT, NIGHT_UNDER_WAY, RETENTION, NightCheck, RetentionRun, load
from offline_queue.uptake import load_uptake
from offline_queue.verify import Verification, verify

T = TypeVar("T")


@dataclasses.dataclass(frozen=True, slots=True)
class Tail:
    """How many entries there are, what is wrong with the newest, and messages that wait and have lost their content."""

    entries: int
    broken: Problem | None
    lost: tuple[int, ...]


class QueueDesk(OwnParts):
    """Reads only, but for `register` and `rebuild`. Raises KeyMistake, DatabaseUnusable."""

    def health(self) -> CentreHealth:
        """Raises NoAnswer."""
        with contextlib.closing(self.gateway()) as gateway:
            return gateway.health()

    def status(self) -> QueueStatus:
        return self._read(lambda reader: status(reader, self.terminal))

    def items(self, *, undecided_only: bool = False) -> tuple[QueueItem, ...]:
        return self._read(lambda reader: list_items(reader, undecided_only=undecided_only))

    def backlog(self) -> tuple[Backlog, ...]:
        return self._read(Outbox.backlog)

    def attention(self) -> tuple[Attention, ...]:
        """What the centre refused, and nothing has settled yet."""
        return self._read(load_attention)

    def states(self) -> dict[str, str]:
        return self._read(states)

    def verify(self, gateway: HttpsGateway | None = None) -> Verification:
        """Raises NoAnswer where `gateway` is given and the centre cannot be asked."""
        own = self.trust.ledgers[self.terminal]
        return self._read(lambda reader: verify(reader, self.terminal, own, self.trust.centre, gateway))

    def tail(self) -> Tail:
        """The newest entries, and what of the queue has lost its content."""
        own = (self.terminal, self.keys.ledger.public_key(), ledger_key_id(self.terminal, self.keys.ledger_generation))
        return self._read(lambda reader: Tail(last_place(reader)[0], check_tail(reader, *own), lost_messages(reader)))

    def nights(self) -> tuple[NightCheck | None, NightCheck | None]:
        """The last reading of the whole chain that came to its end, and the one that may be under way."""
        return self._read(lambda reader: (load(reader, NIGHT, NightCheck), load(reader, NIGHT_UNDER_WAY, NightCheck)))

    def retention(self) -> RetentionRun | None:
        return self._read(lambda reader: load(reader, RETENTION, RetentionRun))

    def rebuild(self) -> tuple[Problem, ...]:
        """Makes the projections anew; what had differed. Raises LedgerInUse, EntriesUnsound."""
        file = self._settings.folders.state / LEDGER_FILE
        return rebuild(file, self.terminal, self.keys, self.trust, SystemClock())

    def parked(self, now: datetime) -> int:
        """How many requests are kept."""
        return self._read(lambda reader: count_parked(reader, now))

    def uptake(self) -> tuple[Uptake, ...]:
        """How the services were used here, as far back as that is kept."""
        return self._read(load_uptake)

    def members(self) -> tuple[StaffMember, ...]:
        return self._read(load_members)

    def locked(self) -> dict[str, datetime]:
        now = Moment(SystemClock().now(), read_boot_id(), time.monotonic_ns())
        return self._read(lambda reader: load_locked(reader, now))

    def acts(self, limit: int) -> tuple[StaffNote, ...]:
        return self._read(lambda reader: load_acts(reader, limit))

    @contextlib.contextmanager
    def register(self) -> Iterator[SqlStaffRegister]:
        """To write: opens the ledger as its one writer. Raises LedgerInUse while the terminal's program runs."""
        with contextlib.closing(self.ledger(SystemClock())) as ledger:
            yield ledger.staff

    def answers(self) -> bool:
        """Whether the centre that the settings name can be reached now."""
        try:
            self.health()
        except NoAnswer:
            return False
        return True

    def _read(self, question: Callable[[Database], T]) -> T:
        file = self._settings.folders.state / LEDGER_FILE
        with contextlib.closing(open_reader(file, self.keys.database)) as reader, named_errors(file):
            return question(reader)

"""Opens the same for training: no gateway, no sync; nothing here could reach anybody."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from kiosk.ports import Clock
from kiosk.settings import Settings
from kiosk.uptake import Uptake
from offline_queue.opening import RETENTION, OpenQueue, open_ledger
from offline_queue.own_parts import OwnParts
from offline_queue.retention import Retention
from offline_queue.retention_schedule import load_schedule
from offline_queue.training import NobodyCalls, NobodyToCall, TrainingCentre
from offline_queue.training_keys import load_centre, make_keys


@contextlib.contextmanager
def open_training(settings: Settings, clock: Clock, on_line: Callable[[bool, int], None]) -> Iterator[OpenQueue]:
    """`settings` are those of `training_keys.for_training`. What was practised long ago leaves when it is opened; its
    chain is short, and is checked by command. Raises SetUpMistake."""
    make_keys(settings.folders)
    own = OwnParts(settings)
    with open_ledger(settings, own, clock) as ledger:
        retention = Retention(ledger, load_schedule(RETENTION), own.trust.centre, clock)
        while retention.step():
            pass
        centre = TrainingCentre(ledger, load_centre(settings.folders.keys), clock, on_line)
        yield OpenQueue(ledger, centre, centre, NobodyToCall(), NobodyCalls(), _count_nothing)


def _count_nothing(_: Uptake) -> None:
    """How somebody practises is nobody's use of a service."""

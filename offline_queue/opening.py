"""Opens what a terminal trades with: its ledger, first and closed last, and all that goes over the centre."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.help import ClerkBell, HelpDesk
from kiosk.lane import Lane
from kiosk.ports import Clock
from kiosk.settings import Settings
from kiosk.uptake import Uptake
from offline_queue.drain import Drain, Pace
from offline_queue.gateway import HttpsGateway
from offline_queue.help_desk import CentreClerkBell, CentreHelpDesk
from offline_queue.ledger import SqlLedger
from offline_queue.night_check import NightWatch
from offline_queue.own_parts import OwnParts
from offline_queue.retention import Retention
from offline_queue.retention_schedule import load_schedule
from offline_queue.sync import Sync
from offline_queue.uptake_post import UptakePost

if TYPE_CHECKING:
    from offline_queue.training import TrainingCentre

RETENTION: Final = Path(__file__).resolve().parents[1] / "assets" / "retention.toml"

_WATCHED: Final = Pace(probe_up=3.0, probe_down=1.0, base=0.5)
"""Somebody watches a demonstration: its line is asked for more often than a whole country could be."""
_COUNTED_EVERY: Final = 600.0
_COUNTED_EVERY_WATCHED: Final = 2.0
"""Seconds until what was counted is sent, in service and in a demonstration."""


@dataclasses.dataclass(frozen=True, slots=True)
class OpenQueue:
    """The ledger, who states the amounts, what delivers, who is called, where it is told what is counted, and who knows
    what became of requests."""

    ledger: SqlLedger
    gateway: HttpsGateway | TrainingCentre
    sync: Sync | TrainingCentre
    help_desk: HelpDesk
    bell: ClerkBell
    count: Callable[[Uptake], None]
    requests: HttpsGateway | None = None


@contextlib.contextmanager
def open_queue(
    settings: Settings, clock: Clock, on_line: Callable[[bool, int], None], is_quiet: Callable[[], bool]
) -> Iterator[OpenQueue]:
    """`on_line` hears of the line and of how many wait, on the sync's thread; the chain is read at night, and what was
    counted is sent, while it `is_quiet`. Nothing here waits for the network. Raises SetUpMistake."""
    own = OwnParts(settings)
    with contextlib.ExitStack() as parts:
        ledger = parts.enter_context(open_ledger(settings, own, clock))
        gateway = parts.enter_context(contextlib.closing(own.gateway()))
        pace = _WATCHED if settings.terminal.demonstration else Pace()
        beside = parts.enter_context(contextlib.closing(Lane("sync, second batch")))
        drain = Drain(ledger, gateway, settings.terminal.id, clock, pace=pace, beside=beside)
        retention = Retention(ledger, load_schedule(RETENTION), own.trust.centre, clock)
        sync = Sync(ledger, drain, on_line, retention.step)
        sync.start()
        parts.callback(sync.close)
        night = NightWatch(own.chain(), ledger, clock, is_quiet)
        night.start()
        parts.callback(night.close)
        every = _COUNTED_EVERY_WATCHED if settings.terminal.demonstration else _COUNTED_EVERY
        post = UptakePost(ledger.uptake, gateway, lambda: sync.line_is_up() and is_quiet(), every=every)
        post.start()
        parts.callback(post.close)
        yield OpenQueue(
            ledger, gateway, sync, CentreHelpDesk(gateway, clock), CentreClerkBell(gateway), post.keep, gateway
        )


@contextlib.contextmanager
def open_ledger(settings: Settings, own: OwnParts, clock: Clock) -> Iterator[SqlLedger]:
    """As its one writer; what is not well with its keys is told in the log. Raises SetUpMistake."""
    for warning in own.warnings():
        logging.getLogger("keys").warning("%s", warning)
    settings.folders.state.mkdir(parents=True, exist_ok=True, mode=0o700)
    with contextlib.closing(own.ledger(clock)) as ledger:
        yield ledger

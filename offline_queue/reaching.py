"""The centre for one command: reached as the settings say, or told that it is not there."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from kiosk.ports import Clock
from kiosk.settings import Settings
from offline_queue.deliver_now import Delivered, deliver_now
from offline_queue.desk import QueueDesk
from offline_queue.drain import Drain
from offline_queue.gateway import HttpsGateway
from offline_queue.opening import open_ledger
from offline_queue.verify import Verification

StartIntake = Callable[[], AbstractContextManager[str]]


class Reaching:
    """`tell` hears why the centre is not asked. Where a demonstration has ended, `start_intake` brings its centre back
    for one question, and answers with its address."""

    def __init__(
        self, settings: Settings, desk: QueueDesk, tell: Callable[[str], None], start_intake: StartIntake
    ) -> None:
        self._settings = settings
        self._desk = desk
        self._tell = tell
        self._start_intake = start_intake

    def verify(self) -> tuple[Verification, bool]:
        """What was found, and whether all of it is as it should be."""
        with self._centre() as gateway:
            found = self._desk.verify(gateway)
        return found, found.sound and (found.centre is None or found.centre.same)

    def deliver(self, clock: Clock) -> tuple[Delivered, bool] | None:
        """What was delivered, and whether nothing waits any more; None without a centre. Raises LedgerInUse: while the
        terminal's program runs, it delivers."""
        with self._centre() as gateway:
            if gateway is None:
                return None
            with open_ledger(self._settings, self._desk, clock) as ledger:
                done = deliver_now(ledger, Drain(ledger, gateway, self._settings.terminal.id, clock))
        return done, done.waiting == 0

    @contextlib.contextmanager
    def _centre(self) -> Iterator[HttpsGateway | None]:
        known = self._settings.terminal
        with contextlib.ExitStack() as parts:
            url = None
            if known.training:
                self._tell("Training has no centre: only this terminal was looked at")
                yield None
                return
            if not self._desk.answers():
                if not known.demonstration:
                    self._tell("The centre does not answer: only this terminal was looked at")
                    yield None
                    return
                url = parts.enter_context(self._start_intake())
            yield parts.enter_context(contextlib.closing(self._desk.gateway(url)))

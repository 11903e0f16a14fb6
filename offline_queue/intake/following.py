"""Asks the agencies, again and again, what became of the requests that are open, and has people told of it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from kiosk.my_requests import IssuedDocument, RequestState
from offline_queue.intake.agencies import Agency, AgencySilent, KeepsRequests
from offline_queue.intake.followed import Register
from offline_queue.intake.messages import Teller

MOST_ASKED = 200
"""Requests that an agency is asked of in one call."""

log = logging.getLogger("intake")


class Following:
    """Every call may block for as long as an agency does. Safe to call from several threads: what comes twice is kept
    once."""

    def __init__(
        self, register: Register, agencies: Mapping[str, Agency], teller: Teller, now: Callable[[], datetime]
    ) -> None:
        self._register, self._teller, self._now = register, teller, now
        self._agencies = {name: agency for name, agency in agencies.items() if isinstance(agency, KeepsRequests)}

    def step(self) -> None:
        """Once round all that is open; then what is to be told is told."""
        for name in self._agencies:
            after = ""
            while some := self._register.open_requests(name, MOST_ASKED, after):
                self.ask(name, *some)
                after = str(some[-1])
        self._teller.tell()

    def ask(self, name: str, *transactions: UUID) -> None:
        """What its agency says of these; of one that is silent, or in trouble, what is known stands."""
        agency = self._agencies.get(name)
        if agency is None or not transactions:
            return
        try:
            told = agency.requests_of(transactions, self._now())
            issued: dict[UUID, IssuedDocument] = {}
            for transaction, steps in told.items():
                is_issued = any(step.state is RequestState.ISSUED for step in steps)
                if is_issued and (document := agency.document(transaction, self._now())) is not None:
                    issued[transaction] = document
        except AgencySilent:
            return
        except Exception as error:  # an agency's trouble is not the centre's; only its kind is safe to log
            log.error("agency %s: %s", name, type(error).__name__)
            return
        self._register.learn({one: told[one] for one in told if one in set(transactions)}, issued)


class Follower:
    """`Following.step` on a thread of its own, each time `seconds` after it was done."""

    def __init__(self, following: Following, seconds: float) -> None:
        self._following, self._seconds = following, seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="following", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def _work(self) -> None:
        while not self._ended.wait(self._seconds):
            try:
                self._following.step()
            except Exception as error:  # a database that is busy now is asked again; only the kind is safe to log
                log.error("following: %s", type(error).__name__)

"""Answers a person who asks what became of a request, at any terminal; and keeps anybody from asking by guesses."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from kiosk.my_requests import (
    SETTLED,
    Asker,
    DocumentAnswer,
    DocumentQuestion,
    Request,
    RequestsAnswer,
    RequestsQuestion,
)
from offline_queue.intake.followed import Register
from offline_queue.intake.following import Following

WINDOW = timedelta(minutes=10)
MOST_QUESTIONS = 60
MOST_MISSES = 8
"""Of one terminal within the window: questions of people, and papers that were nobody's who said so."""

log = logging.getLogger("intake")


class AskedTooOften(Exception):
    """This terminal has asked too much lately; `retry_after` in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__()
        self.retry_after = retry_after


class _Count:
    """When something happened, by terminal, within the window."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._times: dict[str, deque[datetime]] = {}

    def require_room(self, terminal: str, now: datetime) -> None:
        """Raises AskedTooOften."""
        times = self._times.setdefault(terminal, deque())
        while times and times[0] <= now - WINDOW:
            times.popleft()
        if len(times) >= self._most:
            raise AskedTooOften(max(1, round((times[0] + WINDOW - now).total_seconds())))

    def add(self, terminal: str, now: datetime) -> None:
        self._times.setdefault(terminal, deque()).append(now)


class MyRequests:
    """Each method raises AskedTooOften. Counts are this process's own. Safe to call from several threads."""

    def __init__(self, register: Register, following: Following, now: Callable[[], datetime]) -> None:
        self._register, self._following, self._now = register, following, now
        self._questions, self._misses = _Count(MOST_QUESTIONS), _Count(MOST_MISSES)
        self._lock = threading.Lock()

    def requests_of(self, question: RequestsQuestion) -> RequestsAnswer:
        """With what the agencies say of those that are open at this moment."""
        found = self._found(question.terminal, question.by)
        open_ones = [request for request in found if request.state not in SETTLED and request.refund != "office"]
        for agency in {request.agency for request in open_ones}:
            self._following.ask(agency, *(one.transaction for one in open_ones if one.agency == agency))
        if open_ones:
            found = self._look(question.by)
        log.info("%s: requests %d", question.terminal, len(found))
        return RequestsAnswer(terminal=question.terminal, answered_at=self._now(), requests=found)

    def document(self, question: DocumentQuestion) -> DocumentAnswer:
        """Only on a request of who asks."""
        own = {request.transaction for request in self._found(question.terminal, question.by)}
        document = self._register.document_of(question.transaction) if question.transaction in own else None
        log.info("%s: document %s", question.terminal, "given" if document else "none")
        return DocumentAnswer(
            terminal=question.terminal, answered_at=self._now(), transaction=question.transaction, document=document
        )

    def _found(self, terminal: str, by: Asker) -> tuple[Request, ...]:
        """A paper that fits nobody counts as a guess."""
        now = self._now()
        with self._lock:
            self._questions.require_room(terminal, now)
            self._questions.add(terminal, now)
            if by.paper:
                self._misses.require_room(terminal, now)
        found = self._look(by)
        if by.paper and not found:
            with self._lock:
                self._misses.add(terminal, now)
        return found

    def _look(self, by: Asker) -> tuple[Request, ...]:
        if not by.national_number:
            return ()
        if by.paper:
            return self._register.of_paper(by.national_number, by.paper)
        return self._register.of_person(by.national_number)

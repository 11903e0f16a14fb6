"""Runs blocking work away from the screen and hands its event back on the screen's thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from PySide6.QtCore import QObject, Qt, Signal, Slot

from kiosk.events import Event

log = logging.getLogger(__name__)

Then = Callable[[Event], None]


def _shielded(work: Callable[[], None]) -> None:
    try:
        work()
    except Exception as bug:  # the boundary of this thread: the screen goes on
        log.error("background work died of %s", type(bug).__name__)


class Background(QObject):
    """A few long-lived threads, made once and joined on `close`. Every part serialises its own calls behind them.

    Once it is closed, whatever is still told or asked is dropped.

    Signals:
        finished(object, object): the event and who wants it; delivered on the thread that made this object.
        posted(object): an event that nobody asked for, from a device's own thread.
    """

    finished = Signal(object, object)
    posted = Signal(object)

    def __init__(self, receive: Callable[[Event], None]) -> None:
        super().__init__()
        self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="work")
        self._receive = receive
        self._closed = False
        self.finished.connect(self._hand_back, Qt.ConnectionType.QueuedConnection)
        self.posted.connect(self._hand_in, Qt.ConnectionType.QueuedConnection)

    def run(self, work: Callable[[], Event], then: Then) -> None:
        """`work` must not raise: the visit shields it."""

        def done(answer: Future[Event]) -> None:
            if not answer.cancelled():
                self.finished.emit(answer.result(), then)

        if not self._closed:
            self._threads.submit(work).add_done_callback(done)

    def do(self, work: Callable[[], None]) -> None:
        """Work that nobody waits for. A bug in it is logged by its kind only."""
        if not self._closed:
            self._threads.submit(_shielded, work)

    def post(self, event: Event) -> None:
        """May be called on any thread."""
        self.posted.emit(event)

    @property
    def is_closed(self) -> bool:
        return self._closed

    def close(self) -> None:
        self._closed = True
        self._threads.shutdown(wait=True, cancel_futures=True)

    @Slot(object, object)
    def _hand_back(self, event: Event, then: Then) -> None:
        if not self._closed:
            then(event)

    @Slot(object)
    def _hand_in(self, event: Event) -> None:
        if not self._closed:
            self._receive(event)

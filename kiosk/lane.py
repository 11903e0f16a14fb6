"""One long-lived thread that runs calls one after another: the rule for every device and for the ledger."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class Lane:
    """Runs calls on its own thread, in the order they were handed in.

    `call` waits for the answer and raises what the call raised; `send` does not wait. `close` finishes what was
    handed in before and joins the thread.
    """

    def __init__(self, name: str) -> None:
        self._calls: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def call(self, work: Callable[[], T]) -> T:
        if threading.current_thread() is self._thread:
            return work()
        return self.send(work).result()

    def send(self, work: Callable[[], T]) -> Future[T]:
        answer: Future[T] = Future()
        self._calls.put((answer, work))
        return answer

    def is_current(self) -> bool:
        """Whether the caller is on this lane's thread; for assertions."""
        return threading.current_thread() is self._thread

    def close(self) -> None:
        self._calls.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (entry := self._calls.get()) is not None:
            answer, work = entry
            if not answer.set_running_or_notify_cancel():
                continue
            try:
                answer.set_result(work())
            except BaseException as error:  # handed to whoever asked; the lane itself must live on
                answer.set_exception(error)
            del entry, answer, work  # a finished call may hold personal data

"""One long-lived thread that runs calls one after another: the rule for every device and for the ledger."""

from __future__ import annotations

import dataclasses
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")


class Lane:
    """Runs calls on its own thread, in the order they were handed in.

    `call` waits for the answer and raises what the call raised; `send` does not wait. `close` finishes what was
    handed in before and joins the thread.
    """

    def __init__(self, name: str) -> None:
        self._calls: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def call(self, work: Callable[[], T]) -> T:
        if threading.current_thread() is self._thread:
            return work()
        awaited = _Awaited(work)
        self._calls.put(awaited.run)
        return awaited.answer()

    def send(self, work: Callable[[], T]) -> Future[T]:
        answer: Future[T] = Future()
        self._calls.put(lambda: _fill(answer, work))
        return answer

    def is_current(self) -> bool:
        """Whether the caller is on this lane's thread; for assertions."""
        return threading.current_thread() is self._thread

    def close(self) -> None:
        self._calls.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (run := self._calls.get()) is not None:
            run()
            del run  # a finished call may hold personal data


@dataclasses.dataclass(slots=True)
class _Awaited(Generic[T]):
    """A call whose caller waits. One lock, which the lane opens: a Future wakes its caller through a condition, and
    that costs a commit of the ledger one part in twenty-five."""

    work: Callable[[], T]
    over: threading.Lock = dataclasses.field(default_factory=threading.Lock)
    answers: list[T] = dataclasses.field(default_factory=list)
    error: BaseException | None = None

    def __post_init__(self) -> None:
        self.over.acquire()

    def run(self) -> None:
        """On the lane's thread."""
        try:
            self.answers.append(self.work())
        except BaseException as error:  # handed to whoever asked; the lane itself must live on
            self.error = error
        self.over.release()

    def answer(self) -> T:
        """On the caller's. Raises what the call raised."""
        self.over.acquire()
        if self.error is not None:
            try:
                raise self.error
            finally:
                self.error = None  # its traceback leads back here, and may hold personal data
        return self.answers.pop()


def _fill(answer: Future[T], work: Callable[[], T]) -> None:
    if not answer.set_running_or_notify_cancel():
        return
    try:
        answer.set_result(work())
    except BaseException as error:  # as above
        answer.set_exception(error)

"""What a device's thread has to tell, for whichever screen listens at the moment."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Bell:
    """Rings whoever listens. Threads start before there is a screen, so a new listener hears the last ring at once.

    Each listener hears each ring at most once and in order; of what was rung before it listened, only the last, which
    says how things stand. `ring` may come from any thread; a listener must hand on and return.
    """

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()
        self._listener: Callable[..., None] | None = None
        self._last: tuple[object, ...] | None = None

    def ring(self, *told: object) -> None:
        with self._one_at_a_time:
            self._last = told
            if self._listener is not None:
                self._listener(*told)

    def listen(self, listener: Callable[..., None]) -> None:
        with self._one_at_a_time:
            self._listener = listener
            if self._last is not None:
                listener(*self._last)

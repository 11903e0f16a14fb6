"""TLS whose every wait also ends when the whole exchange has taken too long.

The time-outs of urllib3 and of the socket are those of one read: whoever sends a byte a second, in the headers or in
the body, would never meet them, and would hold the sync's thread for hours.
"""

from __future__ import annotations

import math
import ssl
import time
from pathlib import Path
from typing import Any


class TimedSocket(ssl.SSLSocket):
    """Belongs to a `TimedContext`, which says until when."""

    def recv_into(self, *arguments: Any) -> int:
        self._wait_no_longer_than_the_exchange()
        return super().recv_into(*arguments)

    def send(self, *arguments: Any) -> int:
        assert isinstance(self.context, TimedContext)
        self.context.has_spoken = True
        self._wait_until_the_exchange_ends()
        return super().send(*arguments)

    def _wait_no_longer_than_the_exchange(self) -> None:
        left, own = self._left(), self.gettimeout()
        if own is None or own > left:
            self.settimeout(left)

    def _wait_until_the_exchange_ends(self) -> None:
        """A slow line takes what is sent in bursts that may be far apart: the kernel asks for more when a third of its
        own memory for the connection is free again."""
        self.settimeout(self._left())

    def _left(self) -> float:
        assert isinstance(self.context, TimedContext)
        left = self.context.ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError("the whole exchange took too long")
        return left


class TimedContext(ssl.SSLContext):
    """Believes one authority. For one exchange at a time, each begun by `begin`."""

    sslsocket_class = TimedSocket
    ends_at = math.inf
    has_spoken = False
    """Whether this exchange came so far that something was sent over a connection that the authority vouches for."""

    @classmethod
    def of(cls, authority: Path) -> TimedContext:
        """Raises OSError where the authority's file cannot be used."""
        context = cls(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_verify_locations(authority)
        return context

    def begin(self, seconds: float) -> None:
        self.ends_at = time.monotonic() + seconds
        self.has_spoken = False

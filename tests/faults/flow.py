"""One direction of one connection: what is read is given a time to arrive, and is written then."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator
from typing import TypeVar

from tests.faults.toxics import Bandwidth, Latency, LimitData, Reset, Slicer, SlowClose, Timeout, Toxic

_PIECE = 64 * 1024
T = TypeVar("T", bound=Toxic)


class LineClosed(Exception):
    """A fault ends the connection in order: both ends see the end of the stream (FIN)."""


class LineReset(Exception):
    """A fault ends the connection with a reset (RST)."""


class Flow:
    """`read` and `write` run side by side until both are over or one raises."""

    def __init__(
        self,
        source: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
        toxics: Callable[[], tuple[Toxic, ...]],
        saw: Callable[[int, bool], None],
        rng: random.Random,
    ) -> None:
        """`toxics` are those of this moment; `saw` is told how many bytes arrived, or (True) never will."""
        self.lost_bytes = False
        self._source, self._sink, self._toxics, self._saw, self._rng = source, sink, toxics, saw, rng
        self._loop = asyncio.get_running_loop()
        self._under_way: asyncio.Queue[tuple[float, bytes | type[Exception]]] = asyncio.Queue()
        self._arrival = 0.0  # of the last piece: none overtakes another
        self._line_is_free = 0.0  # when the last byte has left, at the line's bandwidth
        self._limit: LimitData | None = None
        self._left = 0

    async def read(self) -> None:
        while piece := await self._source.read(_PIECE):
            if self._swallows(piece):
                continue
            passes = self._within_limit(piece)
            for slice_ in self._sliced(passes):
                self._send(slice_)
            if len(passes) < len(piece):
                self._lose(len(piece) - len(passes))
                self._send(LineClosed)
        if not self.lost_bytes:
            self._send(b"")

    async def write(self) -> None:
        """Raises LineClosed, LineReset where a fault ends the connection."""
        while True:
            arrival, piece = await self._under_way.get()
            await asyncio.sleep(max(0.0, arrival - self._loop.time()))
            if not isinstance(piece, bytes):
                raise piece
            if not piece:
                self._sink.write_eof()
                return
            self._sink.write(piece)
            self._saw(len(piece), False)

    def _swallows(self, piece: bytes) -> bool:
        """Whether these bytes vanish; the first that do set the connection's end."""
        fatal = self._toxic(Timeout) or self._toxic(Reset)
        if fatal is None and not self.lost_bytes:
            return False
        if fatal is not None and not self.lost_bytes and fatal.seconds is not None:
            end = LineReset if isinstance(fatal, Reset) else LineClosed
            self._loop.call_later(fatal.seconds, self._under_way.put_nowait, (0.0, end))
        self._lose(len(piece))
        return True

    def _lose(self, size: int) -> None:
        self.lost_bytes = True
        self._saw(size, True)

    def _within_limit(self, piece: bytes) -> bytes:
        limit = self._toxic(LimitData)
        if limit is not self._limit:
            self._limit, self._left = limit, limit.most if limit else 0
        if limit is None:
            return piece
        passes = piece[: self._left]
        self._left -= len(passes)
        return passes

    def _sliced(self, piece: bytes) -> Iterator[bytes]:
        slicer = self._toxic(Slicer)
        while piece:
            size = len(piece)
            if slicer is not None:
                size = max(1, slicer.size + self._rng.randint(-slicer.variation, slicer.variation))
            yield piece[:size]
            piece = piece[size:]

    def _send(self, piece: bytes | type[Exception]) -> None:
        """Empty at the end of the stream."""
        size = len(piece) if isinstance(piece, bytes) else 0
        now = self._loop.time()
        leaves = max(now, self._line_is_free)
        if (bandwidth := self._toxic(Bandwidth)) is not None:
            leaves += size / bandwidth.bytes_per_second
        if (slicer := self._toxic(Slicer)) is not None and size:
            leaves += slicer.pause
        self._line_is_free = leaves
        if (latency := self._toxic(Latency)) is not None:
            leaves += max(0.0, latency.seconds + self._rng.uniform(-latency.jitter, latency.jitter))
        if (slow := self._toxic(SlowClose)) is not None and piece == b"":
            leaves += slow.seconds
        self._arrival = max(self._arrival, leaves)
        self._under_way.put_nowait((self._arrival, piece))

    def _toxic(self, kind: type[T]) -> T | None:
        return next((toxic for toxic in self._toxics() if isinstance(toxic, kind)), None)

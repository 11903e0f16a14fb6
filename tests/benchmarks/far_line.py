"""A line on which everything takes its time and nothing is lost: every byte arrives so much later, in each direction.

Unlike `devices.virtual.line`, whose latency holds up each piece after the other, this one only delays: any number of
bytes may be under way at once, as on a long road.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator

_PIECE = 64 * 1024


class FarLine:
    """Relays 127.0.0.1:`port` to another port of this machine, `seconds` late in each direction."""

    def __init__(self, to: int, seconds: float) -> None:
        self.port = 0
        self._to = to
        self._seconds = seconds
        self._loop = asyncio.new_event_loop()
        self._listens = threading.Event()
        self._thread = threading.Thread(target=self._run, name="far line")

    def start(self) -> None:
        self._thread.start()
        self._listens.wait()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        server = self._loop.run_until_complete(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._listens.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to)
        with contextlib.suppress(OSError):
            await asyncio.gather(self._carry(reader, far_writer), self._carry(far_reader, writer))
        for end in (writer, far_writer):
            self._loop.call_later(self._seconds, end.close)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(_PIECE):
            self._loop.call_later(self._seconds, writer.write, piece)
        self._loop.call_later(self._seconds, writer.write_eof)


@contextlib.contextmanager
def far_line(to: int, round_trip_seconds: float) -> Iterator[int]:
    """The port of a line to port `to`."""
    line = FarLine(to, round_trip_seconds / 2)
    line.start()
    try:
        yield line.port
    finally:
        line.stop()

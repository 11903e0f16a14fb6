"""A TCP line that can go bad, on loopback: each direction on its own, switched while connections are open.

Drawn values come from one seed, the connection's number and its direction: the same run fails in the same way again.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import functools
import random
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Self

from tests.faults.flow import Flow, LineClosed
from tests.faults.toxics import Toxic, Way

_RESET = struct.pack("ii", 1, 0)  # SO_LINGER of no seconds: closing sends RST instead of FIN


class Proxy:
    """Carries bytes to `port` of this machine. Every call returns once it is in force; any thread may call."""

    def __init__(self, port: int, seed: int = 0) -> None:
        self.port = 0
        self.connected = 0
        """Connections that came as far as the other end, since the start."""
        self.carried = dict.fromkeys(Way, 0)
        self.swallowed = dict.fromkeys(Way, 0)
        """Bytes that arrived at the other end, and those that never will, of all connections."""
        self.pieces: dict[Way, list[int]] = {way: [] for way in Way}
        """The sizes in which they arrived."""
        self._seen = threading.Condition()
        self._target = port
        self._seed = seed
        self._is_cut = False
        self._toxics: Mapping[Way, tuple[Toxic, ...]] = dict.fromkeys(Way, ())
        self._connections: set[_Connection] = set()
        self._count = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy")
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._accept, "127.0.0.1", 0), self._loop
        ).result()
        self.port = self._server.sockets[0].getsockname()[1]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def poison(self, way: Way, *toxics: Toxic) -> None:
        """This direction has these faults from now on, and no others."""
        self._in_loop(lambda: self._set({**self._toxics, way: toxics}))

    def heal(self) -> None:
        """The line is whole; connections that lost bytes are reset."""
        self._in_loop(lambda: self._set(dict.fromkeys(Way, ())))

    def cut(self) -> None:
        """Every connection is reset, and each new one closed as soon as it is made. (A reset at once would meet CPython
        3.11's `ssl.SSLSocket._create` before it knows its own socket, which it then does not close.)"""
        self._in_loop(lambda: self._cut(True))

    def mend(self) -> None:
        self._in_loop(lambda: self._cut(False))

    def lead_to(self, port: int) -> None:
        """New connections go there: what the line led to was started again on another port."""
        self._target = port

    def wait_for(self, state: Callable[[], bool], seconds: float = 60.0) -> bool:
        """Until what `connected`, `carried` and `swallowed` say makes `state` true."""
        with self._seen:
            return self._seen.wait_for(state, seconds)

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    # -- in the loop

    def _saw(self, way: Way, size: int, lost: bool) -> None:
        with self._seen:
            (self.swallowed if lost else self.carried)[way] += size
            if not lost:
                self.pieces[way].append(size)
            self._seen.notify_all()

    def _in_loop(self, work: Callable[[], None]) -> None:
        async def run() -> None:
            work()

        asyncio.run_coroutine_threadsafe(run(), self._loop).result()

    def _set(self, toxics: Mapping[Way, tuple[Toxic, ...]]) -> None:
        self._toxics = toxics
        if not any(toxics.values()):
            self._reset(one for one in self._connections if any(flow.lost_bytes for flow in one.flows))

    def _cut(self, cut: bool) -> None:
        self._is_cut = cut
        if cut:
            self._reset(self._connections)

    def _reset(self, connections: Iterable[_Connection]) -> None:
        for connection in tuple(connections):
            connection.reset()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = _Connection(writer, asyncio.current_task())
        self._connections.add(connection)
        self._count += 1
        try:
            if self._is_cut:
                return
            far_reader, connection.far = await asyncio.open_connection("127.0.0.1", self._target)
            connection.flows = (
                self._flow(Way.UP, reader, connection.far),
                self._flow(Way.DOWN, far_reader, writer),
            )
            with self._seen:
                self.connected += 1
                self._seen.notify_all()
            async with asyncio.TaskGroup() as tasks:
                for flow in connection.flows:
                    tasks.create_task(flow.read())
                    tasks.create_task(flow.write())
        except (OSError, BaseExceptionGroup, asyncio.CancelledError) as end:
            if not (isinstance(end, BaseExceptionGroup) and isinstance(end.exceptions[0], LineClosed)):
                connection.abort()  # one end is gone, or it was this one's doing: the other one learns it
        finally:
            connection.close()
            self._connections.discard(connection)

    def _flow(self, way: Way, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> Flow:
        rng = random.Random(f"{self._seed} {self._count} {way.name}")
        return Flow(source, sink, lambda: self._toxics[way], functools.partial(self._saw, way), rng)

    async def _end(self) -> None:
        self._server.close()
        tasks = [connection.task for connection in self._connections if connection.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)  # the transports close on the loop's next turn


@dataclasses.dataclass(eq=False)
class _Connection:
    near: asyncio.StreamWriter
    task: asyncio.Task[None] | None
    far: asyncio.StreamWriter | None = None
    flows: tuple[Flow, ...] = ()

    def close(self) -> None:
        for writer in self._ends():
            writer.close()

    def abort(self) -> None:
        for writer in self._ends():
            with contextlib.suppress(OSError):
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            writer.transport.abort()

    def reset(self) -> None:
        """From outside of its own task."""
        self.abort()
        if self.task is not None:
            self.task.cancel()

    def _ends(self) -> list[asyncio.StreamWriter]:
        return [writer for writer in (self.near, self.far) if writer is not None]

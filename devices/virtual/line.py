"""The line between the terminal and the centre, as a relay that can be cut; TLS passes through it end to end.

    python -m devices.virtual.line --to HOST:PORT

prints `listening on PORT`. Each line on stdin is answered by `ok`:

    cut             resets every connection, and each new one as soon as it is made
    restore         the line is whole again; connections that lost bytes are reset
    cut-answers     what the terminal asks arrives, what the centre answers does not: the centre commits, the terminal
                    hears nothing
    hang            connections are accepted and carry nothing, until `restore`
    latency MS      every piece is that much late, in each direction
    quit            ends; so does the end of stdin
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import dataclasses
import socket
import struct
import sys
import threading

PIECE = 64 * 1024
TLS_HANDSHAKE = 0x16
TLS_APPLICATION_DATA = 0x17


class RecordWatch:
    """Follows the records of a TLS client (RFC 8446, 5.1), without reading what is in them.

    `speaking` turns true with the client's first record of application data. In TLS 1.3 that is the end of its
    handshake and in 1.2 its first request; either way it needs nothing more from the server to ask its question. A
    client that does not speak TLS is speaking from its first byte.
    """

    def __init__(self) -> None:
        self.speaking = False
        self._head = bytearray()
        self._skip = 0
        self._first = True

    def see(self, piece: bytes) -> None:
        if self._first and piece[:1] != bytes([TLS_HANDSHAKE]):
            self.speaking = True
        self._first = False
        at = 0
        while at < len(piece) and not self.speaking:
            if self._skip:
                step = min(self._skip, len(piece) - at)
                self._skip -= step
            else:
                step = min(5 - len(self._head), len(piece) - at)
                self._head += piece[at : at + step]
                if len(self._head) == 5:
                    self.speaking = self._head[0] == TLS_APPLICATION_DATA
                    self._skip = int.from_bytes(self._head[3:5])
                    self._head.clear()
            at += step


@dataclasses.dataclass(eq=False)
class Connection:
    """One connection of the terminal and its continuation to the centre."""

    near: asyncio.StreamWriter
    far: asyncio.StreamWriter | None = None
    watch: RecordWatch = dataclasses.field(default_factory=RecordWatch)
    lost_bytes: bool = False

    async def close(self) -> None:
        for writer in (self.near, self.far):
            if writer is not None:
                writer.close()
                await writer.wait_closed()

    def reset(self) -> None:
        for writer in (self.near, self.far):
            if writer is not None:
                connected = writer.get_extra_info("socket")
                with contextlib.suppress(OSError):  # linger 0: the other side sees a reset, not an orderly end
                    connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()


class Line:
    """The relay: `mode` is open, cut, cut-answers or hang."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._mode = "open"
        self._latency_seconds = 0.0
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._connections: set[Connection] = set()

    def obey(self, command: str) -> str:
        match command.split():
            case ["cut" | "restore" | "cut-answers" | "hang" as mode]:
                self._set_mode("open" if mode == "restore" else mode)
            case ["latency", milliseconds] if milliseconds.isdigit():
                self._latency_seconds = int(milliseconds) / 1000
            case _:
                return "unknown"
        return "ok"

    def _set_mode(self, mode: str) -> None:
        self._mode = mode
        (self._flowing.clear if mode == "hang" else self._flowing.set)()
        for connection in tuple(self._connections):
            if mode == "cut" or (mode == "open" and connection.lost_bytes):
                connection.reset()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(writer)
        self._connections.add(connection)
        try:
            if self._mode == "cut":
                connection.reset()
            else:
                await self._carry(connection, reader)
                await connection.close()
        except (OSError, asyncio.CancelledError):  # either end is gone, or this relay ends: the other one learns it
            connection.reset()
        finally:
            self._connections.discard(connection)

    async def _carry(self, connection: Connection, near_reader: asyncio.StreamReader) -> None:
        await self._flowing.wait()
        far_reader, connection.far = await asyncio.open_connection(*self._to)
        asking = asyncio.create_task(self._asks(connection, near_reader, connection.far))
        answering = asyncio.create_task(self._answers(connection, far_reader))
        try:
            await asyncio.gather(asking, answering)
        finally:
            asking.cancel()
            answering.cancel()

    async def _asks(self, connection: Connection, reader: asyncio.StreamReader, far: asyncio.StreamWriter) -> None:
        while piece := await self._next(reader):
            connection.watch.see(piece)
            far.write(piece)
            await far.drain()
        far.write_eof()

    async def _answers(self, connection: Connection, reader: asyncio.StreamReader) -> None:
        while piece := await self._next(reader):
            if self._mode == "cut-answers" and connection.watch.speaking:
                connection.lost_bytes = True
            else:
                connection.near.write(piece)
                await connection.near.drain()
        if not connection.lost_bytes:
            connection.near.write_eof()

    async def _next(self, reader: asyncio.StreamReader) -> bytes:
        piece = await reader.read(PIECE)
        if self._latency_seconds:
            await asyncio.sleep(self._latency_seconds)
        await self._flowing.wait()
        return piece


async def serve(host: str, port: int, listen: int) -> None:
    line = Line(host, port)
    server = await asyncio.start_server(line.accept, "127.0.0.1", listen)
    print(f"listening on {server.sockets[0].getsockname()[1]}", flush=True)
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()

    def answer(command: str) -> None:
        print(line.obey(command), flush=True)

    def read_commands() -> None:
        for command in sys.stdin:
            if command.strip() == "quit":
                break
            loop.call_soon_threadsafe(answer, command)
        loop.call_soon_threadsafe(ended.set)

    threading.Thread(target=read_commands, daemon=True).start()
    await ended.wait()
    server.close()
    line.obey("cut")


def main() -> None:
    arguments = argparse.ArgumentParser(description="A line that can be cut.")
    arguments.add_argument("--to", required=True, metavar="HOST:PORT")
    arguments.add_argument("--port", type=int, default=0)
    chosen = arguments.parse_args()
    host, _, port = chosen.to.rpartition(":")
    asyncio.run(serve(host, int(port), chosen.port))


if __name__ == "__main__":
    main()

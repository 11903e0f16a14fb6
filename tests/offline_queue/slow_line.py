"""A line of so many bytes a second from the terminal to the centre, and as fast as it goes back."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from types import TracebackType
from typing import Self

_PIECE = 4096


class SlowLine:
    """For one connection: `port` leads to `to_port`."""

    def __init__(self, to_port: int, bytes_per_second: int) -> None:
        self._to_port, self._rate = to_port, bytes_per_second
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _PIECE)  # it takes no more than it carries
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen()
        self.port: int = self._listener.getsockname()[1]
        self._ends = [self._listener]
        self._threads = [threading.Thread(target=self._serve)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for end in self._ends:
            end.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            near, _ = self._listener.accept()
            far = socket.create_connection(("127.0.0.1", self._to_port))
            self._ends += [near, far]
            back = threading.Thread(target=_carry, args=(far, near, None))
            self._threads.append(back)
            back.start()
            _carry(near, far, self._rate)


def _carry(source: socket.socket, sink: socket.socket, rate: int | None) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(_PIECE):
            if rate is not None:
                time.sleep(len(piece) / rate)  # the line itself
            sink.sendall(piece)
    for end in (source, sink):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)

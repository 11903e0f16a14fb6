"""One slot of a virtual reader, played by the test: the reader's side of the vpcd protocol."""

from __future__ import annotations

import socket
from types import TracebackType
from typing import Self

SECONDS = 10.0


class Slot:
    """Listens on a free port of loopback until a card connects."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(SECONDS)
        self.port: int = self._listener.getsockname()[1]
        self._card: socket.socket | None = None

    def accept(self) -> None:
        self.hang_up()
        self._card, _ = self._listener.accept()
        self._card.settimeout(SECONDS)

    def control(self, code: int) -> None:
        self._send(bytes([code]))

    def atr(self) -> bytes:
        self.control(4)
        return self._receive()

    def transmit(self, command: bytes) -> bytes:
        self._send(command)
        return self._receive()

    def gone(self) -> bool:
        """Waits for the card to hang up."""
        assert self._card is not None
        return self._card.recv(1) == b""

    def send_and_listen(self, command: bytes, seconds: float) -> bytes:
        """What comes within that time; nothing for a card that stays silent."""
        assert self._card is not None
        self._send(command)
        self._card.settimeout(seconds)
        try:
            return self._card.recv(1)
        except TimeoutError:
            return b""
        finally:
            self._card.settimeout(SECONDS)

    def hang_up(self) -> None:
        if self._card is not None:
            self._card.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.hang_up()
        self._listener.close()

    def _send(self, message: bytes) -> None:
        assert self._card is not None
        self._card.sendall(len(message).to_bytes(2, "big"))
        self._card.sendall(message)  # in two writes, as Debian's driver does

    def _receive(self) -> bytes:
        return self._exactly(int.from_bytes(self._exactly(2), "big"))

    def _exactly(self, size: int) -> bytes:
        assert self._card is not None
        message = b""
        while len(message) < size:
            part = self._card.recv(size - len(message))
            assert part, "the card has hung up"
            message += part
        return message

"""The cable to the virtual reader: the vpcd protocol, in which the card is the TCP client (frankmorgner/vsmartcard).

Every message is a 2-byte big-endian length and that many bytes. One byte from the reader is a control; all else is a
command APDU. Only a command and the request for the ATR are answered.
"""

from __future__ import annotations

import contextlib
import dataclasses
import socket
import threading
import time
from collections.abc import Callable
from typing import NoReturn

from devices.virtual.card.chip import Chip

CONTROL_BYTES = 1
POWER_OFF, POWER_ON, RESET, ASK_ATR = 0, 1, 2, 4
CONNECT_SECONDS = 5.0
# The reader takes a card that answers at all as present; an answer longer than any ATR (33 bytes) then fails to power
# up, which PC/SC reports as a mute card. An empty answer would read as removal (ifd-vpcd.c, IFDHGetCapabilities).
NO_ATR = bytes(40)


class Gone(Exception):
    """The other end hung up."""


@dataclasses.dataclass(slots=True)
class Counts:
    """What went through the contacts since the card was inserted: commands, bytes of APDUs, the card's own time."""

    commands: int = 0
    bytes_to_card: int = 0
    bytes_from_card: int = 0
    milliseconds: float = 0.0


@dataclasses.dataclass(frozen=True, slots=True)
class Accidents:
    """What befalls the card at its n-th command since it was inserted, 0 for never: it is pulled out before it answers,
    or falls silent from there on."""

    pulled_at: int = 0
    silent_from: int = 0


class Cable:
    """One insertion: from the connection to the reader until `pull`, or until the reader goes away."""

    def __init__(
        self,
        port: int,
        chip: Chip,
        atr: bytes,
        *,
        accidents: Accidents,
        delay: Callable[[int], float],
        gone: Callable[[], None],
    ) -> None:
        """Connects. `delay` gives the seconds that each answer takes, by the bytes of command and answer; `gone` is
        called where the reader hangs up first. Raises OSError where nobody listens."""
        self.counts = Counts()
        self._chip = chip
        self._atr = atr or NO_ATR
        self._accidents = accidents
        self._delay = delay
        self._gone = gone
        self._pulled = threading.Event()
        self._pulled_at_power_off = threading.Event()
        self._out = threading.Event()
        self._socket = socket.create_connection(("127.0.0.1", port), CONNECT_SECONDS)
        self._socket.settimeout(None)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._thread = threading.Thread(target=self._serve, name="card", daemon=True)
        self._thread.start()

    @property
    def inserted(self) -> bool:
        return not self._out.is_set()

    def pull(self) -> None:
        self._pulled.set()
        with contextlib.suppress(OSError):  # the reader may have hung up already
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()

    def pull_at_power_off(self) -> None:
        """Pulled out as soon as the reader takes the power from it, which it does before it powers a card anew."""
        self._pulled_at_power_off.set()

    def _serve(self) -> None:
        try:
            with self._socket:
                while True:
                    self._take(self._receive())
        except (Gone, OSError):
            self._out.set()  # before it is said: who hears it may insert at once
            if not self._pulled.is_set():
                self._gone()

    def _take(self, message: bytes) -> None:
        if len(message) != CONTROL_BYTES:
            self._answer_command(message)
        elif message[0] == ASK_ATR:
            self._send(self._atr)
        elif message[0] == POWER_OFF and self._pulled_at_power_off.is_set():
            self._leave()
        elif message[0] in {POWER_ON, POWER_OFF, RESET}:
            self._chip.reset()

    def _answer_command(self, frame: bytes) -> None:
        self.counts.commands += 1
        self.counts.bytes_to_card += len(frame)
        if self.counts.commands == self._accidents.pulled_at:
            self._leave()
        if 0 < self._accidents.silent_from <= self.counts.commands:
            return
        began = time.perf_counter()
        answer = self._chip.answer(frame)
        self.counts.milliseconds += (time.perf_counter() - began) * 1000
        if (seconds := self._delay(len(frame) + len(answer))) and self._pulled.wait(seconds):
            raise Gone
        self.counts.bytes_from_card += len(answer)  # before it is sent: who has the answer may ask for the counts
        self._send(answer)

    def _leave(self) -> NoReturn:
        self._pulled.set()
        self._out.set()  # before the reader can see it
        raise Gone

    def _send(self, message: bytes) -> None:
        self._socket.sendall(len(message).to_bytes(2, "big") + message)

    def _receive(self) -> bytes:
        return self._exactly(int.from_bytes(self._exactly(2), "big"))

    def _exactly(self, size: int) -> bytes:
        parts = bytearray()
        while len(parts) < size:
            # Debian's vpcd sends length and body in two writes; without an immediate acknowledgement the body waits
            # 40 ms for the delayed one (fixed upstream in 76e2679). The kernel forgets the option, so: each time.
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            part = self._socket.recv(size - len(parts))
            if not part:
                raise Gone
            parts += part
        return bytes(parts)

"""One conversation with a card: every command counted, limited in time, and logged without its body."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Protocol

from devices.cards.apdu import Answer, Command, Status
from devices.cards.tlv import MalformedData
from kiosk.failures import Failure, ServiceFailure
from kiosk.identity import Phase, ReadingCost

TRAFFIC = 5
"""Below DEBUG, off by default: headers, lengths, status words and times; never a body."""

READING_SECONDS = 15.0
LARGEST_COMMANDS = 1_000
_LARGEST_PARTS = 300
_log = logging.getLogger(__name__)


class WireBroken(Exception):
    """The card did not take the command though it is still there; the wire is dead until it is reconnected."""


class Wire(Protocol):
    """The way to one card that is powered."""

    @property
    def reader_limit(self) -> int:
        """The largest APDU data the reader takes, in bytes."""

    def transmit(self, command: bytes) -> bytes:
        """Raises WireBroken, or ServiceFailure where card, reader or service are gone."""

    def reconnect(self) -> None:
        """Powers the card down and up again. Raises ServiceFailure."""


class Exchange:
    """Sends commands over a wire. `cancelled` is asked before each one, so that nothing outlives its asker."""

    def __init__(
        self,
        wire: Wire,
        *,
        seconds: float = READING_SECONDS,
        cancelled: Callable[[], bool] = lambda: False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wire = wire
        self._cancelled = cancelled
        self._monotonic = monotonic
        self._began = monotonic()
        self._deadline = self._began + seconds
        self._commands = 0
        self._sent = 0
        self._received = 0
        self._phases: dict[str, tuple[int, float]] = {}
        self._phase = ""
        self._phase_began = self._began
        self._phase_commands = 0

    @property
    def reader_limit(self) -> int:
        return self._wire.reader_limit

    def reconnect(self) -> None:
        self._wire.reconnect()

    def enter(self, phase: str) -> str:
        """From now on what is spent is spent on `phase`. Returns the phase before, so that a caller can go back to
        it; time before the first phase is nobody's."""
        before, now = self._phase, self._monotonic()
        if before:
            commands, seconds = self._phases.get(before, (0, 0.0))
            self._phases[before] = (
                commands + self._commands - self._phase_commands,
                seconds + now - self._phase_began,
            )
        self._phase, self._phase_began, self._phase_commands = phase, now, self._commands
        return before

    def cost(self) -> ReadingCost:
        self.enter(self._phase)
        phases = (Phase(name, commands, round(seconds * 1000, 1)) for name, (commands, seconds) in self._phases.items())
        return ReadingCost(
            commands=self._commands,
            bytes_sent=self._sent,
            bytes_received=self._received,
            milliseconds=round((self._monotonic() - self._began) * 1000),
            phases=tuple(phases),
        )

    def send(self, command: Command) -> Answer:
        """The whole answer, fetched with GET RESPONSE where a T=0 card says 61xx. Raises WireBroken, ServiceFailure."""
        answer = self._send_once(command)
        data = answer.data
        for _ in range(_LARGEST_PARTS):
            if answer.status >> 8 != Status.MORE_DATA:
                return Answer(data, answer.status)
            answer = self._send_once(Command(0x00, 0xC0, 0x00, 0x00, expected=answer.status & 0xFF or 256))
            data += answer.data
        raise WireBroken("the card announces more data without end")

    def _send_once(self, command: Command) -> Answer:
        began = self._monotonic()
        if self._cancelled() or began >= self._deadline or self._commands >= LARGEST_COMMANDS:
            raise ServiceFailure(Failure.CARD_TIMEOUT)
        raw = command.encode()
        self._commands += 1
        self._sent += len(raw)
        received = self._wire.transmit(raw)
        self._received += len(received)
        try:
            answer = Answer.decode(received)
        except MalformedData as error:
            raise WireBroken("no status word") from error
        if _log.isEnabledFor(TRAFFIC):
            _log.log(
                TRAFFIC,
                "%s Lc=%d Le=%d -> %d bytes %04X, %d ms",
                command.header.hex(" "),
                len(command.data),
                command.expected,
                len(answer.data),
                answer.status,
                round((self._monotonic() - began) * 1000),
            )
        return answer

"""The messages that a bank-card terminal and this kiosk exchange, and one connection that carries one of them.

PROVISIONAL. The acquiring bank's protocol is not public; this one is ours and holds the place. When the bank's is
known, this module is replaced and `terminal` stays. What any replacement must keep: every message names the payment,
and asking twice never moves money twice.

One connection carries one question and its answer, each one line of UTF-8 JSON ended by a line feed, at most
`LINE_BYTES` long:

    {"ask": "authorise", "payment": "0192…", "amount_fils": 20250}     holds the amount once the person agreed
    {"ask": "capture", "payment": "0192…"}                             takes what is held
    {"ask": "void", "payment": "0192…"}                                lets go, or gives back what was taken
    {"ask": "refund", "payment": "0192…", "part": "0192…", "amount_fils": 5000}   gives a part of what was taken back
    {"ask": "cancel", "payment": "0192…"}                              stops waiting for the person
    {"ask": "query", "payment": "0192…"}                               changes nothing
    {"payment": "0192…", "state": "authorised"}                        the answer to each: what is true now

`authorise` is answered twice: at once with `waiting`, so that a dead terminal is found before a person stands there in
vain, and with the outcome when the person has decided. A payment that was declined, cancelled or voided stays so: an
`authorise` that arrives after a `void` or a `cancel` of the same payment must not ask the person any more. A `refund`
is answered with `refunded` once that part is back, however often it is asked for; the payment itself stays `captured`
while something of it is still here. One that asks for more than is here is `refused`.
"""

from __future__ import annotations

import contextlib
import select
import socket
import time
from types import TracebackType
from typing import Literal, Self
from uuid import UUID

import msgspec

LINE_BYTES = 1024
"""No message is longer; a longer line is not ours."""

Ask = Literal["authorise", "capture", "void", "refund", "cancel", "query"]

State = Literal[
    "unheard", "waiting", "authorised", "captured", "voided", "refunded", "declined", "cancelled", "refused"
]
"""`unheard`: never asked. `waiting`: for the person or the bank. `refused`: this payment has another amount."""


class Question(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    ask: Ask
    payment: UUID
    amount_fils: int | None = None
    part: UUID | None = None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    payment: UUID
    state: State


class NotAnswered(Exception):
    """The terminal was asked, and no answer came that can be believed."""


class TooLate(NotAnswered):
    """Nothing came in time; the connection still stands."""


class Exchange:
    """One question and its answer. Opening it raises OSError, and then nothing was asked."""

    def __init__(self, address: tuple[str, int], connect_seconds: float) -> None:
        self._socket = socket.create_connection(address, timeout=connect_seconds)
        self._received = bytearray()
        self._payment: UUID | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._socket.close()

    def ask(self, question: Question) -> None:
        """Raises NotAnswered: part of the question may have arrived."""
        self._payment = question.payment
        try:
            self._socket.sendall(msgspec.json.encode(question) + b"\n")
        except OSError as error:
            raise NotAnswered from error

    def wait(self, until: float, bell: socket.socket | None = None) -> State | None:
        """The next answer; None when `bell` can be read first. `until` is of time.monotonic(). Raises NotAnswered, and
        TooLate when it may be asked again."""
        watched = [self._socket] if bell is None else [self._socket, bell]
        try:
            while b"\n" not in self._received:
                ready, _, _ = select.select(watched, [], [], max(0.0, until - time.monotonic()))
                if bell in ready:
                    return None
                if not ready:
                    raise TooLate
                self._receive()
        except OSError as error:
            raise NotAnswered from error
        return self._decode()

    def _receive(self) -> None:
        more = self._socket.recv(LINE_BYTES)
        self._received += more
        if not more or len(self._received) > LINE_BYTES:
            raise NotAnswered

    def _decode(self) -> State:
        line, _, rest = self._received.partition(b"\n")
        self._received = bytearray(rest)
        try:
            answer = msgspec.json.decode(line, type=Answer)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise NotAnswered from error
        if answer.payment != self._payment:
            raise NotAnswered
        return answer.state

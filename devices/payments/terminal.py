"""The bank-card terminal on the counter: asks it, and when it falls silent finds out what it did."""

from __future__ import annotations

import contextlib
import dataclasses
import socket
import time
from typing import Literal
from uuid import UUID

from devices.payments.protocol import Ask, Exchange, NotAnswered, Question, State, TooLate
from kiosk.failures import Failure, ServiceFailure
from kiosk.transaction import PaymentState

_KNOWN = {
    "waiting": PaymentState.UNKNOWN,
    "authorised": PaymentState.AUTHORISED,
    "captured": PaymentState.CAPTURED,
    "voided": PaymentState.VOIDED,
    "refunded": PaymentState.REFUNDED,
    "declined": PaymentState.VOIDED,  # nothing is held
    "cancelled": PaymentState.VOIDED,
}


@dataclasses.dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited, in seconds: for a connection, for an answer that needs no person, for the person, and
    in all for a terminal that fell silent to say what it did."""

    connect: float = 2.0
    answer: float = 5.0
    person: float = 90.0
    settle: float = 20.0
    between: float = 0.25


class CardTerminal:
    """`kiosk.ports.PaymentTerminal` over TCP (devices.payments.protocol). Calls come from one thread at a time, except
    `interrupt`, which may come from any."""

    def __init__(self, host: str, port: int, patience: Patience = Patience()) -> None:
        self._address = (host, port)
        self._patience = patience
        self._unwanted: UUID | None = None
        self._bell, self._button = socket.socketpair()
        self._bell.setblocking(False)
        self._button.setblocking(False)

    def close(self) -> None:
        self._bell.close()
        self._button.close()

    def authorise(self, payment: UUID, amount_fils: int) -> PaymentState:
        self._quieten()
        if self._unwanted == payment:
            raise ServiceFailure(Failure.PAYMENT_CANCELLED)  # nothing was asked
        question = Question(ask="authorise", payment=payment, amount_fils=amount_fils)
        try:
            exchange = Exchange(self._address, self._patience.connect)
        except OSError as error:
            raise ServiceFailure(Failure.PAYMENT_SILENT) from error
        try:
            with exchange:
                exchange.ask(question)
                state: State | None = self._wait_for_person(exchange, payment)
        except NotAnswered:
            state = self._find_out(payment)
        return _authorised(state)

    def capture(self, payment: UUID) -> PaymentState:
        if self._insist("capture", payment) == "captured":
            return PaymentState.CAPTURED
        raise ServiceFailure(Failure.PAYMENT_UNKNOWN)

    def void(self, payment: UUID) -> PaymentState:
        state = self._insist("void", payment)
        known = None if state is None else _KNOWN.get(state)
        if known in (PaymentState.VOIDED, PaymentState.REFUNDED):
            return known
        raise ServiceFailure(Failure.PAYMENT_UNKNOWN)

    def refund(self, payment: UUID, part: UUID, amount_fils: int) -> PaymentState:
        """Asked until it is answered: the part's name keeps it from going back twice."""
        question = Question(ask="refund", payment=payment, part=part, amount_fils=amount_fils)
        until = time.monotonic() + self._patience.settle
        while True:
            with contextlib.suppress(OSError, NotAnswered):
                if self._put(question) == "refunded":
                    return PaymentState.REFUNDED
                raise ServiceFailure(Failure.PAYMENT_UNKNOWN)
            if time.monotonic() >= until:
                raise ServiceFailure(Failure.PAYMENT_UNKNOWN)
            time.sleep(self._patience.between)  # it tells nothing by itself: asked again, up to a deadline

    def query(self, payment: UUID) -> PaymentState | None:
        try:
            state = self._ask("query", payment)
        except OSError as error:
            raise ServiceFailure(Failure.PAYMENT_SILENT) from error
        except NotAnswered as error:
            raise ServiceFailure(Failure.PAYMENT_UNKNOWN) from error
        return None if state == "unheard" else _KNOWN.get(state, PaymentState.UNKNOWN)

    def interrupt(self, payment: UUID) -> None:
        self._unwanted = payment  # before the bell: who does not hear it any more finds this
        with contextlib.suppress(OSError):  # a full buffer: it was rung already
            self._button.send(b"!")

    # -- the person

    def _wait_for_person(self, exchange: Exchange, payment: UUID) -> State:
        """Passes an interruption on; and when the person takes too long, the terminal is asked to stop as well. Its own
        answer says which came first."""
        until = time.monotonic() + self._patience.answer
        heard = stopping = False
        while True:
            try:
                state = exchange.wait(until, self._bell)
                if state is None:
                    self._quieten()
                    if self._unwanted != payment:
                        continue
            except TooLate:
                if stopping or not heard:
                    raise
                state = None
            if state == "waiting":
                heard = True
                until = until if stopping else time.monotonic() + self._patience.person
            elif state is not None:
                return state
            else:
                stopping = True
                until = time.monotonic() + self._patience.answer
                with contextlib.suppress(OSError, NotAnswered):
                    self._ask("cancel", payment)

    def _quieten(self) -> None:
        """Forgets that the bell was rung; whose payment nobody wants is in `_unwanted`."""
        with contextlib.suppress(BlockingIOError):
            while self._bell.recv(64):
                pass

    # -- when the terminal falls silent

    def _find_out(self, payment: UUID) -> State | None:
        """What became of a payment whose answer was lost; None when that cannot be learned in time."""
        until = time.monotonic() + self._patience.settle
        while True:
            with contextlib.suppress(OSError, NotAnswered):
                state = self._ask("query", payment)
                if state == "waiting":
                    state = self._ask("cancel", payment)
                if state == "unheard" and self._ask("void", payment) == "voided":
                    # The question may still lie in the terminal's buffers: only now is it certain to stay unasked.
                    return "unheard"
                if state not in ("waiting", "unheard"):
                    return state
            if time.monotonic() >= until:
                return None
            time.sleep(self._patience.between)  # it tells nothing by itself: asked again, up to a deadline

    def _insist(self, ask: Literal["capture", "void"], payment: UUID) -> State | None:
        """Asks, and when no answer comes asks what happened, and asks again; the last state that was heard. Safe
        because no question moves money twice."""
        until = time.monotonic() + self._patience.settle
        state: State | None = None
        while True:
            for each in (ask, "query"):
                with contextlib.suppress(OSError, NotAnswered):
                    state = self._ask(each, payment)
                    if state not in ("waiting", "authorised"):
                        return state
            if time.monotonic() >= until:
                return state
            time.sleep(self._patience.between)  # it tells nothing by itself: asked again, up to a deadline

    def _ask(self, ask: Ask, payment: UUID) -> State:
        return self._put(Question(ask=ask, payment=payment))

    def _put(self, question: Question) -> State:
        """One quick question. Raises OSError (nothing was asked) or NotAnswered."""
        with Exchange(self._address, self._patience.connect) as exchange:
            exchange.ask(question)
            state = exchange.wait(time.monotonic() + self._patience.answer)
        if state is None:  # only a bell ends the wait so, and none was given
            raise NotAnswered
        return state


def _authorised(state: State | None) -> PaymentState:
    match state:
        case "authorised" | "captured":
            return _KNOWN[state]
        case "declined":
            raise ServiceFailure(Failure.PAYMENT_DECLINED)
        case "cancelled" | "voided" | "refunded":
            raise ServiceFailure(Failure.PAYMENT_CANCELLED)
        case "unheard":
            raise ServiceFailure(Failure.PAYMENT_SILENT)
        case _:
            raise ServiceFailure(Failure.PAYMENT_UNKNOWN)

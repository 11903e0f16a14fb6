"""The driver against terminals that misbehave: whatever they say, an unproven payment is UNKNOWN, never taken."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from devices.payments import CardTerminal, Patience
from devices.payments.protocol import LINE_BYTES
from kiosk.failures import ServiceFailure
from kiosk.transaction import PaymentState

Say = Callable[[dict[str, str]], bytes | None]
ONCE = Patience(connect=20, answer=20, person=0.05, settle=0, between=0)
"""Patient with a busy machine; a terminal that fell silent is asked once, not for long."""


class Scripted:
    """A terminal that reads one question of each connection and answers it with whatever bytes `say` makes of it; on
    None it hangs up on everybody."""

    def __init__(self, say: Say) -> None:
        self.asked: list[str] = []
        self._say = say
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self._open = ExitStack()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._server.close()
        self._open.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            self._open.enter_context(connection)  # stays open: only the bytes are at fault
            with connection.makefile("rb") as file:
                question = json.loads(file.readline())
            self.asked.append(question["ask"])
            answer = self._say(question)
            if answer is None:
                self._open.close()
            else:
                connection.sendall(answer)


@pytest.fixture
def terminals() -> Iterator[Callable[..., tuple[CardTerminal, Scripted]]]:
    with ExitStack() as opened:

        def start(say: Say, patience: Patience = ONCE) -> tuple[CardTerminal, Scripted]:
            scripted = Scripted(say)
            opened.callback(scripted.close)
            terminal = CardTerminal("127.0.0.1", scripted.port, patience)
            opened.callback(terminal.close)
            return terminal, scripted

        yield start


Start = Callable[..., tuple[CardTerminal, Scripted]]


def line(payment: object, state: object) -> bytes:
    return json.dumps({"payment": payment, "state": state}).encode() + b"\n"


def script(**states: str | None) -> Say:
    def say(question: dict[str, str]) -> bytes | None:
        state = states[question["ask"]]
        return None if state is None else line(question["payment"], state)

    return say


NONSENSE: dict[str, Say] = {
    "not JSON": lambda _: b"APPROVED\n",
    "not text": lambda _: b"\xff\xfe\x00\n",
    "an unknown state": lambda question: line(question["payment"], "approved"),
    "another payment": lambda _: line(str(UUID(int=7)), "captured"),
    "no payment": lambda _: b'{"state": "captured"}\n',
    "an endless line": lambda _: b" " * (LINE_BYTES + 1),
    "an endless line that ends well": lambda question: b" " * LINE_BYTES + line(question["payment"], "captured"),
    "nothing": lambda _: None,
    "deep nesting": lambda _: b"[" * 900 + b"\n",
}


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_nonsense_is_unknown(terminals: Start, nonsense: str) -> None:
    terminal, _ = terminals(NONSENSE[nonsense])
    calls: tuple[Callable[[UUID], object], ...] = (
        lambda payment: terminal.authorise(payment, 1),
        terminal.capture,
        terminal.void,
        terminal.query,
    )
    for call in calls:
        with pytest.raises(ServiceFailure, match="PAYMENT_UNKNOWN"):
            call(uuid4())


@pytest.mark.parametrize("state", ["refused", "waiting", "unheard"])
def test_a_state_that_cannot_follow_is_unknown(terminals: Start, state: str) -> None:
    terminal, _ = terminals(lambda question: line(question["payment"], state))
    for call in (terminal.capture, terminal.void):
        with pytest.raises(ServiceFailure, match="PAYMENT_UNKNOWN"):
            call(uuid4())


def test_a_person_who_takes_too_long_ends_in_a_cancelled_payment(terminals: Start) -> None:
    terminal, scripted = terminals(script(authorise="waiting", cancel=None, query="cancelled"))
    with pytest.raises(ServiceFailure, match="PAYMENT_CANCELLED"):
        terminal.authorise(uuid4(), 1)
    assert scripted.asked == ["authorise", "cancel", "query"]


def test_a_terminal_that_never_heard_of_it_is_told_to_void_before_it_counts_as_silent(terminals: Start) -> None:
    terminal, scripted = terminals(script(authorise=None, query="unheard", void="voided"))
    with pytest.raises(ServiceFailure, match="PAYMENT_SILENT"):
        terminal.authorise(uuid4(), 1)
    assert scripted.asked == ["authorise", "query", "void"]


def test_a_person_still_waiting_when_the_line_was_lost_is_sent_away(terminals: Start) -> None:
    terminal, scripted = terminals(script(authorise=None, query="waiting", cancel="cancelled"))
    with pytest.raises(ServiceFailure, match="PAYMENT_CANCELLED"):
        terminal.authorise(uuid4(), 1)
    assert scripted.asked == ["authorise", "query", "cancel"]


def test_half_an_answer_is_no_answer(terminals: Start) -> None:
    terminal, _ = terminals(lambda question: line(question["payment"], "captured")[:-1], replace(ONCE, answer=0.05))
    with pytest.raises(ServiceFailure, match="PAYMENT_UNKNOWN"):
        terminal.capture(uuid4())


def test_an_answer_that_comes_together_with_the_first_sign_is_read(terminals: Start) -> None:
    terminal, _ = terminals(
        lambda question: line(question["payment"], "waiting") + line(question["payment"], "authorised")
    )
    assert terminal.authorise(uuid4(), 1) is PaymentState.AUTHORISED


def test_no_question_carries_more_than_the_payment_and_its_amount(terminals: Start) -> None:
    seen: list[dict[str, str]] = []

    def say(question: dict[str, str]) -> bytes:
        seen.append(question)
        return line(question["payment"], "authorised")

    terminal, _ = terminals(say)
    payment = uuid4()
    terminal.authorise(payment, 20_250)
    terminal.query(payment)
    assert seen == [
        {"ask": "authorise", "payment": str(payment), "amount_fils": 20_250},
        {"ask": "query", "payment": str(payment)},
    ]

"""The virtual payment terminal as a device of its own: it keeps what it knows over a restart, and survives nonsense."""

from __future__ import annotations

import json
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from devices.payments import CardTerminal, Patience
from devices.virtual.part import Part
from kiosk.failures import ServiceFailure
from kiosk.transaction import PaymentState


@contextmanager
def running(state: Path) -> Iterator[Part]:
    command = (sys.executable, "-m", "devices.virtual.payment_terminal", "--state", str(state))
    part = Part("payment terminal", command, state.with_suffix(".log"))
    part.start()
    try:
        part.ready()
        yield part
    finally:
        part.stop()


@contextmanager
def driver(part: Part) -> Iterator[CardTerminal]:
    terminal = CardTerminal("127.0.0.1", part.port, Patience(answer=20))
    try:
        yield terminal
    finally:
        terminal.close()


def test_it_remembers_over_a_restart_even_after_a_torn_write(tmp_path: Path) -> None:
    state = tmp_path / "payments.jsonl"
    payment = uuid4()
    with running(state) as part, driver(part) as terminal:
        terminal.authorise(payment, 500)
        terminal.capture(payment)
    with state.open("a") as file:
        file.write('{"payment": "')
    with running(state) as part, driver(part) as terminal:
        assert terminal.query(payment) is PaymentState.CAPTURED
        assert terminal.void(payment) is PaymentState.REFUNDED


def test_a_person_who_waited_when_it_was_ended_waits_no_more(tmp_path: Path) -> None:
    state = tmp_path / "payments.jsonl"
    payment = uuid4()
    state.write_text(
        json.dumps({"payment": str(payment), "amount_fils": 500, "moves": 0, "state": "waiting"}) + "\n",
    )
    with running(state) as part, driver(part) as terminal:
        assert terminal.query(payment) is PaymentState.VOIDED


def test_nonsense_on_a_connection_is_answered_by_hanging_up(tmp_path: Path) -> None:
    with running(tmp_path / "payments.jsonl") as part:
        for nonsense in (b"hello\n", b"[]\n", b'{"ask": "authorise"}\n', b"x" * 5000, b"\xff\n"):
            with ExitStack() as opened:
                connection = opened.enter_context(socket.create_connection(("127.0.0.1", part.port), timeout=20))
                connection.sendall(nonsense)
                connection.shutdown(socket.SHUT_WR)
                try:
                    answer = connection.recv(100)
                except ConnectionResetError:  # hung up with some of it unread
                    answer = b""
                assert answer == b""
        assert json.loads(part.tell("list")) == []


def test_a_command_that_it_does_not_know_is_said_to_be_unknown(tmp_path: Path) -> None:
    with running(tmp_path / "payments.jsonl") as part:
        assert [part.tell(line) for line in ("delay soon", "approve please", "")] == ["unknown"] * 3
        assert part.tell("delay 20") == "ok"


def test_a_deaf_terminal_loses_what_it_is_asked_and_does_not_do_it(tmp_path: Path) -> None:
    with running(tmp_path / "payments.jsonl") as part:
        terminal = CardTerminal("127.0.0.1", part.port, Patience(answer=20, settle=0))
        payment = uuid4()
        assert part.tell("deaf") == "ok"
        assert terminal.authorise(payment, 500) is PaymentState.AUTHORISED
        for call in (terminal.capture, terminal.void):
            with pytest.raises(ServiceFailure, match="PAYMENT_UNKNOWN"):
                call(payment)
        assert terminal.query(payment) is PaymentState.AUTHORISED
        terminal.close()


def test_a_lag_holds_the_question_up_before_and_the_answer_after(tmp_path: Path) -> None:
    """So that a test can meet the time in which the terminal has acted and nobody knows it."""
    with running(tmp_path / "payments.jsonl") as part:
        assert part.tell("lag 200") == "ok"
        with socket.create_connection(("127.0.0.1", part.port), timeout=20) as connection:
            began = time.monotonic()
            connection.sendall(json.dumps({"ask": "void", "payment": str(uuid4())}).encode() + b"\n")
            while not json.loads(part.tell("list")):
                pass
            done = time.monotonic()
            connection.recv(100)
            assert (done - began >= 0.2, time.monotonic() - began >= 0.4) == (True, True)

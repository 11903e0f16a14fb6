"""What every payment terminal promises, asked of the fake and of the real driver with a terminal process behind it."""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID, uuid4

import pytest

from devices.payments import CardTerminal, Patience
from devices.virtual.part import Part
from kiosk.failures import Failure, ServiceFailure
from kiosk.ports import PaymentTerminal
from kiosk.transaction import PaymentState
from tests.contracts.fake_payment import FakePayment

AMOUNT = 20_250


class Counter(Protocol):
    """A terminal to pay at, and the hand that works the other side of it."""

    @property
    def terminal(self) -> PaymentTerminal: ...

    def mode(self, mode: str) -> None: ...

    def wait_until_asked(self) -> None:
        """Comes back when the terminal waits for a person."""

    def late_yes(self) -> None:
        """The bank's answer comes, after the kiosk has given up."""

    def moves(self, payment: UUID) -> int: ...


class FakeCounter:
    def __init__(self) -> None:
        self.terminal = FakePayment()

    def mode(self, mode: str) -> None:
        self.terminal.mode = mode

    def wait_until_asked(self) -> None:
        assert self.terminal.asked.wait(20)

    def late_yes(self) -> None:
        """The fake's bank has said yes already; nobody was told."""

    def moves(self, payment: UUID) -> int:
        return self.terminal.moves(payment)


class RealCounter:
    """The driver is patient with the process (this machine may be busy) and impatient only where silence is tested."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.patient = CardTerminal("127.0.0.1", part.ready(), Patience(answer=20, settle=20, between=0.01))
        self.hasty = CardTerminal("127.0.0.1", part.port, Patience(answer=0.1, settle=0))
        self.late = CardTerminal("127.0.0.1", part.port, Patience(answer=1, person=0.05, settle=0))
        with socket.create_server(("127.0.0.1", 0)) as taken:
            free = taken.getsockname()[1]
        self.nobody = CardTerminal("127.0.0.1", free, Patience(settle=0))
        self.terminal = self.patient

    def close(self) -> None:
        for terminal in (self.patient, self.hasty, self.late, self.nobody):
            terminal.close()
        self.part.stop()

    def mode(self, mode: str) -> None:
        self.terminal = {"off": self.nobody, "silent": self.hasty, "late": self.late}.get(mode, self.patient)
        if mode != "off":
            assert self.part.tell(mode) == "ok"
        if mode == "late":
            assert self.part.tell("delay 3600000") == "ok"

    def wait_until_asked(self) -> None:
        while not any(record["state"] == "waiting" for record in self._list()):
            pass

    def late_yes(self) -> None:
        self.mode("approve")
        assert self.part.tell("present") == "ok"

    def moves(self, payment: UUID) -> int:
        return sum(record["moves"] for record in self._list() if record["payment"] == str(payment))

    def _list(self) -> list[dict[str, Any]]:
        records: list[dict[str, Any]] = json.loads(self.part.tell("list"))
        return records


@pytest.fixture(params=["fake", "real"])
def counter(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Counter]:
    if request.param == "fake":
        yield FakeCounter()
        return
    command = (sys.executable, "-m", "devices.virtual.payment_terminal", "--state", str(tmp_path / "payments.jsonl"))
    part = Part("payment terminal", command, tmp_path / "payment_terminal.log")
    part.start()
    try:
        real = RealCounter(part)
    except BaseException:
        part.stop()
        raise
    yield real
    real.close()


def refusal(counter: Counter, payment: UUID, amount_fils: int = AMOUNT) -> Failure:
    with pytest.raises(ServiceFailure) as raised:
        counter.terminal.authorise(payment, amount_fils)
    return raised.value.failure


def test_money_moves_at_capture_and_only_once(counter: Counter) -> None:
    payment = uuid4()
    assert counter.terminal.authorise(payment, AMOUNT) is PaymentState.AUTHORISED
    assert counter.terminal.query(payment) is PaymentState.AUTHORISED
    assert counter.moves(payment) == 0
    for _ in range(3):
        assert counter.terminal.capture(payment) is PaymentState.CAPTURED
    assert counter.terminal.authorise(payment, AMOUNT) is PaymentState.CAPTURED
    assert counter.terminal.query(payment) is PaymentState.CAPTURED
    assert counter.moves(payment) == 1


def test_another_amount_for_the_same_payment_is_refused(counter: Counter) -> None:
    payment = uuid4()
    counter.terminal.authorise(payment, AMOUNT)
    assert refusal(counter, payment, AMOUNT + 1) is Failure.PAYMENT_UNKNOWN
    assert counter.terminal.query(payment) is PaymentState.AUTHORISED


def test_a_declined_payment_holds_nothing_and_the_next_one_is_free(counter: Counter) -> None:
    payment = uuid4()
    counter.mode("decline")
    assert refusal(counter, payment) is Failure.PAYMENT_DECLINED
    assert counter.terminal.query(payment) is PaymentState.VOIDED
    assert counter.terminal.void(payment) is PaymentState.VOIDED
    counter.mode("approve")
    assert counter.terminal.authorise(uuid4(), AMOUNT) is PaymentState.AUTHORISED


def test_void_lets_go_what_is_held(counter: Counter) -> None:
    payment = uuid4()
    counter.terminal.authorise(payment, AMOUNT)
    assert counter.terminal.void(payment) is PaymentState.VOIDED
    assert counter.terminal.void(payment) is PaymentState.VOIDED
    with pytest.raises(ServiceFailure, match="PAYMENT_UNKNOWN"):
        counter.terminal.capture(payment)
    assert counter.moves(payment) == 0


def test_void_gives_back_what_was_taken_and_only_once(counter: Counter) -> None:
    payment = uuid4()
    counter.terminal.authorise(payment, AMOUNT)
    counter.terminal.capture(payment)
    assert counter.terminal.void(payment) is PaymentState.REFUNDED
    assert counter.terminal.void(payment) is PaymentState.REFUNDED
    assert counter.moves(payment) == 0


def test_a_payment_voided_before_it_was_asked_for_is_never_asked_for(counter: Counter) -> None:
    payment = uuid4()
    assert counter.terminal.query(payment) is None
    assert counter.terminal.void(payment) is PaymentState.VOIDED
    assert refusal(counter, payment) is Failure.PAYMENT_CANCELLED


def test_capture_of_a_payment_that_was_never_asked_for_is_no_capture(counter: Counter) -> None:
    with pytest.raises(ServiceFailure, match="PAYMENT_UNKNOWN"):
        counter.terminal.capture(uuid4())


def test_interrupt_ends_the_wait_for_the_person(counter: Counter) -> None:
    payment = uuid4()
    counter.mode("wait")
    failures: list[Failure] = []
    waiting = threading.Thread(target=lambda: failures.append(refusal(counter, payment)))
    waiting.start()
    counter.wait_until_asked()
    counter.terminal.interrupt(payment)
    waiting.join()
    assert failures == [Failure.PAYMENT_CANCELLED]
    assert counter.terminal.query(payment) is PaymentState.VOIDED


def test_an_interrupt_that_came_too_late_is_not_for_the_next_payment(counter: Counter) -> None:
    paid = uuid4()
    counter.terminal.authorise(paid, AMOUNT)
    for _ in range(3):
        counter.terminal.interrupt(paid)
    assert counter.terminal.authorise(uuid4(), AMOUNT) is PaymentState.AUTHORISED


def test_an_interrupt_that_comes_before_the_question_is_not_lost(counter: Counter) -> None:
    """The person pressed End while the agreement was being written: nobody is asked to pay any more."""
    payment = uuid4()
    counter.terminal.interrupt(payment)
    assert refusal(counter, payment) is Failure.PAYMENT_CANCELLED
    assert counter.terminal.query(payment) in (None, PaymentState.VOIDED)
    assert counter.terminal.authorise(uuid4(), AMOUNT) is PaymentState.AUTHORISED


def test_lost_answers_are_asked_for_again_and_cost_nothing(counter: Counter) -> None:
    payment = uuid4()
    counter.mode("drop")
    assert counter.terminal.authorise(payment, AMOUNT) is PaymentState.AUTHORISED
    assert counter.terminal.capture(payment) is PaymentState.CAPTURED
    assert counter.moves(payment) == 1
    assert counter.terminal.void(payment) is PaymentState.REFUNDED
    assert counter.moves(payment) == 0


def test_no_connection_means_that_nothing_was_asked(counter: Counter) -> None:
    counter.mode("off")
    payment = uuid4()
    assert refusal(counter, payment) is Failure.PAYMENT_SILENT
    with pytest.raises(ServiceFailure, match="PAYMENT_SILENT"):
        counter.terminal.query(payment)


@pytest.mark.parametrize("mode", ["silent", "off"])
def test_a_capture_or_void_without_an_answer_is_unknown(counter: Counter, mode: str) -> None:
    payment = uuid4()
    counter.terminal.authorise(payment, AMOUNT)
    counter.mode(mode)
    for call in (counter.terminal.capture, counter.terminal.void):
        with pytest.raises(ServiceFailure, match="PAYMENT_UNKNOWN"):
            call(payment)


def test_silence_after_the_question_is_unknown_never_declined(counter: Counter) -> None:
    counter.mode("silent")
    payment = uuid4()
    assert refusal(counter, payment) is Failure.PAYMENT_UNKNOWN
    with pytest.raises(ServiceFailure, match="PAYMENT_UNKNOWN"):
        counter.terminal.query(payment)


def test_a_late_yes_is_found_afterwards_and_given_back(counter: Counter) -> None:
    counter.mode("late")
    payment = uuid4()
    assert refusal(counter, payment) is Failure.PAYMENT_UNKNOWN
    counter.late_yes()
    assert counter.terminal.query(payment) is PaymentState.AUTHORISED
    assert counter.terminal.void(payment) is PaymentState.VOIDED
    assert counter.moves(payment) == 0


def test_a_part_goes_back_once_and_the_payment_stays_until_all_of_it_has(counter: Counter) -> None:
    payment, first, second = uuid4(), uuid4(), uuid4()
    counter.terminal.authorise(payment, AMOUNT)
    counter.terminal.capture(payment)
    for _ in range(2):
        assert counter.terminal.refund(payment, first, 250) is PaymentState.REFUNDED
    assert counter.terminal.query(payment) is PaymentState.CAPTURED
    assert counter.moves(payment) == 1
    with pytest.raises(ServiceFailure, match="PAYMENT_UNKNOWN"):
        counter.terminal.refund(payment, second, AMOUNT)  # more than is here
    assert counter.terminal.refund(payment, second, AMOUNT - 250) is PaymentState.REFUNDED
    assert counter.terminal.query(payment) is PaymentState.REFUNDED
    assert counter.moves(payment) == 0
    assert counter.terminal.refund(payment, first, 250) is PaymentState.REFUNDED, "said again"


def test_a_part_of_another_amount_is_not_the_same_part(counter: Counter) -> None:
    payment, part = uuid4(), uuid4()
    counter.terminal.authorise(payment, AMOUNT)
    counter.terminal.capture(payment)
    counter.terminal.refund(payment, part, 250)
    with pytest.raises(ServiceFailure, match="PAYMENT_UNKNOWN"):
        counter.terminal.refund(payment, part, 251)


def test_no_part_goes_back_of_what_was_not_taken(counter: Counter) -> None:
    payment = uuid4()
    counter.terminal.authorise(payment, AMOUNT)
    with pytest.raises(ServiceFailure, match="PAYMENT_UNKNOWN"):
        counter.terminal.refund(payment, uuid4(), 250)


def test_a_refund_whose_answer_is_lost_is_unknown_and_goes_back_once(counter: Counter) -> None:
    payment, part = uuid4(), uuid4()
    counter.terminal.authorise(payment, AMOUNT)
    counter.terminal.capture(payment)
    counter.mode("silent")
    with pytest.raises(ServiceFailure, match="PAYMENT_UNKNOWN"):
        counter.terminal.refund(payment, part, AMOUNT)
    counter.mode("approve")
    for _ in range(2):
        assert counter.terminal.refund(payment, part, AMOUNT) is PaymentState.REFUNDED
    assert counter.moves(payment) == 0

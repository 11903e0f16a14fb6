"""The technician's check of the bank-card terminal."""

from __future__ import annotations

import contextlib
import time
from uuid import UUID

from devices.payments.terminal import CardTerminal
from kiosk.diagnostics import Check, Group, Health, Measured, joined, milliseconds
from kiosk.failures import Failure, ServiceFailure
from kiosk.wire import Words

_NO_PAYMENT = UUID(int=0)
"""A payment that nobody ever made: the terminal is asked about it, and no money can move."""


def payment_terminal(host: str, port: int) -> Check:
    answers = Words(ar="يرد", en="answers")

    def run() -> Measured:
        began = time.monotonic()
        try:
            with contextlib.closing(CardTerminal(host, port)) as terminal:
                terminal.query(_NO_PAYMENT)
        except ServiceFailure:
            return Measured(
                health=Health.BAD,
                value=Words(ar="لا يرد", en="no answer"),
                limit=answers,
                meaning=Words(ar="لا تُقبل البطاقات البنكية الآن.", en="Bank cards cannot be taken now."),
                next_step=Words(ar="شغّل جهاز الدفع وافحص كابله", en="Switch the payment terminal on, check its cable"),
                code=Failure.PAYMENT_SILENT.value,
            )
        took = milliseconds((time.monotonic() - began) * 1000)
        return Measured(health=Health.GOOD, value=joined(answers, took), limit=answers)

    title = Words(ar="جهاز الدفع", en="Payment terminal")
    return Check(id="payment_terminal", group=Group.PRINTING, title=title, run=run)

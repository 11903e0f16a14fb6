"""Run as a program: opens the terminal of a settings file in training, holds an amount, and is killed there."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import main
from kiosk.settings import load
from kiosk.transaction import PaymentState
from tests.offline_queue.parts import agreement

with main.open_terminal(main.for_training(load(Path(sys.argv[1]))), ()) as terminal:
    agreed = agreement(20_000)
    terminal.ledger.prepare(agreed)
    terminal.payments.authorise(agreed.ids.payment, 20_000)
    terminal.ledger.record_payment(agreed.ids.payment, agreed.ids.transaction, PaymentState.AUTHORISED, "visit")
    os.kill(os.getpid(), signal.SIGKILL)

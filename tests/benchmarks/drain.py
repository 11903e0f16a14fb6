"""How quickly the outbox empties over a long line, beside what the line's round trip allows."""

from __future__ import annotations

import contextlib
import math
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from devices.virtual.part import Part
from kiosk.clock import SystemClock
from kiosk.settings import Gateway
from kiosk.transaction import AgreedLine, Agreement
from kiosk.wire import Enquiry, Quote, QuoteLine, Signed
from offline_queue.drain import Drain, Pace
from offline_queue.gateway import HttpsGateway
from offline_queue.keys import load_terminal, load_trust
from offline_queue.ledger import SqlLedger
from tests.benchmarks.far_line import far_line
from tests.benchmarks.figures import Figure, NotMeasured
from tests.offline_queue.parts import PLANTED_NUMBER, TERMINAL, VERIFY_URL, agreement, pay

ROOT = Path(__file__).resolve().parents[2]
KEYS = ROOT / "build" / "demo" / "keys"
ROUND_TRIP_SECONDS = 0.15
ITEMS = 1000
GOAL = 0.8
ENQUIRY = Enquiry(
    terminal=TERMINAL, service="traffic.fines", fields={"plate": "12-34567", "national_number": PLANTED_NUMBER}
)


def measure() -> Iterator[Figure]:
    with contextlib.ExitStack() as parts:
        folder = Path(parts.enter_context(tempfile.TemporaryDirectory(dir=ROOT / "build")))
        intake = _intake(folder, parts)
        port = parts.enter_context(far_line(intake.ready(), ROUND_TRIP_SECONDS))
        keys, clock = load_terminal(KEYS / "terminal"), SystemClock()
        settings = Gateway(url=f"https://localhost:{port}", authority=KEYS / "tls" / "authority.pem")
        gateway = HttpsGateway(
            settings, terminal=TERMINAL, key=keys.ledger, trust=load_trust(KEYS / "trust"), clock=clock
        )
        parts.callback(gateway.close)
        ledger = SqlLedger(folder / "ledger.db", terminal=TERMINAL, keys=keys, clock=clock, verify_url=VERIFY_URL)
        parts.callback(ledger.close)
        quote, signed = gateway.enquire(ENQUIRY, "traffic")  # the connection stands from here on
        for _ in range(ITEMS):
            ledger.commit(pay(ledger, _bought(quote, signed, quote.lines[0])).transaction, "visit")
        batches, seconds = _empty(ledger, Drain(ledger, gateway, TERMINAL, clock, pace=Pace()))
    yield Figure(
        name="drain_ratio_min",
        value=batches * ROUND_TRIP_SECONDS / seconds,
        unit="x",
        goal=GOAL,
        how=f"{ITEMS} items ({ITEMS / seconds:.0f} a second) in {batches} batches to the real intake over TLS on a "
        f"kept connection, {ROUND_TRIP_SECONDS * 1000:.0f} ms round trip: what so many round trips take over the "
        f"{seconds:.2f} s that passed, signatures and both databases' syncs included",
    )


def _intake(folder: Path, parts: contextlib.ExitStack) -> Part:
    command = [sys.executable, "-m", "offline_queue.intake", "--keys", str(KEYS)]
    command += ["--database", str(folder / "intake.db"), "--port", "0"]
    intake = Part("intake", command, folder / "intake.log", commands=False)
    intake.start()
    parts.callback(intake.stop)
    return intake


def _bought(quote: Quote, signed: Signed, line: QuoteLine) -> Agreement:
    agreed = AgreedLine(id=line.id, title_ar=line.title.ar, title_en=line.title.en, amount_fils=line.amount_fils)
    return msgspec.structs.replace(
        agreement(quote=msgspec.json.encode(signed)),
        lines=(agreed,),
        total_fils=agreed.amount_fils,
        agreed_at=quote.issued_at,
    )


def _empty(ledger: SqlLedger, drain: Drain) -> tuple[int, float]:
    """How many batches at least were needed, and the seconds until nothing waits."""
    batches = 0
    began = time.perf_counter()
    while (waiting := ledger.waiting()) > 0:
        drain.step(hurry=True)
        if ledger.waiting() == waiting:
            raise NotMeasured("the intake answers for nothing")
        batches += 1
    return max(batches, math.ceil(ITEMS / Pace().items)), time.perf_counter() - began

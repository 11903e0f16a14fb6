"""How quickly the outbox empties over a long line, beside what the line's round trip allows."""

from __future__ import annotations

import contextlib
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from devices.virtual.part import Part
from kiosk.clock import SystemClock
from kiosk.lane import Lane
from kiosk.settings import Gateway
from kiosk.transaction import AgreedLine, Agreement
from kiosk.wire import Batch, BatchAnswer, Enquiry, Quote, QuoteLine, Signed
from offline_queue.centre import Centre
from offline_queue.drain import Drain, Pace
from offline_queue.gateway import HttpsGateway
from offline_queue.keys import load_terminal, load_trust
from offline_queue.ledger import SqlLedger
from tests.benchmarks.figures import Figure, NotMeasured
from tests.faults.proxy import Proxy
from tests.faults.toxics import Latency, Way
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
        line = parts.enter_context(Proxy(intake.ready()))
        for way in Way:
            line.poison(way, Latency(ROUND_TRIP_SECONDS / 2))
        keys, clock = load_terminal(KEYS / "terminal"), SystemClock()
        settings = Gateway(url=f"https://localhost:{line.port}", authority=KEYS / "tls" / "authority.pem")
        gateway = HttpsGateway(
            settings, terminal=TERMINAL, key=keys.ledger, trust=load_trust(KEYS / "trust"), clock=clock
        )
        parts.callback(gateway.close)
        ledger = SqlLedger(folder / "ledger.db", terminal=TERMINAL, keys=keys, clock=clock, verify_url=VERIFY_URL)
        parts.callback(ledger.close)
        quote, signed = gateway.enquire(ENQUIRY, "traffic")  # the connection stands from here on
        for _ in range(ITEMS):
            ledger.commit(pay(ledger, _bought(quote, signed, quote.lines[0])).transaction, "visit")
        counted = Counted(gateway)
        beside = parts.enter_context(contextlib.closing(Lane("second batch")))
        seconds = _empty(ledger, Drain(ledger, counted, TERMINAL, clock, pace=Pace(), beside=beside))
    batches, size = len(counted.sizes), statistics.median(counted.sizes)
    yield Figure(
        name="drain_ratio_min",
        value=ITEMS / size * ROUND_TRIP_SECONDS / seconds,
        unit="x",
        goal=GOAL,
        how=f"{ITEMS} items ({ITEMS / seconds:.0f} a second) to the real intake over TLS, in {batches} batches, two "
        f"under way at once; a batch is {size:.0f} items, which the bound of {Pace().bytes // 1024} KiB allows. "
        f"{ROUND_TRIP_SECONDS * 1000:.0f} ms round trip: items a second over one batch a round trip, signatures "
        f"and both databases' syncs included. 2 is the most that two under way could do",
    )


class Counted:
    """Also says how many items each batch had."""

    def __init__(self, centre: Centre) -> None:
        self.sizes: list[int] = []
        self.held, self.health, self.introduce = centre.held, centre.health, centre.introduce
        self._submit = centre.submit

    def submit(self, batch: Batch) -> tuple[BatchAnswer, Signed]:
        self.sizes.append(len(batch.items))
        return self._submit(batch)


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


def _empty(ledger: SqlLedger, drain: Drain) -> float:
    """The seconds until nothing waits."""
    began = time.perf_counter()
    while (waiting := ledger.waiting()) > 0:
        drain.step(hurry=True)
        if ledger.waiting() == waiting:
            raise NotMeasured("the intake answers for nothing")
    return time.perf_counter() - began

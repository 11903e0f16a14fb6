"""When the program is killed, and what else goes wrong in that round: drawn from one seed, most of it around the money.

A stretch begins with a line that the program says (`tests.faults.visitor`) and is about as long as what it names. The
windows that a quick desk would never show are widened outside the program, by a payment terminal and a line that lag.
"""

from __future__ import annotations

import dataclasses
import random
from typing import Literal

LAG_MS = 70
"""Of the payment terminal, for each question and each answer."""

WIDE_LAG_MS = 300
"""Between the capture and the news of it: a kill meets that on a busy machine too, where every kill is late."""

LONG_LAG_MS = 2000
"""A question that lies on its way until the program has been restarted and recovery has asked about it."""

PERSON_MS = 100
LINE_MS = 50

LONG_LINE_MS = 2000
"""What is sent lies on its way until the program has been killed, however busy the machine is."""

Payment = Literal["approve", "drop", "deaf", "late", "wait", "decline"]
Line = Literal["whole", "slow", "stalled", "cut", "answers lost"]
Restart = Literal["well", "killed in recovery", "silent terminal"]


@dataclasses.dataclass(frozen=True, slots=True)
class Stretch:
    """From the `count`-th time that the program says `line`; at most `seconds` long."""

    name: str
    line: str
    count: int
    seconds: float
    weight: int


_LAG = LAG_MS / 1000

START = Stretch("start", "begun", 1, 0.9, 8)
WAY = Stretch("on the way", "at choosing_service", 1, 0.4, 3)
AGREED = Stretch("agreed", "at paying", 1, 0.04, 6)
ASKED = Stretch("bank asked", "at paying", 2, 3 * _LAG + PERSON_MS / 1000, 14)
AUTHORISED = Stretch("authorised", "at paying", 3, 2 * _LAG, 12)
CAPTURED = Stretch("captured", "at paying", 4, 0.01, 12)
COMMITTED = Stretch("committed", "at committed", 1, 0.25, 14)
RECEIPT = Stretch("receipt", "at receipt", 1, 0.2, 12)
DONE = Stretch("done", "at done", 1, 0.1, 2)
STRETCHES = (START, WAY, AGREED, ASKED, AUTHORISED, CAPTURED, COMMITTED, RECEIPT, DONE)


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """One round. `restart_seconds` is when, after the idle page, a restart that is to be killed again is killed."""

    stretch: Stretch
    delay: float
    payment: Payment
    lag_ms: int
    line: Line
    card_stays: bool
    restart: Restart
    restart_seconds: float


def draw(chance: random.Random) -> Plan:
    stretch = chance.choices(STRETCHES, [stretch.weight for stretch in STRETCHES])[0]
    payments: tuple[Payment, ...] = ("approve", "approve", "approve", "drop")
    if stretch is ASKED:  # nothing follows these, so they only belong where the bank is asked
        payments = ("approve", "approve", "drop", "late", "wait", "decline")
    if stretch is AUTHORISED:
        payments = ("approve", "drop", "deaf")
    lines: tuple[Line, ...] = ("whole", "slow", "slow", "cut", "answers lost")
    if stretch is COMMITTED:
        lines = ("whole", "slow", "stalled", "stalled", "cut", "answers lost")
    lag_ms = LAG_MS
    if stretch is AGREED:
        lag_ms = chance.choice((LAG_MS, LONG_LAG_MS))
    if stretch is AUTHORISED:
        lag_ms = chance.choice((LAG_MS, WIDE_LAG_MS))
    restarts: tuple[Restart, ...] = ("well", "well", "well", "killed in recovery", "silent terminal")
    return Plan(
        stretch=stretch,
        delay=chance.uniform(0.0, 2 * lag_ms / 1000 if stretch is AUTHORISED else stretch.seconds),
        payment=chance.choice(payments),
        lag_ms=lag_ms,
        line=chance.choice(lines),
        card_stays=chance.random() < 0.1,
        restart=chance.choice(restarts),
        restart_seconds=chance.uniform(0.0, 5 * _LAG),
    )

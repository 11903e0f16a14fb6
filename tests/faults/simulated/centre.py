"""The centre: the real intake over its own SQLite file, in this process, with agencies that count what they did."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

from kiosk.corrections import Reversal
from kiosk.transaction import Agreement
from kiosk.wire import ANSWER_CONTEXT, CENTRE_KEY, Enquiry, Health, HeldQuestion, Signed, Words, encode_canonical
from offline_queue.intake.agencies import Agency, AgencySilent, Decision, Refusal
from offline_queue.intake.callers import TOLERANCE
from offline_queue.intake.centre import Centre, RawBatch
from offline_queue.intake.database import open_database
from offline_queue.intake.store import Store
from offline_queue.intake.terminal_keys import TerminalKeys
from offline_queue.keys import Trust
from offline_queue.signing import sign
from tests.faults.simulated.world import BEGIN, World

ALREADY_PAID: Final = Refusal(code="ALREADY_PAID", words=Words(ar="مدفوعة من قبل", en="Paid before"))
_REFUSED_OF_SIXTEEN: Final = 1
KNOWN_AFTER: Final = timedelta(hours=9)
"""The second agency is connected to the centre only so long after the beginning; until then its items wait."""


class Crashed(BaseException):
    """The centre's process ends here, with what it had not written. Its agencies live on."""


@dataclasses.dataclass(frozen=True, slots=True)
class Request:
    """`created` is the time that the caller signed (RFC 9421, 2.3)."""

    path: str
    body: bytes
    created: datetime


@dataclasses.dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes
    headers: Mapping[str, str] = dataclasses.field(default_factory=lambda: {"Content-Type": "application/json"})


class CountingAgency:
    """Keeps each decision by transaction, and counts what it did by the thing that was paid for."""

    def __init__(self, world: World, name: str) -> None:
        self._world = world
        self._chance = world.chance(f"agency {name}")
        self.silent = 0.0
        """How likely it gives no answer."""
        self.crash = 0.0
        """How likely the centre's process ends around a question to it."""
        self.decisions: dict[UUID, Decision] = {}
        self.effects: dict[str, int] = {}

    def enquire(self, enquiry: Enquiry, now: datetime) -> Signed | Refusal:
        raise AgencySilent

    def settle(self, agreement: Agreement, now: datetime) -> Decision:
        if self._chance.random() < self.silent:
            raise AgencySilent
        self._perhaps_crash()
        decision = self.decisions.get(agreement.ids.transaction)
        if decision is None:
            decision = self._decide(agreement)
            self.decisions[agreement.ids.transaction] = decision
        self._perhaps_crash()
        return decision

    def take_back(self, reversal: Reversal, now: datetime) -> Decision:
        raise AgencySilent

    def _decide(self, agreement: Agreement) -> Decision:
        """By the thing itself, so that the order of arrival changes nothing."""
        thing = agreement.lines[0].id
        if hashlib.sha256(thing.encode()).digest()[0] % 16 < _REFUSED_OF_SIXTEEN:
            return Decision(refusal=ALREADY_PAID)
        self.effects[thing] = self.effects.get(thing, 0) + 1
        return Decision(reference=f"REF-{thing}")

    def _perhaps_crash(self) -> None:
        if self._chance.random() < self.crash:
            raise Crashed


class Intake:
    """The centre's process: started, crashed and started again on the same file. Answers as the HTTP of
    `offline_queue.intake.application` does."""

    def __init__(self, world: World, file: Path, key: Ed25519PrivateKey, trust: Trust) -> None:
        self._world = world
        self._file = file
        self._key = key
        self._trust = trust
        self.traffic = CountingAgency(world, "traffic")
        self.justice = CountingAgency(world, "justice")
        self._engine: Engine | None = None
        self._agencies: dict[str, Agency] = {}
        self._start()

    @property
    def agencies(self) -> tuple[CountingAgency, CountingAgency]:
        return self.traffic, self.justice

    def close(self) -> None:
        if self._engine is not None:
            self._engine.dispose()

    def handle(self, request: Request) -> Reply | None:
        """None where the process has crashed over it."""
        if self._world.now() - BEGIN >= KNOWN_AFTER:
            self._agencies["justice"] = self.justice
        if abs(request.created - self._world.now()) > TOLERANCE:
            return Reply(401, b'{"error":"SIGNATURE"}')
        try:
            return Reply(200, msgspec.json.encode(self._signed(self._answer(request))))
        except Crashed:
            self._world.tell("the centre crashes and starts again")
            self._start()
            return None

    def _answer(self, request: Request) -> msgspec.Struct:
        match request.path:
            case "/v1/batches":
                return self._centre.submit(msgspec.json.decode(request.body, type=RawBatch))
            case "/v1/held":
                return self._centre.held(msgspec.json.decode(request.body, type=HeldQuestion))
            case _:
                return Health(now=self._world.now(), version="simulated")

    def _signed(self, answer: msgspec.Struct) -> Signed:
        return sign(encode_canonical(answer), ANSWER_CONTEXT, self._key, CENTRE_KEY)

    def _start(self) -> None:
        self.close()
        self._engine = open_database(self._file)
        self._agencies = {"traffic": self.traffic}
        self._centre = Centre(
            store=Store(self._engine),
            agencies=self._agencies,
            terminals=TerminalKeys(self._engine, self._trust.ledgers),
            now=self._world.now,
        )

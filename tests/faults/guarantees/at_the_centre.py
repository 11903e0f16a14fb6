"""Guarantees of the intake, tried with what a terminal's ledger really sends."""

from __future__ import annotations

import dataclasses

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.transaction import Agreement
from kiosk.wire import Batch, BatchAnswer, Item, ItemAnswer, Signed
from offline_queue.keys import TerminalKeys
from tests.faults.guarantees.bench import Bench, require
from tests.faults.simulated.centre import Intake, Request
from tests.faults.simulated.world import BEGIN
from tests.offline_queue.parts import TERMINAL, agreement, pay


def a_number_comes_once(bench: Bench) -> None:
    """As from a terminal whose disk was restored from an old image."""
    with bench.office() as office:
        for name in ("first", "restored"):
            item = _sold(bench, name, agreement())
            answer = _ask(office.intake, item)
        require(answer.result == "conflict", f"another transaction under the same number was {answer.result}")


def an_id_stands_for_its_bytes(bench: Bench) -> None:
    with bench.office() as office:
        agreed = agreement()
        other = msgspec.structs.replace(agreed, answers={"plate": "99-99999"})
        _ask(office.intake, _sold(bench, "first", agreed))
        answer = _ask(office.intake, _sold(bench, "other", other))
        require(answer.result == "conflict", f"other bytes under the same id were {answer.result}")


def only_the_terminals_own_entries_are_taken(bench: Bench) -> None:
    stolen = dataclasses.replace(bench.keys, ledger=Ed25519PrivateKey.generate())
    with bench.office() as office:
        answer = _ask(office.intake, _sold(bench, "forged", agreement(), stolen))
        require(answer.code == "ENTRY_UNPROVEN", f"an entry signed by somebody else was {answer.result}")


def what_was_decided_is_the_answer_for_ever(bench: Bench) -> None:
    with bench.office() as office:
        item = _sold(bench, "first", agreement())
        first = _ask(office.intake, item)
        office.intake.traffic.decisions.clear()  # an agency that forgets, and would do it again
        again = _ask(office.intake, item)
        effects = list(office.intake.traffic.effects.values())
        require(effects in ([], [1]), f"the agency was made to do it {sum(effects)} times")
        require(again.reference == first.reference, "the second answer is another one")


def _sold(bench: Bench, name: str, agreed: Agreement, keys: TerminalKeys | None = None) -> Item:
    """The first message of a ledger of its own."""
    with bench.ledger(bench.folder / f"{name}.db", keys) as ledger:
        ledger.commit(pay(ledger, agreed).transaction, "visit")
        return ledger.outbox.lease(0, limit=1, limit_bytes=1)[0]


def _ask(intake: Intake, item: Item) -> ItemAnswer:
    body = msgspec.json.encode(Batch(terminal=TERMINAL, items=(item,)))
    reply = intake.handle(Request("/v1/batches", body, BEGIN))
    assert reply is not None
    signed = msgspec.json.decode(reply.body, type=Signed)
    return msgspec.json.decode(signed.payload, type=BatchAnswer).answers[0]

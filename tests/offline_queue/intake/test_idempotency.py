"""Whatever comes, in whatever order and however often: one id is kept once, and what was decided never changes."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from uuid import UUID

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.corrections import Reversal
from kiosk.transaction import Agreement
from kiosk.wire import Enquiry, Item, ItemAnswer, Signed
from offline_queue.intake.agencies import AgencySilent, Decision, Refusal
from offline_queue.intake.agencies.traffic import Behaviour, TrafficAgency
from offline_queue.intake.centre import Centre, RawBatch
from offline_queue.intake.database import open_database
from offline_queue.intake.inspect import stored
from offline_queue.intake.store import Store
from offline_queue.intake.terminal_keys import TerminalKeys
from tests.offline_queue.intake.parts import BELT, PARKING, SPEED, Line, Terminal, private_key

ITEMS = 4
SAID = {"accepted": "accepted", "duplicate": "accepted", "rejected": "rejected"}

Form = Literal["true", "other body", "spoiled signature"]
Step = tuple[bool, list[tuple[int, Form]]]
steps = st.lists(
    st.tuples(
        st.booleans(),
        st.lists(st.tuples(st.integers(0, ITEMS - 1), st.sampled_from(["true", "other body", "spoiled signature"]))),
    ),
    max_size=8,
)


class Moody:
    """The sandbox agency, silent when told to be."""

    def __init__(self, agency: TrafficAgency) -> None:
        self.agency = agency
        self.silent = False

    def enquire(self, enquiry: Enquiry, now: datetime) -> Signed | Refusal:
        return self.agency.enquire(enquiry, now)

    def settle(self, agreement: Agreement, now: datetime) -> Decision:
        if self.silent:
            raise AgencySilent
        return self.agency.settle(agreement, now)

    def take_back(self, reversal: Reversal, now: datetime) -> Decision:
        return self.agency.take_back(reversal, now)


def _forms(terminal: Terminal, signed: Signed) -> list[dict[Form, Item]]:
    """Four transactions, two of which want the same fine; each also in forms that must never win over the first."""
    forms: list[dict[Form, Item]] = []
    for line in (SPEED, SPEED, PARKING, BELT):
        agreement = terminal.agreement(signed, line)
        item = terminal.item(agreement)
        other = terminal.item(msgspec.structs.replace(agreement, person_name="other"))
        broken = msgspec.structs.replace(item, entry=msgspec.structs.replace(item.entry, signature=bytes(64)))
        forms.append({"true": item, "other body": other, "spoiled signature": broken})
    return forms


class Model:
    """What must hold, told from the answers alone."""

    def __init__(self) -> None:
        self.bytes: dict[UUID, bytes] = {}
        self.said: dict[UUID, tuple[str, str, str]] = {}
        self.accepted: set[UUID] = set()

    def check(self, item: Item, answer: ItemAnswer, *, silent: bool) -> None:
        transaction = item.transaction
        if transaction not in self.bytes and item.entry.signature == bytes(64):
            assert (answer.result, answer.code) == ("retry_later", "ENTRY_UNPROVEN")
            return
        if self.bytes.setdefault(transaction, item.body) != item.body:
            assert answer.result == "conflict"
            return
        if transaction not in self.said and silent:
            assert answer.result == "retry_later"
            return
        assert (answer.result == "accepted") <= (transaction not in self.accepted)
        self.accepted |= {transaction} if answer.result == "accepted" else set()
        said = (SAID[answer.result], answer.reference, answer.code)
        assert self.said.setdefault(transaction, said) == said


@settings(max_examples=40, deadline=None)
@given(steps)
def test_one_id_is_kept_once_and_its_decision_never_changes(keys: Path, steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "intake.db"
        engine = open_database(database)
        agency = Moody(TrafficAgency(engine, private_key(keys / "agency" / "traffic.key"), Behaviour()))
        terminal = Terminal(keys, Line(keys, 0))
        centre = Centre(
            store=Store(engine),
            agencies={"traffic": agency},
            terminals=TerminalKeys(engine, {"KRK3": terminal.key.public_key()}),
            now=lambda: datetime.now(UTC),
        )
        enquiry = Enquiry(terminal="KRK3", service="traffic.fines", fields={"plate": "12-34567"})
        signed = agency.enquire(enquiry, datetime.now(UTC))
        assert isinstance(signed, Signed)
        forms, model = _forms(terminal, signed), Model()
        for agency.silent, chosen in steps:
            items = [forms[number][form] for number, form in chosen]
            batch = RawBatch(
                schema=1, terminal="KRK3", items=tuple(msgspec.Raw(msgspec.json.encode(item)) for item in items)
            )
            for item, answer in zip(items, centre.submit(batch).answers, strict=True):
                model.check(item, answer, silent=agency.silent)
        engine.dispose()
        kept = {one.transaction: (one.state, one.reference, one.code) for one in stored(database)}
        assert kept.keys() == model.bytes.keys()
        assert {one: said for one, said in kept.items() if said[0] != "received"} == model.said
        paid = [one for one in (forms[0], forms[1]) if model.said.get(one["true"].transaction, "x")[0] == "accepted"]
        assert len(paid) <= 1

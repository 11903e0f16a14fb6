"""Ledger, sync and gateway against the real intake over real HTTPS: online, with the line cut, with answers lost."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import uuid6

from kiosk.application import LARGEST_SIGNED_BYTES
from kiosk.corrections import Proof, Reason
from kiosk.documents import LARGEST_PAGE_BYTES, MOST_PAGES, require_deliverable
from kiosk.failures import Failure, ServiceFailure
from kiosk.settings import Gateway
from kiosk.staff import COMMAND_LINE
from kiosk.transaction import AgreedLine, Agreement, TransactionState
from kiosk.wire import Batch, BatchAnswer, ChangedKey, Enquiry, HeldAnswer, Quote, QuoteLine, Signed
from offline_queue.centre import CentreHealth, NoAnswer, Silence
from offline_queue.database import open_reader
from offline_queue.drain import Drain, Pace
from offline_queue.gateway import HttpsGateway
from offline_queue.keys import TerminalKeys, Trust
from offline_queue.ledger import SqlLedger
from offline_queue.sync import Sync
from offline_queue.verify import Verification, verify
from tests.faults.proxy import Proxy
from tests.offline_queue.correcting import HUDA, PINS, RANA
from tests.offline_queue.intake.parts import PLATE, running
from tests.offline_queue.parts import PLANTED_NUMBER, TERMINAL, VERIFY_URL, SetClock, agreement, pay

ENOUGH = 30.0
OTHER_PLATE, SAME_AMOUNT_FILS = "20-11111", 12_500
PACE = Pace(base=0.01, cap=0.05, probe_up=0.2, probe_down=0.02)
ENQUIRY = Enquiry(
    terminal=TERMINAL, service="traffic.fines", fields={"plate": PLATE, "national_number": PLANTED_NUMBER}
)


class WallClock(SetClock):
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclasses.dataclass
class Deaf:
    """Its questions reach the centre, which acts on them; the answers to batches are lost while `deaf`."""

    gateway: HttpsGateway
    deaf: bool = False

    def submit(self, batch: Batch) -> tuple[BatchAnswer, Signed]:
        answer = self.gateway.submit(batch)
        if self.deaf:
            raise NoAnswer(Silence.TIMED_OUT)
        return answer

    def held(self, first: int, last: int) -> HeldAnswer:
        return self.gateway.held(first, last)

    def introduce(self, changes: tuple[ChangedKey, ...]) -> None:
        self.gateway.introduce(changes)

    def health(self) -> CentreHealth:
        return self.gateway.health()


@dataclasses.dataclass
class Office:
    """One terminal with its line to a running intake."""

    ledger: SqlLedger
    gateway: HttpsGateway
    ears: Deaf
    relay: Proxy
    sync: Sync

    def buy(self, quote: Quote, signed: Signed, line: QuoteLine, **attached: Any) -> Agreement:
        """Paid and committed, as a visit does it."""
        agreed = AgreedLine(id=line.id, title_ar=line.title.ar, title_en=line.title.en, amount_fils=line.amount_fils)
        whole = msgspec.structs.replace(
            agreement(quote=msgspec.json.encode(signed), **attached),
            lines=(agreed,),
            total_fils=agreed.amount_fils,
            agreed_at=quote.issued_at,
        )
        self.ledger.commit(pay(self.ledger, whole).transaction, "visit")
        self.sync.wake()
        return whole


@pytest.fixture
def office(
    tmp_path: Path, ledger_file: Path, key_folder: Path, terminal_keys: TerminalKeys, trust: Trust
) -> Iterator[Office]:
    with running(key_folder, tmp_path / "intake.db") as server:
        relay = Proxy(server.port)
        clock = WallClock()
        settings = Gateway(
            url=f"https://127.0.0.1:{relay.port}",
            authority=key_folder / "tls" / "authority.pem",
            timeout_seconds=ENOUGH,
        )
        gateway = HttpsGateway(settings, terminal=TERMINAL, key=terminal_keys.ledger, trust=trust, clock=clock)
        ledger = SqlLedger(ledger_file, terminal=TERMINAL, keys=terminal_keys, clock=clock, verify_url=VERIFY_URL)
        ears = Deaf(gateway)
        sync = Sync(ledger, Drain(ledger, ears, TERMINAL, clock, pace=PACE))
        sync.start()
        yield Office(ledger, gateway, ears, relay, sync)
        sync.close()
        ledger.close()
        gateway.close()
        relay.close()


def check(ledger_file: Path, keys: TerminalKeys, trust: Trust, office: Office) -> Verification:
    reader = open_reader(ledger_file, keys.database)
    found = verify(reader, TERMINAL, trust.ledgers[TERMINAL], trust.centre, office.gateway)
    reader.close()
    return found


def test_with_a_line_the_answer_is_there_before_the_receipt(
    office: Office, ledger_file: Path, terminal_keys: TerminalKeys, trust: Trust
) -> None:
    quote, signed = office.gateway.enquire(ENQUIRY, "traffic")
    bought = office.buy(quote, signed, quote.lines[0])
    outcome = office.sync.wait_for_answer(bought.ids.transaction, ENOUGH)
    assert outcome.state is TransactionState.ACCEPTED
    assert outcome.reference.startswith("TRF-")
    again = office.buy(quote, signed, quote.lines[0])
    outcome = office.sync.wait_for_answer(again.ids.transaction, ENOUGH)
    assert outcome.state is TransactionState.NEEDS_ATTENTION
    assert outcome.words_ar
    assert outcome.words_en == "One of these fines was paid before"
    found = check(ledger_file, terminal_keys, trust, office)
    assert found.problems == ()
    assert found.centre is not None
    assert found.centre.same


def test_a_cut_line_is_said_and_what_waited_arrives_when_it_is_back(
    office: Office, ledger_file: Path, terminal_keys: TerminalKeys, trust: Trust
) -> None:
    quote, signed = office.gateway.enquire(ENQUIRY, "traffic")
    office.relay.cut()
    bought = office.buy(quote, signed, quote.lines[0])
    assert office.sync.wait_for_answer(bought.ids.transaction, ENOUGH).state is TransactionState.SENT
    assert not office.sync.line_is_up()
    with pytest.raises(ServiceFailure) as caught:
        office.gateway.enquire(ENQUIRY, "traffic")
    assert caught.value.failure is Failure.AGENCY_UNREACHABLE
    office.relay.mend()
    for _ in range(100):  # each wait ends early where its attempt still found no line
        if office.sync.wait_for_answer(bought.ids.transaction, ENOUGH).state is TransactionState.ACCEPTED:
            break
    assert office.ledger.waiting() == 0
    found = check(ledger_file, terminal_keys, trust, office)
    assert found.problems == ()
    assert found.centre is not None
    assert found.centre.same


def test_a_lost_answer_makes_no_second_payment(
    office: Office, ledger_file: Path, terminal_keys: TerminalKeys, trust: Trust
) -> None:
    quote, signed = office.gateway.enquire(ENQUIRY, "traffic")
    office.ears.deaf = True
    bought = office.buy(quote, signed, quote.lines[0])
    assert office.sync.wait_for_answer(bought.ids.transaction, ENOUGH).state is TransactionState.SENT
    office.ears.deaf = False
    for _ in range(100):
        outcome = office.sync.wait_for_answer(bought.ids.transaction, ENOUGH)
        if outcome.state is TransactionState.ACCEPTED:
            break
    assert outcome.reference.startswith("TRF-")
    found = check(ledger_file, terminal_keys, trust, office)
    assert found.problems == ()
    assert found.centre is not None
    assert (found.centre.held, found.centre.same) == (1, True)


def refuse(office: Office) -> Agreement:
    """A fine that somebody else has paid in the meantime: the agency refuses the second payment."""
    quote, signed = office.gateway.enquire(ENQUIRY, "traffic")
    line = next(line for line in quote.lines if line.amount_fils == SAME_AMOUNT_FILS)
    for _ in range(2):
        bought = office.buy(quote, signed, line)
        outcome = office.sync.wait_for_answer(bought.ids.transaction, ENOUGH)
    assert outcome.state is TransactionState.NEEDS_ATTENTION
    return bought


def two_people(office: Office) -> dict[str, Proof]:
    for member in (RANA, HUDA):
        if member not in office.ledger.staff.members():
            office.ledger.staff.add(member, bytearray(PINS[member.id]), COMMAND_LINE)
    prove = office.ledger.corrections.prove
    return {
        "requested": prove(RANA.id, bytearray(PINS[RANA.id])),
        "approved": prove(HUDA.id, bytearray(PINS[HUDA.id])),
    }


def test_what_was_refused_is_refunded_by_two_people_and_the_centre_knows(
    office: Office, ledger_file: Path, terminal_keys: TerminalKeys, trust: Trust
) -> None:
    bought, correction = refuse(office), uuid6.uuid7()
    transaction = bought.ids.transaction
    office.ledger.corrections.agree_refund(transaction, correction, Reason.REFUSED, **two_people(office))
    office.ledger.corrections.refund(transaction, by_recovery=False)
    outcome = office.sync.wait_for_answer(correction, ENOUGH)
    assert (outcome.state, outcome.reference) == (TransactionState.ACCEPTED, "TRF-R-000001")
    assert office.ledger.outcome_of(transaction).state is TransactionState.REVERSED
    found = check(ledger_file, terminal_keys, trust, office)
    assert found.problems == ()
    assert found.centre is not None
    assert (found.centre.held, found.centre.same) == (3, True)


def test_what_was_refused_is_sent_corrected_and_accepted_for_the_same_money(
    office: Office, ledger_file: Path, terminal_keys: TerminalKeys, trust: Trust
) -> None:
    bought = refuse(office)
    other = msgspec.structs.replace(ENQUIRY, fields={"plate": OTHER_PLATE, "national_number": PLANTED_NUMBER})
    quote, signed = office.gateway.enquire(other, "traffic")
    (line,) = quote.lines
    assert line.amount_fils == SAME_AMOUNT_FILS
    new = msgspec.structs.replace(
        bought,
        ids=agreement().ids,
        answers={"plate": OTHER_PLATE},
        lines=(AgreedLine(id=line.id, title_ar=line.title.ar, title_en=line.title.en, amount_fils=line.amount_fils),),
        quote=msgspec.json.encode(signed),
        agreed_at=quote.issued_at,
        corrects=bought.ids.transaction,
    )
    correction = uuid6.uuid7()
    office.ledger.corrections.resubmit(new, correction, Reason.ENTERED_WRONG, **two_people(office))
    for message in (new.ids.transaction, correction):
        assert office.sync.wait_for_answer(message, ENOUGH).state is TransactionState.ACCEPTED
    assert office.ledger.outcome_of(bought.ids.transaction).state is TransactionState.REVERSED
    found = check(ledger_file, terminal_keys, trust, office)
    assert found.problems == ()
    assert found.centre is not None
    assert (found.centre.held, found.centre.same) == (4, True)


def test_the_largest_request_that_a_visit_takes_is_accepted(office: Office) -> None:
    """Every page that may be scanned, and a signed application."""
    quote, signed = office.gateway.enquire(ENQUIRY, "traffic")
    pages = tuple(bytes([number]) * LARGEST_PAGE_BYTES for number in range(MOST_PAGES))
    line = next(line for line in quote.lines if line.payable)
    bought = office.buy(quote, signed, line, documents=pages, signed_application=b"\xff" * LARGEST_SIGNED_BYTES)
    require_deliverable(bought)
    assert office.sync.wait_for_answer(bought.ids.transaction, ENOUGH).state is TransactionState.ACCEPTED

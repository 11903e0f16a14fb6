"""Ledger, drain and gateway against the real intake over TLS, with every fault on the line, each direction on its own.

The drain is stepped by the test: nothing here waits for a thread, and only what is silent takes its time-out.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from kiosk.clock import SystemClock
from kiosk.settings import Gateway
from kiosk.transaction import AgreedLine, TransactionState
from kiosk.wire import Batch, BatchAnswer, Enquiry, Signed
from offline_queue.database import open_reader
from offline_queue.drain import Drain, Pace
from offline_queue.gateway import HttpsGateway
from offline_queue.intake.inspect import stored
from offline_queue.keys import TerminalKeys, Trust
from offline_queue.ledger import SqlLedger
from offline_queue.status import list_items
from offline_queue.verify import verify
from tests.faults.proxy import Proxy
from tests.faults.toxics import Bandwidth, Latency, LimitData, Reset, Slicer, SlowClose, Timeout, Toxic, Way
from tests.offline_queue.intake.parts import running
from tests.offline_queue.parts import PLANTED_NUMBER, TERMINAL, VERIFY_URL, agreement, pay

SECONDS = 2.0
PACE = Pace(base=0.01, cap=0.02, probe_up=1e6, probe_down=1e6)


@dataclasses.dataclass
class Office:
    """One terminal with its line to a running intake."""

    ledger: SqlLedger
    gateway: HttpsGateway
    line: Proxy
    drain: Drain
    database: Path
    file: Path
    keys: TerminalKeys
    plates: Iterator[int] = dataclasses.field(default_factory=lambda: itertools.count(1000))

    def buy(self) -> UUID:
        """One fine of a car that has no other, paid and committed. Needs the line."""
        fields = {"plate": f"77-{next(self.plates)}", "national_number": PLANTED_NUMBER}
        quote, signed = self.gateway.enquire(
            Enquiry(terminal=TERMINAL, service="traffic.fines", fields=fields), "traffic"
        )
        (line,) = quote.lines
        agreed = AgreedLine(id=line.id, title_ar=line.title.ar, title_en=line.title.en, amount_fils=line.amount_fils)
        whole = msgspec.structs.replace(
            agreement(quote=msgspec.json.encode(signed)),
            lines=(agreed,),
            total_fils=agreed.amount_fils,
            agreed_at=quote.issued_at,
        )
        ids = pay(self.ledger, whole)
        self.ledger.commit(ids.transaction, "visit")
        return ids.transaction

    def deliver(self) -> None:
        """Steps until nothing waits; on a busy machine a first try may still be late."""
        for _ in range(100):
            if self.ledger.waiting() == 0:
                return
            self.drain.step(hurry=True)
        raise AssertionError("an item is stuck")

    def why(self) -> set[str]:
        """What `queue status` says of each that waits."""
        reader = open_reader(self.file, self.keys.database)
        found = {item.problem for item in list_items(reader, undecided_only=True)}
        reader.close()
        return found

    def acceptances(self) -> dict[str, list[str]]:
        """By transaction, the cause of each ACCEPTED entry."""
        reader = open_reader(self.file, self.keys.database)
        rows = reader.execute("SELECT transaction_id, cause FROM entries WHERE kind = 'accepted'").fetchall()
        reader.close()
        found: dict[str, list[str]] = {}
        for transaction, cause in rows:
            found.setdefault(transaction, []).append(cause)
        return found


@pytest.fixture
def office(
    tmp_path: Path, ledger_file: Path, key_folder: Path, terminal_keys: TerminalKeys, trust: Trust
) -> Iterator[Office]:
    database, clock = tmp_path / "intake.db", SystemClock()
    with running(key_folder, database) as server, Proxy(server.port) as line:
        settings = Gateway(
            url=f"https://127.0.0.1:{line.port}",
            authority=key_folder / "tls" / "authority.pem",
            timeout_seconds=SECONDS,
        )
        gateway = HttpsGateway(settings, terminal=TERMINAL, key=terminal_keys.ledger, trust=trust, clock=clock)
        ledger = SqlLedger(ledger_file, terminal=TERMINAL, keys=terminal_keys, clock=clock, verify_url=VERIFY_URL)
        drain = Drain(ledger, gateway, TERMINAL, clock, pace=PACE)
        yield Office(ledger, gateway, line, drain, database, ledger_file, terminal_keys)
        ledger.close()
        gateway.close()


def check(office: Office, trust: Trust, sold: list[UUID]) -> None:
    """Each once, on both sides, and nothing else."""
    assert {office.ledger.outcome_of(transaction).state for transaction in sold} == {TransactionState.ACCEPTED}
    assert {transaction: len(causes) for transaction, causes in office.acceptances().items()} == {
        str(transaction): 1 for transaction in sold
    }
    assert [(one.transaction, one.state) for one in stored(office.database)] == [(one, "accepted") for one in sold]
    reader = open_reader(office.file, office.keys.database)
    found = verify(reader, TERMINAL, trust.ledgers[TERMINAL], trust.centre, office.gateway)
    reader.close()
    assert found.problems == ()
    assert found.centre is not None
    assert found.centre.same


SILENCES: dict[str, tuple[Toxic, set[str]]] = {
    "nothing passes": (Timeout(), {"timed_out"}),
    "nothing passes, then it is closed": (Timeout(0.01), {"cut_off"}),
    "a reset": (Reset(), {"cut_off"}),
    "cut at once": (LimitData(0), {"cut_off"}),
    "cut after 40 bytes": (LimitData(40), {"cut_off"}),
}
PATIENCE: dict[str, Toxic] = {
    "far": Latency(0.02, jitter=0.01),
    "narrow": Bandwidth(200_000),
    "sliced": Slicer(300, 200, pause=0.001),
    "slow to close": SlowClose(0.02),
}


@pytest.mark.parametrize("way", list(Way))
@pytest.mark.parametrize("fault", SILENCES)
def test_what_waits_arrives_once_when_the_fault_goes(office: Office, trust: Trust, fault: str, way: Way) -> None:
    toxic, why = SILENCES[fault]
    sold = [office.buy() for _ in range(2)]  # its connection is kept open, and is the one that goes bad
    office.line.poison(way, toxic)
    office.drain.step(hurry=True)
    assert office.ledger.waiting() == 2
    assert office.why() <= why | {"no_line"}  # a probe or a second try may have found no connection to be had
    assert not office.drain.line_is_up
    if way is Way.DOWN:
        assert office.line.wait_for(lambda: office.line.swallowed[Way.DOWN] > 0)
        assert [one.state for one in stored(office.database)] == ["accepted"] * 2, (
            "the answer was lost, not the question"
        )
    office.line.heal()
    office.deliver()
    check(office, trust, sold)


@pytest.mark.parametrize("way", list(Way))
@pytest.mark.parametrize("fault", PATIENCE)
def test_a_poor_line_only_takes_its_time(office: Office, trust: Trust, fault: str, way: Way) -> None:
    sold = [office.buy() for _ in range(2)]
    office.line.poison(way, PATIENCE[fault])
    office.deliver()
    check(office, trust, sold)


def test_a_line_that_is_down_is_named_and_used_again(office: Office, trust: Trust) -> None:
    sold = [office.buy() for _ in range(2)]
    office.line.cut()
    office.drain.step(hurry=True)
    assert office.why() == {"no_line"}
    office.line.mend()
    office.deliver()
    check(office, trust, sold)


def test_an_answer_that_is_cut_anywhere_after_the_commit_counts_for_nothing_and_costs_nothing(
    office: Office, trust: Trust
) -> None:
    """The case that matters most: the centre has it, the terminal does not know. The same bytes go again."""
    sold = [office.buy()]
    before = office.line.carried[Way.DOWN]
    office.deliver()
    length = office.line.carried[Way.DOWN] - before
    cuts = [*range(0, length, length // 8), length - 1]
    for most in cuts:
        sold.append(office.buy())
        office.line.poison(Way.DOWN, LimitData(most))
        office.drain.step(hurry=True)
        assert office.ledger.outcome_of(sold[-1]).state is TransactionState.SENT
        assert stored(office.database)[-1].state == "accepted"
        assert office.why() == {"cut_off"}
        office.line.heal()
        office.deliver()
    check(office, trust, sold)
    causes = office.acceptances()
    assert [causes[str(one)] for one in sold] == [["accepted"]] + [["duplicate"]] * len(cuts)


def test_a_line_that_never_carries_a_whole_batch_carries_smaller_ones(office: Office, trust: Trust) -> None:
    """As behind a box that drops a connection after so many bytes: what is too much at once is halved until it fits."""
    sold = [office.buy() for _ in range(8)]
    one = max(
        size for (size,) in office.ledger._database.read(lambda c: c.execute("SELECT bytes FROM outbox").fetchall())
    )
    for _ in range(60):
        office.line.poison(Way.UP, LimitData(4 * one))
        office.drain.step(hurry=True)
        if office.ledger.waiting() == 0:
            break
    assert office.ledger.waiting() == 0
    office.line.heal()
    check(office, trust, sold)


def test_on_a_narrow_line_at_most_one_try_in_ten_fails_once_its_size_is_known(office: Office) -> None:
    """As at 64 kbit/s with 5 s for each try, but quicker: about 75 kB pass in time, which is five or six of these."""
    application = b"a signed application " * 300
    for _ in range(75):
        ids = pay(office.ledger, msgspec.structs.replace(agreement(), signed_application=application))
        office.ledger.commit(ids.transaction, "visit")
    office.gateway._seconds = 0.4
    passed: list[bool] = []
    submit = office.gateway.submit

    def watched(batch: Batch) -> tuple[BatchAnswer, Signed]:
        passed.append(False)
        answered = submit(batch)
        passed[-1] = True
        return answered

    office.gateway.submit = watched  # type: ignore[method-assign]  # this test's gateway
    office.line.poison(Way.UP, Bandwidth(190_000))
    office.deliver()
    known = passed[passed.index(True) :]
    assert len(known) >= 15, "too few tries to tell"
    assert known.count(False) * 10 <= len(known)

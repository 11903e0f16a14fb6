"""What every released schema left on disk is opened, found whole, delivered as it was written, and written on."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import uuid6

from kiosk.clock import SystemClock
from kiosk.corrections import Reason
from kiosk.staff import COMMAND_LINE, Moment, Role, StaffMember
from kiosk.transaction import PaymentState, TransactionState
from kiosk.wire import Item, Words
from offline_queue import database
from offline_queue.database import open_reader
from offline_queue.drain import Drain
from offline_queue.keys import TerminalKeys, Trust, load_terminal, load_trust
from offline_queue.ledger import SqlLedger
from offline_queue.schema import MIGRATIONS
from offline_queue.staff import load_locked, load_members
from offline_queue.staff_journal import load_acts
from offline_queue.verify import verify
from tests.offline_queue.correcting import HUDA, PINS, light_pins
from tests.offline_queue.parts import TERMINAL, VERIFY_URL, ScriptedCentre, SetClock, read_key, sell
from tests.offline_queue.released import RELEASES, dump, load, make_keys

WAITING = {3, 4, 5}
SAMI = StaffMember(id="sami", name=Words(ar="سامي", en="Sami"), role=Role.CLERK)


@pytest.fixture(scope="module")
def released_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("released-keys")
    make_keys(folder)
    return folder


@pytest.fixture
def keys(released_keys: Path) -> TerminalKeys:
    return load_terminal(released_keys / "terminal")


@pytest.fixture
def released_trust(released_keys: Path) -> Trust:
    return load_trust(released_keys / "trust")


@pytest.fixture(params=RELEASES, ids=[f"schema {file.stem}" for file in RELEASES])
def release(request: pytest.FixtureRequest) -> Path:
    assert isinstance(request.param, Path)
    return request.param


@pytest.fixture
def file(release: Path, keys: TerminalKeys, tmp_path: Path) -> Path:
    """The encrypted ledger that a terminal of that release left."""
    load(release, tmp_path / "state" / "ledger.db", keys.database)
    return tmp_path / "state" / "ledger.db"


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def opened(file: Path, keys: TerminalKeys, clock: SetClock) -> Iterator[SqlLedger]:
    ledger = SqlLedger(file, terminal=TERMINAL, keys=keys, clock=clock, verify_url=VERIFY_URL)
    with contextlib.closing(ledger):
        yield ledger


def written(release: Path) -> dict[int, tuple[object, ...]]:
    """What `sent` is to be, by message, read out of the text by the standard library's SQLite."""
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(release.read_text(encoding="utf-8"))
        rows = connection.execute(
            "SELECT message, transaction_id, canonical, key_id, signature, content FROM entries "
            "JOIN bodies ON bodies.hash = body_hash WHERE message IS NOT NULL"
        ).fetchall()
    return {message: tuple(values) for message, *values in rows}


def sent(item: Item) -> tuple[object, ...]:
    return (str(item.transaction), item.entry.payload, item.entry.key_id, item.entry.signature, item.body)


def assert_whole(file: Path, keys: TerminalKeys, trust: Trust) -> None:
    with contextlib.closing(open_reader(file, keys.database)) as reader:
        assert reader.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS)
        assert verify(reader, TERMINAL, trust.ledgers[TERMINAL], trust.centre).problems == ()


def test_the_first_schema_has_its_fixture() -> None:
    numbers = [int(release.stem) for release in RELEASES]
    assert numbers == list(range(1, len(numbers) + 1))
    assert 1 < len(numbers) <= len(MIGRATIONS)


def test_what_an_older_release_left_refused_is_taken_back(
    file: Path, opened: SqlLedger, keys: TerminalKeys, released_trust: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    light_pins(monkeypatch)
    for member in (SAMI, HUDA):
        opened.staff.add(member, bytearray(PINS[HUDA.id]), COMMAND_LINE)
    (item,) = opened.corrections.attention()
    requested, approved = (opened.corrections.prove(one.id, bytearray(PINS[HUDA.id])) for one in (SAMI, HUDA))
    transaction = item.ids.transaction
    opened.corrections.agree_refund(transaction, uuid6.uuid7(), Reason.REFUSED, requested=requested, approved=approved)
    opened.corrections.refund(transaction, by_recovery=False)
    assert opened.outcome_of(transaction).state is TransactionState.REVERSED
    assert_whole(file, keys, released_trust)


def test_it_is_whole_and_is_delivered_byte_for_byte(
    release: Path, file: Path, opened: SqlLedger, keys: TerminalKeys, released_keys: Path, released_trust: Trust
) -> None:
    centre = ScriptedCentre(read_key(released_keys / "centre" / "centre.key"))
    before = written(release)
    assert opened.waiting() == len(WAITING)
    Drain(opened, centre, TERMINAL, SetClock()).step(hurry=True)
    assert opened.waiting() == 0
    arrived = {item.message: sent(item) for item in centre.held_items.values()}
    assert arrived == {message: before[message] for message in WAITING}
    assert_whole(file, keys, released_trust)


def test_everything_in_it_is_known(opened: SqlLedger) -> None:
    states = [receipt.state for receipt in reversed(opened.recent(10))]
    assert states == [TransactionState.ACCEPTED, TransactionState.NEEDS_ATTENTION, *[TransactionState.COMMITTED] * 3]
    assert opened.outcome_of(opened.recent(3)[2].transaction).state is TransactionState.SENT
    (half_done,) = opened.unfinished()
    assert (half_done.amount_fils, half_done.payment) == (9_000, PaymentState.AUTHORISED)
    receipt = opened.reprint_of("KRK3-000001")
    assert receipt is not None
    assert receipt.copy == 1


def test_it_is_written_on(file: Path, opened: SqlLedger, keys: TerminalKeys, released_trust: Trust) -> None:
    (half_done,) = opened.unfinished()
    opened.record_payment(half_done.ids.payment, half_done.ids.transaction, PaymentState.CAPTURED, "recovery")
    assert opened.commit(half_done.ids.transaction, "recovery").receipt_number == "KRK3-000006"
    sell(opened)
    assert opened.recent(1)[0].receipt_number == "KRK3-000007"
    assert_whole(file, keys, released_trust)


def test_a_fixture_is_what_the_file_holds(release: Path, file: Path, keys: TerminalKeys) -> None:
    """What the command writes is loaded again as it was."""
    lines = [line for line in release.read_text(encoding="utf-8").splitlines() if not line.startswith("--")]
    assert "\n".join(dump(file, keys.database)).splitlines() == lines


def test_a_reader_asks_an_older_file_for_what_it_does_not_hold(file: Path, release: Path, keys: TerminalKeys) -> None:
    """`queue status` may be asked before the program has brought the file up."""
    now = Moment(SystemClock().now(), "boot", 0)
    with contextlib.closing(open_reader(file, keys.database)) as reader:
        assert reader.execute("PRAGMA user_version").fetchone()[0] == int(release.stem)
        assert load_locked(reader, now) == {}
        assert len(load_members(reader)) == len(load_acts(reader, 10)) == (0 if release.stem == "1" else 1)


def test_the_release_before_opens_what_this_one_has_written(
    release: Path, file: Path, keys: TerminalKeys, released_trust: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Today's code, which knows of no later table than that release did."""

    def work() -> None:
        ledger = SqlLedger(file, terminal=TERMINAL, keys=keys, clock=SetClock(), verify_url=VERIFY_URL)
        with contextlib.closing(ledger):
            sell(ledger)

    work()
    with monkeypatch.context() as before:
        before.setattr(database, "MIGRATIONS", MIGRATIONS[: int(release.stem)])
        work()
    work()
    assert_whole(file, keys, released_trust)

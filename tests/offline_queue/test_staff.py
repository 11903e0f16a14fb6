"""Sign-in on the real file with real Argon2id: what is on disk before an answer, what is locked, what is journalled."""

from __future__ import annotations

import dataclasses
import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path

import msgspec
import pytest
from sqlcipher3 import dbapi2
from sqlite_utils import Database

from kiosk.failures import Failure, ServiceFailure
from kiosk.staff import (
    COMMAND_LINE,
    TRIES,
    Refusal,
    Role,
    SignInRefused,
    StaffAct,
    StaffMember,
    StaffMistake,
    StaffRegister,
)
from kiosk.wire import Words
from offline_queue import pins
from offline_queue.database import open_reader
from offline_queue.keys import TerminalKeys
from offline_queue.ledger import SqlLedger
from offline_queue.staff import SqlStaffRegister, load_locked, load_members
from offline_queue.staff_journal import load_acts, walk_journal
from tests.offline_queue.conftest import OpenLedger
from tests.offline_queue.parts import NOW, SetClock, agreement, pay, sell

RANA = StaffMember(id="rana", name=Words(ar="رنا", en="Rana"), role=Role.CLERK)
HANI = StaffMember(id="hani", name=Words(ar="هاني", en="Hani"), role=Role.SUPERVISOR)
SAMI = StaffMember(id="sami", name=Words(ar="سامي", en="Sami"), role=Role.TECHNICIAN)
PIN, HANIS_PIN, WRONG = "271828", "161803", "314159"


@pytest.fixture(autouse=True)
def light_argon2(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same algorithm with a thousandth of the memory, or this file would take minutes."""
    monkeypatch.setattr(pins, "_MEMORY_KIB", 64)
    monkeypatch.setattr(pins, "NOBODYS", pins.NOBODYS.replace("m=65536", "m=64"))


def typed(pin: str) -> bytearray:
    return bytearray(pin.encode())


@dataclasses.dataclass
class Counter:
    """A register whose monotonic clock and boot the test sets; `clock` is its wall clock."""

    ledger: SqlLedger
    clock: SetClock
    secret: bytes
    boot: str = "first boot"
    seconds: float = 0.0

    @property
    def register(self) -> SqlStaffRegister:
        return SqlStaffRegister(
            self.ledger._database,
            self.clock,
            self.secret,
            monotonic_ns=lambda: round(self.seconds * 10**9),
            boot_id=self.boot,
        )

    def refusal(self, staff_id: str, pin: str = WRONG) -> SignInRefused:
        with pytest.raises(SignInRefused) as refused:
            self.register.sign_in(staff_id, typed(pin))
        return refused.value

    def lock(self, staff_id: str) -> SignInRefused:
        return [self.refusal(staff_id) for _ in range(TRIES)][-1]


@pytest.fixture
def counter(ledger: SqlLedger, clock: SetClock, terminal_keys: TerminalKeys) -> Counter:
    made = Counter(ledger, clock, terminal_keys.holder)
    made.register.add(RANA, typed(PIN), COMMAND_LINE)
    made.register.add(HANI, typed(HANIS_PIN), COMMAND_LINE)
    return made


@dataclasses.dataclass
class Comparisons:
    """What Argon2id was asked to compare: how often, with which kept PIN, from which buffer."""

    kept: list[str] = dataclasses.field(default_factory=list)
    buffers: list[bytearray] = dataclasses.field(default_factory=list)


@pytest.fixture
def comparisons(monkeypatch: pytest.MonkeyPatch) -> Comparisons:
    seen, fits = Comparisons(), pins.fits

    def watched(pin: bytearray, kept: str) -> bool:
        seen.kept.append(kept)
        seen.buffers.append(pin)
        return fits(pin, kept)

    monkeypatch.setattr(pins, "fits", watched)
    return seen


def acts(register: StaffRegister) -> list[tuple[str, str, str]]:
    """Oldest first."""
    return [(note.staff, note.act, note.detail) for note in reversed(register.acts(100))]


# ---------------------------------------------------------------- signing in


@pytest.mark.parametrize(("staff_id", "pin"), [("rana", PIN), (" Rana ", PIN), ("rana", "٢٧١٨٢٨")])
def test_the_right_pin_signs_in(counter: Counter, staff_id: str, pin: str) -> None:
    assert counter.register.sign_in(staff_id, typed(pin)) == RANA
    assert counter.register.members() == (HANI, RANA)
    assert acts(counter.register)[-1] == ("rana", "signed_in", "")


def test_two_equal_pins_are_kept_differently(counter: Counter) -> None:
    counter.register.add(SAMI, typed(PIN), COMMAND_LINE)
    assert len(set(counter.ledger._database.read(_kept_pins))) == 3


def test_a_pin_costs_what_it_should_and_an_unknown_name_as_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    kept = pins.keep(typed(PIN))
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert pins.fits(typed(PIN), kept)
    assert not pins.fits(typed(WRONG), kept)
    assert not pins.fits(typed(PIN), pins.NOBODYS)
    assert [len(part) for part in pins.NOBODYS.split("$")] == [len(part) for part in kept.split("$")]
    assert pins.NOBODYS.split("$")[:4] == kept.split("$")[:4]


def test_comparisons_at_the_same_time_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """In more lanes than one they waited for each other in OpenSSL's pool of threads."""
    monkeypatch.undo()
    with ThreadPoolExecutor(5) as pool:
        assert not any(pool.map(lambda _: pins.fits(typed(PIN), pins.NOBODYS), range(10)))


def test_five_wrong_tries_lock_and_the_right_pin_waits(counter: Counter) -> None:
    refusals = [counter.refusal("rana") for _ in range(TRIES)]
    assert [refused.tries_left for refused in refusals] == [4, 3, 2, 1, 0]
    assert [refused.reason for refused in refusals] == [Refusal.UNKNOWN_OR_WRONG] * 4 + [Refusal.LOCKED]
    assert refusals[-1].locked_until == NOW + timedelta(minutes=5)
    assert counter.refusal("rana", PIN).reason is Refusal.LOCKED
    assert acts(counter.register)[-1] == ("rana", "locked", ""), "said once"
    assert counter.register.locked() == {"rana": NOW + timedelta(minutes=5)}
    counter.seconds = 300
    assert counter.register.sign_in("rana", typed(PIN)) == RANA
    assert counter.register.locked() == {}
    assert counter.refusal("rana").tries_left == 4, "a success forgets the tries"
    assert counter.lock("rana").locked_until == NOW + timedelta(minutes=5), "and the locks"


def test_the_next_lock_is_longer(counter: Counter) -> None:
    counter.lock("rana")
    counter.seconds = 300
    assert counter.lock("rana").locked_until == NOW + timedelta(minutes=15)


def test_a_locked_name_is_not_compared(counter: Counter, comparisons: Comparisons) -> None:
    counter.lock("rana")
    counter.refusal("rana", PIN)
    assert len(comparisons.kept) == TRIES


def test_nothing_tells_whether_a_name_exists(counter: Counter, comparisons: Comparisons) -> None:
    """The same refusals, the same locks, the same work: one comparison a try, with parameters that cost the same."""

    def told(staff_id: str) -> list[tuple[object, ...]]:
        refusals = [counter.refusal(staff_id) for _ in range(TRIES + 1)]
        return [(refused.reason, refused.tries_left, refused.locked_until) for refused in refusals]

    assert told("rana") == told("nobody")
    assert len(comparisons.kept) == 2 * TRIES
    assert {kept.split("$")[3] for kept in comparisons.kept} == {"m=64,t=3,p=1"}
    assert acts(counter.register)[-1] == ("", "locked", ""), "what was typed may be anything, a PIN too"


@pytest.mark.parametrize("staff_id", ["", "?7", "command-line", "x" * 5000, "\ud800", "'; DROP TABLE staff", "مريم"])
def test_any_name_may_be_typed(counter: Counter, staff_id: str) -> None:
    assert counter.refusal(staff_id, PIN).reason is Refusal.UNKNOWN_OR_WRONG


def test_names_that_nobody_has_never_fill_the_file(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pins, "fits", lambda _pin, _kept: False)
    for number in range(600):
        counter.refusal(f"nobody{number}")
    assert counter.ledger._database.read(partial(_number, "SELECT count(*) FROM staff_tries")) <= 256


def test_who_has_left_is_told_so_only_for_the_right_pin(counter: Counter) -> None:
    counter.register.set_active("rana", HANI, active=False)
    assert counter.refusal("rana").reason is Refusal.UNKNOWN_OR_WRONG
    assert counter.refusal("rana", PIN).reason is Refusal.INACTIVE
    counter.register.set_active("rana", HANI, active=True)
    assert counter.register.sign_in("rana", typed(PIN)) == RANA


def test_a_sale_does_not_wait_for_a_sign_in(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    comparing, sold = threading.Event(), threading.Event()
    fits = pins.fits

    def slow(pin: bytearray, kept: str) -> bool:
        comparing.set()
        assert sold.wait(60)
        return fits(pin, kept)

    monkeypatch.setattr(pins, "fits", slow)
    with ThreadPoolExecutor(1) as pool:
        signing_in = pool.submit(counter.register.sign_in, "rana", typed(PIN))
        assert comparing.wait(60)
        sell(counter.ledger)
        sold.set()
        assert signing_in.result(60) == RANA


def test_tries_side_by_side_are_five_together(counter: Counter, comparisons: Comparisons) -> None:
    with ThreadPoolExecutor(8) as pool:
        refusals = list(pool.map(lambda _: counter.refusal("rana"), range(20)))
    assert len(comparisons.kept) == TRIES
    assert sum(refused.reason is Refusal.UNKNOWN_OR_WRONG for refused in refusals) == TRIES - 1


# ---------------------------------------------------------------- power cuts, restarts and clocks

KILLED = """
import os, signal, sys
from pathlib import Path
from kiosk.clock import SystemClock
from kiosk.staff import SignInRefused
from offline_queue import pins
from offline_queue.keys import load_terminal
from offline_queue.ledger import SqlLedger
folder, file, moment = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
keys = load_terminal(folder)
ledger = SqlLedger(file, terminal="KRK3", keys=keys, clock=SystemClock(), verify_url="https://v.test/r")
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
if moment == "comparing":
    pins.fits = die
try:
    ledger.staff.sign_in("rana", bytearray(b"314159"))
except SignInRefused as refused:
    print(refused.reason, refused.tries_left, flush=True)
die()
"""


@pytest.mark.parametrize(
    ("moment", "told"), [("comparing", [""] * TRIES), ("answered", [f"unknown_or_wrong {n}" for n in (4, 3, 2, 1)])]
)
def test_a_kill_gives_no_new_tries(
    open_ledger: OpenLedger, ledger_file: Path, key_folder: Path, moment: str, told: list[str]
) -> None:
    ledger = open_ledger()
    ledger.staff.add(RANA, typed(PIN), COMMAND_LINE)
    ledger.close()
    for answer in told:
        command = [sys.executable, "-c", KILLED, str(key_folder / "terminal"), str(ledger_file), moment]
        killed = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert (killed.returncode, killed.stdout.strip()) == (-signal.SIGKILL, answer), killed.stderr[-2000:]
    register = open_ledger().staff
    if moment == "answered":
        with pytest.raises(SignInRefused):
            register.sign_in("rana", typed(WRONG))
    with pytest.raises(SignInRefused) as refused:
        register.sign_in("rana", typed(PIN))
    assert refused.value.reason is Refusal.LOCKED


def test_a_try_that_cannot_be_counted_is_not_compared(counter: Counter, comparisons: Comparisons) -> None:
    database = counter.ledger._database
    database.write(
        partial(_execute, "CREATE TRIGGER full BEFORE INSERT ON staff_tries BEGIN SELECT RAISE(FAIL, ''); END")
    )
    pin = typed(PIN)
    with pytest.raises(ServiceFailure) as refused:
        counter.register.sign_in("rana", pin)
    assert refused.value.failure is Failure.NOT_SAVED
    assert comparisons.kept == []
    assert pin == bytes(len(PIN))


@pytest.mark.parametrize("setting", [-(10**8), -1, 10**8])
def test_the_wall_clock_opens_no_lock(counter: Counter, setting: float) -> None:
    counter.lock("rana")
    counter.clock.at += timedelta(seconds=setting)
    counter.seconds = 299
    refused = counter.refusal("rana", PIN)
    assert refused.reason is Refusal.LOCKED
    assert refused.locked_until == counter.clock.at + timedelta(seconds=1), "by the clock that people see"
    counter.seconds = 300
    assert counter.register.sign_in("rana", typed(PIN)) == RANA


def test_a_restart_with_the_clock_set_back_opens_no_lock_and_shuts_none_for_ever(counter: Counter) -> None:
    counter.lock("rana")
    counter.clock.at -= timedelta(days=3650)
    counter.boot, counter.seconds = "second boot", 7.0
    assert counter.refusal("rana", PIN).locked_until == counter.clock.at + timedelta(minutes=5)
    counter.seconds += 299
    assert counter.refusal("rana", PIN).reason is Refusal.LOCKED
    counter.seconds += 1
    assert counter.register.sign_in("rana", typed(PIN)) == RANA


# ---------------------------------------------------------------- supervisors, and the register itself


def test_a_supervisor_opens_a_lock(counter: Counter) -> None:
    counter.lock("rana")
    supervisor = counter.register.sign_in("hani", typed(HANIS_PIN))
    counter.register.unlock("rana", supervisor)
    assert counter.register.sign_in("rana", typed(PIN)) == RANA
    assert acts(counter.register)[-2:] == [("hani", "unlocked", "rana"), ("rana", "signed_in", "")]


def test_nobody_else_does(counter: Counter) -> None:
    counter.register.add(SAMI, typed(PIN), COMMAND_LINE)
    before = acts(counter.register)
    for by, staff_id in ((RANA, "rana"), (SAMI, "rana"), (HANI, "hani"), (RANA, "hani"), (HANI, "nobody")):
        with pytest.raises(StaffMistake):
            counter.register.unlock(staff_id, by)
    pretended = msgspec.structs.replace(RANA, role=Role.SUPERVISOR)
    with pytest.raises(StaffMistake):
        counter.register.unlock("rana", pretended)
    counter.register.set_active("hani", COMMAND_LINE, active=False)
    with pytest.raises(StaffMistake):
        counter.register.unlock("rana", HANI)
    assert acts(counter.register)[:-1] == before
    counter.register.unlock("hani", COMMAND_LINE)


def test_a_new_pin_replaces_the_old_one(counter: Counter) -> None:
    counter.lock("rana")
    counter.register.change_pin("rana", typed("141421"), HANI)
    assert counter.refusal("rana", PIN).tries_left == 4
    assert counter.register.sign_in("rana", typed("141421")) == RANA
    counter.register.change_pin("rana", typed(PIN), RANA)
    assert counter.register.sign_in("rana", typed(PIN)) == RANA
    with pytest.raises(StaffMistake):
        counter.register.change_pin("hani", typed("141421"), RANA)
    assert ("rana", "pin_changed", "rana") in acts(counter.register)


@pytest.mark.parametrize(
    ("member", "pin", "by"),
    [
        (RANA, "141421", COMMAND_LINE),
        (COMMAND_LINE, "141421", COMMAND_LINE),
        (msgspec.structs.replace(SAMI, id="Sami K"), "141421", COMMAND_LINE),
        (SAMI, "111111", COMMAND_LINE),
        (SAMI, "14142", COMMAND_LINE),
        (SAMI, "141421", RANA),
        (SAMI, "141421", SAMI),
        (msgspec.structs.replace(SAMI, role=Role.SUPERVISOR), "141421", HANI),
    ],
)
def test_who_cannot_be_added(counter: Counter, member: StaffMember, pin: str, by: StaffMember) -> None:
    with pytest.raises(StaffMistake) as mistake:
        counter.register.add(member, typed(pin), by)
    assert pin not in str(mistake.value)
    assert counter.register.members() == (HANI, RANA)


# ---------------------------------------------------------------- the journal


def test_what_staff_do_is_kept_in_order(counter: Counter, ledger_file: Path, terminal_keys: TerminalKeys) -> None:
    counter.register.note(RANA, StaffAct.PRINTED_COPY, "KRK3-000001")
    counter.clock.move(60)
    counter.register.note(RANA, StaffAct.SIGNED_OUT)
    assert acts(counter.register) == [
        ("command-line", "added", "rana"),
        ("command-line", "added", "hani"),
        ("rana", "printed_copy", "KRK3-000001"),
        ("rana", "signed_out", ""),
    ]
    newest, *_ = counter.register.acts(1)
    assert (newest.sequence, newest.at) == (4, NOW + timedelta(minutes=1))
    reader = open_reader(ledger_file, terminal_keys.database)
    assert load_acts(reader, 100) == counter.register.acts(100)
    assert load_members(reader) == (HANI, RANA)
    assert load_locked(reader, counter.register._now()) == {}
    assert list(walk_journal(reader)) == []
    reader.close()


@pytest.mark.parametrize(
    ("by", "act", "detail"),
    [
        (RANA, StaffAct.SIGNED_IN, ""),
        (RANA, StaffAct.ADDED, ""),
        (SAMI, StaffAct.SIGNED_OUT, ""),
        (RANA, StaffAct.REVEALED_NUMBER, "9991112223"),
        (RANA, StaffAct.REVEALED_NUMBER, "مريم"),
    ],
)
def test_what_the_journal_does_not_take(counter: Counter, by: StaffMember, act: StaffAct, detail: str) -> None:
    before = acts(counter.register)
    with pytest.raises(StaffMistake):
        counter.register.note(by, act, detail)
    assert acts(counter.register) == before


def test_the_journal_is_never_changed(counter: Counter) -> None:
    columns = "staff_journal (sequence, at, staff, act, detail, previous_hash, hash)"
    last = "at, staff, act, detail, previous_hash, hash FROM staff_journal WHERE sequence = 2"
    for statement in (
        "UPDATE staff_journal SET staff = 'hani'",
        "DELETE FROM staff_journal WHERE sequence = 2",
        f"INSERT OR REPLACE INTO {columns} SELECT 2, {last}",
        f"INSERT INTO {columns} SELECT 9, {last}",
        "INSERT INTO staff_journal VALUES (3, '', '', '', '', 'x', 'y')",
        "DELETE FROM staff",
    ):
        with pytest.raises(ServiceFailure) as refused:
            counter.ledger._database.write(partial(_execute, statement))
        assert isinstance(refused.value.__cause__, dbapi2.IntegrityError), statement
        assert "never changed" in str(refused.value.__cause__) or "next link" in str(refused.value.__cause__)


# ---------------------------------------------------------------- PINs are nowhere


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog


def test_every_buffer_is_wiped(counter: Counter, comparisons: Comparisons) -> None:
    given = [typed(pin) for pin in (PIN, WRONG, "141421", "111111", "141421", "141421")]
    counter.register.sign_in("rana", given[0])
    with pytest.raises(SignInRefused):
        counter.register.sign_in("rana", given[1])
    counter.register.change_pin("rana", given[2], HANI)
    for pin, by in zip(given[3:5], (COMMAND_LINE, RANA), strict=True):
        with pytest.raises(StaffMistake):
            counter.register.add(SAMI, pin, by)
    counter.lock("rana")
    with pytest.raises(SignInRefused):
        counter.register.sign_in("rana", given[5])
    for pin in (*given, *comparisons.buffers):
        assert pin == bytes(6)


def test_no_pin_is_logged_shown_or_kept(
    counter: Counter, ledger_file: Path, terminal_keys: TerminalKeys, everything_logged: pytest.LogCaptureFixture
) -> None:
    refused = counter.refusal("rana")
    counter.register.sign_in("rana", typed(PIN))
    counter.register.change_pin("rana", typed("141421"), HANI)
    pay(counter.ledger, agreement())
    said = [everything_logged.text, repr(refused), str(refused), repr(counter.register), repr(counter.register.acts(9))]
    reader = open_reader(ledger_file, terminal_keys.database)
    tables = [row[0] for row in reader.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    assert "staff" in tables
    for table in tables:
        said += [repr(row) for row in reader.execute(f"SELECT * FROM {table}") if table != "entries"]
    reader.close()
    for text in said:
        for pin in (PIN, HANIS_PIN, WRONG, "141421"):
            assert pin not in text


def _kept_pins(connection: Database) -> list[str]:
    return [str(row[0]) for row in connection.execute("SELECT pin FROM staff")]


def _number(question: str, connection: Database) -> int:
    return int(connection.execute(question).fetchone()[0])


def _execute(statement: str, connection: Database) -> None:
    connection.execute(statement)

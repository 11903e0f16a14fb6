"""Renewing a key: cut short at every step, the terminal sells and delivers, and the renewal comes to its end."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.clock import SystemClock
from kiosk.failures import ServiceFailure
from kiosk.receipt import ReceiptOutcome
from kiosk.settings import Folders, Gateway, Settings, load
from kiosk.wire import KeyChange, encode_canonical
from offline_queue import database_renewal, trust_checks
from offline_queue.database import DatabaseUnusable, LedgerInUse, open_reader
from offline_queue.desk import QueueDesk
from offline_queue.drain import Drain
from offline_queue.entries import EntryKind
from offline_queue.intake.issue_keys import issue
from offline_queue.intake.recover import load_recovery_key
from offline_queue.key_chain import make_change
from offline_queue.key_envelope import open_envelope, read_envelope
from offline_queue.keys import KeyMistake
from offline_queue.ledger import SqlLedger
from offline_queue.own_keys import begun_renewals
from offline_queue.receipt_code import verify as verify_receipt
from offline_queue.renewal import Renewed, Which, renew
from tests.offline_queue.intake.parts import running
from tests.offline_queue.parts import FACTS, TERMINAL, sell

ROOT = Path(__file__).resolve().parents[2]
BY = ("huda", "hani")
STEPS = {
    "ledger": (
        "the new key is made",
        "the ledger has it on record",
        "the new key is in its place",
        "the renewal is at its end",
    ),
    "receipt": (
        "the new key is made",
        "the ledger has it on record",
        "the public key is published",
        "the new key is in its place",
        "the renewal is at its end",
    ),
    "database": (
        "the new key is made",
        "the ledger has it on record",
        "the envelope for the centre is written",
        "the copy is encrypted and checked",
        "the ledger has the new key",
        "the new key is in its place",
        "the envelope for the centre is written",
        "the renewal is at its end",
    ),
}
CUTS = [(which, number) for which, steps in STEPS.items() for number in range(1, len(steps))]


class PowerCut(Exception):
    """What would have come next never happens."""


def settings_in(folder: Path) -> Settings:
    keys = folder / "keys"
    return msgspec.structs.replace(
        load(ROOT / "assets" / "deployment" / "terminal.toml"),
        folders=Folders(state=folder / "state", keys=keys / "terminal", trust=keys / "trust"),
        gateway=Gateway(url="https://localhost:9", authority=keys / "tls" / "authority.pem"),
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A terminal with three transactions that wait, under its first keys."""
    folder = tmp_path_factory.mktemp("made")
    issue(folder / "keys", TERMINAL)
    with ledger_of(settings_in(folder)) as ledger:
        for _ in range(3):
            sell(ledger)
    return folder


@pytest.fixture
def sold(made: Path, tmp_path: Path) -> Settings:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return settings_in(tmp_path)


@pytest.fixture
def settings(sold: Settings) -> Settings:
    """The same before its first start."""
    shutil.rmtree(sold.folders.state)
    return sold


@contextlib.contextmanager
def ledger_of(settings: Settings) -> Iterator[SqlLedger]:
    with contextlib.closing(QueueDesk(settings).ledger(SystemClock())) as ledger:
        yield ledger


def cut_at(number: int) -> Callable[[str], None]:
    """Lets so many steps pass."""
    passed: list[str] = []

    def tell(step: str) -> None:
        passed.append(step)
        if len(passed) == number:
            raise PowerCut

    return tell


def done(settings: Settings, which: Which, tell: Callable[[str], None] = lambda _: None) -> Renewed:
    return renew(settings, which, BY, SystemClock(), tell)


def assert_sound(settings: Settings) -> int:
    found = QueueDesk(settings).verify()
    assert found.problems == ()
    return found.entries


# ---------------------------------------------------------------- each key, and each cut


@pytest.mark.parametrize("which", STEPS)
def test_the_steps_of_a_renewal(sold: Settings, which: Which) -> None:
    """What the cuts below are cut at."""
    steps: list[str] = []
    made = done(sold, which, steps.append)
    assert tuple(steps) == STEPS[which]
    assert (made.key, made.continued) == (which, False)
    assert begun_renewals(sold.folders.keys) == ()
    assert assert_sound(sold) > 0


@pytest.mark.parametrize(("which", "number"), CUTS)
def test_cut_short_anywhere_it_still_sells_and_comes_to_its_end(sold: Settings, which: Which, number: int) -> None:
    with pytest.raises(PowerCut):
        done(sold, which, cut_at(number))
    assert_sound(sold)
    assert any("cut short" in warning for warning in QueueDesk(sold).warnings())
    assert f"keys renew {which}" in str(trust_checks.keeping(sold).next_step)
    with ledger_of(sold) as ledger:
        sell(ledger)
    assert_sound(sold)
    assert trust_checks.keys(sold).health.value == "good"
    made = done(sold, which)
    assert made.continued
    assert begun_renewals(sold.folders.keys) == ()
    assert not done(sold, which).continued, "the next one is a new renewal"
    with ledger_of(sold) as ledger:
        sell(ledger)
    assert_sound(sold)
    with contextlib.closing(reader_of(sold)) as reader:
        changes = reader.execute("SELECT count(*) FROM entries WHERE kind = 'key_changed'").fetchone()[0]
        waiting = reader.execute("SELECT count(*) FROM transactions WHERE state = 'committed'").fetchone()[0]
    assert (changes, waiting) == (2, 5), "on record once each, and nothing lost"


def reader_of(settings: Settings) -> Any:
    return open_reader(settings.folders.state / "ledger.db", QueueDesk(settings).keys.database).conn


# ---------------------------------------------------------------- the ledger key


def test_what_was_queued_under_the_old_key_is_delivered_as_it_is(sold: Settings, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    before = bytes_of(sold)
    for _ in range(2):
        done(sold, "ledger")
        with ledger_of(sold) as ledger:
            sell(ledger)
    after = bytes_of(sold)
    assert after[: len(before)] == before, "what was signed is never signed again"
    assert {key_id for _, key_id, _ in after} == {"ledger-KRK3", "ledger-KRK3.2", "ledger-KRK3.3"}
    with running(keys, tmp_path / "intake.db") as server:
        url = f"https://127.0.0.1:{server.port}"
        desk = QueueDesk(sold)
        with contextlib.closing(desk.gateway(url)) as gateway, ledger_of(sold) as ledger:
            drain = Drain(ledger, gateway, TERMINAL, SystemClock())
            drain.step(hurry=True)
            assert drain.trouble is None
            held = gateway.held(1, 10).held
        assert [message for message, _ in held] == [1, 2, 3, 4, 5]


def bytes_of(settings: Settings) -> list[tuple[bytes, str, bytes]]:
    with contextlib.closing(reader_of(settings)) as reader:
        return [
            (bytes(row[0]), str(row[1]), bytes(row[2]))
            for row in reader.execute("SELECT canonical, key_id, signature FROM entries ORDER BY sequence")
        ]


def test_the_centre_is_told_before_anything_is_asked_under_the_new_key(sold: Settings, tmp_path: Path) -> None:
    done(sold, "ledger")
    with running(tmp_path / "keys", tmp_path / "intake.db") as server:
        url = f"https://127.0.0.1:{server.port}"
        with contextlib.closing(QueueDesk(sold).gateway(url)) as gateway:
            with pytest.raises(Exception, match="AGENCY_UNREACHABLE"):
                gateway.held(1, 10)
            with ledger_of(sold) as ledger:
                gateway.introduce(ledger.key_changes())
                gateway.introduce(ledger.key_changes())
            assert gateway.held(1, 10).held == ()


def test_a_rebuild_is_signed_by_the_key_in_force(sold: Settings) -> None:
    done(sold, "ledger")
    with ledger_of(sold) as ledger:
        ledger._database.write(lambda connection: connection.execute("UPDATE transactions SET amount_fils = 1"))
    assert len(QueueDesk(sold).rebuild()) == 3
    assert_sound(sold)
    assert bytes_of(sold)[-1][1] == "ledger-KRK3.2"


def test_no_retention_rule_takes_what_proves_the_keys(sold: Settings) -> None:
    done(sold, "ledger")
    with ledger_of(sold) as ledger:
        with pytest.raises(ServiceFailure, match="NOT_SAVED"):
            ledger._database.write(lambda connection: connection.execute("DELETE FROM bodies"))
        ledger._database.write(
            lambda connection: connection.execute(
                "DELETE FROM bodies WHERE hash NOT IN (SELECT body_hash FROM entries WHERE kind = 'key_changed')"
            )
        )


# ---------------------------------------------------------------- the receipt key


def test_receipts_of_every_key_stay_genuine(settings: Settings) -> None:
    codes: list[str] = []
    for _ in range(3):
        with ledger_of(settings) as ledger:
            ids = sell(ledger)
            receipt = ledger.issue_receipt(ids.transaction, ReceiptOutcome.AWAITING_DELIVERY, FACTS)
        codes.append(receipt.code)
        done(settings, "receipt")
    assert all(verify_receipt(code, settings.folders.trust).genuine for code in codes)
    assert {file.name for file in settings.folders.trust.glob("receipt-KRK3*.pem")} == {
        "receipt-KRK3.pem",
        *(f"receipt-KRK3.{generation}.pem" for generation in (2, 3, 4)),
    }
    (settings.folders.trust / "receipt-KRK3.2.pem").unlink()
    assert [verify_receipt(code, settings.folders.trust).genuine for code in codes] == [True, False, True]


# ---------------------------------------------------------------- the database key


def test_only_the_new_key_opens_the_ledger_and_the_centre_has_it(sold: Settings, tmp_path: Path) -> None:
    old = QueueDesk(sold).keys.database
    file = sold.folders.state / "ledger.db"
    with pytest.raises(PowerCut):
        done(sold, "database", cut_at(5))
    private = load_recovery_key(tmp_path / "keys" / "centre" / "recovery.key")
    both = open_envelope(read_envelope(file), private)
    assert both[0] == old
    done(sold, "database")
    new = QueueDesk(sold).keys.database
    assert both == (old, new)
    assert open_envelope(read_envelope(file), private) == (new,)
    with pytest.raises(DatabaseUnusable, match="the key does not open"):
        open_reader(file, old)
    assert not list(file.parent.glob("*.renewing"))
    assert (sold.folders.keys / "database.key").read_bytes() == new


def test_a_copy_that_is_not_whole_never_takes_the_ledgers_place(
    sold: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoilt(copy: Path, old: bytes, new: bytes) -> None:
        rekey(copy, old, new)
        content = bytearray(copy.read_bytes())
        content[-2000] ^= 1
        copy.write_bytes(content)

    rekey = database_renewal._rekey
    before = (sold.folders.state / "ledger.db").read_bytes()
    with monkeypatch.context() as broken:
        broken.setattr(database_renewal, "_rekey", spoilt)
        with pytest.raises(DatabaseUnusable, match="the ledger is as it was"):
            done(sold, "database")
    assert (sold.folders.state / "ledger.db").read_bytes() != before, (
        "the entry is there; without it this proves nothing"
    )
    assert_sound(sold)
    assert done(sold, "database").continued
    assert_sound(sold)


def test_a_reader_beside_it_is_named_or_left_alone(sold: Settings) -> None:
    """It sees the old file to its end; the new one has nothing of its log."""
    with ledger_of(sold) as ledger:
        sell(ledger)
    with contextlib.closing(reader_of(sold)) as reader:
        reader.execute("SELECT count(*) FROM entries").fetchone()
        done(sold, "database")
        assert reader.execute("SELECT count(*) FROM transactions").fetchone()[0] == 4
    assert_sound(sold)


# ---------------------------------------------------------------- refused


@pytest.mark.parametrize("which", STEPS)
def test_while_the_program_runs_nothing_is_made(sold: Settings, which: Which) -> None:
    with ledger_of(sold), pytest.raises(LedgerInUse):
        done(sold, which)
    assert begun_renewals(sold.folders.keys) == ()


def test_without_a_ledger_there_is_nothing_to_renew(settings: Settings) -> None:
    with pytest.raises(DatabaseUnusable, match="nothing to renew"):
        done(settings, "ledger")
    assert not settings.folders.state.exists()


def test_a_new_key_that_cannot_be_read_is_named(sold: Settings) -> None:
    (sold.folders.keys / "ledger.key.next").write_bytes(b"half a key")
    with pytest.raises(KeyMistake, match=r"ledger\.key\.next: no private key in PEM"):
        done(sold, "ledger")


# ---------------------------------------------------------------- a change that proves nothing


def test_a_change_that_the_old_key_did_not_sign_is_a_problem(sold: Settings) -> None:
    """Whoever brings a ledger key of their own has to answer to the first one."""
    stranger = Ed25519PrivateKey.generate()
    change = make_change(TERMINAL, stranger, 2, BY)
    with ledger_of(sold) as ledger:
        ledger._scribe.key = stranger
        ledger.note(EntryKind.KEY_CHANGED, "support", "renewal", encode_canonical(change))
    found = QueueDesk(sold).verify()
    assert [problem.what for problem in found.problems] == ["the signature does not belong to these bytes"]
    with pytest.raises(DatabaseUnusable, match="not written by this terminal with this ledger key"), ledger_of(sold):
        pass


def _another_proof(change: KeyChange) -> KeyChange:
    return msgspec.structs.replace(change, proof=bytes(64))


def _skipped(change: KeyChange) -> KeyChange:
    return msgspec.structs.replace(change, generation=3, key_id="ledger-KRK3.3")


def _of_another_kind(change: KeyChange) -> KeyChange:
    return msgspec.structs.replace(change, public_key=b"nonsense")


@pytest.mark.parametrize("spoil", [_another_proof, _skipped, _of_another_kind])
def test_a_change_without_proof_is_a_problem_and_changes_nothing(
    sold: Settings, spoil: Callable[[KeyChange], KeyChange]
) -> None:
    change = spoil(make_change(TERMINAL, Ed25519PrivateKey.generate(), 2, BY))
    with ledger_of(sold) as ledger:
        ledger.note(EntryKind.KEY_CHANGED, "supervisor", "renewal", encode_canonical(change))
        sell(ledger)
    (problem,) = QueueDesk(sold).verify().problems
    assert problem.what.startswith("changes a key, and ")

"""At night the projections are compared with the entries too, some transactions at a time."""

from __future__ import annotations

import contextlib
from pathlib import Path

import msgspec
import pytest
from sqlite_utils import Database

from kiosk.wire import encode_canonical
from offline_queue import night_check, upkeep
from offline_queue.chain import Problem
from offline_queue.database import open_reader
from offline_queue.entries import EntryKind, Fact, Scribe
from offline_queue.keys import TerminalKeys, Trust
from offline_queue.ledger import SqlLedger
from offline_queue.night_check import Chain, read_part
from offline_queue.night_comparison import BEFORE_ALL, compare_these, next_transactions
from offline_queue.projection import load_rows
from offline_queue.retention import Retention
from offline_queue.upkeep import NightCheck
from tests.offline_queue.correcting import CorrectingOffice
from tests.offline_queue.parts import ScriptedCentre, SetClock
from tests.offline_queue.test_corrections import office
from tests.offline_queue.test_growth import MORE, settled_sale
from tests.offline_queue.test_night_check import NIGHT, Watch, chain, kept, watch
from tests.offline_queue.test_retention import DAY, SCHEDULE, run
from tests.offline_queue.test_verify import filled, tamper

__all__ = ["chain", "filled", "office", "watch"]
OTHER = "ffffffff-0000-7000-8000-000000000000"
ROW = "its row does not say what its entries say"
OUTBOX = "the outbox does not say what its entry says"
NO_KEYS = "PRAGMA foreign_keys = OFF"
INVENTED = f"""
INSERT INTO transactions (transaction_id, basket, payment, state, amount_fils, body_hash, prepared_at, reference,
                          words_ar, words_en)
SELECT '{OTHER}', basket, '{OTHER}', state, amount_fils, body_hash, prepared_at, '', '', '' FROM transactions LIMIT 1
"""


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(night_check, "_AT_ONCE", 8)
    monkeypatch.setattr(night_check, "_COMPARED_AT_ONCE", 2)
    monkeypatch.setattr(night_check, "_PAUSE_SECONDS", 0.0)


@pytest.fixture
def found(filled: SqlLedger, watch: Watch) -> NightCheck:
    watch().look()
    result = kept(filled)
    assert result is not None
    return result


@pytest.fixture
def tampered(
    request: pytest.FixtureRequest, filled: SqlLedger, ledger_file: Path, terminal_keys: TerminalKeys
) -> tuple[str, str]:
    """The ledger after the statements of the test's parameter; where, and what, is to be found."""
    statements, place, what = request.param
    assert filled
    tamper(ledger_file, terminal_keys, *statements)
    return place, what


@pytest.mark.parametrize(
    "tampered",
    [
        (("UPDATE transactions SET state = 'accepted' WHERE message = 3",), "transaction", ROW),
        (("UPDATE transactions SET payment_state = 'refunded' WHERE state = 'prepared'",), "transaction", ROW),
        ((NO_KEYS, "DELETE FROM transactions WHERE message = 2"), "transaction", ROW),
        (
            (INVENTED,),
            f"transaction {OTHER}",
            ROW,
        ),
        (("DELETE FROM entries WHERE sequence = 19",), "transaction", ROW),
        (("UPDATE outbox SET sequence = 1 WHERE message = 2",), "message 2", OUTBOX),
        (("DELETE FROM outbox WHERE message = 3",), "message 3", OUTBOX),
        (
            (NO_KEYS, f"INSERT INTO outbox (message, transaction_id, sequence, bytes) VALUES (9, '{OTHER}', 2, 1)"),
            "message 9",
            OUTBOX,
        ),
        (("UPDATE receipts SET code_hash = 'x'",), "receipt KRK3-000001", "its row does not say what its entry says"),
        (
            (
                NO_KEYS,
                f"INSERT INTO receipts VALUES ('KRK3-000009', '{OTHER}', 'accepted', 3, 'x', 'y')",
            ),
            "receipt KRK3-000009",
            "its row and its entry do not both exist",
        ),
        (
            ("UPDATE print_jobs SET state = 'failed'",),
            "receipt KRK3-000001",
            "the print of copy 0 does not say what its entries say",
        ),
        (
            ("DELETE FROM print_jobs",),
            "receipt KRK3-000001",
            "the print of copy 0 does not say what its entries say",
        ),
    ],
    indirect=True,
    ids=lambda tampered: tampered[0][-1].strip()[:50],
)
def test_each_projection_is_compared(tampered: tuple[str, str], found: NightCheck, filled: SqlLedger) -> None:
    place, what = tampered
    assert found.problems == 1
    assert found.first.startswith(place)
    assert found.first.endswith(what)
    assert not filled.chain_holds()


def test_an_entry_that_the_rules_forbid_is_found_though_the_chain_holds(filled: SqlLedger, watch: Watch) -> None:
    """Signed by the terminal's own key: a defect of a program, not a hand in the file."""
    waiting = filled._database.read(lambda connection: load_rows(connection, "WHERE message = 3"))[0]
    fact = Fact(EntryKind.VOIDED, waiting.ids(), "citizen", "visit", waiting.amount_fils)
    filled.upkeep(lambda connection, scribe: scribe.append(connection, fact))
    watch().look()
    found = kept(filled)
    assert found is not None
    assert (found.problems, found.first) == (1, "entry 20: voided while committed, payment captured")


def test_it_stops_for_a_person_and_goes_on_behind_what_was_compared(filled: SqlLedger, watch: Watch) -> None:
    """Three parts read the chain; then there are five transactions, in parts of two."""
    asked = iter([True, *[True] * 4, False])
    watch(lambda: next(asked)).look()
    under_way = kept(filled, upkeep.NIGHT_UNDER_WAY)
    rows = filled._database.read(lambda connection: load_rows(connection, "ORDER BY transaction_id"))
    assert under_way is not None
    assert (under_way.reached, under_way.compared) == (19, str(rows[1].transaction_id))
    assert kept(filled) is None
    watch().look()
    found = kept(filled)
    assert found is not None
    assert (found.compared, found.problems) == (str(rows[4].transaction_id), 0)


def test_what_the_release_before_kept_is_gone_on_with(filled: SqlLedger, watch: Watch) -> None:
    kept_before = msgspec.json.decode(
        encode_canonical(NightCheck(began_at=NIGHT, reached=12, problems=0, first="", ended_at=None)),
        type=dict[str, object],
    )
    del kept_before["compared"]
    record = msgspec.json.encode(kept_before)

    def as_before(connection: Database, _: Scribe) -> None:
        connection.execute("INSERT INTO upkeep (task, record) VALUES (?, ?)", (upkeep.NIGHT_UNDER_WAY, record))

    filled.upkeep(as_before)
    watch().look()
    found = kept(filled)
    assert found is not None
    assert (found.reached, found.problems, found.compared != "") == (19, 0, True)


def test_what_is_sold_between_two_parts_disturbs_nothing(
    filled: SqlLedger, chain: Chain, centre: ScriptedCentre
) -> None:
    now = NightCheck(began_at=NIGHT, reached=0, problems=0, first="", ended_at=None)
    parts = 0
    with contextlib.closing(open_reader(chain.file, chain.database_key)) as reader:
        while now.ended_at is None:
            now = read_part(reader, chain, now, NIGHT)
            parts += 1
            if parts < 6:
                settled_sale(filled, centre)
    assert (now.problems, now.first) == (0, "")
    assert parts > 6


def test_content_that_has_left_and_entries_of_the_ledger_itself_are_no_difference(
    filled: SqlLedger, watch: Watch, trust: Trust, clock: SetClock
) -> None:
    clock.move(100 * DAY)
    run(Retention(filled, SCHEDULE, trust.centre, clock))
    filled.note(
        EntryKind.BODIES_REMOVED, "sync", "test", b'{"bodies":[],"count":0,"days":1,"kind":"receipt","up_to":0}'
    )
    watch().look()
    found = kept(filled)
    assert found is not None
    assert (found.reached, found.problems, found.first) == (23, 0, "")


def test_a_ledger_with_corrections_compares(office: CorrectingOffice) -> None:
    office.refund(office.refused())
    office.resubmit(office.corrected_version(office.refused()))
    office.agree(office.refused().ids.transaction)
    office.deliver()

    def whole(reader: Database) -> tuple[int, list[Problem]]:
        behind, problems, compared = BEFORE_ALL, list[Problem](), 0
        while transactions := next_transactions(reader, behind, 2):
            problems += compare_these(reader, transactions)
            behind, compared = transactions[-1], compared + len(transactions)
        return compared, problems

    assert office.read(whole) == (len(office.ask("SELECT 1 FROM transactions")), [])


def test_a_part_costs_the_same_in_a_longer_ledger(filled: SqlLedger, centre: ScriptedCentre) -> None:
    """Counted in SQLite's own instructions, as in test_growth."""

    def part(connection: Database) -> int:
        counted = 0

        def count() -> int:
            nonlocal counted
            counted += 1
            return 0

        connection.conn.set_progress_handler(count, 1)
        transactions = next_transactions(connection, BEFORE_ALL, 3)
        assert list(compare_these(connection, transactions)) == []
        connection.conn.set_progress_handler(None, 1)
        assert len(transactions) == 3
        return counted

    for _ in range(4):
        settled_sale(filled, centre)
    short = filled._database.read(part)
    for _ in range(60):
        settled_sale(filled, centre)
    assert filled._database.read(part) <= short + MORE

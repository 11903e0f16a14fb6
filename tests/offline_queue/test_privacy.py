"""A planted name and number are looked for wherever they must not be: logs, texts of errors, reprs, and every file."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path

import msgspec
import pytest

from kiosk.failures import ServiceFailure
from kiosk.receipt import ReceiptOutcome
from offline_queue.centre import Silence
from offline_queue.database import DatabaseUnusable, LedgerDatabase, open_reader
from offline_queue.drain import Drain
from offline_queue.entries import LedgerMistake
from offline_queue.keys import TerminalKeys, Trust
from offline_queue.ledger import SqlLedger
from offline_queue.status import list_items, status
from offline_queue.verify import verify
from tests.offline_queue.parts import (
    FACTS,
    PLANTED_NAME,
    PLANTED_NUMBER,
    TERMINAL,
    ScriptedCentre,
    SetClock,
    agreement,
    sell,
)

PLANTED = (PLANTED_NAME, PLANTED_NUMBER, PLANTED_NAME.split()[1])


def assert_clean(text: str) -> None:
    for planted in PLANTED:
        assert planted not in text
        assert planted.encode("unicode_escape").decode() not in text
        assert repr(planted.encode())[2:-1] not in text


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    return caplog


def test_no_log_error_or_file_holds_a_person(
    ledger: SqlLedger,
    centre: ScriptedCentre,
    clock: SetClock,
    ledger_file: Path,
    terminal_keys: TerminalKeys,
    trust: Trust,
    everything_logged: pytest.LogCaptureFixture,
) -> None:
    drain = Drain(ledger, centre, TERMINAL, clock, monotonic=clock.monotonic)
    ids = sell(ledger)
    for trouble in (*Silence, None):
        centre.trouble = trouble
        clock.move(4000)
        drain.step(hurry=True)
    receipt = ledger.issue_receipt(ids.transaction, ReceiptOutcome.ACCEPTED, FACTS)
    agreed = agreement()
    ledger.prepare(agreed)
    texts = [repr(agreed), repr(receipt.code)]
    changed = msgspec.structs.replace(agreed, person_name="")
    calls = (
        lambda: ledger.prepare(changed),
        lambda: ledger.commit(agreed.ids.transaction, "visit"),
        lambda: ledger.prepare(msgspec.structs.replace(agreed, total_fils=1)),
        lambda: ledger.prepare(
            msgspec.structs.replace(agreement(), ids=msgspec.structs.replace(agreement().ids, payment=ids.payment))
        ),
        lambda: LedgerDatabase(ledger_file, terminal_keys.database),
    )
    for call in calls:
        with pytest.raises((LedgerMistake, ServiceFailure, DatabaseUnusable)) as caught:
            call()
        texts.append("".join(traceback.format_exception(caught.value)))
    texts += [repr(batch) for batch in centre.batches] + [repr(batch.items) for batch in centre.batches]
    reader = open_reader(ledger_file, terminal_keys.database)
    texts.append(repr((status(reader, TERMINAL), list_items(reader))))
    texts.append(repr(verify(reader, TERMINAL, trust.ledgers[TERMINAL])))
    reader.close()
    for text in [*texts, everything_logged.text]:
        assert_clean(text)
    assert everything_logged.records, "nothing was logged, so nothing was tried"
    assert PLANTED_NUMBER in centre.batches[0].items[0].body.decode()


def test_every_file_beside_the_ledger_is_encrypted(ledger: SqlLedger, ledger_file: Path) -> None:
    for _ in range(30):
        sell(ledger)
    found = sorted(file.name for file in ledger_file.parent.iterdir())
    assert found == ["ledger.db", "ledger.db-shm", "ledger.db-wal", "ledger.db.key-for-centre", "ledger.db.lock"]
    assert_encrypted(ledger_file.parent)
    ledger.close()  # the log is carried into the main file
    assert_encrypted(ledger_file.parent)


def assert_encrypted(folder: Path) -> None:
    for file in folder.iterdir():
        content = file.read_bytes()
        for planted in (*PLANTED, "traffic.fines", "prepared", "CREATE TABLE"):
            assert planted.encode() not in content, file.name
            assert planted.encode("utf-16-le") not in content, file.name


def test_the_search_would_find_it(ledger: SqlLedger) -> None:
    """The same search over what is known to hold it."""
    body = msgspec.json.encode(agreement())
    for text in (body.decode(), repr(body)):
        with pytest.raises(AssertionError):
            assert_clean(text)

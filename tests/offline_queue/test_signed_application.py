"""What a person signed goes from the visit to the agency as the same bytes, and its hash outlives them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from kiosk.application import LARGEST_SIGNED_BYTES
from kiosk.transaction import Agreement
from kiosk.wire import LARGEST_REQUEST_BYTES, Entry, Item, encode_canonical
from offline_queue.database import open_reader
from offline_queue.drain import Pace
from offline_queue.keys import TerminalKeys, Trust
from offline_queue.ledger import SqlLedger
from offline_queue.verify import verify
from tests.offline_queue.parts import TERMINAL, agreement, pay, sell

PDF = b"%PDF-1.7 \x00\xff signed"
SHA256 = hashlib.sha256(PDF).hexdigest()


def commit(ledger: SqlLedger, pdf: bytes) -> Item:
    ledger.commit(pay(ledger, agreement(signed_application=pdf)).transaction, "visit")
    (item,) = ledger.outbox.lease(0, limit=10, limit_bytes=10**6)
    return item


def entries(file: Path, keys: TerminalKeys) -> list[Entry]:
    reader = open_reader(file, keys.database)
    rows = reader.execute("SELECT canonical FROM entries ORDER BY sequence").fetchall()
    reader.close()
    return [msgspec.json.decode(row[0], type=Entry) for row in rows]


def test_the_bytes_are_delivered_as_they_were_signed(ledger: SqlLedger) -> None:
    item = commit(ledger, PDF)
    assert msgspec.json.decode(item.body, type=Agreement).signed_application == PDF
    assert msgspec.json.decode(item.entry.payload, type=Entry).application_hash == SHA256


def test_its_hash_stands_where_it_was_agreed_and_where_it_was_committed(
    ledger: SqlLedger, ledger_file: Path, terminal_keys: TerminalKeys, trust: Trust
) -> None:
    commit(ledger, PDF)
    hashes = [(entry.kind, entry.application_hash) for entry in entries(ledger_file, terminal_keys)]
    assert hashes == [("prepared", SHA256), ("payment", ""), ("payment", ""), ("committed", SHA256)]
    reader = open_reader(ledger_file, terminal_keys.database)
    assert verify(reader, TERMINAL, trust.ledgers[TERMINAL], trust.centre).problems == ()
    reader.close()


def test_where_nothing_was_signed_there_is_no_hash(
    ledger: SqlLedger, ledger_file: Path, terminal_keys: TerminalKeys
) -> None:
    sell(ledger)
    assert {entry.application_hash for entry in entries(ledger_file, terminal_keys)} == {""}


def test_the_largest_that_a_visit_takes_fits_a_request(ledger: SqlLedger) -> None:
    """Alone: a batch holds more than its limit only where it holds one item."""
    size = len(msgspec.json.encode(commit(ledger, bytes(LARGEST_SIGNED_BYTES))))
    assert Pace().bytes < size < LARGEST_REQUEST_BYTES - Pace().bytes


def test_bytes_of_a_first_release_are_read() -> None:
    """Neither the agreement nor the entry knew of signatures then."""
    known = msgspec.json.decode(encode_canonical(agreement()))
    assert known.pop("signed_application") == ""
    assert msgspec.json.decode(msgspec.json.encode(known), type=Agreement).signed_application == b""

"""What was scanned goes from the visit to the agency as the same bytes, and its hashes outlive them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import pytest

from kiosk.application import LARGEST_SIGNED_BYTES
from kiosk.documents import LARGEST_PAGE_BYTES, MOST_PAGES, require_deliverable
from kiosk.failures import Failure, ServiceFailure
from kiosk.transaction import Agreement
from kiosk.wire import LARGEST_REQUEST_BYTES, Batch, Entry, Item, encode_canonical
from offline_queue.database import open_reader
from offline_queue.keys import TerminalKeys, Trust
from offline_queue.ledger import SqlLedger
from offline_queue.verify import verify
from tests.offline_queue.parts import TERMINAL, agreement, pay

PAGES = (b"\xff\xd8\xff first \xff\xd9", b"\xff\xd8\xff second \xff\xd9")
HASHES = tuple(hashlib.sha256(page).hexdigest() for page in PAGES)
_PAGES = (b"\xff" * LARGEST_PAGE_BYTES,) * MOST_PAGES
_SIGNED = b"\xff" * LARGEST_SIGNED_BYTES
_QUOTE = b'{"payload":"' + b"x" * 40_000 + b'"}'
"""Of some fifty lines; agencies have sent none so large."""


def commit(ledger: SqlLedger, agreed: Agreement) -> Item:
    ledger.commit(pay(ledger, agreed).transaction, "visit")
    (item,) = ledger.outbox.lease(0, limit=10, limit_bytes=1)
    return item


def test_the_pages_are_delivered_as_they_were_scanned(ledger: SqlLedger) -> None:
    item = commit(ledger, agreement(documents=PAGES))
    assert tuple(one.content for one in msgspec.json.decode(item.body, type=Agreement).documents) == PAGES
    assert msgspec.json.decode(item.entry.payload, type=Entry).document_hashes == HASHES


def test_their_hashes_stand_where_they_were_agreed_and_where_they_were_committed(
    ledger: SqlLedger, ledger_file: Path, terminal_keys: TerminalKeys, trust: Trust
) -> None:
    commit(ledger, agreement(documents=PAGES))
    reader = open_reader(ledger_file, terminal_keys.database)
    rows = reader.execute("SELECT canonical FROM entries ORDER BY sequence").fetchall()
    entries = [msgspec.json.decode(row[0], type=Entry) for row in rows]
    hashes = [(entry.kind, entry.document_hashes) for entry in entries]
    assert hashes == [("prepared", HASHES), ("payment", ()), ("payment", ()), ("committed", HASHES)]
    assert verify(reader, TERMINAL, trust.ledgers[TERMINAL], trust.centre).problems == ()
    reader.close()


def test_the_largest_that_a_visit_takes_is_delivered(ledger: SqlLedger) -> None:
    """Every page, a signature and a long quote, alone in its batch."""
    largest = agreement(quote=_QUOTE, documents=_PAGES, signed_application=_SIGNED)
    require_deliverable(largest)
    request = msgspec.json.encode(Batch(terminal=TERMINAL, items=(commit(ledger, largest),)))
    assert 0.8 * LARGEST_REQUEST_BYTES < len(request) <= LARGEST_REQUEST_BYTES


@pytest.mark.parametrize("missing", [-1, 1])
def test_what_may_be_agreed_to_ends_where_the_request_does(ledger: SqlLedger, missing: int) -> None:
    """To within what stands around an agreement: one that is let through fits, whatever makes it large."""
    room = next(size for size in range(1_200_000, 0, -64) if _is_deliverable(agreement(quote=b"x" * size)))
    if missing < 0:
        with pytest.raises(ServiceFailure) as refused:
            require_deliverable(agreement(quote=b"x" * (room + 128)))
        assert refused.value.failure is Failure.REQUEST_TOO_LARGE
        return
    request = msgspec.json.encode(Batch(terminal=TERMINAL, items=(commit(ledger, agreement(quote=b"x" * room)),)))
    assert LARGEST_REQUEST_BYTES - 10_000 < len(request) <= LARGEST_REQUEST_BYTES


def test_bytes_of_an_earlier_release_are_read() -> None:
    known = msgspec.json.decode(encode_canonical(agreement()))
    assert known.pop("documents") == []
    assert msgspec.json.decode(msgspec.json.encode(known), type=Agreement).documents == ()


def test_a_page_shows_nothing_of_itself() -> None:
    assert repr(agreement(documents=PAGES).documents[0]) == "AttachedDocument(step='lease', 12 bytes)"


def _is_deliverable(agreed: Agreement) -> bool:
    try:
        require_deliverable(agreed)
    except ServiceFailure:
        return False
    return True

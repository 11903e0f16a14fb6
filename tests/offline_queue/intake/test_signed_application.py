"""The intake hands a signed application to the agency unchanged, and takes items of terminals that know of none."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from kiosk.corrections import Reversal
from kiosk.transaction import Agreement, AttachedDocument
from kiosk.wire import Enquiry, Item, Signed
from offline_queue.intake.agencies import Decision, Refusal
from offline_queue.intake.centre import Centre, RawBatch
from offline_queue.intake.database import open_database
from offline_queue.intake.store import Store
from offline_queue.intake.terminal_keys import TerminalKeys
from tests.offline_queue.intake.parts import SPEED, Line, Terminal

PDF = b"%PDF-1.7 \x00\xff signed"


class Reading:
    """An agency that keeps what it is shown."""

    def __init__(self) -> None:
        self.shown: list[Agreement] = []

    def enquire(self, enquiry: Enquiry, now: datetime) -> Signed | Refusal:
        raise AssertionError("what was signed is settled; nobody enquires here")

    def settle(self, agreement: Agreement, now: datetime) -> Decision:
        self.shown.append(agreement)
        return Decision(reference=f"{now:%Y}-1")

    def take_back(self, reversal: Reversal, now: datetime) -> Decision:
        raise AssertionError("nothing is taken back here")


def taken(keys: Path, database: Path, item: Item) -> tuple[str, list[Agreement]]:
    agency, terminal = Reading(), Terminal(keys, Line(keys, 0))
    engine = open_database(database)
    centre = Centre(
        store=Store(engine),
        agencies={"traffic": agency},
        terminals=TerminalKeys(engine, {"KRK3": terminal.key.public_key()}),
        now=lambda: datetime.now(UTC),
    )
    raw = msgspec.Raw(msgspec.json.encode(item))
    (answer,) = centre.submit(RawBatch(schema=1, terminal="KRK3", items=(raw,))).answers
    engine.dispose()
    return answer.result, agency.shown


def test_the_agency_gets_the_bytes_that_were_signed(keys: Path, terminal: Terminal, tmp_path: Path) -> None:
    result, (agreement,) = taken(keys, tmp_path / "other.db", terminal.paying(SPEED, signed_application=PDF))
    assert (result, agreement.signed_application) == ("accepted", PDF)


def test_the_agency_gets_the_pages_that_were_scanned(keys: Path, terminal: Terminal, tmp_path: Path) -> None:
    page = AttachedDocument(
        step="lease", media_type="image/jpeg", sha256=hashlib.sha256(b"a page").hexdigest(), content=b"a page"
    )
    result, (agreement,) = taken(keys, tmp_path / "other.db", terminal.paying(SPEED, documents=(page,)))
    assert (result, agreement.documents) == ("accepted", (page,))


def test_an_item_of_a_first_release_is_taken(keys: Path, terminal: Terminal, tmp_path: Path) -> None:
    item = terminal.paying(SPEED)
    body = json.loads(item.body)
    del body["signed_application"], body["documents"]
    older = json.dumps(body).encode()
    entry = json.loads(item.entry.payload) | {"body_hash": hashlib.sha256(older).hexdigest()}
    del entry["application_hash"], entry["document_hashes"]
    signed = terminal.signed_entry(json.dumps(entry).encode())
    older_item = msgspec.structs.replace(item, entry=signed, body=older)
    result, (agreement,) = taken(keys, tmp_path / "other.db", older_item)
    assert (result, agreement.signed_application) == ("accepted", b"")

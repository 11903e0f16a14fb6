"""An item that does not prove itself is refused in words; its neighbours go on, and nothing of it is kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from kiosk.wire import Batch, BatchAnswer, Item, Signed
from offline_queue.intake.checks import NOT_KNOWN_YET
from offline_queue.intake.inspect import stored
from tests.offline_queue.intake.parts import BELT, PARKING, SPEED, Terminal

EMPTY = hashlib.sha256(b"").hexdigest()
Spoil = Callable[[Terminal, Item], Item]


def _item(**changed: Any) -> Spoil:
    return lambda _, item: msgspec.structs.replace(item, **changed)


def _signed(**changed: Any) -> Spoil:
    return lambda _, item: msgspec.structs.replace(item, entry=msgspec.structs.replace(item.entry, **changed))


def _entry(**changed: Any) -> Spoil:
    """Honestly signed, and saying something else."""

    def spoil(terminal: Terminal, item: Item) -> Item:
        entry = json.loads(item.entry.payload) | changed
        return msgspec.structs.replace(item, entry=terminal.signed_entry(json.dumps(entry).encode()))

    return spoil


def _body(**changed: Any) -> Spoil:
    """Honestly hashed and signed, and saying something else."""

    def spoil(terminal: Terminal, item: Item) -> Item:
        body = json.dumps(json.loads(item.body) | changed).encode()
        hashed = _entry(body_hash=hashlib.sha256(body).hexdigest())(terminal, item)
        return msgspec.structs.replace(hashed, body=body)

    return spoil


def _both(first: Spoil, second: Spoil) -> Spoil:
    return lambda terminal, item: second(terminal, first(terminal, item))


SPOILS: Mapping[str, tuple[str, Spoil]] = {
    "signature of nobody": ("ENTRY_UNPROVEN", _signed(signature=bytes(64))),
    "signature too short": ("ENTRY_UNPROVEN", _signed(signature=b"")),
    "another key named": ("ENTRY_UNPROVEN", _signed(key_id="ledger-KRK4")),
    "entry not signed anew": ("ENTRY_UNPROVEN", _signed(payload=b"{}")),
    "entry that is none": (
        "ENTRY_UNREADABLE",
        lambda t, item: msgspec.structs.replace(item, entry=t.signed_entry(b"{}")),
    ),
    "item of another schema": ("SCHEMA_UNKNOWN", _item(schema=2)),
    "entry of another schema": ("SCHEMA_UNKNOWN", _entry(schema=2)),
    "entry whose later form does not read": ("SCHEMA_UNKNOWN", _entry(schema=2, sequence="7")),
    "body of another schema": ("SCHEMA_UNKNOWN", _body(schema=2)),
    "body whose later form does not read": ("SCHEMA_UNKNOWN", _body(schema=2, ids=None)),
    "entry of another kind": ("KIND_UNKNOWN", _entry(kind="reversed")),
    "another transaction": ("IDS_DIFFER", _item(transaction=UUID(int=7))),
    "another message": ("IDS_DIFFER", _item(message=999)),
    "a message below one": ("IDS_DIFFER", _both(_entry(message=0), _item(message=0))),
    "a message beyond every column": ("IDS_DIFFER", _both(_entry(message=2**70), _item(message=2**70))),
    "a sequence beyond every column": ("IDS_DIFFER", _entry(sequence=2**70)),
    "another payment": ("IDS_DIFFER", _entry(ids_payment=str(UUID(int=9)))),
    "another basket": ("IDS_DIFFER", _entry(ids_basket=str(UUID(int=9)))),
    "another terminal": ("IDS_DIFFER", _entry(terminal="KRK4")),
    "body of other bytes": ("BODY_CHANGED", _item(body=b"{}")),
    "body that is none": ("BODY_UNREADABLE", _body(ids=None)),
    "another signed application": ("APPLICATION_DIFFERS", _body(signed_application="JVBERg==")),
    "a signed application that is not there": ("APPLICATION_DIFFERS", _entry(application_hash="0" * 64)),
    "a page that is not there": ("DOCUMENTS_DIFFER", _entry(document_hashes=["0" * 64])),
    "a page that nobody hashed": (
        "DOCUMENTS_DIFFER",
        _body(documents=[{"step": "s", "media_type": "image/jpeg", "sha256": "0" * 64, "content": "AAAA"}]),
    ),
    "a page that names another hash": (
        "DOCUMENTS_DIFFER",
        _both(
            _body(documents=[{"step": "s", "media_type": "image/jpeg", "sha256": "0" * 64, "content": ""}]),
            _entry(document_hashes=[EMPTY]),
        ),
    ),
    "a time without a zone": ("BODY_UNREADABLE", _body(agreed_at="2026-11-24T10:00:00")),
    "another amount": ("ENTRY_AMOUNT_DIFFERS", _entry(amount_fils=1)),
    "no amount": ("ENTRY_AMOUNT_DIFFERS", _entry(amount_fils=None)),
    "an amount that nothing pays": ("NOT_PAID", _body(method="none")),
}


def test_bad_items_are_refused_in_words_and_their_neighbours_go_on(terminal: Terminal, database: Path) -> None:
    first, last = terminal.paying(SPEED), terminal.paying(BELT)
    bad = {how: spoil(terminal, terminal.paying(PARKING)) for how, (_, spoil) in SPOILS.items()}
    answers = terminal.submit(first, *bad.values(), last)
    assert [answers[0].result, answers[-1].result] == ["accepted", "accepted"]
    assert {one.transaction for one in stored(database)} == {first.transaction, last.transaction}
    for (how, item), answer in zip(bad.items(), answers[1:-1], strict=True):
        assert (how, answer.transaction, answer.result, answer.code) == (
            how,
            item.transaction,
            "retry_later" if SPOILS[how][0] in NOT_KNOWN_YET else "rejected",
            SPOILS[how][0],
        )
        assert answer.words is not None
        assert "" != answer.words.ar != answer.words.en != ""


def test_what_the_centre_only_does_not_know_yet_is_asked_about_again(terminal: Terminal, database: Path) -> None:
    """The money is taken: a terminal one release ahead, or one whose new key is on its way, has not lost its case."""
    good = terminal.paying(SPEED)
    ahead, unknown_key = _item(schema=2)(terminal, good), _signed(signature=bytes(64))(terminal, good)
    later = terminal.submit(ahead, unknown_key)
    assert [(answer.result, answer.code) for answer in later] == [
        ("retry_later", "SCHEMA_UNKNOWN"),
        ("retry_later", "ENTRY_UNPROVEN"),
    ]
    assert all(answer.retry_after_seconds and answer.words for answer in later)
    assert stored(database) == []
    assert terminal.submit(good)[0].result == "accepted"


def test_an_item_of_a_later_form_is_not_called_unreadable(terminal: Terminal) -> None:
    """Beside a whole one, in one batch."""
    good = terminal.paying(SPEED)
    raw = json.loads(msgspec.json.encode(Batch(terminal=terminal.name, items=(good,))))
    raw["items"].append({"transaction": str(UUID(int=5)), "schema": 2, "sealed": "in a way of tomorrow"})
    raw["items"].append({"transaction": str(UUID(int=6)), "schema": 1, "sealed": "in no way"})
    reply = terminal.post("/v1/batches", json.dumps(raw).encode())
    told = msgspec.json.decode(msgspec.json.decode(reply.body, type=Signed).payload, type=BatchAnswer)
    assert [(answer.result, answer.code) for answer in told.answers] == [
        ("accepted", ""),
        ("retry_later", "SCHEMA_UNKNOWN"),
        ("rejected", "ITEM_UNREADABLE"),
    ]


def test_what_was_refused_can_come_again_put_right(terminal: Terminal) -> None:
    good = terminal.paying(SPEED)
    bad = _item(body=b"{}")(terminal, good)
    assert [terminal.submit(item)[0].result for item in (bad, good, bad)] == ["rejected", "accepted", "conflict"]

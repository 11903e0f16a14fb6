"""A renewed key at the centre: proven by the key before it, kept once, and in force only where it was in force."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlcipher3.dbapi2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.wire import ANSWER_CONTEXT, ChangedKey, Item, KeyNotice, KeyNoticeAnswer, Signed, encode_canonical
from offline_queue.entries import digest
from offline_queue.intake.inspect import stored
from offline_queue.key_chain import make_change
from tests.offline_queue.intake.parts import BELT, PARKING, SPEED, Line, Reply, Terminal, opened, public_key, running

CHANGED_AT = 100
"""The sequence number of the change; items before it have small ones."""


def change(signer: Terminal, new: Ed25519PrivateKey, generation: int = 2, **changed: Any) -> ChangedKey:
    """The entry that `signer` signs with the key that it has."""
    body = encode_canonical(make_change(signer.name, new, generation, ("huda", "hani")))
    entry: dict[str, Any] = {
        "terminal": signer.name,
        "sequence": CHANGED_AT * (generation - 1),
        "kind": "key_changed",
        "ids_basket": "00000000-0000-0000-0000-000000000000",
        "ids_transaction": "00000000-0000-0000-0000-000000000000",
        "ids_payment": "00000000-0000-0000-0000-000000000000",
        "actor": "supervisor",
        "cause": "renewal",
        "written_at": "2026-11-24T08:00:00Z",
        "monotonic_ns": 1,
        "boot_id": "boot",
        "clock_difference_ms": None,
        "amount_fils": None,
        "receipt_number": None,
        "message": None,
        "body_hash": digest(body),
        "previous_hash": "0" * 64,
    }
    return ChangedKey(entry=signer.signed_entry(msgspec.json.encode(entry | changed)), body=body)


def tell(line: Line, *changes: ChangedKey, terminal: str = "KRK3") -> Reply:
    """Without any signature of a request."""
    body = msgspec.json.encode(KeyNotice(terminal=terminal, changes=changes))
    return line.send("POST", "/v1/keys", body, {"Content-Type": "application/json"})


def in_force(keys: Path, reply: Reply) -> tuple[str, ...]:
    assert reply.status == 200, reply
    signed = msgspec.json.decode(reply.body, type=Signed)
    return opened(signed, ANSWER_CONTEXT, public_key(keys / "trust" / "centre.pem"), KeyNoticeAnswer).in_force


class Renewed(Terminal):
    """The same terminal under its second key."""

    def headers(self, path: str, body: bytes, **changed: Any) -> dict[str, str]:
        return super().headers(path, body, **{"keyid": f"ledger-{self.name}.2"} | changed)

    def signed_entry(self, payload: bytes) -> Signed:
        return msgspec.structs.replace(super().signed_entry(payload), key_id=f"ledger-{self.name}.2")


@pytest.fixture
def renewed(keys: Path, line: Line) -> Renewed:
    return Renewed(keys, line, key=Ed25519PrivateKey.generate())


def later(item: Item, signer: Terminal, sequence: int, message: int | None = None) -> Item:
    """The same at another place of the ledger."""
    number = message or item.message
    entry = msgspec.json.decode(item.entry.payload) | {"sequence": sequence, "message": number}
    return msgspec.structs.replace(item, message=number, entry=signer.signed_entry(msgspec.json.encode(entry)))


def test_requests_and_entries_go_over_to_the_new_key(
    keys: Path, terminal: Terminal, renewed: Renewed, line: Line, database: Path
) -> None:
    queued, held = terminal.paying(SPEED), terminal.paying(BELT)
    assert [answer.result for answer in terminal.submit(held)] == ["accepted"]
    assert renewed.post("/v1/held", b"{}").status == 401
    notice = change(terminal, renewed.key)
    assert in_force(keys, tell(line, notice)) == ("ledger-KRK3.2", "receipt-KRK3")
    assert in_force(keys, tell(line, notice)) == ("ledger-KRK3.2", "receipt-KRK3"), "said twice is said once"
    assert terminal.post("/v1/held", b"{}").status == 401, "the old key asks for nothing any more"
    by_old = later(queued, terminal, CHANGED_AT + 1)
    too_early = later(queued, renewed, CHANGED_AT)
    assert [answer.code for answer in renewed.submit(by_old)] == ["ENTRY_UNPROVEN"]
    assert [answer.code for answer in renewed.submit(too_early)] == ["ENTRY_UNPROVEN"]
    fresh = later(renewed.paying(PARKING), renewed, CHANGED_AT + 2, message=9)
    assert [answer.result for answer in renewed.submit(queued, fresh, held)] == ["accepted", "accepted", "duplicate"]
    assert {one.transaction for one in stored(database)} == {queued.transaction, fresh.transaction, held.transaction}


def test_it_is_known_after_a_restart_and_to_another_process(
    keys: Path, database: Path, terminal: Terminal, renewed: Renewed, line: Line
) -> None:
    with running(keys, database) as second:
        tell(line, change(terminal, renewed.key))
        assert Renewed(keys, Line(keys, second.port), key=renewed.key).held(1, 5).held == ()
    with running(keys, database) as third:
        assert Renewed(keys, Line(keys, third.port), key=renewed.key).held(1, 5).held == ()


def test_a_notice_that_was_long_under_way_changes_nothing(
    keys: Path, terminal: Terminal, renewed: Renewed, line: Line
) -> None:
    third = Ed25519PrivateKey.generate()
    first, second = change(terminal, renewed.key), change(renewed, third, 3)
    assert in_force(keys, tell(line, first, second))[0] == "ledger-KRK3.3"
    assert in_force(keys, tell(line, first))[0] == "ledger-KRK3.3"
    assert in_force(keys, tell(line))[0] == "ledger-KRK3.3"


def test_only_what_proves_itself_is_taken(terminal: Terminal, renewed: Renewed, line: Line, database: Path) -> None:
    good = change(terminal, renewed.key)
    other_body = encode_canonical(make_change("KRK3", Ed25519PrivateKey.generate(), 2, ("huda", "hani")))
    for notice, name in (
        ((change(renewed, renewed.key),), "KRK3"),  # by the new key itself
        ((msgspec.structs.replace(good, body=other_body),), "KRK3"),
        ((msgspec.structs.replace(good, body=b""),), "KRK3"),
        ((change(terminal, renewed.key, terminal="KRK4"),), "KRK3"),
        ((change(terminal, renewed.key, kind="committed"),), "KRK3"),
        ((change(terminal, renewed.key, 3),), "KRK3"),  # one was left out
        ((good, change(terminal, Ed25519PrivateKey.generate(), 3)), "KRK3"),  # the old key's time is over
        ((good, change(renewed, Ed25519PrivateKey.generate(), 3, sequence=CHANGED_AT)), "KRK3"),  # at the same place
        ((good,), "KRK4"),
        ((good,), "XXX9"),
        ((good,) * 101, "KRK3"),
    ):
        reply = tell(line, *notice, terminal=name)
        assert (reply.status, reply.error) == (403, "KEYS")
    assert changes(database) == 0
    assert tell(line, good).status == 200
    assert tell(line, change(terminal, Ed25519PrivateKey.generate())).error == "KEYS", "the first change stands"
    assert changes(database) == 1


def test_what_is_no_notice_is_refused(line: Line) -> None:
    for body, error in ((b"{", "UNREADABLE"), (b'{"terminal":"KRK3","changes":[],"schema":2}', "SCHEMA_UNKNOWN")):
        reply = line.send("POST", "/v1/keys", body, {"Content-Type": "application/json"})
        assert (reply.status, reply.error) == (400, error)


def test_a_change_before_what_is_held_already_is_refused(terminal: Terminal, renewed: Renewed, line: Line) -> None:
    """Whoever has stolen an old key cannot make what it once signed unproven."""
    terminal.submit(later(terminal.paying(SPEED), terminal, CHANGED_AT + 1))
    assert tell(line, change(terminal, renewed.key)).error == "KEYS"


def test_what_was_taken_is_never_changed(terminal: Terminal, renewed: Renewed, line: Line, database: Path) -> None:
    tell(line, change(terminal, renewed.key))
    connection = sqlcipher3.dbapi2.connect(str(database))
    for act in ("DELETE FROM key_changes", "UPDATE key_changes SET body = x''"):
        with pytest.raises(sqlcipher3.dbapi2.IntegrityError, match="only added to"):
            connection.execute(act)
    connection.close()


def changes(database: Path) -> int:
    connection = sqlcipher3.dbapi2.connect(str(database))
    try:
        return int(connection.execute("SELECT count(*) FROM key_changes").fetchone()[0])
    finally:
        connection.close()

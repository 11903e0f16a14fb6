"""What is sealed opens at the centre alone, by another implementation of RFC 9180 too, and only in its own place."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from pyhpke import AEADId, CipherSuite, KDFId, KEMId
from sqlite_utils import Database

from offline_queue.database import LedgerDatabase, open_reader
from offline_queue.entries import body_of, digest
from offline_queue.intake.recover import load_recovery_key
from offline_queue.key_envelope import (
    EnvelopeMistake,
    SealedKey,
    envelope_file,
    name_of,
    open_envelope,
    read_envelope,
    write_envelope,
)
from offline_queue.keys import TerminalKeys, Trust, load_terminal
from offline_queue.ledger import SqlLedger
from offline_queue.sealed_bodies import sealed_body_of
from offline_queue.sealing import BODY, DATABASE_KEY, CannotOpen, RecoveryKey, Sealer, open_sealed, recovery_key
from tests.offline_queue import released
from tests.offline_queue.conftest import OpenLedger
from tests.offline_queue.parts import TERMINAL, VERIFY_URL, SetClock, agreement, sell
from tests.offline_queue.test_privacy import assert_clean

CONTENT = b"what only the centre reads"


@pytest.fixture
def private(key_folder: Path) -> X25519PrivateKey:
    return load_recovery_key(key_folder / "centre" / "recovery.key")


@pytest.fixture
def recovery(trust: Trust) -> RecoveryKey:
    assert trust.recovery is not None
    return trust.recovery


# ---------------------------------------------------------------- the construction


def test_rfc_9180_as_a_second_key_schedule_has_it(private: X25519PrivateKey, recovery: RecoveryKey) -> None:
    """DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, base mode; the key that was encapsulated stands first."""
    sealed = Sealer(TERMINAL, recovery).seal(CONTENT, BODY, "ab12")
    suite = CipherSuite.new(KEMId.DHKEM_X25519_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES256_GCM)
    key = suite.kem.deserialize_private_key(private.private_bytes_raw())
    context = suite.create_recipient_context(sealed[:32], key, b"kiosk/sealed-body\x00KRK3\x00ab12")
    assert context.open(sealed[32:]) == CONTENT


def test_each_sealing_is_another(recovery: RecoveryKey) -> None:
    sealer = Sealer(TERMINAL, recovery)
    assert sealer.seal(CONTENT, BODY, "ab12") != sealer.seal(CONTENT, BODY, "ab12")


def test_another_key_terminal_hash_or_use_opens_nothing(private: X25519PrivateKey, recovery: RecoveryKey) -> None:
    sealed = Sealer(TERMINAL, recovery).seal(CONTENT, BODY, "ab12")
    assert open_sealed(sealed, private, BODY, TERMINAL, "ab12") == CONTENT
    for changed, key, use, terminal, name in (
        (sealed, X25519PrivateKey.generate(), BODY, TERMINAL, "ab12"),
        (sealed, private, DATABASE_KEY, TERMINAL, "ab12"),
        (sealed, private, BODY, "KRK4", "ab12"),
        (sealed, private, BODY, TERMINAL, "ab13"),
        (sealed[:-1], private, BODY, TERMINAL, "ab12"),
        (sealed[:10], private, BODY, TERMINAL, "ab12"),
        (b"", private, BODY, TERMINAL, "ab12"),
        (bytes(len(sealed)), private, BODY, TERMINAL, "ab12"),
    ):
        with pytest.raises(CannotOpen):
            open_sealed(changed, key, use, terminal, name)


# ---------------------------------------------------------------- the envelope


def test_the_envelope_lies_there_before_the_first_entry(
    ledger: SqlLedger, ledger_file: Path, terminal_keys: TerminalKeys, private: X25519PrivateKey
) -> None:
    assert ledger.recent(1) == ()
    assert open_envelope(read_envelope(ledger_file), private) == (terminal_keys.database,)
    assert terminal_keys.database not in envelope_file(ledger_file).read_bytes()
    assert envelope_file(ledger_file).stat().st_mode & 0o777 == 0o600


def test_it_is_written_again_when_it_is_gone_damaged_or_for_another_centre(
    open_ledger: OpenLedger, ledger_file: Path, terminal_keys: TerminalKeys, private: X25519PrivateKey
) -> None:
    file = envelope_file(ledger_file)
    open_ledger()
    first = file.read_bytes()
    open_ledger()
    assert file.read_bytes() == first, "nothing to renew, and yet written"
    for spoil in (file.unlink, lambda: file.write_bytes(b"{"), lambda: file.write_bytes(_of_another(terminal_keys))):
        spoil()
        open_ledger()
        assert open_envelope(read_envelope(ledger_file), private) == (terminal_keys.database,)


def _of_another(keys: TerminalKeys) -> bytes:
    other = recovery_key(X25519PrivateKey.generate().public_key())
    one = SealedKey(name=name_of(keys.database), to=other.id, sealed=bytes(80))
    return msgspec.json.encode({"terminal": TERMINAL, "keys": [one]})


def test_a_key_that_does_not_open_the_ledger_leaves_the_envelope(
    open_ledger: OpenLedger, ledger_file: Path, terminal_keys: TerminalKeys, trust: Trust
) -> None:
    """Whoever starts with a wrong key must not seal that one over the right one."""
    open_ledger().close()
    before = envelope_file(ledger_file).read_bytes()
    wrong = terminal_keys.__class__(
        ledger=terminal_keys.ledger,
        receipt=terminal_keys.receipt,
        database=bytes(32),
        holder=terminal_keys.holder,
        warnings=(),
    )
    with pytest.raises(Exception, match="the key does not open this ledger"):
        SqlLedger(
            ledger_file,
            terminal=TERMINAL,
            keys=wrong,
            clock=SetClock(),
            verify_url=VERIFY_URL,
            recovery=trust.recovery,
        )
    assert envelope_file(ledger_file).read_bytes() == before


def test_another_centre_opens_no_envelope(ledger: SqlLedger, ledger_file: Path) -> None:
    with pytest.raises(CannotOpen, match="no database key of KRK3"):
        open_envelope(read_envelope(ledger_file), X25519PrivateKey.generate())


def test_an_envelope_that_cannot_be_read_or_written_is_named(tmp_path: Path, recovery: RecoveryKey) -> None:
    with pytest.raises(EnvelopeMistake, match=r"ledger\.db\.key-for-centre: cannot be read"):
        read_envelope(tmp_path / "ledger.db")
    envelope_file(tmp_path / "ledger.db").write_bytes(b"nonsense")
    with pytest.raises(EnvelopeMistake, match="no envelope"):
        read_envelope(tmp_path / "ledger.db")
    with pytest.raises(EnvelopeMistake, match="cannot be written"):
        write_envelope(tmp_path / "none" / "ledger.db", Sealer(TERMINAL, recovery), (bytes(32),))


# ---------------------------------------------------------------- the bodies


def test_every_prepared_body_is_sealed_and_never_changed(
    ledger: SqlLedger, ledger_file: Path, terminal_keys: TerminalKeys, recovery: RecoveryKey, private: X25519PrivateKey
) -> None:
    agreed = agreement()
    ledger.prepare(agreed)
    ledger.prepare(agreed)
    sell(ledger)
    reader = open_reader(ledger_file, terminal_keys.database)
    rows = reader.execute("SELECT body_hash, key_id, sealed FROM sealed_bodies").fetchall()
    assert len(rows) == 2
    for body_hash, key_id, sealed in rows:
        assert key_id == recovery.id
        assert open_sealed(sealed, private, BODY, TERMINAL, body_hash) == body_of(reader, body_hash)
    reader.close()
    with pytest.raises(Exception, match="NOT_SAVED"):
        ledger._database.write(lambda connection: connection.execute("UPDATE sealed_bodies SET sealed = x'00'"))


def test_it_is_sealed_before_the_transaction_begins(ledger: SqlLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    seal, write = Sealer.seal, LedgerDatabase.write

    def noted_seal(sealer: Sealer, content: bytes, use: bytes, name: str) -> bytes:
        order.append("seal")
        return seal(sealer, content, use, name)

    def noted_write(database: LedgerDatabase, work: Callable[[Database], object]) -> object:
        order.append("write")
        return write(database, work)

    monkeypatch.setattr(Sealer, "seal", noted_seal)
    monkeypatch.setattr(LedgerDatabase, "write", noted_write)
    ledger.prepare(agreement())
    assert order == ["seal", "write"]
    order.clear()
    sell(ledger)
    assert order.count("seal") == 1
    assert order[-1] == "write", "the commit seals nothing"


def test_what_waits_is_sealed_to_a_new_key_at_the_next_start(
    open_ledger: OpenLedger, ledger_file: Path, terminal_keys: TerminalKeys, trust: Trust
) -> None:
    for _ in range(3):
        sell(open_ledger())
    open_ledger().close()
    other = X25519PrivateKey.generate()
    new = recovery_key(other.public_key())
    SqlLedger(
        ledger_file, terminal=TERMINAL, keys=terminal_keys, clock=SetClock(), verify_url=VERIFY_URL, recovery=new
    ).close()
    reader = open_reader(ledger_file, terminal_keys.database)
    for (body_hash,) in reader.execute("SELECT DISTINCT body_hash FROM sealed_bodies").fetchall():
        sealed = sealed_body_of(reader, body_hash, new.id)
        assert sealed is not None
        assert digest(open_sealed(sealed, other, BODY, TERMINAL, body_hash)) == body_hash
    assert reader.execute("SELECT count(*) FROM sealed_bodies").fetchone()[0] == 6
    reader.close()


@pytest.mark.parametrize("release", released.RELEASES, ids=[f"schema {file.stem}" for file in released.RELEASES])
def test_what_a_release_before_left_waiting_is_sealed_when_it_is_opened(
    release: Path, tmp_path: Path, recovery: RecoveryKey, private: X25519PrivateKey
) -> None:
    released.make_keys(tmp_path / "keys")
    keys, file = load_terminal(tmp_path / "keys" / "terminal"), tmp_path / "state" / "ledger.db"
    released.load(release, file, keys.database)
    SqlLedger(file, terminal=TERMINAL, keys=keys, clock=SetClock(), verify_url=VERIFY_URL, recovery=recovery).close()
    assert open_envelope(read_envelope(file), private) == (keys.database,)
    reader = open_reader(file, keys.database)
    waiting = reader.execute("SELECT body_hash FROM transactions WHERE state = 'committed'").fetchall()
    assert waiting
    for (body_hash,) in waiting:
        sealed = sealed_body_of(reader, body_hash, recovery.id)
        assert sealed is not None
        assert open_sealed(sealed, private, BODY, TERMINAL, body_hash) == body_of(reader, body_hash)
    reader.close()


def test_nothing_secret_or_personal_is_told(
    ledger: SqlLedger, ledger_file: Path, terminal_keys: TerminalKeys, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    sell(ledger)
    envelope = read_envelope(ledger_file)
    with pytest.raises(CannotOpen) as refused:
        open_envelope(envelope, X25519PrivateKey.generate())
    for text in (caplog.text, str(refused.value), repr(envelope), repr(terminal_keys)):
        assert_clean(text)
        for secret in (terminal_keys.database, terminal_keys.holder):
            assert secret.hex() not in text
            assert repr(secret)[2:-1] not in text

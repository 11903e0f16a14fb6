"""Test keys: each is made once and never replaced; certificates are made anew before they expire."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from offline_queue.intake import issue_certificates
from offline_queue.intake.issue_keys import AGENCIES, ISSUING_AGENCIES, KeysMistake, issue
from offline_queue.intake.offices import load_offices
from offline_queue.keys import load_terminal, load_trust


def _files(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes_raw()


def test_everything_that_the_terminal_and_the_centre_read_is_there(tmp_path: Path) -> None:
    issue(tmp_path, "KRK3")
    assert set(_files(tmp_path)) == {
        *(
            f"{own}/{name}.key"
            for own in ("terminal", "counter", "elsewhere")
            for name in ("ledger", "receipt", "database", "holder")
        ),
        *(f"trust/{use}-{terminal}.pem" for use in ("ledger", "receipt") for terminal in ("KRK3", "KRK1", "AMM1")),
        *(f"trust/{name}.pem" for name in ("centre", "recovery", *(f"agency-{one}" for one in AGENCIES))),
        *(f"trust/document-{one}.pem" for one in ISSUING_AGENCIES),
        "trust/offices.toml",
        *(f"tls/{name}" for name in ("authority.pem", "server.pem", "server.key")),
        "centre/centre.key",
        "centre/recovery.key",
        *(f"agency/{one}.key" for one in AGENCIES),
        *(f"agency/{one}-document.key" for one in ISSUING_AGENCIES),
    }
    keys, trust = load_terminal(tmp_path / "terminal"), load_trust(tmp_path / "trust")
    assert keys.warnings == ()
    assert trust.ledgers["KRK3"] == keys.ledger.public_key()
    assert trust.ledgers["KRK1"] == load_terminal(tmp_path / "counter").ledger.public_key()
    assert trust.ledgers["AMM1"] == load_terminal(tmp_path / "elsewhere").ledger.public_key()
    assert len(set(map(_raw, trust.ledgers.values()))) == 3
    offices = load_offices(tmp_path / "trust")
    assert (offices.colleagues("KRK1"), offices.colleagues("AMM1")) == (("KRK3", "KRK1"), ("AMM1",))
    assert set(trust.agencies) == set(AGENCIES)
    receipt = load_pem_public_key((tmp_path / "trust" / "receipt-KRK3.pem").read_bytes())
    assert isinstance(receipt, ec.EllipticCurvePublicKey)
    assert receipt == keys.receipt.public_key()
    assert isinstance(trust.centre, Ed25519PublicKey)


def test_secrets_are_closed_to_others(tmp_path: Path) -> None:
    issue(tmp_path)
    for file in tmp_path.rglob("*.key"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    issue(tmp_path)
    before = _files(tmp_path)
    issue(tmp_path)
    assert _files(tmp_path) == before


def test_a_public_key_that_is_missing_or_wrong_follows_its_private_key(tmp_path: Path) -> None:
    issue(tmp_path)
    before = _files(tmp_path)
    (tmp_path / "trust" / "centre.pem").unlink()
    (tmp_path / "trust" / "ledger-KRK3.pem").write_bytes(before["trust/centre.pem"])
    issue(tmp_path)
    assert _files(tmp_path) == before


def test_a_folder_of_a_release_with_one_terminal_is_completed_and_keeps_what_it_has(tmp_path: Path) -> None:
    issue(tmp_path)
    for own, terminal in (("counter", "KRK1"), ("elsewhere", "AMM1")):
        shutil.rmtree(tmp_path / own)
        for use in ("ledger", "receipt"):
            (tmp_path / "trust" / f"{use}-{terminal}.pem").unlink()
    (tmp_path / "trust" / "offices.toml").unlink()
    before = _files(tmp_path)
    issue(tmp_path)
    after = _files(tmp_path)
    assert {name: after[name] for name in before} == before
    assert load_trust(tmp_path / "trust").ledgers["KRK1"] == load_terminal(tmp_path / "counter").ledger.public_key()
    assert load_offices(tmp_path / "trust").colleagues("KRK3") == ("KRK3", "KRK1")


def test_a_folder_of_a_release_with_one_agency_gets_the_other_ones_key(tmp_path: Path) -> None:
    issue(tmp_path)
    (tmp_path / "agency" / "justice.key").unlink()
    (tmp_path / "trust" / "agency-justice.pem").unlink()
    before = _files(tmp_path)
    issue(tmp_path)
    after = _files(tmp_path)
    assert {name: after[name] for name in before} == before
    assert after.keys() - before.keys() == {"agency/justice.key", "trust/agency-justice.pem"}


def test_two_at_once_agree_on_one_set_of_keys(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: issue(tmp_path), range(4)))
    before = _files(tmp_path)
    assert load_trust(tmp_path / "trust").ledgers["KRK3"] == load_terminal(tmp_path / "terminal").ledger.public_key()
    issue(tmp_path)
    assert _files(tmp_path) == before


def test_certificates_about_to_expire_are_made_anew_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as short:
        short.setattr(issue_certificates, "LIFETIME", issue_certificates.RENEW_BEFORE - timedelta(days=1))
        issue(tmp_path)
    before = _files(tmp_path)
    issue(tmp_path)
    after = _files(tmp_path)
    assert {name for name in after if after[name] != before[name]} == {
        "tls/authority.pem",
        "tls/server.pem",
        "tls/server.key",
    }
    server, authority = x509.load_pem_x509_certificates(after["tls/server.pem"])
    server.verify_directly_issued_by(authority)


@pytest.mark.parametrize("file", ["authority.pem", "server.pem", "server.key"])
def test_certificates_of_which_a_part_is_lost_or_foreign_are_made_anew(tmp_path: Path, file: str) -> None:
    issue(tmp_path / "one")
    issue(tmp_path / "two")
    spoiled = tmp_path / "one" / "tls" / file
    for content in (b"", (tmp_path / "two" / "tls" / file).read_bytes()):
        spoiled.write_bytes(content)
        issue(tmp_path / "one")
        tls = tmp_path / "one" / "tls"
        server = x509.load_pem_x509_certificates((tls / "server.pem").read_bytes())[0]
        server.verify_directly_issued_by(x509.load_pem_x509_certificate((tls / "authority.pem").read_bytes()))
        assert spoiled.read_bytes() != content


def test_one_folder_serves_one_terminal(tmp_path: Path) -> None:
    issue(tmp_path, "KRK3")
    with pytest.raises(KeysMistake, match="another terminal"):
        issue(tmp_path, "KRK4")
    assert not (tmp_path / "trust" / "ledger-KRK4.pem").exists()


def test_terminals_that_share_a_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(KeysMistake, match="three names"):
        issue(tmp_path / "keys", "KRK1")
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize("terminal", ["", "K", "krk3", "KRK-3", "../KRK3", "A" * 13])
def test_a_terminals_id_is_short_and_plain(tmp_path: Path, terminal: str) -> None:
    with pytest.raises(KeysMistake, match="is no terminal"):
        issue(tmp_path / "keys", terminal)
    assert not (tmp_path / "keys").exists()


def test_a_key_that_is_none_is_named_and_not_replaced(tmp_path: Path) -> None:
    issue(tmp_path)
    broken = tmp_path / "centre" / "centre.key"
    broken.write_bytes(b"nothing")
    with pytest.raises(KeysMistake, match=r"centre\.key"):
        issue(tmp_path)
    assert broken.read_bytes() == b"nothing"


def test_the_command_says_what_is_wrong_by_its_status(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "offline_queue.intake.issue_keys", "--out", str(tmp_path), "--terminal"]
    assert subprocess.run([*command, "KRK9"], check=False).returncode == 0
    refused = subprocess.run([*command, "KRK8"], check=False, capture_output=True, text=True)
    assert refused.returncode == 2
    assert "KRK9" in refused.stderr

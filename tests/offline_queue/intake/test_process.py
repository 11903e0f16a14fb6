"""The intake as a process of its own: it says when it listens, ends cleanly, loses nothing, tells no secrets."""

from __future__ import annotations

import re
import signal
import subprocess
from pathlib import Path

import msgspec
import pytest

from offline_queue.intake.inspect import stored
from tests.offline_queue.intake.parts import (
    BELT,
    COMMAND,
    PARKING,
    PERSON,
    PLATE,
    SPEED,
    Line,
    Terminal,
    running_process,
)

UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_when_told_to(keys: Path, database: Path, tmp_path: Path, number: signal.Signals) -> None:
    with running_process(keys, database, tmp_path / "log") as (process, port):
        assert Line(keys, port).send("GET", "/v1/health", b"", {}).status == 200
        process.send_signal(number)
        assert process.wait() == 0
    assert (tmp_path / "log").read_text() == ""


def test_what_was_answered_survives_a_kill(keys: Path, database: Path, tmp_path: Path) -> None:
    with running_process(keys, database, tmp_path / "log") as (process, port):
        terminal = Terminal(keys, Line(keys, port))
        item = terminal.paying(SPEED)
        (first,) = terminal.submit(item)
        process.kill()
        process.wait()
    assert [(one.transaction, one.reference) for one in stored(database)] == [(item.transaction, first.reference)]
    with running_process(keys, database, tmp_path / "log") as (_, port):
        terminal.line = Line(keys, port)
        (again,) = terminal.submit(item)
    assert (again.result, again.reference) == ("duplicate", first.reference)


def test_no_log_holds_what_is_personal(keys: Path, database: Path, tmp_path: Path) -> None:
    """Everything goes through that can: good, refused, unreadable, oversized, unsigned, and an address with a query."""
    planted = ["9892004821", "سلمى", "Salma", PLATE, "34567", "BEGIN"]
    log = tmp_path / "log"
    with running_process(keys, database, log, "--quote-seconds", "60") as (_, port):
        terminal = Terminal(keys, Line(keys, port))
        good = terminal.paying(SPEED)
        terminal.submit(
            good, good, terminal.item(terminal.agreement(terminal.quote(plate=PLATE)[1], BELT, total_fils=1))
        )
        terminal.submit(msgspec.structs.replace(good, body=b'{"person_name":"Salma"}'))
        terminal.enquire(plate="99-34567", national_number=PERSON)
        for body in (b'{"plate":"12-34567","person":"Salma', b'{"items":["9892004821"]}', b"Salma" * 300_000):
            for path in ("/v1/batches", "/v1/held", "/v1/enquiries", "/v1/help/call", "/v1/help/answer"):
                assert terminal.post(path, body).status in (400, 413)
        for method in ("GET", "POST", "PUT"):
            terminal.line.send(method, f"/v1/enquiries?national_number={PERSON}", b"Salma", {"X-Name": "Salma"})
            terminal.line.send(method, f"/{PERSON}", b"Salma", {"Signature-Input": "Salma", "Signature": PERSON})
    told = log.read_text()
    assert str(good.transaction) in told
    assert "Traceback" not in told
    told = UUIDS.sub("", told)  # an id may hold any digits
    assert [word for word in planted if word in told] == []


def test_options_reach_the_sandbox_agency(keys: Path, database: Path, tmp_path: Path) -> None:
    with running_process(keys, database, tmp_path / "log", "--quote-seconds", "7") as (_, port):
        quote, _ = Terminal(keys, Line(keys, port)).quote(plate=PLATE)
        assert (quote.expires_at - quote.issued_at).total_seconds() == 7
    with running_process(keys, database, tmp_path / "log", "--traffic-silent") as (_, port):
        body = msgspec.json.encode({"schema": 1, "terminal": "KRK3", "service": "traffic.fines", "fields": {}})
        assert Terminal(keys, Line(keys, port)).post("/v1/enquiries", body).error == "AGENCY_SILENT"


def test_a_fresh_database_owes_everything_again(keys: Path, tmp_path: Path) -> None:
    for name in ("one.db", "two.db"):
        with running_process(keys, tmp_path / name, tmp_path / "log") as (_, port):
            terminal = Terminal(keys, Line(keys, port))
            assert terminal.submit(terminal.paying(SPEED, PARKING, BELT))[0].result == "accepted"


@pytest.mark.parametrize("missing", ["centre/centre.key", "agency/traffic.key", "tls/server.pem", "trust/centre.pem"])
def test_without_its_keys_it_says_which_and_does_not_start(tmp_path: Path, keys: Path, missing: str) -> None:
    copied = tmp_path / "keys"
    for file in keys.rglob("*"):
        if file.is_file() and file.relative_to(keys).as_posix() != missing:
            target = copied / file.relative_to(keys)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
    ended = subprocess.run(
        [*COMMAND, "--keys", str(copied), "--database", str(tmp_path / "x.db")],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert Path(missing).name in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path: Path, keys: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("not a database, and longer than a header" * 100)
    ended = subprocess.run(
        [*COMMAND, "--keys", str(keys), "--database", str(file)], check=False, capture_output=True, text=True
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "notes.txt" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert file.read_text().startswith("not a database")


def test_an_intake_that_never_started_holds_nothing(tmp_path: Path) -> None:
    assert stored(tmp_path / "none.db") == []
    assert not (tmp_path / "none.db").exists()

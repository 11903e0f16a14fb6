"""`queue attention` and `queue list` where transactions were refused and corrected, as a technician reads them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from offline_queue.intake.issue_keys import issue
from offline_queue.keys import load_terminal, load_trust
from offline_queue.ledger import SqlLedger
from tests.e2e.conftest import ROOT, run_main
from tests.offline_queue.correcting import CorrectingOffice, light_pins
from tests.offline_queue.parts import (
    PLANTED_NAME,
    PLANTED_NUMBER,
    TERMINAL,
    VERIFY_URL,
    ScriptedCentre,
    SetClock,
    read_key,
)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two refused: one is taken back, of the other a refund is agreed."""
    light_pins(monkeypatch)
    keys = tmp_path / "keys"
    issue(keys, TERMINAL)
    file = tmp_path / "state" / "ledger.db"
    own = load_terminal(keys / "terminal")
    ledger = SqlLedger(file, terminal=TERMINAL, keys=own, clock=SetClock(), verify_url=VERIFY_URL)
    centre = ScriptedCentre(read_key(keys / "centre" / "centre.key"))
    office = CorrectingOffice(ledger, centre, file, own, load_trust(keys / "trust"))
    office.engage()
    first, second = office.sell(), office.sell(20_000)
    office.deliver("rejected")
    office.refund(first)
    office.agree(second.ids.transaction)
    ledger.close()
    example = (ROOT / "assets" / "deployment" / "terminal.toml").read_text(encoding="utf-8")
    for stated, ours in (
        ("/var/lib/kiosk", file.parent),
        ("/etc/kiosk/keys", keys / "terminal"),
        ("/etc/kiosk/trust", keys / "trust"),
    ):
        assert f'"{stated}"' in example
        example = example.replace(f'"{stated}"', f'"{ours}"', 1)
    made = tmp_path / "terminal.toml"
    made.write_text(example, encoding="utf-8")
    return made


def asked(settings: Path, *what: str) -> Any:
    done = run_main("queue", *what, "--json", "--settings", str(settings))
    assert done.returncode == 0, done.stderr
    for personal in (PLANTED_NAME, PLANTED_NUMBER):
        assert personal not in done.stdout
    return json.loads(done.stdout)


def test_the_technician_reads_what_waits_for_somebody_and_what_was_corrected(settings: Path) -> None:
    (open_one,) = asked(settings, "attention")
    assert (open_one["receipt_number"], open_one["amount_fils"]) == ("KRK3-000002", 20_000)
    assert open_one["words_en"] == "The fine was paid before"
    assert open_one["refund"]["approved_by"]["id"] == "huda"
    listed = [(item["kind"], item["receipt_number"], item["state"]) for item in asked(settings, "list")]
    assert listed == [
        ("committed", "KRK3-000001", "reversed"),
        ("committed", "KRK3-000002", "needs_attention"),
        ("reversal", "KRK3-000001-C1", "committed"),
    ]
    status = asked(settings, "status")
    assert status["reversed"] == 1


def test_the_table_is_readable_too(settings: Path) -> None:
    done = run_main("queue", "attention", "--settings", str(settings))
    assert "KRK3-000002" in done.stdout
    assert "Traceback" not in done.stderr

"""A set of keys for the session, and a fresh ledger for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from offline_queue.intake.issue_keys import issue
from offline_queue.keys import TerminalKeys, Trust, load_terminal, load_trust
from offline_queue.ledger import SqlLedger
from tests.offline_queue.parts import TERMINAL, VERIFY_URL, ScriptedCentre, SetClock, read_key

OpenLedger = Callable[[], SqlLedger]


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    issue(folder, TERMINAL)
    return folder


@pytest.fixture(scope="session")
def terminal_keys(key_folder: Path) -> TerminalKeys:
    return load_terminal(key_folder / "terminal")


@pytest.fixture(scope="session")
def trust(key_folder: Path) -> Trust:
    return load_trust(key_folder / "trust")


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def ledger_file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "ledger.db"


@pytest.fixture
def open_ledger(ledger_file: Path, terminal_keys: TerminalKeys, trust: Trust, clock: SetClock) -> Iterator[OpenLedger]:
    """Opens the test's ledger again, as after a restart: what was open before is closed first."""
    opened: list[SqlLedger] = []

    def open_it() -> SqlLedger:
        while opened:
            opened.pop().close()
        opened.append(
            SqlLedger(
                ledger_file,
                terminal=TERMINAL,
                keys=terminal_keys,
                clock=clock,
                verify_url=VERIFY_URL,
                recovery=trust.recovery,
            )
        )
        return opened[-1]

    yield open_it
    while opened:
        opened.pop().close()


@pytest.fixture
def ledger(open_ledger: OpenLedger) -> SqlLedger:
    return open_ledger()


@pytest.fixture
def centre(key_folder: Path) -> ScriptedCentre:
    return ScriptedCentre(read_key(key_folder / "centre" / "centre.key"))

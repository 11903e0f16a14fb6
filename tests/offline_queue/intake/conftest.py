"""One folder of test keys for all; a fresh intake for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from offline_queue.intake.issue_keys import issue
from tests.offline_queue.intake.parts import Line, Terminal, private_key, running


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The keys of KRK3 and its centre; the centre also knows a second terminal, KRK4."""
    folder = tmp_path_factory.mktemp("keys")
    issue(folder / "own", "KRK3")
    issue(folder / "other", "KRK4")
    other = folder / "other" / "trust" / "ledger-KRK4.pem"
    (folder / "own" / "trust" / other.name).write_bytes(other.read_bytes())
    return folder / "own"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "intake.db"


@pytest.fixture
def line(keys: Path, database: Path) -> Iterator[Line]:
    with running(keys, database) as server:
        yield Line(keys, server.port)


@pytest.fixture
def terminal(keys: Path, line: Line) -> Terminal:
    return Terminal(keys, line)


@pytest.fixture
def other_terminal(keys: Path, line: Line) -> Terminal:
    return Terminal(keys, line, "KRK4", private_key(keys.parent / "other" / "terminal" / "ledger.key"))

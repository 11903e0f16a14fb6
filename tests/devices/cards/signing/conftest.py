"""A virtual card in a real pcscd, the signing side of the terminal, and the peers that check it."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from devices.virtual.pcsc import READERS, VirtualReaderService
from tests.devices.cards.processes import Hand, Lines

PIN = "482915"
WRONG = "111111"


class Signer(Lines):
    """The signing side under test (`signer`)."""

    def __init__(self, environment: dict[str, str], *options: str) -> None:
        module = "tests.devices.cards.signing.signer"
        super().__init__(module, READERS[0], *options, environment=environment)

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, *lines: str) -> Any:
        for line in lines:
            self.tell(line)
        return self.answer()

    def answer(self) -> Any:
        return json.loads(self.next_line())


@dataclasses.dataclass(frozen=True)
class Desk:
    """Both sides of one reader."""

    hand: Hand
    signer: Signer
    environment: dict[str, str]

    def insert(self, card: Path) -> None:
        self.hand.do(f"insert {card}")
        assert self.signer.ask("present") == "ok"

    def remove(self) -> None:
        self.hand.do("remove")
        assert self.signer.ask("empty") == "ok"

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Another program at the same reader."""
        environment = {**os.environ, **self.environment}
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=20, check=False)


@pytest.fixture(scope="session")
def _desk(service: VirtualReaderService) -> Iterator[Desk]:
    desk = Desk(Hand(service.ports[0]), Signer(service.environment), service.environment)
    yield desk
    desk.signer.close()
    desk.hand.close()


@pytest.fixture
def desk(_desk: Desk) -> Iterator[Desk]:
    assert _desk.signer.ask("begin") == "ok"
    yield _desk
    _desk.hand.do("latency 0")
    _desk.remove()


@pytest.fixture
def salma(issued: Path, tmp_path: Path) -> Path:
    """A card of its own for each test: its counter outlives every insertion."""
    return Path(shutil.copytree(issued / "cards" / "salma", tmp_path / "salma"))


@pytest.fixture
def with_pin(salma: Path) -> Callable[..., Path]:
    """Salma's card with another state of its PIN."""

    def make(*, pin: str = PIN, left: int) -> Path:
        stated = f'pin = "{pin}"\ntries = 3\ntries_left = {left}\n'
        (salma / "pkcs15" / "signing.toml").write_text(stated, encoding="ascii")
        return salma

    return make

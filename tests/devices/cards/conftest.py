"""Issuers and cards that the tests of the card path share; keys are made once."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.cards import mrz
from devices.cards.trust.store import Policy, Trust, read_trust
from devices.virtual.pcsc import VirtualReaderService
from tests.devices.cards import issuing
from tests.devices.cards.issuing import Authority
from tests.devices.cards.processes import ROOT


@dataclasses.dataclass(frozen=True)
class Country:
    """One country's authority and document signer, and what the terminal believes: that authority."""

    authority: Authority
    signer: Authority
    anchors: Trust


@pytest.fixture(scope="session")
def jordan(tmp_path_factory: pytest.TempPathFactory) -> Country:
    authority = issuing.make_authority()
    folder = tmp_path_factory.mktemp("anchors")
    write_anchor(folder, authority)
    return Country(authority, issuing.make_signer(authority), read_trust(folder, Policy()))


@pytest.fixture(scope="session")
def zone() -> mrz.Mrz:
    return mrz.parse(issuing.make_zone())


def write_anchor(folder: Path, authority: Authority, name: str = "csca.der") -> None:
    (folder / name).write_bytes(authority.der)


@pytest.fixture(scope="session")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample cards and their anchor."""
    folder = tmp_path_factory.mktemp("issued")
    subprocess.run([sys.executable, "-m", "devices.virtual.issuer", "--out", str(folder)], cwd=ROOT, check=True)
    return folder


@pytest.fixture(scope="session")
def service() -> Iterator[VirtualReaderService]:
    service = VirtualReaderService()
    service.start()
    yield service
    service.close()

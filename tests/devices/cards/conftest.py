"""Issuers and cards that the tests of the card path share; keys are made once."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from devices.cards import mrz
from devices.cards.anchors import Anchor, read_anchors
from tests.devices.cards import issuing
from tests.devices.cards.issuing import Authority


@dataclasses.dataclass(frozen=True)
class Country:
    """One country's authority and document signer, the zone of one card, and the terminal's anchors."""

    authority: Authority
    signer: Authority
    anchors: tuple[Anchor, ...]


@pytest.fixture(scope="session")
def jordan(tmp_path_factory: pytest.TempPathFactory) -> Country:
    authority = issuing.make_authority()
    folder = tmp_path_factory.mktemp("anchors")
    write_anchor(folder, authority)
    return Country(authority, issuing.make_signer(authority), read_anchors(folder))


@pytest.fixture(scope="session")
def zone() -> mrz.Mrz:
    return mrz.parse(issuing.make_zone())


def write_anchor(folder: Path, authority: Authority, name: str = "csca.der") -> None:
    (folder / name).write_bytes(authority.der)

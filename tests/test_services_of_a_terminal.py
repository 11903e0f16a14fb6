"""Which services a terminal offers, by its settings; and that it reads their files once, and keeps what it read."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

import main
from kiosk.catalogue import cache as catalogue_cache
from kiosk.catalogue import files as catalogue_files
from kiosk.settings import Settings, load

EXAMPLE = main.HERE / "assets" / "deployment" / "terminal.toml"


@pytest.fixture
def in_service(tmp_path: Path) -> Settings:
    settings = load(EXAMPLE)
    return msgspec.structs.replace(settings, folders=msgspec.structs.replace(settings.folders, state=tmp_path))


def _with(settings: Settings, **changes: bool) -> Settings:
    return msgspec.structs.replace(settings, terminal=msgspec.structs.replace(settings.terminal, **changes))


@pytest.mark.parametrize("changes", [{"demonstration": True}, {"training": True}], ids=["demonstration", "training"])
def test_where_nothing_counts_everything_can_be_tried(in_service: Settings, changes: dict[str, bool]) -> None:
    assert main.load_services(_with(in_service, **changes)) == catalogue_files.load(main.SERVICES).services


def test_in_service_nothing_provisional_is_offered(in_service: Settings) -> None:
    everything = catalogue_files.load(main.SERVICES).services
    wanted = tuple(service for service in everything if not service.provisional)
    assert main.load_services(in_service) == wanted
    assert len(wanted) < len(everything)


def test_what_was_read_is_kept_beside_the_ledger(in_service: Settings) -> None:
    main.load_services(in_service)
    kept = catalogue_cache.read(in_service.folders.state / catalogue_cache.NAME)
    assert len(kept) == len(catalogue_files.load(main.SERVICES).services)

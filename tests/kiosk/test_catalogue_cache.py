"""What was kept of the services' files spares reading TOML, and is never believed against the files."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.catalogue import Catalogue, Service
from kiosk.catalogue import cache as catalogue_cache
from kiosk.catalogue.files import load
from tests.many_services import write_services

COUNT = 14


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_services(tmp_path / "services", COUNT)
    return tmp_path / "services"


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / catalogue_cache.NAME


@pytest.fixture
def no_toml(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What is read as TOML from here on."""
    read: list[bytes] = []
    decode = msgspec.toml.decode

    def watched(content: bytes, *, type: type[Service]) -> Service:  # noqa: A002 - the library's own name
        read.append(content)
        return decode(content, type=type)

    monkeypatch.setattr(msgspec.toml, "decode", watched)
    return read


def test_what_was_kept_is_what_the_files_say_and_no_file_is_decoded_again(
    folder: Path, cache: Path, no_toml: list[bytes]
) -> None:
    fresh = load(folder)
    assert len(fresh.services) == COUNT
    assert load(folder, cache) == fresh
    no_toml.clear()
    assert load(folder, cache) == fresh
    assert no_toml == []


def test_an_edit_that_changes_neither_size_nor_time_is_seen(folder: Path, cache: Path, no_toml: list[bytes]) -> None:
    load(folder, cache)
    file = min(folder.glob("*/*.toml"))
    before, text = file.stat(), file.read_text(encoding="utf-8")
    changed = text.replace("minutes = 2", "minutes = 9").replace("minutes = 3", "minutes = 8")
    assert changed != text
    file.write_text(changed, encoding="utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    no_toml.clear()
    assert load(folder, cache) == load(folder)
    assert no_toml[0] == changed.encode()


def test_a_service_that_was_moved_or_removed_is_not_in_it(folder: Path, cache: Path) -> None:
    load(folder, cache)
    first, second, *_ = sorted(folder.glob("*/*.toml"))
    first.unlink()
    second.rename(second.with_name("elsewhere.toml"))
    found = load(folder, cache)
    assert len(found.services) == COUNT - 2
    assert [mistake.key for mistake in found.mistakes] == ["id"]


def test_a_mistake_is_told_at_every_start(folder: Path, cache: Path) -> None:
    file = min(folder.glob("*/*.toml"))
    file.write_text(file.read_text(encoding="utf-8").replace("[[steps]]", '[[steps]]\nlookup = "no_such"', 1), "utf-8")
    first = load(folder, cache)
    assert {mistake.key.rpartition(".")[2] for mistake in first.mistakes} == {"lookup"}
    assert load(folder, cache) == first


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(damage=st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), cut=st.booleans())
def test_a_damaged_one_is_only_slower(folder: Path, cache: Path, damage: tuple[float, int], *, cut: bool) -> None:
    place, flipped = damage
    fresh = load(folder, cache)
    content = bytearray(cache.read_bytes())
    at = int(place * len(content))
    if cut:
        del content[at:]
    else:
        content[at] ^= flipped
    cache.write_bytes(content)
    assert catalogue_cache.read(cache) == {}
    assert load(folder, cache) == fresh
    assert len(catalogue_cache.read(cache)) == COUNT


def test_one_that_a_program_with_other_types_wrote_is_not_believed(
    folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Later(Service, frozen=True, kw_only=True, forbid_unknown_fields=True):
        minutes: int = 5

    monkeypatch.setattr(catalogue_cache, "Service", Later)
    load(folder, cache)
    assert catalogue_cache.read(cache)
    monkeypatch.undo()
    assert catalogue_cache.read(cache) == {}


def _is_only_slower(folder: Path, cache: Path) -> bool:
    return load(folder, cache) == load(folder) == load(folder, cache)


def test_where_it_cannot_be_written_the_services_are_there(folder: Path, cache: Path, tmp_path: Path) -> None:
    cache.mkdir()
    assert _is_only_slower(folder, cache)
    assert _is_only_slower(folder, tmp_path / "no such folder" / "kept")
    assert _is_only_slower(folder, tmp_path / "services" / "bundles.toml" / "kept")
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".")] == []


def test_a_full_disk_leaves_what_was_there_and_nothing_half_written(folder: Path, cache: Path) -> None:
    load(folder, cache)
    before = cache.read_bytes()
    min(folder.glob("*/*.toml")).unlink()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        found = load(folder, cache)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert len(found.services) == COUNT - 1
    assert cache.read_bytes() == before
    assert {file.name for file in cache.parent.iterdir()} == {cache.name, folder.name}


def test_the_seal_is_the_same_in_every_process() -> None:
    """Else nothing were ever kept: it depends on no hash seed."""
    code = "from kiosk.catalogue.cache import _seal; print(_seal(b'').hex())"
    seals = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seals) == 1


def test_a_value_nested_without_end_is_a_mistake_of_its_file(folder: Path) -> None:
    (folder / "post" / "deep.toml").write_text("id = " + "[" * 50_000, encoding="utf-8")
    found: Catalogue = load(folder)
    assert len(found.services) == COUNT
    assert [mistake.file for mistake in found.mistakes] == ["post/deep.toml"]

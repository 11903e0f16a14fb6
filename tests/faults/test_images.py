"""The disk of the power cuts keeps what was synced, may lose everything else, and adds nothing whole of its own."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.faults.images import SECTOR, Disk
from tests.faults.operations import (
    Blind,
    MakeFolder,
    Name,
    Operation,
    Recording,
    Resize,
    Returned,
    Sync,
    SyncFolder,
    Write,
)
from tests.faults.recording import record

CHANCES = 300
OLD, NEW = b"o" * 4 * SECTOR, b"n" * 4 * SECTOR


def images(folder: Path, start: dict[str, bytes], *operations: Operation) -> list[dict[str, bytes]]:
    """What many cuts after these operations leave: the content of each file, by path."""
    disk = Disk(Recording(start, operations))
    for operation in operations:
        disk.do(operation)
    found = []
    for number in range(CHANCES):
        disk.cut(random.Random(number), folder / str(number))
        place = folder / str(number)
        found.append(
            {file.relative_to(place).as_posix(): file.read_bytes() for file in place.rglob("*") if file.is_file()}
        )
    return found


def test_what_was_synced_stays(tmp_path: Path) -> None:
    assert all(
        image == {"a": NEW} for image in images(tmp_path, {"a": OLD}, Write(0, 0, NEW), Sync(0), Returned(b"said"))
    )


def test_what_was_not_synced_is_kept_lost_torn_or_garbled(tmp_path: Path) -> None:
    contents = [image["a"] for image in images(tmp_path, {"a": OLD}, Write(0, 0, NEW))]
    assert {OLD, NEW} < set(contents)
    kinds = set()
    for content in contents:
        sectors = [content[start : start + SECTOR] for start in range(0, len(content), SECTOR)]
        assert len(sectors) == 4
        strange = [sector for sector in sectors if sector not in {OLD[:SECTOR], NEW[:SECTOR]}]
        assert len(strange) <= 1
        kinds.add("garbled" if strange else "torn" if content not in {OLD, NEW} else "whole")
    assert kinds == {"whole", "torn", "garbled"}


def test_a_write_across_sectors_is_torn_where_the_files_sectors_meet(tmp_path: Path) -> None:
    for image in images(tmp_path, {"a": OLD}, Write(0, SECTOR - 24, NEW[: 24 + SECTOR])):
        head, rest = image["a"][SECTOR - 24 : SECTOR], image["a"][SECTOR : 2 * SECTOR]
        assert len(set(head)) == 1 or len(set(rest)) == 1  # one of the two may be garbled, neither is half written


def test_a_file_that_grew_may_be_shorter_and_one_that_shrank_longer(tmp_path: Path) -> None:
    grown = {len(image["a"]) for image in images(tmp_path / "grown", {"a": OLD}, Write(0, len(OLD), NEW))}
    assert {len(OLD), len(OLD) + len(NEW)} < grown
    shrunk = {len(image["a"]) for image in images(tmp_path / "shrunk", {"a": OLD}, Resize(0, 7))}
    assert shrunk == {7, len(OLD)}


@pytest.mark.parametrize("synced", [False, True])
def test_a_new_name_is_safe_with_its_folder_only(tmp_path: Path, synced: bool) -> None:
    made: list[Operation] = [Name("", "a", 0), Write(0, 0, NEW), Sync(0)]
    if synced:
        made.append(SyncFolder(""))
    found = images(tmp_path, {}, *made)
    assert {len(image) for image in found} == ({1} if synced else {0, 1})
    assert all(image["a"] == NEW for image in found if image)


def test_a_removal_may_be_taken_back_and_a_rename_is_whole_or_not(tmp_path: Path) -> None:
    removed = images(tmp_path / "removed", {"a": OLD}, Name("", "a", None))
    assert {tuple(image) for image in removed} == {(), ("a",)}
    renamed = images(tmp_path / "renamed", {"a": OLD, "b": NEW}, Name("", "b", 0, instead_of="a"))
    assert {tuple(sorted(image.items())) for image in renamed} == {(("a", OLD), ("b", NEW)), (("b", OLD),)}


def test_a_new_folder_that_was_not_synced_takes_all_with_it(tmp_path: Path) -> None:
    made: Sequence[Operation] = [MakeFolder("", "state"), Name("state", "a", 0), SyncFolder("state")]
    assert {len(image) for image in images(tmp_path / "lost", {}, *made)} == {0, 1}
    assert {len(image) for image in images(tmp_path / "kept", {}, *made, SyncFolder(""))} == {1}


STORY = """
import os, sys
folder, mark = sys.argv[1], open(sys.argv[2], "ab", buffering=0)
os.mkdir(f"{folder}/state")
with open(f"{folder}/state/a", "wb", buffering=0) as a:
    a.write(b"one"); a.write(b"two")
    os.pwrite(a.fileno(), b"three", 100)
    os.fsync(a.fileno())
    mark.write(b"said")
    os.ftruncate(a.fileno(), 2)
with open(f"{folder}/state/a", "ab", buffering=0) as a:
    a.write(b"end")
os.rename(f"{folder}/state/a", f"{folder}/state/b")
os.unlink(f"{folder}/old")
here = os.open(folder, os.O_RDONLY)
os.fsync(here)
"""


def test_a_recording_is_what_the_process_did(tmp_path: Path) -> None:
    folder = tmp_path / "recorded"
    folder.mkdir()
    (folder / "old").write_bytes(OLD)
    arguments = ["-c", STORY, str(folder), str(tmp_path / "mark")]
    recording = record(folder, tmp_path / "mark", [arguments], {"old": OLD})
    assert recording.operations == (
        MakeFolder("", "state"),
        Name("state", "a", 1),
        Write(1, 0, b"one"),
        Write(1, 3, b"two"),
        Write(1, 100, b"three"),
        Sync(1),
        Returned(b"said"),
        Resize(1, 2),
        Write(1, 2, b"end"),
        Name("state", "b", 1, instead_of="a"),
        Name("", "old", None),
        SyncFolder(""),
    )
    assert recording.calls_without_sync() == 0


@pytest.mark.parametrize(
    "act",
    [
        "os.writev(a, [b'x'])",
        "os.truncate(name, 5)",
        "os.link(name, name + '2')",
        "os.dup(a)",
        "mmap.mmap(a, 3)[0:1]",
    ],
)
def test_what_a_recording_does_not_understand_is_refused(tmp_path: Path, act: str) -> None:
    folder = tmp_path / "recorded"
    folder.mkdir()
    (folder / "a").write_bytes(b"abc")
    program = f"import mmap, os, sys\nname = sys.argv[1] + '/a'\na = os.open(name, os.O_RDWR)\n{act}"
    with pytest.raises(Blind):
        record(folder, tmp_path / "mark", [["-c", program, str(folder)]], {"a": b"abc"})

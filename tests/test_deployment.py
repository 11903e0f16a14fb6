"""The files under assets/deployment are usable as they lie there."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from kiosk import settings
from offline_queue.key_files import PREFIX
from offline_queue.keys import DATABASE, HOLDER, LEDGER, NEXT, RECEIPT
from offline_queue.own_keys import RENEWABLE

EXAMPLE = Path(__file__).parents[1] / "assets" / "deployment" / "terminal.toml"


def test_the_example_settings_load_and_name_every_key(tmp_path: Path) -> None:
    """What is better left out stands there as a comment; the example with every comment taken in loads too."""
    loaded = settings.load(EXAMPLE)
    whole = re.sub(r"^# (?=\w+ = |\[\w+\])", "", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    taken_in = tmp_path / "terminal.toml"
    taken_in.write_text(whole, encoding="utf-8")
    with_all, named = settings.load(taken_in), msgspec.toml.decode(whole.encode())
    assert named.keys() == set(loaded.__struct_fields__)
    for section, values in named.items():
        assert values.keys() == set(getattr(with_all, section).__struct_fields__), section


def test_unit_and_command_give_the_program_every_secret_that_it_reads() -> None:
    """And those that a renewal makes; the name inside the encrypted file is the one that the program asks for."""
    wanted = {LEDGER, RECEIPT, DATABASE, HOLDER} | {f"{name}{NEXT}" for name in RENEWABLE.values()}
    unit = (EXAMPLE.parent / "kiosk.service").read_text(encoding="utf-8")
    given = dict(re.findall(r"^LoadCredentialEncrypted=([^:]+):(.+)$", unit, re.MULTILINE))
    assert given == {name: f"{PREFIX}{name}" for name in wanted}
    command = (EXAMPLE.parent / "kiosk-command").read_text(encoding="utf-8")
    listed = re.search(r"^for name in (.+); do$", command, re.MULTILINE)
    assert listed is not None
    assert set(listed[1].split()) == wanted
    assert f"$name:{PREFIX}$name" in command


def test_the_example_settings_never_start_a_demonstration() -> None:
    assert settings.load(EXAMPLE).terminal.demonstration is False

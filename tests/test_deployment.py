"""The files under assets/deployment are usable as they lie there."""

from __future__ import annotations

from pathlib import Path

import msgspec

from kiosk import settings

EXAMPLE = Path(__file__).parents[1] / "assets" / "deployment" / "terminal.toml"


def test_the_example_settings_load_and_name_every_key() -> None:
    loaded = settings.load(EXAMPLE)
    named = msgspec.toml.decode(EXAMPLE.read_bytes())
    assert named.keys() == set(loaded.__struct_fields__)
    for section, values in named.items():
        assert values.keys() == set(getattr(loaded, section).__struct_fields__), section


def test_the_example_settings_never_start_a_demonstration() -> None:
    assert settings.load(EXAMPLE).terminal.demonstration is False

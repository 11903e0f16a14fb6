"""What is in force at a terminal: every setting with its value, and the versions of everything that it runs on.

The settings hold no secrets, only where secrets lie; a value that a person could misuse never comes here.
"""

from __future__ import annotations

import importlib.metadata
import platform
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from kiosk.settings import Settings

UNKNOWN: Final = "not found"

_PROJECT: Final = Path(__file__).parent.parent / "pyproject.toml"


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """`name` as technicians know it: `gateway.timeout_seconds`, `Qt`. `is_default` only says something of settings."""

    name: str
    value: str
    is_default: bool = False


def settings_in_force(settings: Settings) -> tuple[Fact, ...]:
    """Every key of the settings file, whether it was written there or left out."""
    return tuple(_of_table(settings, ""))


def _of_table(table: msgspec.Struct, prefix: str) -> Iterator[Fact]:
    for field in msgspec.structs.fields(table):
        value = getattr(table, field.name)
        if isinstance(value, msgspec.Struct):
            yield from _of_table(value, f"{prefix}{field.name}.")
        else:
            yield Fact(name=prefix + field.name, value=_said(value), is_default=value == field.default)


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value)


def own_versions() -> tuple[Fact, ...]:
    """The program itself, and what it needs whatever is plugged in."""
    return (
        Fact(name="Program", value=_program()),
        Fact(name="Python", value=platform.python_version()),
        Fact(name="Qt", value=_library("PySide6-Essentials")),
        Fact(name="Linux", value=platform.release()),
    )


def _program() -> str:
    try:
        return str(tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]["version"])
    except (OSError, KeyError, tomllib.TOMLDecodeError):
        return UNKNOWN


def _library(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return UNKNOWN

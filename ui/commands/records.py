"""Shows typed records as they are, one line a field, or a table of them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ui.commands.output import print_columns, print_json


def show(record: msgspec.Struct, *, as_json: bool) -> None:
    if as_json:
        print_json(record)
        return
    for name, value in msgspec.structs.asdict(record).items():
        if isinstance(value, tuple):
            print(f"{name.replace('_', ' ')}: {'none' if not value else ''}".rstrip())
            for line in value:
                print(f"  {_cell(line)}")
        else:
            print(f"{name.replace('_', ' ')}: {_cell(value)}")


def show_table(records: Sequence[msgspec.Struct], columns: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        print_json(records)
    elif not records:
        print("nothing")
    else:
        rows = [[_cell(getattr(record, column)) for column in columns] for record in records]
        print_columns([[column.replace("_", " ") for column in columns], *rows])


def _cell(value: object) -> str:
    if value is None or value == "":
        return "-"
    if isinstance(value, msgspec.Struct):
        return ", ".join(f"{name} {_cell(inner)}" for name, inner in msgspec.structs.asdict(value).items())
    return str(msgspec.to_builtins(value))

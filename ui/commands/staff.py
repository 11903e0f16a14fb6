"""`staff`: who may sign in at the counter of this terminal, for whoever can run commands as the terminal's own user.

A PIN comes from a terminal without echo, or as one line of standard input; never as an argument, which every user of
the machine can read.
"""

from __future__ import annotations

import argparse
import getpass
import io
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

import msgspec

from kiosk.staff import COMMAND_LINE, Role, StaffMember, StaffMistake, StaffNote, StaffRegister, check_pin, wipe
from kiosk.wire import Words
from ui.commands import FOUND_NOTHING_WRONG, USED_WRONGLY
from ui.commands.output import print_columns, print_json
from ui.commands.records import show_table

SHOWN_ACTS = 100
_LONGEST_LINE = 256
_PIN_AGAIN = "The two PINs are not the same"


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Whom the command is about, as the command line names them; "" where it does not."""

    id: str
    role: str = ""
    name_ar: str = ""
    name_en: str = ""


class Desk(Protocol):
    """The register beside a running kiosk; `register` opens it to write, once that has been stopped."""

    def members(self) -> tuple[StaffMember, ...]: ...

    def locked(self) -> Mapping[str, datetime]: ...

    def acts(self, limit: int) -> tuple[StaffNote, ...]: ...

    def register(self) -> AbstractContextManager[StaffRegister]: ...


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """`list` and `acts` read; whatever else it is changes the register."""
    if arguments.what == "list":
        return list_members(desk.members(), desk.locked(), as_json=arguments.json)
    if arguments.what == "acts":
        return show_acts(desk.acts(SHOWN_ACTS), as_json=arguments.json)
    person = Person(id=arguments.id, role=arguments.role, name_ar=arguments.name_ar, name_en=arguments.name_en)
    with desk.register() as register:
        return change(register, arguments.what, person, pin_from_input if arguments.pin_stdin else pin_twice)


def list_members(members: Iterable[StaffMember], locked: Mapping[str, datetime], *, as_json: bool) -> int:
    rows = [
        {**msgspec.to_builtins(member), "locked_until": msgspec.to_builtins(locked.get(member.id))}
        for member in members
    ]
    if as_json:
        print_json(rows)
    elif not rows:
        print("nobody: `staff add` puts the first one on the register")
    else:
        print_columns([("id", "role", "signs in", "locked until", "name"), *(_cells(row) for row in rows)])
    return FOUND_NOTHING_WRONG


def show_acts(notes: tuple[StaffNote, ...], *, as_json: bool) -> int:
    """The newest first."""
    show_table(notes, ("at", "staff", "act", "detail"), as_json=as_json)
    return FOUND_NOTHING_WRONG


def change(register: StaffRegister, what: str, person: Person, read_pin: Callable[[], bytearray]) -> int:
    """`add`, `pin`, `unlock`, `activate` or `deactivate`, in the name of the command line."""
    try:
        match what:
            case "add":
                register.add(_new_member(person), read_pin(), COMMAND_LINE)
            case "pin":
                register.change_pin(person.id, read_pin(), COMMAND_LINE)
            case "unlock":
                register.unlock(person.id, COMMAND_LINE)
            case _:
                register.set_active(person.id, COMMAND_LINE, active=what == "activate")
    except StaffMistake as mistake:
        print(mistake, file=sys.stderr)
        return USED_WRONGLY
    return FOUND_NOTHING_WRONG


def pin_twice() -> bytearray:
    """Asked without echo, again until it may be used. `getpass` gives text, which cannot be wiped: it is kept nowhere.
    Raises StaffMistake where the two are not the same."""
    while True:
        pin = bytearray(getpass.getpass("PIN: ").encode())
        mistake = check_pin(pin)
        if not mistake:
            break
        wipe(pin)
        print(mistake, file=sys.stderr)
    again = bytearray(getpass.getpass("PIN again: ").encode())
    same = pin == again
    wipe(again)
    if not same:
        wipe(pin)
        raise StaffMistake(_PIN_AGAIN)
    return pin


def pin_from_input() -> bytearray:
    with open(sys.stdin.fileno(), "rb", buffering=0, closefd=False) as stream:
        return pin_from(stream)


def pin_from(stream: io.RawIOBase) -> bytearray:
    """One line of an unbuffered stream, so that no copy of it stays in a buffer; byte by byte, as the next person's may
    be waiting behind it."""
    line = bytearray(_LONGEST_LINE)
    length = 0
    with memoryview(line) as view:
        while length < _LONGEST_LINE and (read := stream.readinto(view[length : length + 1])):
            length += read
            if line[length - 1] == ord("\n"):
                break
    while length and line[length - 1] in b"\r\n":
        length -= 1
    pin = line[:length]
    wipe(line)
    return pin


def _new_member(person: Person) -> StaffMember:
    if not (person.role and person.name_ar.strip() and person.name_en.strip()):
        raise StaffMistake("a new member needs --role, --name-ar and --name-en")
    name = Words(ar=person.name_ar.strip(), en=person.name_en.strip())
    return StaffMember(id=person.id, name=name, role=Role(person.role))


def _cells(row: Mapping[str, object]) -> tuple[str, ...]:
    name = msgspec.convert(row["name"], Words)
    signs_in = "yes" if row["active"] else "no"
    return (str(row["id"]), str(row["role"]), signs_in, str(row["locked_until"] or "-"), f"{name.ar} / {name.en}")

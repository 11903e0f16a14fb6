"""`card trust`: which countries' cards this terminal believes, and the two people who answer for a new list.

Whoever brings a false list decides who passes for genuine, so no one person can: both sign in with their own PIN after
they have seen what the list would change.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

import msgspec

from kiosk.staff import Role, SignInRefused, StaffAct, StaffMember, StaffRegister
from ui.commands import FOUND_NOTHING_WRONG, USED_WRONGLY
from ui.commands.records import show, show_table
from ui.commands.staff import pin_from_input

_MAY_ANSWER = frozenset({Role.SUPERVISOR, Role.TECHNICIAN})


Register = Callable[[], AbstractContextManager[StaffRegister]]
"""Opens the register to write; while the terminal's program runs it cannot be."""


class TakenList(Protocol):
    """A list that is in force; who signed it, when, and the fingerprint of the file."""

    @property
    def source(self) -> str: ...

    @property
    def signed_at(self) -> datetime: ...

    @property
    def fingerprint(self) -> str: ...


class BroughtList(Protocol):
    """A list that was checked and is not taken yet; `change` is what taking it would change."""

    @property
    def change(self) -> msgspec.Struct: ...

    def take(self, by: tuple[str, str]) -> TakenList: ...


class TrustStore(Protocol):
    """What this terminal believes. Raises OSError, and in words of its own what it does not take."""

    def overview(self) -> Sequence[msgspec.Struct]: ...

    def bring(self, master_list: bytes, signer: bytes) -> BroughtList: ...

    def take_revocations(self, revocations: bytes) -> msgspec.Struct: ...


def run(arguments: argparse.Namespace, store: TrustStore, register: Register) -> int:
    """`list`, `import` or `crl`."""
    if arguments.act_on_trust == "list":
        return list_trust(store.overview(), as_json=arguments.json)
    try:
        if arguments.act_on_trust == "import":
            return _import_list(arguments, store, register)
        taken = store.take_revocations(arguments.file.read_bytes())
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return USED_WRONGLY
    show(taken, as_json=arguments.json)
    return FOUND_NOTHING_WRONG


def _import_list(arguments: argparse.Namespace, store: TrustStore, register: Register) -> int:
    """The list is checked before anybody is asked for a PIN."""
    brought = store.bring(arguments.file.read_bytes(), arguments.signer.read_bytes())
    show(brought.change, as_json=arguments.json)  # what the two answer for, before they are asked
    with register() as opened:
        people = two_people(opened, tuple(arguments.by), pins(arguments))
        if people is None:
            return USED_WRONGLY
        taken = brought.take((people[0].id, people[1].id))
        journal(opened, people, f"{taken.source} {taken.signed_at:%Y-%m-%d} {taken.fingerprint[:16]}")
    return FOUND_NOTHING_WRONG


def pins(arguments: argparse.Namespace) -> Callable[[str], bytearray]:
    """How the two people give their PINs, by staff id."""
    return (lambda _: pin_from_input()) if arguments.pin_stdin else ask_pin


def list_trust(rows: Sequence[msgspec.Struct], *, as_json: bool) -> int:
    """One line a country."""
    columns = ("country", "anchors", "brought_by", "signed_at", "imported_at", "imported_by", "revocation_until")
    show_table(rows, columns, as_json=as_json)
    return FOUND_NOTHING_WRONG


def two_people(
    register: StaffRegister, ids: tuple[str, str], read_pin: Callable[[str], bytearray]
) -> tuple[StaffMember, StaffMember] | None:
    """Both signed in, or None with the reason told. One of the two is a supervisor, and neither a clerk."""
    if ids[0].strip().lower() == ids[1].strip().lower():
        print("two different people must answer for it", file=sys.stderr)
        return None
    try:
        first, second = (register.sign_in(staff_id, read_pin(staff_id)) for staff_id in ids)
    except SignInRefused as refused:
        print(f"not signed in: {refused.reason.value.replace('_', ' ')}", file=sys.stderr)
        return None
    roles = {first.role, second.role}
    if not roles <= _MAY_ANSWER or Role.SUPERVISOR not in roles:
        print("a supervisor must answer for it, with another supervisor or a technician", file=sys.stderr)
        return None
    return first, second


def journal(register: StaffRegister, people: tuple[StaffMember, StaffMember], detail: str) -> None:
    for member in people:
        register.note(member, StaffAct.IMPORTED_TRUST, detail)


def ask_pin(staff_id: str) -> bytearray:
    """Without echo. `getpass` gives text, which cannot be wiped: it is kept nowhere."""
    return bytearray(getpass.getpass(f"PIN of {staff_id}: ").encode())

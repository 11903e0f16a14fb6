"""`card trust`: which countries' cards this terminal believes, and the two people who answer for a new list.

Whoever brings a false list decides who passes for genuine, so no one person can: both sign in with their own PIN after
they have seen what the list would change.
"""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Sequence

import msgspec

from kiosk.staff import Role, SignInRefused, StaffAct, StaffMember, StaffRegister
from ui.commands import FOUND_NOTHING_WRONG
from ui.commands.records import show_table

_MAY_ANSWER = frozenset({Role.SUPERVISOR, Role.TECHNICIAN})


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

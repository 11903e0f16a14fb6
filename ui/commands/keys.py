"""`keys renew`: one of the terminal's keys is renewed, and two people answer for it with their PINs."""

from __future__ import annotations

import sys

import msgspec

from kiosk.staff import StaffAct, StaffMember, StaffRegister
from ui.commands import FOUND_NOTHING_WRONG
from ui.commands.records import show


def journal(register: StaffRegister, people: tuple[StaffMember, StaffMember], which: str) -> None:
    """Written before anything is renewed: nobody renews a key without a trace."""
    for member in people:
        register.note(member, StaffAct.RENEWED_KEY, which)


def tell(step: str) -> None:
    """As it happens, for whoever waits; what the command answers goes to standard output."""
    print(f"- {step}", file=sys.stderr)


def renewed(record: msgspec.Struct, *, as_json: bool) -> int:
    show(record, as_json=as_json)
    return FOUND_NOTHING_WRONG

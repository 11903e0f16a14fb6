"""`keys renew`: one of the terminal's keys is renewed, and two people answer for it with their PINs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

import msgspec

from kiosk.staff import StaffAct, StaffMember, StaffRegister
from ui.commands import FOUND_NOTHING_WRONG, USED_WRONGLY
from ui.commands.records import show
from ui.commands.trust import Register, pins, two_people

Renew = Callable[[tuple[str, str], Callable[[str], None]], msgspec.Struct]
"""Renews the key in the name of two members of staff, and tells of each step when it is done."""


def run(arguments: argparse.Namespace, register: Register, renew: Renew) -> int:
    """The two people sign in before anything is made. Run again, a renewal that was cut short goes on."""
    with register() as opened:
        people = two_people(opened, tuple(arguments.by), pins(arguments))
        if people is None:
            return USED_WRONGLY
        journal(opened, people, arguments.key)
    return renewed(renew((people[0].id, people[1].id), tell), as_json=arguments.json)


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

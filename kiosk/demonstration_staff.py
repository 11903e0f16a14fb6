"""Invented members of staff for a demonstration; their PINs are drawn at each start and stand on its panel only."""

from __future__ import annotations

import secrets
from typing import Final

from kiosk.staff import COMMAND_LINE, SHORTEST_PIN, Role, StaffMember, StaffRegister, check_pin
from kiosk.wire import Words

DEMONSTRATION_STAFF: Final = (
    StaffMember(id="rana", name=Words(ar="رنا الأقحوان", en="Rana Aluqhuwan"), role=Role.CLERK),
    StaffMember(id="huda", name=Words(ar="هدى الزعتر", en="Huda Alzatar"), role=Role.SUPERVISOR),
    StaffMember(id="118", name=Words(ar="الفني 118", en="Technician 118"), role=Role.TECHNICIAN),
)


def engage(register: StaffRegister) -> tuple[tuple[StaffMember, str], ...]:
    """Each of them with a new PIN: added where the register has none of that name yet. Only for a demonstration, whose
    PINs protect nothing; elsewhere a PIN is never text."""
    known = {member.id for member in register.members()}
    engaged = []
    for member in DEMONSTRATION_STAFF:
        pin = draw_pin()
        if member.id in known:
            register.unlock(member.id, COMMAND_LINE)
            register.change_pin(member.id, bytearray(pin.encode()), COMMAND_LINE)
        else:
            register.add(member, bytearray(pin.encode()), COMMAND_LINE)
        engaged.append((member, pin))
    return tuple(engaged)


def draw_pin() -> str:
    """Six digits that the rule for new PINs accepts."""
    while True:
        pin = "".join(str(secrets.randbelow(10)) for _ in range(SHORTEST_PIN))
        if not check_pin(bytearray(pin.encode())):
            return pin

"""The parts of the technician's page, by their number keys, and which checks each of them lists."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Final

from kiosk.diagnostics import Check, Group
from kiosk.texts import message


class Section(enum.Enum):
    """The value is the number key."""

    CHECKS = 1
    DEVICES = 2
    NETWORK = 3
    QUEUE = 4
    TRUST = 5
    SERVICES = 6
    SETTINGS = 7
    VERSIONS = 8


_TRUST = frozenset({"authority", "keys", "trust"})
_SERVICES = frozenset({"services", "texts", "fonts"})
_GROUPS = {
    Section.DEVICES: frozenset({Group.CARD, Group.PRINTING, Group.MACHINE}),
    Section.NETWORK: frozenset({Group.NETWORK}),
    Section.QUEUE: frozenset({Group.LEDGER}),
}


def belongs(check: Check, section: Section) -> bool:
    """Whether that section lists the check."""
    if section in _GROUPS:
        return check.group in _GROUPS[section]
    if section in (Section.TRUST, Section.SERVICES):
        return check.id in (_TRUST if section is Section.TRUST else _SERVICES)
    return section is Section.CHECKS


TITLES: Final[Mapping[Section, str]] = {
    Section.CHECKS: message("Checks"),
    Section.DEVICES: message("Devices"),
    Section.NETWORK: message("Network"),
    Section.QUEUE: message("Delivery"),
    Section.TRUST: message("Trust"),
    Section.SERVICES: message("Services"),
    Section.SETTINGS: message("Settings"),
    Section.VERSIONS: message("Versions"),
}
ICONS: Final[Mapping[Section, str]] = {
    Section.CHECKS: "activity",
    Section.DEVICES: "cpu",
    Section.NETWORK: "network",
    Section.QUEUE: "list-checks",
    Section.TRUST: "shield-check",
    Section.SERVICES: "package",
    Section.SETTINGS: "wrench",
    Section.VERSIONS: "file-text",
}

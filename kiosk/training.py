"""What a trainee can bring about, and by what: the last two digits of the plate or number, and amounts that follow.

Everything else that is asked for in training finds three invented fines, the last of them not payable here, or where
a fee is asked for two invented fees.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Final

TRAINING_ID: Final = "TRAINING"
"""The terminal's id in training, before every receipt number and in every code; none in service may have it."""

DECLINED_FILS: Final = 13_000
"""A payment of exactly this amount is declined by the training payment terminal."""

UNANSWERED_FILS: Final = 14_000
"""Of a payment of exactly this amount nobody learns what became of it."""


class Case(enum.StrEnum):
    """What the training agency, the bank or the line does."""

    FINES = ""
    NONE = "00"  # nothing is owed
    DECLINED = "13"  # one fine, of DECLINED_FILS
    UNANSWERED = "14"  # one fine, of UNANSWERED_FILS
    AWAITING = "15"  # the line is lost: what is paid waits for delivery
    UNREACHABLE = "97"
    SILENT = "98"
    REFUSED = "99"


def case_of(fields: Mapping[str, str]) -> Case:
    """By the fields of the enquiry: the plate's last two digits, else the national number's."""
    asked = fields.get("plate") or fields.get("national_number") or fields.get("passport", "")
    ending = "".join(letter for letter in asked if letter.isdigit())[-2:]
    return Case(ending) if ending in set(Case) else Case.FINES

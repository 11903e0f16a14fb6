"""The sign, colour and word of each state: always all three, never colour alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Final

from kiosk.diagnostics import Health
from kiosk.texts import message


@dataclasses.dataclass(frozen=True, slots=True)
class Sign:
    """`icon` and `colour` by their names, `word` a message id."""

    icon: str
    colour: str
    word: str


SIGNS: Final[Mapping[Health, Sign]] = {
    Health.GOOD: Sign("circle-check", "success", message("Pass")),
    Health.WARNING: Sign("triangle-alert", "warning", message("Warning")),
    Health.BAD: Sign("octagon-x", "error", message("Failed")),
    Health.NOT_REACHED: Sign("circle-minus", "ink_off", message("Not reached")),
}
RUNNING: Final = Sign("refresh-cw", "primary", message("Running"))
NOT_RUN: Final = Sign("circle-minus", "ink_off", message("Not run"))

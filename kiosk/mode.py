"""Whether what happens at this terminal counts: in service, as a demonstration, or for training."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Final

from kiosk.wire import Words


class Mode(enum.StrEnum):
    SERVICE = "service"
    DEMONSTRATION = "demonstration"  # the whole road, with invented parts at its ends
    TRAINING = "training"  # real hardware; nothing is paid, and nothing leaves the terminal


NAMES: Final[Mapping[Mode, Words]] = {
    Mode.DEMONSTRATION: Words(ar="عرض توضيحي", en="Demonstration"),
    Mode.TRAINING: Words(ar="تدريب", en="Training"),
}
"""Shown in both languages at once, whichever the page is in; a terminal in service shows none."""

SHORT_NAMES: Final[Mapping[Mode, Words]] = {
    Mode.DEMONSTRATION: Words(ar="عرض", en="Demo"),
    Mode.TRAINING: Words(ar="تدريب", en="Training"),
}
"""Where a bar has no room for more."""

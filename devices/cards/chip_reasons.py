"""Why a chip counts as proven or not: the reason's words, and the same in both languages for the technician."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kiosk.diagnostics import same, told
from kiosk.wire import Words

BY_MAPPING: Final = "chip proven by PACE-CAM"
BY_CHIP_AUTHENTICATION: Final = "chip proven by chip authentication"
BY_ACTIVE_AUTHENTICATION: Final = "chip proven by active authentication"
NO_KEY: Final = "chip cannot be proven: it has no key of its own"
NOT_PROVEN: Final = "chip not proven: "

MAPPING_NOT_RUN: Final = "PACE-CAM was not run"
SIGNATURE_TOO_LONG: Final = "a signature too long for this reader"
KEY_TOO_LONG: Final = "chip authentication by a key too long for this reader"

_ARABIC: Final[Mapping[str, str]] = {
    BY_MAPPING: "أثبتت الشريحة نفسها عبر {name}",
    BY_CHIP_AUTHENTICATION: "أثبتت الشريحة نفسها بمصادقة الشريحة",
    BY_ACTIVE_AUTHENTICATION: "أثبتت الشريحة نفسها بالمصادقة النشطة",
    NO_KEY: "لا يمكن إثبات الشريحة: لا مفتاح خاصًا بها",
    NOT_PROVEN + MAPPING_NOT_RUN: "لم تُثبت الشريحة: لم يُستخدم {name}",
    NOT_PROVEN + SIGNATURE_TOO_LONG: "لم تُثبت الشريحة: توقيعها أطول مما ينقله هذا القارئ",
    NOT_PROVEN + KEY_TOO_LONG: "لم تُثبت الشريحة: مفتاحها أطول مما ينقله هذا القارئ",
}
_UNSUPPORTED: Final = "لم تُثبت الشريحة: لا يدعم هذا الجهاز ما تستخدمه ({why})"


def in_both(reason: str) -> Words:
    """What a chip uses and this terminal lacks keeps its technical name in both."""
    if reason in _ARABIC:
        return told(_ARABIC[reason], reason, name="PACE-CAM")
    if reason.startswith(NOT_PROVEN):
        why = reason.removeprefix(NOT_PROVEN)
        return told(_UNSUPPORTED, NOT_PROVEN + "{why}", why=why)
    return same(reason)

"""Whether the mains is there and how long the battery lasts, as the kernel tells it; an outage becomes one event.

What stands in the files is the kernel's stable interface (Documentation/ABI/testing/sysfs-class-power): amounts in
micro-units, one folder for each supply. A UPS that only a daemon knows (NUT, apcupsd) is not among them.
"""

from __future__ import annotations

import dataclasses
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from kiosk.events import Event, PowerLost

SUPPLIES: Final = Path("/sys/class/power_supply")
LOOK_SECONDS: Final = 3.0

_CHARGERS: Final = frozenset({"Mains", "USB", "Wireless"})
_BATTERIES: Final = frozenset({"Battery", "UPS"})
_AMOUNT_AND_RATE: Final = (("energy_now", "power_now"), ("charge_now", "current_now"))
_LONGEST_MINUTES: Final = 24 * 60
"""A rate just after the plug was pulled may be next to nothing; what follows from it is not believed."""
_LARGEST_FILE: Final = 4096  # a page, the most that sysfs gives

_LOG = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, slots=True)
class Power:
    """`minutes` is about how long the battery lasts; None on the mains, and where it cannot be told."""

    on_mains: bool
    minutes: int | None = None


def read(folder: Path = SUPPLIES) -> Power | None:
    """None on a machine that has no battery to run on. What cannot be read or understood counts as not told."""
    supplies = [supply for supply in _folders(folder) if _text(supply, "scope") != "Device"]  # a mouse has one too
    chargers = [_number(supply, "online") for supply in supplies if _text(supply, "type") in _CHARGERS]
    batteries = [
        supply for supply in supplies if _text(supply, "type") in _BATTERIES and _number(supply, "present") != 0
    ]
    if not batteries:
        return None
    if any(chargers) or not _is_drained(batteries, known=bool([told for told in chargers if told is not None])):
        return Power(on_mains=True)
    return Power(on_mains=False, minutes=_minutes(batteries))


def _is_drained(batteries: list[Path], *, known: bool) -> bool:
    """A charger's word alone is not enough: a port that could charge, and does not, says `offline` on the mains too.
    Only where no battery says how it is (`known`: some charger said something), it decides."""
    told = [text for supply in batteries if (text := _text(supply, "status")) not in {"", "Unknown"}]
    return "Discharging" in told if told else known


def _minutes(batteries: list[Path]) -> int | None:
    """What is left of all over what is drawn from all, in the first unit that every battery tells."""
    for amount, rate in _AMOUNT_AND_RATE:
        left = [value for battery in batteries if (value := _number(battery, amount)) is not None]
        # Some drivers count what goes out below zero.
        drawn = [abs(value) for battery in batteries if (value := _number(battery, rate)) is not None]
        if len(left) == len(drawn) == len(batteries) and any(drawn):
            minutes = 60 * sum(left) // sum(drawn)
            return minutes if 0 <= minutes <= _LONGEST_MINUTES else None
    return None


def _folders(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _text(supply: Path, name: str) -> str:
    """ "" where there is none: a driver may answer a read with an error (ENODATA), and a supply may be pulled."""
    try:
        with (supply / name).open("rb") as file:
            return file.read(_LARGEST_FILE).decode("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _number(supply: Path, name: str) -> int | None:
    text = _text(supply, name)
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None


class PowerWatcher:
    """Tells `listener` once for each outage, from a thread of its own. `start` once, `close` once; a machine without a
    battery has no such thread."""

    def __init__(self, listener: Callable[[Event], None], folder: Path = SUPPLIES, every: float = LOOK_SECONDS) -> None:
        self._tell = listener
        self._folder = folder
        self._every = every
        self._out = False
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="power", daemon=True)

    def start(self) -> None:
        if read(self._folder) is not None:
            self._thread.start()

    def close(self) -> None:
        self._closing.set()
        if self._thread.ident is not None:
            self._thread.join()

    def look(self) -> None:
        power = read(self._folder)
        was_out, self._out = self._out, power is not None and not power.on_mains
        if power is not None and self._out and not was_out:
            self._tell(PowerLost(power.minutes))

    def _watch(self) -> None:
        while not self._closing.is_set():
            try:
                self.look()
            except Exception as defect:  # the thread's one boundary: whatever happens, the next look comes
                _LOG.error("the power could not be looked at: %s", type(defect).__name__)
            self._closing.wait(self._every)

"""The machine under the terminal: its power supply, and the version of the card service (sysfs-class-power)."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

from kiosk.diagnostics import Check, Group, Health, Measured, StepFound, same, told, worst
from kiosk.wire import Words

SUPPLIES: Final = Path("/sys/class/power_supply")
LEAST_CHARGE: Final = 30  # percent

_ON_MAINS: Final = Words(ar="كهرباء الشبكة", en="mains")
_WHERE_DAEMONS_ARE: Final = "/usr/sbin:/usr/bin:/usr/local/sbin"
_VERSION: Final = re.compile(r"version (\d+(?:\.\d+)+)")
_SECONDS: Final = 5.0


def power(supplies: Path = SUPPLIES) -> Check:
    """Mains or battery. A machine that reports neither is one that knows only mains."""

    def run() -> Measured:
        found = sorted(supplies.iterdir()) if supplies.is_dir() else []
        steps = tuple(step for supply in found if (step := _supply(supply)) is not None)
        mains = [supply for supply in found if _attribute(supply, "type") != "Battery"]
        off = bool(mains) and all(_attribute(supply, "online") == "0" for supply in mains)
        if off:
            return Measured(
                health=Health.WARNING,
                value=Words(ar="انقطعت الكهرباء، على البطارية", en="the power is out, on battery"),
                limit=_ON_MAINS,
                next_step=Words(ar="أعِد الكهرباء أو أوقف الجهاز بأمان", en="Restore the power, or stop the terminal"),
                steps=steps,
            )
        return Measured(health=worst(steps), value=_ON_MAINS, limit=_ON_MAINS, steps=steps)

    return Check(id="power", group=Group.MACHINE, title=Words(ar="الكهرباء", en="Power"), run=run)


def _supply(supply: Path) -> StepFound | None:
    kind, title = _attribute(supply, "type"), same(supply.name)
    if kind == "Battery":
        charge = _attribute(supply, "capacity")
        low = charge.isdigit() and int(charge) < LEAST_CHARGE
        value = told("بطارية {n} %", "battery {n} %", n=charge or "?")
        return StepFound(title=title, health=Health.WARNING if low else Health.GOOD, value=value)
    online = _attribute(supply, "online")
    if online not in {"0", "1"}:
        return None
    value = Words(ar="موصول", en="connected") if online == "1" else Words(ar="مقطوع", en="off")
    return StepFound(title=title, health=Health.GOOD if online == "1" else Health.WARNING, value=value)


def _attribute(folder: Path, name: str) -> str:
    try:
        return (folder / name).read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""


def card_service_version() -> str:
    """What pcscd says of itself; "" where there is none."""
    daemon = shutil.which("pcscd", path=_WHERE_DAEMONS_ARE)
    if daemon is None:
        return ""
    try:
        said = subprocess.run([daemon, "--version"], capture_output=True, text=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = _VERSION.search(said.stdout)
    return found[1] if found else ""

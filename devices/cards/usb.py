"""Card readers as the kernel sees them on USB, whether or not a driver serves them.

"No driver" and "no card service" look alike from PC/SC: it lists no reader. The kernel tells them apart: a reader is a
device with an interface of class 0B, chip card (USB-IF, Defined Class Codes; sysfs-bus-usb).
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Final

DEVICES: Final = Path("/sys/bus/usb/devices")

_CHIP_CARD: Final = "0b"
_LONGEST: Final = 200


@dataclasses.dataclass(frozen=True, slots=True)
class UsbReader:
    """`identifier` is vendor and product as four hexadecimal digits each; `name` what the device calls itself."""

    identifier: str
    name: str


def readers_on_usb(devices: Path = DEVICES) -> tuple[UsbReader, ...]:
    """Each device that has a chip-card interface, once; none where the machine has no USB."""
    if not devices.is_dir():
        return ()
    interfaces = sorted(folder for folder in devices.iterdir() if ":" in folder.name)
    found = {folder.name.split(":")[0]: None for folder in interfaces if _is_reader(folder)}
    return tuple(_reader(devices / name) for name in found)


def _is_reader(interface: Path) -> bool:
    return _attribute(interface, "bInterfaceClass").lower() == _CHIP_CARD


def _reader(device: Path) -> UsbReader:
    name = " ".join(filter(None, (_attribute(device, "manufacturer"), _attribute(device, "product"))))
    return UsbReader(f"{_attribute(device, 'idVendor')}:{_attribute(device, 'idProduct')}", name)


def _attribute(folder: Path, name: str) -> str:
    """A device is unplugged at any moment, and writes its own name: neither may end the check."""
    try:
        return (folder / name).read_bytes()[:_LONGEST].decode("utf-8", "replace").strip()
    except OSError:
        return ""

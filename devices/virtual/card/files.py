"""What one card holds, read from its folder as the issuer wrote it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

from devices.virtual.card.basic_access import AccessKeys
from devices.virtual.card.tlv import Malformed, objects

# File identifiers of the eMRTD application (ICAO Doc 9303-10, table 2); the low five bits are the short identifier.
COMMON, SECURITY_OBJECT, FIRST_DATA_GROUP = 0x011E, 0x011D, 0x0101
IDENTIFIERS = {"EF.COM": COMMON, "EF.SOD": SECURITY_OBJECT} | {
    f"EF.DG{number}": FIRST_DATA_GROUP + number - 1 for number in range(1, 17)
}
ZONE_CHARACTERS = 90
# A whole file with its protection and status fits one frame of the virtual reader's protocol (65,535 bytes).
LARGEST_FILE = 65_000


class NotACard(Exception):
    """The folder does not hold what a card needs; the text says what is missing."""


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class CardContent:
    """`atr` is empty for a mute card; `files` is empty, and `access` None, where there is no eMRTD application."""

    atr: bytes
    files: Mapping[int, bytes]
    access: AccessKeys | None


def load(folder: Path) -> CardContent:
    """Raises NotACard."""
    try:
        atr = bytes.fromhex((folder / "atr.txt").read_text(encoding="ascii"))
        files = {
            identifier: (folder / name).read_bytes()
            for name, identifier in IDENTIFIERS.items()
            if (folder / name).is_file()
        }
    except (OSError, ValueError) as error:
        raise NotACard(f"no card in this folder: {type(error).__name__}") from error
    if any(len(content) > LARGEST_FILE for content in files.values()):
        raise NotACard(f"a file is larger than {LARGEST_FILE} bytes")
    return CardContent(atr, files, _access(files) if files else None)


def _access(files: Mapping[int, bytes]) -> AccessKeys:
    """The chip knows its keys by its own DG1, whatever is printed on the plastic."""
    try:
        ((_, content),) = objects(files[FIRST_DATA_GROUP])
        zone = dict(objects(content))[0x5F1F].decode("ascii")
    except (KeyError, ValueError, Malformed) as error:
        raise NotACard("EF.DG1 does not hold a machine-readable zone") from error
    if len(zone) != ZONE_CHARACTERS:
        raise NotACard("EF.DG1 is not that of an ID-1 card")
    return AccessKeys.of_zone((zone[:30], zone[30:60], zone[60:]))

"""What one card holds, read from its folder as the issuer wrote it."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping
from pathlib import Path

from devices.virtual.card import pace, pkcs15_files
from devices.virtual.card.basic_access import AccessKeys
from devices.virtual.card.keys import ChipKeys, load_keys
from devices.virtual.card.tlv import Malformed, objects

# File identifiers of the eMRTD application (ICAO Doc 9303-10, table 2); the low five bits are the short identifier.
# Those of the master file stand outside it; there 1D is EF.CardSecurity, where the application has EF.SOD.
COMMON, SECURITY_OBJECT, CARD_ACCESS, FIRST_DATA_GROUP = 0x011E, 0x011D, 0x011C, 0x0101
IDENTIFIERS = {"EF.COM": COMMON, "EF.SOD": SECURITY_OBJECT, "EF.CardAccess": CARD_ACCESS} | {
    f"EF.DG{number}": FIRST_DATA_GROUP + number - 1 for number in range(1, 17)
}
CARD_SECURITY, DIRECTORY, CARD_INFORMATION = 0x011D, 0x2F00, 0x2F01
MASTER_IDENTIFIERS = {"EF.CardSecurity": CARD_SECURITY, "EF.DIR": DIRECTORY, "EF.ATR": CARD_INFORMATION}
# The width of a line by all the characters of a zone: TD1, TD2, TD3 (ICAO Doc 9303-10, 4.7.1).
WIDTHS = {90: 30, 72: 36, 88: 44}
# A whole file with its protection and status fits one frame of the virtual reader's protocol (65,535 bytes).
LARGEST_FILE = 65_000


class NotACard(Exception):
    """The folder does not hold what a card needs; the text says what is missing."""


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class CardContent:
    """`atr` is empty for a mute card; `files` is empty where there is no eMRTD application.

    `access` is what Basic Access Control takes, None where the chip does without it; `passwords` are those of PACE by
    their reference (1 the zone, 2 the access number), for the `ways` that EF.CardAccess offers. An `open` chip is read
    without either. `master_files` are those of the master file beside EF.CardAccess, which is among `files`.
    """

    atr: bytes
    files: Mapping[int, bytes]
    access: AccessKeys | None
    ways: tuple[pace.Way, ...] = ()
    passwords: Mapping[int, bytes] = dataclasses.field(default_factory=dict)
    master_files: Mapping[int, bytes] = dataclasses.field(default_factory=dict)
    open: bool = False
    keys: ChipKeys = dataclasses.field(default_factory=ChipKeys)
    signing: pkcs15_files.SigningContent | None = None


def load(folder: Path) -> CardContent:
    """Raises NotACard."""
    try:
        atr = bytes.fromhex((folder / "atr.txt").read_text(encoding="ascii"))
        files, master_files = _files(folder, IDENTIFIERS), _files(folder, MASTER_IDENTIFIERS)
        modes, keys, signing = _access_modes(folder), load_keys(folder), pkcs15_files.load(folder)
    except (OSError, ValueError) as error:
        raise NotACard(f"no card in this folder: {type(error).__name__}") from error
    if any(len(content) > LARGEST_FILE for content in (*files.values(), *master_files.values())):
        raise NotACard(f"a file is larger than {LARGEST_FILE} bytes")
    if not files:
        return CardContent(atr, files, None, master_files=master_files, keys=keys, signing=signing)
    zone = _zone(files)
    passwords = {pace.NUMBER: modes.access_number.encode("ascii")} if modes.access_number else {}
    if modes.pace_with_zone:
        passwords[pace.ZONE] = pace.zone_password(zone)
    access = AccessKeys.of_zone(zone) if modes.basic else None
    return CardContent(
        atr,
        files,
        access,
        _ways(files),
        passwords,
        master_files,
        open=modes.open,
        keys=keys,
        signing=signing,
    )


def _files(folder: Path, identifiers: Mapping[str, int]) -> dict[int, bytes]:
    return {
        identifier: (folder / name).read_bytes()
        for name, identifier in identifiers.items()
        if (folder / name).is_file()
    }


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class AccessModes:
    """`access.toml`: does BAC open the chip, does PACE with its zone, and with which access number, empty for none?

    Or is it `open` to anybody, without any of them?
    """

    basic: bool = True
    pace_with_zone: bool = False
    access_number: str = ""
    open: bool = False


def _access_modes(folder: Path) -> AccessModes:
    """A folder without the file is a card with BAC alone."""
    try:
        stated = tomllib.loads((folder / "access.toml").read_text(encoding="ascii"))
    except FileNotFoundError:
        return AccessModes()
    try:
        return AccessModes(**stated)
    except TypeError as error:
        raise ValueError("access.toml") from error


def _ways(files: Mapping[int, bytes]) -> tuple[pace.Way, ...]:
    try:
        return pace.ways_of(files[CARD_ACCESS]) if CARD_ACCESS in files else ()
    except Malformed as error:
        raise NotACard("EF.CardAccess does not hold what it should") from error


def _zone(files: Mapping[int, bytes]) -> tuple[str, ...]:
    """The chip knows its keys by its own DG1, whatever is printed on the plastic."""
    try:
        ((_, content),) = objects(files[FIRST_DATA_GROUP])
        zone = dict(objects(content))[0x5F1F].decode("ascii")
    except (KeyError, ValueError, Malformed) as error:
        raise NotACard("EF.DG1 does not hold a machine-readable zone") from error
    width = WIDTHS.get(len(zone))
    if width is None:
        raise NotACard("EF.DG1 is of none of the sizes of a document")
    return tuple(zone[start : start + width] for start in range(0, len(zone), width))

"""One document as a folder of files: what the chip holds, what it keeps to itself, and what is printed on it."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from pathlib import Path

from devices.virtual.issuer import data_groups, mrz, portrait
from devices.virtual.issuer.certificates import Signer
from devices.virtual.issuer.chip_keys import ChipKey
from devices.virtual.issuer.people import Card
from devices.virtual.issuer.security_infos import CHIP_MAPPING, PaceInfo, SecurityInfo, security_infos
from devices.virtual.issuer.security_object import sign, sign_infos

# "Jordan ID (eID)" in LudovicRousseau/pcsc-tools, smartcard_list.txt, commit 198ab8a (2024-03-19, an anonymous entry).
# Provisional: no authority has confirmed it.
NATIONAL_CARD_ATR = bytes.fromhex("3B8F80018091E1318065B08503010F8301900000")
# A contactless card that says nothing of itself (PC/SC part 3, 3.1.3.2.3: no historical bytes).
OTHER_CARD_ATR = bytes.fromhex("3B80800101")
TAGS = {1: 0x61, 2: 0x75, 11: 0x6B, 12: 0x6C, 14: 0x6E, 15: 0x6F}
OPEN_TO_ALL = "basic = false\nopen = true\n"


@dataclasses.dataclass(frozen=True, slots=True)
class Sample:
    """One card: answer to reset (empty if it gives none), the chip's files by name, its printed MRZ (None where the
    print is worn off), its printed access number, and the chip's `access.toml` (empty for BAC alone) and `keys.toml`
    (empty for none)."""

    atr: bytes
    files: Mapping[str, bytes]
    printed: tuple[str, ...] | None
    access_number: str = ""
    access_modes: str = ""
    keys: str = ""

    def write(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / "atr.txt").write_text(self.atr.hex().upper() + "\n", encoding="ascii")
        if self.printed is not None:
            (folder / "mrz.txt").write_text("\n".join(self.printed) + "\n", encoding="ascii")
        texts = {"can.txt": self.access_number and self.access_number + "\n"}
        texts |= {"access.toml": self.access_modes, "keys.toml": self.keys}
        for name, text in texts.items():
            if text:
                (folder / name).write_text(text, encoding="ascii")
        for name, content in self.files.items():
            (folder / name).write_bytes(content)

    def with_files(self, **files: bytes) -> Sample:
        """Other content for some files, by their names without `EF.`."""
        return dataclasses.replace(self, files=dict(self.files) | {f"EF.{name}": file for name, file in files.items()})

    def without(self, *names: str) -> Sample:
        return dataclasses.replace(self, files={name: file for name, file in self.files.items() if name not in names})


@dataclasses.dataclass(frozen=True, slots=True)
class Document:
    """What is to be issued. `lines` is its zone; `signing` and `agreement` are the chip's keys, where it has any.

    Without `pace` BAC alone opens it; with it, PACE by zone and number, and BAC where `basic`. `issued` adds DG12.
    `keys_apart`: the keys of agreement stand in EF.CardSecurity alone, not in DG14 too.
    """

    card: Card
    lines: tuple[str, ...]
    picture: bytes
    pace: tuple[PaceInfo, ...] = ()
    basic: bool = True
    signing: ChipKey | None = None
    agreement: tuple[ChipKey, ...] = ()
    issued: datetime.date | None = None
    keys_apart: bool = False

    @property
    def keys(self) -> tuple[ChipKey, ...]:
        return (*((self.signing,) if self.signing else ()), *self.agreement)

    @property
    def infos(self) -> tuple[SecurityInfo, ...]:
        """All that DG14 says."""
        return (*self.pace, *(info for key in self.keys for info in key.infos))

    def groups(self) -> dict[int, bytes]:
        """The data groups by number."""
        person = self.card.person
        groups = {
            1: data_groups.machine_readable_zone(self.lines),
            2: data_groups.face(self.picture, portrait.WIDTH, portrait.HEIGHT, person.sex),
        }
        if person.surname_arabic:
            groups[11] = data_groups.additional_details(person)
        if self.issued:
            groups[12] = data_groups.document_details(self.issued)
        if self.infos:
            groups[14] = data_groups.security_options(security_infos(self.pace if self.keys_apart else self.infos))
        if self.signing:
            groups[15] = data_groups.signing_key(self.signing.public)
        return groups

    def issue(self, signer: Signer, atr: bytes = NATIONAL_CARD_ATR) -> Sample:
        groups = self.groups()
        files = {f"EF.DG{number}": content for number, content in groups.items()}
        files["EF.COM"] = data_groups.common([TAGS[number] for number in groups])
        files["EF.SOD"] = sign(groups, signer)
        if self.pace:
            files["EF.CardAccess"] = security_infos(self.pace)
        if any(info.mapping == CHIP_MAPPING for info in self.pace):
            files["EF.CardSecurity"] = sign_infos(security_infos(self.infos), signer)
        return Sample(
            atr,
            files,
            self.lines,
            self.card.access_number if self.pace else "",
            modes(self.card, basic=self.basic, zone=True) if self.pace else "",
            "\n".join(key.secret for key in self.keys),
        )


def national(card: Card, picture: bytes) -> Document:
    """A TD1 card that BAC opens."""
    return Document(card, mrz.lines(card), picture)


def modes(card: Card, *, basic: bool, zone: bool) -> str:
    """What the chip of a virtual card is opened by (devices.virtual.card.files.AccessModes)."""
    return (
        f'basic = {str(basic).lower()}\npace_with_zone = {str(zone).lower()}\naccess_number = "{card.access_number}"\n'
    )

"""The sample cards, good and bad, as folders of files: what the chip holds and what is printed on its back."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from pathlib import Path

from devices.virtual.issuer import data_groups, mrz, portrait
from devices.virtual.issuer.certificates import DocumentSigner
from devices.virtual.issuer.data_groups import PaceInfo
from devices.virtual.issuer.people import (
    OMAR,
    Card,
    expired_card,
    karim_card,
    layla_card,
    omar_card,
    salma_card,
)
from devices.virtual.issuer.security_object import sign

# "Jordan ID (eID)" in LudovicRousseau/pcsc-tools, smartcard_list.txt, commit 198ab8a (2024-03-19, an anonymous entry).
# Provisional: no authority has confirmed it.
NATIONAL_CARD_ATR = bytes.fromhex("3B8F80018091E1318065B08503010F8301900000")
# A contactless card that says nothing of itself (PC/SC part 3, 3.1.3.2.3: no historical bytes).
OTHER_CARD_ATR = bytes.fromhex("3B80800101")
NO_ATR = b""
TAGS = {1: 0x61, 2: 0x75, 11: 0x6B, 14: 0x6E}
AES_128, AES_256 = 2, 4
P_256, BRAINPOOL_P_256 = 12, 13
LAYLA_PACE = (PaceInfo(AES_128, BRAINPOOL_P_256),)
KARIM_PACE = (PaceInfo(AES_128, BRAINPOOL_P_256), PaceInfo(AES_256, P_256))


@dataclasses.dataclass(frozen=True, slots=True)
class Sample:
    """One card: answer to reset (empty if it gives none), the chip's files by name, its printed MRZ (None where the
    print is worn off), its printed access number, and the chip's `access.toml` (empty for BAC alone)."""

    atr: bytes
    files: Mapping[str, bytes]
    printed: tuple[str, str, str] | None
    access_number: str = ""
    access_modes: str = ""

    def write(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / "atr.txt").write_text(self.atr.hex().upper() + "\n", encoding="ascii")
        if self.printed is not None:
            (folder / "mrz.txt").write_text("\n".join(self.printed) + "\n", encoding="ascii")
        if self.access_number:
            (folder / "can.txt").write_text(self.access_number + "\n", encoding="ascii")
        if self.access_modes:
            (folder / "access.toml").write_text(self.access_modes, encoding="ascii")
        for name, content in self.files.items():
            (folder / name).write_bytes(content)


def samples(today: datetime.date, trusted: DocumentSigner, foreign: DocumentSigner) -> Mapping[str, Sample]:
    """Every sample card by its folder's name."""
    salma, omar = salma_card(today), omar_card(today)
    genuine = _genuine(salma, portrait.jpeg(portrait.SALMA), trusted)
    layla, karim = layla_card(today), karim_card(today)
    return {
        "salma": genuine,
        "omar": _genuine(omar, portrait.jpeg(portrait.OMAR), trusted),
        "layla": _number_only(_with_pace(layla, portrait.jpeg_2000(portrait.LAYLA), trusted, LAYLA_PACE), layla),
        "karim": _with_pace(karim, portrait.jpeg(portrait.KARIM), trusted, KARIM_PACE),
        "tampered": _renamed(genuine, salma),
        "foreign": _genuine(omar, portrait.jpeg(portrait.OMAR), foreign),
        "expired": _genuine(expired_card(today), portrait.jpeg(portrait.OMAR), trusted),
        "unknown": Sample(OTHER_CARD_ATR, {}, mrz.lines(omar)),
        "mute": Sample(NO_ATR, {}, mrz.lines(omar)),
        "wrong_mrz": dataclasses.replace(genuine, printed=mrz.lines(omar)),
    }


def _genuine(card: Card, picture: bytes, signer: DocumentSigner, pace: tuple[PaceInfo, ...] = ()) -> Sample:
    person, lines = card.person, mrz.lines(card)
    groups = {
        1: data_groups.machine_readable_zone(lines),
        2: data_groups.face(picture, portrait.WIDTH, portrait.HEIGHT, person.sex),
        11: data_groups.additional_details(person),
    }
    if pace:
        groups[14] = data_groups.security_options(pace)
    files = {f"EF.DG{number}": content for number, content in groups.items()}
    files["EF.COM"] = data_groups.common([TAGS[number] for number in groups])
    files["EF.SOD"] = sign(groups, signer)
    return Sample(NATIONAL_CARD_ATR, files, lines)


def _with_pace(card: Card, picture: bytes, signer: DocumentSigner, pace: tuple[PaceInfo, ...]) -> Sample:
    """Opens by PACE with the zone or the access number, and by BAC, as most documents of today."""
    sample = _genuine(card, picture, signer, pace)
    return dataclasses.replace(
        sample,
        files=dict(sample.files) | {"EF.CardAccess": data_groups.card_access(pace)},
        access_number=card.access_number,
        access_modes=_modes(card, basic=True, zone=True),
    )


def _number_only(sample: Sample, card: Card) -> Sample:
    """The zone on its back is worn off, and nothing but PACE with the access number opens its chip."""
    return dataclasses.replace(sample, printed=None, access_modes=_modes(card, basic=False, zone=False))


def _modes(card: Card, *, basic: bool, zone: bool) -> str:
    """What the chip of a virtual card is opened by (devices.virtual.card.files.AccessModes)."""
    return (
        f'basic = {str(basic).lower()}\npace_with_zone = {str(zone).lower()}\naccess_number = "{card.access_number}"\n'
    )


def _renamed(genuine: Sample, card: Card) -> Sample:
    """Another name in DG1 and in print. The MRZ has no check digit over names, so only the hash in EF.SOD tells."""
    other = dataclasses.replace(card.person, surname_latin=OMAR.surname_latin)
    lines = mrz.lines(dataclasses.replace(card, person=other))
    files = dict(genuine.files) | {"EF.DG1": data_groups.machine_readable_zone(lines)}
    return Sample(genuine.atr, files, lines)

"""The sample cards, good and bad, as folders of files: what the chip holds and what is printed on its back."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from pathlib import Path

from devices.virtual.issuer import data_groups, mrz, portrait
from devices.virtual.issuer.certificates import DocumentSigner
from devices.virtual.issuer.people import OMAR, Card, expired_card, omar_card, salma_card
from devices.virtual.issuer.security_object import sign

# "Jordan ID (eID)" in LudovicRousseau/pcsc-tools, smartcard_list.txt, commit 198ab8a (2024-03-19, an anonymous entry).
# Provisional: no authority has confirmed it.
NATIONAL_CARD_ATR = bytes.fromhex("3B8F80018091E1318065B08503010F8301900000")
# A contactless card that says nothing of itself (PC/SC part 3, 3.1.3.2.3: no historical bytes).
OTHER_CARD_ATR = bytes.fromhex("3B80800101")
NO_ATR = b""
TAGS = {1: 0x61, 2: 0x75, 11: 0x6B}


@dataclasses.dataclass(frozen=True, slots=True)
class Sample:
    """One card: answer to reset (empty if it gives none), the chip's files by name, and its printed MRZ."""

    atr: bytes
    files: Mapping[str, bytes]
    printed: tuple[str, str, str]

    def write(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / "atr.txt").write_text(self.atr.hex().upper() + "\n", encoding="ascii")
        (folder / "mrz.txt").write_text("\n".join(self.printed) + "\n", encoding="ascii")
        for name, content in self.files.items():
            (folder / name).write_bytes(content)


def samples(today: datetime.date, trusted: DocumentSigner, foreign: DocumentSigner) -> Mapping[str, Sample]:
    """Every sample card by its folder's name."""
    salma, omar = salma_card(today), omar_card(today)
    genuine = _genuine(salma, trusted)
    return {
        "salma": genuine,
        "omar": _genuine(omar, trusted),
        "tampered": _renamed(genuine, salma),
        "foreign": _genuine(omar, foreign),
        "expired": _genuine(expired_card(today), trusted),
        "unknown": Sample(OTHER_CARD_ATR, {}, mrz.lines(omar)),
        "mute": Sample(NO_ATR, {}, mrz.lines(omar)),
        "wrong_mrz": dataclasses.replace(genuine, printed=mrz.lines(omar)),
    }


def _genuine(card: Card, signer: DocumentSigner) -> Sample:
    person, lines = card.person, mrz.lines(card)
    image = portrait.draw(person.sex)
    groups = {
        1: data_groups.machine_readable_zone(lines),
        2: data_groups.face(image, portrait.WIDTH, portrait.HEIGHT, person.sex),
        11: data_groups.additional_details(person),
    }
    files = {f"EF.DG{number}": content for number, content in groups.items()}
    files["EF.COM"] = data_groups.common([TAGS[number] for number in groups])
    files["EF.SOD"] = sign(groups, signer)
    return Sample(NATIONAL_CARD_ATR, files, lines)


def _renamed(genuine: Sample, card: Card) -> Sample:
    """Another name in DG1 and in print. The MRZ has no check digit over names, so only the hash in EF.SOD tells."""
    other = dataclasses.replace(card.person, surname_latin=OMAR.surname_latin)
    lines = mrz.lines(dataclasses.replace(card, person=other))
    files = dict(genuine.files) | {"EF.DG1": data_groups.machine_readable_zone(lines)}
    return Sample(genuine.atr, files, lines)

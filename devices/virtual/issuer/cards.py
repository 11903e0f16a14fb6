"""The cards of the demonstration, good and bad."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping

from devices.virtual.issuer import chip_keys, data_groups, mrz, portrait
from devices.virtual.issuer.certificates import Signer
from devices.virtual.issuer.documents import OTHER_CARD_ATR, Document, Sample, modes, national
from devices.virtual.issuer.people import (
    OMAR,
    Card,
    elena_passport,
    expired_card,
    karim_card,
    layla_card,
    omar_card,
    salma_card,
)
from devices.virtual.issuer.security_infos import AES_128, AES_256, PaceInfo

NO_ATR = b""
P_256, BRAINPOOL_P_256 = 12, 13
LAYLA_PACE = (PaceInfo(AES_128, BRAINPOOL_P_256),)
KARIM_PACE = (PaceInfo(AES_128, BRAINPOOL_P_256), PaceInfo(AES_256, P_256))


def samples(today: datetime.date, trusted: Signer, foreign: Signer, of_utopia: Signer) -> Mapping[str, Sample]:
    """Every card by its folder's name. Salma's chip proves itself (active authentication) before it signs for her.
    Elena has no card: she comes with the passport of a second country."""
    salma, omar, layla, karim = salma_card(today), omar_card(today), layla_card(today), karim_card(today)
    of_salma = national(salma, portrait.jpeg(portrait.SALMA))
    genuine = dataclasses.replace(of_salma, signing=chip_keys.signing_by_curve(P_256)).issue(trusted)
    of_omar = national(omar, portrait.jpeg(portrait.OMAR))
    of_layla = dataclasses.replace(national(layla, portrait.jpeg_2000(portrait.LAYLA)), pace=LAYLA_PACE)
    of_karim = dataclasses.replace(national(karim, portrait.jpeg(portrait.KARIM)), pace=KARIM_PACE)
    return {
        "salma": genuine,
        "omar": of_omar.issue(trusted),
        "layla": _number_only(of_layla.issue(trusted), layla),
        "karim": of_karim.issue(trusted),
        "elena": _passport(elena_passport(today)).issue(of_utopia, OTHER_CARD_ATR),
        "tampered": renamed(genuine, salma),
        "foreign": of_omar.issue(foreign),
        "expired": national(expired_card(today), portrait.jpeg(portrait.OMAR)).issue(trusted),
        "unknown": Sample(OTHER_CARD_ATR, {}, mrz.lines(omar)),
        "mute": Sample(NO_ATR, {}, mrz.lines(omar)),
        "wrong_mrz": dataclasses.replace(genuine, printed=mrz.lines(omar)),
    }


def _passport(card: Card) -> Document:
    return Document(
        card,
        mrz.passport_lines(card, "UTO"),
        portrait.jpeg_2000(portrait.ELENA),
        pace=LAYLA_PACE,
        signing=chip_keys.signing_by_curve(P_256),
    )


def renamed(genuine: Sample, card: Card) -> Sample:
    """Another name in DG1 and in print. The MRZ has no check digit over names, so only the hash in EF.SOD tells."""
    other = dataclasses.replace(card.person, surname_latin=OMAR.surname_latin)
    lines = mrz.lines(dataclasses.replace(card, person=other))
    changed = genuine.with_files(DG1=data_groups.machine_readable_zone(lines))
    return dataclasses.replace(changed, printed=lines)


def _number_only(sample: Sample, card: Card) -> Sample:
    """The zone on its back is worn off, and nothing but PACE with the access number opens its chip."""
    return dataclasses.replace(sample, printed=None, access_modes=modes(card, basic=False, zone=False))

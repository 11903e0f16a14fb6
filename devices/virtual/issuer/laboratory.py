"""Good documents that the laboratory holds beside the demonstration's cards: one for each protocol and kind.

Their names are known to tests; the panel of the demonstration does not list them.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace

from devices.virtual.issuer import chip_keys, mrz, people, portrait
from devices.virtual.issuer.documents import OPEN_TO_ALL, Document, Sample, national
from devices.virtual.issuer.infrastructure import Infrastructure
from devices.virtual.issuer.security_infos import (
    AES_128,
    AES_256,
    CHIP_MAPPING,
    RESIDUES,
    TRIPLE_DES,
    PaceInfo,
)

RESIDUES_2048_256, P_256, BRAINPOOL_P_256 = 2, 12, 13
GENERIC = PaceInfo(AES_128, BRAINPOOL_P_256)
BENCH_DG2_BYTES = 18_078
"""As the synthetic card of the published comparison has it, so that figures can be compared."""


def documents(today: datetime.date) -> Mapping[str, Document]:
    """Those that `Infrastructure.trusted` signs, by their folder's name."""
    card = people.laboratory_card(today)
    plain = national(card, portrait.jpeg(portrait.SALMA))
    mapping = chip_keys.agreement(BRAINPOOL_P_256, identifier=BRAINPOOL_P_256, spelt_out=False)
    chip_mapping = PaceInfo(AES_128, BRAINPOOL_P_256, CHIP_MAPPING)
    return {
        # Active authentication, with the hash's name in the trailer of ISO/IEC 9796-2, and without.
        "aa_rsa": replace(plain, signing=chip_keys.signing_by_residues("sha256")),
        "aa_rsa_sha1": replace(plain, signing=chip_keys.signing_by_residues("sha1")),
        "aa_ecdsa": replace(plain, signing=chip_keys.signing_by_curve(P_256)),
        # Chip authentication: GENERAL AUTHENTICATE for AES, MSE:SET KAT for triple DES, both kinds of groups.
        "ca_ecdh": replace(plain, agreement=(chip_keys.agreement(BRAINPOOL_P_256, AES_128),)),
        "ca_ecdh_3des": replace(plain, agreement=(chip_keys.agreement(P_256, TRIPLE_DES),)),
        "ca_dh": replace(plain, agreement=(chip_keys.agreement(RESIDUES_2048_256, AES_128),)),
        "ca_dh_3des": replace(plain, agreement=(chip_keys.agreement(RESIDUES_2048_256, TRIPLE_DES, x942=True),)),
        # Two keys, told apart by their identifiers; the terminal has to name one.
        "ca_two_keys": replace(
            plain,
            agreement=(
                chip_keys.agreement(P_256, AES_128, identifier=1),
                chip_keys.agreement(BRAINPOOL_P_256, AES_256, identifier=2),
            ),
        ),
        # PACE with chip authentication mapping, and over residues.
        "cam": replace(plain, pace=(GENERIC, chip_mapping), agreement=(mapping,), basic=False),
        "pace_dh": replace(plain, pace=(PaceInfo(AES_128, RESIDUES_2048_256, RESIDUES),)),
        # A whole passport, and the card that benchmarks read.
        "passport": _passport(today),
        "bench": _bench(today),
    }


def samples(today: datetime.date, signers: Infrastructure) -> Mapping[str, Sample]:
    """Every good document by its folder's name."""
    plain = national(people.laboratory_card(today), portrait.jpeg(portrait.SALMA))
    found = {name: document.issue(signers.trusted) for name, document in documents(today).items()}
    return found | {
        # No access control at all: files are read as they are.
        "plain": replace(plain.issue(signers.trusted), access_modes=OPEN_TO_ALL),
        # Two lines of 36, of the second country.
        "td2": _td2(today).issue(signers.of_utopia),
        # The signatures that issuers use: RSA by PKCS #1 and PSS, ECDSA with the curve spelt out.
        "signed_rsa": plain.issue(signers.by_residues),
        "signed_pss": plain.issue(signers.by_pss),
        "signed_explicit": plain.issue(signers.spelt_out),
        # Trusted by the link from the authority's first key, or by the second master list.
        "next_generation": plain.issue(signers.of_next),
    }


def _passport(today: datetime.date) -> Document:
    """BAC and PACE, active authentication."""
    card = people.passport(today)
    return Document(
        card,
        mrz.passport_lines(card, "JOR"),
        portrait.jpeg_2000(portrait.LAYLA),
        pace=(GENERIC,),
        signing=chip_keys.signing_by_residues("sha256"),
        issued=_issued(today),
    )


def _td2(today: datetime.date) -> Document:
    card = people.utopian_card(today)
    return Document(card, mrz.middle_lines(card, "UTO"), portrait.jpeg(portrait.OMAR))


def _bench(today: datetime.date) -> Document:
    """Eight files, about 19.9 kB, with BAC, PACE, active and chip authentication."""
    card = people.passport(today)
    whole = Document(
        card,
        mrz.passport_lines(card, "JOR"),
        portrait.jpeg(portrait.SALMA),
        pace=(GENERIC,),
        signing=chip_keys.signing_by_residues("sha256"),
        agreement=(chip_keys.agreement(BRAINPOOL_P_256, AES_128, spelt_out=False),),
        issued=_issued(today),
    )
    return replace(whole, picture=portrait.longer(whole.picture, BENCH_DG2_BYTES - len(whole.groups()[2])))


def _issued(today: datetime.date) -> datetime.date:
    return today - datetime.timedelta(days=1)

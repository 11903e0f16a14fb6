"""Good documents that the laboratory holds beside the demonstration's cards: one for each protocol and kind.

Their names are known to tests; the panel of the demonstration does not list them.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace

from devices.virtual.card.tlv import encode, objects
from devices.virtual.issuer import chip_keys, data_groups, mrz, people, portrait
from devices.virtual.issuer.documents import NATIONAL_CARD_ATR, OPEN_TO_ALL, OTHER_CARD_ATR, Document, Sample, national
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
END_OF_CONTENT = bytes(2)
GENERIC = PaceInfo(AES_128, BRAINPOOL_P_256)
BENCH_DG2_BYTES = 17_766
"""So that the eight files are 19.6 kB together, as those of the published comparison, and figures can be compared: this
security object is longer than its."""


def documents(today: datetime.date) -> Mapping[str, Document]:
    """Those that `Infrastructure.trusted` signs, by their folder's name."""
    card = people.laboratory_card(today)
    plain = national(card, portrait.jpeg(portrait.SALMA))
    mapping = chip_keys.agreement(BRAINPOOL_P_256, identifier=BRAINPOOL_P_256, spelt_out=False)
    chip_mapping = PaceInfo(AES_128, BRAINPOOL_P_256, CHIP_MAPPING)
    return {
        # Active authentication: RSA with the hash named in the trailer of ISO/IEC 9796-2.
        "aa_rsa": replace(plain, signing=chip_keys.signing_by_residues("sha256")),
        # RSA with the one-byte trailer, which stands for SHA-1.
        "aa_rsa_sha1": replace(plain, signing=chip_keys.signing_by_residues("sha1")),
        # ECDSA in the plain format, its algorithm in DG14.
        "aa_ecdsa": replace(plain, signing=chip_keys.signing_by_curve(P_256)),
        # Chip authentication over a curve: MSE:SET AT and GENERAL AUTHENTICATE, AES.
        "ca_ecdh": replace(plain, agreement=(chip_keys.agreement(BRAINPOOL_P_256, AES_128),)),
        # In one command, MSE:SET KAT, with triple DES.
        "ca_ecdh_3des": replace(plain, agreement=(chip_keys.agreement(P_256, TRIPLE_DES),)),
        # Over residues; the public key does not fit a short command.
        "ca_dh": replace(plain, agreement=(chip_keys.agreement(RESIDUES_2048_256, AES_128),)),
        # The same in one command, the key spelt as X9.42 has it (9303-11, 8.5, note 2).
        "ca_dh_3des": replace(plain, agreement=(chip_keys.agreement(RESIDUES_2048_256, TRIPLE_DES, x942=True),)),
        # With a signing key too, so that a terminal that cannot use the long one has another way.
        "ca_dh_and_aa": replace(
            plain,
            agreement=(chip_keys.agreement(RESIDUES_2048_256, AES_128),),
            signing=chip_keys.signing_by_residues("sha256"),
        ),
        # Two keys, told apart by their identifiers: the terminal has to name one.
        "ca_two_keys": replace(
            plain,
            agreement=(
                chip_keys.agreement(P_256, AES_128, identifier=1),
                chip_keys.agreement(BRAINPOOL_P_256, AES_256, identifier=2),
            ),
        ),
        # PACE with chip authentication mapping and with generic mapping, no BAC, EF.CardSecurity.
        "cam": replace(plain, pace=(GENERIC, chip_mapping), agreement=(mapping,), basic=False),
        # The key of the mapping in EF.CardSecurity alone: DG14 knows nothing of it.
        "cam_apart": replace(plain, pace=(GENERIC, chip_mapping), agreement=(mapping,), basic=False, keys_apart=True),
        # PACE over residues, and BAC.
        "pace_dh": replace(plain, pace=(PaceInfo(AES_128, RESIDUES_2048_256, RESIDUES),)),
        # What benchmarks read: eight files of known sizes.
        "bench": _bench(today),
    }


def samples(today: datetime.date, signers: Infrastructure) -> Mapping[str, Sample]:
    """Every good document by its folder's name."""
    plain = national(people.laboratory_card(today), portrait.jpeg(portrait.SALMA))
    found = {
        name: document.issue(signers.trusted, NATIONAL_CARD_ATR if len(document.lines) == 3 else OTHER_CARD_ATR)
        for name, document in documents(today).items()
    }
    return found | {
        # Two lines of 44; PACE, BAC, active authentication, EF.DIR and EF.ATR/INFO.
        "passport": _passport(today, signers),
        # Two lines of 36, of the second country.
        "td2": _td2(today).issue(signers.of_utopia, OTHER_CARD_ATR),
        # No access control at all: files are read as they are.
        "plain": replace(plain.issue(signers.trusted, OTHER_CARD_ATR), access_modes=OPEN_TO_ALL),
        # EF.SOD signed by RSA, PKCS #1.
        "signed_rsa": plain.issue(signers.by_residues),
        # By RSA, PSS.
        "signed_pss": plain.issue(signers.by_pss),
        # By ECDSA; the signer's certificate spells the curve out.
        "signed_explicit": plain.issue(signers.spelt_out),
        # Its outer lengths are indefinite, as on passports of the USA (RfidResearchGroup/proxmark3, PR 1145).
        "signed_indefinite": _indefinite(plain.issue(signers.trusted)),
        # Trusted by the link from the authority's first key, or by the second master list.
        "next_generation": plain.issue(signers.of_next),
    }


def _passport(today: datetime.date, signers: Infrastructure) -> Sample:
    card = people.passport(today)
    document = Document(
        card,
        mrz.passport_lines(card, "JOR"),
        portrait.jpeg_2000(portrait.LAYLA),
        pace=(GENERIC,),
        signing=chip_keys.signing_by_residues("sha256"),
        issued=_issued(today),
    )
    issued = document.issue(signers.trusted, OTHER_CARD_ATR)
    return issued.with_files(DIR=data_groups.directory(), ATR=data_groups.card_information())


def _td2(today: datetime.date) -> Document:
    card = people.utopian_card(today)
    return Document(card, mrz.middle_lines(card, "UTO"), portrait.jpeg(portrait.OMAR))


def _bench(today: datetime.date) -> Document:
    """Eight files, 19.6 kB together, with BAC, PACE, active and chip authentication."""
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


def _indefinite(sample: Sample) -> Sample:
    """EF.SOD's ContentInfo and what it wraps, in BER (X.690, 8.1.3.6)."""
    ((_, message),) = objects(sample.files["EF.SOD"])
    ((_, inner),) = objects(message)
    (_, content_type), (_, signed_data) = objects(inner)
    content = encode(0x06, content_type) + b"\xa0\x80" + signed_data + END_OF_CONTENT
    return sample.with_files(SOD=encode(0x77, b"\x30\x80" + content + END_OF_CONTENT))


def _issued(today: datetime.date) -> datetime.date:
    return today - datetime.timedelta(days=1)

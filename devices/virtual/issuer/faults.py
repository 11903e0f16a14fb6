"""Documents with one fault each: one for each link that a terminal has to hold (ICAO Doc 9303-11, 5 and 6).

Their folders' names are known to the tests of the reader. Three more stand among the demonstration's cards: `tampered`,
`foreign` and `expired`.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace

from devices.virtual.card.tlv import encode
from devices.virtual.issuer import chip_keys, data_groups, people, portrait, signed_message
from devices.virtual.issuer.documents import TAGS, Document, Sample, national
from devices.virtual.issuer.infrastructure import Infrastructure
from devices.virtual.issuer.laboratory import BRAINPOOL_P_256, GENERIC
from devices.virtual.issuer.security_infos import AES_128, TRIPLE_DES, PaceInfo, security_infos
from devices.virtual.issuer.security_object import CARD_SECURITY, sign


def samples(today: datetime.date, signers: Infrastructure, good: Mapping[str, Sample]) -> Mapping[str, Sample]:
    """Every faulty document by its folder's name; `good` are the laboratory's others, of which some are copies."""
    plain = national(people.laboratory_card(today), portrait.jpeg(portrait.SALMA))
    return {
        **_of_content(plain, signers),
        **_of_signers(plain, signers),
        **_clones(good),
        **_left_out(good),
        # It offers the weak PACE that its signed DG14 does not hold: somebody put another EF.CardAccess before it.
        "card_access_differs": replace(plain, pace=(GENERIC,))
        .issue(signers.trusted)
        .with_files(CardAccess=security_infos((PaceInfo(TRIPLE_DES, BRAINPOOL_P_256),))),
    }


def _of_content(plain: Document, signers: Infrastructure) -> dict[str, Sample]:
    """Where bytes are not those that were signed."""
    genuine, groups = plain.issue(signers.trusted), plain.groups()
    security_object = genuine.files["EF.SOD"]
    without_face = {number: group for number, group in groups.items() if number != 2}
    other_type = encode(0x77, signed_message.sign(CARD_SECURITY, b"\x31\x00", signers.trusted))
    return {
        "changed_dg2": genuine.with_files(DG2=_changed(groups[2])),
        "changed_dg11": genuine.with_files(DG11=_changed(groups[11])),
        # The last byte of EF.SOD is the signature's.
        "changed_sod": genuine.with_files(SOD=_changed(security_object)),
        # It ends before its own length says so.
        "short_sod": genuine.with_files(SOD=security_object[: len(security_object) // 2]),
        # Well signed, but it is no list of hashes.
        "other_sod": genuine.with_files(SOD=other_type),
        # The face is there, and no hash of it in EF.SOD.
        "unlisted_dg2": genuine.with_files(SOD=sign(without_face, signers.trusted)),
    }


def _of_signers(plain: Document, signers: Infrastructure) -> dict[str, Sample]:
    """Where the signature is right, and its signer is not."""
    return {
        # The second country is trusted, but not with this country's documents.
        "wrong_country": plain.issue(signers.of_utopia),
        "expired_signer": plain.issue(signers.expired),
        "revoked_signer": plain.issue(signers.revoked),
        # The signer's certificate names the trusted authority, which never signed it.
        "forged_signer": plain.issue(signers.forged),
    }


def _clones(good: Mapping[str, Sample]) -> dict[str, Sample]:
    """Every file is genuine, and the chip lacks the private key: it does with one of its own."""
    fresh = {
        "aa_rsa": chip_keys.signing_by_residues("sha256"),
        "ca_ecdh": chip_keys.agreement(BRAINPOOL_P_256, AES_128),
        "cam": chip_keys.agreement(BRAINPOOL_P_256, identifier=BRAINPOOL_P_256),
    }
    apart = good["cam_apart"]
    clones = {name: replace(good[name], keys=key.secret) for name, key in fresh.items()}
    return {
        "clone_without_key_aa": clones["aa_rsa"],
        "clone_without_key_ca": clones["ca_ecdh"],
        "clone_without_key_cam": clones["cam"],
        # Another key than the signed one, in the one place where it stands.
        "changed_card_security": apart.with_files(CardSecurity=_changed(apart.files["EF.CardSecurity"])),
    }


def _left_out(good: Mapping[str, Sample]) -> dict[str, Sample]:
    """EF.SOD lists a group that would unmask the copy, so that the copy does without it; EF.COM, which nobody signs,
    says nothing of it either."""
    common = data_groups.common([TAGS[number] for number in (1, 2, 11)])
    return {
        "dg14_removed": replace(good["ca_ecdh"].without("EF.DG14").with_files(COM=common), keys=""),
        "dg15_removed": replace(good["aa_rsa"].without("EF.DG15").with_files(COM=common), keys=""),
    }


def _changed(file: bytes) -> bytes:
    """The last byte is another one."""
    return file[:-1] + bytes([file[-1] ^ 1])

"""The cards that the campaign of hostile cards presents: sample cards, and one whose issuer signs anything."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from pathlib import Path

from asn1crypto import x509

from devices.cards import anchors, data_groups, tlv
from devices.cards.anchors import Anchor
from devices.cards.printed import Printed
from devices.cards.trust.store import Policy, Trust, read_trust
from devices.virtual.card.files import FIRST_DATA_GROUP, SECURITY_OBJECT, CardContent, load
from devices.virtual.card.hostile import Signing
from tests.devices.cards import issuing
from tests.devices.cards.processes import ROOT

CARDS = ROOT / "build" / "demo" / "cards"
CARELESS = "careless issuer"
# TerminalAuthenticationInfo, version 1 (BSI TR-03110-3, A.1.1.3): many chips list it in DG14, and a reader without a
# certificate of its own cannot run it.
TERMINAL_AUTHENTICATION = bytes.fromhex("300D060804007F0007020202020101")
SHARES = {
    "cards/salma": 400,
    "cards/karim": 1,
    "cards/layla": 1,
    "laboratory/aa_rsa": 4,
    "laboratory/aa_ecdsa": 1,
    "laboratory/ca_ecdh_3des": 1,
    "laboratory/cam_apart": 1,
    "laboratory/passport": 1,
    "laboratory/plain": 40,
    CARELESS: 40,
}
"""How often each card is presented. Agreeing on keys is arithmetic for 20 ms, so such cards come rarely."""


@dataclasses.dataclass(frozen=True, slots=True)
class Subject:
    """One authentic card: what its chip holds, what is known of its print, and who believes it when."""

    content: CardContent
    printed: Printed
    believed: Trust
    now: datetime.datetime
    sign: Signing | None = None


def load_subjects(cards: Path = CARDS) -> dict[str, Subject]:
    """The sample cards that are good, and one whose issuer signs anything."""
    believed = read_trust(cards / "anchors", Policy())
    subjects = {name: _load(cards / name, believed) for name in SHARES if name != CARELESS}
    return subjects | {CARELESS: _careless(subjects["cards/salma"].content)}


def _load(folder: Path, believed: Trust) -> Subject:
    number, zone = folder / "can.txt", folder / "mrz.txt"
    printed = Printed.seen(
        zone.read_text(encoding="ascii") if zone.exists() else None,
        number.read_text(encoding="ascii").strip() if number.exists() else "",
    )
    return Subject(load(folder), printed, believed, datetime.datetime.now(datetime.UTC))


def _careless(groups: CardContent) -> Subject:
    """So that changed data groups are looked into, and not only refused for their hash."""
    authority = issuing.make_authority()
    signer = issuing.make_signer(authority)

    def sign(files: Mapping[int, bytes]) -> bytes:
        numbers = {identifier - FIRST_DATA_GROUP + 1: file for identifier, file in files.items()}
        return issuing.make_security_object(signer, {n: file for n, file in numbers.items() if 1 <= n <= 16})

    files = dict(groups.files)
    zone = bytes(files[FIRST_DATA_GROUP][-90:]).decode("ascii")
    protocols = issuing.make_security_infos(TERMINAL_AUTHENTICATION)
    files[FIRST_DATA_GROUP + 13] = tlv.encode(data_groups.FILE_TAGS[data_groups.DG14], protocols)
    files[SECURITY_OBJECT] = sign(files)
    anchor = Anchor(x509.Certificate.load(authority.der), anchors.country_of_state("JOR"))
    content = dataclasses.replace(groups, files=files)
    return Subject(content, Printed.seen(zone), Trust(anchors=(anchor,)), issuing.NOW, sign)

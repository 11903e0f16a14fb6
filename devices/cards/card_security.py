"""EF.CardSecurity: the issuer's signature over a chip's protocols and its public keys (ICAO Doc 9303-11, 9.2.11)."""

from __future__ import annotations

import dataclasses

from asn1crypto import x509

from devices.cards.apdu import Command
from devices.cards.files import FileMissing, NoData, Sender, read_whole
from devices.cards.security_infos import SecurityInfos, parse_security_infos
from devices.cards.signed_data import open_signed_data

_SHORT_ID = 0x1D
_FILE = bytes.fromhex("011D")
_SECURITY_OBJECT = "0.4.0.127.0.7.3.2.1"
"""id-SecurityObject of bsi-de (TR-03110-3, A.1.2.5)."""


@dataclasses.dataclass(frozen=True, slots=True)
class CardSecurity:
    """What was signed, and who signed it."""

    infos: SecurityInfos
    signer: x509.Certificate


def read_card_security(sender: Sender, most: int) -> bytes:
    """The file as stored, `most` bytes at once, in the channel that PACE opened and before an application is selected:
    in the eMRTD application the same short identifier means EF.SOD. Raises FileMissing, NoData, MalformedData, and what
    the sender raises."""
    try:
        return read_whole(sender, 0x80 | _SHORT_ID, most)
    except (FileMissing, NoData):
        if not sender.send(Command(0x00, 0xA4, 0x02, 0x0C, data=_FILE)).is_good:
            raise
        return read_whole(sender, 0, most)


def open_card_security(file: bytes) -> CardSecurity:
    """Parses the file and checks its signature by the certificate inside it; whether to believe that certificate is
    `authenticity`'s question. Raises MalformedData, SignatureWrong, CannotCheck."""
    signed = open_signed_data(file, _SECURITY_OBJECT)
    return CardSecurity(parse_security_infos(signed.content), signed.signer)

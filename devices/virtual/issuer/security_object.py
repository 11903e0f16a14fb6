"""EF.SOD: the hashes of the data groups, signed by a document signer (ICAO Doc 9303-10, 4.6.2)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from devices.virtual.card.tlv import encode
from devices.virtual.issuer import signed_message
from devices.virtual.issuer.certificates import Signer
from devices.virtual.issuer.der import integer, object_identifier, octet_string, sequence

LDS_SECURITY_OBJECT = "2.23.136.1.1.1"
CARD_SECURITY = "0.4.0.127.0.7.3.2.1"
SHA256 = "2.16.840.1.101.3.4.2.1"


def sign(data_groups: Mapping[int, bytes], signer: Signer) -> bytes:
    """EF.SOD over the files of these data groups, by their numbers. SHA-256, the signer's certificate inside."""
    hashes = (
        sequence(integer(number), octet_string(hashlib.sha256(file).digest()))
        for number, file in sorted(data_groups.items())
    )
    content = sequence(integer(0), sequence(object_identifier(SHA256)), sequence(*hashes))
    return encode(0x77, signed_message.sign(LDS_SECURITY_OBJECT, content, signer))


def sign_infos(infos: bytes, signer: Signer) -> bytes:
    """EF.CardSecurity over these SecurityInfos (Doc 9303-10, 3.11.4)."""
    return signed_message.sign(CARD_SECURITY, infos, signer)

"""Finds EF.CardAccess, the file in the open that says whether a chip offers PACE (ICAO Doc 9303-11, 9.2.11)."""

from __future__ import annotations

from devices.cards.apdu import SHORT_LARGEST, Command
from devices.cards.exchange import Exchange, WireBroken
from devices.cards.files import FileMissing, NoData, read_whole
from devices.cards.security_infos import SecurityInfos, parse_security_infos

_SHORT_ID = 0x1C
_FILE = bytes.fromhex("011C")
_MASTER_FILE = (b"", bytes.fromhex("3F00"))


def find(exchange: Exchange, *, thorough: bool) -> SecurityInfos | None:
    """What the chip offers, asked right after power-up; None where it has no such file.

    One command is enough where the chip gives the file by its short identifier, or says plainly that there is none. A
    chip that says something else, and one that is looked at thoroughly, is asked in every way that is known to work
    somewhere, as each of them fails on some card (https://github.com/AndyQ/NFCPassportReader/issues/219).
    Raises MalformedData, ServiceFailure.
    """
    try:
        try:
            return parse_security_infos(read_whole(exchange, 0x80 | _SHORT_ID, SHORT_LARGEST))
        except FileMissing:
            if not thorough:
                return None
        except NoData:
            pass
        return _by_selecting(exchange)
    except WireBroken:
        exchange.reconnect()  # a chip that chokes on the question is asked the next one afresh
        return None


def _by_selecting(exchange: Exchange) -> SecurityInfos | None:
    for master_file in _MASTER_FILE:
        if not exchange.send(Command(0x00, 0xA4, 0x00, 0x0C, data=master_file)).is_good:
            continue
        if not exchange.send(Command(0x00, 0xA4, 0x02, 0x0C, data=_FILE)).is_good:
            continue  # "good" without effect: the next way may have one
        try:
            return parse_security_infos(read_whole(exchange, 0, SHORT_LARGEST))
        except (FileMissing, NoData):
            continue
    return None

"""The technician's check of the scanner that reads what is printed on a card."""

from __future__ import annotations

import socket
import time

from devices.scanners.mrz import SECONDS
from kiosk.diagnostics import Check, Group, Health, Measured, milliseconds, told
from kiosk.wire import Words


def scanner(host: str, port: int) -> Check:
    """Only whether somebody listens there: what it would read is a person's."""

    def run() -> Measured:
        limit = told("يرد خلال {n}\u00a0ث", "answers within {n}\u00a0s", n=f"{SECONDS:.1f}")
        began = time.monotonic()
        try:
            socket.create_connection((host, port), timeout=SECONDS).close()
        except OSError:
            return Measured(
                health=Health.BAD,
                value=Words(ar="لا يرد", en="no answer"),
                limit=limit,
                meaning=Words(
                    ar="لا تُفتح شريحة البطاقة دون قراءة ما طُبع عليها.",
                    en="A card's chip is not opened without what is printed on the card.",
                ),
                next_step=Words(ar="افحص كابل الماسح وعنوانه في الإعدادات", en="Check the scanner's cable and address"),
            )
        return Measured(health=Health.GOOD, value=milliseconds((time.monotonic() - began) * 1000), limit=limit)

    return Check(id="scanner", group=Group.CARD, title=Words(ar="ماسح البطاقة", en="Card scanner"), run=run)

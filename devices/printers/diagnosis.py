"""The technician's check of the receipt printer."""

from __future__ import annotations

import time

from devices.printers.ipp_link import Broken, PrinterLink, Unreachable
from devices.printers.ipp_message import MalformedAnswer
from kiosk.diagnostics import Check, Health, Measured
from kiosk.failures import FAILURES
from kiosk.wire import Words

_CONNECT = Words(
    ar="شغّل الطابعة، وافحص كابلها وعنوانها في الإعدادات", en="Switch it on, check its cable and its address"
)
_SEE_TO = Words(ar="أصلح ما تذكره الطابعة، ثم أعِد الفحص", en="See to what the printer names, then check again")


def printer(url: str) -> Check:
    def run() -> Measured:
        began = time.monotonic()
        try:
            status = PrinterLink(url).status()
        except (Unreachable, Broken, MalformedAnswer):
            return Measured(health=Health.BAD, value="no answer", next_step=_CONNECT)
        milliseconds = round((time.monotonic() - began) * 1000)
        if status.failure is not None:
            return Measured(health=Health.BAD, value=FAILURES[status.failure].title, next_step=_SEE_TO)
        reasons = ", ".join(status.reasons) or "nothing to report"
        return Measured(health=Health.GOOD, value=f"{status.state.name.lower()}, {reasons}, {milliseconds} ms")

    return Check(id="printer", title=Words(ar="الطابعة", en="Printer"), run=run)

"""The technician's checks of the receipt printer: does it answer, and has it paper?"""

from __future__ import annotations

import time
from typing import Final

from devices.printers.ipp_link import Broken, PrinterLink, PrinterStatus, Unreachable
from devices.printers.ipp_message import MalformedAnswer
from kiosk.diagnostics import Check, Group, Health, Measured, StepFound, joined, milliseconds, same, told
from kiosk.failures import Failure
from kiosk.wire import Words

_READY: Final = Words(ar="جاهزة", en="ready")
_PAPER: Final = Words(ar="لا نقص", en="no shortage")
_CONNECT: Final = Words(
    ar="شغّل الطابعة، وافحص كابلها وعنوانها في الإعدادات", en="Switch it on, check its cable and its address"
)
_MEANING: Final = Words(
    ar="تُسجَّل المعاملات، ولا تُطبع إيصالاتها.", en="Transactions are recorded; their receipts do not print."
)
_STEPS: Final = {
    Failure.PRINTER_COVER_OPEN: Words(ar="أغلق غطاء الطابعة", en="Close the printer's cover"),
    Failure.PRINTER_JAM: Words(ar="أخرج الورق العالق", en="Take out the paper that is stuck"),
    Failure.PRINTER_OUT_OF_PAPER: Words(ar="ضع لفة ورق جديدة", en="Put in a new roll of paper"),
    Failure.PRINTER_SILENT: Words(ar="أعِد تشغيل الطابعة", en="Switch the printer off and on"),
}
_STOPPED: Final = {
    Failure.PRINTER_COVER_OPEN: Words(ar="الغطاء مفتوح", en="cover open"),
    Failure.PRINTER_JAM: Words(ar="علق الورق", en="paper stuck"),
    Failure.PRINTER_OUT_OF_PAPER: Words(ar="انتهى الورق", en="no paper"),
    Failure.PRINTER_SILENT: Words(ar="متوقفة", en="stopped"),
}
_RUNNING_LOW: Final = ("media-low", "marker-supply-low")
"""printer-state-reasons (RFC 8011, 5.4.12; PWG 5100.9): the roll is nearly used up."""


def printer(url: str) -> Check:
    def run() -> Measured:
        began = time.monotonic()
        status = _ask(url)
        if status is None:
            return _silent(_READY)
        reasons = same(", ".join(status.reasons)) if status.reasons else Words(ar="لا شيء", en="none")
        steps = (
            StepFound(
                title=Words(ar="رد الطابعة", en="Printer answers"),
                health=Health.GOOD,
                value=milliseconds((time.monotonic() - began) * 1000),
            ),
            StepFound(title=Words(ar="الطراز", en="Model"), health=Health.GOOD, value=same(status.model)),
            StepFound(
                title=Words(ar="ما تذكره الطابعة", en="What it reports"),
                health=Health.GOOD if status.failure is None else Health.BAD,
                value=reasons,
            ),
        )
        if status.failure is not None:
            return Measured(
                health=Health.BAD,
                value=_STOPPED[status.failure],
                limit=_READY,
                meaning=_MEANING,
                next_step=_STEPS[status.failure],
                steps=steps,
                code=status.failure.value,
            )
        return Measured(health=Health.GOOD, value=joined(_READY, steps[0].value), limit=_READY, steps=steps)

    return Check(id="printer", group=Group.PRINTING, title=Words(ar="طابعة الإيصالات", en="Receipt printer"), run=run)


def paper(url: str) -> Check:
    """A receipt printer reports a shortage in words, not in percent."""

    def run() -> Measured:
        status = _ask(url)
        if status is None:
            return _silent(_PAPER)
        if status.failure is Failure.PRINTER_OUT_OF_PAPER:
            failure = status.failure
            value, step = _STOPPED[failure], _STEPS[failure]
            return Measured(health=Health.BAD, value=value, limit=_PAPER, next_step=step, code=failure.value)
        if any(reason.startswith(_RUNNING_LOW) for reason in status.reasons):
            return Measured(
                health=Health.WARNING,
                value=Words(ar="قارب على الانتهاء", en="running low"),
                limit=_PAPER,
                next_step=Words(ar="جهّز لفة ورق جديدة", en="Have a new roll of paper at hand"),
            )
        return Measured(health=Health.GOOD, value=_PAPER, limit=_PAPER)

    return Check(id="paper", group=Group.PRINTING, title=Words(ar="الورق", en="Paper"), run=run)


def _ask(url: str) -> PrinterStatus | None:
    try:
        return PrinterLink(url).status()
    except (Unreachable, Broken, MalformedAnswer):
        return None


def _silent(limit: Words) -> Measured:
    return Measured(
        health=Health.BAD,
        value=told("لا ترد", "no answer"),
        limit=limit,
        meaning=_MEANING,
        next_step=_CONNECT,
        code=Failure.PRINTER_SILENT.value,
    )

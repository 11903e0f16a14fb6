"""The technician's checks of ledger, delivery, gateway and disk."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from kiosk.diagnostics import Check, Health, Measured
from kiosk.wire import Words
from offline_queue.centre import CentreHealth, NoAnswer, Silence

LEAST_FREE_BYTES = 500_000_000
LARGEST_CLOCK_DIFFERENCE_MS = 60_000

_LINE_STEPS = {
    Silence.NO_LINE: Words(
        ar="افحص كابل الشبكة والموجّه، ثم أعِد الفحص", en="Check the network cable and the router, then check again"
    ),
    Silence.UNPROVEN: Words(
        ar="الرد ليس من المركز: افحص بوابة الشبكة وملف الثقة",
        en="The answer is not the centre's: look for a network login page, and at the trust file",
    ),
}
_CALL_CENTRE = Words(ar="اتصل بالمركز واذكر هذه النتيجة", en="Call the centre and name this result")


def gateway(ask: Callable[[], CentreHealth]) -> Check:
    """TLS, the centre's signature, and how far its clock is from this one."""

    def run() -> Measured:
        try:
            health = ask()
        except NoAnswer as silence:
            step = _LINE_STEPS.get(silence.silence, _CALL_CENTRE)
            return Measured(health=Health.BAD, value=f"no answer: {silence.silence.value}", next_step=step)
        difference = abs(health.clock_difference_ms)
        return Measured(
            health=Health.GOOD if difference <= LARGEST_CLOCK_DIFFERENCE_MS else Health.WARNING,
            value=f"answered in {health.milliseconds} ms, TLS and signature proven, clock differs by {difference} ms",
            limit=f"{LARGEST_CLOCK_DIFFERENCE_MS} ms clock difference",
            next_step=Words(ar="اضبط ساعة الجهاز", en="Set this machine's clock"),
        )

    return Check(id="gateway", title=Words(ar="الاتصال بالمركز", en="Gateway"), run=run)


def ledger(verify: Callable[[], tuple[int, tuple[str, ...]]], version: Callable[[], str]) -> Check:
    """The chain, the signatures and the projections. `verify` answers with the entries and what is wrong."""

    def run() -> Measured:
        entries, problems = verify()
        return Measured(
            health=Health.BAD if problems else Health.GOOD,
            value=problems[0] if problems else f"{entries} entries, chain whole, SQLite {version()}",
            limit="no gap, every signature",
            next_step=_CALL_CENTRE,
        )

    return Check(id="ledger", title=Words(ar="سجل المعاملات", en="Ledger"), run=run)


def waiting(count: Callable[[], int]) -> Check:
    def run() -> Measured:
        number = count()
        return Measured(
            health=Health.WARNING if number else Health.GOOD,
            value=f"{number} waiting",
            next_step=Words(ar="تُرسل تلقائيًا حين يعود الاتصال", en="They are sent by themselves when the line returns"),
        )

    return Check(id="outbox", title=Words(ar="بانتظار التسليم", en="Waiting for delivery"), run=run)


def disk(folder: Path) -> Check:
    def run() -> Measured:
        free = shutil.disk_usage(folder).free
        return Measured(
            health=Health.GOOD if free >= LEAST_FREE_BYTES else Health.BAD,
            value=f"{free // 1_000_000} MB free",
            limit=f"at least {LEAST_FREE_BYTES // 1_000_000} MB",
            next_step=Words(ar="أفرغ مساحة على القرص", en="Free some room on the disk"),
        )

    return Check(id="disk", title=Words(ar="القرص", en="Disk"), run=run)

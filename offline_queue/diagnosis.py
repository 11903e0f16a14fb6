"""The technician's checks of ledger, delivery, gateway and disk."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

from kiosk.diagnostics import Check, Health, Measured
from kiosk.settings import Settings
from kiosk.wire import Words
from offline_queue.centre import NoAnswer, Silence
from offline_queue.database import DatabaseUnusable
from offline_queue.desk import QueueDesk

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
_SET_CLOCK = Words(ar="اضبط ساعة الجهاز", en="Set this machine's clock")
_BY_ITSELF = Words(ar="تُرسل تلقائيًا حين يعود الاتصال", en="They are sent by themselves when the line returns")
_FREE_DISK = Words(ar="أفرغ مساحة على القرص", en="Free some room on the disk")


def checks(settings: Settings) -> Iterator[Check]:
    """The desk is opened by each check, so that missing keys do not hide the disk."""
    if not settings.terminal.training:  # which has no centre, and must reach none
        yield _check("gateway", "الاتصال بالمركز", "Gateway", lambda: _gateway(QueueDesk(settings)))
    yield _check("ledger", "سجل المعاملات", "Ledger", lambda: _ledger(QueueDesk(settings)))
    yield _check("outbox", "بانتظار التسليم", "Waiting for delivery", lambda: _outbox(QueueDesk(settings)))
    yield _check("disk", "القرص", "Disk", lambda: _disk(settings))


def _check(identifier: str, arabic: str, english: str, run: Callable[[], Measured]) -> Check:
    return Check(id=identifier, title=Words(ar=arabic, en=english), run=run)


def _gateway(desk: QueueDesk) -> Measured:
    """TLS, the centre's signature, and how far its clock is from this one."""
    try:
        health = desk.health()
    except NoAnswer as silence:
        step = _LINE_STEPS.get(silence.silence, _CALL_CENTRE)
        return Measured(health=Health.BAD, value=f"no answer: {silence.silence.value}", next_step=step)
    difference = abs(health.clock_difference_ms)
    return Measured(
        health=Health.GOOD if difference <= LARGEST_CLOCK_DIFFERENCE_MS else Health.WARNING,
        value=f"answered in {health.milliseconds} ms, TLS and signature proven, clock differs by {difference} ms",
        limit=f"{LARGEST_CLOCK_DIFFERENCE_MS} ms clock difference",
        next_step=_SET_CLOCK,
    )


def _ledger(desk: QueueDesk) -> Measured:
    """The chain, the signatures and the projections."""
    try:
        found = desk.verify()
    except DatabaseUnusable as unusable:
        return Measured(health=Health.BAD, value=str(unusable), next_step=_CALL_CENTRE)
    first = f"{found.problems[0].place}: {found.problems[0].what}" if found.problems else ""
    return Measured(
        health=Health.GOOD if found.sound else Health.BAD,
        value=first or f"{found.entries} entries, chain whole, SQLite {desk.status().sqlite_version}",
        limit="no gap, every signature",
        next_step=_CALL_CENTRE,
    )


def _outbox(desk: QueueDesk) -> Measured:
    waiting = desk.status().waiting
    return Measured(health=Health.WARNING if waiting else Health.GOOD, value=f"{waiting} waiting", next_step=_BY_ITSELF)


def _disk(settings: Settings) -> Measured:
    folder = settings.folders.state
    while not folder.exists():  # before the first start: the disk that it will stand on
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    return Measured(
        health=Health.GOOD if free >= LEAST_FREE_BYTES else Health.BAD,
        value=f"{free // 1_000_000} MB free",
        limit=f"at least {LEAST_FREE_BYTES // 1_000_000} MB",
        next_step=_FREE_DISK,
    )

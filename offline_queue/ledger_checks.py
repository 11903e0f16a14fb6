"""The technician's checks of the ledger, of what waits in it, and of the disk under it."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from kiosk.diagnostics import (
    MINUTES,
    OFFLINE_SERVES,
    Health,
    Measured,
    StepFound,
    at_least,
    at_most,
    counted,
    gigabytes,
    same,
    told,
)
from kiosk.failures import Failure
from kiosk.offline import FULL, NEARLY, Bound, OfflinePolicy, Use
from kiosk.texts import amount_text
from kiosk.unresolved import Word
from kiosk.wire import Words
from offline_queue.desk import QueueDesk

LEAST_FREE_BYTES: Final = 500_000_000
LONGEST_WAIT: Final = timedelta(minutes=10)

_MOST_PROBLEMS: Final = 6
_NOTHING: Final = Words(ar="لا شيء", en="none")
NOTHING_MORE: Final = Words(
    ar="لا يُقبل دفع آخر دون اتصال حتى يُسلَّم ما ينتظر.", en="Nothing more is taken offline until what waits is delivered."
)
_BY_ITSELF: Final = Words(ar="تُرسل تلقائيًا حين يعود الاتصال", en="They are sent by themselves when the line returns")


def waiting(desk: QueueDesk, now: datetime) -> Measured:
    """How many transactions the centre has not answered for, and since when."""
    status = desk.status()
    limit = told("الأقدم {age}", "oldest {age}", age=at_most(_minutes(LONGEST_WAIT)))
    steps = (
        StepFound(
            title=Words(ar="أُرسلت، بانتظار الرد", en="Sent, answer unknown"),
            health=Health.GOOD,
            value=same(status.sent_unknown),
        ),
        StepFound(
            title=Words(ar="بحاجة إلى متابعة", en="Needs attention"),
            health=Health.WARNING if status.needs_attention else Health.GOOD,
            value=same(status.needs_attention),
        ),
    )
    if not status.waiting or status.oldest_waiting_at is None:
        return Measured(health=Health.GOOD, value=_NOTHING, limit=limit, steps=steps)
    age = now - status.oldest_waiting_at
    late = age > LONGEST_WAIT
    return Measured(
        health=Health.WARNING if late else Health.GOOD,
        value=told("{n}، الأقدم {age}", "{n}, oldest {age}", n=status.waiting, age=_minutes(age)),
        limit=limit,
        meaning=OFFLINE_SERVES if late else None,
        next_step=_BY_ITSELF,
        steps=steps,
    )


def _minutes(age: timedelta) -> Words:
    return counted(max(1, round(age.total_seconds() / 60)), *MINUTES)


def offline(desk: QueueDesk, policy: OfflinePolicy, now: datetime) -> Measured:
    """How much of what may wait undelivered is used; the most used limit speaks for all."""
    uses = policy.uses(desk.backlog(), now)
    if not uses:
        return Measured(health=Health.GOOD, value=Words(ar="لا حدود", en="no limits"))
    most = uses[0]
    return Measured(
        health=_health_of_use(most),
        value=_use(most),
        limit=at_most(same(f"{NEARLY} %")),
        meaning=NOTHING_MORE if most.warned_at == FULL else None,
        next_step=_BY_ITSELF if most.warned_at else None,
        steps=tuple(
            StepFound(title=same(use.service or desk.terminal), health=_health_of_use(use), value=_use(use))
            for use in uses[:_MOST_PROBLEMS]
        ),
        code=Failure.OFFLINE_FULL.value if most.warned_at == FULL else "",
    )


def _health_of_use(use: Use) -> Health:
    if use.warned_at == FULL:
        return Health.BAD
    return Health.WARNING if use.warned_at else Health.GOOD


def _use(use: Use) -> Words:
    match use.bound:
        case Bound.COUNT:
            return told("{n} من {limit} معاملة", "{n} of {limit} transactions", n=use.used, limit=use.limit)
        case Bound.SUM:
            return told("{n} من {limit}", "{n} of {limit}", n=_amount(use.used), limit=_amount(use.limit))
        case Bound.AGE:
            return told("الأقدم {n} من {limit} ساعة", "the oldest {n} of {limit} hours", n=use.used, limit=use.limit)


def _amount(fils: int) -> Words:
    return Words(ar=amount_text(fils, "ar"), en=amount_text(fils, "en"))


def unresolved(desk: QueueDesk) -> Measured:
    """What a power cut or a silent payment terminal left open; recovery asks again by itself."""
    status = desk.status()
    unprinted = sum(one.word is Word.DONE for one in status.unresolved)
    open_now = len(status.unresolved) + status.needs_attention + status.prints_unconfirmed
    steps = (
        _count("قيد التحضير", "Prepared, not settled", status.prepared),
        _count("بحاجة إلى متابعة", "Needs attention", status.needs_attention),
        _count("إيصالات لم تُطبع", "Receipts not printed", unprinted),
        _count("إيصالات لم يثبت خروجها", "Receipts not confirmed", status.prints_unconfirmed),
    )
    return Measured(
        health=Health.WARNING if open_now else Health.GOOD,
        value=same(open_now) if open_now else _NOTHING,
        limit=_NOTHING,
        next_step=Words(ar="انظر قسم التسليم (4)", en="See section 4, delivery") if open_now else None,
        steps=steps,
    )


def saved(desk: QueueDesk, now: datetime) -> Measured:
    """Requests that were stopped half way and are kept for their people; how many is no fault."""
    kept = desk.parked(now)
    return Measured(health=Health.GOOD, value=same(kept) if kept else _NOTHING)


def _count(arabic: str, english: str, count: int) -> StepFound:
    health = Health.WARNING if count else Health.GOOD
    return StepFound(title=Words(ar=arabic, en=english), health=health, value=same(count))


def disk(folder: Path) -> Measured:
    while not folder.exists():  # before the first start: the disk that it will stand on
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    good = free >= LEAST_FREE_BYTES
    return Measured(
        health=Health.GOOD if good else Health.BAD,
        value=gigabytes(free),
        limit=at_least(gigabytes(LEAST_FREE_BYTES)),
        meaning=None if good else Words(ar="لا تُسجَّل معاملة دون مساحة.", en="Nothing can be recorded without room."),
        next_step=None if good else Words(ar="أفرغ مساحة على القرص", en="Free some room on the disk"),
        code="" if good else Failure.NOT_SAVED.value,
    )

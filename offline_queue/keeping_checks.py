"""The technician's checks of how the ledger is kept: its newest entries, the reading at night, what leaves by rule."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from kiosk.diagnostics import CALL_CENTRE, DAYS, Health, Measured, StepFound, counted, same, told
from kiosk.texts import LEGAL_TIME
from kiosk.wire import Words
from offline_queue.desk import QueueDesk
from offline_queue.tail import LENGTH
from offline_queue.upkeep import RetentionRun

NIGHT_AFTER: Final = timedelta(days=3)
RETENTION_AFTER: Final = timedelta(hours=3)
_CHANGE_NOTHING: Final = Words(ar="لا تُغيّر شيئًا في الملف.", en="Change nothing in the file.")
_NEVER: Final = Words(ar="لم يجرِ بعد", en="not yet")
_VERIFY: Final = Words(
    ar="اترك الجهاز يعمل ليلًا، أو نفّذ queue verify", en="Leave the terminal on at night, or run queue verify"
)


def tail(desk: QueueDesk) -> Measured:
    """The newest entries, as at the start of the program; the whole chain is read at night and by `queue verify`."""
    found = desk.tail()
    limit = told("آخر {n} سليمة وموقّعة", "the newest {n} whole and signed", n=LENGTH)
    if found.broken is None and not found.lost:
        value = told("{n} قيدًا، دون انقطاع", "{n} entries, no gap", n=f"{found.entries:,}")
        return Measured(health=Health.GOOD, value=value, limit=limit)
    broken = found.broken
    steps = (StepFound(title=same(broken.place), health=Health.BAD, value=same(broken.what)),) if broken else ()
    lost = told("فُقد محتوى {n} مما ينتظر", "the content of {n} that wait is lost", n=len(found.lost))
    return Measured(
        health=Health.BAD,
        value=told("عيب في {place}", "a fault at {place}", place=broken.place) if broken else lost,
        limit=limit,
        meaning=_CHANGE_NOTHING,
        next_step=CALL_CENTRE,
        steps=steps,
    )


def night(desk: QueueDesk, now: datetime) -> Measured:
    """When the whole chain was last read, and what was found."""
    last, under_way = desk.nights()
    limit = told("كل {days}، دون عيب", "every {days}, no fault", days=_days(NIGHT_AFTER))
    ended = last.ended_at if last is not None else None
    steps = (
        (
            StepFound(
                title=Words(ar="جارٍ الآن، حتى القيد", en="Under way, up to entry"),
                health=Health.BAD if under_way.problems else Health.GOOD,
                value=same(under_way.first or f"{under_way.reached:,}"),
            ),
        )
        if under_way is not None and under_way.ended_at is None
        else ()
    )
    if last is not None and last.problems:
        place, _, what = last.first.partition(": ")
        return Measured(
            health=Health.BAD,
            value=told("عدد العيوب {n}، أولها في {at}", "{n} faults, the first at {at}", n=last.problems, at=place),
            limit=limit,
            meaning=_CHANGE_NOTHING,
            next_step=CALL_CENTRE,
            steps=(StepFound(title=same(place), health=Health.BAD, value=same(what)), *steps),
        )
    late = last is None or ended is None or now - ended > NIGHT_AFTER
    value = (
        _NEVER
        if last is None or ended is None
        else told("{n} قيدًا سليمة، {at}", "{n} entries whole, {at}", n=f"{last.reached:,}", at=_moment(ended))
    )
    broken_now = any(step.health is Health.BAD for step in steps)
    return Measured(
        health=Health.BAD if broken_now else Health.WARNING if late else Health.GOOD,
        value=value,
        limit=limit,
        next_step=CALL_CENTRE if broken_now else _VERIFY if late else None,
        steps=steps,
    )


def retention(desk: QueueDesk, now: datetime) -> Measured:
    """Whether content leaves when its time is over, and how old the oldest is that is still here."""
    run = desk.retention()
    limit = told("كل ساعة", "every hour")
    if run is None:
        return Measured(health=Health.WARNING, value=_NEVER, limit=limit, next_step=_IT_RUNS_BY_ITSELF)
    late = now - run.ended_at > RETENTION_AFTER
    return Measured(
        health=Health.WARNING if late or run.kept_back else Health.GOOD,
        value=told("آخر مرة {at}", "last {at}", at=_moment(run.ended_at)),
        limit=limit,
        next_step=CALL_CENTRE if run.kept_back else _IT_RUNS_BY_ITSELF if late else None,
        steps=_retention_steps(run, now),
    )


_IT_RUNS_BY_ITSELF: Final = Words(
    ar="يجري تلقائيًا في الساعة الأولى من التشغيل", en="It runs by itself within an hour of the start"
)


def _retention_steps(run: RetentionRun, now: datetime) -> tuple[StepFound, ...]:
    kept_back = Words(ar="بقي دون توقيع من المركز", en="Kept, as the centre has not signed")
    oldest = Words(ar="لا شيء", en="none") if run.oldest_at is None else _days(now - run.oldest_at)
    return (
        StepFound(title=Words(ar="أقدم محتوى", en="Oldest content"), health=Health.GOOD, value=oldest),
        StepFound(
            title=Words(ar="غادر في آخر مرة", en="Left the last time"), health=Health.GOOD, value=same(run.removed)
        ),
        StepFound(title=kept_back, health=Health.WARNING if run.kept_back else Health.GOOD, value=same(run.kept_back)),
    )


def _days(age: timedelta) -> Words:
    return counted(max(1, age.days), *DAYS)


def _moment(moment: datetime) -> str:
    return moment.astimezone(LEGAL_TIME).strftime("%d/%m %H:%M")

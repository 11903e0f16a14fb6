"""The technician's checks of the road to the centre, of what answers there, and of the clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from kiosk.diagnostics import (
    CALL_CENTRE,
    OFFLINE_SERVES,
    Health,
    Measured,
    StepFound,
    at_most,
    joined,
    milliseconds,
    seconds,
    told,
)
from kiosk.failures import Failure
from kiosk.settings import Gateway
from kiosk.wire import Words
from offline_queue import probe
from offline_queue.centre import NoAnswer, Silence
from offline_queue.desk import QueueDesk

LARGEST_CLOCK_DIFFERENCE: Final = timedelta(seconds=60)


_ANSWERS: Final = Words(ar="الرد", en="Answer")
_SIGNED: Final = Words(ar="توقيع المركز", en="Centre's signature")
_ROAD_STEPS: Final[Mapping[str, Words]] = {
    probe.NAME.en: Words(
        ar="افحص كابل الشبكة والموجّه، ثم خادم الأسماء (DNS)", en="Check the cable and the router, then the name server"
    ),
    probe.CONNECTION.en: Words(
        ar="افحص الموجّه. إن كان سليمًا فاتصل بمكتب الشبكات واذكر الوقت",
        en="Check the router. If it is well, call the network desk and name the time",
    ),
    probe.SECURE.en: Words(
        ar="افحص ساعة الجهاز، ثم بوابة دخول على الشبكة، ثم gateway.authority",
        en="Check the clock, then for a network login page, then gateway.authority",
    ),
}
_SILENCE_STEPS: Final[Mapping[Silence, Words]] = {
    Silence.UNPROVEN: Words(
        ar="الرد ليس من المركز: افحص بوابة الشبكة وملف الثقة",
        en="The answer is not the centre's: look for a network login page, and at the trust file",
    ),
    Silence.TERMINAL_REFUSED: Words(
        ar="المركز لا يعرف هذا الجهاز: اطلب تسجيله", en="The centre does not know this terminal: have it registered"
    ),
}
_SILENCES: Final[Mapping[Silence, Words]] = {
    Silence.NO_LINE: Words(ar="لا اتصال", en="no line"),
    Silence.TIMED_OUT: Words(ar="الرد بطيء جدًا", en="too slow"),
    Silence.CUT_OFF: Words(ar="انقطع الخط أثناء الإرسال", en="the line broke off"),
    Silence.UNPROVEN: Words(ar="لم يثبت أنه من المركز", en="not proven the centre's"),
    Silence.CENTRE_TROUBLE: Words(ar="عطل لدى المركز", en="trouble at the centre"),
    Silence.TOO_MUCH: Words(ar="المركز يطلب التمهل", en="asked to slow down"),
    Silence.TERMINAL_REFUSED: Words(ar="الجهاز مرفوض لدى المركز", en="this terminal is refused"),
}


def gateway(settings: Gateway, desk: QueueDesk) -> Measured:
    """The road step by step, then a question whose answer must carry the centre's signature."""
    limit = told("الرد خلال {n}\u00a0ث", "answer within {n}\u00a0s", n=f"{settings.timeout_seconds:.1f}")
    road = probe.walk(settings)
    end = probe.ended(road)
    if end is not None:
        later = (probe.not_reached(_ANSWERS), probe.not_reached(_SIGNED))
        return _no_gateway(end.value, limit, (*road, *later), _ROAD_STEPS[end.title.en])
    try:
        health = desk.health()
    except NoAnswer as silence:
        came = silence.silence is Silence.UNPROVEN
        words = _SILENCES[silence.silence]
        answer = StepFound(
            title=_ANSWERS,
            health=Health.GOOD if came else Health.BAD,
            value=Words(ar="جاء رد", en="an answer came") if came else words,
        )
        signed = StepFound(title=_SIGNED, health=Health.BAD, value=words) if came else probe.not_reached(_SIGNED)
        step = _SILENCE_STEPS.get(silence.silence, CALL_CENTRE)
        return _no_gateway(words, limit, (*road, answer, signed), step)
    took = milliseconds(health.milliseconds)
    return Measured(
        health=Health.GOOD,
        value=joined(Words(ar="رد موقّع", en="signed answer"), took),
        limit=limit,
        steps=(
            *road,
            StepFound(title=_ANSWERS, health=Health.GOOD, value=took),
            StepFound(title=_SIGNED, health=Health.GOOD, value=Words(ar="ثابت", en="proven")),
        ),
    )


def _no_gateway(value: Words, limit: Words, steps: tuple[StepFound, ...], next_step: Words) -> Measured:
    return Measured(
        health=Health.BAD,
        value=value,
        limit=limit,
        meaning=OFFLINE_SERVES,
        next_step=next_step,
        steps=steps,
        code=Failure.AGENCY_UNREACHABLE.value,
    )


def clock(desk: QueueDesk) -> Measured:
    limit = at_most(seconds(LARGEST_CLOCK_DIFFERENCE.total_seconds(), 0))
    try:
        health = desk.health()
    except NoAnswer:
        return Measured(
            health=Health.WARNING,
            value=Words(ar="لا يُعرف دون اتصال", en="not known without a line"),
            limit=limit,
            next_step=Words(ar="أعِد الفحص حين يعود الاتصال", en="Check again when the line is back"),
        )
    difference = abs(health.clock_difference_ms) / 1000
    small = difference <= LARGEST_CLOCK_DIFFERENCE.total_seconds()
    return Measured(
        health=Health.GOOD if small else Health.WARNING,
        value=seconds(difference),
        limit=limit,
        next_step=None if small else Words(ar="اضبط ساعة الجهاز (NTP)", en="Set this machine's clock (NTP)"),
    )

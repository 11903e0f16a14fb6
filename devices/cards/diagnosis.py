"""The technician's checks of the card service, the reader, and the card inside.

"The card service does not run" and "a reader without a driver" are different answers, because they are mended
differently and both are common.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from devices.cards import usb
from devices.cards.chip_reasons import in_both
from devices.cards.pcsc import list_readers
from devices.cards.reader import ReaderState
from kiosk.diagnostics import (
    Check,
    Group,
    Health,
    Measured,
    StepFound,
    counted,
    joined,
    milliseconds,
    same,
    seconds,
    told,
)
from kiosk.failures import FAILURES, Failure, ServiceFailure
from kiosk.identity import AccessNumberWanted, CardReading, CompletedReading
from kiosk.wire import Words

READING_LIMIT_SECONDS: Final = 1.5

_RUNNING: Final = Words(ar="تعمل", en="running")
_BY_BOTH: Final = Words(ar="موصول ومعرّف", en="seen on USB and by driver")
_READERS: Final = ("قارئ واحد", "قارئان", "{n} قارئات", "{n} قارئًا"), ("{n} reader", "{n} readers")
_NO_CARDS: Final = Words(
    ar="لا تُقرأ البطاقات هنا. الخدمة متاحة عند الشباك.",
    en="No card can be read here. Service goes on at the window.",
)


def service(list_all: Callable[[], tuple[str, ...]] = list_readers) -> Check:
    """Does the card service, pcscd, answer?"""

    def run() -> Measured:
        began = time.monotonic()
        try:
            list_all()
        except ServiceFailure:
            return Measured(
                health=Health.BAD,
                value=Words(ar="لا تعمل", en="not running"),
                limit=_RUNNING,
                meaning=_NO_CARDS,
                next_step=Words(ar="شغّل خدمة البطاقات pcscd، ثم أعِد الفحص", en="Start the card service, pcscd"),
                code=Failure.CARD_SERVICE_DOWN.value,
            )
        took = milliseconds((time.monotonic() - began) * 1000)
        return Measured(health=Health.GOOD, value=joined(_RUNNING, took), limit=_RUNNING)

    return Check(id="card_service", group=Group.CARD, title=Words(ar="خدمة البطاقات", en="Card service"), run=run)


def reader(
    allowed: tuple[str, ...],
    list_all: Callable[[], tuple[str, ...]] = list_readers,
    usb_devices: Path = usb.DEVICES,
) -> Check:
    """Is a reader of the settings there, with its driver? `allowed` are the beginnings of names."""

    def run() -> Measured:
        plugged = usb.readers_on_usb(usb_devices)
        try:
            names = list_all()
        except ServiceFailure:
            return _not_known(plugged)
        usable = tuple(name for name in names if name.startswith(allowed))
        if usable:
            value = joined(counted(len(usable), *_READERS), same(usable[0]))
            return Measured(health=Health.GOOD, value=value, limit=_BY_BOTH, steps=_seen(plugged, names))
        return _none_usable(plugged, names)

    return Check(id="card_reader", group=Group.CARD, title=Words(ar="القارئ", en="Reader"), run=run)


def _not_known(plugged: tuple[usb.UsbReader, ...]) -> Measured:
    return Measured(
        health=Health.WARNING,
        value=Words(ar="لا يُعرف: خدمة البطاقات لا تعمل", en="not known: the card service does not run"),
        limit=_BY_BOTH,
        next_step=Words(ar="شغّل خدمة البطاقات أولًا", en="Start the card service first"),
        steps=_seen(plugged, ()),
    )


def _none_usable(plugged: tuple[usb.UsbReader, ...], names: tuple[str, ...]) -> Measured:
    if names:
        code, value = Failure.NO_READER, told("غير مسموح به: {name}", "not allowed: {name}", name=names[0])
        step = Words(
            ar="أضف بداية اسمه إلى card.readers في الإعدادات، أو صِل قارئًا من القائمة",
            en="Add the start of its name to card.readers in the settings, or connect a reader of the list",
        )
    elif plugged:
        code = Failure.READER_WITHOUT_DRIVER
        value = told("موصول دون تعريف: {name}", "no driver: {name}", name=plugged[0].name or plugged[0].identifier)
        step = Words(
            ar="ثبّت تعريف القارئ (libccid)، ثم أعد تشغيل pcscd",
            en="Install its driver (libccid), then restart pcscd",
        )
    else:
        code, value = Failure.NO_READER, Words(ar="لا قارئ موصول", en="no reader is connected")
        step = Words(ar="صِل القارئ وافحص كابله", en="Connect the reader and check its cable")
    return Measured(
        health=Health.BAD,
        value=value,
        limit=_BY_BOTH,
        meaning=_NO_CARDS,
        next_step=step,
        steps=_seen(plugged, names),
        code=code.value,
    )


def _seen(plugged: tuple[usb.UsbReader, ...], names: tuple[str, ...]) -> tuple[StepFound, ...]:
    """What the kernel lists and what the card service lists. A reader on another port than USB is only in one."""
    none = Words(ar="لا شيء", en="none")
    on_usb = same(plugged[0].name or plugged[0].identifier) if plugged else none
    by_driver = same(names[0]) if names else none
    driver = Health.GOOD if names else Health.BAD if plugged else Health.NOT_REACHED
    return (
        StepFound(
            title=Words(ar="على USB", en="On USB"),
            health=Health.GOOD if plugged else Health.NOT_REACHED,
            value=on_usb,
        ),
        StepFound(title=Words(ar="لدى التعريف", en="By the driver"), health=driver, value=by_driver),
    )


def card(
    state: Callable[[], ReaderState], read: Callable[[], CardReading], complete: Callable[[], CompletedReading]
) -> Check:
    """Reads the test card that is inside, if there is one; tells how, never whose."""

    def run() -> Measured:
        limit = told("الاسم خلال {n}\u00a0ث", "name within {n}\u00a0s", n=f"{READING_LIMIT_SECONDS:.2f}")
        if not state().card_is_present:
            return Measured(
                health=Health.WARNING,
                value=Words(ar="لا بطاقة في القارئ", en="no card inside"),
                limit=limit,
                next_step=Words(ar="أدخل بطاقة الفحص ثم اضغط C", en="Insert the test card, then press C"),
            )
        began = time.monotonic()
        try:
            reading = read()
        except AccessNumberWanted:
            return Measured(
                health=Health.WARNING,
                value=Words(ar="ترد، وتُفتح برقم الوصول", en="answers; opens with its printed number"),
                limit=limit,
                next_step=Words(
                    ar="جرّب main.py card read --ask-access-number", en="Try main.py card read --ask-access-number"
                ),
            )
        except ServiceFailure as failure:
            return _unread(failure.failure, limit)
        named = time.monotonic() - began
        try:
            completed = complete()
        except ServiceFailure as failure:
            return _unread(failure.failure, limit)
        return _timed(reading, completed, named, time.monotonic() - began, limit)

    return Check(id="test_card", group=Group.CARD, title=Words(ar="بطاقة الفحص", en="Test card"), run=run)


def _unread(failure: Failure, limit: Words) -> Measured:
    return Measured(
        health=Health.BAD,
        value=told("لم تُقرأ ({code})", "{title} ({code})", title=FAILURES[failure].title, code=failure.value),
        limit=limit,
        next_step=Words(ar="جرّب بطاقة أخرى، ثم قارئًا آخر", en="Try another card, then another reader"),
        code=failure.value,
    )


def _timed(
    reading: CardReading, completed: CompletedReading, named: float, everything: float, limit: Words
) -> Measured:
    """`named` and `everything` are seconds from the question to the answer."""
    from_first_command = reading.cost.milliseconds / 1000
    quick = named <= READING_LIMIT_SECONDS
    good, late = Health.GOOD, Health.GOOD if quick else Health.WARNING
    cost = reading.cost
    return Measured(
        health=late,
        value=told("الاسم بعد {n}\u00a0ث، أصلية", "name after {n} s, genuine", n=f"{named:.2f}"),
        limit=limit,
        next_step=None if quick else Words(ar="نظّف القارئ، وجرّب بطاقة أخرى", en="Clean the reader, try another card"),
        steps=(
            StepFound(
                title=Words(ar="اكتشاف البطاقة وتشغيلها", en="Detected and powered up"),
                health=good,
                value=seconds(max(0.0, named - from_first_command), 2),
            ),
            StepFound(
                title=told("فتح الشريحة ({way})", "Access ({way})", way=reading.access),
                health=good,
                value=told("{n} أمرًا", "{n} commands", n=cost.commands),
            ),
            StepFound(
                title=Words(ar="من أول أمر إلى الاسم", en="First command to name"),
                health=late,
                value=seconds(from_first_command, 2),
            ),
            StepFound(
                title=Words(ar="كل شيء، مع الصورة", en="Everything, with picture"),
                health=good,
                value=seconds(everything, 2),
            ),
            StepFound(title=Words(ar="الأصالة", en="Genuine"), health=good, value=same(reading.profile)),
            StepFound(title=Words(ar="الشريحة", en="Chip"), health=good, value=in_both(completed.reasons[-1])),
        ),
    )

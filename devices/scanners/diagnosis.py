"""The technician's checks of the scanners: of what is printed on a card, and of documents."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable

from devices.scanners.escl import PAGE_SECONDS, EsclScanner
from devices.scanners.escl_message import Capabilities
from devices.scanners.mrz import SECONDS
from kiosk.diagnostics import Check, Group, Health, Measured, StepFound, milliseconds, seconds, told
from kiosk.failures import PUT_RIGHT_AT_ONCE, Failure, ServiceFailure
from kiosk.settings import DocumentScanner
from kiosk.wire import Words

_ANSWERS = Words(ar="يرد", en="Answers")
_OFFERS = Words(ar="ما يقدّمه", en="What it offers")
_TEST_SCAN = Words(ar="مسح تجريبي", en="Test scan")
_NOT_REACHED = Words(ar="لم نصل إليها", en="not reached")
_FOUND: dict[Failure, Words] = {
    Failure.NO_SCANNER: Words(ar="لا أحد على هذا العنوان", en="nobody at this address"),
    Failure.SCANNER_COVER_OPEN: Words(ar="الغطاء مفتوح", en="cover open"),
    Failure.SCANNER_NO_PAPER: Words(ar="لا ورق فيه", en="no paper in it"),
    Failure.SCANNER_JAM: Words(ar="علق الورق", en="paper jam"),
    Failure.SCANNER_BUSY: Words(ar="مشغول", en="busy"),
    Failure.SCANNER_SILENT: Words(ar="لا يرد", en="no answer"),
    Failure.PAGE_UNREADABLE: Words(ar="صورة لا تُقرأ", en="picture unreadable"),
}
_NEXT: dict[Failure, Words] = {
    Failure.NO_SCANNER: Words(
        ar="شغّل الماسح وافحص كابله و`document_scanner.url` في الإعدادات",
        en="Switch the scanner on; check its cable and `document_scanner.url` in the settings",
    ),
    Failure.SCANNER_COVER_OPEN: Words(ar="أغلق الغطاء", en="Close the cover"),
    Failure.SCANNER_NO_PAPER: Words(ar="ضع ورقة فارغة فيه وأعد الفحص", en="Put a blank sheet in and check again"),
    Failure.SCANNER_JAM: Words(ar="أخرج الورق العالق", en="Take the paper out"),
    Failure.SCANNER_BUSY: Words(ar="أعد الفحص بعد دقيقة", en="Check again in a minute"),
    Failure.SCANNER_SILENT: Words(ar="أطفئ الماسح وشغّله", en="Switch the scanner off and on"),
    Failure.PAGE_UNREADABLE: Words(ar="نظّف الزجاج وأعد الفحص", en="Clean the glass and check again"),
}


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


def document_scanner(settings: DocumentScanner | None) -> tuple[Check, ...]:
    """Answers, offers what is needed, and scans; the page of the test is dropped at once. No check where a terminal has
    no such scanner."""
    if settings is None:
        return ()
    driver = EsclScanner(settings.url)
    return (
        Check(
            id="document_scanner",
            group=Group.PRINTING,
            title=Words(ar="ماسح الوثائق", en="Document scanner"),
            run=lambda: _examine(driver),
        ),
    )


def _examine(driver: EsclScanner) -> Measured:
    """Three steps; the first that fails ends it."""
    limit = told("يمسح خلال {n}\u00a0ث", "scans within {n}\u00a0s", n=f"{PAGE_SECONDS:.0f}")
    steps: list[StepFound] = []
    titles = (_ANSWERS, _OFFERS, _TEST_SCAN)
    works: tuple[Callable[[], Words], ...] = (
        lambda: _answered(driver),
        lambda: _offered(driver.capabilities()),
        lambda: _scanned(driver),
    )
    failure: Failure | None = None
    for title, work in zip(titles, works, strict=True):
        if failure is not None:
            steps.append(StepFound(title=title, health=Health.NOT_REACHED, value=_NOT_REACHED))
            continue
        try:
            steps.append(StepFound(title=title, health=Health.GOOD, value=work()))
        except ServiceFailure as failed:
            failure = failed.failure
            steps.append(StepFound(title=title, health=_health(failure), value=_FOUND[failure]))
    if failure is None:
        return Measured(health=Health.GOOD, value=steps[-1].value, limit=limit, steps=tuple(steps))
    return Measured(
        health=_health(failure),
        value=_FOUND[failure],
        limit=limit,
        meaning=Words(
            ar="الخدمات التي تطلب وثيقة لا تُنجز هنا.", en="Services that ask for a document cannot be finished here."
        ),
        next_step=_NEXT[failure],
        steps=tuple(steps),
        code=failure.value,
    )


def _health(failure: Failure) -> Health:
    """What a person is told beside the paper needs no technician yet."""
    return Health.WARNING if failure in PUT_RIGHT_AT_ONCE else Health.BAD


def _answered(driver: EsclScanner) -> Words:
    began = time.monotonic()
    driver.status()
    return milliseconds((time.monotonic() - began) * 1000)


def _offered(known: Capabilities) -> Words:
    """Raises NO_SCANNER where none of its inputs gives a picture that can be kept."""
    if not known.inputs:
        raise ServiceFailure(Failure.NO_SCANNER)
    best = max(source.resolution for source in known.inputs)
    return told("{model}، {n} نقطة في البوصة", "{model}, {n} dots per inch", model=known.model, n=best)


def _scanned(driver: EsclScanner) -> Words:
    began = time.monotonic()
    driver.scan(threading.Event())
    return seconds(time.monotonic() - began)

"""The technician's checks of what is data: services, texts and fonts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from kiosk.catalogue import Catalogue, Mistake
from kiosk.diagnostics import Check, Group, Health, Measured, StepFound, counted, same, told
from kiosk.failures import Failure
from kiosk.mode import Mode
from kiosk.texts import TRANSLATIONS, Texts, TextsMissing
from kiosk.wire import Words

FONTS: Final = Path(__file__).parent.parent / "assets" / "fonts"

_FACES: Final = ("Regular", "Medium", "SemiBold", "Bold")
_TRUETYPE: Final = b"\x00\x01\x00\x00"
_SERVICES: Final = ("خدمة واحدة", "خدمتان", "{n} خدمات", "{n} خدمة"), ("{n} service", "{n} services")
_MOST_NAMED: Final = 3
_ALL_LOADED: Final = Words(ar="تُحمَّل كلها", en="all of them loaded")
_NOT_SHOWN: Final = Words(ar="ما لم يُحمَّل لا يظهر للناس.", en="What was not loaded is not shown to anybody.")
_PROVISIONAL: Final = Words(ar="غير نهائية: للعرض والتدريب", en="Provisional: demonstration, training")
_PROVISIONAL_IS_NOT_SHOWN: Final = Words(
    ar="ما لم تؤكده جهته لا يظهر للناس.", en="What its agency has not confirmed is not shown to anybody."
)
_CONFIRM: Final = Words(
    ar="بعد تأكيد الجهة يُكتب في الملف provisional = false",
    en="Once its agency has confirmed it, its file says provisional = false",
)
_COPY_ANEW: Final = Words(ar="انسخ ملفات البرنامج من جديد", en="Copy the program's files anew")
_COMPLETE: Final = Words(ar="كاملة", en="complete")
_CURRENT: Final = Words(ar="مجمّعة وحديثة", en="compiled, up to date")


def checks(
    read: Callable[[], Catalogue], mode: Mode, translations: Path = TRANSLATIONS, fonts: Path = FONTS
) -> tuple[Check, ...]:
    """`read` reads the services' files as they are now, with those of bundles and promotions."""
    return (
        Check(
            id="services",
            group=Group.DATA,
            title=Words(ar="الخدمات", en="Services"),
            run=lambda: _services(read().for_mode(mode)),
        ),
        Check(id="texts", group=Group.DATA, title=Words(ar="النصوص", en="Texts"), run=lambda: _texts(translations)),
        Check(id="fonts", group=Group.DATA, title=Words(ar="الخطوط", en="Fonts"), run=lambda: _fonts(fonts)),
    )


def _services(found: Catalogue) -> Measured:
    """A provisional service in service is no fault of the terminal, but somebody may wonder where it is."""
    if found.mistakes:
        return _broken(found)
    kept_out = len(found.kept_out)
    if not kept_out and found.services:
        return Measured(health=Health.GOOD, value=_count(found), limit=_ALL_LOADED)
    value = told("حُمّلت {n}، وغير نهائية: {m}", "{n} loaded, {m} provisional", n=len(found.services), m=kept_out)
    return Measured(
        health=Health.WARNING if found.services else Health.BAD,
        value=value if kept_out else _count(found),
        limit=_ALL_LOADED,
        meaning=_PROVISIONAL_IS_NOT_SHOWN if kept_out else _NOT_SHOWN,
        next_step=_CONFIRM if kept_out else _COPY_ANEW,
        steps=tuple(_kept_out(found)),
    )


def _broken(found: Catalogue) -> Measured:
    files = {mistake.file for mistake in found.mistakes}
    return Measured(
        health=Health.WARNING if found.services else Health.BAD,
        value=told("حُمّلت {n}، ولم تُحمَّل: {m}", "{n} loaded, {m} not", n=len(found.services), m=len(files)),
        limit=_ALL_LOADED,
        meaning=_NOT_SHOWN,
        next_step=Words(ar="أصلح الملف المذكور، ثم أعِد الفحص", en="Mend the file that is named, then check again"),
        steps=(*_named(found.mistakes), *_kept_out(found)),
        code=Failure.SERVICE_NOT_LOADED.value,
    )


def _named(mistakes: tuple[Mistake, ...]) -> Iterator[StepFound]:
    """The first few: a page has no room for more, and `catalogue check` names them all."""
    for mistake in mistakes[:_MOST_NAMED]:
        yield StepFound(title=same(mistake.file), health=Health.BAD, value=same(mistake.message))
    more = len(mistakes) - _MOST_NAMED
    if more > 0:
        value = told("{n} غيرها: نفّذ catalogue check", "{n} more: run `catalogue check`", n=more)
        yield StepFound(title=same("…"), health=Health.BAD, value=value)


def _kept_out(found: Catalogue) -> Iterator[StepFound]:
    names = [service.id for service in found.kept_out]
    if names:
        few = ", ".join(names[:_MOST_NAMED]) + (", …" if len(names) > _MOST_NAMED else "")
        yield StepFound(
            title=_PROVISIONAL, health=Health.WARNING, value=told("{n}: {few}", "{n}: {few}", n=len(names), few=few)
        )


def _count(found: Catalogue) -> Words:
    return counted(len(found.services), *_SERVICES)


def _texts(translations: Path) -> Measured:
    """Whether the Arabic catalogue is compiled, and not older than its source."""
    try:
        Texts("ar", translations)
    except TextsMissing:
        return Measured(
            health=Health.BAD,
            value=Words(ar="النصوص العربية ناقصة", en="the Arabic texts are missing"),
            limit=_CURRENT,
            next_step=Words(ar="نفّذ make setup", en="Run `make setup`"),
        )
    compiled = next(translations.glob("ar/LC_MESSAGES/*.mo"))
    source = compiled.with_suffix(".po")
    if source.exists() and source.stat().st_mtime > compiled.stat().st_mtime:
        return Measured(
            health=Health.WARNING,
            value=Words(ar="أقدم من مصدرها", en="older than their source"),
            limit=_CURRENT,
            next_step=Words(ar="نفّذ make setup", en="Run `make setup`"),
        )
    value = Words(ar="العربية والإنجليزية", en="Arabic and English")
    return Measured(health=Health.GOOD, value=value, limit=_CURRENT)


def _fonts(folder: Path) -> Measured:
    missing = [face for face in _FACES if not _is_font(folder / f"IBMPlexSansArabic-{face}.ttf")]
    if missing:
        return Measured(
            health=Health.BAD,
            value=told("ناقصة: {faces}", "missing: {faces}", faces=", ".join(missing)),
            limit=_COMPLETE,
            next_step=_COPY_ANEW,
        )
    return Measured(health=Health.GOOD, value=same("IBM Plex Sans Arabic"), limit=_COMPLETE)


def _is_font(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return opened.read(len(_TRUETYPE)) == _TRUETYPE
    except OSError:
        return False

"""The technician's checks of what is data: services, texts and fonts."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from kiosk import catalogue_files
from kiosk.diagnostics import Check, Group, Health, Measured, StepFound, counted, same, told
from kiosk.failures import Failure
from kiosk.texts import TRANSLATIONS, Texts, TextsMissing
from kiosk.wire import Words

FONTS: Final = Path(__file__).parent.parent / "assets" / "fonts"

_FACES: Final = ("Regular", "Medium", "SemiBold", "Bold")
_TRUETYPE: Final = b"\x00\x01\x00\x00"
_SERVICES: Final = ("خدمة واحدة", "خدمتان", "{n} خدمات", "{n} خدمة"), ("{n} service", "{n} services")
_COMPLETE: Final = Words(ar="كاملة", en="complete")
_CURRENT: Final = Words(ar="مجمّعة وحديثة", en="compiled, up to date")


def checks(services: Path, translations: Path = TRANSLATIONS, fonts: Path = FONTS) -> tuple[Check, ...]:
    return (
        Check(
            id="services", group=Group.DATA, title=Words(ar="الخدمات", en="Services"), run=lambda: _services(services)
        ),
        Check(id="texts", group=Group.DATA, title=Words(ar="النصوص", en="Texts"), run=lambda: _texts(translations)),
        Check(id="fonts", group=Group.DATA, title=Words(ar="الخطوط", en="Fonts"), run=lambda: _fonts(fonts)),
    )


def _services(folder: Path) -> Measured:
    loaded = catalogue_files.load(folder)
    limit = Words(ar="تُحمَّل كلها", en="all of them loaded")
    value = counted(len(loaded.services), *_SERVICES)
    if not loaded.mistakes and loaded.services:
        return Measured(health=Health.GOOD, value=value, limit=limit)
    files = sorted({mistake.file for mistake in loaded.mistakes})
    return Measured(
        health=Health.WARNING if loaded.services else Health.BAD,
        value=told("حُمّلت {n}، ولم تُحمَّل: {m}", "{n} loaded, {m} not", n=len(loaded.services), m=len(files)),
        limit=limit,
        meaning=Words(ar="ما لم يُحمَّل لا يظهر للناس.", en="What was not loaded is not shown to anybody."),
        next_step=Words(ar="أصلح الملف المذكور، ثم أعِد الفحص", en="Mend the file that is named, then check again"),
        steps=tuple(
            StepFound(title=same(mistake.file), health=Health.BAD, value=same(mistake.message))
            for mistake in loaded.mistakes
        ),
        code=Failure.SERVICE_NOT_LOADED.value,
    )


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
            next_step=Words(ar="انسخ ملفات البرنامج من جديد", en="Copy the program's files anew"),
        )
    return Measured(health=Health.GOOD, value=same("IBM Plex Sans Arabic"), limit=_COMPLETE)


def _is_font(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return opened.read(len(_TRUETYPE)) == _TRUETYPE
    except OSError:
        return False

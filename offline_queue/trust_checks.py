"""The technician's checks of the terminal's own keys, and of the authority that it believes for the gateway."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509

from kiosk.diagnostics import DAYS, Health, Measured, at_least, counted, same, told
from kiosk.failures import Failure
from kiosk.settings import Settings
from kiosk.wire import Words
from offline_queue.keys import KeyMistake, load_terminal, load_trust

LEAST_DAYS: Final = 30
"""How long a certificate must still be good for."""


def keys(settings: Settings) -> Measured:
    """Whether the terminal's secrets are there, usable, and for nobody else; their content is never said."""
    limit = Words(ar="موجودة، لمستخدم الجهاز وحده", en="present, for this user only")
    try:
        keys = load_terminal(settings.folders.keys)
        trust = load_trust(settings.folders.trust)
    except KeyMistake as mistake:
        return Measured(
            health=Health.BAD,
            value=same(_shortened(str(mistake), settings)),
            limit=limit,
            next_step=Words(ar="حمّل ملف التفعيل", en="Load the set-up file"),
            code=Failure.NOT_SET_UP.value,
        )
    own = trust.ledgers.get(settings.terminal.id)
    if own is None or own.public_bytes_raw() != keys.ledger.public_key().public_bytes_raw():
        return Measured(
            health=Health.BAD,
            value=told("المفتاح ليس للجهاز {id}", "the key is not {id}'s", id=settings.terminal.id),
            limit=limit,
            next_step=Words(ar="حمّل ملف التفعيل لهذا الجهاز", en="Load this terminal's own set-up file"),
        )
    if keys.warnings:
        return Measured(
            health=Health.WARNING,
            value=told("{n} مكشوفة لغير مستخدمها", "{n} open to other users", n=len(keys.warnings)),
            limit=limit,
            next_step=Words(ar="اجعل صلاحيتها 0600 وجدّد المفاتيح", en="Make them 0600 and renew the keys"),
        )
    return Measured(health=Health.GOOD, value=limit, limit=limit)


def _shortened(text: str, settings: Settings) -> str:
    """File names, not the whole way to them: the table has no room for it."""
    for folder in (settings.folders.keys, settings.folders.trust):
        text = text.replace(f"{folder}/", "").replace(f"{folder}: ", "")
    return text


def authority(file: Path, now: datetime) -> Measured:
    """The one certificate authority that is believed for the gateway."""
    limit = at_least(counted(LEAST_DAYS, *DAYS))
    renew = Words(ar="حمّل شهادة جديدة إلى gateway.authority", en="Load a new certificate into gateway.authority")
    try:
        certificates = x509.load_pem_x509_certificates(file.read_bytes())
    except (OSError, ValueError):
        value = Words(ar="لا يُقرأ الملف", en="the file cannot be read")
        return Measured(health=Health.BAD, value=value, limit=limit, next_step=renew)
    left = (min(certificate.not_valid_after_utc for certificate in certificates) - now).days
    if left < 0:
        return Measured(health=Health.BAD, value=Words(ar="انتهت مدتها", en="expired"), limit=limit, next_step=renew)
    value = told("بقي {days}", "{days} left", days=counted(left, *DAYS))
    good = left >= LEAST_DAYS
    return Measured(
        health=Health.GOOD if good else Health.WARNING, value=value, limit=limit, next_step=None if good else renew
    )

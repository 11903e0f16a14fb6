"""The technician's checks of the terminal's own keys, and of the authority that it believes for the gateway."""

from __future__ import annotations

import contextlib
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509

from kiosk.diagnostics import DAYS, Health, Measured, at_least, counted, same, told
from kiosk.failures import Failure
from kiosk.settings import Settings
from kiosk.wire import Words
from offline_queue.database import LEDGER_FILE, DatabaseUnusable, named_errors, open_reader
from offline_queue.key_chain import KeyChain, KeyChangeWrong, load_changes
from offline_queue.key_files import secrets_folder
from offline_queue.keys import KeyMistake, TerminalKeys, Trust, load_trust
from offline_queue.own_keys import begun_renewals, own_keys

LEAST_DAYS: Final = 30
"""How long a certificate must still be good for."""


def keys(settings: Settings) -> Measured:
    """Whether the terminal's secrets are there, usable, and for nobody else; their content is never said."""
    limit = Words(ar="موجودة، لمستخدم الجهاز وحده", en="present, for this user only")
    try:
        keys = own_keys(settings)
        trust = load_trust(settings.folders.trust)
    except KeyMistake as mistake:
        return Measured(
            health=Health.BAD,
            value=same(_shortened(str(mistake), settings)),
            limit=limit,
            next_step=Words(ar="حمّل ملف التفعيل", en="Load the set-up file"),
            code=Failure.NOT_SET_UP.value,
        )
    if not _is_own(settings, keys, trust):
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


def keeping(settings: Settings) -> Measured:
    """Where the secrets lie, whether the centre could open this ledger without them, and whether a renewal is open."""
    limit = Words(ar="محمية بالجهاز ومختومة للمركز", en="bound to the machine, sealed to the centre")
    try:
        begun = begun_renewals(secrets_folder(settings))
        recovery = load_trust(settings.folders.trust).recovery
    except KeyMistake as mistake:
        see = Words(ar="انظر فحص «مفاتيح الجهاز» أولًا", en="See to the check of the terminal's keys first")
        return Measured(health=Health.BAD, value=same(_shortened(str(mistake), settings)), limit=limit, next_step=see)
    if begun:
        value = told("تجديد لم يكتمل: {key}", "a renewal not at its end: {key}", key=begun[0])
        step = told("أعد الأمر keys renew {key}", "Run keys renew {key} again", key=begun[0])
    elif settings.terminal.training:  # its keys are worth nothing, and no centre has them
        return Measured(health=Health.GOOD, value=Words(ar="مفاتيح تدريب", en="training's own"), limit=limit)
    elif recovery is None:
        value = Words(ar="لا يُختم شيء للمركز", en="nothing is sealed to the centre")
        step = Words(ar="أحضر recovery.pem من المركز", en="Get recovery.pem from the centre")
    elif settings.secrets.source == "folder":
        value = Words(ar="الأسرار في مجلد: للتطوير فقط", en="secrets in a folder: for development only")
        step = Words(ar="انقلها إلى systemd-creds", en="Make them systemd credentials")
    else:
        return Measured(health=Health.GOOD, value=limit, limit=limit)
    return Measured(health=Health.WARNING, value=value, limit=limit, next_step=step)


def _is_own(settings: Settings, keys: TerminalKeys, trust: Trust) -> bool:
    """Whether the ledger key is the trusted one, or follows from it by the ledger's own entries."""
    first = trust.ledgers.get(settings.terminal.id)
    if first is None:
        return False
    chain = KeyChain(settings.terminal.id, first)
    if keys.ledger_generation > 1:
        try:
            file = settings.folders.state / LEDGER_FILE
            with contextlib.closing(open_reader(file, keys.database)) as reader, named_errors(file):
                for changed in load_changes(reader):
                    chain.take(changed)
        except (DatabaseUnusable, KeyChangeWrong):
            return False
    return chain.in_force.public.public_bytes_raw() == keys.ledger.public_key().public_bytes_raw()


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

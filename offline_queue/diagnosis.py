"""The technician's checks of gateway, clock, ledger, delivery, disk and trust, and the versions below them.

Each check opens what it needs by itself, beside the running program, so that missing keys do not hide the disk.
"""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Callable
from functools import partial

from sqlcipher3 import dbapi2

from kiosk.diagnostics import CALL_CENTRE, Check, Group, Health, Measured, same
from kiosk.facts import Fact
from kiosk.failures import Failure
from kiosk.offline import OfflinePolicy
from kiosk.ports import Clock
from kiosk.settings import Settings
from kiosk.wire import Words
from offline_queue import keeping_checks, ledger_checks, network_checks, trust_checks
from offline_queue.database import DatabaseUnusable
from offline_queue.desk import QueueDesk
from offline_queue.keys import KeyMistake


def checks(settings: Settings, policy: OfflinePolicy, clock: Clock) -> tuple[Check, ...]:
    """`desk` opens keys and ledger for one question; what keeps it shut is an answer too."""

    def desk(question: Callable[[QueueDesk], Measured]) -> Callable[[], Measured]:
        return lambda: _ask(settings, question)

    def check(identifier: str, group: Group, arabic: str, english: str, run: Callable[[], Measured]) -> Check:
        return Check(id=identifier, group=group, title=Words(ar=arabic, en=english), run=run)

    network, ledger, data = Group.NETWORK, Group.LEDGER, Group.DATA
    every = (
        check("gateway", network, "بوابة المركز", "Gateway", desk(partial(network_checks.gateway, settings.gateway))),
        check("clock", network, "فرق الساعة", "Clock difference", desk(network_checks.clock)),
        check(
            "authority",
            network,
            "شهادة البوابة",
            "Gateway's authority",
            lambda: trust_checks.authority(settings.gateway.authority, clock.now()),
        ),
        check("ledger", ledger, "تسلسل السجل", "Ledger chain", desk(keeping_checks.tail)),
        check(
            "night",
            ledger,
            "فحص السجل الليلي",
            "Ledger read at night",
            desk(lambda opened: keeping_checks.night(opened, clock.now())),
        ),
        check(
            "retention",
            ledger,
            "مدة حفظ المحتوى",
            "Content kept",
            desk(lambda opened: keeping_checks.retention(opened, clock.now())),
        ),
        check(
            "waiting",
            ledger,
            "بانتظار التسليم",
            "Waiting to be delivered",
            desk(lambda opened: ledger_checks.waiting(opened, clock.now())),
        ),
        check(
            "offline",
            ledger,
            "حدود العمل دون اتصال",
            "Offline limits",
            desk(lambda opened: ledger_checks.offline(opened, policy, clock.now())),
        ),
        check("unresolved", ledger, "لم تُحسم بعد", "Unresolved", desk(ledger_checks.unresolved)),
        check(
            "saved",
            ledger,
            "طلبات محفوظة",
            "Saved requests",
            desk(lambda opened: ledger_checks.saved(opened, clock.now())),
        ),
        check("disk", ledger, "المساحة الحرة", "Free disk", lambda: ledger_checks.disk(settings.folders.state)),
        check("keys", data, "مفاتيح الجهاز", "Terminal keys", lambda: trust_checks.keys(settings)),
        check("keeping", data, "حفظ المفاتيح", "Keeping of the keys", lambda: trust_checks.keeping(settings)),
    )
    # A training has no centre, and must reach none.
    return tuple(check for check in every if not (settings.terminal.training and check.group is network))


def _ask(settings: Settings, question: Callable[[QueueDesk], Measured]) -> Measured:
    try:
        return question(QueueDesk(settings))
    except KeyMistake:
        return Measured(
            health=Health.BAD,
            value=Words(ar="مفاتيح الجهاز لا تصلح", en="the terminal's keys cannot be used"),
            next_step=Words(ar="انظر فحص «مفاتيح الجهاز» أولًا", en="See to the check of the terminal's keys first"),
            code=Failure.NOT_SET_UP.value,
        )
    except DatabaseUnusable as unusable:
        return Measured(
            health=Health.BAD,
            value=same(str(unusable).replace(f"{settings.folders.state}/", "")),
            next_step=CALL_CENTRE,
            code=Failure.NOT_SAVED.value,
        )


def versions() -> tuple[Fact, ...]:
    with contextlib.closing(dbapi2.connect(":memory:")) as connection:
        cipher = str(connection.execute("PRAGMA cipher_version").fetchone()[0])
    return (
        Fact(name="SQLite", value=dbapi2.sqlite_version),
        Fact(name="SQLCipher", value=cipher),
        Fact(name="OpenSSL", value=ssl.OPENSSL_VERSION.removeprefix("OpenSSL ")),
    )

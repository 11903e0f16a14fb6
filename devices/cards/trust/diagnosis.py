"""The technician's check of the trust data: how old they are, and whose revocation lists are missing or out of date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

from devices.cards.trust.manifest import ListRecord, RevocationRecord, read_manifest
from devices.cards.trust.store import STALE_DAYS, Policy, Trust, read_trust
from kiosk.diagnostics import (
    DAYS,
    Check,
    Group,
    Health,
    Measured,
    StepFound,
    at_most,
    counted,
    joined,
    same,
    told,
)
from kiosk.failures import Failure
from kiosk.ports import Clock
from kiosk.set_up import SetUpMistake
from kiosk.wire import Words

_ANCHORS: Final = ("شهادة واحدة", "شهادتان", "{n} شهادات", "{n} شهادة"), ("{n} anchor", "{n} anchors")
_COUNTRIES: Final = ("دولة واحدة", "دولتان", "{n} دول", "{n} دولة"), ("{n} country", "{n} countries")
_SHOWN_LISTS: Final = 6
_LOAD: Final = Words(ar="حمّل بيانات الثقة الجديدة", en="Load the new trust data")
_LOAD_REVOCATIONS: Final = Words(ar="حمّل قوائم الإلغاء الجديدة", en="Load the new revocation lists")


def trust(folder: Path, policy: Policy, clock: Clock) -> Check:
    return Check(
        id="trust",
        group=Group.DATA,
        title=Words(ar="بيانات الثقة", en="Trust data"),
        run=lambda: measure(folder, policy, clock.now()),
    )


def measure(folder: Path, policy: Policy, now: datetime) -> Measured:
    """Reads the store as the next start would: what was imported since this one is measured too."""
    limit = at_most(counted(STALE_DAYS, *DAYS))
    try:
        manifest, store = read_manifest(folder), read_trust(folder, policy)
    except SetUpMistake as mistake:
        return _bad(same(str(mistake)), limit, _LOAD)
    if not store.anchors or store.imported_at is None:
        return _bad(Words(ar="لا شهادات", en="no anchors"), limit, _LOAD)
    if store.is_ahead_of(now):
        behind = Words(ar="ساعة الجهاز قبل تاريخ البيانات", en="the clock is before the data's own date")
        return _bad(behind, limit, Words(ar="اضبط ساعة الجهاز", en="Set the clock"))
    age = max(0, (now - store.imported_at).days)
    old = told("منذ {days}", "{days} old", days=counted(age, *DAYS)) if age else Words(ar="من اليوم", en="of today")
    stale = store.is_stale(now)
    steps = (*_lists(manifest.lists, now), *_revocations(manifest.revocations, now), *_unknown(store, now))
    well = all(step.health is Health.GOOD for step in steps)
    return Measured(
        health=Health.GOOD if well and not stale else Health.WARNING,
        value=joined(counted(len(store.anchors), *_ANCHORS), old),
        limit=limit,
        meaning=None if well else _meaning(policy),
        next_step=_LOAD if stale else None if well else _LOAD_REVOCATIONS,
        steps=steps,
        code=Failure.TRUST_STALE.value if stale else "",
    )


def _bad(value: Words, limit: Words, next_step: Words) -> Measured:
    return Measured(
        health=Health.BAD, value=value, limit=limit, next_step=next_step, code=Failure.CARD_NOT_CHECKABLE.value
    )


def _meaning(policy: Policy) -> Words:
    if policy.revocation_required:
        return Words(
            ar="بطاقات هذه الدول لا تُقبل هنا. الخدمة متاحة عند الشباك.",
            en="Cards of these countries are not accepted here. Service goes on at the window.",
        )
    return Words(
        ar="تُقبل بطاقات هذه الدول دون أن يُعرف إن كان توقيعها قد أُلغي.",
        en="Cards of these countries are accepted without knowing whether their signer was revoked.",
    )


def _lists(records: Iterable[ListRecord], now: datetime) -> Iterable[StepFound]:
    """How old the word of each list is, by its own signing time; its import may be much younger."""
    for record in records:
        age = max(0, (now - record.signed_at).days)
        yield StepFound(
            title=told("قائمة {source}", "List of {source}", source=record.source),
            health=Health.GOOD if age <= STALE_DAYS else Health.WARNING,
            value=told("وُقّعت منذ {days}", "signed {days} ago", days=counted(age, *DAYS)),
        )


def _revocations(records: Iterable[RevocationRecord], now: datetime) -> Iterable[StepFound]:
    """The soonest to run out first; the others are well."""
    for record in sorted(records, key=lambda one: one.next_update)[:_SHOWN_LISTS]:
        over = (now - record.next_update).days
        yield StepFound(
            title=told("قائمة الإلغاء {country}", "Revocation list of {country}", country=record.country),
            health=Health.GOOD if now <= record.next_update else Health.WARNING,
            value=told("بقي {days}", "{days} left", days=counted((record.next_update - now).days, *DAYS))
            if now <= record.next_update
            else told("انتهت منذ {days}", "out of date for {days}", days=counted(max(1, over), *DAYS)),
        )


def _unknown(store: Trust, now: datetime) -> Iterable[StepFound]:
    """The countries of whose signers nobody here knows which were revoked."""
    known = {one.country for one in store.revocations if one.is_current(now)}
    unknown = sorted({anchor.country for anchor in store.anchors} - known)
    if unknown:
        named = " ".join(unknown[:_SHOWN_LISTS])
        yield StepFound(
            title=Words(ar="دول بلا قائمة إلغاء سارية", en="Countries without a revocation list in date"),
            health=Health.WARNING,
            value=joined(counted(len(unknown), *_COUNTRIES), same(named)),
        )

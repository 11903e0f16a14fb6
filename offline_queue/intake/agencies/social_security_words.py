"""The sandbox Social Security's facts and lines, in words that a person reads on a screen and on paper."""

from __future__ import annotations

from datetime import date
from typing import Final

from kiosk.texts import amount_text, date_text, without_isolates
from kiosk.wire import Fact, QuoteLine, Words
from offline_queue.intake.agencies.social_security_rules import Owed, Rule, Subscription, following, last_day

LATE: Final = "late"
"""The line of the surcharge; the others are named by their month, as `2026-09`."""

_ACTIONS: Final = Words(ar="الإجراءات", en="Actions")
_STANDING: Final = Words(ar="الاشتراك", en="Subscription")
_WAGE: Final = Words(ar="الأجر الحالي", en="Present wage")
_DUE: Final = Words(ar="المستحق الآن", en="Due now")
_CHANGE: Final = Words(ar="تغيير الأجر", en="Change of the wage")
_RATE: Final = Words(ar="الاشتراك الشهري", en="Monthly contribution")
_BOUND: Final = Words(ar="حد الأجر", en="Bound of the wage")
_NEW: Final = Words(ar="الاشتراك الجديد", en="New contribution")
_NEXT: Final = Words(ar="الدفعة القادمة حتى", en="Pay next by")
_FROM: Final = Words(ar="ابتداءً من شهر", en="From the month")
_END: Final = Words(ar="ينتهي في", en="Ends on")
_SURCHARGE: Final = Words(ar="غرامة تأخير", en="Late surcharge")


def lines_of(due: tuple[Owed, ...]) -> tuple[QuoteLine, ...]:
    """One for each month, and one for all that is late."""
    contributions = tuple(
        _line(
            f"{one.month:%Y-%m}",
            Words(ar=f"اشتراك {month_words(one.month)}", en=f"Contribution for {month_words(one.month)}"),
            one.contribution_fils,
        )
        for one in due
    )
    late = sum(one.late_fils for one in due)
    return (*contributions, _line(LATE, _SURCHARGE, late)) if late else contributions


def _line(identifier: str, title: Words, fils: int) -> QuoteLine:
    return QuoteLine(id=identifier, title=title, place=None, occurred_on=None, amount_fils=fils, payable=True)


def total(due: tuple[Owed, ...]) -> int:
    return sum(one.contribution_fils + one.late_fils for one in due)


def rate_fact(rule: Rule) -> Fact:
    percent = f"{rule.contribution_per_mille / 10:g}%"
    words = Words(ar=f"{percent} من الأجر", en=f"{percent} of the wage")
    return Fact(id="rate", title=_RATE, value=str(rule.contribution_per_mille), words=words)


def bound_fact(identifier: str, fils: int) -> Fact:
    return Fact(id=identifier, title=_BOUND, value=str(fils), words=amount(fils))


def next_payment_fact(rule: Rule, paid: date) -> Fact:
    return _day_fact("next_payment", _NEXT, rule.due_on(following(paid)))


def end_fact(paid_until: date) -> Fact:
    return _day_fact("ends_on", _END, last_day(paid_until))


def _day_fact(identifier: str, title: Words, day: date) -> Fact:
    shown = without_isolates(date_text(day, "en"))
    return Fact(id=identifier, title=title, value=day.isoformat(), words=Words(ar=shown, en=shown), on_receipt=True)


def amount(fils: int) -> Words:
    return Words(ar=without_isolates(amount_text(fils, "ar")), en=amount_text(fils, "en"))


def month_words(month: date) -> str:
    return f"{month:%m/%Y}"


def actions_fact(actions: tuple[str, ...]) -> Fact:
    """What the person can do now, as `Step.options_by` reads it."""
    return Fact(id="actions", title=_ACTIONS, value=" ".join(actions))


def suggested_fact(action: str) -> Fact:
    return Fact(id="suggested", title=_ACTIONS, value=action)


def standing_fact(subscription: Subscription | None) -> Fact:
    if subscription is None:
        return Fact(id="standing", title=_STANDING, value="none", words=Words(ar="لا اشتراك", en="None"))
    if not subscription.active:
        return Fact(id="standing", title=_STANDING, value="stopped", words=Words(ar="متوقف", en="Stopped"))
    until = month_words(subscription.paid_until)
    words = Words(ar=f"مدفوع حتى نهاية {until}", en=f"Paid to the end of {until}")
    return Fact(id="standing", title=_STANDING, value="active", words=words)


def wage_fact(wage_fils: int) -> Fact:
    return Fact(id="wage", title=_WAGE, value=str(wage_fils), words=amount(wage_fils))


def due_fact(due: tuple[Owed, ...]) -> Fact:
    nothing = Words(ar="لا شيء", en="Nothing")
    return Fact(id="due", title=_DUE, value=str(total(due)), words=amount(total(due)) if due else nothing)


def change_fact(rule: Rule) -> Fact:
    """When a wage can be changed that cannot be now."""
    first, last = (f"{day:02d}/{month:02d}" for month, day in (rule.rise_from, rule.rise_until))
    words = Words(ar=f"من {first} إلى {last} كل سنة", en=f"From {first} to {last} each year")
    return Fact(id="change", title=_CHANGE, value="no", words=words)


def changed_facts(contribution_fils: int, first: date) -> tuple[Fact, ...]:
    """What a changed wage comes to, and from which month. The paper names the wage already."""
    starts = month_words(first)
    return (
        Fact(id="contribution", title=_NEW, value=str(contribution_fils), words=amount(contribution_fils)),
        Fact(id="from", title=_FROM, value=f"{first:%Y-%m}", words=Words(ar=starts, en=starts), on_receipt=True),
    )

"""A taxpayer's account at the sandbox tax department: what is owed on a day, what a credit takes off it, and what is
left once something is paid. Pure functions; every rule is provisional, the department's own are not public."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

import msgspec

from kiosk.money import dinars
from kiosk.wire import QuoteLine, Words

_MONTHS: Final = 12
_SHORTEST_MONTH: Final = 28
_CONTESTED: Final = Words(ar="قيد الاعتراض، لا يُدفع الآن", en="Under objection, not paid now")
_LATER: Final = Words(ar="كل قسط في موعده", en="Each on its day")


class Due(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One tax of one period. What is `contested` waits for the decision on an objection."""

    id: str
    title: Words
    amount_fils: int
    contested: bool = False


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A tax that is paid in `count` monthly instalments, the first of them on `first_day`; `paid` are paid already."""

    id: str
    title: Words
    amount_fils: int
    count: int
    first_day: date
    paid: int = 0


class Account(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """As it stood when the data was made; `dues` begin with the oldest."""

    dues: tuple[Due, ...] = ()
    plans: tuple[Plan, ...] = ()
    credit_fils: int = 0


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What is otherwise by now: dues that are paid, instalments that are paid by plan, and the credit that is left."""

    paid: tuple[str, ...] = ()
    instalments: dict[str, int] = {}
    credit_fils: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Owed:
    """A line of the account. `is_due` says that its day has come; `set_off_fils` of the credit are taken off already.
    Of a plan, `through` is the last instalment in it."""

    id: str
    of: str
    title: Words
    amount_fils: int
    payable: bool = True
    is_due: bool = True
    reason: Words | None = None
    set_off_fils: int = 0
    through: int = 0

    def line(self) -> QuoteLine:
        return QuoteLine(
            id=self.id,
            title=self.title,
            place=None,
            occurred_on=None,
            amount_fils=self.amount_fils,
            payable=self.payable,
            reason=self.reason,
        )


def opening(account: Account) -> Standing:
    return Standing(
        instalments={plan.id: plan.paid for plan in account.plans},
        credit_fils=account.credit_fils,
    )


def owed(account: Account, standing: Standing, today: date) -> tuple[Owed, ...]:
    """What the credit covers whole is not asked for."""
    dues = [due for due in account.dues if due.id not in standing.paid]
    open_dues = [due for due in dues if not due.contested]
    amounts, _ = set_off([due.amount_fils for due in open_dues], standing.credit_fils)
    lines = [_of_due(due, left) for due, left in zip(open_dues, amounts, strict=True) if left]
    for plan in account.plans:
        lines += _of_plan(plan, standing.instalments.get(plan.id, plan.paid), today)
    return (*lines, *(_contested(due) for due in dues if due.contested))


def credit_left(account: Account, standing: Standing) -> int:
    """What is in the taxpayer's favour once everything that is open is covered."""
    open_dues = [due.amount_fils for due in account.dues if due.id not in standing.paid and not due.contested]
    return set_off(open_dues, standing.credit_fils)[1]


def set_off(amounts: Sequence[int], credit_fils: int) -> tuple[list[int], int]:
    """The amounts after a credit has been taken off them, the first of them first; and what is left of it."""
    left = []
    for amount in amounts:
        taken = min(amount, credit_fils)
        left.append(amount - taken)
        credit_fils -= taken
    return left, credit_fils


def settled(standing: Standing, paid: Iterable[Owed]) -> Standing:
    """Once these lines are paid."""
    dues, instalments, credit = list(standing.paid), dict(standing.instalments), standing.credit_fils
    for line in paid:
        if line.through:
            instalments[line.of] = line.through
        else:
            dues.append(line.of)
        credit -= line.set_off_fils
    return Standing(paid=tuple(dues), instalments=instalments, credit_fils=credit)


def instalment_day(first: date, number: int) -> date:
    """Of the instalment of that number, from 1: the same day of each month, or its last where that month is shorter."""
    months = first.month - 1 + number - 1
    year, month = first.year + months // _MONTHS, months % _MONTHS + 1
    day = first.day
    while day > _SHORTEST_MONTH:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1
    return date(year, month, day)


def _of_due(due: Due, left: int) -> Owed:
    taken = due.amount_fils - left
    reason = Words(
        ar=f"بعد حسم رصيد دائن {dinars(taken)} د.أ", en=f"After a credit of {dinars(taken)} JD was taken off"
    )
    return Owed(due.id, due.id, due.title, left, reason=reason if taken else None, set_off_fils=taken)


def _contested(due: Due) -> Owed:
    return Owed(due.id, due.id, due.title, due.amount_fils, payable=False, is_due=False, reason=_CONTESTED)


def _of_plan(plan: Plan, paid: int, today: date) -> Iterator[Owed]:
    """What has come due is one line, so that no instalment is paid before an earlier one; else it is the next."""
    come = sum(instalment_day(plan.first_day, number) <= today for number in range(1, plan.count + 1))
    through = min(max(come, paid + 1), plan.count)
    if through == paid:
        return
    yield Owed(
        f"{plan.id}-{through}",
        plan.id,
        _named(plan, paid + 1, through),
        plan.amount_fils * (through - paid),
        is_due=come > paid,
        through=through,
    )
    if rest := plan.count - through:
        title = Words(ar=f"{plan.title.ar}: الأقساط الباقية {rest}", en=f"{plan.title.en}: later instalments {rest}")
        later = plan.amount_fils * rest
        yield Owed(f"{plan.id}-later", plan.id, title, later, payable=False, is_due=False, reason=_LATER)


def _named(plan: Plan, first: int, through: int) -> Words:
    if first == through:
        return Words(
            ar=f"{plan.title.ar}: القسط {through} من {plan.count}",
            en=f"{plan.title.en}: instalment {through} of {plan.count}",
        )
    return Words(
        ar=f"{plan.title.ar}: الأقساط {first} إلى {through} من {plan.count}",
        en=f"{plan.title.en}: instalments {first} to {through} of {plan.count}",
    )

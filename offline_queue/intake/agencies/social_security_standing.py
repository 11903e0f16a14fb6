"""How it stands with one person at the sandbox Social Security on one day: who may join, and what may be done now."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date
from typing import Final

from kiosk.wire import Words
from offline_queue.intake.agencies.book import Book
from offline_queue.intake.agencies.social_security_file import OnFile, Person
from offline_queue.intake.agencies.social_security_rules import (
    Owed,
    Rule,
    Subscription,
    age_on,
    following,
    month_of,
    new_wages,
    owed,
)

JOIN, PAY, CHANGE, STOP = "join", "pay", "change", "stop"

REFUSALS: Final[Mapping[str, Words]] = {
    "NO_RULES": Words(ar="لا قواعد نافذة في هذا اليوم", en="No rules are in force on this day"),
    "FOR_ONESELF": Words(ar="الاشتراك لصاحب البطاقة فقط", en="A person subscribes only for themselves"),
    "INSURED": Words(
        ar="صاحب العمل يدفع اشتراكاتك، فلا حاجة إلى الاشتراك الاختياري",
        en="An employer pays your contributions: no voluntary subscription is needed",
    ),
    "PENSION": Words(ar="الاشتراك ليس لمن يتقاضى راتبًا تقاعديًا", en="It is not for whoever receives a pension"),
    "AGE_UNKNOWN": Words(ar="تاريخ الميلاد مطلوب: استعمل بطاقتك", en="The birth date is needed: use your card"),
    "TOO_YOUNG": Words(ar="يبدأ الاشتراك بعد إتمام 16 سنة", en="One may join from the age of 16"),
    "TOO_OLD": Words(
        ar="تجاوز العمر الحد، ولا اشتراكات سابقة على الرقم",
        en="Above the age of joining, and without earlier contributions",
    ),
    "NOT_SUBSCRIBED": Words(ar="لا اشتراك قائم بهذا الرقم", en="There is no subscription by this number"),
    "ALREADY_SUBSCRIBED": Words(ar="الاشتراك قائم", en="There is a subscription already"),
    "NOTHING_DUE": Words(ar="لا اشتراكات مستحقة", en="No contributions are due"),
    "DUE_FIRST": Words(ar="تُدفع الاشتراكات المستحقة أولًا", en="What is due is paid first"),
    "NOT_NOW": Words(ar="لا يتغير الأجر في هذا اليوم", en="The wage cannot change on this day"),
    "WAGE_OUTSIDE": Words(ar="الأجر خارج الحدين", en="The wage is not between its bounds"),
    "WAGE_SAME": Words(ar="هذا هو الأجر الحالي", en="This is the present wage"),
    "NOT_DECLARED": Words(ar="الإقرار مطلوب", en="The declaration is needed"),
    "ALREADY_PAID": Words(ar="دُفعت هذه الاشتراكات من قبل", en="These contributions were paid before"),
    "ACTION_UNKNOWN": Words(ar="هذا الإجراء ليس لدى الضمان", en="Social Security does not do this"),
}


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Standing:
    """`born_on` is the file's word, else the card's; None where neither tells it."""

    person: Person
    subscription: Subscription | None
    rule: Rule
    day: date
    born_on: date | None = None

    @property
    def active(self) -> bool:
        return self.subscription is not None and self.subscription.active

    def due(self) -> tuple[Owed, ...]:
        return owed(self.subscription, self.rule, self.day) if self.subscription else ()

    def actions(self) -> tuple[str, ...]:
        """What can be done now, in the order in which it is offered."""
        if not self.active:
            return (JOIN,)
        due = self.due()
        least, most = self.wages()
        return (*([PAY] if due else []), *([CHANGE] if least < most and not due else []), STOP)

    def wages(self) -> tuple[int, int]:
        """The least and the greatest to which a wage may be changed; without one, on which the person may join."""
        age = self._age()
        if self.subscription is None or not self.active:
            return self.rule.wages_at(age or 0)
        may_cut = age is not None and age < self.rule.cuts_below.of(self.person.sex)
        return new_wages(self.subscription, self.rule, self.day, may_cut=may_cut)

    def first_month(self) -> date:
        """For which joining pays: nobody pays a month twice who stopped and joins again."""
        this_month = month_of(self.day)
        return max(this_month, following(self.subscription.paid_until)) if self.subscription else this_month

    def bar_to_joining(self) -> str:
        """The code of a refusal, or "". Whoever is older may join where earlier contributions are not settled."""
        age = self._age()
        if age is None:
            return "AGE_UNKNOWN"
        contributed = bool(self.person.employed) or self.subscription is not None
        barred = {
            "INSURED": self.person.insured,
            "PENSION": self.person.pension,
            "TOO_YOUNG": age < self.rule.least_age,
            "TOO_OLD": age >= self.rule.joins_below.of(self.person.sex) and not contributed,
        }
        return next((code for code, is_so in barred.items() if is_so), "")

    def objection_to(self, action: str, wage: int) -> str:
        """What stands against it by the file as it is, or ""."""
        if action not in {JOIN, PAY, CHANGE, STOP}:
            return "ACTION_UNKNOWN"
        if action == JOIN:
            return "ALREADY_SUBSCRIBED" if self.active else self._objection_to_wage(wage)
        if not self.active:
            return "NOT_SUBSCRIBED"
        if action == PAY:
            return "" if self.due() else "NOTHING_DUE"
        return self._objection_to_change(wage) if action == CHANGE else ""

    def _objection_to_change(self, wage: int) -> str:
        assert self.subscription is not None
        least, most = self.wages()
        wrong = {
            "DUE_FIRST": bool(self.due()),
            "NOT_NOW": least == most,
            "WAGE_SAME": wage == self.subscription.wage_fils,
        }
        return next((code for code, is_so in wrong.items() if is_so), self._objection_to_wage(wage))

    def _objection_to_wage(self, wage: int) -> str:
        least, most = self.wages()
        return "" if least <= wage <= most else "WAGE_OUTSIDE"

    def _age(self) -> int | None:
        return None if self.born_on is None else age_on(self.born_on, self.day)


def standing_of(file: OnFile, book: Book, national_number: str, day: date, birth_date: str = "") -> Standing | None:
    """`birth_date` is the card's, "" where it was not told. None where no rules are in force on that day."""
    rule, person = file.rule(day), file.person(national_number)
    if rule is None:
        return None
    subscription = file.subscription(book, national_number, day)
    return Standing(person, subscription, rule, day, person.born_on or _day(birth_date))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

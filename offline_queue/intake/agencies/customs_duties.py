"""What is due on goods at the sandbox customs, from their value and their kind: pure functions, by dated rules.

The rules are data (`customs.toml`). A parcel of small value pays sales tax alone, and no less than a minimum; whatever
is worth more pays the duty of its kind, and sales tax on value and duty together.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import date
from typing import Final

import msgspec

from kiosk.fees import share
from kiosk.money import FILS_PER_DINAR, dinars
from kiosk.wire import QuoteLine, Words

_THOUSAND: Final = 1000


class Goods(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind of goods, and the duty on it. What `needs_permit` only another authority may let in."""

    id: str
    title: Words
    duty_per_mille: int = 0
    needs_permit: bool = False


class ParcelRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From `first_day` on, until the next rule's. Up to `small_fils` a parcel pays `tax_per_mille` of its value and no
    less than `least_tax_fils`; above `most_fils` it is no parcel to customs: it needs a declaration."""

    first_day: date
    source: Words
    small_fils: int
    tax_per_mille: int
    least_tax_fils: int
    most_fils: int


@dataclasses.dataclass(frozen=True, slots=True)
class Charge:
    """One line of what is due, and how it came to that amount. `id` is "duty", "tax" or "service"."""

    id: str
    title: Words
    fils: int
    reason: Words | None = None

    def line(self, of: str) -> QuoteLine:
        """`of` names the parcel or the declaration: by its lines an agreement says what it paid for."""
        return QuoteLine(
            id=f"{of}:{self.id}",
            title=self.title,
            place=None,
            occurred_on=None,
            amount_fils=self.fils,
            payable=True,
            reason=self.reason,
        )


def paid_for(line_id: str) -> str:
    """The parcel or the declaration that a line is of."""
    return line_id.partition(":")[0]


def rule_of(rules: Iterable[ParcelRule], day: date) -> ParcelRule | None:
    begun = [rule for rule in rules if rule.first_day <= day]
    return max(begun, key=lambda rule: rule.first_day, default=None)


def of_parcel(rule: ParcelRule, tax_per_mille: int, goods: Goods, value_fils: int) -> tuple[Charge, ...]:
    """`tax_per_mille` is the usual sales tax, for what is worth more than a small parcel."""
    if value_fils > rule.small_fils:
        return of_goods(tax_per_mille, goods, value_fils)
    tax = share(value_fils, rule.tax_per_mille, _THOUSAND)
    reason = _of_value(rule.tax_per_mille, value_fils)
    if tax < rule.least_tax_fils:
        tax, reason = rule.least_tax_fils, _AT_LEAST
    return (Charge("tax", _TAX, tax, _joined(reason, rule.source)),)


def of_goods(tax_per_mille: int, goods: Goods, value_fils: int) -> tuple[Charge, ...]:
    """The normal way. Where the kind of goods has no duty, no line speaks of one."""
    duty = share(value_fils, goods.duty_per_mille, _THOUSAND)
    tax = share(value_fils + duty, tax_per_mille, _THOUSAND)
    charges = (
        Charge("duty", _DUTY, duty, _joined(_of_value(goods.duty_per_mille, value_fils), goods.title)),
        Charge("tax", _TAX, tax, _of_value_and_duty(tax_per_mille)),
    )
    return tuple(charge for charge in charges if charge.fils)


def service_charge(fils: int) -> Charge:
    return Charge("service", Words(ar="بدل الخدمة", en="Service charge"), fils)


_DUTY: Final = Words(ar="رسوم جمركية", en="Customs duty")
_TAX: Final = Words(ar="ضريبة المبيعات", en="Sales tax")
_AT_LEAST: Final = Words(ar="الحد الأدنى للطرود", en="The least for a parcel")


def _of_value(per_mille: int, value_fils: int) -> Words:
    rate, value = _percent(per_mille), dinars(value_fils)
    return Words(ar=f"{rate} من {value} د.أ", en=f"{rate} of {value} JD")


def _of_value_and_duty(per_mille: int) -> Words:
    rate = _percent(per_mille)
    return Words(ar=f"{rate} من القيمة والرسوم", en=f"{rate} of value and duty")


def _percent(per_mille: int) -> str:
    return f"{per_mille / 10:g}%"


def _joined(*parts: Words) -> Words:
    return Words(ar="، ".join(part.ar for part in parts), en=", ".join(part.en for part in parts))


def money(fils: int) -> Words:
    """Whole dinars as a person says them, without the fils."""
    plain = dinars(fils) if fils % FILS_PER_DINAR else f"{fils // FILS_PER_DINAR:,}"
    return Words(ar=f"{plain} د.أ", en=f"{plain} JD")

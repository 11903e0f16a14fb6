"""A company's licences at the sandbox companies department: which can be renewed on a day, for how much, until when.

Pure functions. Window, surcharge and terms are provisional: no body's own rules are public in this form.
"""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import msgspec

from kiosk.fees import share
from kiosk.money import dinars
from kiosk.wire import QuoteLine, Words

_WHOLE = 100


class Licence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One licence of one company. `body` issues it. One whose inspection is `awaited` cannot be renewed yet."""

    id: str
    title: Words
    body: Words
    fee_fils: int
    valid_until: date
    awaited: bool = False


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many days before its end a licence can be renewed; one that has run out costs so much more."""

    days_before: int
    late_percent: int


@dataclasses.dataclass(frozen=True, slots=True)
class Renewal:
    """What a renewal of one licence is on a day."""

    licence: Licence
    valid_until: date
    amount_fils: int
    surcharge_fils: int
    obstacle: Words | None

    def line(self) -> QuoteLine:
        """By its title it says until when; of the paper nothing else does."""
        day = f"{self.valid_until:%d/%m/%Y}"
        title = self.licence.title
        renewed = Words(ar=f"{title.ar} حتى {day}", en=f"{title.en} until {day}")
        return QuoteLine(
            id=self.licence.id,
            title=title if self.obstacle else renewed,
            place=self.licence.body,
            occurred_on=None,
            amount_fils=self.amount_fils,
            payable=self.obstacle is None,
            reason=self.obstacle or self._surcharge(),
        )

    def _surcharge(self) -> Words | None:
        if not self.surcharge_fils:
            return None
        late = dinars(self.surcharge_fils)
        return Words(ar=f"منها غرامة تأخير {late} د.أ", en=f"With a late surcharge of {late} JD")


def renewal(licence: Licence, terms: Terms, today: date) -> Renewal:
    surcharge = share(licence.fee_fils, terms.late_percent, _WHOLE) if licence.valid_until < today else 0
    return Renewal(
        licence,
        renewed_until(licence.valid_until, today),
        licence.fee_fils + surcharge,
        surcharge,
        _obstacle(licence, terms, today),
    )


def renewed_until(last: date, today: date) -> date:
    """A year from the day on which it ran out, or runs out; from today where that year is over already."""
    following = _a_year_on(last)
    return following if following > today else _a_year_on(today)


def _a_year_on(day: date) -> date:
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _obstacle(licence: Licence, terms: Terms, today: date) -> Words | None:
    if licence.awaited:
        return Words(ar="بانتظار الكشف، لا تُجدَّد الآن", en="Awaits inspection, not renewed now")
    begins = licence.valid_until - timedelta(days=terms.days_before)
    if today < begins:
        return Words(ar=f"تُجدَّد ابتداءً من {begins:%d/%m/%Y}", en=f"Renewed from {begins:%d/%m/%Y} on")
    return None

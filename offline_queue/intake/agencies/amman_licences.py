"""Profession licences at the sandbox Greater Amman Municipality: which years are due, what each costs, and what is on
file once they are paid. Pure functions; the schedule of fees is invented, the municipality's own is not public."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import msgspec

from kiosk.transaction import AgreedLine
from kiosk.wire import Fact, QuoteLine, Words
from offline_queue.intake.agencies.amman_penalties import Of, Penalty, penalty_fils, percent_on

KEEP, NONE = "keep", "none"

_FREE = Words(ar="عمل منزلي، معفى من الرسم", en="Home business, no fee")
_TITLES: Mapping[Of, Words] = {
    "licence": Words(ar="رسم رخصة المهن", en="Profession licence"),
    "sign": Words(ar="رسم اللوحة الإعلانية", en="Advertising sign"),
}
_OF_YEAR = re.compile(r"licence-([0-9]{4})")
_LATE: Mapping[Of, Words] = {
    "licence": Words(ar="غرامة تأخير الرخصة", en="Late penalty, licence"),
    "sign": Words(ar="غرامة تأخير اللوحة", en="Late penalty, sign"),
}


class Profession(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the schedule: what a year of the licence costs, and of its sign."""

    title: Words
    fee_fils: int
    sign_fils: int


class Licence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One licence. `signatories` is how the numbers end of those who may renew it; of none, anybody may. `bar` is the
    code of what keeps it from being renewed at all, and `arrears_first` says that its arrears must be paid before. No
    fee is asked for a home business up to the year `home_free_through`."""

    number: str
    trade_name: Words
    profession: str
    address: Words
    paid_through: int
    signatories: tuple[str, ...] = ()
    sign: bool = False
    bar: str = ""
    arrears_first: bool = False
    home_free_through: int = 0

    def may_be_renewed_by(self, number: str) -> bool:
        return not self.signatories or number.endswith(self.signatories)


def years_due(licence: Licence, today: date) -> range:
    """From the first that was not paid to this one."""
    return range(licence.paid_through + 1, today.year + 1)


def lines_due(
    licence: Licence, profession: Profession, sign: str, today: date, penalties: Iterable[Penalty]
) -> Iterator[QuoteLine]:
    """The oldest year first: its fee, its sign, and what each costs for being late. A sign that was taken down hung in
    the years that are over."""
    rules = tuple(penalties)
    for year in years_due(licence, today):
        free = year <= licence.home_free_through
        yield _line("licence", year, 0 if free else profession.fee_fils, _FREE if free else None)
        if not free:
            yield from _late("licence", year, profession.fee_fils, percent_on(rules, "licence", year, today))
        if licence.sign and (sign == KEEP or year < today.year):
            yield _line("sign", year, profession.sign_fils)
            yield from _late("sign", year, profession.sign_fils, percent_on(rules, "sign", year, today))


def years_paid(lines: Iterable[AgreedLine]) -> list[int]:
    return sorted(int(found[1]) for line in lines if (found := _OF_YEAR.fullmatch(line.id)))


def renewed(licence: Licence, years: Iterable[int], sign: str) -> Licence:
    return msgspec.structs.replace(licence, paid_through=max(years), sign=licence.sign and sign == KEEP)


def facts_of(licence: Licence, profession: Profession, today: date) -> tuple[Fact, ...]:
    """What its holder need not type, and sees before anything is declared."""
    due = years_due(licence, today)
    span = str(due[0]) if len(due) == 1 else f"{due[0]}-{due[-1]}"
    return (
        _told("trade_name", Words(ar="الاسم التجاري", en="Trade name"), licence.trade_name),
        _told("profession", Words(ar="المهنة", en="Profession"), profession.title),
        _told("address", Words(ar="العنوان", en="Address"), licence.address),
        Fact(id="years_due", title=Words(ar="السنوات المستحقة", en="Years due"), value=span),
        Fact(id="sign", title=_TITLES["sign"], value=KEEP if licence.sign else NONE),
    )


def valid_until(year: int) -> Fact:
    last = f"31/12/{year}"
    title = Words(ar="الرخصة سارية حتى", en="Licence valid until")
    return Fact(id="valid_until", title=title, value=last, on_receipt=True)


def licence_facts(licence: Licence, profession: Profession) -> tuple[Fact, ...]:
    """What the renewed licence itself says, for the document that the municipality issues."""
    number = Fact(id="licence", title=Words(ar="رقم الرخصة", en="Licence number"), value=licence.number)
    told = (fact for fact in facts_of(licence, profession, date(licence.paid_through + 1, 1, 1)) if fact.id in _SAYS)
    return (number, *told, valid_until(licence.paid_through))


_SAYS = frozenset({"trade_name", "profession", "address"})


def _told(identifier: str, title: Words, words: Words) -> Fact:
    return Fact(id=identifier, title=title, value=words.ar, words=words)


def _line(of: Of, year: int, fils: int, reason: Words | None = None) -> QuoteLine:
    return _owed(f"{of}-{year}", _TITLES[of], year, fils, reason)


def _late(of: Of, year: int, fee_fils: int, percent: int) -> Iterator[QuoteLine]:
    if fils := penalty_fils(fee_fils, percent):
        why = Words(ar=f"{percent}% من الرسم الأساسي", en=f"{percent}% of the basic fee")
        yield _owed(f"{of}-late-{year}", _LATE[of], year, fils, why)


def _owed(identifier: str, title: Words, year: int, fils: int, reason: Words | None) -> QuoteLine:
    return QuoteLine(
        id=identifier,
        title=Words(ar=f"{title.ar} {year}", en=f"{title.en} {year}"),
        place=None,
        occurred_on=None,
        amount_fils=fils,
        payable=True,
        reason=reason,
    )

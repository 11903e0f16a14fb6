"""How much of an offline limit is used, in words for clerk and technician."""

from __future__ import annotations

from kiosk.offline import Bound, Use
from kiosk.texts import Texts


def use_words(use: Use, texts: Texts) -> str:
    """As "412 of 500 waiting (82 %)"."""
    percent = texts.isolated(f"{use.percent} %")
    match use.bound:
        case Bound.COUNT:
            return texts("{n} of {limit} waiting ({percent})", n=use.used, limit=use.limit, percent=percent)
        case Bound.SUM:
            used, limit = texts.amount(use.used), texts.amount(use.limit)
            return texts("{amount} of {limit} waiting ({percent})", amount=used, limit=limit, percent=percent)
        case Bound.AGE:
            return texts(
                "the oldest waits {n} of {limit} hours ({percent})", n=use.used, limit=use.limit, percent=percent
            )


def waiting_words(waiting: int, uses: tuple[Use, ...], texts: Texts) -> str:
    """How many wait; from half of a limit on also how much of it is used."""
    if not uses or not uses[0].warned_at:
        return texts("Awaiting delivery: {n}", n=waiting)
    percent = texts.isolated(f"{uses[0].percent} %")
    return texts("Awaiting delivery: {n} · {percent} of the limit", n=waiting, percent=percent)

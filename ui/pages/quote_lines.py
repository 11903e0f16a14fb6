"""The words and rows of a quote: whose lines these are, one row for each, until when the amount holds."""

from __future__ import annotations

from kiosk.scene import Scene
from kiosk.texts import Texts
from kiosk.wire import Quote, QuoteLine
from ui.line_words import counted, counted_here, number_asked, subject
from ui.look import Look
from ui.widgets.choice import ChoiceRow


def whose(scene: Scene, quote: Quote, look: Look) -> str:
    """`Vehicle 12-34567 has 4 fines, 3 payable here`."""
    texts, service = look.texts, scene.service
    if service is None or service.line_word == "fine":
        return counted_here(service, quote, _fines(scene, quote, texts), texts)
    amounts = counted_here(service, quote, counted(service, len(quote.lines), texts), texts)
    return texts("{fines} · {subject}", fines=amounts, subject=subject(scene, texts))


def _fines(scene: Scene, quote: Quote, texts: Texts) -> str:
    count, plate = len(quote.lines), quote.fields.get("plate")
    if plate is not None:
        return texts.plural(
            "Vehicle {plate} has {n} fine", "Vehicle {plate} has {n} fines", count, plate=texts.plate(plate)
        )
    return texts.plural(
        "National number {number} has {n} fine",
        "National number {number} has {n} fines",
        count,
        number=texts.masked(number_asked(scene)),
    )


def line_row(look: Look, line: QuoteLine, *, sign: str, details: bool = True) -> ChoiceRow:
    """A row to tick; in the agency's words why it cannot be paid here, or how it came to that amount. `sign` is
    the icon of the former. What cannot be paid may have no amount yet. Without `details` nothing tells where another
    person was, and when."""
    texts = look.texts
    where = texts.of(line.place) if line.place and details else ""
    when = texts.date(line.occurred_on) if line.occurred_on and details else ""
    reason = texts.of(line.reason) if line.reason else ""
    detail = texts("{place} · {date}", place=where, date=when) if where and when else where or when
    return ChoiceRow(
        look,
        texts.of(line.title),
        " · ".join(part for part in (detail, reason) if part) if line.payable else detail,
        name=f"line:{line.id}",
        several=True,
        trailing=texts.amount(line.amount_fils) if line.payable or line.amount_fils else "",
        unavailable="" if line.payable else reason or texts("Not paid here"),
        unavailable_icon=sign,
    )


def holds_until(look: Look, quote: Quote) -> str:
    texts = look.texts
    moment = quote.expires_at
    when = texts("{date} at {time}", date=texts.date(moment), time=texts.time(moment))
    return texts("The amount holds until {time}", time=when)

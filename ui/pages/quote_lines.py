"""The words and rows of a quote: whose lines these are, one row for each, until when the amount holds."""

from __future__ import annotations

from kiosk.scene import Scene
from kiosk.wire import Quote, QuoteLine
from ui.look import Look
from ui.widgets.choice import ChoiceRow


def whose(scene: Scene, quote: Quote, look: Look) -> str:
    """`Vehicle 12-34567 has 4 fines, 3 payable here`."""
    texts, count = look.texts, len(quote.lines)
    plate = quote.fields.get("plate")
    if plate is not None:
        fines = texts.plural(
            "Vehicle {plate} has {n} fine", "Vehicle {plate} has {n} fines", count, plate=texts.plate(plate)
        )
    else:
        number = _number(scene)
        fines = texts.plural(
            "National number {number} has {n} fine",
            "National number {number} has {n} fines",
            count,
            number=texts.masked(number),
        )
    payable = sum(line.payable for line in quote.lines)
    if payable == count:
        return fines
    return texts.plural("{fines}, {n} payable here", "{fines}, {n} payable here", payable, fines=fines)


def subject(scene: Scene, quote: Quote, look: Look) -> str:
    """What was asked about: the vehicle, or the person by the masked national number."""
    texts = look.texts
    if "plate" in quote.fields:
        return texts("Vehicle {plate}", plate=texts.plate(quote.fields["plate"]))
    number = _number(scene)
    return texts("National number {number}", number=texts.masked(number))


def _number(scene: Scene) -> str:
    """Whose fines were asked for."""
    return scene.behalf.number or (scene.identity.national_number if scene.identity else "")


def line_row(look: Look, line: QuoteLine, *, details: bool = True) -> ChoiceRow:
    """A row to tick; where it cannot be paid here, the reason in the agency's words. Without `details` nothing tells
    where another person was, and when."""
    texts = look.texts
    where = texts.of(line.place) if line.place and details else ""
    when = texts.date(line.occurred_on) if line.occurred_on and details else ""
    reason = texts.of(line.reason) if line.reason else texts("Not paid here")
    return ChoiceRow(
        look,
        texts.of(line.title),
        texts("{place} · {date}", place=where, date=when) if where and when else where or when,
        name=f"line:{line.id}",
        several=True,
        trailing=texts.amount(line.amount_fils),
        unavailable="" if line.payable else reason,
        unavailable_icon="scale",
    )


def holds_until(look: Look, quote: Quote) -> str:
    texts = look.texts
    moment = quote.expires_at
    when = texts("{date} at {time}", date=texts.date(moment), time=texts.time(moment))
    return texts("The amount holds until {time}", time=when)

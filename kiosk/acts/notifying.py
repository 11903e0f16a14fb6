"""The number for SMS, asked only of who wants to be told: typed, changed, or taken away again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk import forms
from kiosk.acts.answers import check
from kiosk.events import Event, PhoneTyped
from kiosk.scene import State

if TYPE_CHECKING:
    from kiosk.visit import Visit


def ask(visit: Visit, _: Event) -> State:
    case = visit.case
    if visit.parts.assisted or not case.may_be_told():
        return visit.state
    case.typed, case.mistake = (case.notify_phone or case.phone_said()).replace("+962", "0"), ""
    return State.NOTIFY_PHONE


def take(visit: Visit, event: PhoneTyped) -> State:
    case = visit.case
    if not event.digits.strip():
        case.notify_phone = ""
        return back(visit, event)
    checked = forms.phone(event.digits)
    if isinstance(checked, forms.Wrong):
        case.typed, case.mistake = event.digits, checked.message
        return State.NOTIFY_PHONE
    case.notify_phone = checked.value
    return back(visit, event)


def back(visit: Visit, _: Event) -> State:
    visit.case.typed = visit.case.mistake = ""
    return check(visit)

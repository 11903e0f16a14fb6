"""Several services in one visit: put aside what was checked, look it over, change it, pay it at once or one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk import basket
from kiosk.acts.answers import check
from kiosk.acts.paying import confirm
from kiosk.acts.signing import sign_before
from kiosk.counter import Consent
from kiosk.events import BasketItemOpened, BasketItemPaid, BasketItemRemoved, BasketWanted, Event
from kiosk.scene import State

if TYPE_CHECKING:
    from kiosk.visit import Visit


def put_in(visit: Visit, event: BasketWanted) -> State:
    """What is checked is ready; where its service wants a signature, once it is signed."""
    return _put_in(visit, event, State.BASKET)


def add_another(visit: Visit, event: Event) -> State:
    """The same, and on to another service; a basket that is full is looked over first."""
    full = len(visit.case.basket) + 1 >= basket.MOST_SERVICES
    return _put_in(visit, event, State.BASKET if full else State.CHOOSING_SERVICE)


def _put_in(visit: Visit, event: Event, then: State) -> State:
    case = visit.case
    if case.correcting is not None or case.service is None:
        return visit.state  # its money is there already
    return sign_before(visit, event, then)


def show(visit: Visit, _: Event) -> State:
    """From another place of the visit; a service that is only begun is left."""
    case = visit.case
    left = basket.unpaid(case)
    if not left:
        return visit.state
    rest = case.same_person()
    rest.basket = left
    case.become(rest)
    return check(visit)


def choose_more(visit: Visit, _: Event) -> State:
    return State.BASKET if len(visit.case.basket) >= basket.MOST_SERVICES else State.CHOOSING_SERVICE


def open_item(visit: Visit, event: BasketItemOpened) -> State:
    return check(visit) if basket.take_out(visit.case, event.transaction) else visit.state


def remove_item(visit: Visit, event: BasketItemRemoved) -> State:
    """What was agreed to was another amount."""
    case = visit.case
    basket.throw_out(case, event.transaction)
    case.consent = Consent.NONE
    return State.BASKET if case.basket else State.CHOOSING_SERVICE


def pay_item(visit: Visit, event: BasketItemPaid) -> State:
    """At a counter the person agrees to each amount first, on its own page."""
    if not basket.take_out(visit.case, event.transaction):
        return visit.state
    return check(visit) if visit.parts.assisted else confirm(visit, event)

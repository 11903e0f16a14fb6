"""What every state can do: nothing, warn, or end; ending forgets the person before the next page is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.basket import unpaid
from kiosk.drafts import draft_of
from kiosk.events import Event
from kiosk.failures import Money
from kiosk.scene import State

if TYPE_CHECKING:
    from kiosk.case import Case
    from kiosk.visit import Visit


def stay(visit: Visit, _: Event) -> State:
    """Noticed, and nothing to do: money is moving, or paper is coming out. The visit ends by itself afterwards."""
    return visit.state


def warn(visit: Visit, _: Event) -> State:
    visit.case.stopped_at = visit.state
    return State.TIME_WARNING


def keep_half_done(visit: Visit) -> None:
    """Whoever left did not say that it was over: a half-done case is kept for its person, and offered next time."""
    if visit.case.money is not Money.NOTHING:
        return
    if visit.case.is_worth_keeping():
        _keep(visit, visit.case)
    keep_the_basket(visit)


def keep_the_basket(visit: Visit) -> None:
    """What is ready and unpaid, each as the request that it is."""
    for entry in unpaid(visit.case):
        if entry.is_worth_keeping():
            _keep(visit, entry)


def _keep(visit: Visit, case: Case) -> None:
    parking, draft, clerk = visit.parts.parking, draft_of(case), visit.parts.clerk()

    def work() -> None:
        parking.keep(draft, clerk)

    visit.begin_beside(work)


def end_by_time(visit: Visit, event: Event) -> State:
    """Nobody is there any more: nothing of the case stays here."""
    keep_half_done(visit)
    return end(visit, event)


def end(visit: Visit, _: Event) -> State:
    """The visit is over: everything personal is forgotten before the next page is drawn."""
    visit.forget()
    visit.read_front()
    return State.TAKE_CARD if visit.card_present else State.IDLE

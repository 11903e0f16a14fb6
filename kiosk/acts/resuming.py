"""Goes on where a pause, a warning or a failure stopped the visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.acts import requests
from kiosk.acts.answers import enquire
from kiosk.acts.signing import ask_pin_state
from kiosk.events import PartFailed, RequestsWanted
from kiosk.failures import Failure, ServiceFailure
from kiosk.scene import State

if TYPE_CHECKING:
    from kiosk.visit import Visit


def resume_at(visit: Visit, stopped_at: State) -> State:
    """A question to the agency or the centre that the pause cut off is asked again, and so is how a card's PIN stands.
    Whether a document came out nobody has heard: it may be printed again."""
    visit.case.stopped_at, visit.case.printing = None, False
    if stopped_at is State.ENQUIRING:
        return enquire(visit, PartFailed(ServiceFailure(Failure.CARD_REMOVED)))
    if stopped_at is State.STEPS and visit.case.papers.scanning:
        visit.abandon_errand()  # nobody may have listened meanwhile: the page is scanned when the person says so
    if stopped_at is State.SIGNING:
        return ask_pin_state(visit)
    if stopped_at is State.ASKING_REQUESTS:
        return requests.ask(visit, RequestsWanted())
    return stopped_at

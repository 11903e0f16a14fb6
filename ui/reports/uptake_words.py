"""The words of the report on how services are used: outcomes, channels, and pages as people would call them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kiosk.catalogue import Catalogue
from kiosk.scene import State
from kiosk.texts import Texts, message
from kiosk.uptake import Channel, Outcome

OUTCOME_TEXTS: Final[Mapping[Outcome, str]] = {
    Outcome.FINISHED: message("Finished"),
    Outcome.KEPT: message("Kept for later"),
    Outcome.LEFT: message("Left"),
    Outcome.FAILED: message("Stopped by a fault"),
}
"""In the order in which a bar shows them."""

CHANNEL_TEXTS: Final[Mapping[Channel, str]] = {
    Channel.SELF_SERVICE: message("At the terminal, alone"),
    Channel.ASSISTED: message("At the window, with a clerk"),
}

_AFTER_PAYING = message("After paying")
_PAGE_TEXTS: Final[Mapping[State, str]] = {
    State.IDENTIFYING: message("While the card was read"),
    State.ACCESS_NUMBER: message("The number on the card"),
    State.CHOOSING_SERVICE: message("Choosing a service"),
    State.START_CARD: message("What you need, before it begins"),
    State.STEPS: message("The questions"),
    State.ENQUIRING: message("Waiting for the agency"),
    State.QUOTE: message("The amounts"),
    State.CHECK_ANSWERS: message("Checking the answers"),
    State.SIGNING: message("Signing with the card"),
    State.PAYING: message("Paying"),
    State.COMMITTED: _AFTER_PAYING,
    State.DELIVERY_AWAITED: _AFTER_PAYING,
    State.RECEIPT: _AFTER_PAYING,
    State.DONE: _AFTER_PAYING,
}


def service_name(service: str, catalogue: Catalogue, texts: Texts) -> str:
    """Of a service that this release does not know, its id."""
    if not service:
        return texts("No service chosen")
    known = next((one for one in catalogue.services if one.id == service), None)
    return texts.isolated(service) if known is None else texts.of(known.title)


def page_name(service: str, page: str, catalogue: Catalogue, texts: Texts) -> str:
    """Of a question, the question itself; of a page that this release does not know, its name."""
    state, _, step = page.partition("/")
    known = next((one for one in catalogue.services if one.id == service), None)
    asked = next((one for one in known.steps if one.id == step), None) if known is not None else None
    if asked is not None:
        return texts.of(asked.title)
    text = _PAGE_TEXTS.get(State(state)) if state in {each.value for each in State} else None
    return texts.isolated(page) if text is None else texts(text)

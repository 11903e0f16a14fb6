"""A person says how the service was. It is kept with the case until the case is forgotten, and holds nothing up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.events import Rated
from kiosk.feedback import UNHAPPY
from kiosk.scene import State

if TYPE_CHECKING:
    from kiosk.visit import Visit


def rate(visit: Visit, event: Rated) -> State:
    """The last answer counts; only an unhappy one has a reason."""
    visit.case.satisfaction = event.satisfaction
    visit.case.reason = event.reason if event.satisfaction in UNHAPPY else None
    return visit.state

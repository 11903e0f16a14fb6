"""As whom a person comes, and which bundle is open; and what is put before whoever comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.events import BundleOpened, FrontRead, SegmentChosen
from kiosk.scene import State

if TYPE_CHECKING:
    from kiosk.visit import Visit


def choose_segment(visit: Visit, event: SegmentChosen) -> State:
    visit.case.segment = event.segment
    return visit.state


def open_bundle(visit: Visit, event: BundleOpened) -> State:
    """What was done of another bundle does not count for this one."""
    if event.bundle != visit.case.bundle:
        visit.case.bundle, visit.case.bundle_done = event.bundle, ()
    return visit.state


def take_front(visit: Visit, event: FrontRead) -> State:
    """Only between visits: nothing changes its place before the eyes of a person."""
    visit.front = event.front
    return visit.state

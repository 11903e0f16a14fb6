"""What a clerk does with several services of one visit; each act once, and the visit decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.basket import MOST_SERVICES
from kiosk.events import BasketItemOpened, BasketItemRemoved, BasketWanted
from kiosk.scene import Scene, State

if TYPE_CHECKING:
    from ui.clerk.desk import Desk


class BasketDesk:
    """The basket's part of a desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def can_be_wanted(self) -> bool:
        """What is checked goes in; from elsewhere there must be something in it."""
        desk, scene = self._desk, self._desk.scene
        if scene.state is State.CHECK_ANSWERS:
            room = len(scene.basket) < MOST_SERVICES
            return room and scene.correcting is None and not desk.filling.changed()
        return bool(scene.basket) and (scene.state is State.CHOOSING_SERVICE or self.is_left())

    def is_left(self) -> bool:
        """One was paid by itself, and others wait."""
        scene = self._desk.scene
        return scene.state is State.DONE and scene.service is not None and bool(scene.basket)

    def want(self) -> None:
        """F9: into the basket, or back to it."""
        self._desk.send(BasketWanted())

    def open(self, entry: Scene) -> None:
        if entry.ids is not None:
            self._desk.send(BasketItemOpened(entry.ids.transaction))

    def leave_out(self, entry: Scene) -> None:
        if entry.ids is not None:
            self._desk.send(BasketItemRemoved(entry.ids.transaction))

"""A help desk that answers what the test tells it, and remembers what it was asked."""

from __future__ import annotations

from uuid import UUID, uuid4

from kiosk.help import HelpState


class ScriptedHelpDesk:
    def __init__(self) -> None:
        self.answer = HelpState.CALLED
        self.places: list[str] = []
        self.withdrawn: list[UUID] = []
        self.open: UUID | None = None

    def call(self, place: str) -> UUID:
        if self.open is None:
            self.open = uuid4()
            self.places.append(place)
        return self.open

    def state(self, call: UUID) -> HelpState:
        assert call == self.open or call in self.withdrawn
        return self.answer

    def withdraw(self, call: UUID) -> None:
        self.withdrawn.append(call)
        self.open = None

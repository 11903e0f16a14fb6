"""An office in memory: its kiosk and counter promise the same as those over the centre; tests of screens call in it."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from uuid import UUID

import uuid6

from kiosk.help import LIFETIME, PRESENCE, HelpState, OfficeCall, told
from kiosk.scene import State


@dataclasses.dataclass
class FakeOffice:
    """`now` stands still until a test moves it; without `line` nothing arrives at the counter or comes back from it."""

    now: datetime = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    line: bool = True
    looked_at: datetime | None = None
    calls: dict[UUID, OfficeCall] = dataclasses.field(default_factory=dict)

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def is_open(self, call: UUID) -> bool:
        return call in self.calls and self.now - self.calls[call].called_at < LIFETIME

    def clerk_looks(self) -> bool:
        return self.looked_at is not None and self.now - self.looked_at < PRESENCE


class FakeHelpDesk:
    """A `kiosk.help.HelpDesk`."""

    def __init__(self, office: FakeOffice, terminal: str = "KRK3") -> None:
        self._office = office
        self._terminal = terminal
        self._open: UUID | None = None
        self._place = ""
        self._arrived = False
        self._coming = False
        self._unsaid: UUID | None = None

    def call(self, place: str) -> UUID:
        if self._open is None or self.state(self._open) is HelpState.OVER:
            self._open, self._place, self._arrived, self._coming = uuid6.uuid7(), State(place).value, False, False
            self.state(self._open)
        return self._open

    def state(self, call: UUID) -> HelpState:
        office = self._office
        self._say_withdrawal()
        if call != self._open:
            return HelpState.OVER
        if not office.line:
            return HelpState.COMING if self._coming else HelpState.UNREACHABLE
        if not self._arrived:
            office.calls[call] = OfficeCall(call=call, terminal=self._terminal, place=self._place, called_at=office.now)
            self._arrived = True
        if not office.is_open(call):
            return HelpState.OVER
        standing = office.calls[call]
        self._coming = bool(standing.answered_by)
        heard = HelpState.COMING if self._coming else HelpState.CALLED
        return told(heard, called_at=standing.called_at, now=office.now, clerk_looks=office.clerk_looks())

    def withdraw(self, call: UUID) -> None:
        if call == self._open:
            self._open, self._unsaid = None, call
        self._say_withdrawal()

    def _say_withdrawal(self) -> None:
        if self._office.line and self._unsaid is not None:
            self._office.calls.pop(self._unsaid, None)
            self._unsaid = None


class FakeClerkBell:
    """A `kiosk.help.ClerkBell`, at a counter whose own line is always up."""

    def __init__(self, office: FakeOffice) -> None:
        self._office = office

    def open_calls(self) -> tuple[OfficeCall, ...]:
        self._office.looked_at = self._office.now
        return tuple(standing for call, standing in self._office.calls.items() if self._office.is_open(call))

    def answer(self, call: UUID, clerk: str) -> None:
        standing = self._office.calls.get(call)
        if standing is not None and not standing.answered_by:
            self._office.calls[call] = OfficeCall(
                call=call,
                terminal=standing.terminal,
                place=standing.place,
                called_at=standing.called_at,
                answered_by=clerk,
            )

    def close(self, call: UUID) -> None:
        self._office.calls.pop(call, None)

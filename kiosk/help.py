"""Help: a citizen's terminal calls a clerk of its own office, a clerk answers, and the person is told what is true."""

from __future__ import annotations

import enum
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

import msgspec

PATIENCE = timedelta(seconds=60)
"""Whoever has waited this long without an answer is told that nobody answers."""

PRESENCE = timedelta(seconds=30)
"""A clerk's terminal that has listed the calls is taken to be looked at for so long."""

LIFETIME = timedelta(minutes=15)
"""A call that nobody has closed is over then: the person has long gone to the window."""

LONGEST_NAME = 64
"""Characters of a clerk's display name."""


class HelpState(enum.StrEnum):
    """What a person who called for help is told."""

    CALLING = "calling"  # not yet known to have reached anybody
    CALLED = "called"  # the centre holds it, a clerk of the office is looking, none has answered
    COMING = "coming"  # a clerk acknowledged
    NOBODY = "nobody"  # nobody answered within the time, or no clerk of the office is looking
    UNREACHABLE = "unreachable"  # no line
    OVER = "over"  # withdrawn or served


_SETTLED = frozenset({HelpState.COMING, HelpState.UNREACHABLE, HelpState.OVER})


def told(heard: HelpState, *, called_at: datetime, now: datetime, clerk_looks: bool) -> HelpState:
    """What to tell the person, from what was last heard of the call. Both times are of one clock, aware.

    NOBODY is not the last word: the call stays open, and a clerk who comes to the counter later may still answer it.
    """
    if heard in _SETTLED:
        return heard
    if now - called_at >= PATIENCE:
        return HelpState.NOBODY
    if heard is HelpState.CALLING:
        return HelpState.CALLING
    return HelpState.CALLED if clerk_looks else HelpState.NOBODY


class OfficeCall(msgspec.Struct, frozen=True, kw_only=True):
    """An open call. `place` is the state of the visit it came from (a value of `kiosk.scene.State`), `called_at` the
    centre's time; `answered_by` is the display name of the clerk who answered first, "" until then. Nothing personal of
    the citizen is in it."""

    call: UUID
    terminal: str
    place: str
    called_at: datetime
    answered_by: str = ""


class HelpDesk(Protocol):
    """The caller's side. Every call may block up to the gateway's time-out; a failure is a state, never raised."""

    def call(self, place: str) -> UUID:
        """Calls a clerk. `place` is the visit's state by name; never anything personal. Asking again while a call is
        open gives the same call; to ring anew after NOBODY, withdraw it first."""

    def state(self, call: UUID) -> HelpState:
        """Asks the centre. A call that did not reach it is sent again, so that it arrives once the line is back."""

    def withdraw(self, call: UUID) -> None:
        """The person goes on without help. Harmless on a call that is over."""


class ClerkBell(Protocol):
    """The clerk's side. Every call may block, and raises `kiosk.failures.ServiceFailure` where the centre does not
    answer: a clerk must not take a dead line for a quiet office."""

    def open_calls(self) -> tuple[OfficeCall, ...]:
        """The calls of this terminal's office, oldest first, answered ones too until they are closed. Asking says that
        a clerk is looking, for PRESENCE: ask while somebody is signed in, and more often than that."""

    def answer(self, call: UUID, clerk: str) -> None:
        """`clerk` (a display name, at most LONGEST_NAME characters) is on the way. The first answer stands; who gave
        it is in `open_calls`. Harmless on a call that is over."""

    def close(self, call: UUID) -> None:
        """The person was served. Harmless on a call that is over."""

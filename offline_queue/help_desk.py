"""Help over the centre: the caller's side and the clerk's side of `kiosk.help`."""

from __future__ import annotations

import dataclasses
import threading
from datetime import datetime
from uuid import UUID

import uuid6

from kiosk.help import HelpState, OfficeCall, told
from kiosk.ports import Clock
from kiosk.scene import State
from kiosk.wire import HelpAnswer
from offline_queue.centre import NoAnswer, Silence
from offline_queue.gateway import HttpsGateway

_NO_WAY_THROUGH = frozenset({Silence.NO_LINE, Silence.CUT_OFF, Silence.UNPROVEN, Silence.TERMINAL_REFUSED})
"""These last; a centre that is slow or in trouble may have taken the call all the same, and answer the next time."""


@dataclasses.dataclass(slots=True)
class _Call:
    """The open call. `called_at` is by this terminal's clock; `heard` and `clerk_looks` are the centre's last word."""

    id: UUID
    place: str
    called_at: datetime
    heard: HelpState = HelpState.CALLING
    clerk_looks: bool = False


class CentreHelpDesk:
    """A `kiosk.help.HelpDesk`. Several threads may call at once."""

    def __init__(self, gateway: HttpsGateway, clock: Clock) -> None:
        self._gateway = gateway
        self._clock = clock
        self._lock = threading.Lock()
        self._open: _Call | None = None
        self._unsaid: UUID | None = None  # withdrawn, and the centre does not know yet; a newer call ends older ones

    def call(self, place: str) -> UUID:
        """Raises ValueError where `place` names no state of a visit: that is a bug, and must not reach the wire."""
        place = State(place).value
        call = self._open_call(place)
        if self.state(call) is HelpState.OVER:  # served since it was last asked about
            call = self._open_call(place)
            self.state(call)
        return call

    def state(self, call: UUID) -> HelpState:
        one = self._called(call)
        try:
            self._say_withdrawal()
            if one is None:
                return HelpState.OVER
            arrived = one.heard is not HelpState.CALLING
            answer = self._gateway.help_state(call) if arrived else self._gateway.call_help(call, one.place)
        except NoAnswer as nothing:
            return self._not_heard(one, nothing.silence) if one else HelpState.OVER
        return self._heard(one, answer)

    def withdraw(self, call: UUID) -> None:
        """Where the centre cannot be told now, the next question about any call tells it first."""
        with self._lock:
            if self._open is not None and self._open.id == call:
                self._open, self._unsaid = None, call
        try:
            self._say_withdrawal()
        except NoAnswer:
            return

    def _open_call(self, place: str) -> UUID:
        with self._lock:
            if self._open is None:
                self._open = _Call(uuid6.uuid7(), place, self._clock.now())
            return self._open.id

    def _called(self, call: UUID) -> _Call | None:
        with self._lock:
            return self._open if self._open is not None and self._open.id == call else None

    def _say_withdrawal(self) -> None:
        with self._lock:
            call = self._unsaid
        if call is None:
            return
        self._gateway.close_help(call)
        with self._lock:
            if self._unsaid == call:
                self._unsaid = None

    def _heard(self, one: _Call, answer: HelpAnswer) -> HelpState:
        """Waiting is measured by the centre's clock alone."""
        standing = answer.standing
        with self._lock:
            if standing is None:
                if self._open is one:
                    self._open = None
                return HelpState.OVER
            one.heard = HelpState.COMING if standing.answered_by else HelpState.CALLED
            one.clerk_looks = answer.clerk_looks
            return told(one.heard, called_at=standing.called_at, now=answer.answered_at, clerk_looks=answer.clerk_looks)

    def _not_heard(self, one: _Call, silence: Silence) -> HelpState:
        """A clerk who said to be coming is coming, whatever the line does now."""
        lost = silence in _NO_WAY_THROUGH and one.heard is not HelpState.COMING
        heard = HelpState.UNREACHABLE if lost else one.heard
        return told(heard, called_at=one.called_at, now=self._clock.now(), clerk_looks=one.clerk_looks)


class CentreClerkBell:
    """A `kiosk.help.ClerkBell`. Each call is one question to the centre; raises NoAnswer."""

    def __init__(self, gateway: HttpsGateway) -> None:
        self._gateway = gateway

    def open_calls(self) -> tuple[OfficeCall, ...]:
        return self._gateway.open_calls()

    def answer(self, call: UUID, clerk: str) -> None:
        self._gateway.answer_help(call, clerk)

    def close(self, call: UUID) -> None:
        self._gateway.close_help(call)

"""The terminals of one tour: the kiosk, the counter and the kiosk in training, opened as the program opens them."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial

from kiosk.catalogue import Service
from kiosk.demonstration import Office
from kiosk.demonstration_staff import engage
from kiosk.help import ClerkBell
from kiosk.ports import Ledger
from kiosk.settings import Settings
from kiosk.terminal import Terminal
from kiosk.uptake import Uptake
from ui.app import Kiosk
from ui.clerk.opening import citizen_display, staff_window
from ui.clerk.serving import open_counter
from ui.look import Panel
from ui.running import first_window
from ui.serving import open_kiosk
from ui.tour.rounds import LARGE
from ui.tour.tour import CounterPlace

OpenTerminal = Callable[[Settings, tuple[Service, ...]], AbstractContextManager[Terminal]]


class OtherSide:
    """The counter of the same office, asked over the centre as a clerk's terminal asks."""

    def __init__(self, bell: ClerkBell) -> None:
        self._bell = bell

    def look(self) -> None:
        self._bell.open_calls()

    def answer(self, clerk: str) -> None:
        for call in self._bell.open_calls():
            self._bell.answer(call.call, clerk)


class CounterSide:
    """What the world does at the counter's side of a demonstration: a `ui.tour.counter.CounterWorld`."""

    def __init__(self, world: Office, kiosk: Terminal, pay_at_the_agency: Callable[[str], None]) -> None:
        self._world, self._kiosk = world, kiosk
        self.pay_at_the_agency = pay_at_the_agency
        self.insert_card, self.pull_card = world.insert_card_at_counter, world.pull_card_at_counter
        self.access_number, self.cut_line, self.restore_line = world.access_number, world.cut_line, world.restore_line

    def call_from_kiosk(self) -> None:
        self._kiosk.help_desk.call("steps")

    def papers(self) -> int:
        return len(self._world.printed())


class Places:
    """Opens them. `terminal` is the kiosk's, open for the whole tour; `at_counter` and `in_training` are settings.
    `counted` is all that kiosk and counter have counted so far.
    `pay_at_the_agency` pays a vehicle's fines at the agency's own window."""

    def __init__(
        self,
        world: Office,
        terminal: Terminal,
        services: tuple[Service, ...],
        open_terminal: OpenTerminal,
        *,
        at_counter: Settings,
        in_training: Settings,
        pay_at_the_agency: Callable[[str], None],
    ) -> None:
        self._world = world
        self.counted: list[Uptake] = []
        self._terminal = self._listened_to(terminal)
        self._services = services
        self._open_terminal = open_terminal
        self._at_counter = at_counter
        self._in_training = in_training
        self._pay_at_the_agency = pay_at_the_agency

    def kiosk(self, panel: Panel) -> Kiosk:
        return self._kiosk_of(self._terminal, panel)

    @contextlib.contextmanager
    def training(self, panel: Panel) -> Iterator[Kiosk]:
        with self._open_terminal(self._in_training, self._services) as terminal:
            yield self._kiosk_of(terminal, panel)

    @contextlib.contextmanager
    def counter(self, panel: Panel) -> Iterator[CounterPlace]:
        office = self._at_counter.terminal.office
        with self._open_terminal(self._at_counter, self._services) as opened:
            terminal = self._listened_to(opened)
            pins, window = pins_of(terminal), staff_window(panel, office)
            counter = open_counter(terminal, self._services, window, partial(citizen_display, LARGE, office))
            side = CounterSide(self._world, self._terminal, self._pay_at_the_agency)
            yield CounterPlace(counter, side, pins)

    def _listened_to(self, terminal: Terminal) -> Terminal:
        """The same; what it counts is heard here too."""

        def count(record: Uptake) -> None:
            self.counted.append(record)
            terminal.count(record)

        return dataclasses.replace(terminal, count=count)

    def _kiosk_of(self, terminal: Terminal, panel: Panel) -> Kiosk:
        return open_kiosk(terminal, first_window(terminal.settings, self._services, panel, motion=False))


def pins_of(terminal: Terminal) -> dict[str, str]:
    """The demonstration's staff, by id, each with a new PIN."""
    return {member.id: pin for member, pin in engage(terminal.ledger.staff)}


def signed_applications(ledger: Ledger) -> tuple[bytes, ...]:
    """The oldest first, of all that a tour can have committed."""
    bodies = [ledger.agreement_of(one.receipt_number) for one in reversed(ledger.recent(1000))]
    return tuple(body.signed_application for body in bodies if body is not None and body.signed_application)

"""What a kiosk that calls and a counter that answers promise, asked of the fakes and of the real ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest

from kiosk.clock import SystemClock
from kiosk.help import LIFETIME, PATIENCE, PRESENCE, ClerkBell, HelpDesk, HelpState
from kiosk.settings import Gateway
from offline_queue.gateway import HttpsGateway
from offline_queue.help_desk import CentreClerkBell, CentreHelpDesk
from offline_queue.intake.issue_keys import issue
from offline_queue.keys import load_terminal, load_trust
from tests.contracts.fake_help import FakeClerkBell, FakeHelpDesk, FakeOffice
from tests.faults.proxy import Proxy
from tests.offline_queue.intake.parts import running
from tests.offline_queue.parts import SetClock


class Office(Protocol):
    """One kiosk and one counter, and the hand that moves time and cuts the kiosk's line."""

    desk: HelpDesk
    bell: ClerkBell

    def move(self, seconds: float) -> None: ...

    def cut(self) -> None: ...

    def mend(self) -> None: ...


class InMemory:
    def __init__(self) -> None:
        self._office = FakeOffice()
        self.desk: HelpDesk = FakeHelpDesk(self._office)
        self.bell: ClerkBell = FakeClerkBell(self._office)
        self.move = self._office.move

    def cut(self) -> None:
        self._office.line = False

    def mend(self) -> None:
        self._office.line = True


class OverTheCentre:
    def __init__(self, keys: Path, database: Path, opened: ExitStack) -> None:
        self._clock = SetClock()
        self.move = self._clock.move
        port = opened.enter_context(running(keys, database, now=self._clock.now)).port
        relay = Proxy(port)
        opened.callback(relay.close)
        self.cut, self.mend = relay.cut, relay.mend
        gateways = []
        for own, terminal, at in (("terminal", "KRK3", relay.port), ("counter", "KRK1", port)):
            authority = keys / "tls" / "authority.pem"
            settings = Gateway(url=f"https://localhost:{at}", authority=authority, timeout_seconds=30.0)
            key, trust = load_terminal(keys / own).ledger, load_trust(keys / "trust")
            gateways.append(HttpsGateway(settings, terminal=terminal, key=key, trust=trust, clock=SystemClock()))
            opened.callback(gateways[-1].close)
        self.desk: HelpDesk = CentreHelpDesk(gateways[0], self._clock)
        self.bell: ClerkBell = CentreClerkBell(gateways[1])


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("help-keys")
    issue(folder)
    return folder


@pytest.fixture(params=["in memory", "over the centre"])
def office(request: pytest.FixtureRequest, keys: Path, tmp_path: Path) -> Iterator[Office]:
    with ExitStack() as opened:
        yield InMemory() if request.param == "in memory" else OverTheCentre(keys, tmp_path / "intake.db", opened)


def test_called_answered_closed(office: Office) -> None:
    assert office.bell.open_calls() == ()
    call = office.desk.call("quote")
    assert office.desk.call("steps") == call
    assert office.desk.state(call) is HelpState.CALLED
    (standing,) = office.bell.open_calls()
    assert (standing.call, standing.terminal, standing.place, standing.answered_by) == (call, "KRK3", "quote", "")
    for clerk in ("Huda", "Omar"):
        office.bell.answer(call, clerk)
    assert office.desk.state(call) is HelpState.COMING
    assert [one.answered_by for one in office.bell.open_calls()] == ["Huda"]
    office.bell.close(call)
    office.bell.close(call)
    assert office.desk.state(call) is HelpState.OVER
    assert office.bell.open_calls() == ()
    assert office.desk.call("quote") != call


def test_nobody_looks_then_somebody_and_then_too_long(office: Office) -> None:
    call = office.desk.call("quote")
    assert office.desk.state(call) is HelpState.NOBODY
    office.bell.open_calls()
    assert office.desk.state(call) is HelpState.CALLED
    office.move(PRESENCE.total_seconds())
    assert office.desk.state(call) is HelpState.NOBODY
    office.bell.open_calls()
    assert office.desk.state(call) is HelpState.CALLED
    office.move((PATIENCE - PRESENCE).total_seconds())
    office.bell.open_calls()
    assert office.desk.state(call) is HelpState.NOBODY
    office.bell.answer(call, "Huda")
    assert office.desk.state(call) is HelpState.COMING


def test_the_line_comes_and_goes(office: Office) -> None:
    office.bell.open_calls()
    office.cut()
    call = office.desk.call("quote")
    assert office.desk.state(call) is HelpState.UNREACHABLE
    assert office.bell.open_calls() == ()
    office.mend()
    assert office.desk.state(call) is HelpState.CALLED
    office.bell.answer(call, "Huda")
    assert office.desk.state(call) is HelpState.COMING
    office.cut()
    assert office.desk.state(call) is HelpState.COMING


def test_a_withdrawal_without_a_line_is_told_later(office: Office) -> None:
    call = office.desk.call("quote")
    office.cut()
    office.desk.withdraw(call)
    assert office.desk.state(call) is HelpState.OVER
    assert [one.call for one in office.bell.open_calls()] == [call]
    office.mend()
    assert office.desk.state(call) is HelpState.OVER
    assert office.bell.open_calls() == ()


def test_a_call_ends_by_withdrawal_or_by_itself(office: Office) -> None:
    first = office.desk.call("quote")
    office.desk.withdraw(first)
    assert office.desk.state(first) is HelpState.OVER
    assert office.bell.open_calls() == ()
    second = office.desk.call("quote")
    office.move(LIFETIME.total_seconds())
    assert office.desk.state(second) is HelpState.OVER
    assert office.bell.open_calls() == ()


def test_only_a_state_of_the_visit_is_a_place(office: Office) -> None:
    with pytest.raises(ValueError, match="is not a valid State"):
        office.desk.call("Salma")

"""Help over real HTTPS and the real intake: a kiosk calls, a counter answers, and the person is told what is true."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Barrier
from uuid import UUID

import pytest
import uuid6

from kiosk.clock import SystemClock
from kiosk.help import LIFETIME, PATIENCE, PRESENCE, ClerkBell, HelpDesk, HelpState, OfficeCall
from kiosk.settings import Gateway
from offline_queue.centre import NoAnswer, Silence
from offline_queue.gateway import HttpsGateway
from offline_queue.help_desk import CentreClerkBell, CentreHelpDesk
from offline_queue.intake.issue_keys import issue
from offline_queue.keys import load_terminal, load_trust
from tests.faults.proxy import Proxy
from tests.offline_queue.intake.parts import running, running_process
from tests.offline_queue.parts import SetClock

PLACE = "check_answers"
SECONDS = 30.0  # for a loaded machine; nothing here waits for it


@dataclasses.dataclass
class Station:
    """One terminal of the office, with a line of its own; it can call and it can answer."""

    relay: Proxy
    gateway: HttpsGateway
    desk: HelpDesk
    bell: ClerkBell


Stations = Callable[[str, str], Station]


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """KRK3, KRK1 and, below `third`, KRK2 stand in Karak; AMM1 does not."""
    folder = tmp_path_factory.mktemp("office-keys")
    issue(folder)
    issue(folder / "third", "KRK2", "KRK8", "AMM8")
    name = "ledger-KRK2.pem"
    (folder / "trust" / name).write_bytes((folder / "third" / "trust" / name).read_bytes())
    with (folder / "trust" / "offices.toml").open("a") as offices:
        offices.write('KRK2 = "karak"\n')
    return folder


@pytest.fixture
def centre_clock() -> SetClock:
    return SetClock()


@pytest.fixture
def station(keys: Path, tmp_path: Path, centre_clock: SetClock, clock: SetClock) -> Iterator[Stations]:
    """Makes stations of one running intake; `clock` is what each kiosk has on its own."""
    with ExitStack() as opened:
        server = opened.enter_context(running(keys, tmp_path / "intake.db", now=centre_clock.now))
        yield lambda own, terminal: make_station(opened, keys, own, terminal, server.port, clock)


def make_station(opened: ExitStack, keys: Path, own: str, terminal: str, port: int, clock: SetClock) -> Station:
    relay = Proxy(port)
    opened.callback(relay.close)
    settings = Gateway(
        url=f"https://localhost:{relay.port}", authority=keys / "tls" / "authority.pem", timeout_seconds=SECONDS
    )
    key, trust = load_terminal(keys / own).ledger, load_trust(keys / "trust")
    gateway = HttpsGateway(settings, terminal=terminal, key=key, trust=trust, clock=SystemClock())
    opened.callback(gateway.close)
    return Station(relay, gateway, CentreHelpDesk(gateway, clock), CentreClerkBell(gateway))


@pytest.fixture
def kiosk(station: Stations) -> Station:
    return station("terminal", "KRK3")


@pytest.fixture
def counter(station: Stations) -> Station:
    return station("counter", "KRK1")


@pytest.fixture
def elsewhere(station: Stations) -> Station:
    return station("elsewhere", "AMM1")


def test_a_call_is_heard_answered_and_closed(kiosk: Station, counter: Station, centre_clock: SetClock) -> None:
    assert counter.bell.open_calls() == ()
    call = kiosk.desk.call(PLACE)
    assert kiosk.desk.state(call) is HelpState.CALLED
    expected = OfficeCall(call=call, terminal="KRK3", place=PLACE, called_at=centre_clock.now())
    assert counter.bell.open_calls() == (expected,)
    counter.bell.answer(call, "هدى")
    assert kiosk.desk.state(call) is HelpState.COMING
    assert [one.answered_by for one in counter.bell.open_calls()] == ["هدى"]
    counter.bell.close(call)
    assert kiosk.desk.state(call) is HelpState.OVER
    assert counter.bell.open_calls() == ()


def test_asking_again_is_the_same_call_until_it_is_over(kiosk: Station, counter: Station) -> None:
    first = kiosk.desk.call(PLACE)
    assert kiosk.desk.call("quote") == first
    assert [one.place for one in counter.bell.open_calls()] == [PLACE]
    counter.bell.close(first)
    second = kiosk.desk.call("quote")
    assert second != first
    assert [(one.call, one.place) for one in counter.bell.open_calls()] == [(second, "quote")]
    assert kiosk.desk.state(first) is HelpState.OVER
    assert kiosk.desk.state(second) is HelpState.CALLED


def test_who_withdraws_is_not_visited(kiosk: Station, counter: Station) -> None:
    call = kiosk.desk.call(PLACE)
    kiosk.desk.withdraw(call)
    kiosk.desk.withdraw(call)
    assert counter.bell.open_calls() == ()
    assert kiosk.desk.state(call) is HelpState.OVER
    counter.bell.answer(call, "Huda")
    assert kiosk.desk.state(call) is HelpState.OVER


def test_calls_are_listed_oldest_first(
    kiosk: Station, counter: Station, station: Stations, centre_clock: SetClock
) -> None:
    called = []
    for one in (station("third/terminal", "KRK2"), kiosk):
        called.append(one.desk.call(PLACE))
        centre_clock.move(1)
    assert [one.call for one in counter.bell.open_calls()] == called


def test_two_who_answer_at_once_both_see_the_one_who_won(kiosk: Station, counter: Station, station: Stations) -> None:
    third = station("third/terminal", "KRK2")
    winners = set()
    for _ in range(10):
        call = kiosk.desk.call(PLACE)
        together = Barrier(2)

        def answer(one: Station, name: str, call: UUID = call, together: Barrier = together) -> str:
            together.wait()
            told = one.gateway.answer_help(call, name).standing
            assert told is not None
            return told.answered_by

        with ThreadPoolExecutor(2) as pool:
            seen = [pool.submit(answer, counter, "Huda"), pool.submit(answer, third, "Omar")]
        (winner,) = {one.result() for one in seen}
        winners.add(winner)
        for one in (counter, third):
            assert [standing.answered_by for standing in one.bell.open_calls()] == [winner]
        assert kiosk.desk.state(call) is HelpState.COMING
        counter.bell.close(call)
    assert winners <= {"Huda", "Omar"}


def test_another_office_hears_and_answers_nothing(kiosk: Station, counter: Station, elsewhere: Station) -> None:
    assert elsewhere.bell.open_calls() == ()
    call = kiosk.desk.call(PLACE)
    assert kiosk.desk.state(call) is HelpState.NOBODY, "whoever looks in another office does not count"
    assert elsewhere.bell.open_calls() == ()
    elsewhere.bell.answer(call, "Huda")
    elsewhere.bell.close(call)
    assert [one.answered_by for one in counter.bell.open_calls()] == [""]
    assert kiosk.desk.state(call) is HelpState.CALLED


def test_where_nobody_looks_that_is_said_at_once(kiosk: Station, counter: Station, centre_clock: SetClock) -> None:
    call = kiosk.desk.call(PLACE)
    assert kiosk.desk.state(call) is HelpState.NOBODY
    counter.bell.open_calls()
    assert kiosk.desk.state(call) is HelpState.CALLED, "a clerk has come to the counter"
    centre_clock.move(PRESENCE.total_seconds() - 1)
    assert kiosk.desk.state(call) is HelpState.CALLED
    centre_clock.move(1)
    assert kiosk.desk.state(call) is HelpState.NOBODY, "and has left it"


def test_where_somebody_looks_and_is_silent_that_is_said_after_a_minute(
    kiosk: Station, counter: Station, centre_clock: SetClock
) -> None:
    call = kiosk.desk.call(PLACE)
    waited = 0
    while waited < PATIENCE.total_seconds():
        counter.bell.open_calls()
        assert kiosk.desk.state(call) is HelpState.CALLED
        centre_clock.move(20)
        waited += 20
    counter.bell.open_calls()
    assert kiosk.desk.state(call) is HelpState.NOBODY
    counter.bell.answer(call, "Huda")
    assert kiosk.desk.state(call) is HelpState.COMING, "late, and still true"


def test_a_kiosk_with_a_wrong_clock_is_told_the_same(
    kiosk: Station, counter: Station, clock: SetClock, centre_clock: SetClock
) -> None:
    clock.move(-5 * 3600)
    counter.bell.open_calls()
    call = kiosk.desk.call(PLACE)
    clock.move(10 * 3600)
    assert kiosk.desk.state(call) is HelpState.CALLED
    centre_clock.move(60)
    assert kiosk.desk.state(call) is HelpState.NOBODY


def test_a_call_without_a_line_is_said_and_arrives_when_the_line_is_back(kiosk: Station, counter: Station) -> None:
    counter.bell.open_calls()
    kiosk.relay.cut()
    call = kiosk.desk.call(PLACE)
    assert kiosk.desk.state(call) is HelpState.UNREACHABLE
    assert counter.bell.open_calls() == ()
    kiosk.relay.mend()
    assert kiosk.desk.state(call) is HelpState.CALLED
    assert [one.call for one in counter.bell.open_calls()] == [call]


def test_a_line_that_breaks_takes_back_no_promise(kiosk: Station, counter: Station) -> None:
    counter.bell.open_calls()
    call = kiosk.desk.call(PLACE)
    kiosk.relay.cut()
    assert kiosk.desk.state(call) is HelpState.UNREACHABLE
    kiosk.relay.mend()
    counter.bell.answer(call, "Huda")
    assert kiosk.desk.state(call) is HelpState.COMING
    kiosk.relay.cut()
    assert kiosk.desk.state(call) is HelpState.COMING


def test_a_withdrawal_without_a_line_is_told_with_the_next_question(kiosk: Station, counter: Station) -> None:
    first = kiosk.desk.call(PLACE)
    kiosk.relay.cut()
    kiosk.desk.withdraw(first)
    assert kiosk.desk.state(first) is HelpState.OVER
    assert [one.call for one in counter.bell.open_calls()] == [first]
    kiosk.relay.mend()
    assert kiosk.desk.state(first) is HelpState.OVER
    assert counter.bell.open_calls() == ()


def test_a_counter_without_a_line_does_not_look_like_a_quiet_office(counter: Station) -> None:
    counter.relay.cut()
    for ask in (counter.bell.open_calls, lambda: counter.bell.answer(uuid6.uuid7(), "Huda")):
        with pytest.raises(NoAnswer) as caught:
            ask()
        assert caught.value.silence is Silence.NO_LINE


def test_a_call_nobody_closes_is_over_after_its_time(kiosk: Station, counter: Station, centre_clock: SetClock) -> None:
    call = kiosk.desk.call(PLACE)
    counter.bell.answer(call, "Huda")
    centre_clock.move(LIFETIME.total_seconds())
    assert counter.bell.open_calls() == ()
    assert kiosk.desk.state(call) is HelpState.OVER


def test_a_place_that_is_none_never_reaches_the_wire(kiosk: Station, counter: Station) -> None:
    with pytest.raises(ValueError, match="is not a valid State"):
        kiosk.desk.call("Salma")
    assert counter.bell.open_calls() == ()


def test_the_intake_may_be_killed_between_any_two_steps(keys: Path, tmp_path: Path, clock: SetClock) -> None:
    with ExitStack() as opened:
        stations: list[Station] = []

        def restarted() -> tuple[Station, Station]:
            """The process is killed, and another one started on its database."""
            running_now.close()
            _, port = running_now.enter_context(running_process(keys, tmp_path / "intake.db", tmp_path / "log"))
            if not stations:
                for own, terminal in (("terminal", "KRK3"), ("counter", "KRK1")):
                    stations.append(make_station(opened, keys, own, terminal, port, clock))
            for one in stations:
                one.relay.cut()
                one.relay.lead_to(port)
                one.relay.mend()
            return stations[0], stations[1]

        running_now = opened.enter_context(ExitStack())
        kiosk, counter = restarted()
        counter.bell.open_calls()
        call = kiosk.desk.call(PLACE)
        kiosk, counter = restarted()
        assert kiosk.desk.state(call) is HelpState.CALLED, "who looked before the restart still does"
        assert [one.call for one in counter.bell.open_calls()] == [call]
        counter.bell.answer(call, "Huda")
        kiosk, counter = restarted()
        assert kiosk.desk.state(call) is HelpState.COMING
        counter.bell.close(call)
        kiosk, counter = restarted()
        assert kiosk.desk.state(call) is HelpState.OVER
        assert counter.bell.open_calls() == ()

"""Calls for help at the intake, request by request: who may speak, what is taken, and what is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from uuid6 import uuid7

from kiosk.help import LIFETIME
from kiosk.wire import HelpAnswer, HelpAnswered, HelpCall, HelpClosed, OpenCallsAnswer, OpenCallsQuestion
from offline_queue.intake.callers import TOLERANCE
from tests.offline_queue.intake.parts import Line, Terminal, private_key, running
from tests.offline_queue.parts import SetClock

PLACE = "check_answers"
AS_LONG_AS_IT_COULD_BE_SENT_AGAIN = LIFETIME + 2 * TOLERANCE


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def line(keys: Path, database: Path, clock: SetClock) -> Iterator[Line]:
    with running(keys, database, now=clock.now) as server:
        yield Line(keys, server.port)


@pytest.fixture
def counter(keys: Path, line: Line) -> Terminal:
    return Terminal(keys, line, "KRK1", private_key(keys / "counter" / "ledger.key"))


@pytest.fixture
def elsewhere(keys: Path, line: Line) -> Terminal:
    return Terminal(keys, line, "AMM1", private_key(keys / "elsewhere" / "ledger.key"))


def call_from(terminal: Terminal, call: object = None, place: str = PLACE) -> HelpAnswer:
    message = HelpCall(terminal=terminal.name, call=call or uuid7(), place=place)  # type: ignore[arg-type]
    return terminal.asked("/v1/help/call", message, HelpAnswer)


def listed(terminal: Terminal) -> OpenCallsAnswer:
    return terminal.asked("/v1/help/open", OpenCallsQuestion(terminal=terminal.name), OpenCallsAnswer)


def bodies(**fields: Any) -> dict[str, bytes]:
    """One good message for each address, as the kiosk would send it."""
    common = {"schema": 1, "terminal": "KRK3", "call": str(uuid7()), **fields}
    return {
        "/v1/help/call": json.dumps({"place": PLACE, **common}).encode(),
        "/v1/help/state": json.dumps(common).encode(),
        "/v1/help/open": json.dumps(common).encode(),
        "/v1/help/answer": json.dumps({"clerk": "Huda", **common}).encode(),
        "/v1/help/close": json.dumps(common).encode(),
    }


@pytest.mark.parametrize("path", bodies())
def test_a_request_is_heard_once_and_only_from_who_it_names(terminal: Terminal, counter: Terminal, path: str) -> None:
    body = bodies()[path]
    headers = terminal.headers(path, body)
    assert [terminal.line.send("POST", path, body, headers).status for _ in range(2)] == [200, 401]
    assert terminal.line.send("POST", path, body, {"Content-Type": "application/json"}).status == 401
    foreign = counter.post(path, body)
    assert (foreign.status, foreign.error) == (403, "OTHER_TERMINAL")


@pytest.mark.parametrize("path", bodies())
def test_a_terminal_without_an_office_can_call_nobody(other_terminal: Terminal, path: str) -> None:
    reply = other_terminal.post(path, bodies(terminal="KRK4")[path])
    assert (reply.status, reply.error) == (403, "NO_OFFICE")


@pytest.mark.parametrize("office", ["karak", "amman"])
def test_a_claim_of_an_office_counts_for_nothing(terminal: Terminal, elsewhere: Terminal, office: str) -> None:
    call_from(terminal)
    body = json.dumps({"schema": 1, "terminal": "AMM1", "office": office}).encode()
    assert elsewhere.post("/v1/help/open", body).status == 200
    assert listed(elsewhere).calls == ()


@pytest.mark.parametrize("place", ["", "CHECK_ANSWERS", "Salma 9892004821", "check_answers ", "no_such_state"])
def test_only_a_state_of_the_visit_is_a_place(terminal: Terminal, counter: Terminal, place: str) -> None:
    reply = terminal.post("/v1/help/call", bodies(place=place)["/v1/help/call"])
    assert (reply.status, reply.error) == (400, "PLACE")
    assert listed(counter).calls == ()


@pytest.mark.parametrize("clerk", ["", "  ", "H" * 65, "Hu\nda", "Huda\x00"])
def test_a_clerks_name_is_a_short_plain_line(terminal: Terminal, counter: Terminal, clerk: str) -> None:
    call = call_from(terminal).call
    reply = counter.post("/v1/help/answer", bodies(terminal="KRK1", call=str(call), clerk=clerk)["/v1/help/answer"])
    assert (reply.status, reply.error) == (400, "CLERK")
    assert [one.answered_by for one in listed(counter).calls] == [""]


def test_a_newer_call_of_a_terminal_ends_its_older_one(terminal: Terminal, counter: Terminal, clock: SetClock) -> None:
    first = call_from(terminal)
    clock.move(1)
    second = call_from(terminal)
    assert first.standing is not None
    assert [one.call for one in listed(counter).calls] == [second.call]
    assert call_from(terminal, first.call).standing is None


def test_a_withdrawal_that_overtakes_its_call_holds(terminal: Terminal, counter: Terminal) -> None:
    call = uuid7()
    withdrawn = terminal.asked("/v1/help/close", HelpClosed(terminal="KRK3", call=call), HelpAnswer)
    assert withdrawn.standing is None
    assert call_from(terminal, call).standing is None
    assert listed(counter).calls == ()


def test_another_office_can_do_nothing_to_a_call(terminal: Terminal, counter: Terminal, elsewhere: Terminal) -> None:
    call = call_from(terminal).call
    for path, message in (
        ("/v1/help/call", HelpCall(terminal="AMM1", call=call, place=PLACE)),
        ("/v1/help/answer", HelpAnswered(terminal="AMM1", call=call, clerk="Huda")),
        ("/v1/help/close", HelpClosed(terminal="AMM1", call=call)),
    ):
        assert elsewhere.asked(path, message, HelpAnswer).standing is None
    (standing,) = listed(counter).calls
    assert (standing.call, standing.answered_by, standing.terminal) == (call, "", "KRK3")


def test_a_call_is_over_after_its_time_and_forgotten_after_a_longer_one(
    terminal: Terminal, counter: Terminal, clock: SetClock, database: Path
) -> None:
    call = call_from(terminal).call
    clock.move(LIFETIME.total_seconds() - 1)
    assert len(listed(counter).calls) == 1
    clock.move(1)
    assert listed(counter).calls == ()
    assert call_from(terminal, call).standing is None
    clock.move((AS_LONG_AS_IT_COULD_BE_SENT_AGAIN - LIFETIME).total_seconds())
    assert call_from(counter).standing is not None
    assert call_from(terminal, call).standing is None
    clock.move(1)
    assert call_from(counter).standing is not None
    engine = create_engine(f"sqlite:///{database}")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT terminal FROM help_calls")).all() == [("KRK1",), ("KRK1",)]
    engine.dispose()


def test_the_log_tells_that_help_was_called_and_by_no_name(
    terminal: Terminal, counter: Terminal, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    call = call_from(terminal).call
    counter.asked("/v1/help/answer", HelpAnswered(terminal="KRK1", call=call, clerk="Huda"), HelpAnswer)
    assert f"KRK3: help called at {PLACE}" in caplog.text
    assert "KRK1: help answered" in caplog.text
    assert "Huda" not in caplog.text

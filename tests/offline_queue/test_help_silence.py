"""What a person is told where the centre's answer does not come, or does not count."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
import uuid6
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.clock import SystemClock
from kiosk.help import PATIENCE, HelpState, OfficeCall
from kiosk.settings import Gateway
from kiosk.wire import ANSWER_CONTEXT, CENTRE_KEY, HelpAnswer, HelpCall, OpenCallsAnswer, encode_canonical
from offline_queue.centre import NoAnswer, Silence
from offline_queue.gateway import HttpsGateway
from offline_queue.help_desk import CentreClerkBell, CentreHelpDesk
from offline_queue.keys import TerminalKeys, Trust
from offline_queue.signing import sign
from tests.offline_queue.https_server import Asked, Reply, TestServer
from tests.offline_queue.parts import NOW, TERMINAL, SetClock, read_key

SILENT: dict[str, tuple[Reply, HelpState]] = {
    "the answer is late": (Reply(b"x" * 10, stall_after=5), HelpState.CALLING),
    "the centre has trouble": (Reply(b"{}", status=503), HelpState.CALLING),
    "the centre asks for a pause": (Reply(b"{}", status=429), HelpState.CALLING),
    "a portal answers": (Reply(b"<html>Welcome</html>", content_type="text/html"), HelpState.UNREACHABLE),
    "the line is cut": (Reply(hang_up=True), HelpState.UNREACHABLE),
    "the terminal is not known": (Reply(b"{}", status=403), HelpState.UNREACHABLE),
}


@pytest.fixture
def server(key_folder: Path, terminal_keys: TerminalKeys) -> Iterator[TestServer]:
    server = TestServer(key_folder / "tls", terminal_keys.ledger.public_key())
    yield server
    server.close()
    assert server.wrong == []


@pytest.fixture
def gateway(server: TestServer, key_folder: Path, terminal_keys: TerminalKeys, trust: Trust) -> Iterator[HttpsGateway]:
    # Short, because one of the answers below never comes; the others are there long before.
    settings = Gateway(url=server.url, authority=key_folder / "tls" / "authority.pem", timeout_seconds=2.0)
    gateway = HttpsGateway(settings, terminal=TERMINAL, key=terminal_keys.ledger, trust=trust, clock=SystemClock())
    yield gateway
    gateway.close()


@pytest.fixture
def centre_key(key_folder: Path) -> Ed25519PrivateKey:
    return read_key(key_folder / "centre" / "centre.key")


def signed(answer: msgspec.Struct, key: Ed25519PrivateKey) -> Reply:
    return Reply(msgspec.json.encode(sign(encode_canonical(answer), ANSWER_CONTEXT, key, CENTRE_KEY)))


def call_at(moment: datetime, call: UUID, clerk: str = "") -> OfficeCall:
    return OfficeCall(call=call, terminal=TERMINAL, place="quote", called_at=moment, answered_by=clerk)


def answer_to(call: UUID, standing: OfficeCall | None) -> HelpAnswer:
    return HelpAnswer(terminal=TERMINAL, answered_at=NOW, call=call, standing=standing, clerk_looks=True)


@pytest.mark.parametrize("how", SILENT)
def test_a_call_that_was_not_heard(server: TestServer, gateway: HttpsGateway, clock: SetClock, how: str) -> None:
    reply, expected = SILENT[how]
    server.answer = lambda _asked: reply
    desk = CentreHelpDesk(gateway, clock)
    call = desk.call("quote")
    assert desk.state(call) is expected
    assert [msgspec.json.decode(asked.body, type=HelpCall).call for asked in server.asked] == [call, call]
    clock.move(PATIENCE.total_seconds())
    assert desk.state(call) is (HelpState.NOBODY if expected is HelpState.CALLING else expected)


@pytest.mark.parametrize("how", SILENT)
def test_a_call_that_was_heard_before(
    server: TestServer, gateway: HttpsGateway, clock: SetClock, centre_key: Ed25519PrivateKey, how: str
) -> None:
    reply, unheard = SILENT[how]
    server.answer = lambda asked: signed(_good(asked), centre_key)
    desk = CentreHelpDesk(gateway, clock)
    call = desk.call("quote")
    server.answer = lambda _asked: reply
    assert desk.state(call) is (HelpState.CALLED if unheard is HelpState.CALLING else unheard)


def _good(asked: Asked) -> HelpAnswer:
    call = msgspec.json.decode(asked.body, type=HelpCall).call
    return answer_to(call, call_at(NOW, call))


def test_only_the_centres_word_about_this_call_counts(
    server: TestServer, gateway: HttpsGateway, centre_key: Ed25519PrivateKey
) -> None:
    call, other = uuid6.uuid7(), uuid6.uuid7()
    true = answer_to(call, call_at(NOW, call, "Huda"))
    naive = NOW.replace(tzinfo=None)
    false_ones = {
        "another key": signed(true, Ed25519PrivateKey.generate()),
        "another terminal": signed(msgspec.structs.replace(true, terminal="KRK1"), centre_key),
        "another call": signed(answer_to(other, None), centre_key),
        "another call inside": signed(answer_to(call, call_at(NOW, other)), centre_key),
        "a call without a zone": signed(answer_to(call, call_at(naive, call)), centre_key),
        "an answer without a zone": signed(msgspec.structs.replace(true, answered_at=naive), centre_key),
        "another message": signed(OpenCallsAnswer(terminal=TERMINAL, answered_at=NOW, calls=()), centre_key),
    }
    asking: tuple[Callable[[], HelpAnswer], ...] = (
        lambda: gateway.call_help(call, "quote"),
        lambda: gateway.help_state(call),
        lambda: gateway.answer_help(call, "Huda"),
        lambda: gateway.close_help(call),
    )
    for ask in asking:
        for name, reply in false_ones.items():
            server.answer = lambda _asked, reply=reply: reply  # type: ignore[misc]
            with pytest.raises(NoAnswer) as caught:
                ask()
            assert caught.value.silence is Silence.UNPROVEN, name
        server.answer = lambda _asked: signed(true, centre_key)
        assert ask() == true


def test_only_the_centres_list_for_this_terminal_counts(
    server: TestServer, gateway: HttpsGateway, centre_key: Ed25519PrivateKey
) -> None:
    first, second = (call_at(NOW + timedelta(seconds=n), uuid6.uuid7()) for n in range(2))
    true = OpenCallsAnswer(terminal=TERMINAL, answered_at=NOW, calls=(first, second))
    naive = msgspec.structs.replace(first, called_at=NOW.replace(tzinfo=None))
    bell = CentreClerkBell(gateway)
    for false in (
        msgspec.structs.replace(true, terminal="KRK1"),
        msgspec.structs.replace(true, calls=(second, naive)),
    ):
        server.answer = lambda _asked, false=false: signed(false, centre_key)  # type: ignore[misc]
        with pytest.raises(NoAnswer) as caught:
            bell.open_calls()
        assert caught.value.silence is Silence.UNPROVEN
    server.answer = lambda _asked: signed(true, centre_key)
    assert bell.open_calls() == (first, second)

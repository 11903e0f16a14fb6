"""Each fault of the line does what it says, on raw TCP, in each direction, on connections that are open already."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator

import pytest

from tests.faults.proxy import Proxy
from tests.faults.toxics import Bandwidth, Latency, LimitData, Reset, Slicer, SlowClose, Timeout, Toxic, Way

BOTH_WAYS = pytest.mark.parametrize("way", list(Way))
WHOLE = bytes(range(256)) * 40


class Ends:
    """A connection through the proxy. `sender` and `receiver` are its ends for one direction."""

    def __init__(self, proxy: Proxy, way: Way, near: socket.socket, far: socket.socket) -> None:
        self.proxy = proxy
        self.way = way
        self.sender, self.receiver = (near, far) if way is Way.UP else (far, near)

    def poison(self, *toxics: Toxic) -> None:
        self.proxy.poison(self.way, *toxics)

    def send(self, content: bytes = WHOLE) -> None:
        self.sender.sendall(content)

    def receive(self, size: int) -> bytes:
        received = bytearray()
        while len(received) < size and (piece := self.receiver.recv(size - len(received))):
            received += piece
        return bytes(received)


@contextlib.contextmanager
def connected(way: Way, seed: int = 0) -> Iterator[Ends]:
    with (
        socket.create_server(("127.0.0.1", 0)) as centre,
        Proxy(centre.getsockname()[1], seed) as proxy,
        socket.create_connection(("127.0.0.1", proxy.port), timeout=60) as near,
    ):
        far, _ = centre.accept()
        with far:
            far.settimeout(60)
            assert proxy.wait_for(lambda: proxy.connected == 1)
            yield Ends(proxy, way, near, far)


@pytest.fixture
def ends(way: Way) -> Iterator[Ends]:
    with connected(way) as ends:
        yield ends


@BOTH_WAYS
def test_a_whole_line_carries_everything_and_its_end(ends: Ends) -> None:
    ends.send()
    ends.sender.shutdown(socket.SHUT_WR)
    assert ends.receive(len(WHOLE) + 1) == WHOLE
    assert ends.proxy.carried[ends.way] == len(WHOLE)
    ends.receiver.sendall(b"half closed")  # the other direction is still open
    assert ends.sender.recv(100) == b"half closed"


@BOTH_WAYS
def test_latency_delays_one_way_and_holds_nothing_up(ends: Ends) -> None:
    """Many pieces at once are as late as one: the line has a length, not a width."""
    ends.poison(Latency(0.1))
    content = bytes(1_000_000)  # at least 16 pieces: were each held up after the other, they would be 1.6 s under way
    began = time.monotonic()
    ends.send(content)
    assert ends.receive(len(content)) == content
    there = time.monotonic() - began
    assert 0.1 <= there < 1.5
    ends.receiver.sendall(b"back")
    assert ends.sender.recv(10) == b"back"


@BOTH_WAYS
def test_jitter_lets_nothing_overtake(ends: Ends) -> None:
    ends.poison(Slicer(100, 50), Latency(0.005, jitter=0.005))
    ends.send()
    assert ends.receive(len(WHOLE)) == WHOLE


@BOTH_WAYS
def test_a_cut_line_resets_what_is_open_and_closes_what_is_new(ends: Ends) -> None:
    ends.proxy.cut()
    for end in (ends.sender, ends.receiver):
        with pytest.raises(ConnectionResetError):
            end.recv(1)
    with socket.create_connection(("127.0.0.1", ends.proxy.port), timeout=60) as late:
        assert late.recv(1) == b""
    ends.proxy.mend()
    assert ends.proxy.carried == {Way.UP: 0, Way.DOWN: 0}


@BOTH_WAYS
def test_bandwidth_bounds_how_much_passes(ends: Ends) -> None:
    ends.poison(Bandwidth(50_000))
    began = time.monotonic()
    ends.send(WHOLE)
    assert ends.receive(len(WHOLE)) == WHOLE
    assert time.monotonic() - began >= len(WHOLE) / 50_000


@BOTH_WAYS
def test_a_slow_close_delays_the_end_and_not_the_bytes(ends: Ends) -> None:
    ends.poison(SlowClose(0.1))
    ends.send()
    ends.sender.shutdown(socket.SHUT_WR)
    assert ends.receive(len(WHOLE)) == WHOLE
    began = time.monotonic()
    assert ends.receiver.recv(1) == b""
    assert time.monotonic() - began >= 0.05


@BOTH_WAYS
def test_a_timeout_swallows_and_closes(ends: Ends) -> None:
    ends.poison(Timeout(0.05))
    ends.send()
    assert ends.receiver.recv(1) == b""
    assert ends.proxy.swallowed[ends.way] == len(WHOLE)
    assert ends.sender.recv(1) == b""


@BOTH_WAYS
def test_a_timeout_without_end_is_silent_until_the_line_is_healed(ends: Ends) -> None:
    ends.poison(Timeout())
    ends.send()
    assert ends.proxy.wait_for(lambda: ends.proxy.swallowed[ends.way] == len(WHOLE))
    ends.receiver.setblocking(False)
    with pytest.raises(BlockingIOError):
        ends.receiver.recv(1)
    ends.receiver.settimeout(60)
    ends.proxy.heal()
    with pytest.raises(ConnectionResetError):
        ends.receiver.recv(1)


@BOTH_WAYS
def test_a_reset_is_a_reset_at_both_ends(ends: Ends) -> None:
    ends.poison(Reset())
    ends.send(b"x")
    for end in (ends.sender, ends.receiver):
        with pytest.raises(ConnectionResetError):
            end.recv(1)


@BOTH_WAYS
def test_a_slicer_cuts_as_its_seed_says_and_loses_nothing(way: Way) -> None:
    def slices(seed: int) -> list[int]:
        with connected(way, seed) as ends:
            ends.poison(Slicer(100, variation=50, pause=0.001))
            ends.send(WHOLE[:1000])
            assert ends.receive(1000) == WHOLE[:1000]
            return ends.proxy.pieces[way]

    first = slices(1)
    assert first == slices(1)
    assert first != slices(2)
    assert all(50 <= size <= 150 for size in first[:-1])


@BOTH_WAYS
@pytest.mark.parametrize("most", [0, 1, 1000])
def test_a_limit_lets_so_much_pass_and_closes(ends: Ends, most: int) -> None:
    ends.send(b"before")
    assert ends.receive(6) == b"before"
    ends.poison(LimitData(most))
    ends.send()
    assert ends.receive(len(WHOLE)) == WHOLE[:most]
    assert ends.sender.recv(1) == b""
    assert ends.proxy.swallowed[ends.way] == len(WHOLE) - most


@BOTH_WAYS
def test_a_healed_line_carries_on_where_nothing_was_lost(ends: Ends) -> None:
    ends.poison(Latency(0.01), Slicer(100))
    ends.send()
    ends.proxy.heal()
    ends.send()
    assert ends.receive(2 * len(WHOLE)) == WHOLE * 2

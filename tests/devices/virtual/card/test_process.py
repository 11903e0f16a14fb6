"""The card in its own process, its cable held by a test that plays the reader."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.devices.virtual.card.conftest import Process, zone
from tests.devices.virtual.card.slot import Slot
from tests.devices.virtual.card.terminal import SELECT_EMRTD, open_session

Start = Callable[..., Process]
LONGEST_ATR = 33


@pytest.fixture
def slot() -> Iterator[Slot]:
    with Slot() as slot:
        yield slot


@pytest.fixture
def hand(slot: Slot, start: Start) -> Process:
    return start("devices.virtual.card", "--port", str(slot.port))


def test_a_visit(hand: Process, slot: Slot, cards: Path) -> None:
    assert hand.tell(f"insert {cards / 'salma'}") == "ok"
    slot.accept()
    slot.control(1)
    assert slot.atr().hex().upper() == (cards / "salma" / "atr.txt").read_text().strip()
    session = open_session(slot.transmit, zone(cards / "salma"))
    portrait, _ = session.ask("00B08200", expected=0, extended=True)
    assert portrait == (cards / "salma" / "EF.DG2").read_bytes()
    assert hand.tell("remove") == "ok"
    assert slot.gone()
    assert hand.end() == 0


def test_counts(hand: Process, slot: Slot, cards: Path) -> None:
    hand.tell(f"insert {cards / 'salma'}")
    slot.accept()
    slot.atr()
    slot.transmit(SELECT_EMRTD)
    slot.transmit(bytes.fromhex("0084000008"))
    counts = json.loads(hand.tell("counts"))
    assert counts.pop("milliseconds") > 0
    assert counts == {"inserted": True, "commands": 2, "bytes_to_card": 12 + 5, "bytes_from_card": 2 + 10}
    hand.tell("remove")
    assert json.loads(hand.tell("counts"))["inserted"] is False


def test_power_and_reset_end_the_session(hand: Process, slot: Slot, cards: Path) -> None:
    hand.tell(f"insert {cards / 'omar'}")
    slot.accept()
    for control in (0, 1, 2):
        session = open_session(slot.transmit, zone(cards / "omar"))
        slot.control(control)
        assert slot.transmit(session.protect(bytes.fromhex("00B08100"), expected=4)).hex() == "6982"


def test_a_mute_card_gives_what_cannot_be_an_atr(hand: Process, slot: Slot, cards: Path) -> None:
    hand.tell(f"insert {cards / 'mute'}")
    slot.accept()
    assert len(slot.atr()) > LONGEST_ATR


def test_knobs(hand: Process, slot: Slot, cards: Path) -> None:
    hand.tell(f"insert {cards / 'salma'} short-only max-le=100")
    slot.accept()
    session = open_session(slot.transmit, zone(cards / "salma"))
    assert session.ask("00B08200", expected=100)[1] == 0x9000
    assert slot.transmit(session.protect(bytes.fromhex("00B08200"), expected=101)).hex() == "6700"
    assert slot.transmit(bytes.fromhex("00B08200000000")).hex() == "6700"


def test_a_silent_card_gives_its_atr_and_no_answer(hand: Process, slot: Slot, cards: Path) -> None:
    hand.tell(f"insert {cards / 'salma'} silent")
    slot.accept()
    assert slot.atr()
    assert slot.send_and_listen(SELECT_EMRTD, seconds=0.1) == b""
    assert json.loads(hand.tell("counts"))["commands"] == 1
    assert hand.tell("remove") == "ok"
    assert slot.gone()


def test_a_card_falls_silent_or_is_pulled_out_at_a_command(hand: Process, slot: Slot, cards: Path) -> None:
    hand.tell(f"insert {cards / 'salma'} silent-from=2")
    slot.accept()
    assert slot.transmit(SELECT_EMRTD) == b"\x90\x00"
    assert slot.send_and_listen(SELECT_EMRTD, seconds=0.1) == b""
    assert hand.tell("remove") == "ok"
    assert slot.gone()
    hand.tell(f"insert {cards / 'salma'} pull-at=2")
    slot.accept()
    assert slot.transmit(SELECT_EMRTD) == b"\x90\x00"
    assert slot.send_and_listen(SELECT_EMRTD, seconds=10.0) == b""
    counts = json.loads(hand.tell("counts"))
    assert (counts["inserted"], counts["commands"]) == (False, 2)
    assert hand.tell(f"insert {cards / 'salma'}") == "ok"


def test_a_card_lies_by_its_seed(hand: Process, slot: Slot, cards: Path) -> None:
    talks = []
    for seed in ("7", "7", "8"):
        assert hand.tell(f"insert {cards / 'layla'} mutate={seed}") == "ok"
        slot.accept()
        talks.append([slot.transmit(SELECT_EMRTD) for _ in range(30)])
        assert 0 <= int(hand.tell("lies")) <= 30
        hand.tell("remove")
        assert slot.gone()
    assert talks[0] == talks[1] != talks[2]
    hand.tell(f"insert {cards / 'layla'}")
    assert hand.tell("lies") == "0"


def test_a_slow_answer_does_not_hold_up_the_removal(hand: Process, slot: Slot, cards: Path) -> None:
    assert hand.tell("latency 60000") == "ok"
    hand.tell(f"insert {cards / 'salma'}")
    slot.accept()
    assert slot.send_and_listen(SELECT_EMRTD, seconds=0.1) == b""
    assert hand.tell("remove") == "ok"
    assert slot.gone()
    hand.tell("latency 1")
    hand.tell(f"insert {cards / 'salma'}")
    slot.accept()
    assert slot.transmit(SELECT_EMRTD) == b"\x90\x00"


def test_a_slow_link(hand: Process, slot: Slot, cards: Path) -> None:
    """At 8 kbit/s a byte takes a millisecond, with a whole portrait in one answer."""
    assert hand.tell("link 8") == "ok"
    hand.tell(f"insert {cards / 'salma'}")
    slot.accept()
    began = time.monotonic()
    assert slot.transmit(SELECT_EMRTD) == b"\x90\x00"
    assert time.monotonic() - began >= 0.001 * (len(SELECT_EMRTD) + 2)
    assert hand.tell("link 0") == "ok"


def test_one_card_at_a_time(hand: Process, slot: Slot, cards: Path) -> None:
    assert hand.tell("remove") == "ok"
    hand.tell(f"insert {cards / 'salma'}")
    slot.accept()
    assert hand.tell(f"insert {cards / 'omar'}").startswith("error")
    assert slot.atr()


def test_after_the_reader_has_gone_a_card_can_be_inserted_again(hand: Process, slot: Slot, cards: Path) -> None:
    hand.tell(f"insert {cards / 'salma'}")
    slot.accept()
    slot.hang_up()
    assert hand.complaint() == "the reader has gone"
    assert hand.tell(f"insert {cards / 'omar'}") == "ok"
    slot.accept()
    assert slot.atr()


def test_a_folder_with_a_space(hand: Process, slot: Slot, cards: Path, tmp_path: Path) -> None:
    folder = tmp_path / "a card"
    shutil.copytree(cards / "salma", folder)
    assert hand.tell(f"insert '{folder}'") == "ok"


@pytest.mark.parametrize(
    "line",
    [
        "insert",
        "insert /nowhere",
        "insert {good} max-le=0",
        "insert {good} wet",
        "latency slow",
        "link slow",
        "link 100001",
        "dance",
        "insert 'x",
    ],
)
def test_what_cannot_be_obeyed(hand: Process, cards: Path, line: str) -> None:
    assert hand.tell(line.format(good=cards / "salma")).startswith("error ")
    assert json.loads(hand.tell("counts"))["inserted"] is False


def test_no_reader(start: Start, cards: Path) -> None:
    with Slot() as slot:
        port = slot.port
    assert start("devices.virtual.card", "--port", str(port)).tell(f"insert {cards / 'salma'}").startswith("error ")


def test_quit_pulls_the_card(hand: Process, slot: Slot, cards: Path) -> None:
    hand.tell(f"insert {cards / 'salma'}")
    slot.accept()
    assert hand.child.stdin
    hand.child.stdin.write("quit\n")
    assert hand.end() == 0
    assert slot.gone()

"""The reader on a real pcscd: virtual cards go in and out, the service dies and comes back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from devices.virtual.pcsc import VirtualReaderService
from tests.devices.cards.processes import ROOT, SECONDS, Hand, Terminal

pytestmark = pytest.mark.long(seconds=45)


@pytest.fixture
def hand(service: VirtualReaderService) -> Iterator[Hand]:
    hand = Hand(service.ports[0])
    yield hand
    hand.close()


@pytest.fixture
def terminal(service: VirtualReaderService, issued: Path, hand: Hand) -> Iterator[Terminal]:
    terminal = Terminal(issued / "anchors", service.environment)
    yield terminal
    hand.do("remove")
    while terminal.ask("state")[2]:
        terminal.event()  # the next test begins with an empty reader
    terminal.close()


def insert(hand: Hand, terminal: Terminal, card: Path, options: str = "") -> None:
    hand.do(f"insert {card} {options}".strip())
    assert terminal.event() == "CardInserted"


def read(terminal: Terminal, card: Path) -> Any:
    return terminal.ask(f"read {card / 'mrz.txt'}")


def test_genuine_card_shows_its_name(hand: Hand, terminal: Terminal, issued: Path) -> None:
    salma = issued / "cards" / "salma"
    insert(hand, terminal, salma)
    found = read(terminal, salma)["found"]
    assert found["name_arabic"] == "سلمى خالد الياسمين"
    assert found["name_latin"] == "Salma Khaled Alyasmeen"
    assert found["national_number"] == "9912004821"
    assert found["birth_date"] == "1991-04-17"
    assert found["verdict"] == "genuine"
    rest = complete(terminal, salma)["found"]
    assert rest["portrait"]["size"] == [360, 450]
    assert rest["portrait"]["bytes"] == 360 * 450 * 3
    counts = hand.counts()
    # The first card of a kind is asked once whether it has PACE; the rest, the face, the chip's key and its proof, is
    # read on the same channel.
    assert found["commands"] <= 8
    assert rest["commands"] == counts["commands"] <= 8 + 3
    assert rest["bytes_sent"] == counts["bytes_to_card"]
    assert rest["bytes_received"] == counts["bytes_from_card"]
    assert complete(terminal, salma)["found"]["portrait"] is None
    assert hand.counts()["commands"] == counts["commands"], "what is known was read again"
    assert read(terminal, salma)["found"]["commands"] <= 7
    assert terminal.ask("state") == [True, 2, True, "3b8f80018091e1318065b08503010f8301900000"]
    hand.do("remove")
    assert terminal.event() == "CardRemoved"
    assert terminal.ask("state") == [True, 2, False, ""]


def complete(terminal: Terminal, card: Path) -> Any:
    printed = card / "mrz.txt"
    return terminal.ask(f"complete {printed}" if printed.exists() else "complete")


def test_a_card_that_opens_with_its_number_alone(hand: Hand, terminal: Terminal, issued: Path) -> None:
    layla = issued / "cards" / "layla"
    insert(hand, terminal, layla)
    assert terminal.ask("read") == {"raised": "AccessNumberWanted"}
    assert hand.counts()["commands"] == 1
    terminal.tell("number 518205")
    assert terminal.ask("read") == {"failure": "ACCESS_REFUSED", "values": {}}
    for no_number in ("51820", "5182040", "51820x", "٥١٨٢٠٤"):
        before = hand.counts()["commands"]
        terminal.tell(f"number {no_number}")
        assert terminal.ask("read") == {"failure": "ACCESS_REFUSED", "values": {}}
        assert hand.counts()["commands"] == before
    terminal.tell("number 518204")
    before = hand.counts()["commands"]
    found = terminal.ask("read")["found"]
    assert found["access"] == "PACE-CAN"
    assert found["name_arabic"] == "ليلى سامي الريحان"
    assert found["commands"] == 11
    assert complete(terminal, layla)["found"]["commands"] == hand.counts()["commands"] - before == 12


def test_a_passport_of_another_country_names_its_holder(hand: Hand, terminal: Terminal, issued: Path) -> None:
    """Believed by the word of its own country, opened by its zone, and the chip proves itself."""
    elena = issued / "cards" / "elena"
    insert(hand, terminal, elena)
    found = read(terminal, elena)["found"]
    assert (found["name_latin"], found["name_arabic"]) == ("Elena Sofia Marin", "")
    assert (found["national_number"], found["number"]) == ("", "UTO-P4471203")
    assert (found["access"], found["verdict"]) == ("PACE-MRZ", "genuine")
    assert complete(terminal, elena)["found"]["portrait"]["size"] == [360, 450]


def test_the_rest_of_the_same_card_needs_no_number_again(hand: Hand, terminal: Terminal, issued: Path) -> None:
    layla = issued / "cards" / "layla"
    insert(hand, terminal, layla)
    terminal.tell("number 518204")
    assert "found" in terminal.ask("read")
    terminal.tell("number")
    found = terminal.ask("complete")["found"]["portrait"]
    assert found["size"] == [360, 450]
    assert found["bytes"] == 360 * 450 * 3
    assert all(abs(is_ - skin) < 12 for is_, skin in zip(found["forehead"], (0xE8, 0xBD, 0x98), strict=True))
    hand.do("remove")
    assert terminal.event() == "CardRemoved"
    insert(hand, terminal, layla)
    assert terminal.ask("complete")["failure"] == "CARD_REMOVED"


def test_no_card_gives_its_rest_for_the_one_that_was_named(hand: Hand, terminal: Terminal, issued: Path) -> None:
    salma, karim = issued / "cards" / "salma", issued / "cards" / "karim"
    insert(hand, terminal, salma)
    assert complete(terminal, salma)["failure"] == "CARD_REMOVED"
    assert "found" in read(terminal, salma)
    hand.do("remove")
    assert terminal.event() == "CardRemoved"
    insert(hand, terminal, karim)
    assert complete(terminal, karim)["failure"] == "CARD_REMOVED"
    assert "found" in read(terminal, karim)
    assert complete(terminal, karim)["found"]["portrait"]["size"] == [360, 450]


def test_the_printed_zone_opens_a_card_with_pace_and_cards_of_one_kind_are_told_apart(
    hand: Hand, terminal: Terminal, issued: Path
) -> None:
    """All share an ATR: the one with PACE is found out among those without, and none of them suffers."""
    found = {}
    for name in ("salma", "salma", "karim", "karim", "omar"):
        card = issued / "cards" / name
        insert(hand, terminal, card)
        found[name] = read(terminal, card)["found"]
        hand.do("remove")
        assert terminal.event() == "CardRemoved"
    assert [found[name]["access"] for name in ("salma", "karim", "omar")] == ["BAC", "PACE-MRZ", "BAC"]
    assert [found[name]["commands"] for name in ("salma", "karim", "omar")] == [7, 11, 7]


@pytest.mark.parametrize(
    ("name", "access", "commands"),
    [("salma", "BAC", 3 + 7), ("karim", "PACE-MRZ", 7 + 6), ("layla", "PACE-CAN", 7 + 6)],
)
def test_every_file_in_one_session(
    service: VirtualReaderService, hand: Hand, terminal: Terminal, issued: Path, name: str, access: str, commands: int
) -> None:
    """One READ a file, after SELECT and BAC, or EF.CardAccess, PACE and SELECT."""
    card = issued / "cards" / name
    insert(hand, terminal, card)
    zone = [str(card / "mrz.txt")] if (card / "mrz.txt").exists() else []
    known = ["--known"] if access == "BAC" else []
    done = subprocess.run(
        [sys.executable, "-m", "tests.devices.cards.whole", *zone, *known],
        input="518204" if name == "layla" else "",
        text=True,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, **service.environment},
        check=True,
        timeout=SECONDS,
    )
    figures = json.loads(done.stdout)
    assert (figures["access"], figures["commands"]) == (access, commands)
    assert hand.counts()["commands"] == commands


def denied(failure: str, verdict: str, *reasons: str) -> dict[str, object]:
    return {"failure": failure, "values": {}, "verdict": verdict, "reasons": list(reasons)}


@pytest.mark.parametrize(
    ("name", "failure"),
    [
        ("tampered", denied("CARD_NOT_GENUINE", "forged", "data group 1 is not as signed")),
        ("foreign", denied("CARD_NOT_CHECKABLE", "not_checkable", "no anchor for this signer of JO")),
        ("unknown", {"failure": "CARD_UNKNOWN", "values": {}}),
        ("mute", {"failure": "CARD_MUTE", "values": {}}),
        ("wrong_mrz", {"failure": "ACCESS_REFUSED", "values": {}}),
    ],
)
def test_cards_that_are_not_accepted(
    hand: Hand, terminal: Terminal, issued: Path, name: str, failure: dict[str, object]
) -> None:
    card = issued / "cards" / name
    insert(hand, terminal, card)
    assert read(terminal, card) == failure


def test_expired_card_names_its_date(hand: Hand, terminal: Terminal, issued: Path) -> None:
    card = issued / "cards" / "expired"
    insert(hand, terminal, card)
    answer = read(terminal, card)
    assert answer["failure"] == "CARD_EXPIRED"
    printed = (card / "mrz.txt").read_text().splitlines()[1][8:14]
    day, month, year = answer["values"]["date"].split("/")
    assert year[2:] + month + day == printed


@pytest.mark.parametrize("options", ["short-only", "max-le=1000", "max-le=231", "max-le=160", "max-le=112"])
def test_lengths_that_the_card_takes_are_found_and_kept(
    hand: Hand, terminal: Terminal, issued: Path, options: str
) -> None:
    card = issued / "cards" / "omar"
    insert(hand, terminal, card, options)
    first = read(terminal, card)["found"]["commands"]
    second = read(terminal, card)["found"]["commands"]
    assert 6 <= second < first


def test_no_card_and_no_print(hand: Hand, terminal: Terminal, issued: Path) -> None:
    assert terminal.ask("read")["failure"] == "CARD_REMOVED"
    insert(hand, terminal, issued / "cards" / "salma")
    assert terminal.ask("read")["failure"] == "ACCESS_REFUSED"


def test_readers_that_are_not_allowed_are_not_there(
    service: VirtualReaderService, issued: Path, hand: Hand, terminal: Terminal
) -> None:
    stranger = Terminal(issued / "anchors", service.environment, prefix="Another Reader")
    try:
        insert(hand, terminal, issued / "cards" / "salma")
        assert stranger.event() == "NO_READER"
        assert stranger.ask("read")["failure"] == "NO_READER"
    finally:
        stranger.close()


def test_the_card_that_is_watched_is_the_one_that_is_read(
    service: VirtualReaderService, issued: Path, hand: Hand, terminal: Terminal
) -> None:
    """A second card in another reader, though it stands first in the list, is nobody's visit."""
    watched, other = issued / "cards" / "salma", issued / "cards" / "omar"
    beside = Hand(service.ports[1])
    first = Terminal(issued / "anchors", service.environment, prefix="Virtual PCD 00 00")
    try:
        insert(beside, terminal, watched)
        hand.do(f"insert {other}")
        assert first.event() == "CardInserted"
        assert "found" in read(terminal, watched)
        hand.do("remove")
        assert first.event() == "CardRemoved"
        beside.do("remove")
        assert terminal.event() == "CardRemoved"
    finally:
        beside.close()
        first.close()


def test_service_killed_and_started_again(
    service: VirtualReaderService, hand: Hand, terminal: Terminal, issued: Path
) -> None:
    salma = issued / "cards" / "salma"
    insert(hand, terminal, salma)
    service.kill()
    assert terminal.event() == "CARD_SERVICE_DOWN"
    assert terminal.ask("read")["failure"] == "CARD_SERVICE_DOWN"
    assert terminal.ask("state") == [False, 0, False, ""]
    service.restart()
    assert terminal.event() == "CardRemoved"
    insert(hand, terminal, salma)
    assert read(terminal, salma)["found"]["verdict"] == "genuine"


def test_short_restart_of_the_service_needs_no_new_start(
    service: VirtualReaderService, hand: Hand, terminal: Terminal, issued: Path
) -> None:
    salma = issued / "cards" / "salma"
    insert(hand, terminal, salma)
    service.restart()
    assert terminal.event() in {"CardRemoved", "CARD_SERVICE_DOWN"}
    insert(hand, terminal, salma)
    assert read(terminal, salma)["found"]["verdict"] == "genuine"

"""`card sign`: who is asked for a PIN and who is not, and what is written where."""

from __future__ import annotations

import dataclasses
import getpass
import json
from pathlib import Path
from typing import Any

import pytest

from kiosk.failures import Failure, ServiceFailure
from kiosk.staff import wipe
from ui.commands import card_sign as command


@dataclasses.dataclass(frozen=True)
class State:
    condition: str
    tries: int | None


class Card:
    """A card whose PIN is 2718, and its signing of PDFs."""

    def __init__(self, state: State, *, own_keys: bool = False) -> None:
        self.state = state
        self.own_keys = own_keys
        self.shown: list[bytes] = []

    def profile(self) -> str:
        return "pkcs15"

    def pin_state(self) -> State:
        return self.state

    def pin_is_typed_at_reader(self) -> bool:
        return self.own_keys

    def sign_pdf(self, pdf: bytes, pin: bytearray) -> bytes:
        self.shown.append(bytes(pin))
        right = pin == b"2718" or self.own_keys
        wipe(pin)
        if not right:
            self.state = State("ready", 2)
            raise ServiceFailure(Failure.PIN_WRONG, tries="2")
        if not pdf.startswith(b"%PDF"):
            raise ValueError("no PDF")
        return pdf + b" signed"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "in.pdf"
    file.write_bytes(b"%PDF")
    return file


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a person at a terminal types; what it was asked by is left in its place."""
    answers: list[str] = ["2718"]

    def answer(prompt: str) -> str:
        answers.append(prompt)
        return answers.pop(0)

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr(getpass, "getpass", answer)
    return answers


def sign(card: Card, source: Path, *, last_try: bool = False) -> tuple[int, Path]:
    target = source.with_name("out.pdf")
    return command.sign(card, card.sign_pdf, source, target, last_try=last_try, as_json=True), target


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_signed(source: Path, typed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    status, target = sign(Card(State("ready", 3)), source)
    assert (status, target.read_bytes()) == (0, b"%PDF signed")
    assert typed == ["PIN (3 tries left): "]
    assert said(capsys) == {
        "profile": "pkcs15",
        "pin": "ready",
        "tries_before": 3,
        "signed": str(target),
        "tries_after": 3,
    }


def test_wrong_pin(source: Path, typed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    typed[0] = "1111"
    card = Card(State("ready", 3))
    status, target = sign(card, source)
    told = said(capsys)
    assert (status, told["failure"], told["support_code"], told["tries_after"]) == (1, "PIN_WRONG", "C10", 2)
    assert not target.exists()
    assert card.shown == [b"1111"]


def test_the_last_try_is_used_only_when_it_is_said(
    source: Path, typed: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    card = Card(State("ready", 1))
    assert sign(card, source)[0] == 1
    assert said(capsys)["failure"] == "LAST_TRY"
    assert typed == ["2718"]
    assert sign(card, source, last_try=True)[0] == 0


@pytest.mark.parametrize(("condition", "failure"), [("blocked", "PIN_BLOCKED"), ("never_set", "PIN_NEVER_SET")])
def test_nobody_is_asked_for_a_pin_that_the_card_does_not_take(
    source: Path, typed: list[str], capsys: pytest.CaptureFixture[str], condition: str, failure: str
) -> None:
    card = Card(State(condition, None))
    assert sign(card, source)[0] == 1
    assert said(capsys)["failure"] == failure
    assert typed == ["2718"]
    assert card.shown == []


def test_a_reader_with_keys_of_its_own(source: Path, typed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    card = Card(State("ready", 3), own_keys=True)
    assert sign(card, source)[0] == 0
    assert card.shown == [b""]
    assert typed == ["2718"]
    assert "reader's own keys" in capsys.readouterr().err


def test_used_wrongly(source: Path, typed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    target = source.with_name("out.pdf")
    target.write_bytes(b"kept")
    assert sign(Card(State("ready", 3)), source)[0] == 2
    assert target.read_bytes() == b"kept"
    target.unlink()
    assert sign(Card(State("ready", 3)), source.with_name("missing.pdf"))[0] == 2
    source.write_bytes(b"a letter")
    assert sign(Card(State("ready", 3)), source)[0] == 2
    assert not target.exists()
    assert capsys.readouterr().out == ""

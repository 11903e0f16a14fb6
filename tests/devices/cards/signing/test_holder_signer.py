"""The visit's signer with a virtual card in a real pcscd: one card from the first question to the signature."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.devices.cards.signing.conftest import PIN, WRONG, Desk
from tests.devices.cards.signing.test_signing import go_on_until


def test_a_wrong_pin_then_the_right_one(desk: Desk, salma: Path, tmp_path: Path) -> None:
    desk.insert(salma)
    signed = tmp_path / "signed.pdf"
    assert desk.signer.ask("holder-state") == {"found": ["ready", 3, False]}
    assert desk.signer.ask(f"holder-sign {signed}", WRONG) == {"failure": "PIN_WRONG", "values": {"tries": "2"}}
    assert desk.signer.ask(f"holder-sign {signed}", PIN) == {"found": True}
    told = subprocess.run(["pdfsig", "-nocert", str(signed)], capture_output=True, text=True, timeout=20, check=False)
    assert "Signature is Valid." in told.stdout


def test_a_card_that_cannot_sign_is_told_of_before_a_pin_is_typed(desk: Desk, issued: Path) -> None:
    desk.insert(issued / "cards" / "omar")
    assert desk.signer.ask("holder-state") == {"failure": "NO_SIGNING_KEY", "values": {}}


def test_a_pin_that_was_never_set_is_a_state(desk: Desk, issued: Path) -> None:
    desk.insert(issued / "cards" / "karim")
    assert desk.signer.ask("holder-state") == {"found": ["never_set", None, False]}


def test_a_card_that_came_in_between_does_not_sign(desk: Desk, salma: Path, tmp_path: Path) -> None:
    desk.insert(salma)
    signed = tmp_path / "signed.pdf"
    assert desk.signer.ask("holder-state") == {"found": ["ready", 3, False]}
    desk.remove()
    desk.insert(salma)
    assert desk.signer.ask(f"holder-sign {signed}", PIN) == {"failure": "CARD_REMOVED", "values": {}}
    assert desk.signer.ask("holder-state") == {"found": ["ready", 3, False]}
    assert desk.signer.ask(f"holder-sign {signed}", PIN) == {"found": True}


def test_what_nobody_wants_any_more_ends_until_the_card_is_asked_anew(desk: Desk, salma: Path, tmp_path: Path) -> None:
    desk.insert(salma)
    signed = tmp_path / "signed.pdf"
    assert desk.signer.ask("holder-state") == {"found": ["ready", 3, False]}
    begun = desk.hand.counts()["commands"]
    desk.hand.do("latency 5")
    desk.signer.tell(f"holder-sign {signed}")
    desk.signer.tell(PIN)
    go_on_until(desk.hand, begun + 10)
    desk.signer.tell("holder-cancel")
    assert desk.signer.answer() == {"failure": "CARD_CANCELLED", "values": {}}
    assert desk.signer.ask(f"holder-sign {signed}", PIN) == {"failure": "CARD_CANCELLED", "values": {}}
    assert not signed.exists()
    desk.hand.do("latency 0")
    assert desk.signer.ask("holder-state") == {"found": ["ready", 3, False]}

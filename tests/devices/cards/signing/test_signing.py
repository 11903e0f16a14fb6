"""Signatures by a virtual card in a real pcscd: through our child process, and by OpenSC's own programs as the peer."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.devices.cards.processes import Hand
from tests.devices.cards.signing.conftest import PIN, WRONG, Desk, Signer

MESSAGE = b"an application"
SIGN = f"sign {hashlib.sha256(MESSAGE).hexdigest()}"


def verify(certificate: bytes, signature: bytes) -> None:
    key = x509.load_der_x509_certificate(certificate).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    key.verify(signature, MESSAGE, padding.PKCS1v15(), hashes.SHA256())


def children(pid: int) -> list[int]:
    """Of all its threads; one that ends meanwhile has none, and no file either (proc(5))."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            found += [int(child) for child in (task / "children").read_text().split()]
    return found


def go_on_until(hand: Hand, commands: int) -> None:
    while hand.counts()["commands"] < commands:
        pass  # each look is an answer of the card's process


def test_opensc_lists_the_card_and_signs_with_it(desk: Desk, salma: Path, tmp_path: Path) -> None:
    desk.insert(salma)
    listed = desk.run("pkcs15-tool", "-D").stdout
    for line in ("PKCS#15 Card [Test signature]", "PIN [PIN]", "Private RSA Key [Signature]", "nonRepudiation"):
        assert line in listed
    (tmp_path / "message").write_bytes(MESSAGE)
    files = ("-i", str(tmp_path / "message"), "-o", str(tmp_path / "signature"))
    done = desk.run("pkcs11-tool", "--login", "--pin", PIN, "--sign", "-m", "SHA256-RSA-PKCS", *files)
    assert done.returncode == 0, done.stderr
    verify((salma / "pkcs15" / "EF.Certificate").read_bytes(), (tmp_path / "signature").read_bytes())
    refused = desk.run("pkcs11-tool", "--login", "--pin", WRONG, "-O")
    assert "CKR_PIN_INCORRECT" in refused.stderr
    assert desk.signer.ask("state") == {"found": ["ready", 2]}


def test_the_holder_signs(desk: Desk, salma: Path) -> None:
    desk.insert(salma)
    assert desk.signer.ask("state") == {"found": ["ready", 3]}
    assert desk.signer.ask("pad") == {"found": False}
    certificate = desk.signer.ask("certificate")["found"]
    assert bytes.fromhex(certificate) == (salma / "pkcs15" / "EF.Certificate").read_bytes()
    value, by, wiped = desk.signer.ask(SIGN, PIN)["found"]
    verify(bytes.fromhex(by), bytes.fromhex(value))
    assert wiped
    assert children(desk.signer.pid) == []
    # The card was powered anew: no application is selected, so that VERIFY is not known, and nothing stays open.
    desk.signer.ask("hold")
    assert desk.signer.ask("tell 00200001") == "6d00"
    desk.signer.ask("release")
    assert desk.signer.ask("state") == {"found": ["ready", 3]}


def test_wrong_pins_are_counted_over_insertions_until_the_card_is_blocked(desk: Desk, salma: Path) -> None:
    desk.insert(salma)
    assert desk.signer.ask(SIGN, WRONG) == {"failure": "PIN_WRONG", "values": {"tries": "2"}}
    desk.remove()
    desk.signer.ask("begin")
    desk.insert(salma)
    assert desk.signer.ask("state") == {"found": ["ready", 2]}
    assert desk.signer.ask(SIGN, WRONG) == {"failure": "PIN_WRONG", "values": {"tries": "1"}}
    assert desk.signer.ask(SIGN, WRONG) == {"failure": "PIN_BLOCKED", "values": {}}
    assert desk.signer.ask(SIGN, PIN) == {"failure": "PIN_BLOCKED", "values": {}}
    assert desk.signer.ask("state") == {"found": ["blocked", 0]}


def test_the_right_pin_gives_the_tries_back(desk: Desk, with_pin: Callable[..., Path]) -> None:
    desk.insert(with_pin(left=1))
    assert desk.signer.ask("state") == {"found": ["ready", 1]}
    assert "found" in desk.signer.ask(SIGN, PIN)
    assert desk.signer.ask("state") == {"found": ["ready", 3]}


def test_what_cannot_be_a_pin_uses_no_try(desk: Desk, salma: Path) -> None:
    desk.insert(salma)
    for typed in ("", "12", "48291a", "1234567890123", "١٢٣٤٥٦"):
        assert desk.signer.ask(SIGN, typed) == {"failure": "PIN_WRONG", "values": {"tries": "3"}}
    assert desk.signer.ask("state") == {"found": ["ready", 3]}


def test_a_pin_that_was_never_set_is_not_asked_for(desk: Desk, issued: Path) -> None:
    desk.insert(issued / "cards" / "karim")
    assert desk.signer.ask("state") == {"found": ["never_set", None]}
    assert desk.signer.ask(SIGN, PIN) == {"failure": "PIN_NEVER_SET", "values": {}}


def test_a_card_without_the_application(desk: Desk, issued: Path) -> None:
    desk.insert(issued / "cards" / "omar")
    assert desk.signer.ask("state") == {"failure": "NO_SIGNING_KEY", "values": {}}
    assert desk.signer.ask(SIGN, PIN) == {"failure": "NO_SIGNING_KEY", "values": {}}


def test_no_card(desk: Desk) -> None:
    assert desk.signer.ask("state") == {"failure": "NO_CARD", "values": {}}


def test_a_card_pulled_out_under_the_signature_is_no_wrong_pin(desk: Desk, salma: Path) -> None:
    desk.insert(salma)
    desk.signer.ask("certificate")
    begun = desk.hand.counts()["commands"]
    desk.hand.do("latency 5")
    desk.signer.tell(SIGN)
    desk.signer.tell(PIN)
    go_on_until(desk.hand, begun + 40)
    desk.hand.do("remove")
    assert desk.signer.answer() == {"failure": "CARD_REMOVED", "values": {}}
    assert desk.signer.ask("empty") == "ok"
    desk.insert(salma)
    assert desk.signer.ask("state") == {"failure": "CARD_REMOVED", "values": {}}  # it may be another's by now
    desk.signer.ask("begin")
    assert desk.signer.ask("state") == {"found": ["ready", 3]}


def test_a_card_that_another_program_holds(desk: Desk, salma: Path) -> None:
    desk.insert(salma)
    desk.signer.ask("hold")
    assert desk.signer.ask(SIGN, PIN) == {"failure": "CARD_BUSY", "values": {}}
    desk.signer.ask("release")
    assert "found" in desk.signer.ask(SIGN, PIN)


def test_the_child_carries_the_pin_nowhere_and_ends_when_nobody_wants_it(desk: Desk, salma: Path) -> None:
    desk.insert(salma)
    desk.signer.ask("certificate")
    begun = desk.hand.counts()["commands"]
    desk.hand.do("latency 20")
    desk.signer.tell(SIGN)
    desk.signer.tell(PIN)
    go_on_until(desk.hand, begun + 20)
    (child,) = children(desk.signer.pid)
    place = Path(f"/proc/{child}")
    assert PIN.encode() not in (place / "cmdline").read_bytes()
    # Undumpable: nobody but root may look into it, not even others of the same user (proc(5), /proc/pid).
    assert (place / "environ").stat().st_uid == 0
    if os.geteuid() == 0:
        assert (place / "environ").read_bytes().startswith(b"PCSCLITE_CSOCK_NAME=")
        assert (place / "environ").read_bytes().count(b"\0") == 1
    limits = (place / "limits").read_text().splitlines()
    for kept in ("Max core file size", "Max file size"):
        (line,) = (line for line in limits if line.startswith(kept))
        assert line.removeprefix(kept).split()[:2] == ["0", "0"]
    desk.signer.tell("cancel")
    assert desk.signer.answer() == {"failure": "CARD_CANCELLED", "values": {}}
    assert not place.exists()
    assert desk.signer.ask("state") == {"failure": "CARD_CANCELLED", "values": {}}


def test_a_child_that_takes_too_long_is_ended(desk: Desk, salma: Path) -> None:
    """Every command of the card takes a third of a second: a signature needs far more than the child is given, and a
    certificate read at once far less, on a busy machine too."""
    desk.insert(salma)
    hasty = Signer(desk.environment, "--seconds", "3")
    try:
        assert "found" in hasty.ask("certificate")
        desk.hand.do("latency 333")
        assert hasty.ask(SIGN, PIN) == {"failure": "CARD_TIMEOUT", "values": {}}
        assert children(hasty.pid) == []
    finally:
        hasty.close()
    desk.hand.do("latency 0")
    assert "found" in desk.signer.ask(SIGN, PIN)


def test_a_module_that_does_not_work(desk: Desk, salma: Path) -> None:
    desk.insert(salma)
    spoilt = Signer(desk.environment, "--module", __file__)
    try:
        assert spoilt.ask("certificate") == {"failure": "SIGNING_FAILED", "values": {}}
    finally:
        spoilt.close()

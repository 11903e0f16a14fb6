"""How a PIN stands by the status words of cards, and which readers are trusted with it."""

from __future__ import annotations

import dataclasses

import msgspec
import pytest

from devices.cards.exchange import Exchange
from devices.cards.profiles import PinRule, SigningRule
from devices.cards.signing.kind import SigningKind
from devices.cards.signing.pin_state import ask
from devices.cards.signing.pinpad import VERIFY_PIN_DIRECT, has_own_keys
from kiosk.signing import PinCondition, PinRules, PinState
from kiosk.wire import Words
from tests.devices.cards.signing.plain_card import PlainCard

AID = "A000000063504B43532D3135"
OFFICE = Words(ar="المكتب", en="The office")
RULES = PinRules(6, 8, OFFICE)
PIN = PinRule(reference=5, length_least=6, length_most=8, unblocked_at=OFFICE)
SIGNING = SigningRule(module="a-pkcs11.so", mechanism="SHA256_RSA_PKCS")
KIND = SigningKind("a-card", (bytes.fromhex(AID),), PIN, SIGNING)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("63C3", PinState(PinCondition.READY, RULES, 3)),
        ("63CF", PinState(PinCondition.READY, RULES, 15)),
        ("63C1", PinState(PinCondition.READY, RULES, 1)),
        ("63C0", PinState(PinCondition.BLOCKED, RULES, 0)),
        ("6983", PinState(PinCondition.BLOCKED, RULES, 0)),
        ("6984", PinState(PinCondition.NEVER_SET, RULES)),
        ("6A88", PinState(PinCondition.NEVER_SET, RULES)),
        ("9000", PinState(PinCondition.UNKNOWN, RULES)),
        ("6300", PinState(PinCondition.UNKNOWN, RULES)),
        ("6D00", PinState(PinCondition.UNKNOWN, RULES)),
        ("6700", PinState(PinCondition.UNKNOWN, RULES)),
    ],
)
def test_status_words(status: str, state: PinState) -> None:
    card = PlainCard(AID, status)
    assert ask(Exchange(card), KIND) == state
    assert card.commands == ["00A4040C0CA000000063504B43532D3135", "00200005"]  # no data, so no try


def test_a_card_without_the_application_is_asked_nothing_more() -> None:
    card = PlainCard("", "63C3")
    assert ask(Exchange(card), KIND) == PinState(PinCondition.UNKNOWN, RULES)
    assert len(card.commands) == 1


@pytest.mark.parametrize("may_be_unset", [False, True])
def test_a_pin_that_cannot_be_unset_is_told_as_the_card_says_and_logged(
    caplog: pytest.LogCaptureFixture, may_be_unset: bool
) -> None:
    kind = dataclasses.replace(KIND, pin=msgspec.structs.replace(PIN, may_be_unset=may_be_unset))
    assert ask(Exchange(PlainCard(AID, "6A88")), kind).condition is PinCondition.NEVER_SET
    assert ("a-card" in caplog.text) is not may_be_unset


@pytest.mark.parametrize(
    ("reader", "features", "trusted"),
    [
        ("Cherry GmbH SmartTerminal ST-2xxx 00 00", {0x06, 0x12}, True),
        ("Cherry GmbH SmartTerminal ST-2xxx 00 00", {0x07, 0x12}, False),
        ("HID Global OMNIKEY 3x21 Smart Card Reader 00 00", {0x06, 0x12}, False),
        ("OMNIKEY CardMan 6121 00 00", {0x06}, False),
        ("Virtual PCD 00 00", set(), False),
    ],
)
def test_readers_with_keys_of_their_own(reader: str, features: set[int], trusted: bool) -> None:
    assert VERIFY_PIN_DIRECT == 0x06
    assert has_own_keys(reader, features) is trusted

"""How a PIN stands by the status words of cards, and which readers are trusted with it."""

from __future__ import annotations

import pytest

from devices.cards.exchange import Exchange
from devices.cards.signing.pin_state import KNOWN_PLACES, PinPlace, ask
from devices.cards.signing.pinpad import VERIFY_PIN_DIRECT, has_own_keys
from kiosk.signing import PinCondition, PinState

PLACE = PinPlace(bytes.fromhex("A000000063504B43532D3135"), 5)


class Card:
    """A `Wire` to a card with one application, whose VERIFY without data is answered so."""

    reader_limit = 256

    def __init__(self, status: str, application: str = "A000000063504B43532D3135") -> None:
        self.commands: list[str] = []
        self._status = bytes.fromhex(status)
        self._application = application

    def transmit(self, command: bytes) -> bytes:
        self.commands.append(command.hex().upper())
        if command[1] == 0xA4:
            return bytes.fromhex("9000" if command[5:].hex().upper() == self._application else "6A82")
        return self._status

    def reconnect(self) -> None:
        raise AssertionError("nobody asked for it")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("63C3", PinState(PinCondition.READY, 3)),
        ("63CF", PinState(PinCondition.READY, 15)),
        ("63C1", PinState(PinCondition.READY, 1)),
        ("63C0", PinState(PinCondition.BLOCKED, 0)),
        ("6983", PinState(PinCondition.BLOCKED, 0)),
        ("6984", PinState(PinCondition.NEVER_SET)),
        ("6A88", PinState(PinCondition.NEVER_SET)),
        ("9000", PinState(PinCondition.UNKNOWN)),
        ("6300", PinState(PinCondition.UNKNOWN)),
        ("6D00", PinState(PinCondition.UNKNOWN)),
        ("6700", PinState(PinCondition.UNKNOWN)),
    ],
)
def test_status_words(status: str, state: PinState) -> None:
    card = Card(status)
    assert ask(Exchange(card), (PLACE,)) == state
    assert card.commands == ["00A4040C0CA000000063504B43532D3135", "00200005"]  # no data, so no try


def test_a_card_without_a_known_application_is_asked_nothing_more() -> None:
    card = Card("63C3", application="")
    assert ask(Exchange(card)) == PinState(PinCondition.UNKNOWN)
    assert len(card.commands) == len(KNOWN_PLACES)


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

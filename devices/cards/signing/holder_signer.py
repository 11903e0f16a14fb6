"""Signs applications for the visit, a `kiosk.ports.Signer`: draws them, and signs them with the card in the reader."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from kiosk.failures import Failure, ServiceFailure
from kiosk.signing import Application, PinCondition, PinState
from kiosk.staff import wipe

if TYPE_CHECKING:
    from devices.cards.signing.card import SigningCard

_WITHOUT_A_PIN = frozenset({PinCondition.BLOCKED, PinCondition.NEVER_SET})


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Drawn:
    """An application as PDF, and where on it the signature is seen: as `pades.Place`."""

    pdf: bytes
    page: int
    box: tuple[int, int, int, int]


class HolderSigner:
    """`make_card` gives the signing side of whichever card will be in the reader; `draw` draws an application.

    Calls may come from any thread: each waits for the one before.
    """

    def __init__(self, make_card: Callable[[], SigningCard], draw: Callable[[Application], Drawn]) -> None:
        self._make_card = make_card
        self._draw = draw
        self._turn = threading.Lock()
        self._card: SigningCard | None = None

    def pin_state(self) -> PinState:
        """Of the card that is in the reader now. Where it could sign, its certificate is looked for too: a card
        without one is told of before anybody types a PIN for it."""
        with self._turn:
            self._card = card = self._make_card()
            state = card.pin_state()
            if state.condition not in _WITHOUT_A_PIN:
                card.certificate()
            return state

    def pin_is_typed_at_reader(self) -> bool:
        with self._turn:
            return self._asked().pin_is_typed_at_reader()

    def sign(self, application: Application, pin: bytearray) -> bytes:
        from devices.cards.signing import pades  # noqa: PLC0415  # half a second, and a client for the network

        try:
            with self._turn:
                drawn = self._draw(application)
                place = pades.Place(drawn.page, drawn.box)
                return pades.sign_pdf(drawn.pdf, self._asked(), pin, place=place)
        except pades.PdfUnsuitable as unsuitable:
            raise ServiceFailure(Failure.SIGNING_FAILED) from unsuitable
        finally:
            wipe(pin)

    def cancel(self) -> None:
        if self._card is not None:
            self._card.cancel()

    def _asked(self) -> SigningCard:
        """The card whose PIN was asked about: no other may sign in its place."""
        if self._card is None:
            raise ServiceFailure(Failure.NO_CARD)
        return self._card

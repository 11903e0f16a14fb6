"""The signing side of one card: how its PIN stands, its holder's certificate, and one signature for one PIN.

While a signature is made no other part may hold the card: `devices.cards.reader` connects exclusively, and lets go of
the card after each reading.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from devices.cards.exchange import Exchange, WireBroken
from devices.cards.pcsc import CardWire, Slot
from devices.cards.profiles import Profile, SigningRule
from devices.cards.signing import holder_certificate, inserted_card, module, pin_state
from devices.cards.signing.inserted_card import InsertedCard
from devices.cards.signing.kind import SigningKind, kind_of
from devices.cards.signing.pinpad import has_own_keys
from kiosk.failures import Failure, ServiceFailure
from kiosk.ports import Clock
from kiosk.signing import PinCondition, PinState, no_pin_to_give
from kiosk.staff import wipe

T = TypeVar("T")

DIGEST_BYTES = 32
_SETTLE_SECONDS = 1.0
"""pcscd looks at a slot every 0.4 s, so that a card was taken out may show this much later than what it broke."""

_PIN_FAILURES = frozenset({Failure.PIN_WRONG, Failure.PIN_BLOCKED, Failure.PIN_NEVER_SET})
_NO_PIN_TO_GIVE = {
    PinCondition.BLOCKED: Failure.PIN_BLOCKED,
    PinCondition.NEVER_SET: Failure.PIN_NEVER_SET,
}
_REFUSALS = {
    b"pin-wrong": Failure.PIN_WRONG,
    b"pin-refused": Failure.PIN_WRONG,  # the module saw by its form that it cannot be right; no try was used
    b"pin-blocked": Failure.PIN_BLOCKED,
    b"pin-never-set": Failure.PIN_NEVER_SET,
    b"no-token": Failure.NO_SIGNING_KEY,
    b"no-key": Failure.NO_SIGNING_KEY,
}


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Signature:
    """RSASSA-PKCS1-v1_5 with SHA-256, proven by `certificate` (DER)."""

    value: bytes
    certificate: bytes


class SigningCard:
    """The card that is in the reader at the first question, as `InsertedCard` says. Calls block and come from one
    thread, `cancel` from any.

    `readers` are names, or their beginnings; `profiles` tell how kinds of cards sign; `configured` is a PKCS #11 module
    that a technician put in the place of the profile's.
    """

    def __init__(
        self,
        readers: tuple[str, ...],
        clock: Clock,
        profiles: tuple[Profile, ...],
        configured: Path | None = None,
        *,
        seconds: float = module.SECONDS,
    ) -> None:
        self._configured = configured
        self._clock = clock
        self._profiles = profiles
        self._seconds = seconds
        self._stop = module.Stop()
        self._card = InsertedCard(readers, self._stop.is_pulled)
        self._kind: SigningKind | None = None
        self._certificate: bytes | None = None

    def profile(self) -> str:
        """The id of the profile that the card signs by. Raises ServiceFailure: NO_SIGNING_KEY where there is none."""
        return self._known().profile

    def pin_state(self) -> PinState:
        """How many tries are left, or that there is no PIN to give; no try is used. Raises ServiceFailure:
        NO_SIGNING_KEY for a card that no profile knows to sign, and what the reader can meet."""
        return self._exchange(lambda exchange, slot: pin_state.ask(exchange, self._kind_of(slot, exchange)))

    def pin_is_typed_at_reader(self) -> bool:
        """Whether the reader has keys of its own: `sign` then takes an empty PIN. Raises ServiceFailure."""
        return self._card.ask(lambda wire, slot: has_own_keys(slot.reader, wire.features()))

    def certificate(self) -> bytes:
        """The holder's certificate for signatures, DER. No PIN is needed. Raises ServiceFailure: NO_SIGNING_KEY,
        CARD_EXPIRED and what the reader can meet."""
        if self._certificate is None:
            _, *found = self._ask(b"certificates", b"", b"", bytearray())
            self._certificate = holder_certificate.choose(found, self._clock.now())
        return self._certificate

    def sign(self, digest: bytes, pin: bytearray) -> Signature:
        """A signature over a SHA-256 digest. The PIN is shown to the card at most once, and is wiped here whatever
        comes; an empty one stands for the reader's own keys, and is never shown.

        Raises ServiceFailure: PIN_WRONG with the `tries` left, PIN_BLOCKED, PIN_NEVER_SET, NO_SIGNING_KEY,
        CARD_REMOVED, CARD_BUSY, CARD_TIMEOUT, CARD_CANCELLED, SIGNING_FAILED and what the reader can meet.
        """
        if len(digest) != DIGEST_BYTES:
            raise ValueError("not a SHA-256 digest")
        try:
            certificate = self.certificate()
            self._require_usable_pin(pin)
            value = self._signed(certificate, holder_certificate.digest_info(digest), pin)
        finally:
            wipe(pin)
        holder_certificate.require_signature(certificate, value, digest)
        return Signature(value, certificate)

    def cancel(self) -> None:
        """Nobody wants to sign any more: a question that runs ends in CARD_CANCELLED, and so does every later one."""
        self._stop.pull()

    def _known(self) -> SigningKind:
        return self._kind or self._exchange(lambda exchange, slot: self._kind_of(slot, exchange))

    def _kind_of(self, slot: Slot, exchange: Exchange) -> SigningKind:
        self._kind = self._kind or kind_of(self._profiles, slot.atr, exchange)
        if self._kind is None:
            raise ServiceFailure(Failure.NO_SIGNING_KEY)
        return self._kind

    def _exchange(self, question: Callable[[Exchange, Slot], T]) -> T:
        """A question to the card by commands of our own. Raises ServiceFailure."""

        def ask(wire: CardWire, slot: Slot) -> T:
            try:
                return question(Exchange(wire, seconds=inserted_card.SECONDS), slot)
            except WireBroken as broken:
                raise ServiceFailure(Failure.CARD_MUTE) from broken

        return self._card.ask(ask)

    def _require_usable_pin(self, pin: bytearray) -> None:
        state = self.pin_state()
        if refused := _NO_PIN_TO_GIVE.get(state.condition):
            raise no_pin_to_give(refused, state.rules)
        if not (state.rules.allow(pin) if pin else self.pin_is_typed_at_reader()):
            raise _pin_wrong(state)

    def _signed(self, certificate: bytes, message: bytes, pin: bytearray) -> bytes:
        try:
            _, value = self._ask(b"sign", certificate, message, pin)
        except ServiceFailure as failure:
            # How many are left only the card knows: it also counts the tries of others.
            if failure.failure is Failure.PIN_WRONG:
                raise _pin_wrong(self.pin_state()) from failure
            raise
        return value

    def _ask(self, verb: bytes, certificate: bytes, message: bytes, pin: bytearray) -> list[bytes]:
        """The module's answer. That the card is gone explains every other failure, and is told instead of it."""
        kind = self._known()
        path = module.find_module(kind.signing.module, self._configured)
        # That it is there, and that nobody else holds it, is asked here: a module would not say so.
        reader = self._card.ask(lambda _wire, slot: slot.reader)
        fields = (verb, os.fsencode(path), reader.encode(), *_named(kind.signing), certificate, message)
        try:
            answer = module.ask(fields, pin, self._stop, seconds=self._seconds)
            _require_success(answer, kind)
        except ServiceFailure as failure:
            if failure.failure is not Failure.CARD_CANCELLED:
                self._card.require(0.0 if failure.failure in _PIN_FAILURES else _SETTLE_SECONDS)
            raise
        finally:
            self._card.power_anew()  # modules leave the card as it is (OpenSC, `disconnect_action = leave`)
        return answer


def _named(rule: SigningRule) -> tuple[bytes, bytes, bytes]:
    """Key and certificate, as `module_worker.Named` takes them."""
    return bytes.fromhex(rule.key_id), rule.key_label.encode(), rule.certificate_label.encode()


def _pin_wrong(state: PinState) -> ServiceFailure:
    """A wrong last try is a block."""
    if state.condition is PinCondition.BLOCKED:
        return no_pin_to_give(Failure.PIN_BLOCKED, state.rules)
    return ServiceFailure(Failure.PIN_WRONG, tries="?" if state.tries is None else str(state.tries))


def _require_success(answer: list[bytes], kind: SigningKind) -> None:
    """Raises ServiceFailure by the module's word."""
    outcome = answer[0]
    if outcome in {b"found", b"signed"} and (outcome == b"found" or len(answer) == 2):
        return
    failure = _REFUSALS.get(outcome, Failure.SIGNING_FAILED)
    if failure in _NO_PIN_TO_GIVE.values():
        raise no_pin_to_give(failure, pin_state.rules_of(kind))
    raise ServiceFailure(failure)

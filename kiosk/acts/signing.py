"""One signature with the holder's key over what was answered and quoted, before anything is paid for it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from kiosk.acts.answers import check
from kiosk.acts.base import stay, warn
from kiosk.acts.failing import fail, power_lost
from kiosk.acts.paying import confirm, in_hand, quote_holds
from kiosk.acts.proof import with_proof
from kiosk.agreed import application_for
from kiosk.application import LARGEST_SIGNED_BYTES
from kiosk.basket import put_aside
from kiosk.events import ApplicationSigned, Event, PartFailed, PinStateRead, PinTyped, PowerLost
from kiosk.failures import FAILURES, Failure, ServiceFailure
from kiosk.ports import Signer
from kiosk.scene import State
from kiosk.signing import PinCondition, SigningScene, no_pin_to_give
from kiosk.staff import wipe
from kiosk.texts import message

if TYPE_CHECKING:
    from kiosk.visit import Visit

ENTER_PIN: Final = message("Enter the whole PIN: at least {fewest} digits")

_NO_PIN_TO_GIVE: Final[Mapping[PinCondition, Failure]] = {
    PinCondition.BLOCKED: Failure.PIN_BLOCKED,
    PinCondition.NEVER_SET: Failure.PIN_NEVER_SET,
}
_CARD_IS_GONE: Final = frozenset({Failure.CARD_REMOVED, Failure.NO_CARD})


def sign_or_confirm(visit: Visit, event: Event) -> State:
    return sign_before(visit, event, State.PAYING)


def sign_before(visit: Visit, event: Event, then: State) -> State:
    """A service that wants a signature gets it first; one that was made for the same request is not asked for twice.
    Then it is paid, or put into the basket before the visit goes on to `then`."""
    case = visit.case
    case.once_signed = then
    if not case.signature_is_due() or not quote_holds(visit):
        return _signed(visit, event)
    if visit.parts.signer is None:
        return _failed(visit, Failure.NO_SIGNING_KEY)
    if not case.card_stayed:
        return _failed(visit, Failure.NO_CARD)  # whose key would sign is not known
    return ask_pin_state(visit)


def ask_pin_state(visit: Visit) -> State:
    """Nothing is typed before the card has said how its PIN stands; no PIN is typed for a card that is not proven."""
    case, signer = visit.case, _signer(visit)
    case.signing = SigningScene(application_for(case, visit.parts.settlement.clock.now()), working=True)

    def work() -> Event:
        return PinStateRead(signer.pin_state(), signer.pin_is_typed_at_reader())

    visit.begin(with_proof(visit, work), in_hand(case), stop=signer.cancel)
    return State.SIGNING


def take_pin_state(visit: Visit, event: PinStateRead) -> State:
    refused = _NO_PIN_TO_GIVE.get(event.state.condition)
    if refused is not None:
        return _refused(visit, no_pin_to_give(refused, event.state.rules))
    return _show(visit, pin=event.state, at_reader=event.at_reader, working=False)


def agree_to_last_try(visit: Visit, _: Event) -> State:
    scene = _scene(visit)
    return _show(visit, last_try_agreed=_is_last_try(scene) and not scene.working)


def sign(visit: Visit, event: PinTyped) -> State:
    """One PIN, one signature. What cannot be a PIN never reaches the card, and no try is made twice by itself."""
    case, scene, pin = visit.case, _scene(visit), event.pin
    if scene.working or scene.pin is None or (_is_last_try(scene) and not scene.last_try_agreed):
        wipe(pin)
        return State.SIGNING
    if not case.card_stayed:
        wipe(pin)
        return card_gone(visit, event)
    if not quote_holds(visit):
        wipe(pin)
        return confirm(visit, event)  # which says so
    if scene.at_reader:
        wipe(pin)
        pin = bytearray()
    elif not scene.pin.rules.allow(pin):
        wipe(pin)
        return _show(visit, mistake=ENTER_PIN)
    signer = _signer(visit)

    def work() -> Event:
        try:
            signed = signer.sign(scene.application, pin)
        finally:
            wipe(pin)
        if len(signed) > LARGEST_SIGNED_BYTES:
            raise ServiceFailure(Failure.SIGNING_FAILED)
        return ApplicationSigned(signed)

    visit.begin(work, in_hand(case), stop=signer.cancel)
    return _show(visit, mistake="", last_try_agreed=False, working=True)


def go_on(visit: Visit, event: ApplicationSigned) -> State:
    """Signed: from here as any other service."""
    visit.case.signed_application, visit.case.signing = event.pdf, None
    return _signed(visit, event)


def _signed(visit: Visit, event: Event) -> State:
    case = visit.case
    if case.once_signed is State.PAYING or not quote_holds(visit):
        return confirm(visit, event)  # which says so where the quote has run out
    then = case.once_signed
    put_aside(case)
    return then


def refuse(visit: Visit, event: PartFailed) -> State:
    """A wrong PIN can be put right on the same page; a card that is gone was never a wrong PIN."""
    failure, scene = event.failure, _scene(visit)
    if failure.failure in _CARD_IS_GONE:
        return card_gone(visit, event)
    if failure.failure is not Failure.PIN_WRONG or scene.pin is None:
        return fail(visit, event)
    told = failure.values.get("tries", "")
    pin = dataclasses.replace(scene.pin, tries=int(told) if told.isdecimal() else None)
    if pin.tries == 0:
        return _refused(visit, no_pin_to_give(Failure.PIN_BLOCKED, pin.rules))
    return _show(visit, pin=pin, mistake=FAILURES[Failure.PIN_WRONG].title, last_try_agreed=False, working=False)


def card_gone(visit: Visit, _: Event) -> State:
    """With whatever was asked of it; also where a clerk sees who it is, for only the holder's card can sign."""
    visit.abandon_errand()
    visit.case.card_stayed = False
    visit.case.stopped_at = State.SIGNING
    return State.CARD_REMOVED


def back(visit: Visit, _: Event) -> State:
    """Nothing is signed: an answer that comes from now on does not count."""
    visit.abandon_errand()
    visit.case.signing = None
    return check(visit)


def time_out(visit: Visit, event: Event) -> State:
    """A card that should have answered long ago has failed; a person who reads or types is warned."""
    if not _scene(visit).working:
        return warn(visit, event)
    visit.abandon_errand()
    return _failed(visit, Failure.CARD_TIMEOUT)


def tell_of_power(visit: Visit, event: PowerLost) -> State:
    """Not while the card works: a signature that is just being made would be lost."""
    return stay(visit, event) if _scene(visit).working else power_lost(visit, event)


def _is_last_try(scene: SigningScene) -> bool:
    return scene.pin is not None and scene.pin.tries == 1


def _show(visit: Visit, **changed: object) -> State:
    visit.case.signing = dataclasses.replace(_scene(visit), **changed)  # type: ignore[arg-type]  # its own fields
    return State.SIGNING


def _scene(visit: Visit) -> SigningScene:
    assert visit.case.signing is not None
    return visit.case.signing


def _signer(visit: Visit) -> Signer:
    assert visit.parts.signer is not None
    return visit.parts.signer


def _failed(visit: Visit, failure: Failure) -> State:
    return _refused(visit, ServiceFailure(failure))


def _refused(visit: Visit, failure: ServiceFailure) -> State:
    return fail(visit, PartFailed(failure, in_hand(visit.case)))

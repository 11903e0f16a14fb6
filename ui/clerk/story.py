"""The steps of a visit as the clerk's page lists them: one line for each thing that was done, with its time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from kiosk.counter import Consent, IdentifiedBy
from kiosk.receipt import PrintState
from kiosk.scene import Scene, State
from kiosk.texts import Texts, message
from kiosk.transaction import PaymentMethod, TransactionState
from ui.clerk.words import CONSENT_TEXTS, identified_words
from ui.line_words import counted, counted_here

Said = Callable[[Texts], str]
"""A line in the language that is shown."""

_CHECKED = message("The card was read and is genuine")
_KEPT = message("The request is saved")
_PAID = message("The amount was paid and recorded")
_RECORDED = message("The request was recorded")
_ACCEPTED = message("The agency accepted it")
_WAITING = message("Awaiting delivery to the agency")
_PRINTED = message("The receipt is printed")
_NOT_PRINTED = message("The receipt is not printed")
_CASH = message("Payment begun: cash")
_CARD = message("Payment begun: bank card")
_FREE = message("Sent: no fee is due")
_BEGUN = {PaymentMethod.CASH: _CASH, PaymentMethod.BANK_CARD: _CARD, PaymentMethod.NONE: _FREE}
_CORRECTED = message("Sent corrected: nothing is paid again")
SHOWN = message("The whole number was shown")


def _plain(msgid: str, texts: Texts) -> str:
    return texts(msgid)


def _service(scene: Scene, texts: Texts) -> str:
    return texts("Service chosen: {service}", service=texts.of(scene.service.title) if scene.service else "")


def _enquired(scene: Scene, texts: Texts) -> str:
    if scene.service is not None and scene.service.pays_whole:
        return texts("Enquiry: the agency stated the fee")
    assert scene.quote is not None
    said = counted(scene.service, len(scene.quote.lines), texts)
    return texts("Enquiry: {answer}", answer=counted_here(scene.service, scene.quote, said, texts))


def said(msgid: str) -> Said:
    return partial(_plain, msgid)


def told(before: Scene, scene: Scene) -> list[Said]:
    """What became true between two scenes of one visit; usually nothing or one thing."""
    lines: list[Said] = []
    if scene.identity is not None and before.identity is None:
        card = scene.identified_by is IdentifiedBy.CARD
        lines.append(said(_CHECKED) if card else partial(identified_words, scene))
    if scene.service is not None and scene.service is not before.service:
        lines.append(partial(_service, scene))
    if scene.quote is not None and scene.quote is not before.quote:
        lines.append(partial(_enquired, scene))
    if scene.consent is not before.consent and scene.consent is not Consent.NONE:
        lines.append(said(CONSENT_TEXTS[scene.consent]))
    if scene.state is State.PAYING and before.state is not State.PAYING:
        lines.append(said(_BEGUN[scene.method] if scene.correcting is None else _CORRECTED))
    lines += _afterwards(before, scene)
    return lines


def _afterwards(before: Scene, scene: Scene) -> list[Said]:
    lines: list[Said] = []
    if scene.commitment is not None and before.commitment is None:
        lines.append(said(_RECORDED if scene.method is PaymentMethod.NONE else _PAID))
    if scene.outcome is not None and before.outcome is None:
        accepted = scene.outcome.state is TransactionState.ACCEPTED
        lines.append(said(_ACCEPTED if accepted else _WAITING))
    if scene.state is State.DONE and before.state is State.RECEIPT:
        printed = scene.print_state in {PrintState.CONFIRMED, PrintState.UNCONFIRMED}
        lines.append(said(_PRINTED if printed else _NOT_PRINTED))
    if scene.parked is not None and before.parked is None:
        lines.append(said(_KEPT))
    return lines

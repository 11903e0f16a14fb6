"""The counter's words for what the core knows by name: documents, capacities, places of a visit."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.counter import Capacity, Consent, DocumentSeen
from kiosk.scene import Scene, State
from kiosk.texts import Texts, message
from kiosk.transaction import PaymentMethod
from ui.line_words import counted, subject

DOCUMENT_TEXTS: Mapping[DocumentSeen, str] = {
    DocumentSeen.IDENTITY_CARD: message("Identity card"),
    DocumentSeen.PASSPORT: message("Passport"),
    DocumentSeen.FAMILY_BOOK: message("Family book"),
    DocumentSeen.BIRTH_CERTIFICATE: message("Birth certificate"),
    DocumentSeen.RESIDENCE_PERMIT: message("Residence permit"),
    DocumentSeen.POWER_OF_ATTORNEY: message("Power of attorney"),
    DocumentSeen.GUARDIANSHIP_DEED: message("Guardianship deed"),
}

CAPACITY_TEXTS: Mapping[Capacity, str] = {
    Capacity.SELF: message("The person is here"),
    Capacity.PROXY: message("Proxy"),
    Capacity.PARENT: message("Parent or guardian"),
    Capacity.PAYER: message("Pays for another person"),
}

CONSENT_TEXTS: Mapping[Consent, str] = {
    Consent.NONE: message("Waiting for the citizen's consent"),
    Consent.SCREEN: message("Agreed on the screen"),
    Consent.SPOKEN: message("Agreed aloud"),
}

METHOD_TEXTS: Mapping[PaymentMethod, str] = {
    PaymentMethod.CASH: message("Cash"),
    PaymentMethod.BANK_CARD: message("Bank card"),
    PaymentMethod.NONE: message("No fee"),
}

# Where a citizen's terminal stands that called for help; nothing personal is known of it.
PLACE_TEXTS: Mapping[State, str] = {
    State.IDLE: message("At the first page"),
    State.IDENTIFYING: message("At reading the card"),
    State.ACCESS_NUMBER: message("At the access number"),
    State.CHOOSING_SERVICE: message("At choosing a service"),
    State.BASKET: message("At looking over the services"),
    State.START_CARD: message("Before the first question"),
    State.STEPS: message("At a question"),
    State.ENQUIRING: message("At asking the agency"),
    State.QUOTE: message("At choosing what to pay"),
    State.CHECK_ANSWERS: message("At checking the answers"),
    State.SIGNING: message("At signing"),
    State.NOTIFY_PHONE: message("At the number for SMS"),
    State.PAYING: message("At the payment"),
    State.ASKING_REQUESTS: message("At earlier requests"),
    State.MY_REQUESTS: message("At earlier requests"),
    State.MY_REQUEST: message("At earlier requests"),
    State.DONE: message("At the receipt"),
    State.FAILED: message("At a page that tells of a problem"),
}


def place_words(place: str, texts: Texts) -> str:
    """Of a help call; the place came over the network, so it may be none that is known."""
    known = {state.value: words for state, words in PLACE_TEXTS.items()}
    return texts(known[place]) if place in known else texts("At another page")


def identified_words(scene: Scene, texts: Texts) -> str:
    """How the person is known: by the card, or by the document that a clerk saw."""
    if scene.document_seen is not DocumentSeen.NONE:
        return texts("{document} seen", document=texts(DOCUMENT_TEXTS[scene.document_seen]))
    return texts("The card is genuine")


def subject_words(scene: Scene, texts: Texts) -> str:
    """`3 fines, vehicle 12-34567`: what the amount is for."""
    if scene.service is None and scene.basket:
        return texts.plural("{n} service", "{n} services", len(scene.basket))
    if scene.quote is None:
        return ""
    fines = counted(scene.service, len(scene.picked), texts)
    if not scene.picked and scene.service is not None:
        fines = texts.of(scene.service.title)
    return texts("{fines} · {subject}", fines=fines, subject=subject(scene, texts))


def due_words(scene: Scene, texts: Texts) -> str:
    """The amount; where nothing is due, that."""
    return texts("No fee") if scene.method is PaymentMethod.NONE else texts.amount(scene.total_fils)


CORRECTED = message("Your request is being corrected")
"""What the citizen's screen says of it."""

"""The failures that a person can meet: one closed list, each with one title, one advice and one picture.

Texts are message ids of the catalogue (English, as in the words agreed for the product); `kiosk.texts` gives them in
the person's language. A failure never carries personal data: its values are names of agencies, times and references.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping


class Failure(enum.StrEnum):
    """The value is the support code's stem; the name tells staff where to look."""

    CARD_SERVICE_DOWN = "C01"
    NO_READER = "C02"
    CARD_MUTE = "C04"
    CARD_UNKNOWN = "C05"
    CARD_BUSY = "C06"
    CARD_REMOVED = "C07"
    READER_LOST = "C08"
    ACCESS_REFUSED = "C09"
    CARD_NOT_GENUINE = "C12"
    CARD_NOT_CHECKABLE = "C13"
    CARD_EXPIRED = "C14"
    CARD_TIMEOUT = "C16"
    PRINTER_OUT_OF_PAPER = "P01"
    PRINTER_COVER_OPEN = "P02"
    PRINTER_SILENT = "P03"
    PRINTER_JAM = "P04"
    RECEIPT_NOT_PRINTED = "P05"
    PAYMENT_DECLINED = "M01"
    PAYMENT_SILENT = "M02"
    PAYMENT_UNKNOWN = "M03"
    PAYMENT_CANCELLED = "M05"
    AGENCY_UNREACHABLE = "L01"
    AGENCY_SILENT = "A01"
    AGENCY_REFUSED = "A02"
    QUOTE_EXPIRED = "A03"
    ANSWER_UNPROVEN = "A04"
    NOT_SAVED = "T01"
    NOT_SET_UP = "T02"
    INTERNAL = "T09"


class Money(enum.StrEnum):
    """What is true of the money when a failure is shown; chosen from the ledger, never guessed."""

    NOTHING = "nothing"
    COMMITTED = "committed"
    ACCEPTED = "accepted"
    UNKNOWN = "unknown"
    RETURNED = "returned"


class Way(enum.StrEnum):
    """The ways on that a failure page can offer."""

    TRY_AGAIN = "try_again"
    ANOTHER_SERVICE = "another_service"
    END = "end"


class ServiceFailure(Exception):
    """Raised by any part when it cannot go on. `values` fill the text's places; `words_*` are an agency's own."""

    def __init__(self, failure: Failure, *, words_ar: str = "", words_en: str = "", **values: str) -> None:
        super().__init__(failure.name)
        self.failure = failure
        self.words_ar = words_ar
        self.words_en = words_en
        self.values = values


@dataclasses.dataclass(frozen=True, slots=True)
class FailureText:
    """Message ids and the picture (`card_insert`, `card_take`, `printer`, `payment`, `line`, `agency`, `terminal`)."""

    title: str
    advice: str
    picture: str
    ways: tuple[Way, ...]


_WINDOW = "Service goes on at the window."
_CLERK_PRINTS = "The clerk sees to it, then the receipt prints."
_END = (Way.END,)
_RETRY = (Way.TRY_AGAIN, Way.END)
_OTHER = (Way.TRY_AGAIN, Way.ANOTHER_SERVICE, Way.END)

FAILURES: Mapping[Failure, FailureText] = {
    Failure.CARD_SERVICE_DOWN: FailureText("Card reading has stopped", _WINDOW, "card_take", _END),
    Failure.NO_READER: FailureText("No reader is connected", _WINDOW, "card_take", _END),
    Failure.CARD_MUTE: FailureText("The card was not read", "Turn it round, chip down", "card_insert", _RETRY),
    Failure.CARD_UNKNOWN: FailureText(
        "We do not know this card", "Insert your national smart card", "card_insert", _END
    ),
    Failure.CARD_BUSY: FailureText("The card is in use", "We try again", "card_insert", _RETRY),
    Failure.CARD_REMOVED: FailureText("The card was taken out", "Put it back to go on", "card_insert", _END),
    Failure.READER_LOST: FailureText("The reader was unplugged", "Take your card", "card_take", _END),
    Failure.ACCESS_REFUSED: FailureText("The access number does not match", _WINDOW, "card_take", _END),
    Failure.CARD_NOT_GENUINE: FailureText(
        "We could not confirm the card as genuine", "Bring another document to the window", "card_take", _END
    ),
    Failure.CARD_NOT_CHECKABLE: FailureText(
        "The card cannot be checked here", "The clerk can check it", "card_take", _END
    ),
    Failure.CARD_EXPIRED: FailureText(
        "The card expired on {date}", "A Civil Status office renews it", "card_take", _END
    ),
    Failure.CARD_TIMEOUT: FailureText("Reading took too long", "Take it out and insert it again", "card_take", _RETRY),
    Failure.PRINTER_OUT_OF_PAPER: FailureText("The paper has run out", _CLERK_PRINTS, "printer", _END),
    Failure.PRINTER_COVER_OPEN: FailureText("The printer cover is open", _CLERK_PRINTS, "printer", _END),
    Failure.PRINTER_SILENT: FailureText("The printer does not answer", _CLERK_PRINTS, "printer", _END),
    Failure.PRINTER_JAM: FailureText("Paper is stuck in the printer", _CLERK_PRINTS, "printer", _END),
    Failure.RECEIPT_NOT_PRINTED: FailureText("Receipt {number} did not print", "Get it at any window", "printer", _END),
    Failure.PAYMENT_DECLINED: FailureText(
        "The bank did not approve the payment", "Try another bank card", "payment", _RETRY
    ),
    Failure.PAYMENT_SILENT: FailureText("The payment terminal does not answer", _WINDOW, "payment", _RETRY),
    Failure.PAYMENT_UNKNOWN: FailureText(
        "The payment is being checked",
        "Take slip {reference}. Money taken is recorded or refunded",
        "payment",
        _END,
    ),
    Failure.PAYMENT_CANCELLED: FailureText(
        "The payment was cancelled", "Try again, or end the visit", "payment", _RETRY
    ),
    Failure.AGENCY_UNREACHABLE: FailureText(
        "{agency} cannot be reached", "Only it can state the amount", "line", _OTHER
    ),
    Failure.AGENCY_SILENT: FailureText("{agency} does not answer now", "Try again in a few minutes", "agency", _OTHER),
    Failure.AGENCY_REFUSED: FailureText("The request was not accepted", '{agency}: "{words}"', "agency", _OTHER),
    Failure.QUOTE_EXPIRED: FailureText(
        "The quote has run out", "We ask again. The amount may change", "agency", _RETRY
    ),
    Failure.ANSWER_UNPROVEN: FailureText(
        "The answer could not be confirmed", "It may not come from {agency}", "agency", _OTHER
    ),
    Failure.NOT_SAVED: FailureText("The transaction was not saved", _WINDOW, "terminal", _END),
    Failure.NOT_SET_UP: FailureText("This terminal is not set up yet", _WINDOW, "terminal", ()),
    Failure.INTERNAL: FailureText("This terminal cannot go on", _WINDOW, "terminal", _END),
}

MONEY_TEXTS: Mapping[Money, str] = {
    Money.NOTHING: "Nothing was paid or sent.",
    Money.COMMITTED: "{amount} was paid and recorded. It is sent by itself.",
    Money.ACCEPTED: "{amount} was paid and accepted.",
    Money.UNKNOWN: "We do not know yet whether {amount} was paid. Do not pay again.",
    Money.RETURNED: "{amount} was given back. Nothing was sent.",
}

"""The failures that a person can meet: one closed list, each with one title, one advice and one picture.

Texts are message ids of the catalogue (English, as in the words agreed for the product); `kiosk.texts` gives them in
the person's language. A failure never carries personal data: its values are names of agencies, times and references.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping


class Failure(enum.StrEnum):
    """The value is the support code; its letter tells staff where to look: card, printer, payment (money), line,
    agency, terminal, staff, document scanner."""

    CARD_SERVICE_DOWN = "C01"
    NO_READER = "C02"
    READER_WITHOUT_DRIVER = "C03"
    CARD_MUTE = "C04"
    CARD_UNKNOWN = "C05"
    CARD_BUSY = "C06"
    CARD_REMOVED = "C07"
    READER_LOST = "C08"
    ACCESS_REFUSED = "C09"
    PIN_WRONG = "C10"
    PIN_BLOCKED = "C11"
    CARD_NOT_GENUINE = "C12"
    CARD_NOT_CHECKABLE = "C13"
    CARD_EXPIRED = "C14"
    PIN_NEVER_SET = "C15"
    CARD_TIMEOUT = "C16"
    NO_CARD = "C17"
    ACCESS_DENIED = "C18"
    LENGTH_NOT_SUPPORTED = "C19"
    TRUST_STALE = "C20"
    CARD_CANCELLED = "C21"
    NO_SIGNING_KEY = "C22"
    SIGNING_FAILED = "C23"
    PRINTER_OUT_OF_PAPER = "P01"
    PRINTER_COVER_OPEN = "P02"
    PRINTER_SILENT = "P03"
    PRINTER_JAM = "P04"
    RECEIPT_NOT_PRINTED = "P05"
    PAYMENT_DECLINED = "M01"
    PAYMENT_SILENT = "M02"
    PAYMENT_UNKNOWN = "M03"
    PAYMENT_LATE = "M04"
    PAYMENT_CANCELLED = "M05"
    AGENCY_UNREACHABLE = "L01"
    LINE_LOST = "L02"
    LINE_LOST_SENDING = "L03"
    OFFLINE_NOT_ALLOWED = "L04"
    OFFLINE_FULL = "L05"
    REQUESTS_UNREACHABLE = "L06"
    AGENCY_SILENT = "A01"
    AGENCY_REFUSED = "A02"
    QUOTE_EXPIRED = "A03"
    ANSWER_UNPROVEN = "A04"
    ABOVE_OFFLINE_LIMIT = "A05"
    NOT_SAVED = "T01"
    NOT_SET_UP = "T02"
    ON_BATTERY = "T03"
    SERVICE_NOT_LOADED = "T04"
    PARKED_NOT_FOUND = "T05"
    NO_TARIFF = "T06"
    INTERNAL = "T09"
    SIGN_IN_REFUSED = "S01"
    SIGN_IN_LOCKED = "S02"
    NEEDS_SUPERVISOR = "S03"
    NO_SCANNER = "D01"
    SCANNER_COVER_OPEN = "D02"
    SCANNER_NO_PAPER = "D03"
    SCANNER_JAM = "D04"
    SCANNER_BUSY = "D05"
    SCANNER_SILENT = "D06"
    PAGE_UNREADABLE = "D07"
    REQUEST_TOO_LARGE = "D08"


class Money(enum.StrEnum):
    """What is true of the money when a failure is shown; chosen from the ledger, never guessed."""

    NOTHING = "nothing"
    COMMITTED = "committed"
    ACCEPTED = "accepted"
    UNKNOWN = "unknown"
    RETURNED = "returned"
    CASH_IN_HAND = "cash_in_hand"  # a clerk holds it, and nothing was recorded: it goes back over the counter
    NONE_DUE = "none_due"  # nothing was to be paid, and whether the request is recorded shows at the next start


class Way(enum.StrEnum):
    """The ways on that a failure page can offer."""

    TRY_AGAIN = "try_again"
    CHANGE = "change"  # back to what was answered, where something was
    ANOTHER_SERVICE = "another_service"
    HELP = "help"
    SAVE = "save"  # the request is parked, to be finished later
    CONTINUE = "continue"  # only told: the visit goes on where it was
    END = "end"


class ServiceFailure(Exception):
    """Raised by any part when it cannot go on. `values` fill the text's places; `words_*` are an agency's own,
    or the office that a PIN is unblocked at. `way_out` is the service by which what stands in the way is settled."""

    def __init__(
        self, failure: Failure, *, words_ar: str = "", words_en: str = "", way_out: str = "", **values: str
    ) -> None:
        super().__init__(failure.name)
        self.way_out = way_out
        self.failure = failure
        self.words_ar = words_ar
        self.words_en = words_en
        self.values = values


class InDoubt(ServiceFailure):
    """NOT_SAVED, and yet it may be found saved after the next start: its COMMIT was refused too late to be undone.

    Nothing that would contradict it may be done before a later write has gone through, or a restart has told.
    """

    def __init__(self) -> None:
        super().__init__(Failure.NOT_SAVED)


@dataclasses.dataclass(frozen=True, slots=True)
class FailureText:
    """Message ids and the picture (`card_insert`, `card_take`, `reader`, `printer`, `scanner`, `payment`, `line`,
    `agency`, `power`, `staff`, `terminal`). `staff` is what a clerk or technician does, where that differs from the
    advice."""

    title: str
    advice: str
    picture: str
    ways: tuple[Way, ...]
    staff: str = ""


_WINDOW = "Service goes on at the window."
_CLERK_PRINTS = "The clerk sees to it, then the receipt prints."
_TRIES = "Tries left: {tries}."
_END = (Way.END,)
_RETRY = (Way.TRY_AGAIN, Way.END)
_OTHER = (Way.TRY_AGAIN, Way.ANOTHER_SERVICE, Way.END)
_OTHER_ANSWER = (Way.CHANGE, Way.TRY_AGAIN, Way.ANOTHER_SERVICE, Way.END)
_LATER = (Way.TRY_AGAIN, Way.SAVE, Way.END)
_OTHER_OR_LATER = (Way.TRY_AGAIN, Way.SAVE, Way.ANOTHER_SERVICE, Way.END)
_HELP = (Way.HELP, Way.END)
_ELSEWHERE = (Way.ANOTHER_SERVICE, Way.END)
_GO_ON = (Way.CONTINUE, Way.END)

_CARD: Mapping[Failure, FailureText] = {
    Failure.CARD_SERVICE_DOWN: FailureText(
        "Card reading has stopped", _WINDOW, "reader", _HELP, "Start the card service (pcscd), then check again"
    ),
    Failure.NO_READER: FailureText("No reader is connected", _WINDOW, "reader", _HELP, "Connect a reader of the list"),
    Failure.READER_WITHOUT_DRIVER: FailureText(
        "Reader found, driver missing", _WINDOW, "reader", _HELP, "Install its driver"
    ),
    Failure.NO_CARD: FailureText("No card in the reader", "Insert it, chip down", "card_insert", _RETRY),
    Failure.CARD_MUTE: FailureText("The card was not read", "Turn it round, chip down", "card_insert", _RETRY),
    Failure.CARD_UNKNOWN: FailureText(
        "We do not know this card", "Insert your national smart card", "card_insert", _HELP
    ),
    Failure.CARD_BUSY: FailureText("The card is in use", "We try again", "card_insert", _RETRY),
    Failure.CARD_REMOVED: FailureText("The card was taken out", "Put it back to go on", "card_insert", _HELP),
    Failure.READER_LOST: FailureText("The reader was unplugged", "Take your card", "card_take", _HELP),
    Failure.ACCESS_REFUSED: FailureText(
        "The access number does not match", "Compare it with the digits printed on the card", "card_take", _RETRY
    ),
    Failure.ACCESS_DENIED: FailureText("The card does not open its data here", _WINDOW, "card_take", _HELP),
    Failure.PIN_WRONG: FailureText("The PIN does not match", _TRIES, "card_take", _RETRY),
    Failure.PIN_BLOCKED: FailureText(
        "The PIN is blocked", "{words} unblocks it. Take the card there", "card_take", _ELSEWHERE
    ),
    Failure.PIN_NEVER_SET: FailureText(
        "This card has no PIN yet",
        "{words} sets one",
        "card_take",
        (Way.ANOTHER_SERVICE, Way.HELP, Way.END),
    ),
    Failure.LENGTH_NOT_SUPPORTED: FailureText(
        "This reader cannot read the card", _WINDOW, "card_take", _HELP, "Connect a reader for long commands"
    ),
    Failure.NO_SIGNING_KEY: FailureText(
        "This card cannot sign",
        _WINDOW,
        "card_take",
        (Way.ANOTHER_SERVICE, Way.HELP, Way.END),
    ),
    Failure.SIGNING_FAILED: FailureText(
        "The signature was not made",
        "Try once more, or go to the window",
        "reader",
        (Way.TRY_AGAIN, Way.HELP, Way.END),
        "Check the signing module (OpenSC)",
    ),
    Failure.CARD_NOT_GENUINE: FailureText(
        "We could not confirm the card as genuine", "Bring another document to the window", "card_take", _HELP
    ),
    Failure.CARD_NOT_CHECKABLE: FailureText(
        "The card cannot be checked here", "The clerk can check it", "card_take", _HELP
    ),
    Failure.CARD_EXPIRED: FailureText(
        "The card expired on {date}", "A Civil Status office renews it", "card_take", _END
    ),
    Failure.TRUST_STALE: FailureText(
        "The card cannot be checked today", _WINDOW, "card_take", _HELP, "Trust data is out of date: load the new data"
    ),
    Failure.CARD_TIMEOUT: FailureText("Reading took too long", "Take it out and insert it again", "card_take", _RETRY),
    Failure.CARD_CANCELLED: FailureText("The reading was ended", "Insert the card to begin again", "card_take", _RETRY),
}

_PRINTER: Mapping[Failure, FailureText] = {
    Failure.PRINTER_OUT_OF_PAPER: FailureText("The paper has run out", _CLERK_PRINTS, "printer", _HELP),
    Failure.PRINTER_COVER_OPEN: FailureText("The printer cover is open", _CLERK_PRINTS, "printer", _HELP),
    Failure.PRINTER_SILENT: FailureText("The printer does not answer", _CLERK_PRINTS, "printer", _HELP),
    Failure.PRINTER_JAM: FailureText("Paper is stuck in the printer", _CLERK_PRINTS, "printer", _HELP),
    Failure.RECEIPT_NOT_PRINTED: FailureText(
        "Receipt {number} did not print", "Get it at any window", "printer", _HELP
    ),
}

_PAYMENT: Mapping[Failure, FailureText] = {
    Failure.PAYMENT_DECLINED: FailureText(
        "The bank did not approve the payment", "Try another bank card", "payment", _LATER
    ),
    Failure.PAYMENT_SILENT: FailureText(
        "The payment terminal does not answer", _WINDOW, "payment", (Way.TRY_AGAIN, Way.SAVE, Way.HELP, Way.END)
    ),
    Failure.PAYMENT_UNKNOWN: FailureText(
        "The payment is being checked",
        "Take slip {reference}. Money taken is recorded or refunded",
        "payment",
        _HELP,
    ),
    Failure.PAYMENT_LATE: FailureText(
        "The payment was confirmed late", "Take slip {reference} to the window", "payment", _HELP
    ),
    Failure.PAYMENT_CANCELLED: FailureText(
        "The payment was cancelled", "Try again, or end the visit", "payment", _LATER
    ),
}

_CENTRE: Mapping[Failure, FailureText] = {
    Failure.AGENCY_UNREACHABLE: FailureText(
        "{agency} cannot be reached", "Only it can state the amount", "line", _OTHER_OR_LATER
    ),
    Failure.LINE_LOST: FailureText("Offline, service continues", "The amount holds until {time}", "line", _GO_ON),
    Failure.LINE_LOST_SENDING: FailureText(
        "The connection dropped while sending", "We send again; it never counts twice", "line", _GO_ON
    ),
    Failure.AGENCY_SILENT: FailureText(
        "{agency} does not answer now", "Try again in a few minutes", "agency", _OTHER_OR_LATER
    ),
    Failure.AGENCY_REFUSED: FailureText("The request was not accepted", '{agency}: "{words}"', "agency", _OTHER_ANSWER),
    Failure.QUOTE_EXPIRED: FailureText(
        "The quote has run out", "We ask again. The amount may change", "agency", _RETRY
    ),
    Failure.ANSWER_UNPROVEN: FailureText(
        "The answer could not be confirmed", "It may not come from {agency}", "agency", _OTHER
    ),
    Failure.REQUESTS_UNREACHABLE: FailureText(
        "Your requests cannot be shown now", "They go on as they are. Try again in a few minutes", "line", _OTHER
    ),
    Failure.ABOVE_OFFLINE_LIMIT: FailureText("Above the offline limit", "The limit is {limit}", "line", _LATER),
    Failure.OFFLINE_NOT_ALLOWED: FailureText(
        "This service needs the connection", "It goes on when the connection is back", "line", _OTHER_OR_LATER
    ),
    Failure.OFFLINE_FULL: FailureText(
        "This terminal must deliver first",
        "Payment goes on when the connection is back",
        "line",
        _LATER,
        "The offline limit is reached: see the delivery page",
    ),
}

_TERMINAL: Mapping[Failure, FailureText] = {
    Failure.NOT_SAVED: FailureText(
        "The transaction was not saved", _WINDOW, "terminal", _HELP, "Free some room on the disk"
    ),
    Failure.NOT_SET_UP: FailureText("This terminal is not set up yet", _WINDOW, "terminal", (), "Load the set-up file"),
    Failure.ON_BATTERY: FailureText("The power is out, on battery", "About {left} left", "power", _GO_ON),
    Failure.SERVICE_NOT_LOADED: FailureText(
        "Service {service} was not loaded", _WINDOW, "terminal", _ELSEWHERE, "See what `catalogue check` says"
    ),
    Failure.NO_TARIFF: FailureText(
        "The fee of this service is not known today",
        "Choose another service, or come back later",
        "terminal",
        _ELSEWHERE,
        "Load the tariff of this year: see what `catalogue check` says",
    ),
    Failure.PARKED_NOT_FOUND: FailureText(
        "No saved request has this reference", "Compare it with the slip", "terminal", _ELSEWHERE
    ),
    Failure.INTERNAL: FailureText("This terminal cannot go on", _WINDOW, "terminal", _HELP),
}

_STAFF: Mapping[Failure, FailureText] = {
    Failure.SIGN_IN_REFUSED: FailureText("Name or PIN does not match", _TRIES, "staff", _RETRY),
    Failure.SIGN_IN_LOCKED: FailureText("Sign-in is locked until {time}", "A supervisor can open it", "staff", _RETRY),
    Failure.NEEDS_SUPERVISOR: FailureText("This step needs a supervisor", "Reason: {reason}", "staff", _RETRY),
}

_SCANNER: Mapping[Failure, FailureText] = {
    Failure.NO_SCANNER: FailureText(
        "No document scanner is connected",
        "Save it for a terminal with a scanner",
        "scanner",
        (Way.TRY_AGAIN, Way.SAVE, Way.HELP, Way.END),
        "Connect the scanner and check its address in the settings",
    ),
    Failure.SCANNER_COVER_OPEN: FailureText("The scanner's cover is open", "Close the cover", "scanner", _RETRY),
    Failure.SCANNER_NO_PAPER: FailureText(
        "There is no paper in the scanner", "Lay the paper in, then scan", "scanner", _RETRY
    ),
    Failure.SCANNER_JAM: FailureText(
        "Paper is stuck in the scanner",
        "The clerk takes it out. Nothing of the request is lost",
        "scanner",
        (Way.TRY_AGAIN, Way.SAVE, Way.HELP, Way.END),
        "Open the feeder and take the paper out",
    ),
    Failure.SCANNER_BUSY: FailureText("The scanner is still busy", "Wait a moment, then scan again", "scanner", _RETRY),
    Failure.SCANNER_SILENT: FailureText(
        "The document scanner does not answer",
        "Try again, or save the request for later",
        "scanner",
        (Way.TRY_AGAIN, Way.SAVE, Way.HELP, Way.END),
        "Check the scanner's power and cable, then `diagnose`",
    ),
    Failure.PAGE_UNREADABLE: FailureText("The page could not be read", "Lay it flat and scan again", "scanner", _RETRY),
    Failure.REQUEST_TOO_LARGE: FailureText(
        "The request is too large to be sent", "Attach fewer pages", "scanner", _RETRY
    ),
}

FAILURES: Mapping[Failure, FailureText] = {
    **_CARD,
    **_PRINTER,
    **_PAYMENT,
    **_CENTRE,
    **_TERMINAL,
    **_STAFF,
    **_SCANNER,
}

DENIES_THE_CARD = frozenset(
    {Failure.CARD_NOT_GENUINE, Failure.CARD_NOT_CHECKABLE, Failure.CARD_EXPIRED, Failure.TRUST_STALE}
)
"""What is said of the card itself: what was read of it is nobody's."""

NEEDS_THE_LINE = frozenset({Failure.OFFLINE_NOT_ALLOWED, Failure.OFFLINE_FULL, Failure.ABOVE_OFFLINE_LIMIT})
"""Nothing is wrong with the request: it goes on where it stands when the line is back."""

NO_ANSWER = frozenset({Failure.AGENCY_UNREACHABLE, Failure.AGENCY_SILENT})
"""Of an agency that was asked: it may know, and nobody could hear it."""

OF_THE_SCANNER = frozenset(_SCANNER) - {Failure.REQUEST_TOO_LARGE}
"""Nothing of the request is lost: it goes on at the page to be scanned."""

PUT_RIGHT_AT_ONCE = frozenset(
    {Failure.SCANNER_COVER_OPEN, Failure.SCANNER_NO_PAPER, Failure.SCANNER_BUSY, Failure.PAGE_UNREADABLE}
)
"""Told beside the paper, where the person can do it: no page of its own."""

LOSES_THE_VISIT = frozenset(
    {
        Failure.CARD_SERVICE_DOWN,
        Failure.NO_READER,
        Failure.READER_LOST,
        Failure.NOT_SAVED,
        Failure.INTERNAL,
    }
)
"""Faults of the terminal that a person cannot get round: what was answered is parked and a slip says where to go on."""

MONEY_TEXTS: Mapping[Money, str] = {
    Money.NOTHING: "Nothing was paid or sent.",
    Money.COMMITTED: "{amount} was paid and recorded. It is sent by itself.",
    Money.ACCEPTED: "{amount} was paid and accepted.",
    Money.UNKNOWN: "We do not know yet whether {amount} was paid. Do not pay again.",
    Money.RETURNED: "{amount} was given back. Nothing was sent.",
    Money.CASH_IN_HAND: "{amount} goes back to the person. Nothing was recorded.",
    Money.NONE_DUE: "Nothing was to be paid. We do not know yet whether the request was recorded.",
}

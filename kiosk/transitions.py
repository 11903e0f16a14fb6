"""The visit as a table: which event leads from which state, by which act, to which states.

Every act is a function of `kiosk.acts`; it may only answer with a state that its row names. What a row does not list is
ignored in that state: a stale press, a second answer, a late report.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from kiosk.acts import (
    answers,
    base,
    basket,
    browsing,
    card,
    correcting,
    counter,
    documents,
    failing,
    going_on,
    keeping,
    paying,
    proof,
    signing,
)
from kiosk.events import (
    AccessNumberNeeded,
    AccessNumberTyped,
    AnotherService,
    Answered,
    ApplicationSigned,
    Authorised,
    Back,
    BasketItemOpened,
    BasketItemPaid,
    BasketItemRemoved,
    BasketWanted,
    BehalfStated,
    BundleOpened,
    Cancelled,
    Captured,
    CardInserted,
    CardProven,
    CardRefused,
    CardRemoved,
    CaseParked,
    CaseResumed,
    CashTaken,
    ChangeWanted,
    Committed,
    Confirmed,
    ConsentGiven,
    CopyWanted,
    CorrectedSent,
    CorrectionOpened,
    DeliveryBegan,
    DeliveryDecided,
    Event,
    FactsReceived,
    FormFilled,
    FrontRead,
    IdentityRead,
    LastTryAgreed,
    LineLost,
    LinesPicked,
    MethodChosen,
    MoreTime,
    PageDropped,
    PageScanned,
    ParkWanted,
    PartFailed,
    PersonTyped,
    PinStateRead,
    PinTyped,
    PowerLost,
    Prepared,
    QuoteReceived,
    ReaderLost,
    ReadingWanted,
    ReceiptPrinted,
    ResumeWanted,
    ScanStopped,
    ScanWanted,
    SegmentChosen,
    ServiceChosen,
    Started,
    TimedOut,
    TryAgain,
)
from kiosk.scene import State

if TYPE_CHECKING:
    from kiosk.visit import Visit

S = State
Act = Callable[["Visit", Any], State]
Row = tuple[Act, tuple[State, ...]]

_ENDED = (S.TAKE_CARD, S.IDLE)
_BUSY = (S.PAYING, S.COMMITTED, S.DELIVERY_AWAITED, S.RECEIPT)
_WORKING = (S.BASKET, S.CHOOSING_SERVICE, S.START_CARD, S.STEPS, S.ENQUIRING, S.QUOTE, S.CHECK_ANSWERS, S.SIGNING)

# How a person, the card or time can leave every state in which somebody reads or types.
_EXITS: dict[type[Event], Row] = {
    Cancelled: (base.end, _ENDED),
    CardRemoved: (card.pause_for_card, (S.CARD_REMOVED, *_WORKING)),
    ReaderLost: (card.reader_lost, (S.FAILED, *_WORKING)),
    TimedOut: (base.warn, (S.TIME_WARNING,)),
    PartFailed: (failing.fail, (S.FAILED,)),
    CardProven: (proof.prove, _WORKING),
    CardRefused: (card.refuse, (S.FAILED,)),
    ParkWanted: (keeping.park, _WORKING),
    CaseParked: (keeping.parked, (S.PARKED,)),
    PowerLost: (failing.power_lost, (S.FAILED,)),
    BehalfStated: (counter.state_behalf, _WORKING),
}

# While money moves or paper comes out, nothing from outside cuts the sequence; it ends by itself.
_CARRY_ON: dict[type[Event], Row] = {
    Cancelled: (base.stay, _BUSY),
    CardRemoved: (base.stay, _BUSY),
    ReaderLost: (base.stay, _BUSY),
}

# A clerk sees questions, lines and amount on one page, so each can be done from any of these states.
_FORM: dict[type[Event], Row] = {
    FormFilled: (counter.fill, (S.STEPS, S.ENQUIRING, S.QUOTE, S.CHECK_ANSWERS)),
    ServiceChosen: (counter.choose_another, (S.STEPS, S.QUOTE, S.CHECK_ANSWERS)),
    ScanWanted: (documents.scan_at_counter, (S.STEPS, S.QUOTE, S.CHECK_ANSWERS, S.FAILED)),
    PageDropped: (documents.drop_page_at_counter, (S.STEPS, S.QUOTE, S.CHECK_ANSWERS)),
}

_GOES_ON = (S.STEPS, S.ENQUIRING, *_WORKING)

TRANSITIONS: Mapping[State, Mapping[type[Event], Row]] = {
    S.IDLE: {
        CardInserted: (card.identify, (S.IDENTIFYING,)),
        ReaderLost: (base.stay, (S.IDLE,)),
        CardRemoved: (base.stay, (S.IDLE,)),
        TimedOut: (base.end, (S.IDLE,)),  # somebody switched the language and left: the next finds the default
        PersonTyped: (counter.type_person, (S.IDLE, S.CHOOSING_SERVICE)),
        ReadingWanted: (counter.read_card, (S.IDLE, S.IDENTIFYING, S.FAILED)),
        ResumeWanted: (counter.resume_at_counter, (S.IDLE,)),
        CorrectionOpened: (correcting.open_correction, (S.IDLE, S.STEPS)),
        CaseResumed: (keeping.resumed, (S.IDLE, *_GOES_ON)),
        PartFailed: (counter.fail_at_counter, (S.IDLE, S.FAILED)),
        FrontRead: (browsing.take_front, (S.IDLE,)),
    },
    S.IDENTIFYING: {
        IdentityRead: (card.know, _WORKING),
        AccessNumberNeeded: (card.ask_access_number, (S.ACCESS_NUMBER,)),
        PartFailed: (failing.fail, (S.FAILED,)),
        CardRemoved: (card.card_gone_while_reading, (S.CARD_REMOVED, S.IDLE)),
        Cancelled: (base.end, _ENDED),
        ReaderLost: (card.reader_lost, (S.FAILED,)),
        TimedOut: (card.too_slow, (S.FAILED,)),
    },
    S.ACCESS_NUMBER: {
        AccessNumberTyped: (card.try_access_number, (S.ACCESS_NUMBER, S.IDENTIFYING)),
        Cancelled: (base.end, _ENDED),
        CardRemoved: (card.card_gone_while_reading, (S.CARD_REMOVED, S.IDLE)),
        ReaderLost: (card.reader_lost, (S.FAILED,)),
        TimedOut: (base.end_by_time, _ENDED),
    },
    S.CHOOSING_SERVICE: {
        **_EXITS,
        ServiceChosen: (counter.choose_service, (S.START_CARD, S.STEPS, S.CHOOSING_SERVICE)),
        SegmentChosen: (browsing.choose_segment, (S.CHOOSING_SERVICE,)),
        BundleOpened: (browsing.open_bundle, (S.CHOOSING_SERVICE,)),
        ResumeWanted: (keeping.resume, (S.CHOOSING_SERVICE,)),
        CaseResumed: (keeping.resumed, (S.CHOOSING_SERVICE, *_GOES_ON)),
        BasketWanted: (basket.show, (S.CHOOSING_SERVICE, S.BASKET)),
    },
    S.BASKET: {
        **_EXITS,
        ServiceChosen: (counter.choose_another, (S.BASKET, S.STEPS)),
        AnotherService: (basket.choose_more, (S.BASKET, S.CHOOSING_SERVICE)),
        BasketItemOpened: (basket.open_item, (S.BASKET, S.CHECK_ANSWERS)),
        BasketItemRemoved: (basket.remove_item, (S.BASKET, S.CHOOSING_SERVICE)),
        BasketItemPaid: (basket.pay_item, (S.BASKET, S.CHECK_ANSWERS, S.PAYING, S.FAILED)),
        MethodChosen: (counter.choose_method, (S.BASKET,)),
        ConsentGiven: (counter.give_consent, (S.BASKET,)),
        CashTaken: (counter.take_cash, (S.BASKET, S.PAYING, S.FAILED)),
        Confirmed: (counter.confirm_with_consent, (S.BASKET, S.PAYING, S.FAILED)),
        LineLost: (failing.line_lost, (S.BASKET, S.FAILED)),
    },
    S.START_CARD: {
        **_EXITS,
        Started: (answers.start, (S.STEPS, S.ENQUIRING, S.CHECK_ANSWERS, S.START_CARD)),
        Back: (answers.back_to_services, (S.CHOOSING_SERVICE,)),
    },
    S.STEPS: {
        **_EXITS,
        **_FORM,
        Answered: (answers.answer, (S.STEPS, S.ENQUIRING, S.CHECK_ANSWERS)),
        ScanWanted: (documents.scan, (S.STEPS, S.FAILED)),
        ScanStopped: (documents.stop, (S.STEPS,)),
        PageScanned: (documents.take_page, (S.STEPS,)),
        PageDropped: (documents.drop_page, (S.STEPS,)),
        PartFailed: (documents.refuse, (S.STEPS, S.FAILED)),
        Back: (documents.back, (S.STEPS, S.START_CARD, S.CHECK_ANSWERS, S.CHOOSING_SERVICE)),
    },
    S.ENQUIRING: {
        **_EXITS,
        FactsReceived: (counter.take_facts_for_form, (S.STEPS, S.ENQUIRING, S.CHECK_ANSWERS)),
        QuoteReceived: (answers.take_quote, (S.QUOTE, S.CHECK_ANSWERS)),
        Back: (answers.back_to_last_step, (S.STEPS, S.START_CARD, S.CHECK_ANSWERS, S.CHOOSING_SERVICE)),
        TimedOut: (card.too_slow, (S.FAILED,)),
    },
    S.QUOTE: {
        **_EXITS,
        **_FORM,
        LinesPicked: (answers.pick, (S.QUOTE, S.CHECK_ANSWERS)),
        Back: (answers.back_to_last_step, (S.STEPS, S.START_CARD, S.CHECK_ANSWERS)),
        AnotherService: (going_on.another_service, (S.CHOOSING_SERVICE, S.IDENTIFYING, *_ENDED)),
        LineLost: (failing.line_lost, (S.QUOTE, S.FAILED)),
    },
    S.CHECK_ANSWERS: {
        **_EXITS,
        **_FORM,
        ChangeWanted: (answers.change, (S.STEPS, S.ENQUIRING, S.QUOTE, S.CHECK_ANSWERS)),
        LinesPicked: (counter.pick_again, (S.CHECK_ANSWERS,)),
        MethodChosen: (counter.choose_method, (S.CHECK_ANSWERS,)),
        ConsentGiven: (counter.give_consent, (S.CHECK_ANSWERS,)),
        CashTaken: (counter.take_cash, (S.CHECK_ANSWERS, S.SIGNING, S.PAYING, S.FAILED)),
        Confirmed: (counter.confirm_with_consent, (S.CHECK_ANSWERS, S.SIGNING, S.PAYING, S.FAILED)),
        CorrectedSent: (correcting.send_corrected, (S.CHECK_ANSWERS, S.PAYING, S.FAILED)),
        Back: (answers.back_from_check, (S.QUOTE, S.STEPS, S.START_CARD, S.CHOOSING_SERVICE)),
        LineLost: (failing.line_lost, (S.CHECK_ANSWERS, S.FAILED)),
        BasketWanted: (basket.put_in, (S.CHECK_ANSWERS, S.BASKET, S.SIGNING, S.FAILED)),
        AnotherService: (basket.add_another, (S.CHECK_ANSWERS, S.CHOOSING_SERVICE, S.BASKET, S.SIGNING, S.FAILED)),
    },
    S.SIGNING: {
        PinStateRead: (signing.take_pin_state, (S.SIGNING, S.FAILED)),
        LastTryAgreed: (signing.agree_to_last_try, (S.SIGNING,)),
        PinTyped: (signing.sign, (S.SIGNING, S.CARD_REMOVED, S.FAILED)),
        ApplicationSigned: (signing.go_on, (S.PAYING, S.BASKET, S.CHOOSING_SERVICE, S.FAILED)),
        PartFailed: (signing.refuse, (S.SIGNING, S.CARD_REMOVED, S.FAILED)),
        Back: (signing.back, (S.CHECK_ANSWERS,)),
        Cancelled: (base.end, _ENDED),
        CardRemoved: (signing.card_gone, (S.CARD_REMOVED,)),
        ReaderLost: (card.reader_lost, (S.FAILED,)),
        TimedOut: (signing.time_out, (S.TIME_WARNING, S.FAILED)),
        CardProven: (proof.prove, (S.SIGNING,)),
        CardRefused: (card.refuse, (S.FAILED,)),
        PowerLost: (signing.tell_of_power, (S.SIGNING, S.FAILED)),
    },
    S.PAYING: {
        **_CARRY_ON,
        Prepared: (paying.ask_bank, (S.PAYING,)),
        Authorised: (paying.capture, (S.PAYING,)),
        Captured: (paying.commit, (S.PAYING,)),
        Committed: (paying.committed, (S.COMMITTED,)),
        PartFailed: (failing.fail, (S.FAILED, *_ENDED)),
        Cancelled: (paying.want_cancel, (S.PAYING,)),
        TimedOut: (paying.stop_by_time, (S.PAYING,)),
    },
    S.COMMITTED: {
        **_CARRY_ON,
        DeliveryBegan: (paying.await_answer, (S.DELIVERY_AWAITED,)),
        DeliveryDecided: (paying.decide_receipt, (S.RECEIPT,)),
        PartFailed: (paying.no_answer_in_time, (S.RECEIPT,)),
        TimedOut: (paying.no_answer_in_time, (S.RECEIPT,)),
    },
    S.DELIVERY_AWAITED: {
        **_CARRY_ON,
        DeliveryDecided: (paying.decide_receipt, (S.RECEIPT,)),
        PartFailed: (paying.no_answer_in_time, (S.RECEIPT,)),
        TimedOut: (paying.no_answer_in_time, (S.RECEIPT,)),
    },
    S.RECEIPT: {
        **_CARRY_ON,
        ReceiptPrinted: (paying.printed, (S.RECEIPT, S.DONE)),
        PartFailed: (paying.not_printed, (S.RECEIPT, S.DONE)),
        TimedOut: (paying.not_printed, (S.DONE,)),
    },
    S.DONE: {
        Cancelled: (base.end, _ENDED),
        CardRemoved: (base.end, _ENDED),
        CardInserted: (card.identify_next_person, (S.IDENTIFYING,)),
        ReadingWanted: (counter.read_card, (S.DONE, S.IDENTIFYING, S.FAILED)),
        ReaderLost: (base.end, _ENDED),
        TimedOut: (base.end, _ENDED),
        PartFailed: (paying.not_printed, (S.DONE,)),
        ReceiptPrinted: (paying.printed, (S.DONE,)),
        CopyWanted: (paying.copy, (S.DONE,)),
        BasketWanted: (basket.show, (S.DONE, S.BASKET)),
        AnotherService: (going_on.another_service, (S.CHOOSING_SERVICE, S.IDENTIFYING, *_ENDED)),
    },
    S.CARD_REMOVED: {
        CardInserted: (card.identify, (S.IDENTIFYING,)),
        MoreTime: (card.pause_for_card, (S.CARD_REMOVED,)),
        Cancelled: (base.end, _ENDED),
        CardRemoved: (base.stay, (S.CARD_REMOVED,)),
        ReaderLost: (card.reader_lost, (S.FAILED,)),
        TimedOut: (base.end_by_time, _ENDED),
    },
    S.TIME_WARNING: {
        MoreTime: (going_on.more_time, (*_WORKING,)),
        CaseParked: (keeping.parked, (S.PARKED,)),
        PageScanned: (documents.take_page, (S.TIME_WARNING,)),
        PartFailed: (documents.not_read, (S.TIME_WARNING,)),
        Cancelled: (base.end, _ENDED),
        CardRemoved: (card.pause_for_card, (S.CARD_REMOVED, S.TIME_WARNING)),
        ReaderLost: (card.reader_lost, (S.FAILED,)),
        TimedOut: (base.end_by_time, _ENDED),
    },
    S.FAILED: {
        TryAgain: (going_on.try_again, (S.FAILED, S.IDENTIFYING, S.CARD_REMOVED, *_GOES_ON, *_ENDED)),
        PartFailed: (failing.learned, (S.FAILED,)),
        ParkWanted: (keeping.park, (S.FAILED,)),
        CaseParked: (keeping.parked, (S.FAILED, S.PARKED)),
        AnotherService: (going_on.another_service, (S.CHOOSING_SERVICE, S.IDENTIFYING, *_ENDED)),
        Cancelled: (base.end, _ENDED),
        CardRemoved: (base.end_by_time, _ENDED),
        CardInserted: (card.identify_next_person, (S.IDENTIFYING,)),
        ReadingWanted: (counter.read_card, (S.FAILED, S.IDENTIFYING)),
        ReaderLost: (base.stay, (S.FAILED,)),
        TimedOut: (base.end_by_time, _ENDED),
    },
    S.PARKED: {
        Cancelled: (base.end, _ENDED),
        CardRemoved: (base.end, _ENDED),
        CardInserted: (card.identify_next_person, (S.IDENTIFYING,)),
        ReadingWanted: (counter.read_card, (S.PARKED, S.IDENTIFYING, S.FAILED)),
        ReaderLost: (base.end, _ENDED),
        TimedOut: (base.end, _ENDED),
        AnotherService: (going_on.another_service, (S.CHOOSING_SERVICE, S.IDENTIFYING, *_ENDED)),
    },
    S.TAKE_CARD: {
        CardRemoved: (base.end, _ENDED),
        ReaderLost: (base.end, _ENDED),
        CardInserted: (card.identify_next_person, (S.IDENTIFYING,)),
        ReadingWanted: (counter.read_card, (S.TAKE_CARD, S.IDENTIFYING, S.FAILED)),
        FrontRead: (browsing.take_front, (S.TAKE_CARD,)),
        TimedOut: (base.stay, (S.TAKE_CARD,)),
    },
}

WISHES = frozenset(
    {
        AnotherService,
        Answered,
        Back,
        BasketItemOpened,
        BasketItemPaid,
        BasketItemRemoved,
        BasketWanted,
        BehalfStated,
        BundleOpened,
        CashTaken,
        ChangeWanted,
        Confirmed,
        ConsentGiven,
        CorrectedSent,
        FormFilled,
        LastTryAgreed,
        LinesPicked,
        MethodChosen,
        PageDropped,
        ParkWanted,
        PinTyped,
        ScanWanted,
        SegmentChosen,
        ServiceChosen,
        Started,
        TryAgain,
    }
)
"""What a person presses to go on with the case. While a case is being kept none of it counts: what was kept and what
is paid must never be the same request."""

UNASKED = frozenset({CardProven, FrontRead})
"""What comes by itself while somebody types: where it changes nothing that is seen, nothing is shown again."""

LIMITS: Mapping[State, int] = {
    S.IDLE: 60,
    S.IDENTIFYING: 20,
    S.ACCESS_NUMBER: 90,
    S.CHOOSING_SERVICE: 90,
    S.BASKET: 90,
    S.START_CARD: 90,
    S.STEPS: 90,
    S.ENQUIRING: 20,
    S.QUOTE: 90,
    S.CHECK_ANSWERS: 90,
    S.SIGNING: 90,
    S.PAYING: 120,
    S.COMMITTED: 15,
    S.DELIVERY_AWAITED: 15,
    S.RECEIPT: 60,
    S.DONE: 60,
    S.CARD_REMOVED: 45,
    S.TIME_WARNING: 45,
    S.FAILED: 60,
    S.PARKED: 60,
    S.TAKE_CARD: 20,
}
"""Seconds without a touch until TimedOut. Busy states have it as a watchdog."""

WATCHDOGS = frozenset({S.IDENTIFYING, S.ENQUIRING, S.PAYING, S.COMMITTED, S.DELIVERY_AWAITED, S.RECEIPT})
"""At the counter only these run out: the clerk's screen locks by itself, and the clerk ends the visit."""

"""A service that wants the holder's signature gets one before anything is paid, and the PIN is never spent in vain."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest

from kiosk.acts.signing import ENTER_PIN
from kiosk.application import LARGEST_SIGNED_BYTES
from kiosk.counter import Consent, DocumentSeen
from kiosk.events import (
    Answered,
    Back,
    Cancelled,
    CardInserted,
    CardRemoved,
    CashTaken,
    ChangeWanted,
    Confirmed,
    ConsentGiven,
    Event,
    FormFilled,
    LastTryAgreed,
    LinesPicked,
    MoreTime,
    PersonTyped,
    PinTyped,
    PowerLost,
    ReaderLost,
    ReadingWanted,
    ServiceChosen,
    Started,
    TimedOut,
    TryAgain,
)
from kiosk.failures import Failure, Money, ServiceFailure
from kiosk.scene import State
from kiosk.signing import PinCondition, PinState, SigningScene
from kiosk.transaction import Agreement
from tests.kiosk.parts import MARKER_NUMBER, MARYAM, NOW, PIN_RULES, SOMEBODY_ELSE, ScriptedSigner, Stage, quote_of
from tests.kiosk.reaching import reaches

RIGHT, WRONG = ScriptedSigner.PIN, b"111111222222"
WIPED = bytes(len(RIGHT))


def typed(pin: bytes = RIGHT) -> PinTyped:
    return PinTyped(bytearray(pin))


def at_check(stage: Stage) -> Stage:
    stage.feed(CardInserted()).work()
    stage.feed(ServiceChosen("traffic.fines"), Started(), Answered("search_by", "vehicle"))
    stage.feed(Answered("plate", "12-34567")).work()
    return stage.feed(LinesPicked(("F0", "F1")))


def at_signing(*, tries: int = 3) -> Stage:
    stage = at_check(Stage(signature=True))
    stage.signer.state = PinState(PinCondition.READY, PIN_RULES, tries)
    return stage.feed(Confirmed()).work()


def shown(stage: Stage) -> SigningScene:
    scene = stage.visit.scene()
    assert scene.state is State.SIGNING
    assert scene.signing is not None
    return scene.signing


def failure_of(stage: Stage) -> Failure:
    scene = stage.visit.scene()
    assert (scene.state, scene.failure is None) == (State.FAILED, False)
    assert scene.failure is not None
    return scene.failure.failure


def agreed(stage: Stage) -> Agreement:
    *_, last = stage.ledger.agreements.values()
    return last


# ---------------------------------------------------------------- what is signed, and when


def test_one_signature_over_what_is_shown_and_then_it_is_paid() -> None:
    stage = at_signing()
    assert not stage.ledger.states, "something was agreed before it was signed"
    application = shown(stage).application
    rows = [(label.en, value.en) for label, value in application.rows]
    assert rows == [
        ("Enquiry", "Fines of one vehicle"),
        ("Vehicle", "12-34567"),
        ("Fine", "20.000\u00a0JD"),
        ("Fine", "12.500\u00a0JD"),
        ("Total", "32.500\u00a0JD"),
    ]
    assert stage.visit.case.quote is not None
    assert application.reference == str(stage.visit.case.quote.quote)
    assert (application.national_number, application.stated_on) == (MARKER_NUMBER, date(2026, 11, 24))
    assert (application.holder_ar, application.holder_en) == (MARYAM.name_arabic, MARYAM.name_latin)
    stage.feed(typed()).work()
    assert stage.at() is State.DONE
    ((pdf, signed),) = stage.signer.signed.items()
    assert signed == application
    assert agreed(stage).signed_application == pdf


def test_a_service_that_wants_none_is_not_signed() -> None:
    stage = at_check(Stage()).feed(Confirmed()).work()
    assert (stage.at(), stage.signer.states_asked) == (State.DONE, 0)
    assert agreed(stage).signed_application == b""


def test_the_page_works_until_the_card_has_answered() -> None:
    stage = at_check(Stage(signature=True)).feed(Confirmed())
    assert (shown(stage).working, shown(stage).pin) == (True, None)
    stage.work()
    assert (shown(stage).working, shown(stage).pin) == (False, PinState(PinCondition.READY, PIN_RULES, 3))
    stage.feed(typed())
    assert shown(stage).working


def test_the_chip_is_proven_before_a_pin_is_typed_for_it() -> None:
    stage = at_check(Stage(signature=True))
    stage.visit.case.card_proven = False
    stage.reader.refusal = Failure.CARD_NOT_GENUINE
    stage.feed(Confirmed()).work()
    assert (failure_of(stage), stage.signer.states_asked) == (Failure.CARD_NOT_GENUINE, 0)


def test_a_terminal_that_cannot_sign_says_so_before_anything_is_paid() -> None:
    stage = at_check(Stage(signature=True, can_sign=False)).feed(Confirmed()).work()
    assert (failure_of(stage), stage.ledger.states) == (Failure.NO_SIGNING_KEY, {})


def test_a_signature_that_is_too_large_to_be_delivered_is_not_paid_for(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = at_signing()
    monkeypatch.setattr(stage.signer, "sign", lambda _application, _pin: bytes(LARGEST_SIGNED_BYTES + 1))
    event = typed()
    stage.feed(event).work()
    assert (failure_of(stage), stage.ledger.states) == (Failure.SIGNING_FAILED, {})
    assert event.pin == WIPED, "a signer that forgets to wipe the PIN leaves it lying"


# ---------------------------------------------------------------- the PIN and its tries


@pytest.mark.parametrize(
    ("condition", "failure"),
    [(PinCondition.BLOCKED, Failure.PIN_BLOCKED), (PinCondition.NEVER_SET, Failure.PIN_NEVER_SET)],
)
def test_without_a_pin_to_give_none_is_asked_for(condition: PinCondition, failure: Failure) -> None:
    stage = at_check(Stage(signature=True))
    stage.signer.state = PinState(condition, PIN_RULES)
    stage.feed(Confirmed()).work()
    assert failure_of(stage) is failure
    told = stage.visit.scene().failure
    assert told is not None
    assert (told.words_ar, told.words_en) == (PIN_RULES.unblocked_at.ar, PIN_RULES.unblocked_at.en)
    assert not any(scene.signing and not scene.signing.working for scene in stage.scenes), "a PIN could be typed"


@pytest.mark.parametrize("pin", [b"", b"12345", b"12a456", b"123456789", "١٢٣٤".encode()])
def test_what_cannot_be_a_pin_of_such_a_card_never_reaches_it(pin: bytes) -> None:
    rules = dataclasses.replace(PIN_RULES, fewest_digits=6, most_digits=8)
    stage = at_check(Stage(signature=True))
    stage.signer.state = PinState(PinCondition.READY, rules, 3)
    stage.feed(Confirmed()).work()
    event = typed(pin)
    stage.feed(event).work()
    assert (shown(stage).mistake, stage.signer.shown) == (ENTER_PIN, [])
    assert event.pin == bytes(len(pin))


def test_a_wrong_pin_is_told_with_what_is_left_and_never_tried_again_by_itself() -> None:
    stage = at_signing().feed(typed(WRONG)).work()
    scene = shown(stage)
    assert (scene.mistake, scene.pin, scene.working) == (
        "The PIN does not match",
        PinState(PinCondition.READY, PIN_RULES, 2),
        False,
    )
    assert stage.signer.shown == [WRONG]
    stage.feed(typed()).work()
    assert (stage.at(), stage.signer.shown) == (State.DONE, [WRONG, RIGHT])


def test_of_two_presses_one_reaches_the_card() -> None:
    second = typed()
    stage = at_signing().feed(typed(), second).work()
    assert (stage.at(), stage.signer.shown) == (State.DONE, [RIGHT])
    assert second.pin == WIPED


def test_the_last_try_is_only_taken_once_it_is_agreed_to() -> None:
    stage = at_signing(tries=1)
    early = typed()
    stage.feed(early).work()
    assert stage.signer.shown == []
    assert early.pin == WIPED
    stage.feed(LastTryAgreed(), typed()).work()
    assert stage.at() is State.DONE


def test_a_try_that_leaves_one_asks_for_consent_anew() -> None:
    stage = at_signing(tries=2).feed(LastTryAgreed(), typed(WRONG)).work()
    assert (shown(stage).pin, shown(stage).last_try_agreed) == (PinState(PinCondition.READY, PIN_RULES, 1), False)
    stage.feed(typed()).work()
    assert stage.signer.shown == [WRONG]
    stage.feed(LastTryAgreed(), typed(WRONG)).work()
    assert failure_of(stage) is Failure.PIN_BLOCKED


def test_at_the_readers_own_keys_no_pin_is_handed_on() -> None:
    stage = at_check(Stage(signature=True))
    stage.signer.at_reader = True
    stage.feed(Confirmed()).work()
    assert shown(stage).at_reader
    stage.feed(typed(b"")).work()
    assert stage.at() is State.DONE


def test_no_pin_stays_anywhere() -> None:
    event = typed()
    stage = at_signing().feed(event)
    assert not reaches(stage, (RIGHT.decode(),)), "case and scene hold the PIN while the card signs"
    stage.work()
    assert event.pin == WIPED
    late = typed()
    stage.feed(late)
    assert late.pin == WIPED, "a PIN that came too late was left lying"


# ---------------------------------------------------------------- going away and coming back


def test_a_card_that_is_taken_out_pauses_and_is_asked_anew() -> None:
    stage = at_signing().feed(typed(), CardRemoved())
    assert (stage.at(), stage.signer.cancelled) == (State.CARD_REMOVED, 1)
    stage.work()
    assert stage.at() is State.CARD_REMOVED, "an answer about the card that is gone was listened to"
    stage.feed(CardInserted()).work()
    assert shown(stage).mistake == ""
    assert stage.signer.states_asked == 2
    stage.feed(typed()).work()
    assert stage.at() is State.DONE


@pytest.mark.parametrize("gone", [Failure.CARD_REMOVED, Failure.NO_CARD])
def test_a_card_that_the_signer_misses_first_is_no_wrong_pin(gone: Failure) -> None:
    stage = at_signing()
    stage.signer.failure = gone
    stage.feed(typed()).work()
    assert stage.at() is State.CARD_REMOVED
    stage.feed(CardRemoved(), CardInserted())
    stage.signer.failure = None
    stage.work()
    assert shown(stage).pin == PinState(PinCondition.READY, PIN_RULES, 3)


def test_somebody_elses_card_does_not_sign_it() -> None:
    stage = at_signing().feed(CardRemoved())
    stage.reader.identity = SOMEBODY_ELSE
    stage.feed(CardInserted()).work()
    assert stage.at() is State.CHOOSING_SERVICE
    assert stage.visit.case.signing is None


def test_back_signs_nothing_even_where_the_card_has_just_signed() -> None:
    stage = at_signing().feed(typed(), Back())
    assert (stage.at(), stage.signer.cancelled) == (State.CHECK_ANSWERS, 1)
    stage.work()
    assert (stage.at(), stage.ledger.states) == (State.CHECK_ANSWERS, {})
    stage.feed(Confirmed()).work()
    assert shown(stage).pin is not None


def test_the_visit_can_end() -> None:
    stage = at_signing().feed(typed(), Cancelled()).work()
    assert (stage.at(), stage.signer.cancelled) == (State.TAKE_CARD, 1)
    assert not reaches(stage, (MARKER_NUMBER,))


def test_time_warns_whoever_reads_and_fails_a_card_that_does_not_answer() -> None:
    stage = at_signing().feed(TimedOut())
    assert stage.at() is State.TIME_WARNING
    stage.feed(MoreTime()).work()
    assert not shown(stage).working
    stage.feed(typed(), TimedOut())
    assert (failure_of(stage), stage.signer.cancelled) == (Failure.CARD_TIMEOUT, 1)
    stage.work().feed(TryAgain()).work()
    assert shown(stage).pin is not None


def test_the_power_is_told_of_when_no_signature_can_be_lost_by_it() -> None:
    stage = at_signing().feed(typed(), PowerLost(12)).work()
    assert stage.at() is State.DONE
    stage = at_signing().feed(PowerLost(12))
    assert failure_of(stage) is Failure.ON_BATTERY
    stage.feed(TryAgain()).work()
    assert shown(stage).pin is not None


def test_a_reader_that_is_lost_keeps_the_request_without_what_was_signed() -> None:
    stage = at_signing().feed(typed(), ReaderLost(ServiceFailure(Failure.READER_LOST))).work()
    assert failure_of(stage) is Failure.READER_LOST
    assert stage.signer.cancelled == 1
    ((_, draft),) = stage.parked.cases.values()
    assert draft.answers == {"search_by": "vehicle", "plate": "12-34567"}


# ---------------------------------------------------------------- one signature for one request


def declined() -> Stage:
    stage = at_signing()
    stage.payments.faults["authorise"] = "declined"
    stage.feed(typed()).work()
    assert failure_of(stage) is Failure.PAYMENT_DECLINED
    return stage.feed(TryAgain())


def test_a_payment_that_is_tried_again_is_not_signed_again() -> None:
    stage = declined().feed(Confirmed()).work()
    assert (stage.at(), len(stage.signer.signed)) == (State.DONE, 1)
    first, second = stage.ledger.agreements.values()
    assert first.signed_application == second.signed_application != b""


@pytest.mark.parametrize(
    "changes",
    [
        (ChangeWanted(""), LinesPicked(("F1",))),
        (ChangeWanted("plate"), Answered("plate", "12-34568")),
        (Back(), Back(), Answered("plate", "12-34567")),
    ],
    ids=["amount", "answer", "quote"],
)
def test_another_request_is_signed_anew(changes: tuple[Event, ...]) -> None:
    stage = declined()
    for change in changes:
        stage.feed(change).work()
    if stage.at() is State.QUOTE:
        stage.feed(LinesPicked(("F0", "F1")))
    stage.feed(Confirmed()).work()
    assert shown(stage).pin is not None
    assert stage.visit.case.signed_application == b""


def test_a_quote_that_runs_out_costs_no_pin() -> None:
    stage = at_signing()
    stage.clock.at = NOW + timedelta(minutes=16)
    event = typed()
    stage.feed(event).work()
    assert (failure_of(stage), stage.signer.shown) == (Failure.QUOTE_EXPIRED, [])
    assert event.pin == WIPED
    stage.desk.quote = quote_of(20_000, expires_at=stage.clock.at + timedelta(minutes=15))
    stage.feed(TryAgain()).work().feed(LinesPicked(("F0",)), Confirmed()).work().feed(typed()).work()
    assert stage.at() is State.DONE


# ---------------------------------------------------------------- at the counter


def at_counter(*events: Event) -> Stage:
    stage = Stage(assisted=True, signature=True)
    for event in events:
        stage.feed(event).work()
    return stage


WITH_CARD: tuple[Event, ...] = (CardInserted(), ReadingWanted(), ServiceChosen("traffic.fines"))
AGREED: tuple[Event, ...] = (FormFilled((("search_by", "mine"),)), ConsentGiven(Consent.SPOKEN))


@pytest.mark.parametrize("press", [Confirmed(), CashTaken(40_000)], ids=["card", "cash"])
def test_at_the_counter_too_it_is_signed_first(press: Event) -> None:
    stage = at_counter(*WITH_CARD, *AGREED, press)
    assert (stage.at(), stage.ledger.states) == (State.SIGNING, {})
    stage.feed(typed()).work()
    assert stage.at() is State.DONE
    assert agreed(stage).signed_application


def test_cash_goes_back_where_the_card_cannot_sign() -> None:
    stage = at_counter(*WITH_CARD, *AGREED)
    stage.signer.state = PinState(PinCondition.BLOCKED, PIN_RULES, 0)
    stage.feed(CashTaken(40_000)).work()
    assert (failure_of(stage), stage.visit.scene().money) == (Failure.PIN_BLOCKED, Money.CASH_IN_HAND)


def test_the_card_that_happens_to_be_inside_does_not_sign_for_a_person_without_one() -> None:
    person = PersonTyped(MARKER_NUMBER, "", DocumentSeen.PASSPORT)
    stage = at_counter(person, CardInserted(), ServiceChosen("traffic.fines"), *AGREED, Confirmed())
    assert (failure_of(stage), stage.signer.states_asked) == (Failure.NO_CARD, 0)

"""What comes from outside in the middle of a visit: the access number, the face, the line, the mains, a late yes."""

from __future__ import annotations

import pytest

from kiosk import forms
from kiosk.events import (
    AccessNumberTyped,
    Answered,
    Cancelled,
    CardInserted,
    CardRemoved,
    Confirmed,
    LineLost,
    LinesPicked,
    PowerLost,
    ServiceChosen,
    Started,
    TryAgain,
)
from kiosk.failures import Failure, Money
from kiosk.identity import Portrait
from kiosk.offline import OfflinePolicy
from kiosk.scene import State
from kiosk.transaction import PaymentState
from tests.kiosk.parts import Stage


def at_check(offline: OfflinePolicy | None = None) -> Stage:
    stage = Stage(offline=offline).feed(CardInserted()).work()
    stage.feed(ServiceChosen("traffic.fines"), Started(), Answered("search_by", "mine")).work()
    return stage.feed(LinesPicked(("F0", "F1")))


def failure_of(stage: Stage) -> Failure:
    failure = stage.visit.scene().failure
    assert failure is not None
    return failure.failure


def test_a_card_that_opens_with_its_number_asks_for_it_once() -> None:
    stage = Stage()
    stage.reader.access_number = "123456"
    stage.feed(CardInserted()).work()
    assert stage.at() is State.ACCESS_NUMBER
    stage.feed(AccessNumberTyped("١٢٣ 456")).work()
    assert stage.at() is State.CHOOSING_SERVICE
    stage.feed(ServiceChosen("traffic.fines"), Started(), CardRemoved(), CardInserted()).work()
    assert stage.at() is State.STEPS, "the same card was asked for its number again"


def test_digits_that_cannot_be_the_number_never_reach_the_card() -> None:
    stage = Stage()
    stage.reader.access_number = "123456"
    scene = stage.feed(CardInserted()).work().feed(AccessNumberTyped("12345")).visit.scene()
    assert (scene.state, scene.mistake, scene.typed) == (State.ACCESS_NUMBER, forms.ENTER_ACCESS_NUMBER, "12345")
    assert not stage.pending


def test_a_wrong_number_can_be_put_right() -> None:
    stage = Stage()
    stage.reader.access_number = "123456"
    stage.feed(CardInserted()).work().feed(AccessNumberTyped("654321")).work()
    assert failure_of(stage) is Failure.ACCESS_REFUSED
    stage.feed(TryAgain()).work()
    assert stage.at() is State.ACCESS_NUMBER


def test_a_card_pulled_while_its_number_is_typed_ends_the_visit() -> None:
    stage = Stage()
    stage.reader.access_number = "123456"
    stage.feed(CardInserted()).work().feed(CardRemoved())
    assert stage.at() is State.IDLE
    assert stage.visit.case.access_number == ""


def test_the_face_comes_after_the_name_and_changes_nothing_else() -> None:
    stage = Stage()
    stage.reader.face = Portrait(1, 1, b"\0\0\0")
    stage.feed(CardInserted())
    stage.work_once()
    assert stage.at() is State.CHOOSING_SERVICE
    assert stage.visit.scene().portrait is None
    stage.feed(ServiceChosen("traffic.fines")).work()
    assert (stage.at(), stage.visit.scene().portrait) == (State.START_CARD, stage.reader.face)


def test_the_face_of_one_person_is_never_the_next_ones() -> None:
    stage = Stage()
    stage.reader.face = Portrait(1, 1, b"\0\0\0")
    stage.feed(CardInserted())
    stage.work_once()
    (late,) = stage.pending
    stage.pending.clear()
    stage.feed(Cancelled(), CardRemoved())
    stage.reader.face = None
    stage.feed(CardInserted()).work()
    work, then = late
    then(work())
    assert stage.visit.scene().portrait is None


def test_a_line_that_goes_while_the_amount_is_shown_is_told_once_and_the_visit_goes_on() -> None:
    stage = at_check()
    stage.delivery.up = False
    stage.feed(LineLost())
    scene = stage.visit.scene()
    assert failure_of(stage) is Failure.LINE_LOST
    assert scene.failure is not None
    assert scene.failure.values["time"] == "11:15"  # 08:15 UTC, as the quote holds, in Amman
    stage.feed(TryAgain())
    assert (stage.at(), stage.visit.scene().line_was_up) == (State.CHECK_ANSWERS, False)
    stage.feed(LineLost())
    assert stage.at() is State.CHECK_ANSWERS
    stage.feed(Confirmed()).work()
    assert stage.at() is State.DONE


@pytest.mark.parametrize("minutes", [None, 12])
def test_on_battery_the_visit_goes_on_where_it_was(minutes: int | None) -> None:
    stage = at_check().feed(PowerLost(minutes))
    assert failure_of(stage) is Failure.ON_BATTERY
    stage.feed(TryAgain())
    assert stage.at() is State.CHECK_ANSWERS


def test_the_mains_never_cut_a_payment() -> None:
    stage = at_check().feed(Confirmed(), PowerLost(3)).work()
    assert stage.at() is State.DONE


def unknown() -> Stage:
    """The payment terminal fell silent after it was asked."""
    stage = at_check()
    stage.payments.faults["authorise"] = "unknown"
    stage.feed(Confirmed())
    stage.work_once()
    stage.work_once()
    assert failure_of(stage) is Failure.PAYMENT_UNKNOWN
    return stage


def test_a_late_yes_is_told_while_the_page_is_read() -> None:
    stage = unknown()
    stage.work_once()
    assert failure_of(stage) is Failure.PAYMENT_LATE
    assert stage.visit.scene().money is Money.UNKNOWN


def test_a_payment_that_turns_out_void_is_told_as_such() -> None:
    stage = unknown()
    stage.payments.payments[stage.visit.ids().payment] = PaymentState.VOIDED
    stage.work()
    assert failure_of(stage) is Failure.PAYMENT_CANCELLED
    assert stage.visit.scene().money is Money.NOTHING


def test_a_terminal_that_stays_silent_is_not_asked_for_ever() -> None:
    stage = unknown()
    stage.payments.payments.clear()
    stage.work()
    assert failure_of(stage) is Failure.PAYMENT_UNKNOWN
    assert not stage.pending

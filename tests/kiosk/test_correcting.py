"""A refused request that is sent corrected, in the visit's own table: never paid again, never another amount."""

from __future__ import annotations

import dataclasses
from typing import cast

import msgspec
import pytest
import uuid6

from kiosk.corrections import Correcting, Corrections, Proof, Reason
from kiosk.counter import Consent, IdentifiedBy
from kiosk.events import (
    CashTaken,
    Confirmed,
    ConsentGiven,
    CorrectedSent,
    CorrectionOpened,
    Event,
    FormFilled,
    LinesPicked,
    MethodChosen,
    ParkWanted,
)
from kiosk.failures import Failure, Money, ServiceFailure
from kiosk.scene import State
from kiosk.staff import Role, StaffMember
from kiosk.transaction import Agreement, Commitment, Ids, PaymentMethod, PaymentState
from kiosk.wire import Words
from tests.kiosk.parts import MARKER_NUMBER, NOW, ScriptedLedger, Stage, quote_of

FORM = FormFilled((("search_by", "vehicle"), ("plate", "12-34567")))
OLD = Agreement(
    ids=Ids(basket=uuid6.uuid7(), transaction=uuid6.uuid7(), payment=uuid6.uuid7()),
    service="traffic.fines",
    agency="traffic",
    national_number=MARKER_NUMBER,
    person_name="مريم المزروعة",
    answers={"search_by": "vehicle", "plate": "12-00000", "gone": "a step of an older file"},
    lines=(),
    total_fils=32_500,
    method=PaymentMethod.BANK_CARD,
    quote=b"",
    agreed_at=NOW,
    identified_by=IdentifiedBy.DOCUMENT,
)
OPENED = CorrectionOpened(Correcting(OLD, "KRK3-000007"))


@dataclasses.dataclass(frozen=True)
class Shown:
    member: StaffMember


RANA = Shown(StaffMember(id="rana", name=Words(ar="رنا", en="Rana"), role=Role.CLERK))
HUDA = Shown(StaffMember(id="huda", name=Words(ar="هدى", en="Huda"), role=Role.SUPERVISOR))
SENT = CorrectedSent(uuid6.uuid7(), Reason.ENTERED_WRONG, RANA, HUDA)


@dataclasses.dataclass
class Resubmitting:
    """The one call that a visit makes; it commits in the stage's own ledger."""

    ledger: ScriptedLedger
    failure: Failure | None = None
    asked: list[tuple[Agreement, str, str]] = dataclasses.field(default_factory=list)

    def resubmit(
        self, agreement: Agreement, correction: object, reason: Reason, *, requested: Proof, approved: Proof
    ) -> Commitment:
        assert (correction, reason) == (SENT.correction, SENT.reason)
        if self.failure is not None:
            raise ServiceFailure(self.failure)
        self.asked.append((agreement, requested.member.id, approved.member.id))
        ids = agreement.ids
        self.ledger.prepare(agreement)
        self.ledger.record_payment(ids.payment, ids.transaction, PaymentState.CAPTURED, "carried over")
        return self.ledger.commit(ids.transaction, "corrects")


class Correction:
    def __init__(self, *, signature: bool = False) -> None:
        self.stage = Stage(assisted=True, signature=signature)
        self.resubmitting = Resubmitting(self.stage.ledger)
        parts = self.stage.visit.parts
        settlement = dataclasses.replace(parts.settlement, corrections=cast("Corrections", self.resubmitting))
        self.stage.visit.parts = dataclasses.replace(parts, settlement=settlement)

    def asked_again(self) -> Stage:
        return self.stage.feed(OPENED, FORM).work()


def test_the_form_is_as_it_was_filled_and_the_agency_is_asked_anew() -> None:
    correction = Correction()
    stage = correction.stage.feed(OPENED)
    assert stage.at() is State.STEPS
    scene = stage.visit.scene()
    assert dict(scene.form) == {"search_by": "vehicle", "plate": "12-00000"}
    assert stage.desk.asked == []
    stage.feed(FORM).work()
    assert stage.at() is State.CHECK_ANSWERS
    assert [enquiry.fields["plate"] for enquiry in stage.desk.asked] == ["12-34567"]


def test_it_is_committed_with_the_old_money_and_goes_on_as_every_visit() -> None:
    correction = Correction()
    stage = correction.asked_again().feed(SENT).work()
    assert stage.at() is State.DONE
    ((agreement, requested, approved),) = correction.resubmitting.asked
    assert (agreement.corrects, agreement.method, requested, approved) == (
        OLD.ids.transaction,
        PaymentMethod.BANK_CARD,
        "rana",
        "huda",
    )
    assert agreement.ids.transaction != OLD.ids.transaction
    assert stage.payments.payments == {}
    (receipt,) = stage.printer.receipts
    assert receipt.facts.rows[-1][2] == "KRK3-000007"


@pytest.mark.parametrize(
    "events",
    [
        (ConsentGiven(Consent.SPOKEN), Confirmed()),
        (ConsentGiven(Consent.SPOKEN), CashTaken(50_000)),
        (MethodChosen(PaymentMethod.CASH), ConsentGiven(Consent.SPOKEN), CashTaken(50_000)),
        (ParkWanted(),),
    ],
)
def test_it_is_neither_paid_again_nor_kept_as_a_new_request(events: tuple[Event, ...]) -> None:
    stage = Correction().asked_again().feed(*events).work()
    assert stage.at() is State.CHECK_ANSWERS
    assert stage.ledger.agreements == {}
    assert stage.parked.cases == {}


def test_another_amount_is_not_sent() -> None:
    correction = Correction()
    stage = correction.asked_again().feed(LinesPicked(("F0",)), SENT).work()
    assert stage.at() is State.CHECK_ANSWERS
    assert correction.resubmitting.asked == []


def test_nothing_is_sent_that_nobody_opened() -> None:
    correction = Correction()
    stage = correction.stage
    stage.feed(OPENED)
    stage.visit.case.correcting = None
    stage.feed(FORM).work().feed(SENT).work()
    assert correction.resubmitting.asked == []


def test_a_quote_that_has_run_out_is_not_sent() -> None:
    correction = Correction()
    correction.stage.desk.quote = quote_of(20_000, 12_500, expires_at=NOW)
    stage = correction.asked_again()
    stage.visit.state = State.CHECK_ANSWERS
    stage.feed(SENT).work()
    assert stage.at() is State.FAILED
    assert correction.resubmitting.asked == []


def test_what_cannot_be_recorded_is_told_and_no_money_was_taken() -> None:
    correction = Correction()
    correction.resubmitting.failure = Failure.NOT_SAVED
    stage = correction.asked_again().feed(SENT).work()
    assert stage.at() is State.FAILED
    assert stage.visit.scene().money is Money.NOTHING


@pytest.mark.parametrize("why", ["signed", "unknown service", "self-service"])
def test_what_cannot_be_opened_stays_as_it_is(why: str) -> None:
    correction = Correction(signature=why == "signed")
    event = OPENED
    if why == "unknown service":
        event = CorrectionOpened(Correcting(msgspec.structs.replace(OLD, service="gone.service"), "KRK3-000007"))
    if why == "self-service":
        correction.stage.visit.parts = dataclasses.replace(correction.stage.visit.parts, assisted=False)
    assert correction.stage.feed(event).at() is State.IDLE

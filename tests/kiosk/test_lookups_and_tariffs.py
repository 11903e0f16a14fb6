"""A service that is priced by a tariff, and whose agency is asked on the way what it knows: the post's box."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from kiosk.counter import Consent
from kiosk.events import (
    Answered,
    Back,
    CardInserted,
    CashTaken,
    ChangeWanted,
    Confirmed,
    ConsentGiven,
    FormFilled,
    ServiceChosen,
    Started,
    TryAgain,
)
from kiosk.failures import Failure
from kiosk.fees import in_force
from kiosk.scene import State
from kiosk.wire import Fact, Words
from tests.kiosk.parts import MARKER_NUMBER, NOW, SERVICES, Stage, quote_of

BOX = next(service for service in SERVICES if service.id == "post.box")
SIZE = Fact(id="size", title=Words(ar="الحجم", en="Size"), value="medium")
UNTIL = Fact(id="paid_until", title=Words(ar="حتى", en="Until"), value="2026-12-31")
SECRET = Fact(id="secret", title=Words(ar="سر", en="Secret"), value="never asked for")


def stage_of(*facts: Fact, assisted: bool = False) -> Stage:
    stage = Stage(assisted=assisted)
    stage.desk.quote = msgspec.structs.replace(
        quote_of(), agency="post", service="post.box", facts=facts, lookup="box", lines=()
    )
    stage.feed(CardInserted()).work()
    return stage.feed(ServiceChosen("post.box"))


def asked_for_size(*facts: Fact) -> Stage:
    stage = stage_of(*facts)
    return stage.feed(Started(), Answered("box", "1234"))


def test_the_agency_is_asked_once_and_what_it_knows_stands_in_the_answer() -> None:
    stage = asked_for_size(SIZE, UNTIL, SECRET)
    assert stage.visit.scene().state is State.ENQUIRING
    stage.work()
    (asked,) = stage.desk.asked
    assert (asked.lookup, asked.fields) == ("box", {"box": "1234", "national_number": MARKER_NUMBER})
    scene = stage.visit.scene()
    assert (scene.state, scene.step.id if scene.step else "", scene.typed) == (State.STEPS, "size", "medium")
    assert [fact.id for fact in scene.facts] == ["size", "paid_until"]  # nothing that the service does not name
    stage.feed(Back(), Answered("box", "1234"))
    assert len(stage.desk.asked) == 1
    assert stage.visit.scene().state is State.STEPS
    stage.feed(Back(), Answered("box", "77")).work()
    assert [one.fields["box"] for one in stage.desk.asked] == ["1234", "77"]


@pytest.mark.parametrize("failure", [Failure.AGENCY_UNREACHABLE, Failure.AGENCY_SILENT])
def test_without_a_line_the_person_answers_and_nothing_that_was_typed_is_lost(failure: Failure) -> None:
    stage = asked_for_size(SIZE)
    stage.desk.failure = failure
    stage.work()
    scene = stage.visit.scene()
    assert (scene.state, scene.typed, scene.facts) == (State.STEPS, "", ())
    stage.feed(Answered("size", "small"), Answered("years", "2"))
    assert stage.visit.scene().state is State.CHECK_ANSWERS
    assert stage.visit.scene().total_fils == 30_000


def test_a_refusal_is_told_and_tried_again_where_it_was() -> None:
    stage = asked_for_size(SIZE)
    stage.desk.failure = Failure.AGENCY_REFUSED
    stage.work()
    assert stage.visit.scene().state is State.FAILED
    stage.desk.failure = None
    stage.feed(TryAgain()).work()
    assert (stage.visit.state, stage.visit.scene().typed) == (State.STEPS, "medium")


def test_back_gives_the_question_to_the_agency_up() -> None:
    stage = asked_for_size(SIZE)
    stage.feed(Back())
    scene = stage.visit.scene()
    assert (scene.state, scene.step.id if scene.step else "", scene.typed) == (State.STEPS, "box", "1234")
    stage.work()  # the late answer belongs to nobody
    assert stage.visit.scene().facts == ()


def priced(stage: Stage) -> Stage:
    return stage.work().feed(Answered("size", "medium"), Answered("years", "3"))


def test_the_tariff_says_what_is_due_and_no_agency_is_asked() -> None:
    stage = priced(asked_for_size(SIZE))
    scene = stage.visit.scene()
    tariff = in_force(BOX.tariffs, NOW)
    assert tariff is not None
    assert scene.quote is not None
    assert (scene.state, scene.total_fils, scene.quote.tariff) == (State.CHECK_ANSWERS, 75_000, tariff.id)
    assert [(line.id, line.amount_fils) for line in scene.quote.lines] == [("medium", 75_000), ("handling", 0)]
    assert scene.quote.lines[1].reason == tariff.discounts[0].title  # why it costs nothing here
    assert len(stage.desk.asked) == 1
    stage.feed(ChangeWanted("years"), Answered("years", "1"))
    assert stage.visit.scene().total_fils == 25_000


def test_what_is_agreed_names_the_tariff_and_has_no_quote() -> None:
    stage = priced(asked_for_size(SIZE)).feed(Confirmed()).work()
    (agreement,) = stage.ledger.agreements.values()
    assert (agreement.quote, agreement.tariff, agreement.total_fils) == (b"", "post-box-2026", 75_000)
    assert agreement.answers == {"box": "1234", "size": "medium", "years": "3"}
    (receipt,) = stage.ledger.receipts.values()
    rows = {english: value for _, english, value in receipt.facts.rows}
    assert rows["Box number"] == "1234"
    assert rows["Tariff"] == "post-box-2026"
    assert "Provisional tariff of the sandbox" in rows["Its basis"]
    assert receipt.facts.provisional


def test_a_price_of_yesterday_is_never_paid() -> None:
    """The page stood over midnight: the amount is asked for again, and may have changed."""
    stage = priced(asked_for_size(SIZE))
    stage.clock.at = NOW + timedelta(days=1)
    stage.feed(Confirmed())
    assert stage.visit.scene().failure is not None
    assert stage.visit.scene().failure.failure is Failure.QUOTE_EXPIRED  # type: ignore[union-attr]  # as said above
    assert stage.ledger.agreements == {}
    stage.feed(TryAgain())
    assert stage.visit.scene().state is State.CHECK_ANSWERS


def test_a_day_without_a_tariff_ends_before_anything_is_paid() -> None:
    stage = asked_for_size(SIZE)
    stage.clock.at = datetime(2025, 12, 31, 12, 0, tzinfo=UTC)
    priced(stage)
    scene = stage.visit.scene()
    assert scene.failure is not None
    assert scene.failure.failure is Failure.NO_TARIFF
    assert stage.ledger.agreements == {}


# ---------------------------------------------------------------- at the counter


def form(**texts: str) -> FormFilled:
    return FormFilled(tuple(texts.items()))


def test_a_clerk_sees_what_the_agency_knows_before_the_form_goes_on() -> None:
    stage = stage_of(SIZE, UNTIL, assisted=True)
    stage.feed(form(box="1234", size="", years="2"))
    assert stage.visit.scene().state is State.ENQUIRING
    stage.work()
    scene = stage.visit.scene()
    assert (scene.state, dict(scene.form)["size"], scene.mistakes) == (State.STEPS, "medium", ())
    stage.feed(form(box="1234", size="medium", years="2"))
    assert (stage.visit.state, stage.visit.scene().total_fils) == (State.CHECK_ANSWERS, 51_000)  # with its handling


def test_a_whole_form_goes_on_by_itself_and_pays_the_counters_price() -> None:
    stage = stage_of(SIZE, assisted=True)
    stage.feed(form(box="1234", size="large", years="1")).work()
    assert stage.visit.scene().state is State.CHECK_ANSWERS
    stage.feed(ConsentGiven(Consent.SPOKEN), CashTaken(50_000)).work()
    (agreement,) = stage.ledger.agreements.values()
    assert agreement.total_fils == 41_000


def test_mistakes_before_the_lookup_are_told_and_nobody_is_asked() -> None:
    stage = stage_of(SIZE, assisted=True)
    stage.feed(form(box="", size="", years="9"))
    assert {step for step, _ in stage.visit.scene().mistakes} == {"box", "size", "years"}
    assert stage.desk.asked == []

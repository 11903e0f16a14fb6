"""A choice of which only some options are open to the person, as the agency says: the voluntary subscription."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from kiosk.counter import Behalf, Capacity, Consent, DocumentSeen
from kiosk.events import (
    Answered,
    BehalfStated,
    CardInserted,
    CashTaken,
    Confirmed,
    ConsentGiven,
    FormFilled,
    ServiceChosen,
    Started,
    TryAgain,
)
from kiosk.failures import Failure
from kiosk.forms import AGREED, offered
from kiosk.scene import State
from kiosk.transaction import PaymentMethod
from kiosk.wire import Fact, Quote, Words
from tests.kiosk.parts import MARKER_NUMBER, SERVICES, Stage, quote_of

SERVICE = next(service for service in SERVICES if service.id == "social_security.voluntary")
ACTION, WAGE, _ = SERVICE.steps
_TITLE = Words(ar="س", en="s")


def fact(identifier: str, value: str) -> Fact:
    return Fact(id=identifier, title=_TITLE, value=value)


def told(actions: str, suggested: str = "") -> tuple[Fact, ...]:
    facts = [fact("actions", actions), fact("least", "290000"), fact("most", "600000")]
    return (*facts, fact("suggested", suggested)) if suggested else tuple(facts)


def answer(*amounts: int, facts: tuple[Fact, ...] = (), lookup: str = "") -> Quote:
    return msgspec.structs.replace(
        quote_of(*amounts), agency="social_security", service=SERVICE.id, facts=facts, lookup=lookup
    )


def stage_of(facts: tuple[Fact, ...], **how: Any) -> Stage:
    """At the first question; at the counter its agency has been asked already."""
    stage = Stage(**how)
    stage.desk.quote = answer(facts=facts, lookup="subscription")
    stage.feed(CardInserted()).work()
    stage.feed(ServiceChosen(SERVICE.id))
    return stage if how.get("assisted") else stage.feed(Started())


def test_what_the_agency_names_is_open_and_all_of_it_where_it_names_none() -> None:
    assert [option.id for option in offered(ACTION, {"actions": "stop pay"})] == ["pay", "stop"]
    assert len(offered(ACTION, {})) == len(offered(ACTION, {"actions": ""})) == len(ACTION.options) == 4
    assert offered(WAGE, {"actions": "stop"}) == ()


def test_the_agency_is_asked_with_what_the_card_says_and_nobody_types_it() -> None:
    stage = stage_of(told("join", "join"))
    assert stage.at() is State.ENQUIRING
    stage.work()
    (asked,) = stage.desk.asked
    assert asked.fields == {"national_number": MARKER_NUMBER, "birth_date": "1990-01-02"}
    assert (stage.at(), stage.visit.scene().typed) == (State.STEPS, "join")


def test_an_option_that_is_not_open_is_no_answer() -> None:
    stage = stage_of(told("pay stop", "pay")).work()
    stage.feed(Answered("action", "join"))
    assert (stage.at(), bool(stage.visit.scene().mistake)) == (State.STEPS, True)
    stage.desk.quote = answer(61_250)
    stage.feed(Answered("action", "pay")).work()
    assert (stage.at(), stage.visit.scene().total_fils) == (State.CHECK_ANSWERS, 61_250)


def test_joining_asks_for_a_wage_within_its_bounds_and_a_declaration() -> None:
    stage = stage_of(told("join", "join")).work()
    stage.feed(Answered("action", "join"), Answered("wage", "289"))
    assert stage.visit.scene().mistake
    stage.feed(Answered("wage", "٢٩٠"), Answered("declaration", ""))
    assert stage.visit.scene().mistake
    stage.desk.quote = answer(50_750)
    stage.feed(Answered("declaration", AGREED)).work()
    assert stage.at() is State.CHECK_ANSWERS
    stage.feed(Confirmed()).work()
    (agreement,) = stage.ledger.agreements.values()
    assert agreement.answers == {"action": "join", "wage": "290000", "declaration": AGREED}
    (receipt,) = stage.printer.receipts
    rows = {english: value for _, english, value in receipt.facts.rows}
    assert rows["Wage"] == "290.000 د.أ / JD"


def test_stopping_is_free_and_answered_at_once() -> None:
    stage = stage_of(told("change stop")).work()
    assert stage.visit.scene().typed == ""  # nothing is suggested that ends something
    stage.desk.quote = answer()
    stage.feed(Answered("action", "stop")).work()
    assert stage.at() is State.CHECK_ANSWERS
    stage.feed(Confirmed()).work()
    (agreement,) = stage.ledger.agreements.values()
    assert (agreement.method, agreement.total_fils) == (PaymentMethod.NONE, 0)
    assert not stage.printer.receipts[0].facts.request


def test_who_may_not_subscribe_is_told_before_the_first_question() -> None:
    stage = stage_of(())
    stage.desk.failure = Failure.AGENCY_REFUSED
    stage.work()
    assert (stage.at(), stage.ledger.agreements) == (State.FAILED, {})
    stage.desk.failure, stage.desk.quote = None, answer(facts=told("join"), lookup="subscription")
    stage.feed(TryAgain()).work()
    assert stage.at() is State.STEPS


# ---------------------------------------------------------------- at the counter


def form(**texts: str) -> FormFilled:
    return FormFilled(tuple(texts.items()))


def test_the_clerk_sees_what_is_open_as_soon_as_the_service_is_chosen() -> None:
    stage = stage_of(told("pay stop", "pay"), assisted=True)
    assert stage.at() is State.ENQUIRING
    stage.work()
    assert (stage.at(), dict(stage.visit.scene().form)) == (State.STEPS, {"action": "pay"})
    stage.desk.quote = answer(61_250)
    stage.feed(form(action="pay")).work()
    assert len(stage.desk.asked) == 2  # what is on file once, what is due once
    stage.feed(ConsentGiven(Consent.SPOKEN), CashTaken(70_000)).work()
    (agreement,) = stage.ledger.agreements.values()
    assert (agreement.method, agreement.total_fils) == (PaymentMethod.CASH, 61_250)


def test_the_clerks_whole_form_joins_and_tells_every_mistake_at_once() -> None:
    stage = stage_of(told("join", "join"), assisted=True).work()
    stage.feed(form(action="join", wage="9999", declaration=""))
    assert {step for step, _ in stage.visit.scene().mistakes} == {"wage", "declaration"}
    stage.desk.quote = answer(50_750)
    stage.feed(form(action="join", wage="290", declaration=AGREED)).work()
    assert stage.at() is State.CHECK_ANSWERS


@pytest.mark.parametrize("capacity", [Capacity.PROXY, Capacity.PARENT])
def test_nobody_is_asked_about_a_person_for_whom_the_service_is_not(capacity: Capacity) -> None:
    """The clerk had stated another person for the service before: that one's file is not this service's business."""
    stage = Stage(assisted=True)
    stage.desk.quote = answer(facts=told("join"), lookup="subscription")
    stage.feed(CardInserted()).work()
    stage.feed(BehalfStated(Behalf(capacity, "9000000001", DocumentSeen.POWER_OF_ATTORNEY)), ServiceChosen(SERVICE.id))
    stage.work()
    assert [one.fields["national_number"] for one in stage.desk.asked] == [MARKER_NUMBER]

"""Visits at Greater Amman Municipality: what it knows is not asked, what stands against a renewal is told first, and
arrears are picked line by line."""

from __future__ import annotations

import msgspec
import pytest

from kiosk.counter import Consent
from kiosk.events import (
    AnotherService,
    Answered,
    CardInserted,
    CashTaken,
    Confirmed,
    ConsentGiven,
    FormFilled,
    LinesPicked,
    ServiceChosen,
    Started,
)
from kiosk.failures import Failure
from kiosk.forms import AGREED
from kiosk.scene import State
from kiosk.wire import Fact, Quote, Words
from tests.kiosk.parts import MARKER_NUMBER, Stage, quote_of

LICENCE, ARREARS = "amman.profession_licence", "amman.arrears"
WORDS = Words(ar="اسم", en="Name")
HELD = Fact(id="licence", title=WORDS, value="104821")
SHOP = tuple(Fact(id=name, title=WORDS, value="1") for name in ("trade_name", "profession", "address", "years_due"))
SIGN = Fact(id="sign", title=WORDS, value="keep")
UNTIL = Fact(id="valid_until", title=Words(ar="سارية حتى", en="Valid until"), value="31/12/2026", on_receipt=True)


def told(stage: Stage, service: str, quote: Quote, *facts: Fact, lookup: str = "") -> None:
    """What the municipality answers next."""
    stage.desk.quote = msgspec.structs.replace(quote, agency="amman", service=service, facts=facts, lookup=lookup)


def stage_of(service: str, *, assisted: bool = False) -> Stage:
    stage = Stage(assisted=assisted)
    stage.feed(CardInserted()).work()
    return stage.feed(ServiceChosen(service))


def looks_up(stage: Stage, lookup: str, *facts: Fact) -> Stage:
    told(stage, LICENCE, quote_of(), *facts, lookup=lookup)
    return stage.work()


def step_of(stage: Stage) -> tuple[str, str]:
    scene = stage.visit.scene()
    return (scene.step.id if scene.step else "", scene.typed)


def test_the_holder_keeps_what_stands_there_agrees_and_pays() -> None:
    stage = looks_up(stage_of(LICENCE).feed(Started()), "holder", HELD)
    assert step_of(stage) == ("licence", "104821")
    looks_up(stage.feed(Answered("licence", "104821")), "licence", *SHOP, SIGN)
    assert [asked.lookup for asked in stage.desk.asked] == ["holder", "licence"]
    assert step_of(stage) == ("sign", "keep")
    told(stage, LICENCE, quote_of(40_000, 20_000), UNTIL)
    stage.feed(Answered("sign", "keep"), Answered("declaration", AGREED)).work()
    wanted = {"licence": "104821", "national_number": MARKER_NUMBER, "sign": "keep"}
    assert stage.desk.asked[-1].fields == wanted
    assert (stage.at(), stage.visit.scene().total_fils) == (State.CHECK_ANSWERS, 60_000), "its lines are one fee"
    stage.feed(Confirmed()).work()
    (receipt,) = stage.ledger.receipts.values()
    rows = {english: value for _, english, value in receipt.facts.rows}
    assert (rows["Licence number"], rows["Valid until"]) == ("104821", "31/12/2026")
    assert "Declaration" not in rows
    assert (receipt.facts.request, receipt.facts.provisional) == (False, True)


def test_what_stands_against_a_renewal_is_told_before_more_is_asked() -> None:
    stage = looks_up(stage_of(LICENCE).feed(Started()), "holder").feed(Answered("licence", "206158"))
    stage.desk.failure = Failure.AGENCY_REFUSED
    stage.work()
    scene = stage.visit.scene()
    assert scene.failure is not None
    assert (scene.state, scene.failure.failure) == (State.FAILED, Failure.AGENCY_REFUSED)
    stage.feed(AnotherService())
    assert stage.at() is State.CHOOSING_SERVICE
    assert stage.ledger.agreements == {}


@pytest.mark.parametrize("failure", [Failure.AGENCY_UNREACHABLE, Failure.AGENCY_SILENT])
def test_without_a_line_the_number_can_be_typed_and_only_the_licence_itself_must_be_known(failure: Failure) -> None:
    stage = stage_of(LICENCE).feed(Started())
    told(stage, LICENCE, quote_of(), HELD, lookup="holder")
    stage.desk.failure = failure
    stage.work()
    assert (stage.at(), *step_of(stage)) == (State.STEPS, "licence", "")
    stage.feed(Answered("licence", "104821")).work()
    scene = stage.visit.scene()
    assert scene.failure is not None
    assert (scene.state, scene.failure.failure) == (State.FAILED, failure)
    assert stage.visit.case.is_worth_keeping()


def test_a_clerk_has_the_licence_filled_in_before_the_form_goes_on() -> None:
    stage = stage_of(LICENCE, assisted=True).feed(FormFilled((("licence", ""), ("sign", ""), ("declaration", ""))))
    looks_up(stage, "holder", HELD)
    stage.feed(FormFilled(tuple(stage.visit.scene().form)))
    looks_up(stage, "licence", *SHOP, SIGN)
    form = dict(stage.visit.scene().form)
    assert (form["licence"], form["sign"]) == ("104821", "keep")
    told(stage, LICENCE, quote_of(40_000), UNTIL)
    stage.feed(FormFilled(tuple({**form, "declaration": AGREED}.items()))).work()
    assert stage.at() is State.CHECK_ANSWERS
    stage.feed(ConsentGiven(Consent.SPOKEN), CashTaken(50_000)).work()
    (agreement,) = stage.ledger.agreements.values()
    assert agreement.answers == {"licence": "104821", "sign": "keep", "declaration": AGREED}


def test_ones_own_arrears_are_asked_for_by_the_card_alone_and_one_is_paid() -> None:
    stage = stage_of(ARREARS).feed(Started())
    told(stage, ARREARS, quote_of(86_400, 24_000, unpayable=1))
    stage.feed(Answered("search_by", "mine")).work()
    assert stage.desk.asked[-1].fields == {"national_number": MARKER_NUMBER}
    assert stage.at() is State.QUOTE
    stage.feed(LinesPicked(("F1",)), Confirmed()).work()
    (agreement,) = stage.ledger.agreements.values()
    assert (agreement.total_fils, [line.id for line in agreement.lines]) == (24_000, ["F1"])


def test_a_clerk_asks_for_an_account_by_its_kind_and_number() -> None:
    stage = stage_of(ARREARS, assisted=True)
    told(stage, ARREARS, quote_of(240_000))
    stage.feed(FormFilled((("search_by", "property"), ("account", "7000001")))).work()
    wanted = {"search_by": "property", "account": "7000001", "national_number": MARKER_NUMBER}
    assert stage.desk.asked[-1].fields == wanted
    assert stage.at() is State.CHECK_ANSWERS

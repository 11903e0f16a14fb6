"""A service whose lines are one fee: nothing to choose, paid whole, signed, and the paper is of a request."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from kiosk.catalogue import Service
from kiosk.catalogue.files import load
from kiosk.counter import Consent
from kiosk.events import (
    Answered,
    Back,
    CardInserted,
    ChangeWanted,
    Confirmed,
    ConsentGiven,
    FormFilled,
    LinesPicked,
    PinTyped,
    ServiceChosen,
    Started,
)
from kiosk.scene import State
from kiosk.search import ServiceSearch
from kiosk.wire import Words
from tests.kiosk.parts import SERVICES, ScriptedSigner, Stage, quote_of

FINES = Path(__file__).parents[2] / "assets" / "services" / "traffic" / "fines.toml"
CERTIFICATE = "justice.non_conviction"
ANSWERS = {"purpose": "travel", "delivery": "post", "address": "Karak, P.O. box 12"}


def fee(*amounts: int, unpayable: int = 0) -> Stage:
    """A stage whose agency states these amounts."""
    stage = Stage()
    stage.desk.quote = msgspec.structs.replace(
        quote_of(*amounts, unpayable=unpayable), agency="justice", service=CERTIFICATE
    )
    return stage


def answered(stage: Stage) -> Stage:
    stage.feed(CardInserted()).work()
    stage.feed(ServiceChosen(CERTIFICATE), Started())
    return stage.feed(*(Answered(step, answer) for step, answer in ANSWERS.items())).work()


def test_the_fee_is_shown_at_once_beside_the_answers() -> None:
    stage = answered(fee(5_000, 1_500))
    scene = stage.visit.scene()
    assert (scene.state, scene.picked, scene.total_fils) == (State.CHECK_ANSWERS, ("F0", "F1"), 6_500)
    assert scene.signature_due
    assert State.QUOTE not in {shown.state for shown in stage.scenes}
    assert {shown.step_count for shown in stage.scenes if shown.state is State.STEPS} <= {0, 2, 3}
    (asked,) = stage.desk.asked
    assert asked.fields.keys() == {"national_number", "purpose", "delivery"}


def test_back_is_the_last_question_and_there_are_no_lines_to_change() -> None:
    stage = answered(fee(5_000, 1_500))
    stage.feed(ChangeWanted(""))
    assert stage.at() is State.CHECK_ANSWERS
    stage.feed(Back())
    scene = stage.visit.scene()
    assert (scene.state, scene.step and scene.step.id, scene.typed) == (State.STEPS, "address", ANSWERS["address"])


def test_another_answer_asks_for_another_fee() -> None:
    stage = answered(fee(5_000, 1_500))
    stage.desk.quote = msgspec.structs.replace(quote_of(5_000), agency="justice", service=CERTIFICATE)
    stage.feed(ChangeWanted("delivery"), Answered("delivery", "court")).work()
    scene = stage.visit.scene()
    assert (scene.state, scene.total_fils, scene.picked) == (State.CHECK_ANSWERS, 5_000, ("F0",))


def test_a_fee_that_is_not_payable_here_is_told_on_a_page_of_its_own() -> None:
    assert answered(fee(unpayable=1)).at() is State.QUOTE


def test_a_clerk_cannot_leave_a_part_of_the_fee_out() -> None:
    stage = Stage(assisted=True)
    stage.desk.quote = msgspec.structs.replace(quote_of(5_000, 1_500), agency="justice", service=CERTIFICATE)
    stage.feed(CardInserted()).work()
    stage.feed(ServiceChosen(CERTIFICATE), FormFilled(tuple(ANSWERS.items()))).work()
    stage.feed(LinesPicked(("F0",)))
    assert stage.visit.scene().picked == ("F0", "F1")
    stage.feed(ConsentGiven(Consent.SPOKEN), Confirmed()).work()
    assert stage.at() is State.SIGNING


def test_it_is_signed_paid_and_the_paper_says_that_it_is_a_request() -> None:
    stage = answered(fee(5_000, 1_500))
    stage.delivery.reference = "NCC-2026-000001"
    stage.feed(Confirmed()).work()
    assert (stage.at(), stage.ledger.states) == (State.SIGNING, {})
    stage.feed(PinTyped(bytearray(ScriptedSigner.PIN))).work()
    assert stage.at() is State.DONE
    ((_, application),) = stage.signer.signed.items()
    assert application.title == Words(ar="طلب شهادة عدم محكومية", en="Request: Non-conviction certificate")
    rows = [(label.en, value.en) for label, value in application.rows]
    assert rows[:2] == [("Purpose", "Travel or a visa"), ("Delivery", "By post")]
    (receipt,) = stage.printer.receipts
    assert receipt.facts.request
    assert ("رقم الطلب", "Request number", "NCC-2026-000001") in receipt.facts.rows


def test_fines_are_still_chosen_one_by_one_and_their_paper_is_of_a_payment() -> None:
    stage = Stage()
    stage.feed(CardInserted()).work()
    stage.feed(ServiceChosen("traffic.fines"), Started(), Answered("search_by", "mine")).work()
    assert stage.at() is State.QUOTE
    stage.feed(LinesPicked(("F0",)), Confirmed()).work()
    (receipt,) = stage.printer.receipts
    assert not receipt.facts.request
    assert receipt.facts.rows == ()


# ---------------------------------------------------------------- the catalogue


def test_the_most_used_service_stands_first(tmp_path: Path) -> None:
    assert [service.uses for service in SERVICES] == sorted((service.uses for service in SERVICES), reverse=True)
    assert [service.id for service in SERVICES][:2] == ["traffic.fines", "amman.arrears"]
    text = FINES.read_text(encoding="utf-8")
    (tmp_path / "x").mkdir()
    for name, uses in (("a", 1), ("b", 3), ("c", 2)):
        other = text.replace('id = "traffic.fines"', f'id = "x.{name}"').replace("uses = 1_000_000", f"uses = {uses}")
        other = other.replace('agency = "traffic"', 'agency = "x"')
        (tmp_path / "x" / f"{name}.toml").write_text(other, encoding="utf-8")
    assert [service.id for service in load(tmp_path).services] == ["x.b", "x.c", "x.a"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("محكومية", CERTIFICATE),
        ("شهاده عدم", CERTIFICATE),
        ("العدل", CERTIFICATE),
        ("criminal", CERTIFICATE),
        ("non-conv", CERTIFICATE),
        ("مخالفات السير", "traffic.fines"),
        ("fines", "traffic.fines"),
        ("براءه", "tax.clearance"),
        ("اقساط", "tax.balance"),
        ("signatory", "companies.bundle"),
        ("مسقفات", "amman.arrears"),
        ("رخصه مهن", "amman.profession_licence"),
    ],
)
def test_each_service_is_found_by_its_own_words(typed: str, found: str) -> None:
    assert [service.id for service in ServiceSearch(SERVICES).find(typed)] == [found]


def test_what_is_not_public_about_the_certificate_is_provisional() -> None:
    service: Service = next(service for service in SERVICES if service.id == CERTIFICATE)
    assert (service.provisional, service.signature, service.for_others) == (True, "card", None)


def test_how_many_questions_there_are_is_told_once_no_answer_decides_about_another() -> None:
    """Three of a box from the beginning; of a certificate only when it is known how it comes."""
    stage = Stage()
    stage.feed(CardInserted()).work()
    stage.feed(ServiceChosen("post.box"), Started()).work()
    assert stage.visit.scene().step_count == 3
    stage = fee(5_000)
    stage.feed(CardInserted()).work()
    stage.feed(ServiceChosen(CERTIFICATE), Started())
    assert stage.visit.scene().step_count == 0
    stage.feed(Answered("purpose", "travel"))
    assert stage.visit.scene().step_count == 0
    stage.feed(Answered("delivery", "post"))
    assert (stage.visit.scene().step_number, stage.visit.scene().step_count) == (3, 3)

"""The ways on from an agency's refusal: the service that settles what stands in the way, or another answer."""

from __future__ import annotations

import msgspec
import pytest

from kiosk.events import Answered, Back, CardInserted, CardRemoved, FormFilled, ServiceChosen, Started, TryAgain
from kiosk.failures import Failure
from kiosk.scene import State
from offline_queue.intake.agencies.sandbox import NamesWaysOut
from offline_queue.intake.server import SANDBOXES
from tests.kiosk.parts import SERVICES, Stage

LICENCE, FINES = "licensing.vehicle", "traffic.fines"


def refused(way_out: str = FINES, *, assisted: bool = False) -> Stage:
    """The licence waits for the fines of its vehicle."""
    stage = Stage(assisted=assisted)
    stage.feed(CardInserted()).work()
    stage.desk.failure, stage.desk.way_out = Failure.AGENCY_REFUSED, way_out
    stage.desk.quote = msgspec.structs.replace(stage.desk.quote, agency="licensing")
    stage.feed(ServiceChosen(LICENCE))
    return stage.work() if assisted else stage.feed(Started()).work()


def test_it_is_offered_and_begins_at_once_for_the_same_person() -> None:
    stage = refused()
    scene = stage.visit.scene()
    assert (stage.at(), scene.way_out and scene.way_out.id) == (State.FAILED, FINES)
    stage.feed(ServiceChosen(FINES))
    scene = stage.visit.scene()
    assert (stage.at(), scene.service and scene.service.id) == (State.START_CARD, FINES)
    assert (scene.identity is not None, scene.failure, scene.way_out) == (True, None, None)


def test_a_clerk_comes_to_its_form() -> None:
    stage = refused(assisted=True).feed(ServiceChosen(FINES))
    scene = stage.visit.scene()
    assert (stage.at(), scene.service and scene.service.id) == (State.STEPS, FINES)


def test_nothing_else_is_begun_from_there() -> None:
    stage = refused()
    assert stage.feed(ServiceChosen("tax.balance")).at() is State.FAILED


@pytest.mark.parametrize("way_out", ["", "nobody.knows"])
def test_a_service_that_this_terminal_has_not_is_no_way_out(way_out: str) -> None:
    stage = refused(way_out)
    assert stage.visit.scene().way_out is None
    assert stage.feed(ServiceChosen(FINES)).at() is State.FAILED


def test_without_the_card_there_is_no_way_but_the_end() -> None:
    stage = refused().feed(CardRemoved())
    assert stage.feed(ServiceChosen(FINES)).at() is not State.START_CARD


def with_a_wrong_plate(*, assisted: bool = False) -> Stage:
    stage = Stage(assisted=assisted)
    stage.feed(CardInserted()).work()
    stage.desk.failure = Failure.AGENCY_REFUSED
    stage.feed(ServiceChosen(FINES))
    if assisted:
        return stage.feed(FormFilled((("search_by", "vehicle"), ("plate", "12-34599")))).work()
    return stage.feed(Started(), Answered("search_by", "vehicle"), Answered("plate", "12-34599")).work()


def test_another_answer_is_given_where_the_last_was_refused() -> None:
    """What was typed stands there, to be put right."""
    stage = with_a_wrong_plate()
    assert stage.at() is State.FAILED
    stage.feed(Back())
    scene = stage.visit.scene()
    assert (stage.at(), scene.step and scene.step.id, scene.typed) == (State.STEPS, "plate", "12-34599")
    stage.desk.failure = None
    assert stage.feed(Answered("plate", "12-34567")).work().at() is State.QUOTE


def test_a_clerk_comes_back_to_the_form_as_it_was_filled() -> None:
    stage = with_a_wrong_plate(assisted=True).feed(Back())
    scene = stage.visit.scene()
    assert (stage.at(), dict(scene.form)["plate"]) == (State.STEPS, "12-34599")


def test_where_nothing_was_answered_nothing_can_be_changed() -> None:
    stage = refused("")
    assert stage.visit.scene().answers == ()
    assert stage.feed(Back()).at() is State.FAILED


def test_no_other_failure_leads_back_to_the_answers() -> None:
    stage = with_a_wrong_plate()
    stage.desk.failure = Failure.AGENCY_SILENT
    stage.feed(TryAgain()).work()
    assert stage.feed(Back()).at() is State.FAILED


def test_every_way_out_of_the_sandbox_leads_to_a_service_that_ships() -> None:
    shipped = {service.id for service in SERVICES}
    naming = [rules for rules in SANDBOXES if isinstance(rules, NamesWaysOut)]
    ways = {way for rules in naming for way in rules.ways_out.values()}
    assert ways == {"tax.balance", "amman.arrears", FINES}
    assert ways <= shipped
    assert all(rules.ways_out.keys() <= rules.refusals.keys() for rules in naming)

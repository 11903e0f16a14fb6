"""F7: a person's earlier requests at the counter, by the card or by a paper; nobody's by a number alone."""

from __future__ import annotations

from kiosk.events import Cancelled, CardInserted
from kiosk.failures import Failure
from kiosk.my_requests import Asker
from kiosk.scene import State
from kiosk.staff import StaffAct
from tests.kiosk.following_samples import DOCUMENT, ISSUED
from tests.kiosk.parts import MARKER_NUMBER, Stage
from tests.ui.clerk.pages import TYPED, desk_at
from tests.ui.clerk.parts import ScriptedRegister
from ui.clerk.desk import Desk
from ui.clerk.requests_desk import NOT_FOUND, UNREACHABLE
from ui.clerk.sheet import Over


def counter(*events: object) -> tuple[Stage, Desk]:
    stage = Stage(assisted=True)
    stage.requests.requests = (ISSUED,)
    stage.requests.documents[ISSUED.transaction] = DOCUMENT
    return stage, desk_at(*events, stage=stage)  # type: ignore[arg-type]  # events


def test_a_proven_card_brings_its_persons_requests_at_once() -> None:
    stage, desk = counter(CardInserted())
    desk.requests.open()
    assert stage.requests.asked == [Asker(national_number=MARKER_NUMBER)]
    assert (desk.requests.found, desk.requests.by_card()) == ((ISSUED,), True)


def test_a_person_who_is_known_by_a_document_shows_a_paper_too() -> None:
    stage, desk = counter(TYPED)
    desk.requests.open()
    assert (stage.requests.asked, desk.requests.found) == ([], None)
    desk.requests.paper, desk.requests.number = " krk3-٠٠٠٠٠٧ ", "٩٩٩١١١٢٢٢٣"
    desk.requests.look_up()
    assert stage.requests.asked == [Asker(national_number=MARKER_NUMBER, paper="KRK3-000007")]


def test_a_number_alone_is_not_enough() -> None:
    stage, desk = counter()
    desk.requests.open()
    desk.requests.number = MARKER_NUMBER
    desk.requests.look_up()
    assert (set(desk.requests.mistakes), stage.requests.asked) == ({"paper"}, [])


def test_a_document_is_printed_and_noted_in_the_journal_and_the_ledger() -> None:
    stage, desk = counter(CardInserted())
    desk.requests.open()
    desk.requests.print(ISSUED)
    assert [slip.code for slip in stage.printer.slips] == [DOCUMENT.code]
    assert [service for service, _, _ in stage.requests.noted] == [ISSUED.service]
    register = desk._tools.register
    assert isinstance(register, ScriptedRegister)
    assert ("rana", StaffAct.PRINTED_COPY, f"document {ISSUED.reference}") in register.notes


def test_nothing_found_and_nobody_to_ask_are_two_answers() -> None:
    stage, desk = counter()
    stage.requests.requests = ()
    for failure, told in ((None, NOT_FOUND), (Failure.AGENCY_UNREACHABLE, UNREACHABLE)):
        stage.requests.failure = failure
        desk.requests.open()
        desk.requests.paper, desk.requests.number = "KRK3-000009", MARKER_NUMBER
        desk.requests.look_up()
        assert desk.requests.told == told


def test_nothing_of_it_is_left_when_the_visit_ends() -> None:
    stage, desk = counter(CardInserted())
    desk.requests.open()
    stage.visit.handle(Cancelled())
    assert stage.at() is State.TAKE_CARD
    assert (desk.requests.found, desk.sheet.over) == (None, Over.NOTHING)

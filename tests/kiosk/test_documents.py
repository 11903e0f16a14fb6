"""A paper is scanned page by page, looked at, agreed to with the rest, and forgotten with the visit."""

from __future__ import annotations

import hashlib

import pytest

from kiosk.counter import Consent, DocumentSeen
from kiosk.documents import MOST_PAGES, Papers
from kiosk.events import (
    Answered,
    Back,
    Cancelled,
    CardInserted,
    CardRemoved,
    ChangeWanted,
    Confirmed,
    ConsentGiven,
    FormFilled,
    LinesPicked,
    MoreTime,
    PageDropped,
    ParkWanted,
    PersonTyped,
    ResumeWanted,
    ScanStopped,
    ScanWanted,
    ServiceChosen,
    TimedOut,
    TryAgain,
)
from kiosk.failures import OF_THE_SCANNER, PUT_RIGHT_AT_ONCE, Failure
from kiosk.scene import State
from kiosk.transaction import Agreement
from tests.kiosk.papers import LEASE, PaperStage, page, pages
from tests.kiosk.parts import MARKER_NUMBER, Stage
from tests.kiosk.reaching import reaches

SCAN, USE = ScanWanted("lease"), Answered("lease", "")
TYPED = PersonTyped(MARKER_NUMBER, "مريم المزروعة", DocumentSeen.PASSPORT)
FILLED = FormFilled((("search_by", "vehicle"), ("plate", "12-34567"), ("lease", "")))


def agreed(stage: Stage) -> Agreement:
    *_, last = stage.ledger.agreements.values()
    return last


def at_check(count: int = 1) -> PaperStage:
    stage = PaperStage().at_paper()
    for _ in range(count):
        stage.feed(SCAN).work()
    stage.feed(USE).work()
    stage.feed(LinesPicked(("F0", "F1")))
    assert stage.at() is State.CHECK_ANSWERS
    return stage


# ---------------------------------------------------------------- what is agreed to


def test_the_pages_are_agreed_to_with_the_rest() -> None:
    stage = at_check(2).feed(Confirmed()).work()
    assert stage.at() is State.DONE
    first, second = agreed(stage).documents
    assert [(one.step, one.media_type, one.content) for one in (first, second)] == [
        ("lease", "image/jpeg", b"page 1"),
        ("lease", "image/jpeg", b"page 2"),
    ]
    assert first.sha256 == hashlib.sha256(b"page 1").hexdigest()
    assert agreed(stage).answers["lease"] == "2"


def test_nothing_that_is_typed_stands_for_a_page() -> None:
    stage = PaperStage().at_paper().feed(Answered("lease", "3"))
    assert stage.at() is State.STEPS
    assert stage.visit.scene().mistake


def test_no_more_pages_are_scanned_than_the_question_takes() -> None:
    stage = PaperStage().at_paper()
    for _ in range(4):
        stage.feed(SCAN).work()
    assert (stage.scanner.scans, stage.at()) == (2, State.STEPS)


def test_a_request_has_room_for_so_many_pages_whatever_its_questions_take() -> None:
    papers = Papers()
    for number in range(MOST_PAGES - 1):
        papers = papers.with_page("another", page(b"%d" % number))
    assert papers.room(LEASE) == 1


def test_a_page_is_scanned_again_in_its_place() -> None:
    stage = PaperStage().at_paper().feed(SCAN).work().feed(SCAN).work()
    stage.feed(ScanWanted("lease", instead_of=0)).work()
    assert pages(stage) == [b"page 3", b"page 2"]


def test_another_question_s_pages_cannot_be_scanned() -> None:
    stage = PaperStage().at_paper()
    stage.feed(Back(), SCAN).work()
    assert (stage.scanner.scans, pages(stage)) == (0, [])


# ---------------------------------------------------------------- changing one's mind


def test_a_page_that_is_dropped_opens_the_question_again() -> None:
    stage = at_check().feed(ChangeWanted("lease"), PageDropped("lease", 0))
    assert (stage.visit.scene().quote, "lease" in stage.visit.case.answers) == (None, False)
    stage.feed(Back(), Confirmed()).work()
    assert not stage.ledger.agreements


def test_other_pages_are_another_agreement() -> None:
    stage = at_check(2)
    stage.visit.case.signed_application = b"%PDF"
    stage.feed(ChangeWanted("lease"), ScanWanted("lease", instead_of=1)).work()
    assert (stage.visit.case.signed_application, pages(stage)) == (b"", [b"page 1", b"page 3"])
    stage.feed(USE)
    assert stage.at() is State.CHECK_ANSWERS


def test_stopping_is_heard_by_the_scanner_and_a_late_page_does_not_count() -> None:
    stage = PaperStage().at_paper().feed(SCAN)
    work, then = stage.pending.pop()
    late = work()
    stage.feed(ScanStopped())
    assert isinstance(stage, PaperStage)
    assert stage.scanner.stops[0].is_set()
    then(late)
    assert (pages(stage), stage.visit.scene().papers.scanning) == ([], "")


def test_back_while_a_page_is_scanned_stays_with_the_question() -> None:
    stage = PaperStage().at_paper().feed(SCAN, Back())
    scene = stage.visit.scene()
    assert (scene.step, scene.papers.scanning) == (LEASE, "")
    assert stage.feed(Back()).visit.scene().step != LEASE


# ---------------------------------------------------------------- what goes wrong


@pytest.mark.parametrize("failure", sorted(PUT_RIGHT_AT_ONCE))
def test_what_a_person_can_put_right_is_told_beside_the_paper(failure: Failure) -> None:
    stage = PaperStage().at_paper()
    stage.scanner.failure = failure
    stage.feed(SCAN).work()
    scene = stage.visit.scene()
    assert scene.papers.failure is not None
    assert (scene.state, scene.papers.failure.failure, scene.papers.failed) == (State.STEPS, failure, "lease")
    stage.scanner.failure = None
    stage.feed(SCAN).work()
    assert (pages(stage), stage.visit.scene().papers.failure) == ([b"page 1"], None)


@pytest.mark.parametrize("failure", sorted(OF_THE_SCANNER - PUT_RIGHT_AT_ONCE))
def test_what_a_person_cannot_put_right_has_its_page_and_loses_none(failure: Failure) -> None:
    stage = PaperStage().at_paper()
    stage.feed(SCAN).work()
    stage.scanner.failure = failure
    stage.feed(SCAN).work()
    scene = stage.visit.scene()
    assert scene.failure is not None
    assert (scene.state, scene.failure.failure) == (State.FAILED, failure)
    stage.feed(TryAgain())
    assert (stage.at(), pages(stage), stage.visit.scene().step) == (State.STEPS, [b"page 1"], LEASE)


def test_a_terminal_without_a_scanner_says_so() -> None:
    stage = PaperStage(has_scanner=False).at_paper().feed(SCAN).work()
    scene = stage.visit.scene()
    assert scene.failure is not None
    assert (scene.state, scene.failure.failure) == (State.FAILED, Failure.NO_SCANNER)


def test_what_is_too_large_to_be_delivered_is_refused_before_anybody_pays() -> None:
    stage = at_check()
    stage.visit.case.papers = Papers().with_page("lease", page(bytes(1_200_000)))
    stage.feed(Confirmed()).work()
    scene = stage.visit.scene()
    assert scene.failure is not None
    assert (scene.state, scene.failure.failure) == (State.FAILED, Failure.REQUEST_TOO_LARGE)
    assert (stage.ledger.agreements, stage.payments.payments) == ({}, {})
    assert stage.feed(TryAgain()).at() is State.CHECK_ANSWERS


def test_a_card_that_is_taken_out_stops_the_scan_and_keeps_the_pages() -> None:
    stage = PaperStage().at_paper()
    stage.feed(SCAN).work()
    stage.feed(SCAN, CardRemoved())
    assert stage.at() is State.CARD_REMOVED
    stage.pending.clear()  # the second page is nobody's
    stage.feed(CardInserted()).work()
    scene = stage.visit.scene()
    assert (scene.state, scene.papers.scanning, pages(stage)) == (State.STEPS, "", [b"page 1"])


def test_a_page_that_comes_during_the_warning_is_kept() -> None:
    stage = PaperStage().at_paper().feed(SCAN, TimedOut())
    assert stage.at() is State.TIME_WARNING
    stage.work().feed(MoreTime())
    assert (stage.at(), pages(stage)) == (State.STEPS, [b"page 1"])


def test_a_scanner_that_fails_during_the_warning_is_told_afterwards() -> None:
    stage = PaperStage().at_paper()
    stage.scanner.failure = Failure.SCANNER_NO_PAPER
    stage.feed(SCAN, TimedOut()).work().feed(MoreTime())
    papers = stage.visit.scene().papers
    assert papers.failure is not None
    assert (papers.scanning, papers.failure.failure) == ("", Failure.SCANNER_NO_PAPER)


# ---------------------------------------------------------------- memory alone


def test_a_request_that_is_kept_begins_its_paper_anew() -> None:
    stage = at_check().feed(ParkWanted()).work()
    (draft,) = (kept for _, kept in stage.parked.cases.values())
    assert draft.answers == {"search_by": "vehicle", "plate": "12-34567"}
    (reference,) = stage.parked.cases
    stage.feed(Cancelled(), CardRemoved(), CardInserted()).work()
    stage.feed(ResumeWanted(reference)).work()
    assert (stage.at(), stage.visit.scene().step, pages(stage)) == (State.STEPS, LEASE, [])


@pytest.mark.parametrize("ending", ["end", "another service"])
def test_no_page_outlives_what_it_was_scanned_for(ending: str) -> None:
    stage = at_check()
    assert reaches(stage, (hashlib.sha256(b"page 1").hexdigest(),))
    if ending == "end":
        stage.feed(Cancelled())
    else:
        stage.visit.case.open_service(stage.visit.services[0], stage.visit.parts.new_id)
    assert not reaches(stage, (hashlib.sha256(b"page 1").hexdigest(),))
    assert stage.visit.case.papers.count() == 0


# ---------------------------------------------------------------- at the counter


def at_counter() -> PaperStage:
    stage = PaperStage(assisted=True)
    stage.feed(TYPED, ServiceChosen("traffic.fines"), SCAN).work()
    return stage


def test_a_clerk_scans_from_the_form_and_the_count_is_the_answer() -> None:
    stage = at_counter().feed(FILLED).work()
    assert (stage.at(), stage.visit.case.answers["lease"]) == (State.CHECK_ANSWERS, "1")


def test_a_form_without_its_pages_is_told() -> None:
    stage = PaperStage(assisted=True)
    stage.feed(TYPED, ServiceChosen("traffic.fines"), FILLED).work()
    assert (stage.at(), list(stage.visit.case.mistakes)) == (State.STEPS, ["lease"])
    stage.feed(SCAN).work()
    assert stage.visit.case.mistakes == {}


@pytest.mark.parametrize("change", [SCAN, PageDropped("lease", 0)], ids=["another page", "one page less"])
def test_other_pages_after_the_consent_want_another_consent(change: ScanWanted | PageDropped) -> None:
    stage = at_counter().feed(FILLED).work().feed(ConsentGiven(Consent.SCREEN), change).work()
    case = stage.visit.case
    assert (stage.at(), case.consent, case.quote) == (State.STEPS, Consent.NONE, None)

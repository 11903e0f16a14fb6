"""My requests and the number for SMS, in a visit: only of the person who is here, on paper once, and told in words."""

from __future__ import annotations

import dataclasses
import hashlib

import msgspec
import pytest

from kiosk import forms
from kiosk.events import (
    AnotherService,
    Answered,
    Back,
    CardInserted,
    CardProven,
    CardRemoved,
    Confirmed,
    DocumentWanted,
    LinesPicked,
    NotifyWanted,
    PhoneTyped,
    RequestOpened,
    RequestsWanted,
    ServiceChosen,
    Started,
    TryAgain,
)
from kiosk.failures import Failure
from kiosk.my_requests import Asker, RequestState
from kiosk.receipt import PrintState
from kiosk.scene import State
from tests.kiosk.following_samples import DOCUMENT, ISSUED
from tests.kiosk.parts import MARKER_NUMBER, SOMEBODY_ELSE, Stage


def known() -> Stage:
    stage = Stage()
    stage.requests.requests = (ISSUED,)
    stage.requests.documents[ISSUED.transaction] = DOCUMENT
    return stage.feed(CardInserted()).work()


def opened() -> Stage:
    return known().feed(RequestsWanted()).work().feed(RequestOpened(ISSUED.transaction))


def test_the_person_sees_the_requests_of_the_card_that_is_proven() -> None:
    stage = known().feed(RequestsWanted())
    assert stage.at() is State.ASKING_REQUESTS
    stage.work()
    assert stage.at() is State.MY_REQUESTS
    assert stage.visit.scene().requests == (ISSUED,)
    assert stage.requests.asked == [Asker(national_number=MARKER_NUMBER)]


def test_nobody_is_asked_for_before_the_chip_is_proven() -> None:
    stage = Stage()
    stage.feed(CardInserted())
    stage.work_once()  # the name is there, and the chip's proof still under way
    stage.reader.refusal = Failure.CARD_NOT_GENUINE
    stage.pending.clear()
    stage.feed(RequestsWanted()).work()
    assert stage.at() is State.FAILED
    assert stage.requests.asked == []


def test_a_centre_that_is_silent_is_asked_again_where_the_visit_stopped() -> None:
    stage = known()
    stage.requests.failure = Failure.AGENCY_UNREACHABLE
    stage.feed(RequestsWanted()).work()
    failure = stage.visit.scene().failure
    assert stage.at() is State.FAILED
    assert failure is not None
    assert failure.failure is Failure.REQUESTS_UNREACHABLE
    stage.requests.failure = None
    stage.feed(TryAgain()).work()
    assert stage.at() is State.MY_REQUESTS


def test_another_service_leads_on_from_there() -> None:
    stage = known()
    stage.requests.failure = Failure.AGENCY_SILENT
    stage.feed(RequestsWanted()).work().feed(AnotherService())
    assert stage.at() is State.CHOOSING_SERVICE


def test_what_is_nobodys_request_here_is_not_opened() -> None:
    stage = known().feed(RequestsWanted()).work()
    stage.feed(RequestOpened(ISSUED.transaction.__class__(int=99)))
    assert stage.at() is State.MY_REQUESTS


def test_where_only_receipts_are_printed_a_slip_says_the_code_and_the_ledger_that_it_came_out() -> None:
    stage = opened().feed(DocumentWanted(), DocumentWanted()).work()
    (slip,) = stage.printer.slips
    assert (slip.code, slip.reference) == (DOCUMENT.code, DOCUMENT.number)
    expected = (ISSUED.service, hashlib.sha256(DOCUMENT.pdf).hexdigest(), PrintState.CONFIRMED)
    assert stage.requests.noted == [expected]
    paper = stage.visit.scene().paper
    assert paper is not None
    assert (paper.slip, paper.state, stage.visit.scene().printing) == (True, PrintState.CONFIRMED, False)


def test_a_printer_of_documents_prints_the_page_itself() -> None:
    stage = opened()
    following = stage.visit.parts.following
    assert following is not None
    with_printer = dataclasses.replace(following, documents=stage.requests)
    stage.visit.parts = dataclasses.replace(stage.visit.parts, following=with_printer)
    stage.feed(DocumentWanted()).work()
    assert stage.requests.printed == [DOCUMENT]
    assert stage.printer.slips == []


@pytest.mark.parametrize("trouble", ["paper", "line"])
def test_what_did_not_come_out_is_told_and_can_be_wished_for_again(trouble: str) -> None:
    stage = opened()
    if trouble == "paper":
        stage.printer.failure = Failure.PRINTER_OUT_OF_PAPER
    else:
        stage.requests.failure = Failure.AGENCY_UNREACHABLE
    stage.feed(DocumentWanted()).work()
    paper = stage.visit.scene().paper
    assert stage.at() is State.MY_REQUEST
    assert paper is not None
    assert paper.state is None
    assert paper.failure is not None
    expected = Failure.PRINTER_OUT_OF_PAPER if trouble == "paper" else Failure.REQUESTS_UNREACHABLE
    assert paper.failure.failure is expected
    assert stage.requests.noted == []
    stage.printer.failure = stage.requests.failure = None
    stage.feed(DocumentWanted()).work()
    assert len(stage.printer.slips) == 1


def test_nothing_is_printed_of_a_request_without_a_document() -> None:
    stage = known()
    stage.requests.requests = (msgspec.structs.replace(ISSUED, state=RequestState.REQUESTED, document=False),)
    stage.feed(RequestsWanted()).work().feed(RequestOpened(ISSUED.transaction), DocumentWanted()).work()
    assert stage.printer.slips == []


def test_a_card_that_comes_back_finds_the_request_and_may_print_it() -> None:
    stage = opened().feed(DocumentWanted(), CardRemoved())
    assert stage.at() is State.CARD_REMOVED
    stage.feed(CardInserted()).work()
    assert stage.at() is State.MY_REQUEST
    assert not stage.visit.scene().printing


def test_another_persons_card_finds_none_of_it() -> None:
    stage = opened().feed(CardRemoved())
    stage.reader.identity = SOMEBODY_ELSE
    stage.feed(CardInserted()).work()
    assert stage.at() is State.CHOOSING_SERVICE
    assert stage.visit.scene().requests == ()


def test_back_leads_from_the_request_to_the_list_and_from_there_to_the_services() -> None:
    stage = opened().feed(Back())
    assert stage.at() is State.MY_REQUESTS
    assert stage.feed(Back()).at() is State.CHOOSING_SERVICE
    assert stage.visit.scene().requests == ()


# ---------------------------------------------------------------- the number for SMS


def at_check(*, line: bool) -> Stage:
    stage = Stage().feed(CardInserted()).work()
    stage.feed(ServiceChosen("traffic.fines"), Started(), Answered("search_by", "vehicle"))
    stage.feed(Answered("plate", "12-34567")).work()
    stage.delivery.up = line
    return stage.feed(LinesPicked(("F0",)))


def test_a_number_is_asked_only_where_something_follows_that_the_person_does_not_see() -> None:
    assert at_check(line=True).feed(NotifyWanted()).at() is State.CHECK_ANSWERS
    assert at_check(line=False).feed(NotifyWanted()).at() is State.NOTIFY_PHONE


@pytest.mark.parametrize("typed", ["0790123456", "٠٧٩ ٠١٢ ٣٤٥٦", "+962 79-012-3456", "00962790123456"])
def test_the_number_goes_into_the_agreement_however_it_is_typed(typed: str) -> None:
    stage = at_check(line=False).feed(NotifyWanted(), PhoneTyped(typed))
    assert stage.at() is State.CHECK_ANSWERS
    stage.feed(Confirmed()).work()
    (agreement,) = stage.ledger.agreements.values()
    assert agreement.notify_phone == "+962790123456"
    assert "790123456" not in repr(agreement)
    assert "790123456" not in repr(PhoneTyped(typed))


def test_another_number_is_explained_and_kept_as_it_was_typed() -> None:
    stage = at_check(line=False).feed(NotifyWanted(), PhoneTyped("0641234567"))
    scene = stage.visit.scene()
    assert (scene.state, scene.typed, scene.mistake) == (State.NOTIFY_PHONE, "0641234567", forms.ENTER_PHONE)


def test_a_number_is_taken_away_by_leaving_it_empty() -> None:
    stage = at_check(line=False).feed(NotifyWanted(), PhoneTyped("0790123456"), NotifyWanted())
    assert stage.visit.scene().typed == "0790123456"
    stage.feed(PhoneTyped("")).feed(Confirmed()).work()
    assert [one.notify_phone for one in stage.ledger.agreements.values()] == [""]


def test_a_number_that_is_of_no_use_any_more_is_not_sent() -> None:
    """The line came back before anything was paid, and a fine's answer is seen at once."""
    stage = at_check(line=False).feed(NotifyWanted(), PhoneTyped("0790123456"))
    stage.delivery.up = True
    stage.feed(NotifyWanted(), Back(), CardProven(), Confirmed()).work()
    assert [one.notify_phone for one in stage.ledger.agreements.values()] == [""]

"""The whole tour: every visit on the screens it is meant for, then the papers that came out."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from fnmatch import fnmatch
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QApplication

from kiosk.demonstration import Demonstration
from kiosk.uptake import Uptake
from ui.app import Kiosk
from ui.clerk.app import Counter
from ui.look import Panel
from ui.tour import (
    baskets,
    clerks,
    faults,
    finding,
    gallery,
    others,
    refusals,
    requests,
    services_amman,
    services_companies,
    services_licensing,
    services_post,
    services_social_security,
    services_tax,
    services_treasury,
    technicians,
    training,
    visits,
)
from ui.tour.counter import Clerk, CounterWorld
from ui.tour.diary import Diary, Observed
from ui.tour.hand import Hand, TourStopped
from ui.tour.stalls import StallWatch

LARGE = Panel(1920, 1080, 21.5)
SMALL = Panel(1024, 768, 15.0)
LAPTOP = Panel(1366, 768, 15.6)


@dataclasses.dataclass(frozen=True, slots=True)
class Round:
    """One visit on one panel."""

    name: str
    panel: Panel
    live: Callable[[visits.Visitor], None]


ROUNDS = (
    Round("online", LARGE, lambda visitor: visits.online(visitor, code="12", number="34567")),
    Round("own-fine", LARGE, visits.own_fine),
    Round("line-cut-before-enquiry", LARGE, visits.line_cut_before_the_enquiry),
    Round("line-cut-after-quote", LARGE, visits.line_cut_after_the_quote),
    Round("card-pulled", LARGE, visits.card_pulled_in_the_middle),
    Round("online-english", LARGE, lambda visitor: visits.online(visitor, code="25", number="60718", english=True)),
    Round("online-small", SMALL, lambda visitor: visits.online(visitor, code="31", number="44209")),
    Round(
        "online-small-english", SMALL, lambda visitor: visits.online(visitor, code="40", number="5120", english=True)
    ),
    Round("no-line-small-english", SMALL, lambda visitor: visits.line_cut_before_the_enquiry(visitor, english=True)),
    Round("largest-text-small", SMALL, visits.largest_text_and_contrast),
    Round("payment-refused", LARGE, visits.payment_refused_then_paid),
    Round("cards-refused", LARGE, visits.cards_that_do_not_pass),
    Round("for-somebody-else-english", SMALL, lambda visitor: others.for_somebody_else(visitor, english=True)),
    Round("for-somebody-else", LARGE, others.for_somebody_else),
    Round("certificate-requested", LARGE, requests.certificate_is_requested),
    Round("certificate-printed", LARGE, requests.certificate_is_printed),
    Round("certificate-printed-english", SMALL, lambda v: requests.certificate_is_printed(v, english=True)),
    Round("basket", LARGE, baskets.several_at_once),
    Round("basket-no-line-english", SMALL, baskets.several_without_a_line),
    Round("basket-one-by-one-english", LARGE, baskets.one_by_one),
    Round("post-box", LARGE, services_post.box_is_renewed),
    Round("post-box-no-line-english", SMALL, services_post.box_is_renewed_without_a_line),
    Round("vehicle-licence", LARGE, services_licensing.licence_is_renewed),
    Round("vehicle-licence-english", SMALL, services_licensing.hybrid_is_renewed_english),
    Round("vehicle-licence-fines-first-english", LARGE, services_licensing.fines_are_paid_first),
    Round("vehicle-licence-not-inspected", SMALL, services_licensing.inspection_is_missing),
    Round("treasury-voucher", SMALL, services_treasury.voucher_is_paid),
    Round("treasury-voucher-once-english", LARGE, services_treasury.voucher_is_paid_once_english),
    Round(
        "found-by-search",
        LARGE,
        lambda visitor: finding.found_by_search(visitor, typed="مخالفه", meant="service:traffic.fines"),
    ),
    Round(
        "found-with-an-error-english",
        SMALL,
        lambda visitor: finding.found_by_search(
            visitor, typed="certifcate", meant="service:justice.non_conviction", english=True
        ),
    ),
    Round("for-a-business", LARGE, finding.segment_is_chosen),
    Round("social-security-join", LARGE, services_social_security.person_joins),
    Round("social-security-pay-english", SMALL, services_social_security.contributions_are_paid),
    Round("social-security-change", SMALL, services_social_security.wage_is_changed),
    Round("social-security-stop-english", LARGE, services_social_security.subscription_is_stopped),
    Round("social-security-insured", SMALL, services_social_security.insured_person_is_told),
    Round("social-security-statement", LARGE, services_social_security.statement_is_requested),
    Round(
        "social-security-statement-no-line-english",
        SMALL,
        services_social_security.statement_is_requested_without_a_line,
    ),
    Round("tax-balance", LARGE, services_tax.balance_is_paid_in_part),
    Round("tax-balance-business-english", SMALL, services_tax.business_balance_is_paid),
    Round("tax-credit-english", LARGE, services_tax.credit_is_told),
    Round("tax-clearance", SMALL, services_tax.clearance_after_paying),
    Round("tax-clearance-english", LARGE, services_tax.clearance_is_requested),
    Round("company-licences", LARGE, services_companies.licences_are_renewed),
    Round("company-licences-english", SMALL, services_companies.licences_are_renewed_english),
    Round("amman-licence", LARGE, services_amman.licence_is_renewed),
    Round("amman-licence-years-english", SMALL, services_amman.several_years_are_renewed),
    Round("amman-licence-free-english", LARGE, services_amman.home_business_pays_nothing),
    Round("amman-arrears-english", LARGE, services_amman.arrears_are_paid_in_part),
    Round("amman-arrears-first", SMALL, services_amman.arrears_go_before_the_licence),
    Round("amman-arrears-of-another", LARGE, services_amman.account_of_another_is_paid),
    Round("opens-with-its-number", LARGE, others.opens_with_its_number),
    Round("opens-with-its-number-english", SMALL, lambda visitor: others.opens_with_its_number(visitor, english=True)),
    Round("kept-and-taken-up", LARGE, others.kept_and_taken_up),
    Round("kept-and-taken-up-english", SMALL, lambda visitor: others.kept_and_taken_up(visitor, english=True)),
    Round("help-is-called", LARGE, others.help_is_called),
    Round("left-alone", LARGE, others.left_alone),
    Round("card-service-stops", LARGE, faults.card_service_stops),
    Round("agency-refuses", LARGE, faults.agency_refuses),
    Round("payment-silent", LARGE, faults.payment_terminal_is_silent),
    Round("payment-cancelled-english", LARGE, lambda v: faults.person_cancels_at_the_terminal(v, english=True)),
    Round("cover-open", LARGE, lambda v: faults.printer_faults(v, plate=("77", "10001"), fault="cover-open")),
    Round("technician", LARGE, technicians.looks_after_the_terminal),
    Round("technician-english", SMALL, lambda v: technicians.looks_after_the_terminal(v, english=True)),
    Round("paper-jam", LARGE, lambda v: faults.printer_faults(v, plate=("77", "2"), fault="media-jam", english=True)),
)


TRAININGS = (
    Round("training", LARGE, training.learns_to_pay),
    Round("training-english", SMALL, lambda visitor: training.learns_to_pay(visitor, english=True)),
    Round("training-declined", LARGE, training.learns_what_can_go_wrong),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Morning:
    """One clerk's morning at the counter on one panel, from signing in to signing out."""

    name: str
    panel: Panel
    live: Callable[[Clerk], None]


MORNINGS = (
    Morning("counter", LARGE, clerks.morning),
    Morning(
        "counter-english",
        LAPTOP,
        lambda clerk: clerks.morning(clerk, english=True, plates=("31", "32", "33")),
    ),
    Morning("given-back", LARGE, lambda clerk: refusals.given_back(clerk, number="9871234570", plate="41")),
    Morning(
        "given-back-english",
        LAPTOP,
        lambda clerk: refusals.given_back(clerk, number="9871234571", plate="42", english=True),
    ),
)


Lived = TypeVar("Lived", Round, Morning)


@dataclasses.dataclass(frozen=True, slots=True)
class CounterPlace:
    """A counter that is open: its windows, the world at this side, and the PINs of the demonstration's staff."""

    counter: Counter
    world: CounterWorld
    pins: Mapping[str, str]


@dataclasses.dataclass(frozen=True, slots=True)
class Surroundings:
    """What the tour is handed: the world outside, how to open the kiosk on a panel, and how to look behind it.

    `read_paper` takes a printed paper (PDF): it answers with its picture (PNG) and whether its code is genuine, None
    for a slip, which has none. `applications` are those that were signed at the kiosk (PDF), `picture` shows one (PNG).
    `counted` is what the terminals have counted of every errand that is over, the oldest first.
    Without `pictures` none are taken, and the screen is watched instead: a picture holds it up as no visitor does.
    """

    world: Demonstration
    open_kiosk: Callable[[Panel], Kiosk]
    observe: Callable[[], Observed]
    read_paper: Callable[[bytes], tuple[bytes, bool | None]]
    applications: Callable[[], tuple[bytes, ...]]
    picture: Callable[[bytes], bytes]
    open_training: Callable[[Panel], AbstractContextManager[Kiosk]]
    pins: Mapping[str, str]
    counter: visits.OtherSide
    open_counter: Callable[[Panel], AbstractContextManager[CounterPlace]]
    counted: Sequence[Uptake] = ()
    pictures: bool = True


def run(folder: Path, around: Surroundings, only: tuple[str, ...] = ()) -> str:
    """Lives every round, or those whose names match one of `only`; answers with what went wrong, or "" when all went
    as it should."""
    diary = Diary(folder, around.observe)
    watch = None if around.pictures else StallWatch()
    if watch is not None:
        watch.start()
    problem = ""
    try:
        for entry in _wanted(ROUNDS, only):
            _live(entry, diary, around, watch)
            print(f"{entry.name}: as it should be", flush=True)  # noqa: T201 - a long run shows its progress
        for entry in _wanted(TRAININGS, only):
            with around.open_training(entry.panel) as kiosk:
                _live_on(kiosk, entry, diary, around, watch)
            print(f"{entry.name}: as it should be", flush=True)  # noqa: T201 - as above
        for morning in _wanted(MORNINGS, only):
            _serve(morning, diary, around)
            print(f"{morning.name}: as it should be", flush=True)  # noqa: T201 - a long run shows its progress
        problem = _keep_papers(diary, around)
        _keep_applications(diary, around)
        if around.pictures and not only:
            for name, picture in gallery.pages(LARGE):
                diary.keep("failures", name, picture)
    except TourStopped as stopped:
        problem = str(stopped)
    if watch is None:
        diary.finish(problem)
    else:
        watch.stop()
        diary.finish(problem, watch.stalls, watch.longest)
    return problem


def _wanted(entries: tuple[Lived, ...], only: tuple[str, ...]) -> Iterator[Lived]:
    return (entry for entry in entries if not only or any(fnmatch(entry.name, name) for name in only))


def _live(entry: Round, diary: Diary, around: Surroundings, watch: StallWatch | None) -> None:
    _live_on(around.open_kiosk(entry.panel), entry, diary, around, watch)


def _live_on(kiosk: Kiosk, entry: Round, diary: Diary, around: Surroundings, watch: StallWatch | None) -> None:
    counted = len(around.counted)
    kiosk.window.show()
    QApplication.processEvents()  # a terminal opens its window once, and the bench measures that by itself
    try:
        papers = len(around.world.printed())
        hand = Hand(kiosk.window, pictures=around.pictures, watch=watch)
        visitor = visits.Visitor(
            name=entry.name,
            hand=hand,
            world=around.world,
            diary=diary,
            observe=around.observe,
            counter=around.counter,
            time_out=kiosk.time_out,
            pins=around.pins,
            without_value=diary.without_value,
            papers=papers,
        )
        try:
            entry.live(visitor)
        except TourStopped as stopped:
            visitor.note("stopped-here")
            raise TourStopped(f"{entry.name}: {stopped}") from stopped
    finally:
        kiosk.close()
    diary.measure(entry.name, around.counted[counted:])


def _serve(entry: Morning, diary: Diary, around: Surroundings) -> None:
    counted = len(around.counted)
    with around.open_counter(entry.panel) as place:
        for window in (place.counter.display, place.counter.window):
            if window is not None:
                window.show()
        place.counter.window.activateWindow()
        clerk = Clerk(
            entry.name, place.counter, place.world, place.pins, diary, around.observe, pictures=around.pictures
        )
        try:
            entry.live(clerk)
        except TourStopped:
            clerk.note("stopped-here")
            raise
        finally:
            place.counter.close()
    diary.measure(entry.name, around.counted[counted:])


def _keep_applications(diary: Diary, around: Surroundings) -> None:
    """What was signed is no paper of the terminal: it lies in the ledger, and goes to the agency."""
    for number, content in enumerate(around.applications(), start=1):
        (diary.applications / f"{number:02d}.pdf").write_bytes(content)
        (diary.applications / f"{number:02d}.png").write_bytes(around.picture(content))


def _keep_papers(diary: Diary, around: Surroundings) -> str:
    """Every paper that came out, as PDF and as the picture of its dots; each code must prove genuine."""
    papers, receipts = around.world.printed(), 0
    for number, paper in enumerate(papers, start=1):
        content = paper.read_bytes()
        picture, genuine = around.read_paper(content)
        (diary.receipts / f"{number:02d}.pdf").write_bytes(content)
        (diary.receipts / f"{number:02d}.png").write_bytes(picture)
        if number - 1 in diary.without_value:
            if genuine:
                return f"paper {number} has no value, and its code proves genuine"
            continue
        if genuine is False:
            return f"the code of paper {number} does not prove genuine"
        receipts += genuine is True
    states = list(around.observe().ledger.values())
    # Behind each transaction that was taken back stands the correction that did it, whose paper is a slip.
    sold = sum(state not in {"prepared", "voided"} for state in states) - states.count("reversed")
    return "" if receipts == sold else f"{sold} transactions and {receipts} receipts"

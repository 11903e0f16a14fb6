"""What the tour lives: every visit and every morning on the screen that it is meant for."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from ui.look import Panel
from ui.tour import (
    baskets,
    clerks,
    faults,
    finding,
    others,
    refusals,
    requests,
    residents_at_counter,
    services_amman,
    services_companies,
    services_customs,
    services_licensing,
    services_post,
    services_residence,
    services_sanad,
    services_social_security,
    services_tax,
    services_treasury,
    technicians,
    training,
    visits,
)
from ui.tour.counter import Clerk

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
    Round("certificate-printed", LARGE, requests.document_is_printed),
    Round("certificate-printed-english", SMALL, lambda v: requests.document_is_printed(v, english=True)),
    Round("basket", LARGE, baskets.several_at_once),
    Round("basket-no-line-english", SMALL, baskets.several_without_a_line),
    Round("basket-one-by-one-english", LARGE, baskets.one_by_one),
    Round("post-box", LARGE, services_post.box_is_renewed),
    Round("post-box-no-line-english", SMALL, services_post.box_is_renewed_without_a_line),
    Round("vehicle-licence", LARGE, services_licensing.licence_is_renewed),
    Round("vehicle-licence-english", SMALL, services_licensing.hybrid_is_renewed_english),
    Round("vehicle-licence-fines-first-english", LARGE, services_licensing.fines_are_paid_first),
    Round("vehicle-licence-not-inspected", SMALL, services_licensing.inspection_is_missing),
    Round("customs-parcel", LARGE, services_customs.parcel_is_cleared),
    Round("customs-parcel-duty-english", SMALL, services_customs.dearer_parcel_is_cleared),
    Round("customs-parcel-number-misread", SMALL, services_customs.number_is_misread),
    Round("customs-declaration", SMALL, services_customs.duties_are_paid),
    Round("customs-declaration-by-number-english", LARGE, services_customs.declaration_is_found_by_its_number),
    Round("customs-declaration-inspection", LARGE, services_customs.nothing_is_payable_yet),
    Round("customs-declaration-released-english", SMALL, services_customs.goods_are_released),
    Round("residence-permit", LARGE, services_residence.permit_is_renewed),
    Round("residence-permit-once-english", SMALL, services_residence.permit_is_renewed_once),
    Round("permit-printed", LARGE, lambda visitor: requests.document_is_printed(visitor, card="elena")),
    Round("passport-kept", SMALL, services_residence.half_done_is_kept),
    Round("passport-taken-up-english", LARGE, services_residence.half_done_is_taken_up),
    Round("sanad-registration", SMALL, services_sanad.person_is_registered),
    Round("sanad-registration-english", LARGE, services_sanad.known_phone_is_kept_english),
    Round("sanad-active", SMALL, services_sanad.active_identity_is_told),
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
    Round(
        "statement-printed-english",
        SMALL,
        lambda visitor: requests.document_is_printed(visitor, card="omar", english=True),
    ),
    Round("tax-balance", LARGE, services_tax.balance_is_paid_in_part),
    Round("tax-balance-business-english", SMALL, services_tax.business_balance_is_paid),
    Round("tax-credit-english", LARGE, services_tax.credit_is_told),
    Round("tax-clearance", SMALL, services_tax.clearance_after_paying),
    Round("tax-clearance-english", LARGE, services_tax.clearance_is_requested),
    Round("clearance-printed", LARGE, lambda visitor: requests.document_is_printed(visitor, card="karim")),
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
    Morning("residents-at-counter", LARGE, residents_at_counter.morning),
    Morning("given-back", LARGE, lambda clerk: refusals.given_back(clerk, number="9871234570", plate="41")),
    Morning(
        "given-back-english",
        LAPTOP,
        lambda clerk: refusals.given_back(clerk, number="9871234571", plate="42", english=True),
    ),
)

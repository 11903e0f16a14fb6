"""Who has a passport in place of a national card: known by it everywhere, offered what it opens, and told about the
rest. And a service that only the card itself opens."""

from __future__ import annotations

import dataclasses
from datetime import date

import msgspec
import pytest

from kiosk import forms
from kiosk.acts.counter import SEE_DOCUMENT
from kiosk.counter import Behalf, Capacity, Consent, DocumentSeen, IdentifiedBy
from kiosk.events import (
    Answered,
    CardInserted,
    CardRemoved,
    Confirmed,
    ConsentGiven,
    FormFilled,
    NotifyWanted,
    PersonTyped,
    RequestsWanted,
    ResumeWanted,
    ScanWanted,
    ServiceChosen,
    Started,
    TimedOut,
)
from kiosk.failures import Failure
from kiosk.forms import AGREED
from kiosk.identity import Identity
from kiosk.receipt_facts import REQUEST_NUMBER
from kiosk.scene import State
from kiosk.wire import Fact, Quote, Words
from tests.kiosk.papers import ScriptedScanner
from tests.kiosk.parts import MARKER_NUMBER, MARYAM, SERVICES, Stage, quote_of

PERMIT, SANAD = "residence.permit", "sanad.registration"
ELENA = Identity(
    national_number="",
    document_number="P4471203",
    name_latin="Elena Sofia Marin",
    birth_date=date(1989, 3, 12),
    expiry_date=date(2030, 6, 21),
    issuing_state="UTO",
    is_passport=True,
)
PASSPORT = "UTO-P4471203"
TYPED = PersonTyped("uto p4471203", "", DocumentSeen.PASSPORT)
WORDS = Words(ar="كلمة", en="Word")
FILE = {"permit": "R-1", "sponsor": "Somebody", "valid_until": "2026-12-21", "grounds": "work", "ground": "work"}
ON_FILE = tuple(
    Fact(id=name, title=WORDS, value=value) for name, value in {**FILE, "terms": "1 2", "term": "1"}.items()
)
UNTIL = Fact(id="until", title=Words(ar="التجديد حتى", en="Renewal until"), value="2027-12-21", on_receipt=True)


def told(stage: Stage, service: str, quote: Quote, *facts: Fact, lookup: str = "") -> None:
    """What the agency answers next."""
    agency = service.partition(".")[0]
    stage.desk.quote = msgspec.structs.replace(quote, agency=agency, service=service, facts=facts, lookup=lookup)


def at_home(identity: Identity = ELENA, *, assisted: bool = False) -> Stage:
    stage = Stage(assisted=assisted)
    stage.reader.identity = identity
    stage.visit.parts = dataclasses.replace(stage.visit.parts, scanner=ScriptedScanner())
    return stage.feed(CardInserted()).work()


def at_letter() -> Stage:
    stage = at_home().feed(ServiceChosen(PERMIT), Started())
    told(stage, PERMIT, quote_of(), *ON_FILE, lookup="permit")
    return stage.work().feed(Answered("ground", "work"), Answered("term", "2"))


def at_check() -> Stage:
    stage = at_letter().feed(ScanWanted("letter")).work()
    told(stage, PERMIT, quote_of(60_000, 5_000), UNTIL)
    return stage.feed(Answered("letter", "")).work()


# ---------------------------------------------------------------- what a person is known by


@pytest.mark.parametrize(
    ("identity", "number", "passport"),
    [
        (MARYAM, MARKER_NUMBER, ""),
        (ELENA, PASSPORT, PASSPORT),
        (dataclasses.replace(ELENA, national_number=MARKER_NUMBER), MARKER_NUMBER, ""),
        (dataclasses.replace(ELENA, is_passport=False), "", ""),
        (dataclasses.replace(ELENA, issuing_state=""), "", ""),
        (dataclasses.replace(ELENA, document_number=""), "", ""),
    ],
)
def test_the_national_number_goes_before_the_passport_and_no_other_document_counts(
    identity: Identity, number: str, passport: str
) -> None:
    assert (identity.number, identity.passport) == (number, passport)


@pytest.mark.parametrize("identity", [MARYAM, ELENA, dataclasses.replace(ELENA, issuing_state="D")])
def test_whoever_was_kept_by_a_number_is_known_by_it_again(identity: Identity) -> None:
    again = Identity.known_by(identity.number, name_latin=identity.name_latin)
    assert (again.number, again.passport, again.name_latin) == (identity.number, identity.passport, identity.name_latin)


def test_a_foreign_identity_card_is_not_known_here() -> None:
    scene = at_home(dataclasses.replace(ELENA, is_passport=False)).visit.scene()
    assert scene.failure is not None
    assert (scene.state, scene.failure.failure) == (State.FAILED, Failure.CARD_UNKNOWN)


# ---------------------------------------------------------------- what is offered


def test_a_passport_opens_the_residents_home_with_what_it_is_enough_for() -> None:
    scene = at_home().visit.scene()
    offered = {service.id for service in scene.services}
    assert scene.segment == "resident"
    assert offered == {service.id for service in SERVICES if "passport" in service.cards}
    assert {PERMIT, "post.box"} <= offered
    assert {service.id for service in scene.withheld} == {service.id for service in SERVICES} - offered


def test_a_national_card_opens_all_but_what_is_a_foreigner_s() -> None:
    scene = at_home(MARYAM).visit.scene()
    assert [service.id for service in scene.withheld] == [PERMIT]


def test_what_is_not_offered_cannot_be_opened() -> None:
    assert at_home().feed(ServiceChosen("traffic.fines")).at() is State.CHOOSING_SERVICE
    assert at_home(MARYAM).feed(ServiceChosen(PERMIT)).at() is State.CHOOSING_SERVICE


def test_before_anybody_is_known_everything_is_shown() -> None:
    scene = Stage().visit.scene()
    assert (len(scene.services), scene.withheld) == (len(SERVICES), ())


# ---------------------------------------------------------------- a permit is renewed


def test_the_permit_is_looked_up_and_renewed_by_the_passport_alone() -> None:
    stage = at_check()
    assert stage.desk.asked[0].fields == {"passport": PASSPORT, "expiry_date": "2030-06-21"}
    wanted = {"passport": PASSPORT, "expiry_date": "2030-06-21", "ground": "work", "term": "2"}
    assert stage.desk.asked[-1].fields == wanted
    stage.delivery.reference = "RES-2026-000001"
    stage.feed(Confirmed()).work()
    assert stage.at() is State.DONE
    (agreement,) = stage.ledger.agreements.values()
    assert (agreement.national_number, agreement.person_name) == (PASSPORT, "Elena Sofia Marin")
    assert [page.step for page in agreement.documents] == ["letter"]
    (receipt,) = stage.ledger.receipts.values()
    rows = {english: value for _, english, value in receipt.facts.rows}
    assert (rows["Renewal until"], rows[REQUEST_NUMBER.en]) == ("2027-12-21", "RES-2026-000001")
    assert receipt.facts.request


def test_only_the_ground_that_is_on_file_is_open() -> None:
    stage = at_home().feed(ServiceChosen(PERMIT), Started())
    told(stage, PERMIT, quote_of(), *ON_FILE, lookup="permit")
    stage.work()
    assert stage.visit.scene().typed == "work"
    stage.feed(Answered("ground", "family"))
    assert stage.visit.scene().mistake == forms.CHOOSE_ONE


def test_a_family_s_permit_needs_no_letter() -> None:
    family = {"grounds": "family", "ground": "family"}
    facts = (msgspec.structs.replace(fact, value=family.get(fact.id, fact.value)) for fact in ON_FILE)
    stage = at_home().feed(ServiceChosen(PERMIT), Started())
    told(stage, PERMIT, quote_of(), *facts, lookup="permit")
    stage.work().feed(Answered("ground", "family"))
    told(stage, PERMIT, quote_of(35_000), UNTIL)
    stage.feed(Answered("term", "1")).work()
    assert stage.at() is State.CHECK_ANSWERS


def test_for_somebody_else_the_other_s_number_is_sent_alone() -> None:
    stage = at_home().feed(ServiceChosen("post.box"), Started())
    stage.visit.case.behalf = Behalf(Capacity.PROXY, MARKER_NUMBER, DocumentSeen.POWER_OF_ATTORNEY)
    told(stage, "post.box", quote_of(), lookup="box")
    stage.feed(Answered("box", "1234")).work()
    assert stage.desk.asked[-1].fields == {"box": "1234", "national_number": MARKER_NUMBER}


def test_what_is_kept_is_offered_to_the_same_passport_and_to_no_other() -> None:
    stage = at_check().feed(TimedOut(), TimedOut()).work()
    (reference,) = stage.parked.cases
    stage.feed(CardRemoved())
    stage.reader.identity = dataclasses.replace(ELENA, issuing_state="XYZ")
    stage.feed(CardInserted()).work()
    assert stage.visit.scene().offers == ()
    stage.feed(ResumeWanted(reference)).work()
    assert stage.visit.scene().failure is not None
    stage.feed(CardRemoved())
    stage.reader.identity = ELENA
    stage.feed(CardInserted()).work()
    assert [offer.reference for offer in stage.visit.scene().offers] == [reference]
    stage.feed(ResumeWanted(reference)).work()
    scene = stage.visit.scene()
    assert scene.step is not None
    assert (scene.step.id, {step.id: value for step, value in scene.answers}["term"]) == ("letter", "2")


def test_a_passport_that_comes_back_after_a_pause_goes_on() -> None:
    stage = at_check().feed(CardRemoved(), CardInserted()).work()
    assert stage.at() is State.CHECK_ANSWERS


def test_what_became_of_requests_is_asked_by_the_passport() -> None:
    stage = at_home().feed(RequestsWanted()).work()
    assert [asker.national_number for asker in stage.requests.asked] == [PASSPORT]


@pytest.mark.parametrize(("identity", "inside"), [(ELENA, True), (MARYAM, False)])
def test_what_lies_in_the_reader_is_called_what_it_is_until_it_is_taken(identity: Identity, inside: bool) -> None:
    """Also when its person is forgotten already."""
    stage = at_home(identity)
    stage.feed(TimedOut(), TimedOut()).work()
    assert (stage.at(), stage.visit.scene().identity) == (State.TAKE_CARD, None)
    assert stage.visit.scene().passport_inside is inside
    assert not stage.feed(CardRemoved()).visit.scene().passport_inside


# ---------------------------------------------------------------- at the counter


def test_a_clerk_types_what_the_passport_says() -> None:
    stage = Stage(assisted=True).feed(TYPED)
    scene = stage.visit.scene()
    assert scene.identity is not None
    assert (scene.state, scene.identity.passport) == (State.CHOOSING_SERVICE, PASSPORT)
    assert PERMIT in {service.id for service in scene.services}
    told(stage, PERMIT, quote_of(), *ON_FILE, lookup="permit")
    stage.feed(ServiceChosen(PERMIT)).work()
    assert stage.desk.asked[-1].fields == {"passport": PASSPORT}, "the day on which it ends was not read"


@pytest.mark.parametrize(
    ("number", "document", "mistakes"),
    [
        ("UTO P447", DocumentSeen.PASSPORT, {"national_number": forms.ENTER_PERSON_NUMBER}),
        ("P4471203", DocumentSeen.PASSPORT, {"national_number": forms.ENTER_PERSON_NUMBER}),
        ("UTO P4471203X9", DocumentSeen.PASSPORT, {"national_number": forms.ENTER_PERSON_NUMBER}),
        ("UTO P4471203", DocumentSeen.FAMILY_BOOK, {"document": SEE_DOCUMENT}),
    ],
)
def test_a_passport_is_typed_with_its_country_and_was_seen(
    number: str, document: DocumentSeen, mistakes: dict[str, str]
) -> None:
    scene = Stage(assisted=True).feed(PersonTyped(number, "", document)).visit.scene()
    assert (scene.state, dict(scene.mistakes)) == (State.IDLE, mistakes)


@pytest.mark.parametrize("typed", ["UTO-P4471203", "uto p4471203", " UTO – P٤٤٧١٢٠٣ ", "uto/p4471203"])
def test_a_passport_s_number_is_taken_however_it_is_typed(typed: str) -> None:
    assert forms.person_number(typed) == forms.Accepted(PASSPORT)


def test_a_renewal_at_the_counter_is_one_form() -> None:
    stage = at_home(assisted=True).feed(ServiceChosen(PERMIT))
    told(stage, PERMIT, quote_of(), *ON_FILE, lookup="permit")
    stage.work()
    form = dict(stage.visit.scene().form)
    assert (form["ground"], form["term"]) == ("work", "1"), "what is on file stands there already"
    stage.feed(ScanWanted("letter")).work()
    told(stage, PERMIT, quote_of(30_000, 5_000), UNTIL)
    stage.feed(FormFilled(tuple({**form, "letter": ""}.items()))).work()
    assert stage.at() is State.CHECK_ANSWERS
    stage.feed(ConsentGiven(Consent.SPOKEN), Confirmed()).work()
    (agreement,) = stage.ledger.agreements.values()
    assert (agreement.national_number, agreement.identified_by) == (PASSPORT, IdentifiedBy.CARD)


# ---------------------------------------------------------------- Sanad: the card alone


def at_sanad(*facts: Fact, assisted: bool = False) -> Stage:
    stage = at_home(MARYAM, assisted=assisted).feed(ServiceChosen(SANAD))
    told(stage, SANAD, quote_of(), *facts, lookup="identity")
    return stage.feed(Started()).work()


def registered(stage: Stage) -> Stage:
    told(stage, SANAD, quote_of(), Fact(id="until", title=WORDS, value="27/12/2026", on_receipt=True))
    return stage.feed(Answered("declaration", AGREED)).work()


def test_a_person_is_registered_by_the_card_with_a_phone_and_nothing_is_due() -> None:
    stage = at_sanad()
    assert stage.desk.asked[0].fields == {"national_number": MARKER_NUMBER, "birth_date": "1990-01-02"}
    registered(stage.feed(Answered("phone", "0791234567")))
    assert stage.desk.asked[-1].fields["phone"] == "+962791234567"
    stage.delivery.reference = "SND-2026-000001"
    stage.feed(Confirmed()).work()
    (agreement,) = stage.ledger.agreements.values()
    assert (agreement.total_fils, agreement.identified_by) == (0, IdentifiedBy.CARD)
    (receipt,) = stage.ledger.receipts.values()
    rows = {english: value for _, english, value in receipt.facts.rows}
    assert rows[REQUEST_NUMBER.en] == "SND-2026-000001", "it activates the identity"
    assert "+962791234567" not in rows.values(), "a phone is personal"


def test_the_phone_that_was_given_is_proposed_for_the_message_too() -> None:
    stage = registered(at_sanad().feed(Answered("phone", "0791234567"))).feed(NotifyWanted())
    assert stage.visit.scene().typed == "0791234567"


def test_what_sanad_knows_is_not_typed() -> None:
    stage = at_sanad(Fact(id="phone", title=WORDS, value="+962790006428"))
    assert stage.visit.scene().typed == "0790006428"


def test_nobody_is_registered_by_a_paper_that_a_clerk_saw() -> None:
    stage = Stage(assisted=True).feed(PersonTyped(MARKER_NUMBER, "", DocumentSeen.IDENTITY_CARD))
    assert SANAD in {service.id for service in stage.visit.scene().withheld}
    assert stage.feed(ServiceChosen(SANAD)).at() is State.CHOOSING_SERVICE


def test_at_the_counter_the_card_and_the_person_s_word_are_needed() -> None:
    stage = at_home(MARYAM, assisted=True).feed(ServiceChosen(SANAD))
    told(stage, SANAD, quote_of(), lookup="identity")
    stage.work()
    told(stage, SANAD, quote_of())
    stage.feed(FormFilled((("phone", "0791234567"), ("declaration", AGREED)))).work()
    assert stage.feed(Confirmed()).work().at() is State.CHECK_ANSWERS, "nobody has agreed yet"
    stage.feed(ConsentGiven(Consent.SCREEN), Confirmed()).work()
    (agreement,) = stage.ledger.agreements.values()
    assert (agreement.identified_by, agreement.consent) == (IdentifiedBy.CARD, Consent.SCREEN)

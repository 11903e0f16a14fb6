"""Who a card names, by the places that its profile says."""

from __future__ import annotations

import datetime
from pathlib import Path

import msgspec
import pytest

from devices.cards import mrz
from devices.cards.data_groups import PersonalDetails
from devices.cards.identity import identity_of
from devices.cards.mrz import Mrz
from devices.cards.profiles import IdentityRule, NameSource, NumberRule, Profile, load_profiles
from tests.devices.cards import issuing
from tests.devices.cards.test_mrz import passport

CARDS = Path(__file__).parents[3] / "assets" / "cards"
NOW = issuing.NOW
NUMBER = issuing.NATIONAL_NUMBER


@pytest.fixture(scope="module")
def profiles() -> dict[str, Profile]:
    return {profile.id: profile for profile in load_profiles(CARDS)}


def with_rule(profile: Profile, **changed: object) -> Profile:
    assert profile.identity is not None
    return msgspec.structs.replace(profile, identity=msgspec.structs.replace(profile.identity, **changed))


def card(**fields: str) -> Mrz:
    return mrz.parse(issuing.make_zone(**fields))


def test_the_whole_person(profiles: dict[str, Profile]) -> None:
    details = PersonalDetails("سلمى أحمد القاضي", NUMBER)
    identity = identity_of(profiles["jordan-eid"], card(), details, NOW)
    assert identity.national_number == NUMBER
    assert identity.document_number == "JT4711C08"
    assert (identity.name_arabic, identity.name_latin) == ("سلمى أحمد القاضي", "Salma Ahmad Alqadi")
    assert (identity.birth_date, identity.expiry_date) == (datetime.date(1990, 3, 12), datetime.date(2031, 8, 17))
    assert identity.issuing_state == "JOR"


@pytest.mark.parametrize("kept", ["1234567890", "123", "", "١٢٣٤٥٦٧٨٩٠", "1234567890 ", "1" * 5000])
def test_the_first_place_that_holds_a_number_of_the_pattern(profiles: dict[str, Profile], kept: str) -> None:
    details = PersonalDetails(personal_number=kept)
    expected = kept if kept == "1234567890" else NUMBER
    assert identity_of(profiles["jordan-eid"], card(), details, NOW).national_number == expected
    none = identity_of(profiles["jordan-eid"], card(optional=""), details, NOW).national_number
    assert none == (kept if kept == "1234567890" else "")


@pytest.mark.parametrize("profile", ["jordan-eid", "icao-eid"])
def test_another_state_s_ten_digits_are_no_national_number(profiles: dict[str, Profile], profile: str) -> None:
    details = PersonalDetails(personal_number=NUMBER)
    identity = identity_of(profiles[profile], card(state="UTO"), details, NOW)
    assert (identity.national_number, identity.issuing_state) == ("", "UTO")
    assert identity.name_latin == "Salma Ahmad Alqadi"


def test_a_passport_keeps_its_number_elsewhere(profiles: dict[str, Profile]) -> None:
    zone = mrz.parse(passport(personal=NUMBER).replace("P<UTO", "P<JOR"))
    assert identity_of(profiles["icao-passport"], zone, PersonalDetails(), NOW).national_number == NUMBER
    assert identity_of(profiles["icao-eid"], zone, PersonalDetails(), NOW).national_number == ""


@pytest.mark.parametrize("code", ["P<", "PD"])
def test_a_foreigner_is_known_by_state_and_number_of_the_passport(profiles: dict[str, Profile], code: str) -> None:
    zone = mrz.parse(passport(personal=NUMBER).replace("P<UTO", f"{code}UTO"))
    identity = identity_of(profiles["icao-passport"], zone, PersonalDetails(), NOW)
    assert identity.is_passport
    assert (identity.national_number, identity.number) == ("", f"UTO-{zone.document_number}")


def test_a_foreign_identity_card_is_no_passport(profiles: dict[str, Profile]) -> None:
    identity = identity_of(profiles["icao-eid"], card(state="UTO"), PersonalDetails(), NOW)
    assert (identity.is_passport, identity.number) == (False, "")


def test_names_go_by_their_script(profiles: dict[str, Profile]) -> None:
    profile = profiles["jordan-eid"]
    swapped = PersonalDetails("Salma Alqadi", other_names=("سلمى القاضي", "سلمى"))
    assert identity_of(profile, card(), swapped, NOW).name_arabic == "سلمى القاضي"
    assert identity_of(profile, card(), PersonalDetails("سلمى Alqadi"), NOW).name_arabic == ""
    order: tuple[NameSource, ...] = ("dg11.name", "mrz.name")
    from_details = with_rule(profile, name_latin=order, name_arabic=())
    identity = identity_of(from_details, card(), swapped, NOW)
    assert (identity.name_arabic, identity.name_latin) == ("", "Salma Alqadi")


def test_a_truncated_name_gives_way_to_a_whole_one(profiles: dict[str, Profile]) -> None:
    zone = mrz.parse(passport(names=f"{'A' * 30}<<SALMA<A"))
    profile = profiles["icao-passport"]
    whole = PersonalDetails(other_names=("Salma Ahmad " + "A" * 30,))
    assert identity_of(profile, zone, whole, NOW).name_latin == whole.other_names[0]
    assert identity_of(profile, zone, PersonalDetails(), NOW).name_latin == f"Salma A A{'a' * 29}"


@pytest.mark.parametrize(
    ("printed", "told", "born"),
    [
        ("740812", datetime.date(1874, 8, 12), datetime.date(1874, 8, 12)),
        ("740812", datetime.date(1974, 8, 13), datetime.date(1974, 8, 12)),
        ("740812", None, datetime.date(1974, 8, 12)),
        ("74<<<<", datetime.date(1974, 8, 12), datetime.date(1974, 8, 12)),
        ("74<<<<", datetime.date(1975, 8, 12), None),
        ("<<<<<<", None, None),
    ],
)
def test_birth_date_from_zone_and_details(
    profiles: dict[str, Profile], printed: str, told: datetime.date | None, born: datetime.date | None
) -> None:
    zone = mrz.parse(passport(birth=printed))
    details = PersonalDetails(birth_date=told)
    assert identity_of(profiles["icao-passport"], zone, details, NOW).birth_date == born


def test_a_profile_that_says_nothing_of_names_and_numbers(profiles: dict[str, Profile]) -> None:
    details = PersonalDetails("سلمى القاضي", NUMBER)
    silent = msgspec.structs.replace(profiles["icao-eid"], identity=None)
    identity = identity_of(silent, card(), details, NOW)
    assert (identity.national_number, identity.name_arabic, identity.name_latin) == ("", "", "Salma Ahmad Alqadi")
    bare = msgspec.structs.replace(silent, identity=IdentityRule())
    assert identity_of(bare, card(), details, NOW) == identity
    narrow = NumberRule(sources=("mrz.optional_middle",), pattern="[0-9]{10}", issuing_states=("JOR",))
    assert identity_of(with_rule(bare, national_number=narrow), card(), details, NOW).national_number == ""


def test_a_number_without_end_is_none(profiles: dict[str, Profile]) -> None:
    loose = NumberRule(sources=("dg11.personal_number",), pattern="[0-9]+", issuing_states=("JOR",))
    profile = with_rule(profiles["jordan-eid"], national_number=loose)
    assert identity_of(profile, card(), PersonalDetails(personal_number="1" * 40), NOW).national_number == "1" * 40
    assert identity_of(profile, card(), PersonalDetails(personal_number="1" * 41), NOW).national_number == ""

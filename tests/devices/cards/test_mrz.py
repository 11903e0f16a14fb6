"""The zones of the three sizes: the standard's own examples, the forms it allows, and what check digits catch."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.cards import mrz
from devices.cards.mrz import Kind, Mrz, check_digit
from devices.cards.tlv import MalformedData

TODAY = datetime.date(2026, 11, 24)
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
TD1 = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
LONG_TD1 = "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<"
LONG_TD2 = "I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<\nD23145890<UTO3407127M95071227349<<<8"


def passport(
    *, personal: str = "", digit: str = "", birth: str = "740812", number: str = "L898902C3", names: str = ""
) -> str:
    """Two TD3 lines with right check digits; `digit` replaces that of the personal number."""
    field = f"{personal:<<14}"
    upper = f"P<UTO{names or 'ERIKSSON<<ANNA<MARIA':<<39}"
    lower = f"{number:<<9}{check_digit(f'{number:<<9}')}UTO{birth}{check_digit(birth)}F1204159{field}"
    lower += digit or check_digit(field)
    return f"{upper}\n{lower}{check_digit(lower[:10] + lower[13:20] + lower[21:43])}"


def is_eriksson(zone: Mrz) -> bool:
    whole = (zone.issuing_state, zone.nationality, zone.latin_name()) == ("UTO", "UTO", "Anna Maria Eriksson")
    dates = zone.birth_date(TODAY) == datetime.date(1974, 8, 12), zone.expiry_date() == datetime.date(2012, 4, 15)
    return whole and all(dates) and not zone.name_may_be_truncated


@pytest.mark.parametrize(("field", "digit"), [("520727", "3"), ("AB2134<<<", "5")])
def test_check_digits_of_doc_9303_3_appendix_a(field: str, digit: str) -> None:
    assert check_digit(field) == digit


def test_passport_of_doc_9303_4_appendix_b() -> None:
    zone = mrz.parse(TD3)
    assert (zone.kind, zone.document_code, zone.document_number) == (Kind.TD3, "P", "L898902C3")
    assert zone.personal_number == "ZE184226B"
    assert is_eriksson(zone)
    assert zone.access_information() == "L898902C3674081221204159"


def test_card_of_doc_9303_5_appendix_b() -> None:
    zone = mrz.parse(TD1)
    assert (zone.kind, zone.document_code, zone.document_number) == (Kind.TD1, "I", "D23145890")
    assert zone.optional_upper == zone.optional_middle == ""
    assert is_eriksson(zone)
    assert zone.access_information() == "D23145890774081221204159"


def test_card_of_doc_9303_6_appendix_b() -> None:
    zone = mrz.parse(TD2)
    assert (zone.kind, zone.document_code, zone.document_number) == (Kind.TD2, "I", "D23145890")
    assert zone.optional_lower == ""
    assert is_eriksson(zone)
    assert zone.access_information() == "D23145890774081221204159"


@pytest.mark.parametrize(("text", "kind"), [(LONG_TD1, Kind.TD1), (LONG_TD2, Kind.TD2)])
def test_long_document_number_of_doc_9303_11_appendix_d_2(text: str, kind: Kind) -> None:
    zone = mrz.parse(text)
    assert zone.kind is kind
    assert zone.document_number == "D23145890734"
    assert zone.access_information() == "D23145890734934071279507122"
    assert zone.optional_upper == zone.optional_lower == ""


def test_optional_fields_of_each_size_stand_apart() -> None:
    upper = "I<UTOD231458907ONE<<<<<<<<<<<<"
    middle = "7408122F1204159UTOTWO<<<<<<<<"
    checked = upper[5:] + middle[:7] + middle[8:15] + middle[18:]
    card = mrz.parse(upper + middle + check_digit(checked) + "ERIKSSON<<ANNA".ljust(30, "<"))
    assert (card.optional_upper, card.optional_middle) == ("ONE", "TWO")
    lower = "D231458907UTO7408122F1204159THREE<<"
    larger = mrz.parse(TD2[:37] + lower + check_digit(lower[:10] + lower[13:20] + lower[21:]))
    assert larger.optional_lower == "THREE"
    assert larger.optional_upper == larger.personal_number == ""


@pytest.mark.parametrize("digit", ["0", "<"])
def test_empty_personal_number_has_either_check_digit(digit: str) -> None:
    assert mrz.parse(passport(digit=digit)).personal_number == ""


@pytest.mark.parametrize(("personal", "digit"), [("ZE184226B", "<"), ("ZE184226B", "2"), ("", "1")])
def test_personal_number_with_a_wrong_check_digit_is_refused(personal: str, digit: str) -> None:
    with pytest.raises(MalformedData):
        mrz.parse(passport(personal=personal, digit=digit))


@pytest.mark.parametrize("text", [TD1, TD2, TD3])
@pytest.mark.parametrize("after", ["number", "birth", "expiry"])
def test_each_check_digit_counts_though_the_composite_agrees(text: str, after: str) -> None:
    joined = "".join(text.split())
    first, dates = (5, 30) if text == TD1 else (len(joined) // 2, len(joined) // 2 + 13)
    place = {"number": first + 9, "birth": dates + 6, "expiry": dates + 14}[after]
    wrong = str((int(joined[place]) + 1) % 10)
    changed = joined[:place] + wrong + joined[place + 1 :]
    last = 59 if text == TD1 else len(joined) - 1
    covered = sorted(_checked_places(mrz.parse(text).kind) - {last})
    composite = check_digit("".join(changed[covered_place] for covered_place in covered))
    with pytest.raises(MalformedData, match="check digit"):
        mrz.parse(changed[:last] + composite + changed[last + 1 :])


def test_a_passport_number_never_goes_on_elsewhere() -> None:
    lines = passport(number="L898902C3", personal="L12<<<<<<<<<<<")
    assert mrz.parse(lines).document_number == "L898902C3"
    spoilt = lines.replace("L898902C36", "L898902C3<")
    with pytest.raises(MalformedData):
        mrz.parse(spoilt)


@pytest.mark.parametrize("birth", ["<<<<<<", "74<<<<", "7408<<"])
def test_unknown_parts_of_a_birth_date(birth: str) -> None:
    zone = mrz.parse(passport(birth=birth))
    assert zone.birth_date(TODAY) is None
    assert zone.access_information() == f"L898902C36{birth}{check_digit(birth)}1204159"


@pytest.mark.parametrize("birth", ["741301", "740230", "7<0812", "74081<", "AAAAAA", "<40812"])
def test_dates_that_are_none_are_refused(birth: str) -> None:
    with pytest.raises(MalformedData, match="date"):
        mrz.parse(passport(birth=birth))


def test_an_unknown_expiry_is_refused() -> None:
    lower = "L898902C36UTO7408122F<<<<<<0<<<<<<<<<<<<<<0"
    composite = check_digit(lower[:10] + lower[13:20] + lower[21:])
    with pytest.raises(MalformedData, match="date"):
        mrz.parse(TD3[:45] + lower + composite)


@pytest.mark.parametrize(
    ("names", "primary", "given", "cut"),
    [
        ("ARKFREITH", "ARKFREITH", "", False),
        ("VAN<DER<MUELLEN<<PAULA", "VAN DER MUELLEN", "PAULA", False),
        ("<<PAULA", "", "PAULA", False),
        ("A" * 39, "A" * 39, "", True),
        (f"{'B' * 30}<<CLARA<D", "B" * 30, "CLARA D", True),
    ],
)
def test_names_and_whether_they_may_be_truncated(names: str, primary: str, given: str, *, cut: bool) -> None:
    zone = mrz.parse(passport(names=names))
    assert (zone.primary_name, zone.given_names, zone.name_may_be_truncated) == (primary, given, cut)


@pytest.mark.parametrize("text", ["", TD1[:-1], TD2 + "<", TD3.lower(), TD3.replace("<", " "), TD1.replace("7", "٧")])
def test_other_texts_are_no_zone(text: str) -> None:
    with pytest.raises(MalformedData, match="not the lines"):
        mrz.parse(text)


@pytest.mark.parametrize("text", [TD1, TD2, TD3, LONG_TD1, LONG_TD2, passport(), passport(birth="<<<<<<")])
@given(place=st.integers(0, 89), letter=st.sampled_from(ALPHABET))
def test_a_substitution_that_changes_a_checked_sum_is_caught(text: str, place: int, letter: str) -> None:
    """Letters ten apart in value, as A and K or < and 0, weigh the same: no check digit tells them apart."""
    joined = "".join(text.split())
    place %= len(joined)
    changed = joined[:place] + letter + joined[place + 1 :]
    if place in _checked_places(mrz.parse(text).kind) and check_digit(letter) != check_digit(joined[place]):
        with pytest.raises(MalformedData):
            mrz.parse(changed)


def _checked_places(kind: Kind) -> set[int]:
    """What the composite check digit covers, and itself (Doc 9303-5, 9303-6 and 9303-4, 4.2.2)."""
    if kind is Kind.TD1:
        return {*range(5, 37), *range(38, 45), *range(48, 60)}
    line = 36 if kind is Kind.TD2 else 44
    return {line + place for place in (*range(10), *range(13, 20), *range(21, line))}


NUMBERS = st.from_regex(r"[A-Z0-9]{1,9}", fullmatch=True)
DATES = st.dates(datetime.date(2000, 1, 1), datetime.date(2099, 12, 31))
NAMES = st.from_regex(r"[A-Z]{1,12}(<[A-Z]{1,8})?<<[A-Z]{1,10}", fullmatch=True)


@given(number=NUMBERS, birth=DATES, names=NAMES, personal=st.from_regex(r"[A-Z0-9]{0,14}", fullmatch=True))
def test_what_was_written_is_read(number: str, birth: datetime.date, names: str, personal: str) -> None:
    zone = mrz.parse(passport(number=number, birth=f"{birth:%y%m%d}", names=names, personal=personal))
    assert (zone.document_number, zone.birth, zone.personal_number) == (number, f"{birth:%y%m%d}", personal)
    assert f"{zone.primary_name}  {zone.given_names}".replace(" ", "<") == names
    assert zone.access_information().startswith(f"{number:<<9}{check_digit(number)}{zone.birth}")

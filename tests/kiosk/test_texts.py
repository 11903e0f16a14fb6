"""Texts: one formatter for both languages, six Arabic plural forms, and a catalogue that is whole."""

from __future__ import annotations

import datetime
import unicodedata
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from hypothesis import given
from hypothesis import strategies as st

from kiosk import texts_check
from kiosk.texts import Texts, TextsMissing, without_isolates
from kiosk.wire import Words

MOMENT = datetime.datetime(2026, 11, 23, 22, 46, tzinfo=datetime.UTC)  # 01:46 the next day in Amman
LRI, RLI, PDI = "\u2066", "\u2067", "\u2069"


@pytest.fixture(scope="session")
def arabic(tmp_path_factory: pytest.TempPathFactory) -> Texts:
    """The Arabic texts as they stand in the catalogue now, whatever set-up compiled last."""
    folder = tmp_path_factory.mktemp("translations")
    place = folder / "ar" / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "kiosk.mo").open("wb") as file:
        write_mo(file, texts_check.arabic_catalogue())
    return Texts("ar", folder)


@pytest.fixture(scope="session")
def english() -> Texts:
    return Texts("en")


# ---------------------------------------------------------------- the catalogue


def test_every_text_in_the_code_is_translated_and_worded_as_agreed() -> None:
    assert list(texts_check.complaints(texts_check.used_in_code(), texts_check.arabic_catalogue())) == []


def test_the_check_finds_the_texts_of_the_code() -> None:
    used = texts_check.used_in_code()
    assert "Enter the number: 1 to 5 digits" in used  # a marked constant
    assert "The paper has run out" in used  # the table of failures
    assert "Nothing was paid or sent." in used


def entry(identifier: texts_check.MessageId, arabic: str | tuple[str, ...]) -> Catalog:
    catalogue = texts_check.arabic_catalogue()
    for message in [message.id for message in catalogue if message.id]:
        catalogue.delete(message)
    catalogue.add(identifier, arabic)
    return catalogue


@pytest.mark.parametrize(
    ("identifier", "arabic", "complaint"),
    [
        ("Stop", "", "a form is missing"),
        (("{n} day", "{n} days"), ("يوم", "يومان", "{n} أيام"), "a form is missing"),
        (("{n} day", "{n} days"), ("لا", "يوم", "يومان", "أيام", "{n} يومًا", "{n} يوم"), "places differ"),
        ("Pay {amount}", "دفع", "places differ"),
        ("It failed", "فشل الدفع", "a banned word"),
        ("Invalid plate", "اللوحة", "a banned word"),
        ("Please wait", "لحظات", "a banned word"),
    ],
)
def test_the_check_complains(identifier: texts_check.MessageId, arabic: str | tuple[str, ...], complaint: str) -> None:
    found = list(texts_check.complaints({identifier}, entry(identifier, arabic)))
    assert len(found) == 1
    assert found[0].startswith(complaint)


def test_the_check_complains_of_missing_and_unused_texts() -> None:
    found = list(texts_check.complaints({"Asked for"}, entry("Never asked for", "لا")))
    assert [complaint.split(":")[0] for complaint in found] == ["not in the catalogue", "in no code"]


def test_a_missing_compiled_catalogue_names_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(TextsMissing, match="make setup"):
        Texts("ar", tmp_path)


# ---------------------------------------------------------------- forms and places


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "لا مخالفات"),
        (1, "مخالفة واحدة"),
        (2, "مخالفتان"),
        (3, "3 مخالفات"),
        (10, "10 مخالفات"),
        (11, "11 مخالفة"),
        (99, "99 مخالفة"),
        (100, "100 مخالفة"),
        (103, "103 مخالفات"),
    ],
)
def test_arabic_has_six_forms(arabic: Texts, count: int, text: str) -> None:
    assert arabic.plural("{n} fine", "{n} fines", count) == text


def test_eleven_and_a_hundred_differ_where_the_noun_shows_it(tmp_path: Path) -> None:
    place = tmp_path / "ar" / "LC_MESSAGES"
    place.mkdir(parents=True)
    forms = ("اليوم", "يوم واحد", "يومان", "{n} أيام", "{n} يومًا", "{n} يوم")
    with (place / "kiosk.mo").open("wb") as file:
        write_mo(file, entry(("{n} day", "{n} days"), forms))
    texts = Texts("ar", tmp_path)
    assert [texts.plural("{n} day", "{n} days", count) for count in (11, 100)] == ["11 يومًا", "100 يوم"]


def test_english_is_the_message_ids(english: Texts) -> None:
    assert english.plural("{n} fine", "{n} fines", 1) == "1 fine"
    assert english.plural("{n} fine", "{n} fines", 3) == "3 fines"
    assert english("{amount} was paid", amount=english.amount(42_500)) == "42.500\u00a0JD was paid"


def test_a_place_without_a_value_shows_a_dash(english: Texts) -> None:
    assert english("{agency} cannot be reached") == "– cannot be reached"


def test_data_comes_in_both_languages(arabic: Texts, english: Texts) -> None:
    words = Words(ar="لدى المحكمة", en="At court")
    assert (arabic.of(words), english.of(words)) == ("لدى المحكمة", "At court")


# ---------------------------------------------------------------- formatted values


def test_amounts(arabic: Texts, english: Texts) -> None:
    assert arabic.amount(12_500) == f"{RLI}{LRI}12.500{PDI}\u00a0د.أ{PDI}"
    assert english.amount(12_500) == "12.500\u00a0JD"


def test_dates_and_times_are_jordans(arabic: Texts, english: Texts) -> None:
    assert english.date(MOMENT) == "24/11/2026"
    assert english.date(datetime.date(2026, 1, 3)) == "03/01/2026"
    assert english.time(MOMENT) == "01:46"
    assert arabic.date_time(MOMENT) == f"{LRI}24/11/2026{PDI} {LRI}01:46{PDI}"


@pytest.mark.parametrize(
    ("number", "shown"), [("9921004821", "••••••4821"), ("48215", "•8215"), ("4821", "••••"), ("", "")]
)
def test_a_national_number_shows_its_last_four_digits(english: Texts, number: str, shown: str) -> None:
    assert english.masked(number) == shown


def test_values_are_isolated_where_their_direction_differs(arabic: Texts, english: Texts) -> None:
    assert arabic.plate("12-34567") == f"{LRI}12-34567{PDI}"
    assert english.plate("12-34567") == "12-34567"
    assert english("Asking {agency}", agency="إدارة السير") == f"Asking {RLI}إدارة السير{PDI}"
    assert arabic("Asking {agency}", agency="إدارة السير") == "نسأل إدارة السير"
    assert arabic("Sending {n}", n=4) == "نرسل 4"
    assert arabic("Delivered to {agency}", agency="TD-1") == f"سُلّمت إلى {LRI}TD-1{PDI}"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\u2066\u2067\u2068\u2069")))
def test_isolates_pair_and_come_off_again(arabic: Texts, english: Texts, value: str) -> None:
    for texts in (arabic, english):
        once = texts.isolated(value)
        assert once.count(PDI) == once.count(LRI) + once.count(RLI)
        assert texts.isolated(once) == once
        assert without_isolates(once) == value


@given(st.integers(-(10**12), 10**12))
def test_an_amount_keeps_its_number_in_both_languages(arabic: Texts, english: Texts, fils: int) -> None:
    number = without_isolates(arabic.amount(fils)).split("\u00a0")[0]
    assert number == english.amount(fils).split("\u00a0")[0]
    assert all(unicodedata.category(character) in {"Nd", "Po", "Pd"} for character in number)
    assert round(float(number.replace(",", "")) * 1000) == fils

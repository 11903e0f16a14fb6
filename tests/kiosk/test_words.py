"""Amounts in words: every agreed example, and for any amount the words say it and nothing else."""

# ruff: noqa: SIM905 - number words read best as a line of words
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.words import LARGEST_FILS, amount_in_words

ARABIC = {
    0: "صفر دينار",
    5: "خمسة فلسات",
    1_000: "دينار واحد",
    2_500: "ديناران وخمسمئة فلس",
    11_000: "أحد عشر دينارًا",
    12_012: "اثنا عشر دينارًا واثنا عشر فلسًا",
    13_000: "ثلاثة عشر دينارًا",
    42_500: "اثنان وأربعون دينارًا وخمسمئة فلس",
    100_250: "مئة دينار ومئتان وخمسون فلسًا",
    101_000: "مئة دينار ودينار واحد",
    102_000: "مئة دينار وديناران",
    103_200: "مئة وثلاثة دنانير ومئتا فلس",
    200_201: "مئتا دينار ومئتا فلس وفلس واحد",
    1_234_000: "ألف ومئتان وأربعة وثلاثون دينارًا",
    2_000_000: "ألفا دينار",
    2_005_000: "ألفان وخمسة دنانير",
    3_000_000: "ثلاثة آلاف دينار",
    11_000_000: "أحد عشر ألف دينار",
    11_005_000: "أحد عشر ألفًا وخمسة دنانير",
    102_000_000: "مئة ألف وألفا دينار",
}
ENGLISH = {
    0: "zero dinars",
    1: "one fils",
    1_000: "one dinar",
    2_500: "two dinars and five hundred fils",
    42_500: "forty-two dinars and five hundred fils",
    100_250: "one hundred dinars and two hundred and fifty fils",
    1_001_000: "one thousand and one dinars",
    1_234_000: "one thousand two hundred and thirty-four dinars",
}


@pytest.mark.parametrize(("fils", "words"), ARABIC.items())
def test_arabic_examples(fils: int, words: str) -> None:
    assert amount_in_words(fils, "ar") == words


@pytest.mark.parametrize(("fils", "words"), ENGLISH.items())
def test_english_examples(fils: int, words: str) -> None:
    assert amount_in_words(fils, "en") == words


@pytest.mark.parametrize("fils", [-1, LARGEST_FILS + 1])
def test_amounts_that_no_fee_has_are_refused(fils: int) -> None:
    with pytest.raises(ValueError, match="at least 0"):
        amount_in_words(fils, "ar")


VALUES = {
    **{word: value for value, word in enumerate("واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة".split(), 1)},
    "أحد": 1,
    "اثنا": 2,
    "عشر": 10,
    "مئتا": 200,
    **{word: 20 + 10 * at for at, word in enumerate("عشرون ثلاثون أربعون خمسون ستون سبعون ثمانون تسعون".split())},
    **{
        word: 100 * at
        for at, word in enumerate("مئة مئتان ثلاثمئة أربعمئة خمسمئة ستمئة سبعمئة ثمانمئة تسعمئة".split(), 1)
    },
}
SCALES = {"ألف": 1000, "آلاف": 1000, "ألفًا": 1000, "مليون": 10**6, "ملايين": 10**6, "مليونًا": 10**6}
DUAL_SCALES = {"ألفان": 2000, "ألفا": 2000, "مليونان": 2 * 10**6, "مليونا": 2 * 10**6}
NOUNS = {
    **dict.fromkeys(("دينار", "دنانير", "دينارًا"), 1000),
    **dict.fromkeys(("فلس", "فلسات", "فلسًا"), 1),
}
DUAL_NOUNS = {"ديناران": 2000, "فلسان": 2}


def read_back(words: str) -> int:
    """The fils that Arabic words say, read from left to right by a reader that shares nothing with the writer."""
    fils = scaled = pending = last_noun = 0
    for token in words.split(" "):
        joined = token.startswith("و") and token != "واحد"
        word = token[1:] if joined else token
        if last_noun and word == "واحد" and not joined:
            fils += last_noun
        elif word in DUAL_NOUNS:
            fils += DUAL_NOUNS[word]
        elif word in NOUNS:
            fils += (scaled + pending) * NOUNS[word]
            scaled = pending = 0
        elif word in DUAL_SCALES:
            scaled += DUAL_SCALES[word]
        elif word in SCALES:
            scaled += (pending or 1) * SCALES[word]
            pending = 0
        else:
            pending += VALUES[word]
        last_noun = NOUNS.get(word, 0)
    assert (scaled, pending) == (0, 0), words
    return fils


@given(st.one_of(st.integers(1, 999), st.integers(1_000, 999_999), st.integers(1, LARGEST_FILS)))
def test_arabic_words_say_exactly_the_amount(fils: int) -> None:
    assert read_back(amount_in_words(fils, "ar")) == fils


@given(st.integers(1, 10**6 - 1))
def test_the_noun_follows_the_last_two_digits(dinars: int) -> None:
    words = amount_in_words(dinars * 1000, "ar")
    tail = dinars % 100
    if tail == 1:
        expected = "دينار واحد"
    elif tail == 2:
        expected = "ديناران"
    else:
        expected = "دينار" if tail == 0 else "دنانير" if tail <= 10 else "دينارًا"
    assert words.endswith(expected)
    assert "مئتان دينار" not in words
    assert "ألفان دينار" not in words
    assert "مائة" not in words


@given(st.integers(0, LARGEST_FILS), st.integers(0, LARGEST_FILS))
def test_english_words_tell_amounts_apart(first: int, second: int) -> None:
    assert (amount_in_words(first, "en") == amount_in_words(second, "en")) == (first == second)

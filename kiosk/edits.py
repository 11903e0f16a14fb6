"""How many typing errors lie between what was typed and the beginning of a word.

Counted as the optimal string alignment distance: a letter left out, put in or put wrong is one error, and so are two
neighbours in the wrong order. Compared with the best beginning of the word, since people look while they still type.
"""

from __future__ import annotations


def forgiven(typed: str) -> int:
    """How many errors a word of that length may have: none in a short one, where every error makes another word."""
    return 0 if len(typed) < 4 else 1 if len(typed) < 8 else 2


def errors(typed: str, word: str, most: int) -> int:
    """The least errors between `typed` and any beginning of `word`; `most` + 1 where there are more."""
    word = word[: len(typed) + most]
    before: list[int] = []
    row = list(range(len(word) + 1))
    for at, letter in enumerate(typed):
        after = [at + 1]
        for place, other in enumerate(word):
            cost = min(row[place + 1] + 1, after[place] + 1, row[place] + (letter != other))
            if at and place and letter == word[place - 1] and typed[at - 1] == other:
                cost = min(cost, before[place - 1] + 1)
            after.append(cost)
        if min(after) > most and min(row) > most:  # two rows: a swap reaches back over one
            return most + 1
        before, row = row, after
    return min(*row, most + 1)


def letters_of(word: str) -> int:
    """A bit for each letter, another for its second time and so on. Of what was typed with so many errors, at most as
    many letters are not in the word that was meant: most words are told apart by this alone."""
    bits = 0
    for letter in word:
        bit = 1 << (ord(letter) & 63)
        while bits & bit:
            bit <<= 64
        bits |= bit
    return bits

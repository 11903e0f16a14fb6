"""What an analyst who is no programmer does wrong is told in the words of the page, with what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.catalogue import Service
from kiosk.catalogue.files import load
from kiosk.catalogue.warnings import ICONS, warnings_of

SERVICES = Path(__file__).parents[2] / "assets" / "services"
BOX = (SERVICES / "post" / "box.toml").read_text(encoding="utf-8")

ANOTHER_NUMBER = """
[[steps]]
id = "copies"
kind = "number"
when = { size = "large" }
title = { ar = "س", en = "s" }
label = { ar = "س", en = "s" }

[[tariffs]]"""

A_TARIFF = """
[[tariffs]]
id = "%s"
first_day = %s
source = { ar = "س", en = "s" }
provisional = true
lines = []

[[tariffs]]"""


def loaded(folder: Path, *changes: tuple[str, str]) -> list[str]:
    """The messages about a box's file in which these texts were exchanged."""
    text = BOX
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    (folder / "post").mkdir()
    (folder / "post" / "box.toml").write_text(text, encoding="utf-8")
    return [mistake.message for mistake in load(folder).mistakes]


BRACKETS = "Ask the range first, as a choice (docs/analyst.md, Fees by brackets)"
TARIFF = "tariffs.post-box-2026"

TOLD = [
    (
        'when = { size = "large" }',
        'when = { years = "> 1" }',
        f"{TARIFF}.lines.large.when: years is a number; a condition can only name a choice. {BRACKETS}",
    ),
    (
        'when = { size = "large" }',
        "when = { years = 2 }",
        (
            f"{TARIFF}.lines.large.when.years: waits for years = 2; a condition can only name a choice, its options in "
            f"quotes. {BRACKETS}"
        ),
    ),
    (
        "[[tariffs]]",
        A_TARIFF % ("old", "2025-01-01"),
        (
            "tariffs.old.last_day: old has no last_day, and post-box-2026 begins on 2026-01-01. "
            "Write last_day = 2025-12-31"
        ),
    ),
    (
        "[[tariffs]]",
        A_TARIFF % ("old", "2025-01-01\nlast_day = 2025-12-30"),
        (
            "tariffs.old.last_day: is 2025-12-30, and post-box-2026 begins on 2026-01-01. "
            "Write last_day = 2025-12-31, or mend the other day"
        ),
    ),
    (
        "[[tariffs]]",
        A_TARIFF % ("old", "2026-01-01"),
        "tariffs.post-box-2026.first_day: old begins on the same day. Let it begin on another",
    ),
    (
        "[[tariffs]]",
        A_TARIFF % ("post-box-2026", "2025-01-01\nlast_day = 2025-12-31"),
        "tariffs: two tariffs share one id. Give each tariff an id of its own",
    ),
    (
        'times = "years"',
        'times = "copies"',
        (
            f"{TARIFF}.lines.small.times: copies is not asked after size = small, and the line is charged. "
            "Give the line the same `when` as copies"
        ),
    ),
    (
        "amount_fils = 15_000",
        "amount_fils = 5.000",
        f"{TARIFF}.lines.small.amount_fils: Fils, not dinars. 5 dinars are 5_000",
    ),
    (
        "amount_fils = 15_000",
        "amount_fils = 5.25",
        f"{TARIFF}.lines.small.amount_fils: Fils, not dinars. 5.250 dinars are 5_250",
    ),
    (
        'payment_methods = ["bank_card"',
        'payment_methods = ["bankcard"',
        (
            'payment_methods[0]: "bankcard" is none of the words that may stand here. '
            "Perhaps bank_card is meant; there are: bank_card, cash, none"
        ),
    ),
    (
        'line_word = "fee"',
        'line_word = "everything"',
        'line_word: "everything" is none of the words that may stand here. Use one of: fine, due, fee',
    ),
    (
        "greatest_fils = 130_000",
        'answered = "later"',
        "offline.answered: answered belongs to the top. Write it before the first [",
    ),
    (
        'id = "box"\nkind = "number"\nleast = 1\nmost = 99999',
        'id = "box"\nkind = "phone"',
        "steps.box.on_receipt: prints what is personal. Leave it out",
    ),
]


@pytest.mark.parametrize(("old", "new", "message"), TOLD, ids=[new[:24].strip() for _, new, _ in TOLD])
def test_a_mistake_is_told_in_plain_words(tmp_path: Path, old: str, new: str, message: str) -> None:
    changes = [(old, new)]
    if "copies" in new:
        changes.append(("\n[[tariffs]]", ANOTHER_NUMBER))
    assert message in loaded(tmp_path, *changes)


AFTER = " Mend this first, then check again: nothing else of the file could be read"

LINES = [
    ('title = { ar = "س", en = Boxes }', "Is a quote missing?"),
    ('level = "soon', "Is a quote missing?"),
    ('title = { ar = "س, en = "Boxes" }', "Is a quote missing, or a comma?"),
    ("level “soon”", 'Write straight quotes: ".'),
    ("level", "Is the = missing?"),
    ("minutes = 3", "It stands there twice: keep one of the two."),
]


@pytest.mark.parametrize(("line", "question"), LINES, ids=[line for line, _ in LINES])
def test_a_line_that_cannot_be_read_is_shown_with_its_number(tmp_path: Path, line: str, question: str) -> None:
    number = BOX[: BOX.index("minutes = 2\n")].count("\n") + 2
    (message,) = loaded(tmp_path, ("minutes = 2\n", f"minutes = 2\n{line}\n"))
    assert message == f"line {number}: cannot be read: {line}. {question}{AFTER}"


def test_a_mistake_of_types_hides_none_of_the_others(tmp_path: Path) -> None:
    messages = loaded(
        tmp_path,
        ('kind = "choice"', 'kind = "choise"'),
        ('prefill = "size"', "prefill = 5"),
        ('times = "years"', 'times = "size"'),
        ('when = { size = "large" }', 'when = { size = "huge" }'),
        ("minutes = 2", 'minutes = "two"'),
        ("[[tariffs]]", A_TARIFF % ("old", "2025-01-01")),
    )
    assert [message.partition(":")[0] for message in messages] == [
        "minutes",
        "steps.size.kind",
        "steps.size.prefill",
        f"{TARIFF}.lines.small.times",
        f"{TARIFF}.lines.large.when",
        "tariffs.old.last_day",
    ]


def test_what_may_come_of_a_mistake_of_types_alone_is_not_told(tmp_path: Path) -> None:
    messages = loaded(
        tmp_path,
        ('kind = "choice"', 'kind = "dropdown"'),
        ("first_day = 2026-01-01", 'first_day = "soon"'),
        ("[[tariffs]]", A_TARIFF % ("old", "2025-01-01")),
        ('label = { ar = "عدد السنوات", en = "Years" }', ""),
    )
    assert [message.partition(":")[0] for message in messages] == [
        "steps.size.kind",
        "steps.years.label",
        f"{TARIFF}.first_day",
    ]
    assert load(tmp_path).partly_checked == ("post/box.toml",)


def warned(folder: Path, *changes: tuple[str, str]) -> list[str]:
    assert loaded(folder, *changes) == []
    service: Service = load(folder).service("post.box")
    return [f"{key}: {what}. {remedy}" for key, what, remedy in warnings_of(service)]


WARNINGS = [
    (
        [("amount_fils = 15_000", "amount_fils = 5")],
        (
            f"{TARIFF}.lines.small.amount_fils: is 5 fils, less than a tenth of a dinar. "
            "Fils, not dinars: 5 dinars are 5_000"
        ),
    ),
    (
        [("icon = ", 'icon = "file"  #')],
        'icon: "file" is no picture that ships; the sign i stands instead. Perhaps file-text is meant',
    ),
    (
        [("icon = ", 'icon = "landmarks"  #')],
        'icon: "landmarks" is no picture that ships; the sign i stands instead. Perhaps landmark is meant',
    ),
    (
        [('en = "Renew a P.O. box"', f'en = "{"x" * 41}"')],
        "title.en: has 41 letters, too many for a tile. Write it in about 30, never more than 40",
    ),
    (
        [('id = "box"\nkind = "number"\nleast = 1\nmost = 99999', 'id = "box"\nkind = "text"')],
        (
            "steps.box.on_receipt: prints what a person typed in words, perhaps a name or an address. "
            "Leave it out, unless nothing personal can stand there"
        ),
    ),
    (
        [
            ('id = "handling"', 'id = "handling"\nwhen = { size = "large" }'),
            ('{ size = "small" }', '{ size = "large" }'),
        ],
        f"{TARIFF}.lines: no line is charged after size = small. Give these answers a line, unless they cost nothing",
    ),
]


@pytest.mark.parametrize(("changes", "message"), WARNINGS, ids=[message[:40] for _, message in WARNINGS])
def test_what_is_probably_not_meant_is_a_warning(tmp_path: Path, changes: list[tuple[str, str]], message: str) -> None:
    assert warned(tmp_path, *changes) == [message]


def test_a_code_is_no_more_personal_than_a_number(tmp_path: Path) -> None:
    old = 'id = "box"\nkind = "number"\nleast = 1\nmost = 99999'
    assert warned(tmp_path, (old, 'id = "box"\nkind = "text"\nscript = "code"')) == []


def test_the_services_that_ship_have_no_warning() -> None:
    assert [told for service in load(SERVICES).services for told in warnings_of(service, ICONS)] == []

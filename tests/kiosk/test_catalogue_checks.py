"""Every mistake that a service's file can make beyond its types is named by its key, with what to do about it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.catalogue import Service, Step
from kiosk.catalogue.files import load
from kiosk.catalogue.rest import mistakes_of_the_rest
from kiosk.catalogue.types import mistakes_of_types
from offline_queue.intake.issue_keys import AGENCIES

SERVICES = Path(__file__).parents[2] / "assets" / "services"
BOX = (SERVICES / "post" / "box.toml").read_text(encoding="utf-8")
FINES = (SERVICES / "traffic" / "fines.toml").read_text(encoding="utf-8")

A_LATER_TARIFF = """
[[tariffs]]
id = "later"
first_day = 2027-01-02
source = { ar = "س", en = "s" }
provisional = true
lines = []
"""

KEYS = sorted({*Service.__struct_fields__, *Step.__struct_fields__, "ar", "en", "none_such"})

A_DOCUMENT = """
[[steps]]
id = "%s"
kind = "document"
title = { ar = "س", en = "s" }
label = { ar = "س", en = "s" }
"""

MISTAKES = [
    (BOX, 'agency = "post"', 'agency = "mail"', "agency"),
    (BOX, 'id = "size"\nkind', 'id = "box"\nkind', "steps"),
    (BOX, 'id = "years"\nkind = "number"', 'id = "years"\nkind = "choice"', "steps.years.options"),
    (BOX, "least = 1\nmost = 3", "least = 5\nmost = 3", "steps.years.least"),
    (BOX, 'id = "years"\nkind = "number"', 'id = "years"\nkind = "plate"', "steps.years.least"),
    (
        BOX,
        'id = "box"\nkind = "number"\nleast = 1\nmost = 99999',
        'id = "box"\nkind = "declaration"',
        "steps.box.statement",
    ),
    (
        BOX,
        'id = "box"\nkind = "number"\nleast = 1\nmost = 99999',
        'id = "box"\nkind = "text"\nmost = 999',
        "steps.box.most",
    ),
    (BOX, "[[lookups]]", f"{A_DOCUMENT % 'one'}most = 3\n{A_DOCUMENT % 'two'}most = 4\n[[lookups]]", "steps"),
    (BOX, "[[lookups]]", f"{A_DOCUMENT % 'one'}most = 1\n{A_DOCUMENT % 'two'}\n[[lookups]]", "steps"),
    (BOX, 'segments = ["citizen", "business", "government", "resident"]', "segments = []", "segments"),
    (BOX, 'en = "Renew a P.O. box"', 'en = " "', "title.en"),
    (BOX, 'en = "Your smart card, or a passport for non-Jordanians"', 'en = ""', "needs[0].en"),
    (BOX, 'ar = "وسط"', 'ar = "___ وسط"', "steps.size.options.medium.title.ar"),
    (BOX, 'source = "not public', 'source = "___ not public', "old_way.source"),
    (BOX, '"mailbox"', '""', "words[5]"),
    (BOX, 'lookup = "box"', 'lookup = "letters"', "steps.size.lookup"),
    (BOX, 'lookup = "box"\n', "", "lookups.box"),
    (BOX, 'prefill = "size"', 'prefill = "colour"', "steps.size.prefill"),
    (BOX, 'prefill = "size"', 'options_by = "colours"', "steps.size.options_by"),
    (BOX, 'id = "years"\nkind', 'id = "years"\noptions_by = "size"\nkind', "steps.years.options_by"),
    (BOX, 'shows = ["paid_until"]', 'shows = ["colour"]', "steps.size.shows"),
    (BOX, 'fields = ["box", "national_number", "passport"]', 'fields = ["letters"]', "lookups.box.fields"),
    (BOX, ', "passport"]\nfacts', "]\nfacts", "lookups.box.fields"),
    (BOX, 'cards = ["national", "passport"]', 'cards = ["national", "passport"]\nsignature = "card"', "cards"),
    (FINES, "provisional = true\n", 'provisional = true\ncards = ["passport"]\n', "enquiry"),
    (BOX, 'when = { size = "large" }', 'when = { size = "huge" }', "tariffs.post-box-2026.lines.large.when"),
    (BOX, 'times = "years"', 'times = "size"', "tariffs.post-box-2026.lines.small.times"),
    (BOX, 'lines = ["handling"]', 'lines = ["postage"]', "tariffs.post-box-2026.discounts.electronic.lines"),
    (BOX, 'id = "handling"', 'id = "small"', "tariffs.post-box-2026.lines"),
    (BOX, "provisional = true\ncards", "provisional = false\ncards", "tariffs.post-box-2026.provisional"),
    (BOX, "[[tariffs]]", '[enquiry]\nalways = ["box"]\n\n[[tariffs]]', "enquiry"),
    (BOX, "# A fixed fee:", f"{A_LATER_TARIFF}\n# A fixed fee:", "tariffs.post-box-2026.last_day"),
    (FINES, 'mine = ["national_number"]', 'mine = ["shoe_size"]', "enquiry"),
    (FINES, "mine = [", "hers = [", "enquiry.fields"),
    (FINES, 'number = "owner"', 'number = "plate"', "for_others.number"),
    (FINES, 'answer = "other"', 'answer = "nobody"', "for_others.by"),
    (FINES, "minutes = 2", "minutes = 'two'", "minutes"),
]


@pytest.mark.parametrize(
    ("text", "old", "new", "key"), MISTAKES, ids=[f"{at}-{one[3]}" for at, one in enumerate(MISTAKES)]
)
def test_a_mistake_is_named_by_its_key_and_has_a_remedy(
    tmp_path: Path, text: str, old: str, new: str, key: str
) -> None:
    assert old in text
    place = tmp_path / ("post" if text is BOX else "traffic")
    place.mkdir()
    (place / ("box.toml" if text is BOX else "fines.toml")).write_text(text.replace(old, new, 1), encoding="utf-8")
    found = load(tmp_path)
    assert found.services == ()
    assert key in {mistake.key for mistake in found.mistakes}
    assert all(mistake.what and mistake.remedy for mistake in found.mistakes)


def test_every_mistake_is_told_in_one_run(tmp_path: Path) -> None:
    (tmp_path / "post").mkdir()
    wrong = BOX.replace('prefill = "size"', 'prefill = "colour"').replace('times = "years"', 'times = "size"')
    (tmp_path / "post" / "box.toml").write_text(wrong, encoding="utf-8")
    keys = [mistake.key for mistake in load(tmp_path).mistakes]
    assert keys == [
        "steps.size.prefill",
        *(f"tariffs.post-box-2026.lines.{size}.times" for size in ("small", "medium", "large")),
    ]


@pytest.mark.parametrize(
    "documents",
    [
        f"{A_DOCUMENT % 'one'}most = 3\n{A_DOCUMENT % 'two'}most = 3\n",
        f'{A_DOCUMENT % "one"}when = {{ size = "small" }}\n{A_DOCUMENT % "two"}unless = {{ size = "small" }}\n',
        f'{A_DOCUMENT % "one"}when = {{ size = "small" }}\n{A_DOCUMENT % "two"}when = {{ size = "large" }}\n',
    ],
    ids=["together", "the one or the other", "of two answers"],
)
def test_documents_that_one_person_can_attach_together_are_no_mistake(tmp_path: Path, documents: str) -> None:
    (tmp_path / "post").mkdir()
    (tmp_path / "post" / "box.toml").write_text(BOX.replace("[[lookups]]", f"{documents}[[lookups]]"), "utf-8")
    assert load(tmp_path).mistakes == ()


def test_every_mistake_of_types_is_told_in_one_run_by_its_place(tmp_path: Path) -> None:
    (tmp_path / "post").mkdir()
    wrong = BOX
    for old, new in (
        ("minutes = 2", 'minutes = "two"'),
        ('segments = ["citizen"', 'segments = ["citizens"'),
        ('line_word = "fee"', 'line_word = "fees"'),
        ('kind = "choice"', 'kind = "chioce"'),
        ('label = { ar = "عدد السنوات", en = "Years" }', ""),
        ('label = { ar = "رقم الصندوق", en = "Box number" }', 'lable = { ar = "رقم الصندوق", en = "Box number" }'),
        ('en = "Waived for the electronic service"', 'fr = "Gratuit"'),
        ("first_day = 2026-01-01", 'first_day = "soon"'),
        ("percent = 100", "percent = 101"),
        ("count = 100", "count = 0"),
    ):
        assert old in wrong, old
        wrong = wrong.replace(old, new, 1)
    (tmp_path / "post" / "box.toml").write_text(wrong, encoding="utf-8")
    told = {mistake.key: mistake for mistake in load(tmp_path).mistakes}
    tariff = "tariffs.post-box-2026"
    assert set(told) == {
        "minutes",
        "segments[0]",
        "line_word",
        "steps.box.lable",
        "steps.box.label",
        "steps.size.kind",
        "steps.years.label",
        f"{tariff}.first_day",
        f"{tariff}.discounts.electronic.title.fr",
        f"{tariff}.discounts.electronic.title.en",
        f"{tariff}.discounts.electronic.percent",
        "offline.count",
    }
    assert told["steps.box.lable"].remedy == "Perhaps label is meant"
    assert told["line_word"].remedy == "Perhaps fee is meant; there are: fine, due, fee"
    assert all(mistake.what and mistake.remedy for mistake in told.values())


@given(
    table=st.recursive(
        st.booleans() | st.integers() | st.text(max_size=9) | st.dates(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
        max_leaves=12,
    )
)
def test_whatever_does_not_decode_has_a_mistake_that_is_told(table: object) -> None:
    try:
        msgspec.convert(table, Service, builtin_types=(date, datetime), str_keys=True)
    except msgspec.ValidationError:
        assert list(mistakes_of_types(table, Service))
    else:
        assert not list(mistakes_of_types(table, Service))


@given(
    key=st.sampled_from(KEYS),
    value=st.booleans()
    | st.integers()
    | st.text(max_size=9)
    | st.lists(st.integers() | st.dictionaries(st.sampled_from(KEYS), st.text())),
)
def test_what_decoding_refuses_of_a_sound_file_is_told_and_nothing_else(key: str, value: object) -> None:
    table = {**msgspec.toml.decode(BOX), key: value}
    try:
        msgspec.convert(table, Service, builtin_types=(date, datetime), str_keys=True)
    except msgspec.ValidationError:
        of_types = list(mistakes_of_types(table, Service))
        assert of_types
        rest = list(mistakes_of_the_rest(table, "post.box", of_types))
        assert not rest or key in {"steps", "lookups", "tariffs"}
    else:
        assert not list(mistakes_of_types(table, Service))


def test_the_services_that_ship_have_none() -> None:
    assert load(SERVICES).mistakes == ()


def test_every_agency_of_a_service_that_ships_has_a_key_to_sign_with() -> None:
    assert {service.agency for service in load(SERVICES).services} <= set(AGENCIES)

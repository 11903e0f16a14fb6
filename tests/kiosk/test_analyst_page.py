"""docs/analyst.md has every key that a service's file may have, and its complete example is right."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kiosk.catalogue import Catalogue, EnquiryRule, ForOthers, Lookup, OldWay, Option, Service, Step, StepKind
from kiosk.catalogue.files import load
from kiosk.catalogue.types import ASK_THE_RANGE
from kiosk.catalogue.warnings import DRAWN_HERE, ICONS, warnings_of
from kiosk.fees import Discount, Tariff, TariffLine, price
from kiosk.offline import OfflineRule

PAGE = (Path(__file__).parents[2] / "docs" / "analyst.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| `")]
KEYS = {key for row in ROWS for key in re.findall(r"`(\w+)`", row[0])}
TYPES = (Service, Step, EnquiryRule, Lookup, ForOthers, OldWay, Tariff, TariffLine, Discount, OfflineRule)
FIELDS = [(kind.__name__, field) for kind in TYPES for field in msgspec.structs.fields(kind)]


@pytest.mark.parametrize(
    "field", [field for _, field in FIELDS], ids=[f"{kind}.{field.name}" for kind, field in FIELDS]
)
def test_every_key_has_a_row(field: Any) -> None:
    assert field.name in KEYS


def test_an_option_is_explained_with_all_its_keys() -> None:
    (row,) = [row for row in ROWS if row[0] == "`options`"]
    assert {field.name for field in msgspec.structs.fields(Option)} <= set(re.findall(r"`(\w+)`", row[3]))


def test_every_kind_of_question_has_a_row() -> None:
    assert set(StepKind.__args__) <= KEYS  # type: ignore[attr-defined]  # typing's own attribute of a Literal


def test_a_key_of_the_service_that_must_be_there_says_so() -> None:
    wanted = {field.name for field in msgspec.structs.fields(Service) if field.required}
    told = {key for row in ROWS if row[2:3] == ["must"] for key in re.findall(r"`(\w+)`", row[0])}
    assert wanted <= told


BLOCKS = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
(EXAMPLE,) = [block for block in BLOCKS if 'id = "library.card"' in block]
STEPS, TARIFF, OFFLINE = (EXAMPLE.index(part) for part in ("[[steps]]", "[[tariffs]]", "[offline]"))


def load_library(folder: Path, text: str) -> Catalogue:
    (folder / "library").mkdir()
    (folder / "library" / "card.toml").write_text(text, encoding="utf-8")
    return load(folder)


def test_the_complete_example_has_no_mistake(tmp_path: Path) -> None:
    found = load_library(tmp_path, EXAMPLE)
    assert found.mistakes == ()
    assert [service.id for service in found.services] == ["library.card"]
    assert list(warnings_of(found.services[0])) == []


def test_the_two_tariffs_that_follow_each_other_are_right(tmp_path: Path) -> None:
    (tariffs,) = [block for block in BLOCKS if block.count("[[tariffs]]") == 2]
    found = load_library(tmp_path, EXAMPLE[:TARIFF] + tariffs + EXAMPLE[OFFLINE:])
    assert found.mistakes == ()
    assert [tariff.id for tariff in found.services[0].tariffs] == ["library-card-2026", "library-card-2027"]


def test_the_recipe_of_brackets_is_right(tmp_path: Path) -> None:
    """And is called as the mistake calls it that sends people there."""
    (recipe,) = [block for block in BLOCKS if "books_few" in block]
    found = load_library(tmp_path, EXAMPLE[:STEPS] + recipe + EXAMPLE[OFFLINE:])
    assert found.mistakes == ()
    (service,) = found.services
    assert list(warnings_of(service)) == []
    moment = datetime(2026, 11, 27, tzinfo=UTC)
    sums = [price(service.tariffs[0], {"size": size}, moment, "kiosk").total_fils for size in ("upto_20", "over_20")]
    assert sums == [5_000, 10_000]
    assert "#### Fees by brackets\n" in PAGE
    assert "Fees by brackets" in ASK_THE_RANGE


def test_every_picture_that_ships_is_listed() -> None:
    listed = re.findall(r"`([a-z-]+)`", PAGE[PAGE.index("### Icons") :])[1:]  # the first is the key itself
    assert listed == sorted((*(file.stem for file in ICONS.glob("*.svg")), *DRAWN_HERE))


def test_every_link_within_the_page_leads_somewhere() -> None:
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL), re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", PAGE)) <= anchors

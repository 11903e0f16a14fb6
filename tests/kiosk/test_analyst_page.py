"""docs/analyst.md has every key that a service's file may have, and its complete example is right."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kiosk.catalogue import EnquiryRule, ForOthers, Lookup, OldWay, Option, Service, Step, StepKind
from kiosk.catalogue_files import load
from kiosk.fees import Discount, Tariff, TariffLine
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


def test_the_complete_example_has_no_mistake(tmp_path: Path) -> None:
    (example,) = [
        block for block in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL) if 'id = "library.card"' in block
    ]
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "card.toml").write_text(example, encoding="utf-8")
    found = load(tmp_path)
    assert found.mistakes == ()
    assert [service.id for service in found.services] == ["library.card"]

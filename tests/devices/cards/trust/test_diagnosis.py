"""The technician's check of the trust data: fresh, stale, without revocation lists, and with a wrong clock."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import pytest

from devices.cards.trust.diagnosis import measure
from devices.cards.trust.store import Policy
from kiosk.diagnostics import Health, Measured
from kiosk.failures import Failure
from kiosk.texts import without_isolates
from tests.devices.cards.conftest import Country, write_anchor
from tests.devices.cards.issuing import NOW
from tests.devices.cards.trust import making
from tests.devices.cards.trust.making import ListMaker


def measured(folder: Path, days: int = 0, policy: Policy | None = None) -> Measured:
    return measure(folder, policy or Policy(), NOW + datetime.timedelta(days=days))


@pytest.fixture
def folder(jordan: Country, germany: ListMaker, tmp_path: Path) -> Path:
    making.imported(tmp_path, germany, [jordan.authority.der])
    making.revocations_imported(tmp_path, making.make_revocation_list(jordan.authority, days=60))
    return tmp_path


def test_fresh_trust_data_are_well(folder: Path) -> None:
    found = measured(folder)
    assert (found.health, found.code) == (Health.GOOD, "")
    assert [without_isolates(step.value.en) for step in found.steps] == ["signed 10 days ago", "50 days left"]


def test_a_revocation_list_out_of_date_is_a_warning(folder: Path) -> None:
    found = measured(folder, 60)
    assert found.health is Health.WARNING
    assert [step.health for step in found.steps] == [Health.GOOD, Health.WARNING, Health.WARNING]
    assert found.meaning is not None
    assert "without knowing" in found.meaning.en
    required = measured(folder, 60, Policy(revocation_required=True))
    assert required.meaning is not None
    assert "not accepted" in required.meaning.en


def test_stale_trust_data_have_their_support_code(folder: Path) -> None:
    found = measured(folder, 91)
    assert (found.health, found.code) == (Health.WARNING, Failure.TRUST_STALE.value)
    assert "91 days old" in without_isolates(found.value.en)


def test_a_clock_before_the_data_is_the_fault(folder: Path) -> None:
    found = measured(folder, -11)
    assert found.health is Health.BAD
    assert found.next_step is not None
    assert found.next_step.en == "Set the clock"


def test_no_anchors_and_a_damaged_store_are_bad(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert measured(tmp_path_factory.mktemp("empty")).health is Health.BAD
    (folder / "manifest.json").write_text("nonsense", encoding="utf-8")
    found = measured(folder)
    assert found.health is Health.BAD
    assert "manifest.json" in found.value.en


@pytest.mark.parametrize(("days", "code"), [(19, ""), (120, Failure.TRUST_STALE.value)])
def test_certificates_put_there_by_hand_are_as_old_as_their_files(
    jordan: Country, tmp_path: Path, days: int, code: str
) -> None:
    write_anchor(tmp_path, jordan.authority)
    os.utime(tmp_path / "csca.der", (NOW.timestamp(), NOW.timestamp()))
    found = measured(tmp_path, days)
    assert (found.health, found.code) == (Health.WARNING, code)  # no revocation list, in both cases
    assert f"{days} days old" in without_isolates(found.value.en)
    assert found.meaning is not None

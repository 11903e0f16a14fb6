"""Importing master lists: whole or not at all, no older after a newer, and a store that says what it rests on."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from devices.cards.authenticity import prove_signer
from devices.cards.security_object import open_security_object
from devices.cards.trust import certificates, manifest
from devices.cards.trust.imports import take_list
from devices.cards.trust.manifest import IMPORTED, StoreDamaged, read_manifest
from devices.cards.trust.overview import change_of, overview
from devices.cards.trust.refusal import ImportRefused
from kiosk.identity import Verdict
from tests.devices.cards import issuing
from tests.devices.cards.conftest import Country, write_anchor
from tests.devices.cards.issuing import NOW, Authority
from tests.devices.cards.trust import making
from tests.devices.cards.trust.making import PEOPLE, SIGNED_AT, ListMaker
from tests.devices.cards.trust.test_master_list import UNPARSABLE

DAY = datetime.timedelta(days=1)


def verdict(signer: Authority, folder: Path, now: datetime.datetime = NOW) -> Verdict:
    signed = open_security_object(issuing.make_security_object(signer, {1: b"one"}))
    return prove_signer(signed, making.read(folder), "JOR", datetime.date(2031, 8, 17), now).verdict


def test_an_imported_country_is_believed_on_the_lists_word(jordan: Country, germany: ListMaker, tmp_path: Path) -> None:
    assert verdict(jordan.signer, tmp_path) is Verdict.NOT_CHECKABLE
    record = making.imported(tmp_path, germany, [jordan.authority.der, germany.authority.der])
    assert verdict(jordan.signer, tmp_path) is Verdict.GENUINE
    assert (record.source, record.imported_by, record.signed_at) == ("DE", PEOPLE, SIGNED_AT)
    assert record.countries == {
        "DE": making.fingerprints(germany.authority),
        "JO": making.fingerprints(jordan.authority),
    }
    believed = making.read(tmp_path)
    assert (believed.imported_at, believed.signed_at) == (NOW, SIGNED_AT)
    assert verdict(jordan.signer, tmp_path, SIGNED_AT - DAY) is Verdict.NOT_CHECKABLE


def test_an_older_list_never_follows_a_newer(jordan: Country, germany: ListMaker, tmp_path: Path) -> None:
    both = [jordan.authority.der, germany.authority.der]
    offer = making.offered(tmp_path, germany, both)
    take_list(tmp_path, offer, PEOPLE, NOW)
    with pytest.raises(ImportRefused, match="in force already"):
        take_list(tmp_path, offer, PEOPLE, NOW)
    for certificate, signed_at in ((both[:1], SIGNED_AT), (both, SIGNED_AT - DAY)):
        with pytest.raises(ImportRefused, match="not newer"):
            making.imported(tmp_path, germany, certificate, signed_at)
    making.imported(tmp_path, germany, both[1:], SIGNED_AT + DAY)
    assert verdict(jordan.signer, tmp_path) is Verdict.NOT_CHECKABLE
    assert len(list((tmp_path / IMPORTED).iterdir())) == 1


def test_a_newer_list_that_came_in_between_is_not_undone(jordan: Country, germany: ListMaker, tmp_path: Path) -> None:
    """Two people may look at one list while two others import the next."""
    slow = making.offered(tmp_path, germany, [jordan.authority.der])
    making.imported(tmp_path, germany, [germany.authority.der], SIGNED_AT + DAY)
    with pytest.raises(ImportRefused, match="not newer"):
        take_list(tmp_path, slow, PEOPLE, NOW)


def test_lists_of_two_countries_stand_beside_each_other(
    jordan: Country, germany: ListMaker, netherlands: ListMaker, tmp_path: Path
) -> None:
    making.imported(tmp_path, germany, [jordan.authority.der])
    making.imported(tmp_path, netherlands, [netherlands.authority.der], SIGNED_AT - DAY)
    assert {anchor.country for anchor in making.read(tmp_path).anchors} == {"JO", "NL"}
    rows = [(row.country, row.brought_by, row.imported_by) for row in overview(tmp_path)]
    assert rows == [("JO", "list of DE", "huda and hani"), ("NL", "list of NL", "huda and hani")]


def test_what_people_put_there_by_hand_stays(jordan: Country, germany: ListMaker, tmp_path: Path) -> None:
    write_anchor(tmp_path, jordan.authority)
    making.imported(tmp_path, germany, [germany.authority.der])
    assert {anchor.country for anchor in making.read(tmp_path).anchors} == {"DE", "JO"}
    assert [(row.country, row.brought_by) for row in overview(tmp_path)] == [("DE", "list of DE"), ("JO", "by hand")]


def test_what_is_left_out_is_told_before(jordan: Country, germany: ListMaker, tmp_path: Path) -> None:
    stray = making.make_link(issuing.make_authority("UT"), issuing.make_authority("UT"))
    offer = making.offered(tmp_path, germany, [UNPARSABLE, jordan.signer.der, stray.der, jordan.authority.der])
    change = change_of(offer)
    assert (change.certificates, change.countries) == (1, ("JO",))
    assert sorted(line.partition(": ")[2] for line in change.left_out) == [
        "does not parse",
        "not the certificate of an authority",
        "signed neither by itself nor by a believed certificate",
    ]
    take_list(tmp_path, offer, PEOPLE, NOW)
    fewer = making.offered(tmp_path, germany, [germany.authority.der], SIGNED_AT + DAY)
    assert change_of(fewer).countries_lost == ("JO",)


def test_a_list_whose_certificates_all_fail_is_refused(jordan: Country, germany: ListMaker, tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="no certificate that could be believed"):
        making.offered(tmp_path, germany, [jordan.signer.der])


def test_a_link_in_a_list_may_lead_to_an_anchor_put_there_by_hand(
    jordan: Country, germany: ListMaker, tmp_path: Path
) -> None:
    write_anchor(tmp_path, jordan.authority)
    new = issuing.make_authority()
    making.imported(tmp_path, germany, [making.make_link(jordan.authority, new).der])
    assert verdict(issuing.make_signer(new), tmp_path) is Verdict.GENUINE


def test_an_import_that_breaks_off_changes_nothing(
    jordan: Country, germany: ListMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    making.imported(tmp_path, germany, [germany.authority.der])
    before = (tmp_path / "manifest.json").read_bytes()
    real = Path.replace

    def full_disk(self: Path, target: Path) -> Path:
        if target.name == "manifest.json":
            raise OSError(28, "No space left on device")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", full_disk)
    with pytest.raises(OSError, match="No space"):
        making.imported(tmp_path, germany, [jordan.authority.der], SIGNED_AT + DAY)
    monkeypatch.undo()
    assert (tmp_path / "manifest.json").read_bytes() == before
    assert {anchor.country for anchor in making.read(tmp_path).anchors} == {"DE"}
    making.imported(tmp_path, germany, [jordan.authority.der], SIGNED_AT + DAY)
    assert {anchor.country for anchor in making.read(tmp_path).anchors} == {"JO"}


def test_files_that_were_changed_or_added_stop_the_start_or_count_nothing(
    jordan: Country, germany: ListMaker, tmp_path: Path
) -> None:
    making.imported(tmp_path, germany, [germany.authority.der])
    name = certificates.fingerprint(germany.authority.der)
    (tmp_path / IMPORTED / f"{certificates.fingerprint(jordan.authority.der)}.der").write_bytes(jordan.authority.der)
    assert {anchor.country for anchor in making.read(tmp_path).anchors} == {"DE"}
    (tmp_path / IMPORTED / f"{name}.der").write_bytes(jordan.authority.der)
    with pytest.raises(StoreDamaged, match="not what was imported"):
        making.read(tmp_path)
    (tmp_path / IMPORTED / f"{name}.der").unlink()
    with pytest.raises(StoreDamaged, match=name):
        making.read(tmp_path)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"format": 2}', '{"more": 1}', '{"lists": [{"source": "../x"}]}', "\ufeff{}", "{" * 2_000]
)
def test_a_manifest_of_another_kind_stops_the_start(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(StoreDamaged, match=r"manifest\.json"):
        read_manifest(tmp_path)


def test_a_manifest_is_read_as_it_was_written(jordan: Country, germany: ListMaker, tmp_path: Path) -> None:
    record = making.imported(tmp_path, germany, [jordan.authority.der])
    revocation = making.revocations_imported(tmp_path, making.make_revocation_list(jordan.authority))
    assert read_manifest(tmp_path) == manifest.Manifest(lists=(record,), revocations=(revocation,))

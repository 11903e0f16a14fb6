"""What is in the store, and what a list would change, as records for the command line and the technician."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from devices.cards.anchors import read_certificates
from devices.cards.trust import certificates
from devices.cards.trust.imports import Offer
from devices.cards.trust.manifest import Manifest, RevocationRecord, read_manifest

BY_HAND = "by hand"


class CountryRow(msgspec.Struct, frozen=True, kw_only=True):
    """One country on the word of one list, or of whoever put its certificates into the folder by hand. Times are UTC;
    the last is until when its revocation list counts."""

    country: str
    anchors: int
    fingerprints: tuple[str, ...]
    brought_by: str
    signed_at: datetime | None = None
    imported_at: datetime | None = None
    imported_by: str = ""
    revocation_until: datetime | None = None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What taking a list would change. `left_out` are the certificates that are not taken, by SHA-256 with the reason;
    `countries_lost` those that this source's list before it had."""

    source: str
    signed_at: datetime
    signer: str
    fingerprint: str
    certificates: int
    countries: tuple[str, ...]
    countries_lost: tuple[str, ...]
    left_out: tuple[str, ...]


def overview(folder: Path) -> tuple[CountryRow, ...]:
    """By country. Raises AnchorUnreadable, StoreDamaged."""
    manifest = read_manifest(folder)
    until = _latest_revocations(manifest)
    rows = [
        CountryRow(
            country=country,
            anchors=len(fingerprints),
            fingerprints=fingerprints,
            brought_by=f"list of {record.source}",
            signed_at=record.signed_at,
            imported_at=record.imported_at,
            imported_by=" and ".join(record.imported_by),
            revocation_until=until[country].next_update if country in until else None,
        )
        for record in manifest.lists
        for country, fingerprints in record.countries.items()
    ]
    by_hand: dict[str, tuple[str, ...]] = {}
    for _, certificate in read_certificates(folder):
        country = certificates.country_of(certificate.subject)
        by_hand[country] = (*by_hand.get(country, ()), certificates.fingerprint(certificate.dump()))
    rows += (
        CountryRow(
            country=country,
            anchors=len(fingerprints),
            fingerprints=fingerprints,
            brought_by=BY_HAND,
            revocation_until=until[country].next_update if country in until else None,
        )
        for country, fingerprints in by_hand.items()
    )
    return tuple(sorted(rows, key=lambda row: (row.country, row.brought_by)))


def change_of(offer: Offer) -> Change:
    source = offer.master_list
    return Change(
        source=source.source,
        signed_at=source.signed_at,
        signer=source.signer,
        fingerprint=source.fingerprint,
        certificates=sum(map(len, offer.countries.values())),
        countries=tuple(offer.countries),
        countries_lost=offer.countries_lost,
        left_out=tuple(f"{one.fingerprint}: {one.reason}" for one in offer.left_out),
    )


def _latest_revocations(manifest: Manifest) -> Mapping[str, RevocationRecord]:
    """By country, where several issuers of it have one: the one that counts longest."""
    return {record.country: record for record in sorted(manifest.revocations, key=lambda one: one.next_update)}

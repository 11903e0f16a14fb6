"""What this terminal believes about issuers, read once from one folder: certificates put there by hand, and imported
master lists and revocation lists."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from asn1crypto import x509

from devices.cards.anchors import Anchor, AnchorUnreadable, believe, read_certificates
from devices.cards.signatures import CannotCheck, SignatureWrong
from devices.cards.tlv import MalformedData
from devices.cards.trust import certificates
from devices.cards.trust.manifest import Manifest, StoreDamaged, read_imported, read_manifest
from devices.cards.trust.revocation import LARGEST_LIST, RevocationList, open_revocation_list

STALE_DAYS: Final = 90
"""Without an import for so long, trust data are stale: a country renews its revocation list at least that often
(Doc 9303-12, 6.1)."""


@dataclasses.dataclass(frozen=True, slots=True)
class Policy:
    """What the settings decide: whether a card passes only if its issuer's revocation list is there and in date, and
    whether SHA-1 counts in signatures of documents and their issuers."""

    revocation_required: bool = False
    accept_sha1: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Trust:
    """`imported_at` is when the newest of it came here (None: nothing did), `signed_at` the newest time that a signed
    part states (None: no part does)."""

    anchors: tuple[Anchor, ...] = ()
    revocations: tuple[RevocationList, ...] = ()
    imported_at: datetime.datetime | None = None
    signed_at: datetime.datetime | None = None
    policy: Policy = Policy()

    def anchors_of(self, country: str) -> tuple[Anchor, ...]:
        return tuple(anchor for anchor in self.anchors if anchor.country == country)

    def revocations_of(self, country: str, issuer: x509.Name) -> tuple[RevocationList, ...]:
        return tuple(one for one in self.revocations if one.country == country and one.speaks_for(issuer))

    def is_stale(self, now: datetime.datetime) -> bool:
        return self.imported_at is not None and now - self.imported_at > datetime.timedelta(days=STALE_DAYS)

    def is_ahead_of(self, now: datetime.datetime) -> bool:
        """Whether the clock shows a time before something in here was signed: it is wrong then, and no date counts."""
        return self.signed_at is not None and now < self.signed_at


def read_trust(folder: Path, policy: Policy) -> Trust:
    """Raises AnchorUnreadable, StoreDamaged: a terminal that silently believed less would turn people away."""
    manifest = read_manifest(folder)
    by_hand = read_certificates(folder)
    imported = [
        _parse(fingerprint, read_imported(folder, fingerprint, certificates.LARGEST_CERTIFICATE))
        for fingerprint in fingerprints_of(manifest)
    ]
    given = [certificate for _, certificate in by_hand]
    anchors, refused = believe([*given, *imported], accept_sha1=policy.accept_sha1)
    for one in refused:
        for file, certificate in by_hand:
            if certificate is one.certificate:
                raise AnchorUnreadable(f"{file.name}: {one.reason}")
    return Trust(
        anchors=anchors,
        revocations=tuple(_revocations(folder, manifest, anchors, policy)),
        imported_at=_newest_import(manifest, [file for file, _ in by_hand]),
        signed_at=max(_signing_times(manifest), default=None),
        policy=policy,
    )


def _newest_import(manifest: Manifest, by_hand: list[Path]) -> datetime.datetime | None:
    """Files put there by hand have no date but their own; it counts until a list is imported."""
    if manifest.lists or manifest.revocations:
        lists = [record.imported_at for record in manifest.lists]
        return max([*lists, *(record.imported_at for record in manifest.revocations)])
    changed = (file.stat().st_mtime for file in by_hand)
    return max((datetime.datetime.fromtimestamp(time, datetime.UTC) for time in changed), default=None)


def _signing_times(manifest: Manifest) -> Iterator[datetime.datetime]:
    yield from (record.signed_at for record in manifest.lists)
    yield from (record.this_update for record in manifest.revocations)


def fingerprints_of(manifest: Manifest) -> tuple[str, ...]:
    """Of every certificate that the lists in force brought, each once."""
    every = (name for record in manifest.lists for names in record.countries.values() for name in names)
    return tuple(dict.fromkeys(every))


def _parse(fingerprint: str, data: bytes) -> x509.Certificate:
    try:
        return certificates.parse(data)
    except MalformedData as error:
        raise StoreDamaged(f"{fingerprint}: not a certificate") from error


def _revocations(folder: Path, manifest: Manifest, anchors: tuple[Anchor, ...], policy: Policy) -> list[RevocationList]:
    """A list whose issuer is believed no longer says nothing: it is left out, and the verdict says what is missing."""
    found: list[RevocationList] = []
    for record in manifest.revocations:
        data = read_imported(folder, record.fingerprint, LARGEST_LIST)
        own = (anchor for anchor in anchors if anchor.country == record.country)
        try:
            found.append(open_revocation_list(data, own, accept_sha1=policy.accept_sha1))
        except (SignatureWrong, CannotCheck):
            continue
        except MalformedData as error:
            raise StoreDamaged(f"{record.fingerprint}: not a revocation list") from error
    return found

"""Takes a master list or a revocation list into the store: whole or not at all, and no older one after a newer."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
from collections.abc import Iterable
from pathlib import Path

import msgspec
from asn1crypto import pem, x509

from devices.cards.anchors import Anchor, believe, read_certificates
from devices.cards.signatures import CannotCheck, SignatureWrong
from devices.cards.tlv import MalformedData
from devices.cards.trust import certificates
from devices.cards.trust.manifest import (
    ListRecord,
    Manifest,
    RevocationRecord,
    one_writer,
    read_manifest,
    write_imported,
    write_manifest,
)
from devices.cards.trust.master_list import MasterList, Rejected
from devices.cards.trust.refusal import ImportRefused
from devices.cards.trust.revocation import LARGEST_LIST, RevocationList, open_revocation_list
from devices.cards.trust.store import Policy, read_trust


@dataclasses.dataclass(frozen=True, slots=True)
class Offer:
    """What taking the list would change, for the two people who answer for it. `left_out` are certificates of the list
    that will not be believed, each with the reason."""

    master_list: MasterList
    countries: dict[str, tuple[x509.Certificate, ...]] = dataclasses.field(repr=False)
    left_out: tuple[Rejected, ...]
    countries_lost: tuple[str, ...]


def offer_list(folder: Path, master_list: MasterList, policy: Policy) -> Offer:
    """Raises ImportRefused for a list that is not newer than the one of the same source; StoreDamaged."""
    manifest = read_manifest(folder)
    _check_newer(manifest, master_list)
    by_hand = {certificate.dump() for _, certificate in read_certificates(folder)}
    brought = {certificate.dump(): certificate for certificate in master_list.certificates}
    # A link may lead to an anchor that was put into the folder by hand.
    candidates = [*brought.values(), *(certificates.parse(der) for der in by_hand - brought.keys())]
    anchors, refused = believe(candidates, accept_sha1=policy.accept_sha1)
    countries: dict[str, tuple[x509.Certificate, ...]] = {}
    for anchor in sorted(anchors, key=lambda one: one.country):
        if anchor.certificate.dump() in brought:
            countries[anchor.country] = (*countries.get(anchor.country, ()), anchor.certificate)
    left_out = (
        Rejected(certificates.fingerprint(one.certificate.dump()), one.reason)
        for one in refused
        if one.certificate.dump() in brought
    )
    before = {
        country for record in manifest.lists if record.source == master_list.source for country in record.countries
    }
    if not countries:
        raise ImportRefused("the list holds no certificate that could be believed")
    return Offer(master_list, countries, (*master_list.rejected, *left_out), tuple(sorted(before - countries.keys())))


def take_list(folder: Path, offer: Offer, imported_by: tuple[str, str], now: datetime.datetime) -> ListRecord:
    """Raises ImportRefused where a newer one came in between; StoreDamaged; OSError."""
    source = offer.master_list
    record = ListRecord(
        source=source.source,
        signer=source.signer,
        fingerprint=source.fingerprint,
        signed_at=source.signed_at,
        imported_at=now,
        imported_by=imported_by,
        countries={
            country: tuple(certificates.fingerprint(one.dump()) for one in own)
            for country, own in offer.countries.items()
        },
    )
    with one_writer(folder):
        manifest = read_manifest(folder)
        _check_newer(manifest, source)
        for own in offer.countries.values():
            for certificate in own:
                write_imported(folder, certificates.fingerprint(certificate.dump()), certificate.dump())
        others = (one for one in manifest.lists if one.source != record.source)
        write_manifest(folder, msgspec.structs.replace(manifest, lists=(*others, record)))
    return record


def _check_newer(manifest: Manifest, offered: MasterList) -> None:
    for record in manifest.lists:
        if record.source != offered.source:
            continue
        if record.fingerprint == offered.fingerprint:
            raise ImportRefused(f"this list is in force already, imported on {record.imported_at:%Y-%m-%d}")
        if record.signed_at >= offered.signed_at:
            raise ImportRefused(
                f"the list of {offered.source} signed at {offered.signed_at:%Y-%m-%d %H:%M} UTC is not newer than the "
                f"one in force, signed at {record.signed_at:%Y-%m-%d %H:%M} UTC"
            )


def take_revocations(folder: Path, data: bytes, policy: Policy, now: datetime.datetime) -> RevocationRecord:
    """Its issuer's signature answers for it, so one person may bring it.

    Raises ImportRefused, StoreDamaged, AnchorUnreadable, OSError.
    """
    der = _unarmoured(data)
    with one_writer(folder):
        fresh = _open(der, read_trust(folder, policy).anchors, policy)
        if not fresh.is_current(now):
            raise ImportRefused(
                f"the revocation list of {fresh.country} counts from {fresh.this_update:%Y-%m-%d %H:%M} to "
                f"{fresh.next_update:%Y-%m-%d %H:%M} UTC, which is not now"
            )
        record = RevocationRecord(
            country=fresh.country,
            issuer=certificates.fingerprint(fresh.issuer.hashable.encode()),
            fingerprint=certificates.fingerprint(der),
            number="" if fresh.number < 0 else str(fresh.number),
            this_update=fresh.this_update,
            next_update=fresh.next_update,
            imported_at=now,
        )
        manifest = read_manifest(folder)
        older = [one for one in manifest.revocations if (one.country, one.issuer) == (record.country, record.issuer)]
        if not all(_is_newer(record, one) for one in older):
            raise ImportRefused(f"the revocation list of {fresh.country} is not newer than the one in force")
        write_imported(folder, record.fingerprint, der)
        others = (one for one in manifest.revocations if one not in older)
        write_manifest(folder, msgspec.structs.replace(manifest, revocations=(*others, record)))
    return record


def take_newer_revocations(folder: Path, files: Iterable[Path], policy: Policy, now: datetime.datetime) -> None:
    """Takes those of the files that are newer than what is in force; for a set-up that is run again and again."""
    for file in files:
        with contextlib.suppress(ImportRefused):
            take_revocations(folder, file.read_bytes(), policy, now)


def _open(der: bytes, anchors: Iterable[Anchor], policy: Policy) -> RevocationList:
    try:
        return open_revocation_list(der, anchors, accept_sha1=policy.accept_sha1)
    except MalformedData as error:
        raise ImportRefused("the file is not a revocation list that can be read") from error
    except SignatureWrong as error:
        raise ImportRefused("the revocation list's signature is by no believed authority of its name") from error
    except CannotCheck as error:
        raise ImportRefused(f"the revocation list cannot be checked here: {error}") from error


def _is_newer(fresh: RevocationRecord, old: RevocationRecord) -> bool:
    """By number where both have one, and never against the time that the issuer states."""
    if fresh.number and old.number and int(fresh.number) <= int(old.number):
        return False
    if fresh.number and old.number:
        return fresh.this_update >= old.this_update
    return fresh.this_update > old.this_update


def _unarmoured(data: bytes) -> bytes:
    if len(data) > 2 * LARGEST_LIST:
        raise ImportRefused("the file is too large for a revocation list")
    if not pem.detect(data):
        return data
    try:
        return bytes(pem.unarmor(data)[2])
    except (ValueError, TypeError) as error:
        raise ImportRefused("the file is not a revocation list that can be read") from error

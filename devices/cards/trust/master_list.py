"""A CSCA master list: a country's signed list of the certificates that it believes (ICAO Doc 9303-12, 8)."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Final

from asn1crypto import core, x509

from devices.cards.signatures import CannotCheck, SignatureWrong
from devices.cards.signed_data import open_signed_data
from devices.cards.tlv import MalformedData
from devices.cards.trust import certificates
from devices.cards.trust.refusal import ImportRefused

LARGEST_LIST: Final = 8 << 20
"""Bytes. The public lists of 2026 hold about 600 certificates in less than one million."""
_MOST_CERTIFICATES = 5_000
_MASTER_LIST = "2.23.136.1.1.2"


class _Certificates(core.SetOf):  # type: ignore[misc]  # asn1crypto ships no types
    """Unparsed, so that one certificate that does not parse does not hide the others."""

    _child_spec = core.Any


class _MasterList(core.Sequence):  # type: ignore[misc]  # asn1crypto ships no types
    _fields = [("version", core.Integer), ("certificates", _Certificates)]  # noqa: RUF012  # the library's way


@dataclasses.dataclass(frozen=True, slots=True)
class Rejected:
    """A certificate of the list that is left out: its SHA-256, and why."""

    fingerprint: str
    reason: str


@dataclasses.dataclass(frozen=True, slots=True)
class MasterList:
    """A list whose signature holds. `source` is the country that signed it, `signer` the SHA-256 of the certificate
    that it did so with; a later list of the same source replaces this one."""

    source: str
    signer: str
    fingerprint: str
    signed_at: datetime.datetime
    certificates: tuple[x509.Certificate, ...] = dataclasses.field(repr=False)
    rejected: tuple[Rejected, ...] = ()


def open_master_list(data: bytes, pinned: bytes, now: datetime.datetime) -> MasterList:
    """Checks the list against `pinned`, the certificate of its signer or of the authority that certified that signer.

    Raises ImportRefused.
    """
    if len(data) > LARGEST_LIST:
        raise ImportRefused("the file is too large for a master list")
    pin = _pin(pinned)
    try:
        return _open(data, pin, now)
    except ImportRefused:
        raise
    except SignatureWrong as error:
        raise ImportRefused("the list's signature is wrong") from error
    except CannotCheck as error:
        raise ImportRefused(f"the list's signature cannot be checked here: {error}") from error
    except Exception as error:  # asn1crypto raises many kinds on hostile input; none of them may pass
        raise ImportRefused("the file is not a CSCA master list") from error


def _pin(data: bytes) -> x509.Certificate:
    try:
        (body,) = certificates.unarmoured(data)
        return certificates.parse(body)
    except (MalformedData, ValueError) as error:
        raise ImportRefused("the signer's file is not one certificate") from error


def _open(data: bytes, pin: x509.Certificate, now: datetime.datetime) -> MasterList:
    signed = open_signed_data(data, _MASTER_LIST)
    signer, signed_at = certificates.parse(signed.signer.dump()), signed.signed_at
    if signed_at is None:
        raise MalformedData("master list without its time")  # which Doc 9303-12, 8.1, prescribes
    _check_signer(signer, pin, (signed_at, now))
    if signed_at > now:
        raise ImportRefused(
            f"the list was signed at {signed_at:%Y-%m-%d %H:%M} UTC, which is yet to come: see the clock"
        )
    taken, rejected = _parse_certificates(signed.content)
    return MasterList(
        source=certificates.country_of(signer.issuer),
        signer=certificates.fingerprint(signer.dump()),
        fingerprint=certificates.fingerprint(data),
        signed_at=signed_at,
        certificates=taken,
        rejected=rejected,
    )


def _check_signer(signer: x509.Certificate, pin: x509.Certificate, moments: tuple[datetime.datetime, ...]) -> None:
    """The key must be one for master lists: the same authority also certifies those that sign documents."""
    if not certificates.may_sign(signer) or certificates.MASTER_LIST_SIGNER not in certificates.extended_usage(signer):
        raise ImportRefused("the list's signer may not sign master lists")
    path = [signer]
    if signer.dump() != pin.dump():
        path.append(pin)
        _check_certified(signer, pin)
    if not all(certificates.is_valid_at(certificate, moment) for certificate in path for moment in moments):
        raise ImportRefused("the certificate of the list's signer was not valid then, or is not now: get a newer list")


def _check_certified(signer: x509.Certificate, pin: x509.Certificate) -> None:
    stranger = "the list is not signed by the given signer, nor by one that it certified"
    if not certificates.may_certify(pin) or certificates.country_of(pin.subject) != certificates.country_of(
        signer.issuer
    ):
        raise ImportRefused(stranger)
    try:
        certificates.check_signed_by(pin.public_key, signer.dump())
    except (SignatureWrong, MalformedData) as error:
        raise ImportRefused(stranger) from error


def _parse_certificates(body: bytes) -> tuple[tuple[x509.Certificate, ...], tuple[Rejected, ...]]:
    listed = _MasterList.load(body, strict=True)
    if listed["version"].native != 0 or not 0 < len(listed["certificates"]) <= _MOST_CERTIFICATES:
        raise MalformedData("master list")
    taken: dict[str, x509.Certificate] = {}
    rejected: list[Rejected] = []
    for entry in listed["certificates"]:
        der = entry.dump()
        name = certificates.fingerprint(der)
        try:
            taken[name] = certificates.parse(der)
        except MalformedData:
            rejected.append(Rejected(name, "does not parse"))
    return tuple(taken.values()), tuple(rejected)

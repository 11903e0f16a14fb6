"""What becomes of a request at the sandbox Ministry of Justice: looked at, issued or rejected; and its certificate.

Every step is a pure function of when the request was taken and of how long a request is open; none of it is the
Ministry's own way, which is not public. A certificate is drawn once and kept: the same bytes whoever asks.
"""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from kiosk.my_requests import IssuedDocument, RequestState
from kiosk.texts import LEGAL_TIME
from kiosk.wire import Words
from offline_queue.document_code import DocumentClaims, holder_hash, seal_document
from offline_queue.intake.agencies import Progress
from offline_queue.intake.agencies.certificate import Certificate, draw_certificate
from offline_queue.intake.agencies.justice_rules import SERVICE

VERIFY_URL: Final = "https://documents.example/v"
"""On a domain that is reserved for examples (RFC 2606)."""

_LOOKED_AT: Final = Words(ar="الطلب قيد التدقيق لدى المحكمة", en="A court is looking at the request")
_ISSUED: Final = Words(ar="صدرت الشهادة", en="The certificate is issued")
_REJECTED: Final = Words(
    ar="لا تصدر الشهادة إلكترونيًا. راجع المحكمة ومعك هويتك",
    en="The certificate cannot be issued this way. Go to the court with your identity card",
)
_RETURNED: Final = Words(
    ar="يُردّ الرسم من المحكمة عند إبراز الإيصال", en="The court gives the fee back when the receipt is shown"
)

_TITLE: Final = Words(ar="شهادة عدم محكومية", en="Non-conviction certificate")
_ISSUER: Final = Words(ar="وزارة العدل (تجريبية)", en="Ministry of Justice (sandbox)")
_STATEMENT: Final = Words(ar="لا أحكام مسجّلة بحق صاحب الشهادة", en="No conviction of the holder is on record")
_NAME: Final = Words(ar="الاسم", en="Name")
_NATIONAL_NUMBER: Final = Words(ar="الرقم الوطني", en="National number")
_DATE: Final = Words(ar="تاريخ الإصدار", en="Issued on")


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """A request that was accepted: when, until when it is open, and whether something is on record."""

    applied_at: datetime
    open_until: datetime
    on_record: bool

    @property
    def is_issued(self) -> bool:
        return not self.on_record


def progress(request: Applied, now: datetime) -> tuple[Progress, ...]:
    """Every state so far, the oldest first. Half of the time nobody has begun with it."""
    half = (request.open_until - request.applied_at) / 2
    steps = [
        Progress(state=RequestState.REQUESTED, since=request.applied_at),
        Progress(state=RequestState.IN_PROGRESS, since=request.applied_at + half, words=_LOOKED_AT),
    ]
    if request.is_issued:
        steps.append(Progress(state=RequestState.ISSUED, since=request.open_until, words=_ISSUED))
    else:
        steps.append(Progress(state=RequestState.REJECTED, since=request.open_until, words=_REJECTED))
        later = request.open_until + timedelta(seconds=1)
        steps.append(Progress(state=RequestState.REFUND_DUE, since=later, words=_RETURNED))
    return tuple(step for step in steps if step.since <= now)


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Issuer:
    """Signs the documents; `secret` hashes their holders' numbers."""

    key: ec.EllipticCurvePrivateKey
    secret: bytes

    def issue(self, number: str, holder: str, national_number: str, issued_at: datetime) -> IssuedDocument:
        """The certificate, marked as a specimen on its face and in its code."""
        claims = DocumentClaims(
            agency=SERVICE.partition(".")[0],
            service=SERVICE,
            number=number,
            issued_at=issued_at,
            specimen=True,
            holder=holder_hash(national_number, self.secret),
        )
        code = seal_document(claims, self.key, VERIFY_URL)
        day = f"{issued_at.astimezone(LEGAL_TIME):%d/%m/%Y}"
        certificate = Certificate(
            title=_TITLE,
            issuer=_ISSUER,
            statement=_STATEMENT,
            rows=((_NAME, _same(holder)), (_NATIONAL_NUMBER, _same(national_number)), (_DATE, _same(day))),
            number=number,
            code=code,
        )
        pdf = draw_certificate(certificate)
        return IssuedDocument(number=number, issued_at=issued_at.astimezone(UTC), pdf=pdf, code=code)


def secret_of(key: Ed25519PrivateKey) -> bytes:
    """What the agency hashes its holders' numbers with: its own, and nobody else's."""
    return b"holders" + key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())


def _same(text: str) -> Words:
    return Words(ar=text, en=text)

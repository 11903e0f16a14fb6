"""Scenes of what became of earlier requests: none, many, each state, and what came out of the printer."""

from __future__ import annotations

import datetime
from uuid import UUID

import msgspec

from kiosk import forms
from kiosk.failures import Failure, ServiceFailure
from kiosk.my_requests import DocumentPaper, Request, RequestState
from kiosk.receipt import PrintState
from kiosk.scene import Scene, State
from kiosk.wire import Words
from tests.ui.samples import CERTIFICATE, FINES, known, services

_DAY = datetime.datetime(2026, 11, 20, 9, 30, tzinfo=datetime.UTC)


def request(state: RequestState, number: int = 1, **changed: object) -> Request:
    known_of: dict[str, object] = {
        "transaction": UUID(int=number),
        "service": CERTIFICATE.id,
        "agency": "justice",
        "reference": f"NCC-2026-{number:06d}",
        "receipt_number": f"KRK3-{480 + number:06d}",
        "amount_fils": 6_500,
        "requested_at": _DAY,
        "state": state,
        "changed_at": _DAY + datetime.timedelta(days=2),
    }
    return Request(**{**known_of, **changed})  # type: ignore[arg-type]  # the tests name real fields


ISSUED = request(RequestState.ISSUED, document=True, words=Words(ar="صدرت الشهادة", en="The certificate is issued"))
REFUSED = request(
    RequestState.REFUND_DUE,
    3,
    service=FINES.id,
    agency="traffic",
    reference="",
    refund="office",
    words=Words(ar="دُفعت هذه المخالفة من قبل", en="This fine was paid before"),
)
REJECTED = request(
    RequestState.REJECTED,
    4,
    words=Words(
        ar="لا تصدر الشهادة إلكترونيًا. راجع المحكمة ومعك هويتك",
        en="The certificate cannot be issued this way. Go to the court with your identity card",
    ),
)
ALL = (
    request(RequestState.IN_PROGRESS, 2),
    ISSUED,
    REFUSED,
    REJECTED,
    request(RequestState.REFUNDED, 5),
    request(RequestState.REQUESTED, 6),
    request(RequestState.REFUND_DUE, 7, refund="agency"),
)


def opened(one: Request, **changed: object) -> Scene:
    both = (FINES, CERTIFICATE)
    return known(State.MY_REQUEST, service=None, services=both, requests=ALL, request=one, seconds=90, **changed)


def _listed(*requests: Request) -> Scene:
    return known(State.MY_REQUESTS, service=None, services=(FINES, CERTIFICATE), requests=requests, seconds=90)


def _asked_for_number(typed: str = "", mistake: str = "") -> Scene:
    return known(State.NOTIFY_PHONE, service=CERTIFICATE, typed=typed, mistake=mistake, seconds=90)


_OUT_OF_PAPER = DocumentPaper(state=None, slip=False, failure=ServiceFailure(Failure.PRINTER_OUT_OF_PAPER))

REQUEST_PAGES: dict[str, Scene] = {
    "home-follow": known(State.CHOOSING_SERVICE, service=None, services=(FINES, CERTIFICATE), can_follow=True),
    "home-follow-many": known(State.CHOOSING_SERVICE, service=None, services=services(7), can_follow=True),
    "requests-asked": known(State.ASKING_REQUESTS, service=None),
    "requests-none": _listed(),
    "requests": _listed(*ALL),
    "request-waiting": opened(request(RequestState.REQUESTED, 6)),
    "request-issued": opened(ISSUED),
    "request-printing": opened(ISSUED, printing=True),
    "request-printed": opened(ISSUED, paper=DocumentPaper(state=PrintState.CONFIRMED, slip=False)),
    "request-slip": opened(ISSUED, paper=DocumentPaper(state=PrintState.CONFIRMED, slip=True)),
    "request-no-paper": opened(ISSUED, paper=_OUT_OF_PAPER),
    "request-refused": opened(REFUSED),
    "request-rejected": opened(REJECTED),
    "request-unknown-service": opened(msgspec.structs.replace(REFUSED, service="vehicle.unknown")),
    "phone": _asked_for_number(),
    "phone-wrong": _asked_for_number("0791", forms.ENTER_PHONE),
}

"""The intake's HTTP: a few addresses, JSON both ways, each answer signed by the centre, each refusal a small JSON."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from litestar import Litestar, Request, Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from sqlalchemy.exc import OperationalError

from kiosk.help import LONGEST_NAME
from kiosk.my_requests import DocumentAnswer, DocumentQuestion, RequestsAnswer, RequestsQuestion
from kiosk.scene import State
from kiosk.wire import (
    ANSWER_CONTEXT,
    CENTRE_KEY,
    LARGEST_REQUEST_BYTES,
    SCHEMA,
    BatchAnswer,
    Enquiry,
    EnquiryAnswer,
    Health,
    HeldAnswer,
    HeldQuestion,
    HelpAnswer,
    HelpAnswered,
    HelpCall,
    HelpClosed,
    HelpQuestion,
    KeyNotice,
    OpenCallsAnswer,
    OpenCallsQuestion,
    UptakeAnswer,
    UptakeBatch,
    encode_canonical,
)
from offline_queue.intake import VERSION
from offline_queue.intake.agencies import AgencySilent
from offline_queue.intake.callers import CallerRefused, Callers, Fields, Message
from offline_queue.intake.centre import RETRY_AFTER_SECONDS, Centre, RawBatch
from offline_queue.intake.checks import LARGEST_NUMBER
from offline_queue.intake.help_calls import HelpCalls
from offline_queue.intake.my_requests import AskedTooOften, MyRequests
from offline_queue.intake.offices import NoOffice
from offline_queue.intake.terminal_keys import NoticeRefused
from offline_queue.intake.uptake import UptakeRecords
from offline_queue.signing import sign

MOST_HELD = 10_000
MOST_FIELDS = 8
LONGEST_FIELD = 64
PLACES = frozenset(state.value for state in State)

log = logging.getLogger("intake")

AnyRequest = Request[Any, Any, Any]
Answer = (
    BatchAnswer
    | HeldAnswer
    | EnquiryAnswer
    | HelpAnswer
    | OpenCallsAnswer
    | UptakeAnswer
    | RequestsAnswer
    | DocumentAnswer
)
Asked = TypeVar(
    "Asked",
    RawBatch,
    HeldQuestion,
    Enquiry,
    HelpCall,
    HelpQuestion,
    HelpAnswered,
    HelpClosed,
    OpenCallsQuestion,
    UptakeBatch,
    RequestsQuestion,
    DocumentQuestion,
)

Read = TypeVar(
    "Read",
    RawBatch,
    HeldQuestion,
    Enquiry,
    HelpCall,
    HelpQuestion,
    HelpAnswered,
    HelpClosed,
    OpenCallsQuestion,
    UptakeBatch,
    RequestsQuestion,
    DocumentQuestion,
    KeyNotice,
)


OfPerson = TypeVar("OfPerson", RequestsQuestion, DocumentQuestion)


class RequestRefused(Exception):
    """Answered with this status and code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


def application(
    centre: Centre,
    help_calls: HelpCalls,
    uptake: UptakeRecords,
    my_requests: MyRequests,
    *,
    callers: Callers,
    key: Ed25519PrivateKey,
) -> Litestar:
    """The ASGI application. Litestar's own logging and schema pages are off: they could show what was sent."""

    def signed(answer: msgspec.Struct) -> Response[bytes]:
        proof = sign(encode_canonical(answer), ANSWER_CONTEXT, key, CENTRE_KEY)
        return Response(msgspec.json.encode(proof), media_type="application/json", status_code=200)

    def asked_at(path: str, kind: type[Asked], answer: Callable[[Asked], Answer]) -> HTTPRouteHandler:
        """Reads the whole body, then works on a thread: signatures and the database must not hold up the others."""

        @post(path)
        async def exchange(request: AnyRequest) -> Response[bytes]:
            body = await request.body()
            return await sync_to_thread(lambda: signed(answer(_asked(callers, request, body, kind))))

        return exchange

    @post("/v1/keys")
    async def keys(request: AnyRequest) -> Response[bytes]:
        """Without a request's signature: see `kiosk.wire`. Each entry in it proves itself."""
        body = await request.body()
        return await sync_to_thread(lambda: signed(centre.learn_keys(_read(body, KeyNotice))))

    @get("/v1/health", sync_to_thread=False)
    def health() -> Response[bytes]:
        return signed(Health(now=centre.now(), version=VERSION))

    return Litestar(
        [
            asked_at("/v1/batches", RawBatch, centre.submit),
            asked_at("/v1/held", HeldQuestion, lambda question: centre.held(_within_range(question))),
            asked_at("/v1/enquiries", Enquiry, lambda enquiry: centre.enquire(_within_lengths(enquiry))),
            asked_at("/v1/help/call", HelpCall, lambda call: help_calls.call(_from_known_place(call))),
            asked_at("/v1/help/state", HelpQuestion, help_calls.state),
            asked_at("/v1/help/open", OpenCallsQuestion, help_calls.open_calls),
            asked_at("/v1/help/answer", HelpAnswered, lambda answered: help_calls.answer(_by_a_name(answered))),
            asked_at("/v1/help/close", HelpClosed, help_calls.close),
            asked_at("/v1/uptake", UptakeBatch, uptake.keep),
            asked_at("/v1/requests", RequestsQuestion, lambda asked: my_requests.requests_of(_of_person(asked))),
            asked_at("/v1/requests/document", DocumentQuestion, lambda asked: my_requests.document(_of_person(asked))),
            keys,
            health,
        ],
        request_max_body_size=LARGEST_REQUEST_BYTES,
        openapi_config=None,
        logging_config=None,
        exception_handlers={Exception: _refuse},
    )


def _asked(callers: Callers, request: AnyRequest, body: bytes, kind: type[Asked]) -> Asked:
    """The message, from the terminal that it names. Raises CallerRefused, RequestRefused."""
    terminal = callers.terminal_of(_message(request, body))
    asked = _read(body, kind)
    if asked.terminal != terminal:
        raise RequestRefused(403, "OTHER_TERMINAL")
    return asked


def _read(body: bytes, kind: type[Read]) -> Read:
    try:
        read = msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise RequestRefused(400, "UNREADABLE") from None
    if read.schema != SCHEMA:
        raise RequestRefused(400, "SCHEMA_UNKNOWN")
    return read


def _within_range(question: HeldQuestion) -> HeldQuestion:
    if not 1 <= question.first <= question.last <= LARGEST_NUMBER or question.last - question.first >= MOST_HELD:
        raise RequestRefused(400, "RANGE")
    return question


def _within_lengths(enquiry: Enquiry) -> Enquiry:
    lengths = [len(text) for pair in enquiry.fields.items() for text in pair]
    if len(enquiry.fields) > MOST_FIELDS or max(lengths, default=0) > LONGEST_FIELD:
        raise RequestRefused(400, "FIELDS")
    return enquiry


def _of_person(asked: OfPerson) -> OfPerson:
    if not 0 < len(asked.by.national_number) <= LONGEST_FIELD or len(asked.by.paper) > LONGEST_FIELD:
        raise RequestRefused(400, "ASKER")
    return asked


def _from_known_place(call: HelpCall) -> HelpCall:
    """A closed list: what is written here is shown to others, and must not carry anything about a person."""
    if call.place not in PLACES:
        raise RequestRefused(400, "PLACE")
    return call


def _by_a_name(answered: HelpAnswered) -> HelpAnswered:
    if not answered.clerk.strip() or len(answered.clerk) > LONGEST_NAME or not answered.clerk.isprintable():
        raise RequestRefused(400, "CLERK")
    return answered


def _message(request: AnyRequest, body: bytes) -> Message:
    lines = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.scope["headers"])
    host = request.headers.get("host", "")
    path = request.scope["raw_path"].decode("latin-1")
    return Message(method=request.method, url=f"https://{host}{path}", headers=Fields(lines), body=body)


def _refuse(_request: AnyRequest, error: Exception) -> Response[bytes]:
    """Never a traceback, and of what is unforeseen only its kind, here and in the log: texts may hold what was sent."""
    headers: dict[str, str] = {}
    match error:
        case RequestRefused():
            status, code = error.status, error.code
        case CallerRefused():
            status, code = 401, "SIGNATURE"
        case NoticeRefused():
            status, code = 403, "KEYS"
        case NoOffice():
            status, code = 403, "NO_OFFICE"
        case AskedTooOften():
            status, code = 429, "TOO_OFTEN"
            headers = {"Retry-After": str(error.retry_after)}
        case AgencySilent():
            status, code = 503, "AGENCY_SILENT"
            headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
        case HTTPException() if error.status_code < 500:
            status, code = error.status_code, HTTPStatus(error.status_code).name
        case OperationalError():
            status, code = 503, "STORE_UNAVAILABLE"
            log.error("store: %s", type(error.orig).__name__)
        case _:
            status, code = 500, "INTERNAL"
            log.error("unforeseen: %s", type(error).__name__)
    body = msgspec.json.encode({"error": code})
    return Response(body, media_type="application/json", status_code=status, headers=headers)

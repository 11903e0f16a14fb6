"""The one door to the centre's intake: HTTPS to the pinned authority only, requests signed, answers proven.

Requests carry an HTTP Message Signature (RFC 9421) by the terminal's key over method, authority, path and the body's
digest (RFC 9530); it survives a proxy. An answer counts only as `kiosk.wire.Signed` by the centre's key: a status
alone proves nothing. No redirect is followed, no proxy or certificate is taken from the environment.
"""

from __future__ import annotations

import contextlib
import queue
import secrets
import socket
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner, HTTPSignatureKeyResolver
from http_message_signatures.algorithms import ED25519
from urllib3.exceptions import ReadTimeoutError

from kiosk.failures import Failure, ServiceFailure
from kiosk.help import OfficeCall
from kiosk.my_requests import (
    Asker,
    DocumentAnswer,
    DocumentQuestion,
    IssuedDocument,
    Request,
    RequestsAnswer,
    RequestsQuestion,
)
from kiosk.ports import Clock
from kiosk.settings import Gateway
from kiosk.uptake import Uptake
from kiosk.wire import (
    REQUEST_TAG,
    Batch,
    BatchAnswer,
    ChangedKey,
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
    KeyNoticeAnswer,
    OpenCallsAnswer,
    OpenCallsQuestion,
    Quote,
    Signed,
    UptakeAnswer,
    UptakeBatch,
    encode_canonical,
    ledger_key_id,
)
from offline_queue import answers
from offline_queue.centre import CentreHealth, NoAnswer, Silence
from offline_queue.keys import Trust
from offline_queue.timed_tls import TimedContext

T = TypeVar(
    "T",
    BatchAnswer,
    HeldAnswer,
    EnquiryAnswer,
    HelpAnswer,
    OpenCallsAnswer,
    KeyNoticeAnswer,
    UptakeAnswer,
    Health,
    RequestsAnswer,
    DocumentAnswer,
)

_JSON: Final = "application/json"
_LARGEST_ANSWER: Final = 2 * 1024 * 1024
_CHUNK: Final = 16 * 1024
_SLOWEST_BYTES_PER_SECOND: Final = 4 * 1024
"""Half of a line of 64 kbit/s, which others use too."""
_SILENT_MILLISECONDS: Final = 30_000
"""A line that takes nothing for so long is cut, however much time is left for what is sent over it."""
_COVERED: Final = ("@method", "@authority", "@path", "content-digest")


class HttpsGateway:
    """`kiosk.ports.AgencyDesk` and `Clock`, `kiosk.my_requests.RequestsDesk`, `offline_queue.centre.Centre`. Several
    threads may call at once."""

    def __init__(
        self,
        settings: Gateway,
        *,
        terminal: str,
        key: Ed25519PrivateKey,
        trust: Trust,
        clock: Clock,
        key_generation: int = 1,
    ) -> None:
        self._url = settings.url.rstrip("/")
        self._authority = str(settings.authority)
        self._seconds = settings.timeout_seconds
        self._terminal = terminal
        self._key_id = ledger_key_id(terminal, key_generation)
        self._signer = HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=_OneKey(key))
        self._trust = trust
        self._clock = clock
        self._clock_difference = timedelta()
        self._idle: queue.LifoQueue[tuple[requests.Session, TimedContext]] = queue.LifoQueue()

    def close(self) -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                self._idle.get_nowait()[0].close()

    # -- kiosk.ports.Clock

    def now(self) -> datetime:
        """The centre's time, as far as it is known: a quote runs out by that one, however wrong this terminal's is."""
        return self._clock.now() + self._clock_difference

    # -- offline_queue.centre.Centre

    def submit(self, batch: Batch) -> tuple[BatchAnswer, Signed]:
        signed = self._ask("POST", "/v1/batches", msgspec.json.encode(batch), whole=len(batch.items) == 1)
        answer = self._proven(signed, BatchAnswer)
        answers.check_batch(answer, batch)
        return answer, signed

    def held(self, first: int, last: int) -> HeldAnswer:
        question = HeldQuestion(terminal=self._terminal, first=first, last=last)
        answer = self._proven(self._ask("POST", "/v1/held", encode_canonical(question)), HeldAnswer)
        answers.check_held(answer, question)
        return answer

    def introduce(self, changes: tuple[ChangedKey, ...]) -> None:
        notice = KeyNotice(terminal=self._terminal, changes=changes)
        answer = self._proven(self._ask("POST", "/v1/keys", encode_canonical(notice)), KeyNoticeAnswer)
        if answer.terminal != self._terminal:
            raise NoAnswer(Silence.UNPROVEN, detail="another terminal's answer")
        if self._key_id not in answer.in_force:
            raise NoAnswer(Silence.TERMINAL_REFUSED, detail="the new key was not taken")

    def health(self) -> CentreHealth:
        began, began_at = time.monotonic(), self._clock.now()
        health = self._proven(self._ask("GET", "/v1/health", b""), Health)
        took = time.monotonic() - began
        if health.now.tzinfo is None:
            raise NoAnswer(Silence.UNPROVEN, detail="a time without a zone")
        self._clock_difference = health.now - (began_at + timedelta(seconds=took / 2))
        return CentreHealth(
            version=health.version,
            now=health.now,
            clock_difference_ms=round(self._clock_difference / timedelta(milliseconds=1)),
            milliseconds=round(took * 1000),
        )

    # -- for offline_queue.uptake_post; raises NoAnswer

    def deliver_uptake(self, records: tuple[Uptake, ...]) -> UptakeAnswer:
        batch = UptakeBatch(terminal=self._terminal, records=records)
        answer = self._proven(self._ask("POST", "/v1/uptake", encode_canonical(batch)), UptakeAnswer)
        answers.check_uptake(answer, batch)
        return answer

    # -- kiosk.ports.AgencyDesk

    def enquire(self, enquiry: Enquiry, agency: str) -> tuple[Quote, Signed]:
        """Raises AGENCY_UNREACHABLE, AGENCY_SILENT, AGENCY_REFUSED, ANSWER_UNPROVEN, QUOTE_EXPIRED."""
        answer = self._proven(self._ask("POST", "/v1/enquiries", encode_canonical(enquiry)), EnquiryAnswer)
        if answer.terminal != enquiry.terminal:
            raise NoAnswer(Silence.UNPROVEN, detail="another terminal's answer")
        if answer.quote is None:
            words = answer.refusal
            raise ServiceFailure(
                Failure.AGENCY_REFUSED,
                words_ar=words.ar if words else "",
                words_en=words.en if words else "",
                way_out=answer.way_out,
            )
        key = self._trust.agencies.get(agency)
        if key is None:
            raise NoAnswer(Silence.UNPROVEN, detail="no key of this agency is trusted")
        quote = answers.open_quote(answer.quote, key, agency, enquiry)
        if quote.expires_at <= self.now():
            raise ServiceFailure(Failure.QUOTE_EXPIRED)
        return quote, answer.quote

    # -- kiosk.my_requests.RequestsDesk

    def requests_of(self, by: Asker) -> tuple[Request, ...]:
        question = RequestsQuestion(terminal=self._terminal, by=by)
        answer = self._proven(self._ask("POST", "/v1/requests", encode_canonical(question)), RequestsAnswer)
        answers.check_requests(answer, self._terminal)
        return answer.requests

    def document(self, by: Asker, transaction: UUID) -> IssuedDocument | None:
        question = DocumentQuestion(terminal=self._terminal, by=by, transaction=transaction)
        answer = self._proven(self._ask("POST", "/v1/requests/document", encode_canonical(question)), DocumentAnswer)
        answers.check_document(answer, question)
        return answer.document

    # -- calls for help, for offline_queue.help_desk; each raises NoAnswer

    def call_help(self, call: UUID, place: str) -> HelpAnswer:
        return self._help("/v1/help/call", HelpCall(terminal=self._terminal, call=call, place=place))

    def help_state(self, call: UUID) -> HelpAnswer:
        return self._help("/v1/help/state", HelpQuestion(terminal=self._terminal, call=call))

    def answer_help(self, call: UUID, clerk: str) -> HelpAnswer:
        return self._help("/v1/help/answer", HelpAnswered(terminal=self._terminal, call=call, clerk=clerk))

    def close_help(self, call: UUID) -> HelpAnswer:
        return self._help("/v1/help/close", HelpClosed(terminal=self._terminal, call=call))

    def open_calls(self) -> tuple[OfficeCall, ...]:
        question = OpenCallsQuestion(terminal=self._terminal)
        answer = self._proven(self._ask("POST", "/v1/help/open", encode_canonical(question)), OpenCallsAnswer)
        answers.check_open_calls(answer, self._terminal)
        return answer.calls

    def _help(self, path: str, message: HelpCall | HelpQuestion | HelpAnswered | HelpClosed) -> HelpAnswer:
        answer = self._proven(self._ask("POST", path, encode_canonical(message)), HelpAnswer)
        answers.check_help(answer, self._terminal, message.call)
        return answer

    # -- one exchange

    def _proven(self, signed: Signed, kind: type[T]) -> T:
        return answers.open_answer(signed, self._trust.centre, kind)

    def _ask(self, method: str, path: str, body: bytes, *, whole: bool = False) -> Signed:
        """`whole`: it cannot be sent in smaller parts, so a slow line is given the time that it needs."""
        request = requests.Request(method, self._url + path, data=body or None)
        prepared = request.prepare()
        prepared.headers.update({"Content-Type": _JSON, "Accept": _JSON, "Accept-Encoding": "identity"})
        self._signer.sign(
            prepared,
            key_id=self._key_id,
            created=self.now(),  # a terminal's clock may be wrong, and yet be heard
            nonce=secrets.token_urlsafe(16),
            label="terminal",
            tag=REQUEST_TAG,
            covered_component_ids=_COVERED,
            body=body,
        )
        patience = len(body) / _SLOWEST_BYTES_PER_SECOND if whole else 0.0
        status, headers, content = self._exchange(prepared, patience)
        _check_status(status, headers)
        if headers.get("Content-Type", "").split(";")[0].strip().lower() != _JSON:
            raise NoAnswer(Silence.UNPROVEN, detail="not JSON")
        try:
            return msgspec.json.decode(content, type=Signed)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise NoAnswer(Silence.UNPROVEN, detail="not a signed answer") from None

    def _exchange(
        self, prepared: requests.PreparedRequest, patience: float
    ) -> tuple[int, requests.structures.CaseInsensitiveDict[str], bytes]:
        tls: TimedContext | None = None
        try:
            with self._connection() as (session, tls):
                tls.begin(2 * self._seconds + patience)
                with session.send(
                    prepared,
                    timeout=(self._seconds, self._seconds + patience),
                    verify=self._authority,
                    allow_redirects=False,
                    stream=True,
                ) as response:
                    return response.status_code, response.headers, _read(response)
        except (requests.RequestException, OSError) as error:  # OSError: the authority's file is missing
            silence = _silence(error, spoke=tls is not None and tls.has_spoken)
            raise NoAnswer(silence, detail=type(error).__name__) from None

    @contextlib.contextmanager
    def _connection(self) -> Iterator[tuple[requests.Session, TimedContext]]:
        """A connection that is kept open, one user at a time; after an error it is not used again."""
        try:
            session, tls = self._idle.get_nowait()
        except queue.Empty:
            session, tls = requests.Session(), TimedContext.of(Path(self._authority))
            session.trust_env = False
            session.mount("https://", _Adapter(tls))
        try:
            yield session, tls
        except BaseException:
            session.close()
            raise
        self._idle.put((session, tls))


_SOCKET: Final = (
    (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
    (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _SILENT_MILLISECONDS),  # RFC 5482
)


class _Adapter(requests.adapters.HTTPAdapter):
    def __init__(self, tls: TimedContext) -> None:
        self._tls = tls
        super().__init__()

    def init_poolmanager(self, *sizes: Any, **options: Any) -> None:
        super().init_poolmanager(*sizes, **options, ssl_context=self._tls, socket_options=_SOCKET)


class _OneKey(HTTPSignatureKeyResolver):
    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    def resolve_private_key(self, key_id: str) -> Any:  # noqa: ARG002 -- the library's own shape
        return self._key

    def resolve_public_key(self, key_id: str) -> Any:  # noqa: ARG002
        return self._key.public_key()


def _silence(error: Exception, *, spoke: bool) -> Silence:
    """requests calls a time-out in the middle of a question or an answer a lost connection; the cause inside tells
    (requests #5430). What never got as far as a question is a line that is not there."""
    if not spoke:
        return Silence.NO_LINE
    causes = (error, *error.args, *(inner for cause in error.args for inner in getattr(cause, "args", ())))
    late = any(isinstance(cause, requests.Timeout | ReadTimeoutError | TimeoutError) for cause in causes)
    return Silence.TIMED_OUT if late else Silence.CUT_OFF


def _read(response: requests.Response) -> bytes:
    """At most so much, whatever the other side sends; `TimedContext` sees to "at most so long"."""
    content = bytearray()
    for chunk in response.iter_content(_CHUNK):
        content += chunk
        if len(content) > _LARGEST_ANSWER:
            raise NoAnswer(Silence.UNPROVEN, detail="too large")
    return bytes(content)


def _check_status(status: int, headers: requests.structures.CaseInsensitiveDict[str]) -> None:
    if status == 200:
        return
    after = _retry_after(headers.get("Retry-After", ""))
    if status in {401, 403}:
        raise NoAnswer(Silence.TERMINAL_REFUSED, detail=str(status))
    if status == 429:
        raise NoAnswer(Silence.TOO_MUCH, detail=str(status), retry_after=after)
    if status >= 500 and status != HTTPStatus.NETWORK_AUTHENTICATION_REQUIRED:  # that is a login page's (RFC 6585, 6)
        raise NoAnswer(Silence.CENTRE_TROUBLE, detail=str(status), retry_after=after)
    raise NoAnswer(Silence.UNPROVEN, detail=str(status))


def _retry_after(text: str) -> float | None:
    """Seconds (RFC 9110, 10.2.3). Its other form, a date, needs clocks that agree; our own pause serves as well."""
    return float(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

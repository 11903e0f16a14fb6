"""A terminal made by hand for these tests: it signs by the RFC's text, not by the library that the intake uses."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.client
import itertools
import json
import secrets
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from uuid6 import uuid7

from kiosk.corrections import Dispute, Reversal
from kiosk.transaction import AgreedLine, Agreement, Ids, PaymentMethod
from kiosk.wire import (
    ANSWER_CONTEXT,
    ENTRY_CONTEXT,
    QUOTE_CONTEXT,
    Batch,
    BatchAnswer,
    Enquiry,
    EnquiryAnswer,
    Entry,
    HeldAnswer,
    HeldQuestion,
    Item,
    ItemAnswer,
    Quote,
    Signed,
    encode_canonical,
)
from offline_queue.intake.agencies.traffic import Behaviour
from offline_queue.intake.server import IntakeServer, Settings

T = TypeVar("T", bound=msgspec.Struct)

COMMAND = [sys.executable, "-W", "error", "-m", "offline_queue.intake", "--port", "0"]
PLATE = "12-34567"
SPEED, PARKING, BELT, AT_COURT = "S-2026-1103-01", "S-2026-1017-01", "S-2026-0928-01", "S-2026-0902-01"
PERSON = "9892004821"


def private_key(file: Path) -> Ed25519PrivateKey:
    key = load_pem_private_key(file.read_bytes(), password=None)
    assert isinstance(key, Ed25519PrivateKey)
    return key


def public_key(file: Path) -> Ed25519PublicKey:
    key = load_pem_public_key(file.read_bytes())
    assert isinstance(key, Ed25519PublicKey)
    return key


def opened(signed: Signed, context: bytes, key: Ed25519PublicKey, kind: type[T]) -> T:
    key.verify(signed.signature, context + b"\x00" + signed.payload)
    return msgspec.json.decode(signed.payload, type=kind)


class Reply(msgspec.Struct, frozen=True):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def error(self) -> str:
        """The one word of a refusal; nothing else may be in it."""
        refusal = json.loads(self.body)
        assert list(refusal) == ["error"]
        return str(refusal["error"])


@contextlib.contextmanager
def running(
    keys: Path, database: Path, behaviour: Behaviour | None = None, now: Callable[[], datetime] | None = None
) -> Iterator[IntakeServer]:
    """A real HTTPS intake on a free port, in a thread of its own; `now` instead of the wall clock."""
    settings = Settings(keys=keys, database=database, port=0, traffic=behaviour or Behaviour())
    with serving(IntakeServer(settings, now) if now else IntakeServer(settings)) as server:
        yield server


@contextlib.contextmanager
def serving(server: IntakeServer) -> Iterator[IntakeServer]:
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()


@contextlib.contextmanager
def running_process(
    keys: Path, database: Path, log: Path, *options: str
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A real HTTPS intake as a process of its own, killed at the end, and its port."""
    with log.open("a") as errors:
        process = subprocess.Popen(
            [*COMMAND, "--keys", str(keys), "--database", str(database), *options],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    with process:
        assert process.stdout is not None
        try:
            word, _, port = process.stdout.readline().rpartition(" ")
            assert word == "listening on"
            yield process, int(port)
        finally:
            process.kill()


class Line:
    """One way to an intake: HTTPS that believes the test authority only."""

    def __init__(self, keys: Path, port: int) -> None:
        self.authority = f"localhost:{port}"
        self._port = port
        self._tls = ssl.create_default_context(cafile=keys / "tls" / "authority.pem")

    def send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        connection = http.client.HTTPSConnection("localhost", self._port, context=self._tls, timeout=30)
        try:
            connection.request(method, path, body, dict(headers))
            response = connection.getresponse()
            return Reply(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()


class Terminal:
    """Signs requests and entries. `keys` is the folder of the intake that it talks to."""

    def __init__(self, keys: Path, line: Line, name: str = "KRK3", key: Ed25519PrivateKey | None = None) -> None:
        self.name = name
        self.key = key or private_key(keys / "terminal" / "ledger.key")
        self.line = line
        self._centre = public_key(keys / "trust" / "centre.pem")
        self._agency = public_key(keys / "trust" / "agency-traffic.pem")
        self._messages = itertools.count(1)

    def headers(self, path: str, body: bytes, **changed: Any) -> dict[str, str]:
        """RFC 9421, section 2.5, written out; `changed` replaces a parameter or the covered components."""
        digest = f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
        values = {"@method": "POST", "@authority": self.line.authority, "@path": path, "content-digest": digest}
        covered = changed.pop("covered", tuple(values))
        parameters: dict[str, Any] = {
            "created": int(time.time()),
            "keyid": f"ledger-{self.name}",
            "alg": "ed25519",
            "nonce": secrets.token_hex(16),
            "tag": "kiosk-request",
        } | changed
        told = "".join(
            f";{name}={value}" if isinstance(value, int) else f';{name}="{value}"'
            for name, value in parameters.items()
            if value is not None
        )
        inner = "(" + " ".join(f'"{name}"' for name in covered) + ")" + told
        base = "\n".join([*(f'"{name}": {values[name]}' for name in covered), f'"@signature-params": {inner}'])
        signature = base64.b64encode(self.key.sign(base.encode("ascii"))).decode()
        return {
            "Content-Type": "application/json",
            "Content-Digest": digest,
            "Signature-Input": f"terminal={inner}",
            "Signature": f"terminal=:{signature}:",
        }

    def post(self, path: str, body: bytes, **changed: Any) -> Reply:
        return self.line.send("POST", path, body, self.headers(path, body, **changed))

    def asked(self, path: str, message: msgspec.Struct, kind: type[T]) -> T:
        """The centre's proven answer."""
        reply = self.post(path, msgspec.json.encode(message))
        assert reply.status == 200, reply
        signed = msgspec.json.decode(reply.body, type=Signed)
        assert signed.key_id == "centre"
        return opened(signed, ANSWER_CONTEXT, self._centre, kind)

    def submit(self, *items: Item) -> tuple[ItemAnswer, ...]:
        answer = self.asked("/v1/batches", Batch(terminal=self.name, items=items), BatchAnswer)
        assert answer.terminal == self.name
        return answer.answers

    def held(self, first: int, last: int) -> HeldAnswer:
        return self.asked("/v1/held", HeldQuestion(terminal=self.name, first=first, last=last), HeldAnswer)

    def enquire(self, service: str = "traffic.fines", **fields: str) -> EnquiryAnswer:
        return self.asked("/v1/enquiries", Enquiry(terminal=self.name, service=service, fields=fields), EnquiryAnswer)

    def quote(self, **fields: str) -> tuple[Quote, Signed]:
        answer = self.enquire(**fields)
        assert answer.quote is not None
        assert answer.refusal is None
        assert answer.quote.key_id == "agency-traffic"
        return opened(answer.quote, QUOTE_CONTEXT, self._agency, Quote), answer.quote

    def agreement(self, signed: Signed, *lines: str, **changed: Any) -> Agreement:
        """What a person agrees to on this quote: these of its lines."""
        quoted = {line.id: line for line in msgspec.json.decode(signed.payload, type=Quote).lines}
        agreed = tuple(
            AgreedLine(
                id=line,
                title_ar=quoted[line].title.ar,
                title_en=quoted[line].title.en,
                amount_fils=quoted[line].amount_fils,
            )
            for line in lines
        )
        return msgspec.structs.replace(
            Agreement(
                ids=Ids(basket=uuid7(), transaction=uuid7(), payment=uuid7()),
                service="traffic.fines",
                agency="traffic",
                national_number=PERSON,
                person_name="سلمى Salma",
                answers={"search_by": "vehicle", "plate": PLATE},
                lines=agreed,
                total_fils=sum(line.amount_fils for line in agreed),
                method=PaymentMethod.BANK_CARD,
                quote=msgspec.json.encode(signed),
                agreed_at=datetime.now(UTC),
            ),
            **changed,
        )

    def item(self, agreement: Agreement, **changed: Any) -> Item:
        """The committed entry and its body; `changed` alters the entry before it is signed."""
        number = next(self._messages)
        body = encode_canonical(agreement)
        entry = Entry(
            terminal=self.name,
            sequence=3 * number,
            kind="committed",
            ids_basket=agreement.ids.basket,
            ids_transaction=agreement.ids.transaction,
            ids_payment=agreement.ids.payment,
            actor="citizen",
            cause="",
            written_at=agreement.agreed_at,
            monotonic_ns=1,
            boot_id="boot",
            clock_difference_ms=0,
            amount_fils=agreement.total_fils,
            receipt_number=f"{self.name}-{number}",
            message=number,
            body_hash=hashlib.sha256(body).hexdigest(),
            previous_hash="0" * 64,
            application_hash=hashlib.sha256(signed).hexdigest() if (signed := agreement.signed_application) else "",
            document_hashes=tuple(hashlib.sha256(one.content).hexdigest() for one in agreement.documents),
        )
        payload = encode_canonical(msgspec.structs.replace(entry, **changed))
        return Item(transaction=agreement.ids.transaction, message=number, entry=self.signed_entry(payload), body=body)

    def correction(self, body: Reversal | Dispute, **changed: Any) -> Item:
        """The entry of a correction and its body, as a terminal delivers them."""
        number, content = next(self._messages), encode_canonical(body)
        entry = Entry(
            terminal=self.name,
            sequence=3 * number,
            kind="reversal" if isinstance(body, Reversal) else "disputed",
            ids_basket=body.ids.basket,
            ids_transaction=body.ids.transaction,
            ids_payment=body.ids.payment,
            actor="supervisor",
            cause="",
            written_at=datetime.now(UTC),
            monotonic_ns=1,
            boot_id="boot",
            clock_difference_ms=0,
            amount_fils=-body.amount_fils if isinstance(body, Reversal) else 0,
            receipt_number=f"{body.receipt_number}-C1",
            message=number,
            body_hash=hashlib.sha256(content).hexdigest(),
            previous_hash="0" * 64,
        )
        payload = encode_canonical(msgspec.structs.replace(entry, **changed))
        signed = self.signed_entry(payload)
        return Item(transaction=body.ids.transaction, message=number, entry=signed, body=content)

    def signed_entry(self, payload: bytes) -> Signed:
        return Signed(
            payload=payload,
            key_id=f"ledger-{self.name}",
            signature=self.key.sign(ENTRY_CONTEXT + b"\x00" + payload),
        )

    def paying(self, *lines: str, **changed: Any) -> Item:
        """A fresh quote on the plate with four fines, these agreed to, committed."""
        _, signed = self.quote(plate=PLATE, national_number=PERSON)
        return self.item(self.agreement(signed, *lines, **changed))

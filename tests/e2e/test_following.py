"""What comes back, on real parts: ledger, HTTPS, intake, agencies, and a printer that speaks IPP.

A certificate that was paid for in one office is printed in another; a fine that was taken without a line, and refused
when the line came back, is told of by SMS, once.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from devices.printers.ipp import IppReceiptPrinter
from devices.printers.preview import read_code
from devices.virtual.printer import VirtualPrinter
from kiosk.catalogue import files as catalogue_files
from kiosk.following import Following
from kiosk.my_requests import Asker, RequestState
from kiosk.receipt import PrintState
from kiosk.settings import Gateway
from kiosk.transaction import AgreedLine, Agreement, PaymentState, TransactionState
from kiosk.wire import Enquiry, Quote, Signed, Words, encode_canonical
from offline_queue.database import open_reader
from offline_queue.deliver_now import deliver_now
from offline_queue.document_code import verify_document
from offline_queue.drain import Drain
from offline_queue.gateway import HttpsGateway
from offline_queue.intake import server
from offline_queue.intake.agencies import justice
from offline_queue.intake.inspect import messages
from offline_queue.intake.issue_keys import issue
from offline_queue.intake.server import IntakeServer
from offline_queue.keys import load_terminal, load_trust
from offline_queue.ledger import SqlLedger
from offline_queue.verify import verify
from tests.offline_queue.intake.parts import PLATE, serving
from tests.offline_queue.parts import VERIFY_URL, agreement

SALMA, PHONE = "9912004821", "+962791234567"
OFFICE = Words(ar="عمّان", en="Amman")
SERVICES = Path(__file__).parents[2] / "assets" / "services"
OPEN = timedelta(minutes=2)


class SetClock:
    """One clock for all, which the test moves on."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def now(self) -> datetime:
        return self.at


class Country:
    """A centre, and terminals of two offices."""

    def __init__(self, folder: Path, parts: contextlib.ExitStack) -> None:
        self.clock, self.folder, self._parts = SetClock(), folder, parts
        self.keys, self.database = folder / "keys", folder / "intake.db"
        issue(self.keys)
        self._port = 0

    def open_centre(self) -> IntakeServer:
        settings = server.Settings(
            keys=self.keys,
            database=self.database,
            port=0,
            justice=justice.Behaviour(open_seconds=OPEN.total_seconds()),
            follow_seconds=3600.0,
        )
        running = self._parts.enter_context(serving(IntakeServer(settings, self.clock.now)))
        self._port = running.port
        return running

    def ledger(self, terminal: str, own: str) -> SqlLedger:
        file = self.folder / own / "ledger.db"
        ledger = SqlLedger(
            file, terminal=terminal, keys=load_terminal(self.keys / own), clock=self.clock, verify_url=VERIFY_URL
        )
        self._parts.callback(ledger.close)
        return ledger

    def gateway(self, terminal: str, own: str) -> HttpsGateway:
        url = f"https://localhost:{self._port}"
        authority = self.keys / "tls" / "authority.pem"
        gateway = HttpsGateway(
            Gateway(url=url, authority=authority),
            terminal=terminal,
            key=load_terminal(self.keys / own).ledger,
            trust=load_trust(self.keys / "trust"),
            clock=self.clock,
        )
        self._parts.callback(gateway.close)
        return gateway

    def deliver(self, ledger: SqlLedger, gateway: HttpsGateway) -> None:
        assert deliver_now(ledger, Drain(ledger, gateway, "KRK3", self.clock)).waiting == 0


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    with contextlib.ExitStack() as parts:
        yield Country(tmp_path, parts)


def paid(ledger: SqlLedger, quote: Quote, signed: Signed, **changed: object) -> Agreement:
    """All of the quote that can be paid here, committed; nothing is delivered yet."""
    lines = tuple(
        AgreedLine(id=line.id, title_ar=line.title.ar, title_en=line.title.en, amount_fils=line.amount_fils)
        for line in quote.lines
        if line.payable
    )
    agreed = msgspec.structs.replace(
        agreement(),
        service=quote.service,
        agency=quote.agency,
        national_number=SALMA,
        person_name="سلمى خالد الياسمين",
        lines=lines,
        total_fils=sum(line.amount_fils for line in lines),
        quote=encode_canonical(signed),
        agreed_at=quote.issued_at,
        **changed,
    )
    ledger.prepare(agreed)
    ledger.record_payment(agreed.ids.payment, agreed.ids.transaction, PaymentState.CAPTURED, "visit")
    ledger.commit(agreed.ids.transaction, "visit")
    return agreed


@pytest.mark.parametrize("a4", [True, False], ids=["printer of documents", "receipts only"])
def test_a_certificate_that_was_paid_for_here_is_printed_there(country: Country, tmp_path: Path, a4: bool) -> None:
    country.open_centre()
    here, line = country.ledger("KRK3", "terminal"), country.gateway("KRK3", "terminal")
    fields = {"national_number": SALMA, "purpose": "travel", "delivery": "post"}
    enquiry = Enquiry(terminal="KRK3", service="justice.non_conviction", fields=fields)
    answers = {"purpose": "travel", "delivery": "post", "address": "Karak, P.O. box 12"}
    agreed = paid(here, *line.enquire(enquiry, "justice"), answers=answers, signed_application=b"%PDF-1.7 signed")
    country.deliver(here, line)
    assert here.outcome_of(agreed.ids.transaction).state is TransactionState.ACCEPTED
    country.clock.at += OPEN

    there, far_line = country.ledger("AMM1", "elsewhere"), country.gateway("AMM1", "elsewhere")
    by = Asker(national_number=SALMA)
    (request,) = far_line.requests_of(by)
    assert (request.state, request.document) == (RequestState.ISSUED, True)
    title = catalogue_files.load(SERVICES).service(request.service).title
    with VirtualPrinter(tmp_path / "printer") as virtual:
        printer = IppReceiptPrinter(virtual.url)
        with contextlib.closing(printer):
            following = Following(far_line, printer, there, country.clock, OFFICE, printer if a4 else None)
            paper = following.paper(by, request, title)
        (printed,) = virtual.printed()
    assert (paper.state, paper.slip, paper.failure) == (PrintState.CONFIRMED, not a4, None)
    code = read_code(printed.read_bytes())
    found = verify_document(code or "", country.keys / "trust")
    assert found.claims is not None
    assert (found.claims.number, found.claims.agency, found.claims.specimen) == (request.reference, "justice", True)
    _require_a_note_without_the_person(country, there)


def _require_a_note_without_the_person(country: Country, there: SqlLedger) -> None:
    there.close()
    keys, trust = load_terminal(country.keys / "elsewhere"), load_trust(country.keys / "trust")
    file = country.folder / "elsewhere" / "ledger.db"
    with contextlib.closing(open_reader(file, keys.database)) as reader:
        assert verify(reader, "AMM1", trust.ledgers["AMM1"], trust.centre, None).sound
        entries = reader.execute("SELECT kind, canonical FROM entries").fetchall()
        bodies = [bytes(row[0]) for row in reader.execute("SELECT content FROM bodies")]
    assert [kind for kind, _ in entries] == ["document_printed"]
    written = b"".join([bytes(canonical) for _, canonical in entries] + bodies)
    assert b"justice.non_conviction" in written
    assert SALMA.encode() not in written
    assert "سلمى".encode() not in written


def test_what_was_taken_without_a_line_and_is_refused_is_told_by_sms_once(country: Country) -> None:
    """Somebody else has paid the same fines meanwhile: the agency takes them once."""
    centre = country.open_centre()
    here, line = country.ledger("KRK3", "terminal"), country.gateway("KRK3", "terminal")
    enquiry = Enquiry(terminal="KRK3", service="traffic.fines", fields={"plate": PLATE, "national_number": SALMA})
    answers = {"search_by": "vehicle", "plate": PLATE}
    quote = line.enquire(enquiry, "traffic")
    paid(here, *quote, answers=answers)
    country.deliver(here, line)
    late = paid(here, *quote, answers=answers, notify_phone=PHONE)  # the line is cut: nothing is delivered
    centre.following.step()
    assert messages(country.database) == []
    country.deliver(here, line)  # and it is back
    outcome = here.outcome_of(late.ids.transaction)
    assert outcome.state is TransactionState.NEEDS_ATTENTION
    for _ in range(3):
        centre.following.step()
    ((phone, words),) = messages(country.database)
    number = here.commit(late.ids.transaction, "asked again").receipt_number
    assert phone == PHONE
    assert number in words.ar
    assert number in words.en
    assert outcome.words_ar in words.ar
    assert outcome.words_en in words.en
    assert "Bring the receipt to the counter" in words.en
    (request,) = line.requests_of(Asker(national_number=SALMA))
    assert (request.state, request.refund) == (RequestState.REFUND_DUE, "office")

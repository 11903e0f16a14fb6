"""Receipts to print, and a virtual printer to print them on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from devices.virtual.printer import VirtualPrinter
from kiosk.receipt import Receipt, ReceiptFacts, ReceiptOutcome, Slip
from kiosk.transaction import AgreedLine, PaymentMethod
from offline_queue.receipt_code import Claims, seal

TRANSACTION = UUID("0190f5fe-0000-7000-8000-000000000001")
ISSUED_AT = datetime(2026, 11, 23, 7, 46, 12, tzinfo=UTC)
CLAIMS = Claims(
    terminal="KRK3",
    number=482,
    issued_at=ISSUED_AT.replace(microsecond=0),
    service="traffic.fines",
    amount_fils=42_500,
    transaction=TRANSACTION,
    outcome=ReceiptOutcome.AWAITING_DELIVERY,
    previous=b"previous",
    holder=b"a holder",
)


@pytest.fixture(scope="session")
def key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture(scope="session")
def claims() -> Claims:
    return CLAIMS


@pytest.fixture(scope="session")
def receipt(key: ec.EllipticCurvePrivateKey) -> Receipt:
    return sample_receipt(key)


def sample_receipt(key: ec.EllipticCurvePrivateKey) -> Receipt:
    lines = (
        AgreedLine(id="1", title_ar="تجاوز السرعة المقررة", title_en="Speeding", amount_fils=20_000),
        AgreedLine(id="2", title_ar="الوقوف في مكان ممنوع", title_en="No parking", amount_fils=12_500),
        AgreedLine(id="3", title_ar="عدم ربط حزام الأمان", title_en="Seat belt not fastened", amount_fils=10_000),
        AgreedLine(id="4", title_ar="رسم الخدمة", title_en="Service fee", amount_fils=0),
    )
    facts = ReceiptFacts(
        office_ar="مركز خدمات بريد الكرك",
        office_en="Karak Post service centre",
        service_ar="دفع مخالفات السير",
        service_en="Pay traffic fines",
        agency_ar="إدارة ترخيص السواقين والمركبات",
        agency_en="Driver and Vehicle Licensing",
        rows=(("المركبة", "Vehicle", "12-34567"),),
    )
    return Receipt(
        number="KRK3-000482",
        outcome=ReceiptOutcome.AWAITING_DELIVERY,
        transaction=TRANSACTION,
        issued_at=ISSUED_AT,
        paid_at=ISSUED_AT,
        terminal="KRK3",
        facts=facts,
        national_number_masked="••••••4821",
        lines=lines,
        total_fils=42_500,
        method=PaymentMethod.BANK_CARD,
        code=seal(CLAIMS, key, "https://post.example/r"),
    )


@pytest.fixture(scope="session")
def slip() -> Slip:
    return Slip(
        reference="7F3K-20",
        written_at=ISSUED_AT,
        office_ar="مركز خدمات بريد الكرك",
        office_en="Karak Post service centre",
        text_ar="نتيجة الدفع قيد التحقق. لا حاجة إلى الدفع مرة أخرى.",
        text_en="The payment is being checked. Do not pay again.",
    )


@pytest.fixture
def virtual_printer(tmp_path: Path) -> Iterator[VirtualPrinter]:
    with VirtualPrinter(tmp_path / "a printer") as printer:
        yield printer

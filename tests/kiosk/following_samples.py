"""A request that was issued, and its document."""

from __future__ import annotations

from uuid import UUID

from kiosk.my_requests import IssuedDocument, Request, RequestState
from tests.kiosk.parts import MARKER_NAME, NOW

ISSUED = Request(
    transaction=UUID(int=1),
    service="justice.non_conviction",
    agency="justice",
    reference="NCC-2026-000001",
    receipt_number="KRK3-000007",
    amount_fils=6_500,
    requested_at=NOW,
    state=RequestState.ISSUED,
    changed_at=NOW,
    document=True,
)
DOCUMENT = IssuedDocument(
    number="NCC-2026-000001",
    issued_at=NOW,
    pdf=b"%PDF-1.7 of " + MARKER_NAME.encode(),
    code="https://documents.example/v#ABC",
)

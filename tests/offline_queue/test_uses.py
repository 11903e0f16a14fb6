"""The ledger counts what people used here of late, by service."""

from __future__ import annotations

from offline_queue.ledger import SqlLedger
from tests.offline_queue.parts import agreement, sell


def test_what_was_committed_is_counted_by_service_and_nothing_else(ledger: SqlLedger) -> None:
    service = agreement().service
    assert ledger.uses_of_services() == {}
    for _ in range(3):
        sell(ledger)
    ledger.prepare(agreement())  # and never committed
    assert ledger.uses_of_services() == {service: 3}

"""The terminal's own quote where a published tariff says what is due: unsigned, and good until midnight in Jordan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from kiosk.catalogue import Service
from kiosk.failures import Failure, ServiceFailure
from kiosk.fees import Channel, Fee, Price, Tariff, in_force, price
from kiosk.wire import Quote, QuoteLine, Words


def quote_of(service: Service, answers: Mapping[str, str], transaction: UUID, now: datetime, channel: Channel) -> Quote:
    """Raises ServiceFailure(NO_TARIFF) where none is in force on that day."""
    tariff = in_force(service.tariffs, now)
    if tariff is None:
        raise ServiceFailure(Failure.NO_TARIFF)
    return _quote(service, transaction, now, price(tariff, answers, now, channel))


def _quote(service: Service, transaction: UUID, now: datetime, priced: Price) -> Quote:
    return Quote(
        quote=transaction,
        agency=service.agency,
        service=service.id,
        fields={},
        issued_at=now,
        expires_at=priced.holds_until,
        lines=tuple(_line(fee) for fee in priced.fees),
        provisional=priced.tariff.provisional,
        tariff=priced.tariff.id,
    )


def _line(fee: Fee) -> QuoteLine:
    return QuoteLine(
        id=fee.id,
        title=fee.title,
        place=None,
        occurred_on=None,
        amount_fils=fee.amount_fils,
        payable=True,
        reason=_joined(fee.reductions),
    )


def _joined(reductions: tuple[Words, ...]) -> Words | None:
    if not reductions:
        return None
    return Words(ar="، ".join(one.ar for one in reductions), en=", ".join(one.en for one in reductions))


def tariff_named(service: Service, identifier: str) -> Tariff | None:
    return next((tariff for tariff in service.tariffs if tariff.id == identifier), None)

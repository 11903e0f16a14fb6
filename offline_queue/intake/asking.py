"""Has the transactions of a batch decided by their agencies, each asked once for all of its own where it can be."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from kiosk.corrections import Reversal
from kiosk.transaction import Agreement
from offline_queue.intake.agencies import Agency, AgencySilent, Decision, Refusal, TakesSeveral

log = logging.getLogger("intake")


class _Addressed(msgspec.Struct):
    """To which agency a body goes: an agreement's, or a correction's."""

    agency: str


class Desks:
    """The agencies behind the intake, by their names in an agreement."""

    def __init__(self, agencies: Mapping[str, Agency], now: Callable[[], datetime]) -> None:
        self._agencies = agencies
        self._now = now

    def knows(self, body: bytes) -> bool:
        return msgspec.json.decode(body, type=_Addressed).agency in self._agencies

    def ask(
        self, bodies: Mapping[UUID, bytes], objection: Callable[[Agreement], Refusal | None]
    ) -> dict[UUID, Decision]:
        """The decisions on these agreements; nothing on those whose agency is silent, or not known here. Of one that
        corrects another the centre's own `objection` comes first; it may raise AgencySilent."""
        waiting: dict[str, dict[UUID, Agreement]] = {}
        decided: dict[UUID, Decision] = {}
        for transaction, body in bodies.items():
            agreement = msgspec.json.decode(body, type=Agreement)
            if agreement.corrects is not None:
                try:
                    found = objection(agreement)
                except AgencySilent:
                    continue
                if found is not None:
                    decided[transaction] = Decision(refusal=found)
                    continue
            waiting.setdefault(agreement.agency, {})[transaction] = agreement
        for name, agreements in waiting.items():
            if (agency := self._agencies.get(name)) is not None:
                decided |= self._together(name, agency, agreements)
        return decided

    def tell(self, reversal: Reversal) -> Decision | None:
        """What its agency says of a reversal; None where it is silent, or not known here."""
        agency = self._agencies.get(reversal.agency)
        if agency is None:
            return None
        return self._heard(reversal.agency, lambda: agency.take_back(reversal, self._now()))

    def _together(self, name: str, agency: Agency, agreements: Mapping[UUID, Agreement]) -> dict[UUID, Decision]:
        if isinstance(agency, TakesSeveral) and len(agreements) > 1:
            try:
                return dict(zip(agreements, agency.settle_several(list(agreements.values()), self._now()), strict=True))
            except AgencySilent:
                return {}
            except Exception as error:  # one of them is odd: one by one, the others pass
                log.error("agency %s: %s", name, type(error).__name__)
        return {
            transaction: decision
            for transaction, agreement in agreements.items()
            if (decision := self._alone(name, agency, agreement)) is not None
        }

    def _alone(self, name: str, agency: Agency, agreement: Agreement) -> Decision | None:
        return self._heard(name, lambda: agency.settle(agreement, self._now()))

    def _heard(self, name: str, ask: Callable[[], Decision]) -> Decision | None:
        try:
            return ask()
        except AgencySilent:
            return None
        except Exception as error:  # one item's trouble must not reach the others; only its kind is safe to log
            log.error("agency %s: %s", name, type(error).__name__)
            return None

"""A batch's transactions are asked about together, and one that is odd, silent or unknown does not hold the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest

from kiosk.corrections import Reversal
from kiosk.transaction import Agreement
from kiosk.wire import Enquiry, Signed, encode_canonical
from offline_queue.intake.agencies import AgencySilent, Decision, Refusal
from offline_queue.intake.asking import Desks
from tests.offline_queue.parts import agreement


class Agency:
    """Takes one at a time; the amount says what becomes of it."""

    def __init__(self) -> None:
        self.calls: list[int] = []

    def enquire(self, enquiry: Enquiry, now: datetime) -> Signed | Refusal:
        raise AssertionError("only agreements are settled in these tests")

    def settle(self, agreement: Agreement, now: datetime) -> Decision:
        self.calls.append(1)
        return _decided(agreement)

    def take_back(self, reversal: Reversal, now: datetime) -> Decision:
        raise AssertionError("only agreements are settled in these tests")


class Together(Agency):
    def settle_several(self, agreements: Sequence[Agreement], now: datetime) -> Sequence[Decision]:
        self.calls.append(len(agreements))
        return [_decided(agreement) for agreement in agreements]


def _decided(agreement: Agreement) -> Decision:
    if agreement.total_fils == 13:
        raise ZeroDivisionError
    if agreement.total_fils == 7:
        raise AgencySilent
    return Decision(reference=str(agreement.total_fils))


def bodies(*fils: int, agency: str = "traffic") -> dict[UUID, bytes]:
    agreed = [msgspec.structs.replace(agreement(amount), agency=agency) for amount in fils]
    return {one.ids.transaction: encode_canonical(one) for one in agreed}


def ask(agency: Agency, asked: dict[UUID, bytes]) -> list[str | None]:
    decided = Desks({"traffic": agency}, lambda: datetime.now(UTC)).ask(asked, lambda _agreement: None)
    return [decided[one].reference if one in decided else None for one in asked]


def test_an_agency_that_takes_several_is_asked_once() -> None:
    agency = Together()
    assert ask(agency, bodies(1, 2, 3)) == ["1", "2", "3"]
    assert agency.calls == [3]


def test_an_agency_that_takes_one_is_asked_for_each() -> None:
    agency = Agency()
    assert ask(agency, bodies(1, 2, 3)) == ["1", "2", "3"]
    assert agency.calls == [1, 1, 1]


@pytest.mark.parametrize("kind", [Agency, Together])
def test_one_odd_item_does_not_hold_the_others(kind: type[Agency], caplog: pytest.LogCaptureFixture) -> None:
    assert ask(kind(), bodies(1, 13, 3)) == ["1", None, "3"]
    assert "ZeroDivisionError" in caplog.text


def test_a_silent_agency_is_not_asked_again_for_each_of_a_batch() -> None:
    agency = Together()
    assert ask(agency, bodies(1, 7, 3)) == [None, None, None]
    assert agency.calls == [3]


def test_an_unknown_agency_decides_nothing_and_the_others_are_asked() -> None:
    asked = bodies(1) | bodies(2, agency="nobody") | bodies(3)
    assert ask(Together(), asked) == ["1", None, "3"]

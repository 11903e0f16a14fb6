"""Several services of one visit at the counter: one key for each act, one change, and nothing paid unasked."""

from __future__ import annotations

import pytest

from kiosk.scene import State
from kiosk.texts import Texts
from kiosk.transaction import PaymentMethod
from tests.ui.clerk.pages import PAGES
from tests.ui.clerk.test_pages import window_of
from ui.clerk.basket_card import BasketCard
from ui.clerk.desk import Desk
from ui.clerk.page import CounterPage
from ui.look import Presentation
from ui.preview import FULL_HD
from ui.staff.keys import KeyAct
from ui.staff.window import StaffWindow
from ui.theme import Tokens

pytestmark = [pytest.mark.usefixtures("qapp", "artwork")]


def act(desk: Desk, key: str, window: StaffWindow) -> KeyAct:
    page = window.findChild(CounterPage)
    assert page is not None
    return next(one for one in (*page.bar(), *page.acts()) if one.key == key)


def press(name: str, key: str, tokens: Tokens, texts: dict[str, Texts]) -> Desk:
    desk = PAGES[name]()
    window = window_of(desk, tokens, texts, FULL_HD, Presentation("en"))
    found = act(desk, key, window).act
    assert found is not None, f"{key} does nothing"
    found()
    window.close()
    return desk


def test_f9_puts_what_is_checked_into_the_basket(tokens: Tokens, texts: dict[str, Texts]) -> None:
    desk = press("check-card", "F9", tokens, texts)
    assert (desk.scene.state, len(desk.scene.basket)) == (State.BASKET, 1)


def test_a_number_opens_a_service_and_f9_brings_it_back(tokens: Tokens, texts: dict[str, Texts]) -> None:
    desk = press("basket", "2", tokens, texts)
    assert (desk.scene.state, len(desk.scene.basket)) == (State.CHECK_ANSWERS, 1)
    desk.basket.want()
    assert (desk.scene.state, len(desk.scene.basket)) == (State.BASKET, 2)


def test_ctrl_and_the_number_leaves_a_service_out(tokens: Tokens, texts: dict[str, Texts]) -> None:
    desk = press("basket", "Ctrl+1", tokens, texts)
    assert [entry.total_fils for entry in desk.scene.basket] == [6_500]


def test_nothing_is_paid_before_the_citizen_agreed_to_the_sum() -> None:
    desk = PAGES["basket"]()
    desk.till.pay()
    assert desk.scene.state is State.BASKET
    desk.till.consent()
    desk.till.pay_by(PaymentMethod.CASH)
    desk.till.set_tendered("30")
    assert not desk.till.can_pay(), "39.000 are due"
    desk.till.set_tendered("50")
    assert desk.till.can_pay()


def test_after_one_was_paid_by_itself_f9_leads_to_the_others(tokens: Tokens, texts: dict[str, Texts]) -> None:
    desk = press("basket-left", "F9", tokens, texts)
    assert (desk.scene.state, desk.scene.total_fils) == (State.BASKET, 32_500)


def test_the_rows_tell_each_service_and_its_amount(tokens: Tokens, texts: dict[str, Texts]) -> None:
    desk = PAGES["basket"]()
    window = window_of(desk, tokens, texts, FULL_HD, Presentation("en"))
    card = window.findChild(BasketCard)
    assert card is not None
    heard = [one.words for one in card.acts() if one.key in {"1", "2"}]
    assert "32.500" in heard[0]
    assert "6.500" in heard[1]
    window.close()


def test_a_correction_never_goes_into_a_basket() -> None:
    desk = PAGES["correcting-check"]()
    assert not desk.basket.can_be_wanted()
    desk.basket.want()
    assert desk.scene.state is State.CHECK_ANSWERS

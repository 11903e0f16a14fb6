"""Which page shows which state of a visit. A new page is one file here and one line in this table."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.scene import State
from ui.pages.card_removed import CardRemovedPage
from ui.pages.choosing_service import ChoosingServicePage
from ui.pages.failed import FailedPage
from ui.pages.identifying import IdentifyingPage
from ui.pages.idle import IdlePage
from ui.pages.page import Page
from ui.pages.start_card import StartCardPage
from ui.pages.take_card import TakeCardPage
from ui.pages.time_warning import TimeWarningPage

PAGES: Mapping[State, type[Page]] = {
    State.IDLE: IdlePage,
    State.IDENTIFYING: IdentifyingPage,
    State.CHOOSING_SERVICE: ChoosingServicePage,
    State.START_CARD: StartCardPage,
    State.STEPS: Page,
    State.ENQUIRING: Page,
    State.QUOTE: Page,
    State.CHECK_ANSWERS: Page,
    State.PAYING: Page,
    State.COMMITTED: Page,
    State.DELIVERY_AWAITED: Page,
    State.RECEIPT: Page,
    State.DONE: Page,
    State.CARD_REMOVED: CardRemovedPage,
    State.TIME_WARNING: TimeWarningPage,
    State.FAILED: FailedPage,
    State.TAKE_CARD: TakeCardPage,
}

HELP: type[Page] = Page

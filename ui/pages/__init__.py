"""Which page shows which state of a visit. A new page is one file here and one line in this table."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kiosk.scene import Scene, State
from ui.look import Look
from ui.pages.access_number import AccessNumberPage
from ui.pages.agencies import AgenciesPage, AgencyPage
from ui.pages.asking_requests import AskingRequestsPage
from ui.pages.basket import BasketPage
from ui.pages.basket_done import BasketDonePage
from ui.pages.bundle import BundlePage
from ui.pages.card_removed import CardRemovedPage
from ui.pages.check_answers import CheckAnswersPage
from ui.pages.choosing_service import ChoosingServicePage
from ui.pages.delivery_awaited import DeliveryAwaitedPage
from ui.pages.document import DocumentPage
from ui.pages.done import DonePage
from ui.pages.enquiring import EnquiringPage
from ui.pages.failed import FailedPage
from ui.pages.help import HelpPage
from ui.pages.identifying import IdentifyingPage
from ui.pages.idle import IdlePage
from ui.pages.my_request import MyRequestPage
from ui.pages.my_requests import MyRequestsPage
from ui.pages.notify_phone import NotifyPhonePage
from ui.pages.page import Page, Send
from ui.pages.parked import ParkedPage
from ui.pages.paying import PayingPage
from ui.pages.quote import QuotePage
from ui.pages.receipt import ReceiptPage
from ui.pages.segments import SegmentsPage
from ui.pages.service_search import ServiceSearchPage
from ui.pages.signing import SigningPage
from ui.pages.start_card import StartCardPage
from ui.pages.steps import StepsPage
from ui.pages.take_card import TakeCardPage
from ui.pages.time_warning import TimeWarningPage

MakePage = Callable[[Scene, Look, Send], Page]


def choosing_service(scene: Scene, look: Look, send: Send) -> Page:
    """Where among the services the person looks."""
    if scene.browsing.place == "home" and scene.bundle is not None:
        return BundlePage(scene, look, send)
    places: Mapping[str, type[Page]] = {
        "home": ChoosingServicePage,
        "search": ServiceSearchPage,
        "agencies": AgenciesPage,
        "agency": AgencyPage,
        "segments": SegmentsPage,
    }
    return places[scene.browsing.place](scene, look, send)


def question(scene: Scene, look: Look, send: Send) -> Page:
    """A paper goes into the scanner; every other answer is given on the screen."""
    is_paper = scene.step is not None and scene.step.kind == "document"
    return DocumentPage(scene, look, send) if is_paper else StepsPage(scene, look, send)


def done(scene: Scene, look: Look, send: Send) -> Page:
    """Of one service, or of several that were paid at once."""
    return BasketDonePage(scene, look, send) if scene.service is None else DonePage(scene, look, send)


PAGES: Mapping[State, MakePage] = {
    State.IDLE: IdlePage,
    State.IDENTIFYING: IdentifyingPage,
    State.ACCESS_NUMBER: AccessNumberPage,
    State.CHOOSING_SERVICE: choosing_service,
    State.BASKET: BasketPage,
    State.START_CARD: StartCardPage,
    State.STEPS: question,
    State.ENQUIRING: EnquiringPage,
    State.QUOTE: QuotePage,
    State.CHECK_ANSWERS: CheckAnswersPage,
    State.SIGNING: SigningPage,
    State.PAYING: PayingPage,
    State.COMMITTED: DeliveryAwaitedPage,
    State.DELIVERY_AWAITED: DeliveryAwaitedPage,
    State.RECEIPT: ReceiptPage,
    State.DONE: done,
    State.CARD_REMOVED: CardRemovedPage,
    State.TIME_WARNING: TimeWarningPage,
    State.FAILED: FailedPage,
    State.PARKED: ParkedPage,
    State.TAKE_CARD: TakeCardPage,
    State.ASKING_REQUESTS: AskingRequestsPage,
    State.MY_REQUESTS: MyRequestsPage,
    State.MY_REQUEST: MyRequestPage,
    State.NOTIFY_PHONE: NotifyPhonePage,
}

HELP = HelpPage

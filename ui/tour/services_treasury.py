"""The errand of an official: a voucher is paid into the treasury, once."""

from __future__ import annotations

from ui.tour.errands import Errand, ask, digits, settle
from ui.tour.visits import Visitor

VOUCHER = "treasury.voucher"


def voucher_is_paid(visitor: Visitor) -> None:
    """For whom the official pays is known by the card; the voucher says the rest."""
    errand = Errand(VOUCHER, (("which-voucher", digits("260041207")),), segment="government")
    ask(visitor, errand)
    settle(visitor)


def voucher_is_paid_once_english(visitor: Visitor) -> None:
    """Brought a second time it is told that it was paid, before any money is asked for."""
    errand = Errand(VOUCHER, (("which-voucher", digits("260077310")),), card="omar", english=True, segment="government")
    ask(visitor, errand)
    settle(visitor)
    visitor.greet("omar", english=True)
    visitor.hand.touch("segment:government")
    visitor.open_service(VOUCHER)
    visitor.hand.touch("main")
    visitor.hand.wait_for_page("steps")
    visitor.hand.type_digits("260077310")
    visitor.hand.touch("main")
    visitor.arrive("failed", step="paid-before")
    visitor.leave()

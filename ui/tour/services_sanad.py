"""The errands at Sanad: a person is registered by the card, with a phone; who has an identity already is told."""

from __future__ import annotations

from ui.tour.errands import Errand, agree, digits, keep, run
from ui.tour.visits import Visitor

_REGISTRATION = "sanad.registration"


def person_is_registered(visitor: Visitor) -> None:
    """A phone and a declaration; nothing to pay. The number that activates it stands on the paper."""
    answers = (("which-phone", digits("0791234567")), ("declaration", agree()))
    run(visitor, Errand(_REGISTRATION, answers))


def known_phone_is_kept_english(visitor: Visitor) -> None:
    """Of whom Sanad knows a phone, nothing is typed."""
    answers = (("which-phone", keep()), ("declaration", agree()))
    run(visitor, Errand(_REGISTRATION, answers, card="karim", english=True))


def active_identity_is_told(visitor: Visitor) -> None:
    """Whoever has one learns it before anything is asked."""
    visitor.greet("omar")
    visitor.open_service(_REGISTRATION)
    visitor.hand.touch("main")
    visitor.arrive("failed", step="active-already")
    visitor.leave()

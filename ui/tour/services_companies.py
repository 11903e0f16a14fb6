"""The errand of a company's signatory: licences of several bodies, renewed in one visit."""

from __future__ import annotations

from ui.tour.errands import Answer, Errand, agree, keep, run
from ui.tour.visits import Visitor

_ANSWERS: tuple[tuple[str, Answer], ...] = (("which-company", keep()), ("declaration", agree()))


def licences_are_renewed(visitor: Visitor) -> None:
    """The card says which company it is; all that can be renewed is ticked, the rest says why not."""
    run(visitor, Errand("companies.bundle", _ANSWERS))


def licences_are_renewed_english(visitor: Visitor) -> None:
    run(visitor, Errand("companies.bundle", _ANSWERS, card="omar", english=True))

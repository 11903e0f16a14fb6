"""What a person says of the service at its end: one of five faces, and after an unhappy one a reason from a list."""

from __future__ import annotations

import enum
from typing import Final


class Satisfaction(enum.StrEnum):
    """From the best to the worst."""

    EXCELLENT = "excellent"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"
    BAD = "bad"


class WhyUnhappy(enum.StrEnum):
    """Why somebody was unhappy: a closed list, because a written reason could tell who wrote it. NOT_SAID is the answer
    of whoever was asked and would rather not say."""

    WAITED = "waited"
    UNCLEAR = "unclear"
    QUESTIONS = "questions"
    AMOUNT = "amount"
    OTHER = "other"
    NOT_SAID = "not_said"


SATISFIED: Final = frozenset({Satisfaction.EXCELLENT, Satisfaction.GOOD})
UNHAPPY: Final = frozenset({Satisfaction.POOR, Satisfaction.BAD})
"""These are asked for a reason."""

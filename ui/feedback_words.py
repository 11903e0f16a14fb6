"""The words of the five faces, and of the reasons of an unhappy person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kiosk.feedback import Satisfaction, WhyUnhappy
from kiosk.texts import message

SATISFACTION_TEXTS: Final[Mapping[Satisfaction, str]] = {
    Satisfaction.EXCELLENT: message("Excellent"),
    Satisfaction.GOOD: message("Good"),
    Satisfaction.FAIR: message("Fair"),
    Satisfaction.POOR: message("Poor"),
    Satisfaction.BAD: message("Bad"),
}

REASON_TEXTS: Final[Mapping[WhyUnhappy, str]] = {
    WhyUnhappy.WAITED: message("It took too long"),
    WhyUnhappy.UNCLEAR: message("It was hard to understand"),
    WhyUnhappy.QUESTIONS: message("Too many questions"),
    WhyUnhappy.AMOUNT: message("The amount"),
    WhyUnhappy.OTHER: message("Something else"),
    WhyUnhappy.NOT_SAID: message("Without a reason"),
}

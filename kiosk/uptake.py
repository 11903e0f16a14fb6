"""How the services are used: one record for each service of each visit, without anything that tells who it was.

Records serve counts and medians, so each says little: the day and the hour, never the minute; a random id, which is no
transaction's and carries no time; no amount, no answer, no order. Nobody who has a ledger and these records side by
side can say which belongs to which, where more than one person came in an hour. Reports show nothing but counts of
fewer than `kiosk.uptake_report.FEWEST` people.
"""

from __future__ import annotations

import enum
from datetime import date
from uuid import UUID

import msgspec

from kiosk.feedback import Satisfaction, WhyUnhappy

UPTAKE_SCHEMA = 1


class Channel(enum.StrEnum):
    SELF_SERVICE = "self_service"
    ASSISTED = "assisted"


class Outcome(enum.StrEnum):
    """How a person's errand ended: FINISHED with a receipt, KEPT for later by wish, FAILED where the person left the
    page of a failure, LEFT anywhere else."""

    FINISHED = "finished"
    LEFT = "left"
    FAILED = "failed"
    KEPT = "kept"


class Uptake(msgspec.Struct, frozen=True, kw_only=True):
    """One service in one visit; `service` is "" where the person came and chose none.

    `day` and `hour` are legal time in Jordan, of the visit's beginning. `page` is the last one that the person saw
    before it ended: a `kiosk.scene.State`, of a question with its step, as `steps/plate`. `seconds` count from the card
    to that end, `taps` and `characters` what the person touched and typed until then, and `pages` what was shown to be
    read or answered. A later release reads what this one has written: new fields have defaults.
    """

    schema: int = UPTAKE_SCHEMA
    record: UUID
    day: date
    hour: int
    terminal: str
    office_ar: str
    office_en: str
    channel: Channel
    service: str
    language: str
    outcome: Outcome
    page: str
    seconds: int
    taps: int
    characters: int
    pages: int
    satisfaction: Satisfaction | None = None
    reason: WhyUnhappy | None = None

"""How long each kind of content stays on a terminal: a schedule in a file, checked when it is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from kiosk.set_up import SetUpMistake
from offline_queue.removal import BodyKind


class RetentionMistake(SetUpMistake):
    """The schedule cannot be used; the text says which key, and what it should be."""


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`days` after its transaction was settled; of what was taken back, after the centre has accepted the reversal.
    `because` says why so long."""

    days: Annotated[int, Meta(ge=1, le=3650)]
    because: Annotated[str, Meta(min_length=1)]
    provisional: bool = False


class Schedule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule for each kind of content that may leave."""

    voided_agreement: Rule
    accepted_agreement: Rule
    receipt: Rule
    reversed_agreement: Rule
    reversed_receipt: Rule

    def days(self, kind: BodyKind) -> int:
        rules = {
            BodyKind.VOIDED_AGREEMENT: self.voided_agreement,
            BodyKind.ACCEPTED_AGREEMENT: self.accepted_agreement,
            BodyKind.RECEIPT: self.receipt,
            BodyKind.REVERSED_AGREEMENT: self.reversed_agreement,
            BodyKind.REVERSED_RECEIPT: self.reversed_receipt,
        }
        return rules[kind].days


def load_schedule(file: Path) -> Schedule:
    """Raises RetentionMistake."""
    try:
        schedule = msgspec.toml.decode(file.read_bytes(), type=Schedule)
    except OSError as error:
        raise RetentionMistake(f"{file}: cannot be read: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RetentionMistake(f"{file}: {error}") from error
    # While the agreement is there a receipt may still be issued from it, and would then never leave.
    if schedule.receipt.days < schedule.accepted_agreement.days:
        raise RetentionMistake(f"{file}: `receipt.days` is less than `accepted_agreement.days`")
    if schedule.reversed_receipt.days < schedule.reversed_agreement.days:
        raise RetentionMistake(f"{file}: `reversed_receipt.days` is less than `reversed_agreement.days`")
    return schedule

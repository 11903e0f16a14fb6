"""A request that was stopped half way and kept, so that its person can finish it: the draft, and what finds it again.

A draft holds what was typed and shown, never money: what was paid is in the ledger.
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime
from typing import Final, Protocol

import msgspec

from kiosk.typed import plain

KEEP_HOURS: Final = 72
"""How long a request is kept after it was parked."""

DRAFT_SCHEMA: Final = 1

REFERENCE_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32 (crockford.com/base32.html): no I, L and O, which pass for 1 and 0, and no U."""

_GROUP: Final = 4
_REFERENCE = re.compile(f"[{REFERENCE_ALPHABET}]{{{2 * _GROUP}}}")
_MISREAD: Final = str.maketrans("ILO", "110")


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What a visit knew when it was parked; all of it personal.

    `national_number` is whose request it is, of a foreigner the passport (`kiosk.identity.Identity.number`);
    `subject_number` for whom, where that is somebody else (`capacity`, `behalf_document`). `identified_by` is "card" or
    "document", with the kind of document in `document_seen`.
    `signed_quote` is JSON of `kiosk.wire.Signed`; `stopped_at` names the visit's state.
    """

    schema: int = DRAFT_SCHEMA
    service: str
    answers: dict[str, str]
    picked: tuple[str, ...] = ()
    signed_quote: bytes = b""
    national_number: str
    person_name_ar: str = ""
    person_name_latin: str = ""
    document_number: str = ""
    identified_by: str = "card"
    document_seen: str = ""
    capacity: str = "self"
    subject_number: str = ""
    behalf_document: str = ""
    stopped_at: str = ""

    def __repr__(self) -> str:
        return "Draft()"


class Parked(msgspec.Struct, frozen=True, kw_only=True):
    """A parked request as the counter may list it: nothing personal. `until` is UTC; `by` a staff id, or ""."""

    reference: str
    service: str
    parked_at: datetime
    until: datetime
    by: str = ""


class ParkedCases(Protocol):
    """Every call may block; those that write are on disk when they return, and raise NOT_SAVED (ServiceFailure).

    What has run out is as good as gone: only `expire` tells the difference.
    """

    def park(self, draft: Draft, until: datetime, by: str = "") -> Parked:
        """Keeps it. The same person's request for the same service keeps its reference: a slip may say it already."""

    def of_person(self, national_number: str) -> tuple[Parked, ...]:
        """The newest first."""

    def all(self) -> tuple[Parked, ...]:
        """Everybody's, the newest first; for the counter."""

    def take(self, reference: str, national_number: str | None) -> Draft | None:
        """Hands it out and removes it. Another person's number gives None and removes nothing; a `national_number`
        of None asks for no number at all, which only staff may."""

    def look(self, reference: str) -> Draft | None:
        """As `take` does for staff, removing nothing."""

    def expire(self, now: datetime) -> int:
        """Deletes what has run out; how many that were."""


def draw_reference() -> str:
    """A new reference such as `K7QM-2XWD`: 40 random bits, in two groups that can be read aloud and typed."""
    drawn = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(2 * _GROUP))
    return f"{drawn[:_GROUP]}-{drawn[_GROUP:]}"


def plain_reference(typed: str) -> str:
    """The reference that was meant: digits of any script, small letters, any spaces and hyphens, I and L for 1, O for
    0. "" where it cannot be one."""
    meant = re.sub(r"[-\s]", "", plain(typed[:40])).translate(_MISREAD)
    return f"{meant[:_GROUP]}-{meant[_GROUP:]}" if _REFERENCE.fullmatch(meant) else ""

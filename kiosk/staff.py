"""Who is behind the counter: the members of staff, the rule for their PINs, when a name is locked, what is journalled.

A try is counted before the PIN is compared, as a smart card counts its own (ISO 7816-4, VERIFY): whoever pulls the
plug between the two has used a try up, never gained one.
"""

from __future__ import annotations

import enum
import itertools
import re
from datetime import datetime, timedelta
from typing import Annotated, Final, Protocol

import msgspec
from msgspec import Meta

from kiosk.texts import message
from kiosk.wire import Words

STAFF_ID: Final = r"^[a-z0-9.-]{2,20}$"

# ---------------------------------------------------------------- members and what they do


class Role(enum.StrEnum):
    CLERK = "clerk"
    SUPERVISOR = "supervisor"
    TECHNICIAN = "technician"


class StaffMember(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is what is typed to sign in and stands in the journal, e.g. `rana`."""

    id: Annotated[str, Meta(pattern=STAFF_ID)]
    name: Words
    role: Role
    active: bool = True


COMMAND_LINE: Final = StaffMember(
    id="command-line", name=Words(ar="سطر الأوامر", en="command line"), role=Role.SUPERVISOR
)
"""Whoever can run commands as the terminal's own user. Nobody signs in as it, and nobody is added under its id."""


class StaffAct(enum.StrEnum):
    """What the journal can say. The acts of the first block are written by the register itself, never by `note`."""

    SIGNED_IN = "signed_in"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    ADDED = "added"
    PIN_CHANGED = "pin_changed"
    ACTIVATED = "activated"
    DEACTIVATED = "deactivated"

    SIGNED_OUT = "signed_out"
    LEFT_ALONE = "left_alone"  # the counter locked itself
    REVEALED_NUMBER = "revealed_number"
    OPENED_TECHNICIAN_PAGE = "opened_technician_page"
    PRINTED_COPY = "printed_copy"
    PRINTED_TEST_PAGE = "printed_test_page"
    TESTED_CARD = "tested_card"
    RAN_CHECKS = "ran_checks"
    SAVED_REPORT = "saved_report"
    DELIVERED_NOW = "delivered_now"
    PARKED_CASE = "parked_case"
    TOOK_PARKED_CASE = "took_parked_case"
    DECIDED_PAYMENT = "decided_payment"
    ANSWERED_HELP = "answered_help"
    IMPORTED_TRUST = "imported_trust"
    RENEWED_KEY = "renewed_key"


OWN_ACTS: Final = frozenset(
    {
        StaffAct.SIGNED_IN,
        StaffAct.LOCKED,
        StaffAct.UNLOCKED,
        StaffAct.ADDED,
        StaffAct.PIN_CHANGED,
        StaffAct.ACTIVATED,
        StaffAct.DEACTIVATED,
    }
)


class StaffNote(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the journal. `staff` is a member's id, "" where nobody of that name exists."""

    sequence: int
    at: datetime
    staff: str
    act: StaffAct
    detail: str = ""


_DETAIL = re.compile(r"[A-Za-z0-9 .:_-]{0,80}")
_NATIONAL_NUMBER = re.compile(r"\b[0-9]{10}\b")


def is_impersonal(detail: str) -> bool:
    """Whether `detail` may stand in the journal: a receipt's number, a reference, an id; no national number, no name
    in Arabic."""
    return _DETAIL.fullmatch(detail) is not None and _NATIONAL_NUMBER.search(detail) is None


# ---------------------------------------------------------------- the PIN

SHORTEST_PIN: Final = 6
LONGEST_PIN: Final = 12

PIN_LENGTH = message("Enter 6 to 12 digits")
PIN_TOO_PLAIN = message("Choose digits that do not repeat or count up or down")

_ZEROS: Final = (0x0660, 0x06F0)
"""Arabic-Indic and Persian digits; in UTF-8 each is two bytes, here D9 A0 to D9 A9 and DB B0 to DB B9."""


def plain_pin(typed: bytearray) -> bytearray:
    """`typed` (UTF-8) with ASCII digits, in a buffer of its own that the caller wipes; what is no digit stays."""
    plain = bytearray(typed)
    for zero in _ZEROS:
        for digit in range(10):
            fresh = plain.replace(chr(zero + digit).encode(), b"%d" % digit)
            wipe(plain)
            plain = fresh
    return plain


def check_pin(typed: bytearray) -> str:
    """What a new PIN must be instead, as a message id; "" where it may be used. Leaves `typed` as it is.

    6 to 12 digits for everybody: a PIN protects only with the lock-out beside it (NIST SP 800-63B, 5.1.1 and 5.2.2).
    All the same digit, and a run up or down such as 123456 or 210987, are what is tried first.
    """
    pin = plain_pin(typed)
    try:
        if not pin.isdigit() or not SHORTEST_PIN <= len(pin) <= LONGEST_PIN:
            return PIN_LENGTH
        steps = {(after - before) % 10 for before, after in itertools.pairwise(pin)}
        return PIN_TOO_PLAIN if len(steps) == 1 and steps <= {0, 1, 9} else ""
    finally:
        wipe(pin)


def wipe(secret: bytearray) -> None:
    """Overwrites the buffer where it lies; its length stays."""
    secret[:] = bytes(len(secret))


# ---------------------------------------------------------------- the lock

TRIES: Final = 5
LOCK_STEPS: Final = (timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=60))
"""How long the first, second and each later lock lasts. With six digits that leaves at most 120 tries a day."""


class Moment(msgspec.Struct, frozen=True):
    """One moment as two clocks show it. `monotonic_ns` can be compared within one `boot` only, and nobody can set it;
    `wall` can be set, and survives a restart."""

    wall: datetime
    boot: str
    monotonic_ns: int


class Lock(msgspec.Struct, frozen=True):
    lasts: timedelta
    since: Moment


class Tries(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one name: wrong tries since the last lock, how many locks, and the lock that may still hold."""

    wrong: int = 0
    locks: int = 0
    lock: Lock | None = None


NO_TRIES: Final = Tries()
"""After a success, or when a supervisor has opened the lock."""


def tries_left(tries: Tries) -> int:
    return TRIES - tries.wrong


def locked_for(tries: Tries, now: Moment) -> timedelta:
    """How much longer the name is locked; zero where it is not."""
    if tries.lock is None:
        return timedelta(0)
    return max(timedelta(0), tries.lock.lasts - _passed(tries.lock.since, now))


def carry_over(tries: Tries, now: Moment) -> Tries:
    """The same with the rest of its lock counted from `now`; to be kept, so that the time within this boot counts.

    A wall clock that was set back since then has let nothing pass; the rest is never longer than it was.
    """
    rest = locked_for(tries, now)
    return msgspec.structs.replace(tries, lock=Lock(rest, now) if rest else None)


def count_try(tries: Tries, now: Moment) -> Tries:
    """One more try of a name that is not locked, before its PIN is compared; the last one locks."""
    if tries.wrong + 1 < TRIES:
        return msgspec.structs.replace(tries, wrong=tries.wrong + 1, lock=None)
    lasts = LOCK_STEPS[min(tries.locks, len(LOCK_STEPS) - 1)]
    return Tries(locks=tries.locks + 1, lock=Lock(lasts, now))


def may_oversee(by: StaffMember, member: StaffMember) -> bool:
    """Whether `by` may unlock `member`, give a new PIN, and the like: a supervisor for clerks and technicians, the
    command line for everybody."""
    if by == COMMAND_LINE:
        return True
    return by.active and by.role is Role.SUPERVISOR and member.role is not Role.SUPERVISOR


def _passed(since: Moment, now: Moment) -> timedelta:
    if since.boot == now.boot:
        return timedelta(microseconds=(now.monotonic_ns - since.monotonic_ns) // 1000)
    return max(timedelta(0), now.wall - since.wall)


# ---------------------------------------------------------------- the register


class Refusal(enum.StrEnum):
    UNKNOWN_OR_WRONG = "unknown_or_wrong"
    LOCKED = "locked"
    INACTIVE = "inactive"  # said only to who knows the PIN


class SignInRefused(Exception):
    """Never says whether the name or the PIN was wrong. `locked_until` is aware UTC, by the wall clock."""

    def __init__(self, reason: Refusal, *, tries_left: int = 0, locked_until: datetime | None = None) -> None:
        super().__init__()
        self.reason = reason
        self.tries_left = tries_left
        self.locked_until = locked_until


class StaffMistake(Exception):
    """A call that the rules of the counter forbid, such as a clerk who unlocks; the text holds no PIN."""


class StaffRegister(Protocol):
    """Every call may block; those that write are on disk when they return, and raise NOT_SAVED (ServiceFailure)."""

    def members(self) -> tuple[StaffMember, ...]:
        """Everybody, the inactive too, by id."""

    def locked(self) -> dict[str, datetime]:
        """Until when (UTC, by the wall clock) each member is locked who is."""

    def sign_in(self, staff_id: str, pin: bytearray) -> StaffMember:
        """Compares, journals SIGNED_IN or LOCKED. Wipes `pin`. Raises SignInRefused."""

    def unlock(self, staff_id: str, by: StaffMember) -> None:
        """The tries begin anew, as they do with a new PIN too. Raises StaffMistake where `may_oversee` says no."""

    def note(self, by: StaffMember, act: StaffAct, detail: str = "") -> None:
        """Raises StaffMistake for OWN_ACTS, for who is no member, and where `detail` is not `is_impersonal`."""

    def add(self, member: StaffMember, pin: bytearray, by: StaffMember) -> None:
        """Wipes `pin`. Raises StaffMistake: the id is taken, `check_pin` has something to say, `by` may not."""

    def change_pin(self, staff_id: str, pin: bytearray, by: StaffMember) -> None:
        """A member's own, or of whom `by` oversees. Wipes `pin`. Raises StaffMistake."""

    def set_active(self, staff_id: str, by: StaffMember, *, active: bool) -> None:
        """Who has left cannot sign in again; the journal keeps the name. Raises StaffMistake."""

    def acts(self, limit: int) -> tuple[StaffNote, ...]:
        """The newest first."""

"""`kiosk.staff.StaffRegister` on the encrypted file: members, their kept PINs, their tries, and the journal.

Argon2id runs on the caller's thread, between two transactions, so no sale waits for a sign-in.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import hmac
import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

import msgspec
from sqlite_utils import Database

from kiosk.ports import Clock
from kiosk.staff import (
    COMMAND_LINE,
    NO_TRIES,
    OWN_ACTS,
    STAFF_ID,
    Moment,
    Refusal,
    SignInRefused,
    StaffAct,
    StaffMember,
    StaffMistake,
    StaffNote,
    Tries,
    carry_over,
    check_pin,
    count_try,
    is_impersonal,
    locked_for,
    may_oversee,
    plain_pin,
    tries_left,
    wipe,
)
from kiosk.wire import Words
from offline_queue import pins
from offline_queue.database import LedgerDatabase
from offline_queue.entries import read_boot_id
from offline_queue.staff_journal import append, has_counter_tables, load_acts

_STRANGERS: Final = 256
"""Tries under names that nobody has are counted too, or a lock would tell which names exist. They share this many
counters, so that typing names never fills the file."""
_STRANGER_CONTEXT: Final = b"kiosk/staff-stranger\x00"


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class _Counted:
    """A try as it stands on disk before the PIN is compared. `refused` where the name was locked already."""

    who: str
    kept_pin: str
    tries: Tries
    now: Moment
    refused: bool


class SqlStaffRegister:
    """May be called from any thread."""

    def __init__(
        self,
        database: LedgerDatabase,
        clock: Clock,
        secret: bytes,
        *,
        monotonic_ns: Callable[[], int] = time.monotonic_ns,
        boot_id: str | None = None,
    ) -> None:
        """`secret` is the terminal's holder key; `boot_id` this boot's, to be given in tests."""
        self._database = database
        self._clock = clock
        self._secret = secret
        self._monotonic_ns = monotonic_ns
        self._boot_id = read_boot_id() if boot_id is None else boot_id

    # -- kiosk.staff.StaffRegister

    def members(self) -> tuple[StaffMember, ...]:
        return self._database.read(load_members)

    def locked(self) -> dict[str, datetime]:
        def work(connection: Database) -> dict[str, datetime]:
            return load_locked(connection, self._now())

        return self._database.read(work)

    def sign_in(self, staff_id: str, pin: bytearray) -> StaffMember:
        with _plain(pin) as plain:
            counted = self._count(staff_id.strip().lower())
            if counted.refused:
                raise _refusal(counted)
            if pins.fits(plain, counted.kept_pin):
                return self._welcome(counted.who)
        if counted.tries.lock is not None:
            self._write_note(counted.who if _is_member_id(counted.who) else "", StaffAct.LOCKED)
        raise _refusal(counted)

    def unlock(self, staff_id: str, by: StaffMember) -> None:
        self._oversee(staff_id, by, StaffAct.UNLOCKED)

    def note(self, by: StaffMember, act: StaffAct, detail: str = "") -> None:
        if act in OWN_ACTS:
            raise StaffMistake(f"{act} is written by the register itself")
        if not is_impersonal(detail):
            raise StaffMistake("a detail that the journal may not hold")

        def work(connection: Database) -> None:
            _as_stored(connection, by)
            append(connection, self._clock.now(), by.id, act, detail)

        self._database.write(work)

    def add(self, member: StaffMember, pin: bytearray, by: StaffMember) -> None:
        with _plain(pin) as plain:
            kept = _keep(plain)
        if not _is_member_id(member.id) or member.id == COMMAND_LINE.id:
            raise StaffMistake("an id is 2 to 20 small letters, digits, dots and hyphens")

        def work(connection: Database) -> None:
            if not may_oversee(_as_stored(connection, by), member):
                raise StaffMistake(f"{by.id} may not add a {member.role}")
            if _load(connection, member.id) is not None:
                raise StaffMistake(f"{member.id} is on the register already")
            connection.execute(
                "INSERT INTO staff (id, name_ar, name_en, role, active, pin) VALUES (?, ?, ?, ?, ?, ?)",
                (member.id, member.name.ar, member.name.en, member.role, member.active, kept),
            )
            append(connection, self._clock.now(), by.id, StaffAct.ADDED, member.id)

        self._database.write(work)

    def change_pin(self, staff_id: str, pin: bytearray, by: StaffMember) -> None:
        with _plain(pin) as plain:
            kept = _keep(plain)
        change = ("UPDATE staff SET pin = ? WHERE id = ?", (kept, staff_id))
        self._oversee(staff_id, by, StaffAct.PIN_CHANGED, change, also_own=True)

    def set_active(self, staff_id: str, by: StaffMember, *, active: bool) -> None:
        act = StaffAct.ACTIVATED if active else StaffAct.DEACTIVATED
        self._oversee(staff_id, by, act, ("UPDATE staff SET active = ? WHERE id = ?", (active, staff_id)))

    def acts(self, limit: int) -> tuple[StaffNote, ...]:
        return self._database.read(lambda connection: load_acts(connection, limit))

    # -- the steps of a sign-in

    def _count(self, name: str) -> _Counted:
        """Counts the try on disk, before anybody knows what it was worth."""

        def work(connection: Database) -> _Counted:
            found = _load(connection, name) if _is_member_id(name) else None
            who = name if found else self._stranger(name)
            now = self._now()
            tries = carry_over(_load_tries(connection, who), now)
            refused = tries.lock is not None
            if not refused:
                tries = count_try(tries, now)
            _store_tries(connection, who, tries)
            return _Counted(who, found[1] if found else pins.NOBODYS, tries, now, refused)

        return self._database.write(work)

    def _welcome(self, who: str) -> StaffMember:
        """The PIN was right. Raises SignInRefused where its member has left, as it stands now."""

        def work(connection: Database) -> StaffMember | None:
            _store_tries(connection, who, NO_TRIES)
            member = _known(connection, who)
            if not member.active:
                return None
            append(connection, self._clock.now(), who, StaffAct.SIGNED_IN)
            return member

        member = self._database.write(work)
        if member is None:
            raise SignInRefused(Refusal.INACTIVE)
        return member

    def _oversee(
        self,
        staff_id: str,
        by: StaffMember,
        act: StaffAct,
        change: tuple[str, tuple[object, ...]] | None = None,
        *,
        also_own: bool = False,
    ) -> None:
        """What a supervisor does for a member; whatever it is, the member's tries begin anew."""

        def work(connection: Database) -> None:
            member = _known(connection, staff_id)
            overseer = _as_stored(connection, by)
            if not (may_oversee(overseer, member) or (also_own and overseer.id == member.id)):
                raise StaffMistake(f"{by.id} may not do this for {staff_id}: {act}")
            if change is not None:
                connection.execute(*change)
            _store_tries(connection, staff_id, NO_TRIES)
            append(connection, self._clock.now(), by.id, act, staff_id)

        self._database.write(work)

    def _write_note(self, staff: str, act: StaffAct) -> None:
        self._database.write(lambda connection: append(connection, self._clock.now(), staff, act))

    def _now(self) -> Moment:
        return Moment(self._clock.now(), self._boot_id, self._monotonic_ns())

    def _stranger(self, name: str) -> str:
        """Which counter a name that nobody has falls on; `?` is in no member's id."""
        drawn = hmac.digest(self._secret, _STRANGER_CONTEXT + name.encode(errors="surrogatepass"), hashlib.sha256)
        return f"?{drawn[0] % _STRANGERS}"


# ---------------------------------------------------------------- on the ledger's thread, or a reader's


def load_members(connection: Database) -> tuple[StaffMember, ...]:
    """Everybody by id; nobody in a file of the release before."""
    if not has_counter_tables(connection):
        return ()
    rows = connection.execute("SELECT id, name_ar, name_en, role, active FROM staff ORDER BY id")
    return tuple(_member(row) for row in rows)


def load_locked(connection: Database, now: Moment) -> dict[str, datetime]:
    """Until when each locked member is so, by the wall clock."""
    if not has_counter_tables(connection):
        return {}
    rows = connection.execute("SELECT who, tries FROM staff_tries JOIN staff ON staff.id = who ORDER BY who").fetchall()
    left = {str(who): locked_for(msgspec.json.decode(tries, type=Tries), now) for who, tries in rows}
    return {who: now.wall + rest for who, rest in left.items() if rest > timedelta(0)}


def _load(connection: Database, staff_id: str) -> tuple[StaffMember, str] | None:
    """The member and the kept PIN."""
    row = connection.execute(
        "SELECT id, name_ar, name_en, role, active, pin FROM staff WHERE id = ?", (staff_id,)
    ).fetchone()
    return None if row is None else (_member(row[:5]), str(row[5]))


def _known(connection: Database, staff_id: str) -> StaffMember:
    found = _load(connection, staff_id)
    if found is None:
        raise StaffMistake(f"nobody on the register has the id {staff_id!r}")
    return found[0]


def _as_stored(connection: Database, by: StaffMember) -> StaffMember:
    """`by` as the register has it: who has been given less since signing in may do less."""
    return by if by == COMMAND_LINE else _known(connection, by.id)


def _member(row: tuple[object, ...]) -> StaffMember:
    staff_id, name_ar, name_en, role, active = row
    name = Words(ar=str(name_ar), en=str(name_en))
    return msgspec.convert({"id": staff_id, "name": name, "role": role, "active": bool(active)}, StaffMember)


def _load_tries(connection: Database, who: str) -> Tries:
    row = connection.execute("SELECT tries FROM staff_tries WHERE who = ?", (who,)).fetchone()
    return NO_TRIES if row is None else msgspec.json.decode(row[0], type=Tries)


def _store_tries(connection: Database, who: str, tries: Tries) -> None:
    connection.execute(
        "INSERT INTO staff_tries (who, tries) VALUES (?, ?) ON CONFLICT (who) DO UPDATE SET tries = excluded.tries",
        (who, msgspec.json.encode(tries).decode()),
    )


# ---------------------------------------------------------------- refusals and PINs


def _refusal(counted: _Counted) -> SignInRefused:
    if counted.tries.lock is None:
        return SignInRefused(Refusal.UNKNOWN_OR_WRONG, tries_left=tries_left(counted.tries))
    until = counted.now.wall + locked_for(counted.tries, counted.now)
    return SignInRefused(Refusal.LOCKED, locked_until=until)


def _is_member_id(staff_id: str) -> bool:
    return re.fullmatch(STAFF_ID, staff_id) is not None


def _keep(plain: bytearray) -> str:
    """Raises StaffMistake where it may not be a PIN."""
    mistake = check_pin(plain)
    if mistake:
        raise StaffMistake(f"the PIN cannot be used: {mistake}")
    return pins.keep(plain)


@contextlib.contextmanager
def _plain(pin: bytearray) -> Iterator[bytearray]:
    """The PIN in ASCII digits; both buffers are wiped, whatever happens."""
    plain = plain_pin(pin)
    try:
        yield plain
    finally:
        wipe(plain)
        wipe(pin)

"""Parked requests on the real file: found by their person and by their reference, gone when they are over."""

from __future__ import annotations

import threading
from datetime import timedelta
from functools import partial
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from kiosk.parked import DRAFT_SCHEMA, KEEP_HOURS, Draft
from kiosk.wire import encode_canonical
from offline_queue import parked as sql_parked
from offline_queue.database import open_reader
from offline_queue.issuing import _holder
from offline_queue.keys import TerminalKeys
from offline_queue.ledger import SqlLedger
from offline_queue.sync import Sync
from tests.offline_queue.conftest import OpenLedger
from tests.offline_queue.parts import NOW, PLANTED_NAME, PLANTED_NUMBER, SetClock

UNTIL = NOW + timedelta(hours=KEEP_HOURS)
OTHER_NUMBER = "9991110000"


def draft(number: str = PLANTED_NUMBER, service: str = "traffic.fines", stopped_at: str = "") -> Draft:
    return Draft(
        service=service,
        answers={"search_by": "vehicle", "plate": "12-34567"},
        picked=("F-1", "F-2"),
        signed_quote=b"\x00\xff quote",
        national_number=number,
        person_name_ar=PLANTED_NAME,
        stopped_at=stopped_at,
    )


def count(ledger: SqlLedger) -> int:
    return ledger._database.read(partial(_number, "SELECT count(*) FROM parked"))


def test_what_is_parked_comes_back_once(open_ledger: OpenLedger) -> None:
    kept = msgspec.structs.replace(draft(stopped_at="quote"), capacity="parent", subject_number=OTHER_NUMBER)
    parked = open_ledger().parked.park(kept, UNTIL, "rana")
    cases = open_ledger().parked
    assert (parked.service, parked.parked_at, parked.until, parked.by) == ("traffic.fines", NOW, UNTIL, "rana")
    assert cases.of_person(PLANTED_NUMBER) == cases.all() == (parked,)
    assert cases.look(parked.reference) == kept
    assert cases.take(parked.reference, PLANTED_NUMBER) == kept
    assert cases.take(parked.reference, PLANTED_NUMBER) is None
    assert cases.look(parked.reference) is None
    assert cases.all() == ()


def test_another_person_gets_nothing_and_takes_nothing(ledger: SqlLedger) -> None:
    parked = ledger.parked.park(draft(), UNTIL)
    for number in (OTHER_NUMBER, "", PLANTED_NUMBER[:-1], "٩٩٩١١١٢٢٢٣"):
        assert ledger.parked.take(parked.reference, number) is None
    assert ledger.parked.of_person(OTHER_NUMBER) == ()
    assert ledger.parked.take(parked.reference, None) == draft(), "staff have seen the person"


def test_parking_again_replaces_the_same_service_only(ledger: SqlLedger, clock: SetClock) -> None:
    first = ledger.parked.park(draft(), UNTIL)
    clock.move(1)
    licence = ledger.parked.park(draft(service="traffic.licence"), UNTIL)
    clock.move(1)
    elsewhere = ledger.parked.park(draft(OTHER_NUMBER), UNTIL)
    clock.move(1)
    second = ledger.parked.park(draft(stopped_at="quote"), UNTIL)
    assert second.reference == first.reference, "a slip may say it already"
    assert ledger.parked.look(first.reference) == draft(stopped_at="quote")
    assert ledger.parked.of_person(PLANTED_NUMBER) == (second, licence)
    assert ledger.parked.all() == (second, elsewhere, licence)


def test_what_has_run_out_is_gone_at_once_and_deleted_at_the_next_start(
    open_ledger: OpenLedger, clock: SetClock
) -> None:
    ledger = open_ledger()
    short = ledger.parked.park(draft(), NOW + timedelta(hours=1))
    long = ledger.parked.park(draft(OTHER_NUMBER), UNTIL)
    clock.move(3600 - 0.001)
    assert ledger.parked.look(short.reference) is not None
    clock.move(0.001)
    assert ledger.parked.look(short.reference) is None
    assert ledger.parked.take(short.reference, PLANTED_NUMBER) is None
    assert ledger.parked.of_person(PLANTED_NUMBER) == ()
    assert ledger.parked.all() == (long,)
    assert count(ledger) == 2
    assert count(open_ledger()) == 1


def test_expiry_says_how_many(ledger: SqlLedger) -> None:
    for number in (PLANTED_NUMBER, OTHER_NUMBER):
        ledger.parked.park(draft(number), UNTIL)
    assert ledger.parked.expire(UNTIL - timedelta(milliseconds=1)) == 0
    assert ledger.parked.expire(UNTIL) == 2
    assert count(ledger) == 0


class HurriedDrain:
    """Every step is over at once."""

    line_is_up = False
    on_hold = False

    def step(self, *, hurry: bool, first: object) -> float:
        return 0.0


def test_the_sync_thread_deletes_what_runs_out_while_nobody_comes(
    ledger: SqlLedger, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.parked.park(draft(), UNTIL)
    clock.at = UNTIL
    forgotten = threading.Event()
    forget = ledger.forget_expired

    def observed() -> None:
        forget()
        forgotten.set()

    monkeypatch.setattr(ledger, "forget_expired", observed)
    monkeypatch.setattr("offline_queue.sync._FORGET_EVERY", 0.0)
    sync = Sync(ledger, HurriedDrain())  # type: ignore[arg-type]  # only what the thread uses of a drain
    sync.start()
    assert forgotten.wait(60)
    sync.close()
    assert count(ledger) == 0


def test_a_reference_is_never_given_twice(ledger: SqlLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["K7QM-2XWD", "K7QM-2XWD", "K7QM-2XWE"])
    monkeypatch.setattr(sql_parked, "draw_reference", lambda: next(drawn))
    first = ledger.parked.park(draft(), UNTIL)
    second = ledger.parked.park(draft(OTHER_NUMBER), UNTIL)
    assert (first.reference, second.reference) == ("K7QM-2XWD", "K7QM-2XWE")


def test_a_later_releases_draft_is_left_for_it(ledger: SqlLedger) -> None:
    later = msgspec.structs.replace(draft(), schema=DRAFT_SCHEMA + 1)
    parked = ledger.parked.park(later, UNTIL)
    assert ledger.parked.look(parked.reference) is None
    assert ledger.parked.take(parked.reference, PLANTED_NUMBER) is None
    assert ledger.parked.all() == (parked,)


def test_the_number_is_in_no_column(ledger: SqlLedger, ledger_file: Path, terminal_keys: TerminalKeys) -> None:
    ledger.parked.park(draft(), UNTIL)
    reader = open_reader(ledger_file, terminal_keys.database)
    ((*columns, body),) = reader.execute(
        "SELECT reference, person, service, parked_at_ms, until_ms, by_staff, draft FROM parked"
    ).fetchall()
    reader.close()
    assert PLANTED_NUMBER not in repr(columns)
    assert _holder(terminal_keys.holder, PLANTED_NUMBER).hex() not in columns[1], "a receipt leads to no request"
    assert body == encode_canonical(draft())


_TEXT = st.text(st.characters(codec="utf-8"), max_size=20)


@given(
    answers=st.dictionaries(_TEXT, _TEXT, max_size=5), quote=st.binary(max_size=50), name=_TEXT, picked=st.lists(_TEXT)
)
def test_any_draft_is_the_same_after_its_journey(
    answers: dict[str, str], quote: bytes, name: str, picked: list[str]
) -> None:
    kept = msgspec.structs.replace(
        draft(), answers=answers, signed_quote=quote, person_name_ar=name, picked=tuple(picked)
    )
    assert msgspec.json.decode(encode_canonical(kept), type=Draft) == kept


def _number(question: str, connection: Database) -> int:
    return int(connection.execute(question).fetchone()[0])
